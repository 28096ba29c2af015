"""One read, many digests: of files named in batches, and of bytes that pass by.

`hash_batch` is what a worker process runs: names and sizes in, digests out, hundreds at a time, so
that a hundred thousand files cost little to hand over.
"""

from __future__ import annotations

import functools
import hashlib
import operator
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from muniment.model.digests import hashlib_name
from muniment.storage.batches import in_batches
from muniment.storage.opening import Opener

CHUNK_BYTES = 1 << 20
_SIZE = operator.itemgetter(1)


class Hasher(Protocol):
    """What we use of hashlib's objects."""

    def update(self, data: bytes | memoryview, /) -> None:
        """Take in more bytes."""

    def digest(self) -> bytes:
        """The raw digest of all bytes so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HashBatch:
    """Files below one folder to be read once each. Sizes are in bytes, as the walk saw them."""

    base: str
    paths: tuple[str, ...]
    sizes: tuple[int, ...]
    algorithms: tuple[str, ...]
    follow_links: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HashedBatch:
    """The digests of a batch: per algorithm one run of raw digests, in the batch's order.

    `sizes` are the bytes really read. A file that could not be read has zeros for digests, and a
    reason in `faults` under its place in the batch.
    """

    runs: tuple[bytes, ...]
    sizes: tuple[int, ...]
    faults: dict[int, str] = field(default_factory=dict)


HasherMaker = Callable[..., Hasher]


@functools.cache
def hasher_maker(algorithm: str) -> HasherMaker:
    """What makes hashlib objects for a manifest's algorithm name; it may be given first bytes.

    Raises ValueError where hashlib lacks it; callers ask `hashlib_name` first.
    """
    name = hashlib_name(algorithm)
    if name is None:
        raise ValueError(f"hashlib has no algorithm {algorithm!r}")
    if name in {"md5", "sha1"}:  # else refused where only secure use is allowed
        return functools.partial(hashlib.new, name, usedforsecurity=False)
    maker: HasherMaker = getattr(hashlib, name, None) or functools.partial(hashlib.new, name)
    return maker


def new_hasher(algorithm: str) -> Hasher:
    """A fresh hashlib object for a manifest's algorithm name. Raises ValueError."""
    return hasher_maker(algorithm)()


def digest_of(data: bytes, algorithm: str) -> bytes:
    """The raw digest of bytes in memory."""
    hasher = new_hasher(algorithm)
    hasher.update(data)
    return hasher.digest()


def batched(
    base: str,
    files: Iterable[tuple[str, int]],
    algorithms: Sequence[str],
    *,
    follow_links: bool = False,
) -> Iterator[HashBatch]:
    """Cut a listing of (path, size in bytes) into batches that keep a worker busy for a while."""
    for batch in in_batches(files, _SIZE):
        paths, sizes = zip(*batch, strict=True)
        yield HashBatch(
            base=base,
            paths=paths,
            sizes=sizes,
            algorithms=tuple(algorithms),
            follow_links=follow_links,
        )


def hash_batch(batch: HashBatch) -> HashedBatch:
    """Read every file of a batch once and digest it by every algorithm."""
    makers = tuple(hasher_maker(name) for name in batch.algorithms)
    nothing = tuple(bytes(len(make().digest())) for make in makers)
    rows: list[tuple[bytes, ...]] = []
    sizes: list[int] = []
    faults: dict[int, str] = {}
    opener = Opener(follow_links=batch.follow_links)
    prefix = batch.base + os.sep
    for path, size in zip(batch.paths, batch.sizes, strict=True):
        try:
            digests, read = hash_file(prefix + path, size, makers, opener)
        except OSError as error:
            faults[len(rows)] = error.strerror or str(error)
            digests, read = nothing, 0
        rows.append(digests)
        sizes.append(read)
    runs = tuple(b"".join(column) for column in zip(*rows, strict=True))
    return HashedBatch(runs=runs, sizes=tuple(sizes), faults=faults)


def hash_file(
    path: str, size: int, makers: Sequence[HasherMaker], opener: Opener
) -> tuple[tuple[bytes, ...], int]:
    """Digest one file by each algorithm; returns the raw digests and the bytes read.

    `size` is the expected size in bytes: a small file is then one read. Raises OSError.
    """
    descriptor = opener(path)
    try:
        if size < CHUNK_BYTES:
            # One byte more than expected: if it does not come, the file ends here. A shorter answer
            # may be the file system's own choice, and is read again.
            data = os.read(descriptor, size + 1)
            if len(data) == size:
                return tuple([make(data).digest() for make in makers]), len(data)
            os.lseek(descriptor, 0, os.SEEK_SET)
        return _hash_descriptor(descriptor, makers)
    finally:
        os.close(descriptor)


def _hash_descriptor(
    descriptor: int, makers: Sequence[HasherMaker]
) -> tuple[tuple[bytes, ...], int]:
    hashers = [make() for make in makers]
    buffer = bytearray(CHUNK_BYTES)
    view = memoryview(buffer)
    total = 0
    with os.fdopen(descriptor, "rb", buffering=0, closefd=False) as stream:
        while count := stream.readinto(buffer):
            for hasher in hashers:
                hasher.update(view[:count])
            total += count
    return tuple(hasher.digest() for hasher in hashers), total
