"""A folder on a disk, walked once, read without following a link out of it."""

from __future__ import annotations

import errno
import operator
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple, TypeVar

from muniment.storage.containers import (
    Entry,
    EntryKind,
    Fault,
    Hashed,
    Listing,
    Problem,
    UnreachableError,
    as_unreachable,
)
from muniment.storage.executors import Executor
from muniment.storage.hashing import batched, hash_batch

_READ = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NOT_THROUGH_A_LINK = getattr(os, "O_NOFOLLOW", 0)
_SAYS_PATH = operator.itemgetter(0)
_WITHOUT_BLOCKING = getattr(os, "O_NONBLOCK", 0)

Kept = TypeVar("Kept")


class Folder:
    """The container that is a folder."""

    def __init__(self, path: Path) -> None:
        """Look at the folder. Raises UnreachableError where there is none."""
        self.path = path
        self.base = os.path.realpath(path)
        try:
            if not stat.S_ISDIR(os.stat(self.base).st_mode):
                raise UnreachableError(f"{path} is not a folder")
        except OSError as error:
            raise as_unreachable(path, error) from error

    @property
    def name(self) -> str:
        """The folder's own name."""
        return os.path.basename(self.base)

    def listings(self) -> Iterator[Listing]:
        """Walk the tree once; a folder that cannot be read is an entry that says so."""
        return walk(self.base)

    @property
    def problems(self) -> Sequence[Problem]:
        """A folder is what it is."""
        return ()

    def top(self) -> dict[str, Entry]:
        """What lies directly in the folder, by name. Raises UnreachableError."""
        try:
            with _scanned(self.base) as found:
                return {item.name: _entry(self.base, "", item) for item in found}
        except OSError as error:
            raise as_unreachable(self.path, error) from error

    def digests(
        self,
        files: Iterable[tuple[str, int]],
        algorithms: Sequence[str],
        executor: Executor,
        *,
        follow_links: bool = False,
    ) -> Iterator[Hashed]:
        """Read each file once, in batches that the executor shares out."""
        batches = batched(self.base, files, algorithms, follow_links=follow_links)
        for batch, hashed in executor.map(hash_batch, batches):
            faults = {place: Fault(reason) for place, reason in hashed.faults.items()}
            yield Hashed(batch.paths, hashed.runs, hashed.sizes, faults)

    def resolves_inside(self, path: str) -> bool:
        """Whether a link leads to a regular file that lies in the folder."""
        full = os.path.join(self.base, path)
        return self.holds(full) and os.path.isfile(full)

    def open(self, path: str) -> BinaryIO:
        """Read one regular file; a link is followed only where it stays inside the folder."""
        descriptor = self._opened(path)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise OSError(f"{path} is not a regular file")
        return os.fdopen(descriptor, "rb")

    def _opened(self, path: str) -> int:
        full = os.path.join(self.base, path)
        if _NOT_THROUGH_A_LINK and "/" not in path:  # only by a link could it lead out
            try:
                return os.open(full, _READ | _WITHOUT_BLOCKING | _NOT_THROUGH_A_LINK)
            except OSError as error:
                if error.errno != errno.ELOOP:
                    raise
        if not self.holds(full):
            raise PermissionError(f"{path} leads out of the bag")
        return os.open(full, _READ | _WITHOUT_BLOCKING)

    def holds(self, full: str) -> bool:
        """Whether a path, its links followed, still lies inside the folder."""
        return os.path.realpath(full).startswith(self.base.rstrip(os.sep) + os.sep)


class Statuses(NamedTuple):
    """One folder of a disk: its files as (path, what the disk says of it), and all else in it."""

    files: list[tuple[str, os.stat_result]]
    others: list[Entry]


def walk(base: str) -> Iterator[Listing]:
    """Every folder below a folder and itself, files in code-point order, depth first."""
    for files, others in _walked(base, operator.attrgetter("st_size")):
        yield Listing(files, others)


def walk_statuses(base: str) -> Iterator[Statuses]:
    """`walk`, with all that the disk says of each file."""
    for files, others in _walked(base, lambda status: status):
        yield Statuses(files, others)


def _walked(
    base: str, keep: Callable[[os.stat_result], Kept]
) -> Iterator[tuple[list[tuple[str, Kept]], list[Entry]]]:
    """Folder by folder, what is kept of each file's status, and all else."""
    pending = [""]
    while pending:
        prefix = pending.pop()
        files: list[tuple[str, Kept]] = []
        others: list[Entry] = []
        try:
            _list(base, prefix, keep, files, others)
        except OSError as error:
            unreadable = Entry(prefix.rstrip("/"), EntryKind.UNREADABLE, 0, error.strerror)
            others.append(unreadable)
        files.sort(key=_SAYS_PATH)
        others.sort(key=_SAYS_PATH)
        yield files, others
        folders = [entry for entry in others if entry.kind is EntryKind.FOLDER]
        pending.extend(f"{entry.path}/" for entry in reversed(folders))


def _list(
    base: str,
    prefix: str,
    keep: Callable[[os.stat_result], Kept],
    files: list[tuple[str, Kept]],
    others: list[Entry],
) -> None:
    """Sort one folder's content into files and all else. Called once a folder: kept flat."""
    with _scanned(os.path.join(base, prefix)) as found:
        for item in found:
            if item.is_file(follow_symlinks=False):
                try:
                    files.append((prefix + item.name, keep(item.stat(follow_symlinks=False))))
                except FileNotFoundError:  # gone since it was listed
                    continue
            else:
                others.append(_entry(base, prefix, item))


@contextmanager
def _scanned(folder: str) -> Iterator[Iterator[os.DirEntry[str]]]:
    """What lies in a folder. Through its descriptor, no file's whole path is walked again."""
    if os.scandir not in os.supports_fd:
        with os.scandir(folder) as found:
            yield found
        return
    descriptor = os.open(folder, _READ)
    try:
        with os.scandir(descriptor) as found:
            yield found
    finally:
        os.close(descriptor)


def _entry(base: str, prefix: str, item: os.DirEntry[str]) -> Entry:
    path = prefix + item.name
    try:
        status = item.stat(follow_symlinks=False)
    except OSError as error:
        return Entry(path, EntryKind.UNREADABLE, 0, error.strerror)
    mode = status.st_mode
    if stat.S_ISREG(mode):
        return Entry(path, EntryKind.FILE, status.st_size)
    if stat.S_ISDIR(mode):
        return Entry(path, EntryKind.FOLDER, 0)
    if stat.S_ISLNK(mode):
        return Entry(path, EntryKind.LINK, 0, _target(os.path.join(base, path)))
    return Entry(path, EntryKind.SPECIAL, 0, _special(mode))


def _target(path: str) -> str | None:
    try:
        return os.readlink(path)
    except OSError:
        return None


def _special(mode: int) -> str:
    kinds = {
        stat.S_IFIFO: "a named pipe",
        stat.S_IFSOCK: "a socket",
        stat.S_IFBLK: "a block device",
        stat.S_IFCHR: "a character device",
    }
    return kinds.get(stat.S_IFMT(mode), "neither a file nor a folder")
