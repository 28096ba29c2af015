"""Where a copy of a bag can be laid down: written once, never over something, and read again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

from muniment.model.errors import EnvironmentFault
from muniment.storage.containers import Stated
from muniment.storage.hashing import CHUNK_BYTES, new_hasher
from muniment.storage.recording import ALGORITHM, Noted

# A file that is still being written, beside its place. What an interrupted run left is replaced.
PART = ".muniment-part-"


class AlreadyThereError(Exception):
    """Something lies at the path already; it was left as it is."""


class ReadBack(NamedTuple):
    """What reading a laid-down file gave: its digest and size, or why it could not be read."""

    path: str
    noted: Noted | None
    fault: str | None = None


class Depot(Protocol):
    """A place for the files of one copy. Paths are relative, with `/`.

    All raise UnreachableError where the place as a whole fails.
    """

    requests: int
    """How many files are worth writing at a time."""

    def listing(self) -> dict[str, int]:
        """What lies there, with sizes in bytes; nothing where there is no such place yet."""

    def find(self, path: str) -> int | None:
        """The size in bytes of one file, or None where there is none."""

    def put(self, path: str, source: Path, expected: Noted) -> Stated | None:
        """Lay down one file that is not there yet; returns what the service says of it.

        Raises AlreadyThereError, EnvironmentFault where the source is not what was expected.
        """

    def read_back(self, files: Iterable[tuple[str, int]]) -> Iterator[ReadBack]:
        """Read files, given with their sizes, and digest them; in any order."""

    def close(self) -> None:
        """End every connection."""


def checked_chunks(source: Path, expected: Noted, chunk: int = CHUNK_BYTES) -> Iterator[bytes]:
    """A file's bytes, held against what was verified of it before the last piece is given.

    Raises EnvironmentFault where it is not the same any more.
    """
    try:
        yield from _checked(source, expected, chunk)
    except OSError as error:
        raise EnvironmentFault(f"{source}: {error.strerror or error}") from error


def _checked(source: Path, expected: Noted, chunk: int) -> Iterator[bytes]:
    hasher = new_hasher(ALGORITHM)
    size, data = 0, b""
    with source.open("rb") as stream:
        while coming := stream.read(chunk):
            if data:
                yield data
            data = coming
            hasher.update(data)
            size += len(data)
    if (size, hasher.digest()) != expected:
        raise EnvironmentFault(
            f"{source} changed while it was deposited; what was verified is not what lies there now"
        )
    if data:
        yield data


def read_as_noted(path: str, chunks: Iterable[bytes | memoryview]) -> ReadBack:
    """Digest what passes by."""
    hasher, size = new_hasher(ALGORITHM), 0
    for data in chunks:
        hasher.update(data)
        size += len(data)
    return ReadBack(path, Noted(size, hasher.digest()))


def chunks_of(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """What a stream gives until its end."""
    while data := read(CHUNK_BYTES):
        yield data
