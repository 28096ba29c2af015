"""Several files of a folder changed as one: written aside, journalled, then put in their places.

The side folder lies beside the folder that is changed and is named after it. Until its journal
lies on the disk, nothing has changed and what was written aside is dropped; from then on every run
that comes by carries the change to its end. Each step can be repeated.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from muniment.model.errors import EnvironmentFault
from muniment.model.findings import JsonValue
from muniment.model.paths import unsafe_reason
from muniment.storage.durable import fsync_path

_FORMAT = 1
_RECORD = "journal.json"
_LONGEST_NAME = 200
_HELD_BY_ANOTHER = frozenset({errno.EWOULDBLOCK, errno.EACCES})
# Some network file systems lock no folders. Work goes on there without: better than not at all.
_NO_LOCKS = frozenset({errno.EBADF, errno.ENOLCK, errno.ENOTSUP, errno.EINVAL})


@contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """Hold a folder's lock, so that no two runs of ours change it at once.

    Raises EnvironmentFault where another run holds it.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD_BY_ANOTHER:
            os.close(descriptor)
            raise EnvironmentFault(f"{folder}: another run is at work on it") from error
        if error.errno not in _NO_LOCKS:
            os.close(descriptor)
            raise
    try:
        yield
    finally:
        os.close(descriptor)


def side_folder(folder: Path, purpose: str) -> Path:
    """Where work on a folder is done: a dot folder beside it. `folder` is absolute."""
    name = folder.name
    if len(os.fsencode(name)) > _LONGEST_NAME:
        name = hashlib.sha256(os.fsencode(name)).hexdigest()
    return folder.parent / f".muniment-{purpose}-{name}"


def make_side_folder(folder: Path, purpose: str) -> Path:
    """Make the side folder where it is not yet there, on the same disk as the folder.

    Raises EnvironmentFault.
    """
    side = side_folder(folder, purpose)
    try:
        side.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise EnvironmentFault(
            f"{folder.parent}: {error.strerror}; work on {folder.name} is prepared beside it"
        ) from error
    if side.lstat().st_dev != folder.stat().st_dev:
        side.rmdir()
        raise EnvironmentFault(
            f"{folder} lies on another disk than the folder that holds it;"
            " what is prepared beside it could not be put in place in one step"
        )
    return side


def is_unfinished(folder: Path, purpose: str) -> bool:
    """Whether a change of a folder was begun and not ended. `folder` is absolute."""
    return (side_folder(folder, purpose) / _RECORD).exists()


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """What is to be changed: files put in place (path, sha256 in hexadecimal) and files removed.

    `note` is what the caller wants to know when another run finds the swap unfinished.
    """

    put: tuple[tuple[str, str], ...]
    remove: tuple[str, ...]
    note: Mapping[str, JsonValue]


