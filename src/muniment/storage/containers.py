"""Where the bytes of a bag lie: what every home of a bag can tell and give.

Files come folder by folder. A container never follows a path out of itself.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import BinaryIO, NamedTuple, Protocol

from muniment.model.errors import EnvironmentFault
from muniment.storage.executors import Executor


class EntryKind(Enum):
    """What lies at a path."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "symbolic link"
    SPECIAL = "special file"
    UNREADABLE = "unreadable folder"


class Entry(NamedTuple):
    """One thing in a container. `path` is relative, with `/`; `size` in bytes, 0 but for files.

    `note` says where a link leads, or why a folder could not be read.
    """

    path: str
    kind: EntryKind
    size: int
    note: str | None = None


class UnreachableError(EnvironmentFault):
    """The container as a whole cannot be reached or read. Nothing is said of its bytes."""


class DeniedError(UnreachableError):
    """Whoever asks has not shown who they are, or may not do what they ask for."""


class GoneError(UnreachableError):
    """There is nothing at the place: no such folder, bucket or object."""


class OverloadedError(UnreachableError):
    """The store answers, again and again, that it cannot serve now."""


class SilentError(UnreachableError):
    """Nothing answers, or an answer stalls and does not go on."""


class ClockError(UnreachableError):
    """The store refuses because its clock and the one here differ."""


def as_unreachable(where: object, error: OSError) -> UnreachableError:
    """What the file system refused, by its kind."""
    kind = {
        errno.ENOENT: GoneError,
        errno.ENOTDIR: GoneError,
        errno.EACCES: DeniedError,
        errno.EPERM: DeniedError,
    }.get(error.errno or 0, UnreachableError)
    return kind(f"{where}: {error.strerror or error}")


class Stated(NamedTuple):
    """What a provider says of an object, kept as its word and never taken for our own reading.

    `e_tag` may be a digest of the bytes or may not; only the provider knows.
    """

    e_tag: str | None
    version: str | None


class Listing(NamedTuple):
    """One folder of a container: its files as (path, size in bytes), and all else in it."""

    files: list[tuple[str, int]]
    others: list[Entry]


class ProblemKind(Enum):
    """What can be wrong with an archive as an archive."""

    UNSAFE_PATH = "unsafe path"
    DUPLICATE = "duplicate member"
    OUTSIDE_TOP_FOLDER = "outside the top folder"
    NO_TOP_FOLDER = "no top folder"
    NAME_DIFFERS = "name differs"
    DAMAGED = "damaged"


class Problem(NamedTuple):
    """Something wrong with a container itself, at a member of it or in all."""

    kind: ProblemKind
    path: str | None
    detail: str


class Fault(NamedTuple):
    """Why a file could not be read. `damaged`: its bytes are there, and broken."""

    reason: str
    damaged: bool = False


class Hashed(NamedTuple):
    """Files that were read: their paths, and per algorithm one run of raw digests in their order.

    `sizes` are the bytes really read. A file that could not be read has zeros for digests and a
    reason in `faults`, under its place.
    """

    paths: Sequence[str]
    runs: tuple[bytes, ...]
    sizes: Sequence[int]
    faults: Mapping[int, Fault]

    def digest(self, place: int, algorithm: int) -> bytes:
        """One file's raw digest by one of the algorithms, both by their places."""
        run = self.runs[algorithm]
        size = len(run) // len(self.paths)
        return run[place * size : (place + 1) * size]


class Container(Protocol):
    """A home of files: a folder, an archive, a prefix in an object store."""

    @property
    def name(self) -> str:
        """What the bag in it is called: the folder's own name."""

    @property
    def problems(self) -> Sequence[Problem]:
        """What is wrong with the container itself; a folder has nothing such."""

    def top(self) -> dict[str, Entry]:
        """What lies directly in the container, by name. Raises UnreachableError."""

    def listings(self) -> Iterator[Listing]:
        """Everything below the top, folder by folder, each folder once."""

    def open(self, path: str) -> BinaryIO:
        """Read one file, a link followed only where it stays inside. Raises OSError."""

    def digests(
        self,
        files: Iterable[tuple[str, int]],
        algorithms: Sequence[str],
        executor: Executor,
        *,
        follow_links: bool = False,
    ) -> Iterator[Hashed]:
        """Read each file, given with its size in bytes, once; in the order given, in batches."""

    def resolves_inside(self, path: str) -> bool:
        """Whether a link leads to a regular file that lies in the container."""
