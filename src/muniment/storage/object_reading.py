"""Objects read and digested by many requests at a time, in memory that does not grow with them.

Small objects are one request each, many at a time; a big one is read in ranges, a few of them ahead
of the digests. Threads suffice: requests wait, and hashlib lets others run while it digests.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

from muniment.storage.containers import Fault, Hashed, UnreachableError
from muniment.storage.hashing import Hasher, HasherMaker, hasher_maker
from muniment.storage.object_faults import (
    NoRangesError,
    ObjectChangedError,
    ObjectDeniedError,
    ObjectGoneError,
)
from muniment.storage.object_store import Bucket, Stored

REQUESTS = 32
RANGE_BYTES = 8 << 20
_RANGES_AHEAD = 6
_TOGETHER = 4
_TASKS_AHEAD = 4 * REQUESTS
# What concerns one object alone; all else stops the reading.
ONE_OBJECT = (ObjectGoneError, ObjectDeniedError, ObjectChangedError)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectFile:
    """A file that is an object: its path in the container, and what the store says of it."""

    path: str
    stored: Stored


class _Row(NamedTuple):
    """What reading one object brought: digests and bytes read, or a fault."""

    digests: tuple[bytes, ...]
    size: int
    fault: Fault | None = None


class _Read(NamedTuple):
    """What a task read, up to the error that ended it, if any did."""

    rows: Sequence[_Row]
    error: UnreachableError | None = None


def hash_objects(
    bucket: Bucket, files: Iterable[ObjectFile], algorithms: Sequence[str]
) -> Iterator[Hashed]:
    """Read each object once and digest it by every algorithm; in the order given, in batches.

    Raises UnreachableError where the store as a whole fails, after all that was read before has
    been given: a store may never show a broken object again.
    """
    makers = tuple(hasher_maker(name) for name in algorithms)
    pool = ThreadPoolExecutor(REQUESTS, thread_name_prefix="objects")
    waiting: deque[tuple[Sequence[ObjectFile], Future[_Read] | None]] = deque()

    def first() -> Iterator[Hashed]:
        batch, future = waiting.popleft()
        read = _read_big(bucket, batch[0], makers, pool) if future is None else future.result()
        yield from _hashed(batch, read.rows, makers)
        if read.error is not None:
            raise read.error

    try:
        for batch in _batches(files):
            is_big = batch[0].stored.size > RANGE_BYTES
            future = None if is_big else pool.submit(_read_small, bucket, batch, makers)
            waiting.append((batch, future))
            if len(waiting) > _TASKS_AHEAD:
                yield from first()
        while waiting:
            yield from first()
    except UnreachableError:
        pool.shutdown(cancel_futures=True)
        for batch, future in waiting:
            if future is not None and not future.cancelled():
                yield from _hashed(batch, future.result().rows, makers)
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _batches(files: Iterable[ObjectFile]) -> Iterator[Sequence[ObjectFile]]:
    """Small objects by a few and not too many bytes, big ones alone."""
    batch: list[ObjectFile] = []
    load = 0
    for file in files:
        size = file.stored.size
        if batch and (load + size > RANGE_BYTES or len(batch) == _TOGETHER):
            yield batch
            batch, load = [], 0
        batch.append(file)
        load += size
    if batch:
        yield batch


def _read_small(
    bucket: Bucket, batch: Sequence[ObjectFile], makers: Sequence[HasherMaker]
) -> _Read:
    rows: list[_Row] = []
    for file in batch:
        try:
            rows.append(_read_one(bucket, file.stored.key, makers))
        except UnreachableError as error:
            return _Read(rows, error)
    return _Read(rows)


def _read_one(bucket: Bucket, key: str, makers: Sequence[HasherMaker]) -> _Row:
    try:
        data = bucket.read(key)
    except ONE_OBJECT as error:
        return _Row(_nothing(makers), 0, fault_of_object(error))
    return _Row(tuple([make(data).digest() for make in makers]), len(data))


def fault_of_object(error: Exception) -> Fault:
    """Why one object of a listing was not given. The store may hide one that it found broken."""
    if isinstance(error, ObjectDeniedError):
        return Fault("the store refuses to give it")
    if isinstance(error, ObjectChangedError):
        return Fault("it was replaced while it was read")
    return Fault("the store lists it, and does not give it")


def _nothing(makers: Sequence[HasherMaker]) -> tuple[bytes, ...]:
    return tuple(bytes(len(make().digest())) for make in makers)


def _read_big(
    bucket: Bucket, file: ObjectFile, makers: Sequence[HasherMaker], pool: ThreadPoolExecutor
) -> _Read:
    hashers: list[Hasher] = [make() for make in makers]
    total = 0
    with ThreadPoolExecutor(max(1, len(hashers)), thread_name_prefix="digests") as digesting:
        try:
            for data in ranges_of(bucket, file.stored, pool):
                list(digesting.map(lambda hasher, data=data: hasher.update(data), hashers))
                total += len(data)
        except ONE_OBJECT as error:
            return _Read([_Row(_nothing(makers), 0, fault_of_object(error))])
    return _Read([_Row(tuple(hasher.digest() for hasher in hashers), total)])


def ranges_of(
    bucket: Bucket, stored: Stored, pool: ThreadPoolExecutor
) -> Iterator[memoryview | bytes]:
    """The bytes of one object, range by range, a few read ahead. Raises UnreachableError.

    A store that gives no ranges gives one stream.
    """
    if stored.size <= RANGE_BYTES:
        yield bucket.read(stored.key)
        return

    def read(start: int) -> memoryview:
        end = min(start + RANGE_BYTES, stored.size)
        return bucket.read_range(stored.key, start, end, stored.stated.e_tag)

    try:
        first = read(0)
    except NoRangesError:
        yield from _one_ahead(bucket.stream(stored.key, RANGE_BYTES), pool)
        return
    yield first
    ahead: deque[Future[memoryview]] = deque()
    for start in range(RANGE_BYTES, stored.size, RANGE_BYTES):
        ahead.append(pool.submit(read, start))
        if len(ahead) > _RANGES_AHEAD:
            yield ahead.popleft().result()
    while ahead:
        yield ahead.popleft().result()


def _one_ahead(pieces: Iterator[bytes], pool: ThreadPoolExecutor) -> Iterator[bytes]:
    """Read the next piece while this one is used."""
    coming = pool.submit(next, pieces, b"")
    while piece := coming.result():
        coming = pool.submit(next, pieces, b"")
        yield piece


def _hashed(
    batch: Sequence[ObjectFile], rows: Sequence[_Row], makers: Sequence[HasherMaker]
) -> Iterator[Hashed]:
    """What was read of a batch, or nothing."""
    if not rows:
        return
    runs = tuple(b"".join(row.digests[number] for row in rows) for number in range(len(makers)))
    faults = {place: row.fault for place, row in enumerate(rows) if row.fault is not None}
    paths = [file.path for file in batch[: len(rows)]]
    yield Hashed(paths, runs, [row.size for row in rows], faults)
