"""Copy files and digest them on the way: one read of each source, many digests.

`copy_batch` is what a worker process runs. A file that is not what the plan saw (other size or
time, or changed while it was read) is a fault of its own, told and never papered over.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from muniment.storage.hashing import CHUNK_BYTES, HasherMaker, hasher_maker
from muniment.storage.opening import Opener

_WITHOUT_BLOCKING = getattr(os, "O_NONBLOCK", 0)
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_WRITE |= getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_BY_DESCRIPTOR = os.utime in os.supports_fd
CHANGED = "it changed while it was packaged"


class CopyJob(NamedTuple):
    """One file to copy: where it lies, its path below the target, and what it was when planned.

    `size` is in bytes, `modified` in nanoseconds since 1970.
    """

    source: str
    path: str
    size: int
    modified: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyBatch:
    """Files to copy in one go, to a folder in which their folders exist.

    Without a target they are digested where they lie.
    """

    jobs: tuple[CopyJob, ...]
    target: str | None
    algorithms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedBatch:
    """The raw digests of each file in the batch's order; a faulty file has none, and a reason."""

    digests: tuple[tuple[bytes, ...], ...]
    faults: dict[int, str] = field(default_factory=dict)


class SourceFaultError(Exception):
    """A source file is not what it was, or cannot be read; the text says which."""


def copy_batch(batch: CopyBatch) -> CopiedBatch:
    """Copy and digest every file of a batch. Raises OSError where the target refuses."""
    rows: list[tuple[bytes, ...]] = []
    faults: dict[int, str] = {}
    makers = tuple(hasher_maker(name) for name in batch.algorithms)
    opener = Opener(_WITHOUT_BLOCKING)
    for position, job in enumerate(batch.jobs):
        target = None if batch.target is None else batch.target + os.sep + job.path
        try:
            rows.append(_copy_file(job, target, makers, opener))
        except SourceFaultError as fault:
            rows.append(())
            faults[position] = str(fault)
    return CopiedBatch(digests=tuple(rows), faults=faults)


def _copy_file(
    job: CopyJob, target: str | None, makers: Sequence[HasherMaker], opener: Opener
) -> tuple[bytes, ...]:
    """Copy one file byte for byte, keep its time, and return its raw digests.

    Raises SourceFaultError for the source, OSError for the target.
    """
    source = _open_source(job, opener)
    try:
        digests = _copied(source, target, job, makers)
        if not unchanged(source, job.size, job.modified):
            raise SourceFaultError(CHANGED)
    finally:
        os.close(source)
    return digests


def unchanged(descriptor: int, size: int, modified: int) -> bool:
    """Whether an open file has still this size in bytes and this time in nanoseconds.

    The null device stands for a file of no bytes, of whatever time.
    """
    status = os.fstat(descriptor)
    if stat.S_ISREG(status.st_mode):
        return (status.st_size, status.st_mtime_ns) == (size, modified)
    return size == 0 and os.path.samestat(status, os.stat(os.devnull))  # what has no bytes to copy


def _copied(
    source: int, path: str | None, job: CopyJob, makers: Sequence[HasherMaker]
) -> tuple[bytes, ...]:
    if path is None:
        return _copy(source, None, job, makers)
    target = os.open(path, _WRITE, 0o666)
    try:
        digests = _copy(source, target, job, makers)
        os.utime(target if _BY_DESCRIPTOR else path, ns=(job.modified, job.modified))
        return digests
    finally:
        os.close(target)


def _open_source(job: CopyJob, opener: Opener) -> int:
    try:
        descriptor = opener(job.source)
    except OSError as error:
        raise SourceFaultError(error.strerror or str(error)) from error
    if not unchanged(descriptor, job.size, job.modified):
        os.close(descriptor)
        raise SourceFaultError(CHANGED)
    return descriptor


def _copy(
    source: int, target: int | None, job: CopyJob, makers: Sequence[HasherMaker]
) -> tuple[bytes, ...]:
    if job.size < CHUNK_BYTES:
        data = _read(source, job.size + 1)
        if len(data) != job.size:
            raise SourceFaultError(CHANGED)
        _write_all(target, data)
        return tuple([make(data).digest() for make in makers])
    hashers = [make() for make in makers]
    total = 0
    while data := _read(source, CHUNK_BYTES):
        for hasher in hashers:
            hasher.update(data)
        _write_all(target, data)
        total += len(data)
    if total != job.size:
        raise SourceFaultError(CHANGED)
    return tuple(hasher.digest() for hasher in hashers)


def _read(source: int, size: int) -> bytes:
    try:
        return os.read(source, size)
    except OSError as error:
        raise SourceFaultError(error.strerror or str(error)) from error


def _write_all(target: int | None, data: bytes) -> None:
    if target is None:
        return
    view = memoryview(data)
    while view:
        view = view[os.write(target, view) :]
