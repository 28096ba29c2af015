"""One object as a stream of bytes, and as a file that can be read at any place."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO, cast

from muniment.storage.hashing import Hasher, new_hasher
from muniment.storage.object_reading import RANGE_BYTES, ranges_of
from muniment.storage.object_store import Bucket, Stored

_RANGE_THREADS = 8
_WINDOW_BYTES = 4 << 20
_BUFFER_BYTES = 1 << 20

Watch = Callable[[memoryview | bytes | None], None]


class _Stream(io.RawIOBase):
    """The bytes in their order, read ahead. `watch` is told of each piece, of None at the end."""

    def __init__(self, bucket: Bucket, stored: Stored, watch: Watch | None) -> None:
        threads = 1 if stored.size <= RANGE_BYTES else _RANGE_THREADS
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="object")
        self._pieces = ranges_of(bucket, stored, self._pool)
        self._watch = watch
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        target = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        if not self._rest:
            piece = next(self._pieces, None)
            if self._watch is not None:
                self._watch(piece)
            if piece is None:
                self._watch = None
                return 0
            self._rest = memoryview(piece)
        count = min(len(target), len(self._rest))
        target[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def close(self) -> None:
        if not self.closed:
            self._pool.shutdown(cancel_futures=True)
        super().close()


def stream_of(bucket: Bucket, stored: Stored) -> BinaryIO:
    """An object from its beginning to its end. Reading raises UnreachableError."""
    return _buffered(_Stream(bucket, stored, None))


def observed_stream_of(
    bucket: Bucket,
    stored: Stored,
    algorithms: Sequence[str],
    keep: Callable[[dict[str, bytes], int], None],
) -> BinaryIO:
    """The same, digested while it passes by; at its end, digests and bytes are given to `keep`."""
    hashers: dict[str, Hasher] = {name: new_hasher(name) for name in algorithms}
    total = 0

    def watch(piece: memoryview | bytes | None) -> None:
        nonlocal total
        if piece is None:
            keep({name: hasher.digest() for name, hasher in hashers.items()}, total)
            return
        total += len(piece)
        for hasher in hashers.values():
            hasher.update(piece)

    return _buffered(_Stream(bucket, stored, watch))


def _buffered(raw: io.RawIOBase) -> BinaryIO:
    return cast("BinaryIO", io.BufferedReader(raw, _BUFFER_BYTES))


class Window:
    """An object read at any place, a window at a time, so that near reads are one request."""

    def __init__(self, bucket: Bucket, stored: Stored) -> None:
        """Nothing is read yet."""
        self._bucket = bucket
        self._stored = stored
        self._start = 0
        self._held = memoryview(b"")

    def read_at(self, size: int, offset: int) -> bytes:
        """So many bytes from a place on, fewer at the end. Raises UnreachableError."""
        end = min(offset + size, self._stored.size)
        if end <= offset:
            return b""
        if not self._start <= offset < end <= self._start + len(self._held):
            self._read(offset, max(end, offset + _WINDOW_BYTES))
        begin = offset - self._start
        return bytes(self._held[begin : begin + end - offset])

    def _read(self, start: int, stop: int) -> None:
        key, size, stated = self._stored
        if size <= _WINDOW_BYTES:
            self._start, self._held = 0, self._bucket.read(key)
        else:
            self._start = start
            self._held = self._bucket.read_range(key, start, min(stop, size), stated.e_tag)


class SeekableObject(io.RawIOBase):
    """An object as a file that can be sought in."""

    def __init__(self, bucket: Bucket, stored: Stored) -> None:
        """Nothing is read yet."""
        self._window = Window(bucket, stored)
        self._size = stored.size
        self._position = 0

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def seekable(self) -> bool:
        """At any place."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place, counted in bytes."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("a place before the beginning")
        self._position = base + offset
        return self._position

    def readinto(self, buffer: object) -> int:
        """Fill a buffer from here on."""
        target = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        data = self._window.read_at(len(target), self._position)
        target[: len(data)] = data
        self._position += len(data)
        return len(data)
