"""All or nothing: a folder is built aside, made durable, and appears by one rename.

The staging folder is a locked dot folder beside the destination. What a killed run left behind is
unlocked, and the next run beside it removes it.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from muniment.model.errors import EnvironmentFault, UsageError
from muniment.storage.durable import Durability, durability, fsync_path, rename_without_replacing

STAGING_PREFIX = ".muniment-staging-"
_OUT_OF_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class DestinationExistsError(UsageError):
    """Something lies already where the result is to appear; it is left as it is."""


class Staging:
    """A folder being built. `folder` is where to write; `publish` lets it appear."""

    def __init__(self, folder: Path, destination: Path, watch: Durability) -> None:
        """Made by `staged`."""
        self.folder = folder
        self.destination = destination
        self._watch = watch

    def make_durable(self) -> None:
        """Wait until everything written so far lies on the disk. Raises OSError."""
        self._watch.make_durable()

    def made_durable_meanwhile(self) -> AbstractContextManager[None]:
        """Make everything written so far durable while the block only reads. Raises OSError."""
        return self._watch.meanwhile()

    def publish(self, made: Path | None = None) -> None:
        """Rename to the destination, never over something, and make the new name durable.

        `made` is what was built where it is not the folder itself: one file in it.
        """
        try:
            rename_without_replacing(made or self.folder, self.destination)
        except FileExistsError as error:
            raise DestinationExistsError(already_there(self.destination)) from error
        try:
            fsync_path(self.destination.parent)
        except OSError as error:
            raise EnvironmentFault(
                f"{self.destination} is there, but may not survive a loss of power: its folder"
                f" could not be made durable ({error.strerror})"
            ) from error


def already_there(destination: Path | str) -> str:
    """What to tell the user whose destination is taken."""
    return f"{destination} exists already and is left as it is; choose another --name or --output"


def refuse_existing(destination: Path) -> None:
    """Raise DestinationExistsError where something lies at the destination already."""
    if os.path.lexists(destination):
        raise DestinationExistsError(already_there(destination))


@contextmanager
def staged(destination: Path) -> Iterator[Staging]:
    """Build a folder aside of `destination`; what was not published is removed at the end.

    Raises DestinationExistsError, EnvironmentFault (no permission, no space).
    """
    with _as_environment_faults(destination):
        remove_abandoned(destination.parent)
        refuse_existing(destination)
        destination.parent.mkdir(parents=True, exist_ok=True)
        outer, lock = _locked_folder(destination.parent)
    try:
        with _as_environment_faults(destination), durability(outer) as watch:
            folder = outer / "bag"
            folder.mkdir()
            yield Staging(folder, destination, watch)
    finally:
        shutil.rmtree(outer, ignore_errors=True)
        if lock is not None:
            os.close(lock)


@contextmanager
def _as_environment_faults(destination: Path) -> Iterator[None]:
    """What the file system refuses while writing is told as such, with the place it refused."""
    try:
        yield
    except OSError as error:
        where = error.filename or destination.parent
        reason = error.strerror or str(error)
        if error.errno in _OUT_OF_SPACE:
            reason = f"no room to write ({reason})"
        raise EnvironmentFault(f"{where}: {reason}; nothing was left at {destination}") from error


def write_new_file(path: Path, content: bytes) -> None:
    """Write one file whole, or not at all, never over something.

    Raises DestinationExistsError, EnvironmentFault.
    """
    with staged(path) as staging:
        made = staging.folder / "file"
        made.write_bytes(content)
        staging.make_durable()
        staging.publish(made)


def write_over(path: Path, content: bytes) -> None:
    """Write one file whole, or not at all, in the place of the one that is there if there is one.

    Raises EnvironmentFault.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}.new")
    with _as_environment_faults(path):
        try:
            aside.write_bytes(content)
            fsync_path(aside)
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)


def _locked_folder(parent: Path) -> tuple[Path, int | None]:
    """A new folder that no other run takes for abandoned.

    Until it is locked, another run beside this one may do just that: then a new one is made.
    """
    while True:
        folder = Path(tempfile.mkdtemp(prefix=STAGING_PREFIX, dir=parent))
        if sys.platform == "win32":
            return folder, None
        with suppress(FileNotFoundError):
            folder.chmod(0o700)
            lock = lock_folder(folder)
            if lock is not None and folder.exists():
                return folder, lock
            if lock is not None:
                os.close(lock)


def lock_folder(folder: Path) -> int | None:
    """The descriptor that holds the folder's lock, or None where somebody else holds it."""
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        if error.errno in {errno.EWOULDBLOCK, errno.EACCES}:
            return None
        raise
    return descriptor


def remove_abandoned(parent: Path) -> None:
    """Remove the staging folders of runs that are no more; a locked one is left alone."""
    if sys.platform == "win32":
        return
    for folder in parent.glob(STAGING_PREFIX + "*"):
        with suppress(OSError):
            lock = lock_folder(folder)
            if lock is not None:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(lock)
