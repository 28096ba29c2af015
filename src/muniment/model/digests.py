"""Digest algorithms by their BagIt names (RFC 8493 section 2.4), and digests as values."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class Algorithm(StrEnum):
    """The algorithms we write, by the name a manifest carries."""

    MD5 = "md5"
    SHA1 = "sha1"
    SHA256 = "sha256"
    SHA384 = "sha384"
    SHA512 = "sha512"


DEFAULT_ALGORITHMS = (Algorithm.SHA256, Algorithm.SHA512)

# Manifest names carry lower-case letters and digits only; hashlib's own names differ for some.
_HASHLIB_NAMES = {
    "".join(character for character in name.lower() if character.isalnum()): name
    for name in hashlib.algorithms_guaranteed
    if not name.startswith("shake")
}


def hashlib_name(manifest_name: str) -> str | None:
    """The name hashlib has for the algorithm a manifest names, or None where it lacks it.

    `sha3256` is `sha3_256`. SHAKE is left out: its digest has no length of its own.
    """
    return _HASHLIB_NAMES.get(manifest_name)


def digest_bytes(manifest_name: str) -> int | None:
    """How many bytes a digest of this algorithm has, or None where we do not know it."""
    name = hashlib_name(manifest_name)
    return None if name is None else hashlib.new(name, usedforsecurity=False).digest_size


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A checksum and the algorithm that made it; `value` holds the raw bytes."""

    algorithm: str
    value: bytes

    @property
    def hex(self) -> str:
        """The lower-case form that manifests carry."""
        return self.value.hex()
