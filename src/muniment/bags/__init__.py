"""Is the package right? BagIt, RFC 8493."""
