"""Binds a read to a checkpoint: nobody could know the result before that was signed.

SHA-256(root || bytes) of each file; the SHA-256 over the lines `digest path` of all files, in the
order of their paths. Whoever holds the same bytes can make it anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from muniment.audit.canonical import coded_name
from muniment.bags.homes import open_bag
from muniment.storage.addresses import Home
from muniment.storage.containers import Container
from muniment.storage.hashing import CHUNK_BYTES


def nonce_over(home: Home, root: bytes) -> bytes:
    """The nonced digest of all files at a path or address. Raises UnreachableError, OSError."""
    container = open_bag(home)
    lines = [
        f"{_nonced(container, path, root)} {coded_name(path)}\n"
        for path in sorted(_files(container))
    ]
    return hashlib.sha256("".join(lines).encode()).digest()


def _files(container: Container) -> Iterator[str]:
    for listing in container.listings():
        yield from (path for path, _ in listing.files)


def _nonced(container: Container, path: str, root: bytes) -> str:
    hasher = hashlib.sha256(root)
    with container.open(path) as stream:
        while piece := stream.read(CHUNK_BYTES):
            hasher.update(piece)
    return hasher.hexdigest()