class Journal:
    """The side folder of one folder that is being changed. Called by its `sole_writer` only."""

    def __init__(self, folder: Path, purpose: str) -> None:
        """`folder` is absolute; nothing is made yet."""
        self.folder = folder
        self._purpose = purpose
        self.side = side_folder(folder, purpose)
        self.new = self.side / "new"
        self._record = self.side / _RECORD

    def unfinished(self) -> Swap | None:
        """The change that a run before this one began and did not end. Raises EnvironmentFault."""
        try:
            data = self._record.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise EnvironmentFault(f"{self._record}: {error.strerror}") from error
        try:
            return _read_swap(json.loads(data))
        except (ValueError, KeyError, TypeError) as error:
            raise EnvironmentFault(
                f"{self._record} is not as it was written ({error}); compare {self.folder} with"
                f" {self.new}, and remove {self.side} when all is in place"
            ) from error

    @contextmanager
    def prepared(self) -> Iterator[Path]:
        """The folder in which to write what is new; dropped at the end unless it was sealed.

        What an earlier run left unsealed is dropped first. Raises EnvironmentFault.
        """
        self.drop()
        make_side_folder(self.folder, self._purpose)
        try:
            self.new.mkdir()
            yield self.new
        finally:
            if not self._record.exists():
                self.drop()

    def seal(self, *, remove: tuple[str, ...], note: Mapping[str, JsonValue]) -> Swap:
        """Make everything written aside durable, then the journal: from here on it will be done.

        Raises EnvironmentFault where the folder could not be changed; nothing is then sealed.
        """
        written = sorted(_files_below(self.new))
        swap = Swap(
            put=tuple((path, _sha256(self.new / path)) for path in written),
            remove=remove,
            note=note,
        )
        _check_places(self.folder, [*written, *remove])
        for path in written:
            fsync_path(self.new / path)
        for root, _, _ in os.walk(self.new, topdown=False):
            fsync_path(root)
        draft = self._record.with_suffix(".draft")
        draft.write_text(json.dumps(_as_json(swap)), encoding="utf-8")
        fsync_path(draft)
        draft.replace(self._record)
        fsync_path(self.side)
        fsync_path(self.side.parent)
        return swap

    def carry_out(self, swap: Swap) -> None:
        """Do what was sealed, as far as it is not done; then drop the journal.

        Raises EnvironmentFault; the change is then finished by the next run.
        """
        try:
            touched = {self.folder}
            for path, digest in swap.put:
                touched |= self._put(path, digest)
            for path in swap.remove:
                touched |= self._remove(path)
            for folder in sorted(touched):
                if folder.is_dir():
                    fsync_path(folder)
            self._record.unlink()
            fsync_path(self.side)
        except OSError as error:
            where = error.filename or self.folder
            raise EnvironmentFault(
                f"{where}: {error.strerror}; the change of {self.folder} is begun and not ended:"
                " mend this and run the same command again to finish it, or restore the folder"
                f" from another copy and remove {self.side}"
            ) from error
        self.drop()

    def drop(self) -> None:
        """Remove the side folder."""
        shutil.rmtree(self.side, ignore_errors=True)

    def _put(self, path: str, digest: str) -> set[Path]:
        source, target = self.new / path, self.folder / path
        if not source.exists():
            if not target.is_file() or _sha256(target) != digest:
                raise FileNotFoundError(errno.ENOENT, "the new file is lost", str(source))
            return {target.parent}
        if _sha256(source) != digest:
            raise OSError(errno.EIO, "the new file is not as it was written", str(source))
        made = make_folders(self.folder, path)
        _keep_owner(target, source)
        source.replace(target)
        return made | {target.parent}

    def _remove(self, path: str) -> set[Path]:
        """Remove a file, and the folders that are empty without it."""
        target = self.folder / path
        with suppress(FileNotFoundError):
            target.unlink()
        for folder in target.parents:
            if folder == self.folder:
                break
            try:
                folder.rmdir()
            except FileNotFoundError:
                continue
            except OSError:
                break
        return set(list(target.parents)[: path.count("/") + 1])


def _as_json(swap: Swap) -> dict[str, JsonValue]:
    return {
        "format": _FORMAT,
        "put": [list(row) for row in swap.put],
        "remove": list(swap.remove),
        "note": swap.note,
    }


def _read_swap(data: dict[str, Any]) -> Swap:
    """Raise ValueError, KeyError or TypeError for anything that `seal` does not write."""
    if data["format"] != _FORMAT:
        raise ValueError(f"format {data['format']!r}")
    swap = Swap(
        put=tuple((str(path), str(digest)) for path, digest in data["put"]),
        remove=tuple(map(str, data["remove"])),
        note=dict(data["note"]),
    )
    for path in (*(path for path, _ in swap.put), *swap.remove):
        if not path or unsafe_reason(path) is not None:
            raise ValueError(f"path {path!r}")
    return swap


def _files_below(folder: Path) -> Iterator[str]:
    for root, _, names in os.walk(folder):
        for name in names:
            yield os.path.relpath(os.path.join(root, name), folder).replace(os.sep, "/")


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _check_places(folder: Path, paths: list[str]) -> None:
    """Refuse beforehand what could not be put in place: links on the way, other disks, no right."""
    device = folder.stat().st_dev
    for place in sorted({existing_parent(folder, path) for path in paths}):
        if place.stat().st_dev != device:
            raise EnvironmentFault(f"{place} lies on another disk than {folder}")
        if not os.access(place, os.W_OK | os.X_OK):
            raise EnvironmentFault(f"{place}: no permission to write there; nothing was changed")


def existing_parent(folder: Path, path: str) -> Path:
    """The deepest folder on the way to a path that is there already; never through a link.

    Raises EnvironmentFault where something else than a folder stands in the way.
    """
    place = folder
    for part in path.split("/")[:-1]:
        try:
            mode = (place / part).lstat().st_mode
        except FileNotFoundError:
            return place
        if not stat.S_ISDIR(mode):
            raise EnvironmentFault(f"{place / part} is not a folder; nothing was changed")
        place /= part
    return place


def make_folders(folder: Path, path: str) -> set[Path]:
    """Make the folders that a path needs; returns every folder on the way, to be made durable."""
    place = folder
    made = {folder}
    for part in path.split("/")[:-1]:
        place /= part
        with suppress(FileExistsError):
            place.mkdir()
        made.add(place)
    return made


def _keep_owner(target: Path, source: Path) -> None:
    """Give the new file the permissions and the owner of the one whose place it takes."""
    try:
        status = target.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISREG(status.st_mode):
        return
    source.chmod(stat.S_IMODE(status.st_mode))
    if sys.platform != "win32":
        with suppress(PermissionError):
            os.chown(source, status.st_uid, status.st_gid)
