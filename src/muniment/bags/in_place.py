"""A folder becomes a bag where it lies: its content is moved into `data/` by renames.

The bag is put together in a working folder within it, `.muniment-in-place-...`, checked there, and
then takes the place of what was moved. Every rename is done or not done, so that what lies where
says how far it has come; the journal says what is to be moved and which way. However a run ends, it
can be resumed, or undone: then names, bytes and times are again as they were. The working folder's
name carries the folder's own time, which making it changes.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from muniment.bags.in_place_journal import Journal, Made, Moves, Phase, read_journal
from muniment.bags.manifests import PAYLOAD_PREFIX
from muniment.bags.payload import KEEPER
from muniment.bags.sources import IN_PLACE_PREFIX
from muniment.model.errors import EnvironmentFault, UsageError
from muniment.storage.durable import (
    Durability,
    durability,
    fsync_path,
    rename_without_replacing,
)
from muniment.storage.staging import lock_folder

_DONE = f"{IN_PLACE_PREFIX}-done"
_WORKING = re.compile(rf"{re.escape(IN_PLACE_PREFIX)}-(-?[0-9]{{1,19}})")
_DATA = PAYLOAD_PREFIX.rstrip("/")
_LAST = "bagit.txt"


@contextmanager
def in_place(folder: Path) -> Iterator[InPlace]:
    """The packaging of a folder where it lies; no other run can work there meanwhile.

    Raises UsageError where one does, EnvironmentFault, OSError.
    """
    real = Path(os.path.realpath(folder))
    if not real.is_dir():
        raise UsageError(f"{folder} is not a folder; only a folder can be packaged in place")
    lock = None
    if sys.platform != "win32":
        lock = lock_folder(real)
        if lock is None:
            raise UsageError(f"another run is at work in {folder}")
    try:
        with durability(real) as watch:
            yield InPlace(real, watch)
    finally:
        if lock is not None:
            os.close(lock)


class InPlace:
    """One folder, and how far its packaging has come. Made by `in_place`, which holds its lock."""

    def __init__(self, folder: Path, watch: Durability) -> None:
        """Look what an earlier run has left. Raises EnvironmentFault, OSError."""
        self.folder = folder
        self._watch = watch
        left = sorted(name for name in os.listdir(folder) if name.startswith(IN_PLACE_PREFIX))
        self.was_finished = _DONE in left
        unfinished = [name for name in left if name != _DONE]
        if len(unfinished) > 1:
            raise EnvironmentFault(f"{folder} holds {' and '.join(unfinished)}: one too many")
        self.was_interrupted = bool(unfinished)
        modified = folder.stat().st_mtime_ns
        self.working = folder / (unfinished or [f"{IN_PLACE_PREFIX}-{modified}"])[0]
        self._modified = _time_in(self.working)
        self.bag = self.working / "bag"
        self.log = self.working / "read"
        _refuse_others((self.working, self.bag, self.bag / _DATA))
        self.journal: Journal = read_journal(self.working / "journal")

    def begin(self) -> None:
        """Make the working folder with nothing in it but what was read before. Raises OSError."""
        self.working.mkdir(mode=0o700, exist_ok=True)
        self._discard_bag()
        self.bag.mkdir()

    def top(self) -> list[str]:
        """The names at the top of the folder, without the working folder. Raises OSError."""
        return sorted(name for name in os.listdir(self.folder) if name != self.working.name)

    def begin_moving(self, moves: Moves, made: Made) -> None:
        """Note what will be moved, once the tag files are durable. Raises OSError."""
        self._watch.make_durable()
        self.journal.begin_moving(moves, made)

    def move_in(self) -> None:
        """Move everything into the bag. Raises EnvironmentFault, OSError."""
        moves, data = self.journal.moves, self.bag / _DATA
        data.mkdir(exist_ok=True)
        for name in moves.entries:
            _shift(self.folder / name, data / name)
        if moves.record is not None:
            _shift(self.folder / moves.record[0], self.bag / moves.record[1])
        for path, modified in moves.keepers:
            _make_keeper(self._inside(path), modified)
        os.utime(data, ns=(self._modified, self._modified))
        self._watch.make_durable()

    def publish(self) -> None:
        """Let the bag take the place of what was moved. Raises EnvironmentFault, OSError."""
        if self.journal.phase is not Phase.PUBLISHING:
            names = sorted(os.listdir(self.bag), key=lambda name: (name == _LAST, name))
            self.journal.begin_publishing(tuple(names))
        for name in self.journal.published:
            _shift(self.bag / name, self.folder / name)
        with suppress(FileNotFoundError):
            self.bag.rmdir()
        self._watch.make_durable()
        self.working.rename(self.folder / _DONE)
        self.was_finished = True
        self.clear()

    def finished_journal(self) -> Journal:
        """The journal of a run that was finished. Raises EnvironmentFault, OSError."""
        return read_journal(self.folder / _DONE / "journal")

    def clear(self) -> None:
        """Remove what is left of a run that was finished. Raises OSError."""
        if self.was_finished:
            shutil.rmtree(self.folder / _DONE)
            fsync_path(self.folder)
            self.was_finished = False

    def undo(self) -> int:
        """Put everything back, and say how much was moved. Raises EnvironmentFault, OSError."""
        if not self.working.exists():
            return 0
        self.take_back()
        moved = self._move_out() if self.journal.phase is Phase.MOVING else 0
        self._discard_bag()
        self.log.unlink(missing_ok=True)
        self.journal.path.unlink(missing_ok=True)
        self.working.rmdir()
        os.utime(self.folder, ns=(self._modified, self._modified))
        fsync_path(self.folder)
        return moved

    def _discard_bag(self) -> None:
        """Remove the tag files that were made, but never payload: raises OSError where it lies."""
        with suppress(FileNotFoundError):
            (self.bag / _DATA).rmdir()
        with suppress(FileNotFoundError):
            shutil.rmtree(self.bag)

    def take_back(self) -> None:
        """Where the bag has begun to appear, bring it back. Raises EnvironmentFault, OSError."""
        if self.journal.phase is not Phase.PUBLISHING:
            return
        self.bag.mkdir(exist_ok=True)
        for name in self.journal.published:
            if os.path.lexists(self.folder / name):
                _shift(self.folder / name, self.bag / name)
        self._watch.make_durable()
        self.journal.go_back(Phase.MOVING)

    def _move_out(self) -> int:
        moves, data = self.journal.moves, self.bag / _DATA
        for path, modified in moves.keepers:
            _remove_keeper(self._inside(path), modified)
        pairs = [(data / name, self.folder / name) for name in moves.entries]
        if moves.record is not None:
            pairs.append((self.bag / moves.record[1], self.folder / moves.record[0]))
        moved = [(inside, outside) for inside, outside in pairs if os.path.lexists(inside)]
        for inside, outside in moved:
            _shift(inside, outside)
        self._watch.make_durable()
        self.journal.go_back(Phase.READING)
        return len(moved)

    def _inside(self, path: str) -> Path:
        """A folder of the bag's payload. Raises EnvironmentFault where a link leads out of it."""
        data = os.path.realpath(self.bag / _DATA)
        real = os.path.realpath(self.bag / path)
        if not real.startswith(data + os.sep):
            raise EnvironmentFault(f"{self.bag / path} is not in the bag's payload; nothing done")
        return Path(real)


