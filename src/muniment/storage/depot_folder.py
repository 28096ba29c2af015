"""A folder or a mounted share as a place for copies."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from muniment.model.errors import EnvironmentFault
from muniment.storage.containers import EntryKind, as_unreachable
from muniment.storage.depots import (
    PART,
    AlreadyThereError,
    ReadBack,
    checked_chunks,
    chunks_of,
    read_as_noted,
)
from muniment.storage.durable import fsync_path, rename_without_replacing
from muniment.storage.folder import walk
from muniment.storage.recording import Noted


class FolderDepot:
    """Each file is written beside its place, made durable, and renamed, never over something."""

    requests = 8

    def __init__(self, root: Path) -> None:
        """`root` is the copy's own folder, which need not exist."""
        self._root = root

    def listing(self) -> dict[str, int]:
        """What lies there. Links and special files count as files of no bytes."""
        if not os.path.lexists(self._root):
            return {}
        found: dict[str, int] = {}
        for listing in walk(str(self._root)):
            found.update(listing.files)
            for entry in listing.others:
                if entry.kind is EntryKind.UNREADABLE:
                    raise EnvironmentFault(f"{self._root / entry.path}: {entry.note}")
                if entry.kind is not EntryKind.FOLDER:
                    found[entry.path] = 0
        return {path: size for path, size in found.items() if not _is_part(path)}

    def find(self, path: str) -> int | None:
        """The size of one file in bytes."""
        try:
            return (self._root / path).lstat().st_size
        except FileNotFoundError:
            return None
        except OSError as error:
            raise as_unreachable(self._root, error) from error

    def put(self, path: str, source: Path, expected: Noted) -> None:
        """Lay down one file."""
        target = self._root / path
        part = target.with_name(f"{PART}{target.name}")
        with _as_faults(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            part.unlink(missing_ok=True)
            try:
                with part.open("xb") as stream:
                    stream.writelines(checked_chunks(source, expected))
                fsync_path(part)
                rename_without_replacing(part, target)
            except FileExistsError as error:
                raise AlreadyThereError(path) from error
            finally:
                part.unlink(missing_ok=True)
            fsync_path(target.parent)

    def read_back(self, files: Iterable[tuple[str, int]]) -> Iterator[ReadBack]:
        """Read each file from the disk."""
        for path, _ in files:
            try:
                with (self._root / path).open("rb") as stream:
                    yield read_as_noted(path, chunks_of(stream.read))
            except OSError as error:
                yield ReadBack(path, None, error.strerror or str(error))

    def close(self) -> None:
        """Nothing is kept open."""


def _is_part(path: str) -> bool:
    return path.rpartition("/")[2].startswith(PART)


@contextmanager
def _as_faults(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise as_unreachable(target, error) from error
