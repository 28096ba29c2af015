"""Validate, package, verify and audit what an archive keeps."""

__version__ = "0.1.0"