def _time_in(working: Path) -> int:
    match = _WORKING.fullmatch(working.name)
    if match is None:
        raise EnvironmentFault(f"{working} was not made by muniment; move it away")
    return int(match[1])


def _refuse_others(folders: tuple[Path, ...]) -> None:
    for folder in folders:
        if os.path.lexists(folder) and not stat.S_ISDIR(folder.lstat().st_mode):
            raise EnvironmentFault(f"{folder} is no folder: muniment did not make it")


def _shift(source: Path, target: Path) -> None:
    """Rename, unless that was done before; a folder keeps its time on every file system."""
    if not os.path.lexists(source) and os.path.lexists(target):
        return
    before = source.lstat()
    try:
        rename_without_replacing(source, target)
    except FileExistsError as error:
        message = f"{source} cannot be moved: {target} has come there meanwhile; move that away"
        raise EnvironmentFault(message) from error
    if stat.S_ISDIR(before.st_mode) and target.lstat().st_mtime_ns != before.st_mtime_ns:
        os.utime(target, ns=(before.st_atime_ns, before.st_mtime_ns))


def _make_keeper(folder: Path, modified: int) -> None:
    keeper = folder / KEEPER
    with suppress(FileExistsError):
        keeper.open("xb").close()
    for path in (keeper, folder):
        os.utime(path, ns=(modified, modified))


def _remove_keeper(folder: Path, modified: int) -> None:
    keeper = folder / KEEPER
    with suppress(FileNotFoundError):
        status = keeper.lstat()
        if stat.S_ISREG(status.st_mode) and not status.st_size:
            keeper.unlink()
    with suppress(FileNotFoundError):
        os.utime(folder, ns=(modified, modified))
