"""The kinds of file that a bag can be serialized into, by the media types that profiles name.

RFC 8493 speaks of no media types; those of IANA and the older `x-` names stand for the same.
"""

from __future__ import annotations

from collections.abc import Sequence

# By the name that `--serialize` and the containers have for a form, in the order of our choice.
MEDIA_TYPES = {
    "tar": frozenset({"application/tar", "application/x-tar", "application/x-gtar"}),
    "tar.gz": frozenset(
        {
            "application/gzip",
            "application/x-gzip",
            "application/tar+gzip",
            "application/x-tar+gzip",
            "application/x-compressed-tar",
            "application/x-gtar-compressed",
            "application/x-tgz",
        }
    ),
    "zip": frozenset({"application/zip", "application/x-zip", "application/x-zip-compressed"}),
}


def accepts(accepted: Sequence[str], form: str) -> bool:
    """Whether a profile's media types cover a form; none at all restrict nothing."""
    return not accepted or any(each.strip().lower() in MEDIA_TYPES[form] for each in accepted)
