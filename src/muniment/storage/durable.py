"""Bytes made to last: what was written reaches the disk before the name that shows it.

In bulk: on Linux one `syncfs`, elsewhere an fsync a file from a few threads.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

_RENAME_NOREPLACE = 1
_AT_FDCWD = -100
_FSYNC_THREADS = 16
_NOT_OFFERED = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP})


class Durability:
    """Opened before the first write, so that an error of any write since then is reported."""

    def __init__(self, folder: Path) -> None:
        """Watch over the file system that holds this folder."""
        self._folder = folder
        self._descriptor = os.open(folder, os.O_RDONLY) if sys.platform == "linux" else None
        self._syncfs = None if self._descriptor is None else _libc().syncfs

    def make_durable(self) -> None:
        """Wait until everything below the folder lies on the disk. Raises OSError."""
        if self._syncfs is None:
            _fsync_tree(self._folder)
        elif self._syncfs(self._descriptor) != 0:
            raise _last_error(self._folder)

    @contextmanager
    def meanwhile(self) -> Iterator[None]:
        """Make what was written before durable while the block runs, which writes nothing there.

        It is durable when the block has ended. Raises OSError.
        """
        with ThreadPoolExecutor(1) as pool:
            durable = pool.submit(self.make_durable)
            yield
            durable.result()

    def close(self) -> None:
        """Give the descriptor back."""
        if self._descriptor is not None:
            os.close(self._descriptor)


@contextmanager
def durability(folder: Path) -> Iterator[Durability]:
    """A `Durability` for as long as something is written below the folder."""
    watch = Durability(folder)
    try:
        yield watch
    finally:
        watch.close()


def _fsync_tree(folder: Path) -> None:
    files: list[str] = []
    folders: list[str] = []
    for root, _, names in os.walk(folder):
        folders.append(root)
        files.extend(os.path.join(root, name) for name in names)
    with ThreadPoolExecutor(_FSYNC_THREADS) as pool:
        for done in (pool.map(fsync_path, files), pool.map(fsync_path, folders)):
            list(done)


def fsync_path(path: str | Path) -> None:
    """Make one file or folder durable (on Windows files only). Raises OSError."""
    if os.path.isdir(path) and sys.platform == "win32":
        return
    descriptor = os.open(path, os.O_RDONLY if sys.platform != "win32" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def rename_without_replacing(source: Path, destination: Path) -> None:
    """Rename, but never over something. Raises FileExistsError, OSError.

    A plain rename silently replaces an empty folder.
    """
    if sys.platform == "linux" and _rename_no_replace(source, destination):
        return
    if os.path.lexists(destination):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(destination))
    source.rename(destination)


def _rename_no_replace(source: Path, destination: Path) -> bool:
    """Whether the kernel and the file system did it; False where they do not offer it."""
    with suppress(AttributeError):
        done = _libc().renameat2(
            _AT_FDCWD,
            os.fsencode(source),
            _AT_FDCWD,
            os.fsencode(destination),
            _RENAME_NOREPLACE,
        )
        if done == 0:
            return True
        error = _last_error(destination)
        if error.errno not in _NOT_OFFERED:
            raise error
    return False


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _last_error(path: Path) -> OSError:
    code = ctypes.get_errno()
    return OSError(code, os.strerror(code), str(path))
