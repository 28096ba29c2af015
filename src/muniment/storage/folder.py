"""A folder on a disk, walked once, read without following a link out of it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from muniment.storage.containers import (
    Entry,
    EntryKind,
    Fault,
    Hashed,
    Listing,
    Problem,
    UnreachableError,
)
from muniment.storage.executors import Executor
from muniment.storage.hashing import batched, hash_batch

_READ = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_WITHOUT_BLOCKING = getattr(os, "O_NONBLOCK", 0)


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
            raise UnreachableError(f"{path}: {error.strerror}") from error

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
            with os.scandir(self.base) as listing:
                return {item.name: _entry("", item) for item in listing}
        except OSError as error:
            raise UnreachableError(f"{self.path}: {error.strerror}") from error

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
        full = os.path.join(self.base, path)
        if not self.holds(full):
            raise PermissionError(f"{path} leads out of the bag")
        descriptor = os.open(full, _READ | _WITHOUT_BLOCKING)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise OSError(f"{path} is not a regular file")
        return os.fdopen(descriptor, "rb")

    def holds(self, full: str) -> bool:
        """Whether a path, its links followed, still lies inside the folder."""
        return os.path.realpath(full).startswith(self.base.rstrip(os.sep) + os.sep)


class Statuses(NamedTuple):
    """One folder of a disk: its files as (path, what the disk says of it), and all else in it."""

    files: list[tuple[str, os.stat_result]]
    others: list[Entry]


def walk(base: str) -> Iterator[Listing]:
    """Every folder below a folder and itself, files in code-point order, depth first."""
    for files, others in walk_statuses(base):
        yield Listing([(path, status.st_size) for path, status in files], others)


def walk_statuses(base: str) -> Iterator[Statuses]:
    """`walk`, with all that the disk says of each file; the tree is walked once."""
    pending = [""]
    while pending:
        prefix = pending.pop()
        listing = Statuses([], [])
        try:
            _list(os.path.join(base, prefix), prefix, listing)
        except OSError as error:
            unreadable = Entry(prefix.rstrip("/"), EntryKind.UNREADABLE, 0, error.strerror)
            listing.others.append(unreadable)
        listing.files.sort()
        listing.others.sort(key=_path)
        yield listing
        folders = [entry for entry in listing.others if entry.kind is EntryKind.FOLDER]
        pending.extend(f"{entry.path}/" for entry in reversed(folders))


def _list(folder: str, prefix: str, listing: Statuses) -> None:
    """Sort one folder's content into files and all else. Called once a folder: kept flat."""
    files, others = listing
    with os.scandir(folder) as found:
        for item in found:
            if item.is_file(follow_symlinks=False):
                try:
                    files.append((prefix + item.name, item.stat(follow_symlinks=False)))
                except FileNotFoundError:  # gone since it was listed
                    continue
            else:
                others.append(_entry(prefix, item))


def _path(entry: Entry) -> str:
    return entry.path


def _entry(prefix: str, item: os.DirEntry[str]) -> Entry:
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
        return Entry(path, EntryKind.LINK, 0, _target(item.path))
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
