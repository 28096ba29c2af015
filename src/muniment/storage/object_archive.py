"""A zip in one object: its directory and its members are ranges, and no copy is made of it."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import BinaryIO, cast

from muniment.storage.addresses import Address
from muniment.storage.executors import Executor
from muniment.storage.object_store import Bucket, Stored
from muniment.storage.object_stream import SeekableObject, Window
from muniment.storage.ranges import HashedRanges, RangeBatch, ReadAt, hash_places

_BATCHES_AT_A_TIME = 8
_BUFFER_BYTES = 1 << 16


class ArchiveObject:
    """The bytes of an archive that is an object; batches go to threads, each with a window."""

    def __init__(self, bucket: Bucket, stored: Stored, address: Address) -> None:
        """Nothing is read yet."""
        self._bucket = bucket
        self._stored = stored
        self._address = address

    def __str__(self) -> str:
        """The address."""
        return str(self._address)

    def opened(self) -> BinaryIO:
        """The object as a file to seek in. Reading raises UnreachableError."""
        seekable = SeekableObject(self._bucket, self._stored)
        return cast("BinaryIO", io.BufferedReader(seekable, _BUFFER_BYTES))

    @contextmanager
    def reading(self) -> Iterator[ReadAt]:
        """Reads of single places, through a window."""
        yield self._window().read_at

    def hashed(
        self,
        batches: Iterable[RangeBatch],
        executor: Executor,  # noqa: ARG002 - it waits for the network, not for a processor
    ) -> Iterator[HashedRanges]:
        """Several batches at a time, in their order. Raises UnreachableError."""
        waiting: deque[Future[HashedRanges]] = deque()
        pool = ThreadPoolExecutor(_BATCHES_AT_A_TIME, thread_name_prefix="archive")
        try:
            for batch in batches:
                waiting.append(pool.submit(hash_places, self._window().read_at, batch))
                if len(waiting) > _BATCHES_AT_A_TIME:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)

    def _window(self) -> Window:
        return Window(self._bucket, self._stored)
