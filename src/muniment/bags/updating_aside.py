"""A bag's new tag files, written aside: what is new, what is gone, what each file's digest is."""

from __future__ import annotations

import filecmp
import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from muniment.bags.contents import Contents
from muniment.bags.manifests import manifest_name
from muniment.bags.updating_views import RecordingFolder, UpdatedBag
from muniment.storage.executors import Executor
from muniment.storage.hashing import CHUNK_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """A tag file to be written: its bytes, or the file that holds them."""

    path: str
    content: bytes | Path

    def pieces(self) -> Iterator[bytes]:
        """The bytes, piece by piece. Raises OSError."""
        if isinstance(self.content, bytes):
            yield self.content
            return
        with self.content.open("rb") as stream:
            while piece := stream.read(CHUNK_BYTES):
                yield piece


class Aside:
    """The tag files of a bag as they will be. Nothing in the bag's own folder is touched."""

    def __init__(
        self, folder: RecordingFolder, contents: Contents, new: Path, executor: Executor
    ) -> None:
        """`folder` was read by a check that found `contents`; `new` is an empty folder."""
        self.folder = folder
        self._old = dict(contents.tag_files)
        self._new = new
        self._executor = executor
        self._fresh = RecordingFolder(new, folder.known.algorithms)
        self._removed: set[str] = set()
        self._written: set[str] = set()

    def put(self, path: str, pieces: Iterable[bytes]) -> None:
        """Write one tag file, unless it lies in the bag already with the same bytes."""
        target = self._new / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as stream:
            for piece in pieces:
                stream.write(piece)
        self._removed.discard(path)
        own = os.path.join(self.folder.base, path)
        if path in self._old and filecmp.cmp(target, own, shallow=False):
            target.unlink()
        else:
            self._written.add(path)

    def remove(self, paths: Iterable[str]) -> None:
        """Leave files of the bag out, unless they were written anew."""
        self._removed |= (set(paths) & self._old.keys()) - self._written

    @property
    def removed(self) -> tuple[str, ...]:
        """Files that will be gone, in code-point order."""
        return tuple(sorted(self._removed))

    @property
    def added(self) -> tuple[str, ...]:
        """Files that the bag has not had, in code-point order."""
        return tuple(sorted(self._written - self._old.keys()))

    @property
    def replaced(self) -> tuple[str, ...]:
        """Files that will have other bytes, in code-point order."""
        return tuple(sorted(self._written & self._old.keys()))

    @property
    def changes_nothing(self) -> bool:
        """Whether the bag is as it shall be."""
        return not self._removed and not self._written

    def tag_files(self) -> tuple[str, ...]:
        """Every tag file that there will be, but for the tag manifests, in code-point order."""
        names = {path: manifest_name(path) for path in (self._old.keys() | self._written)}
        return tuple(
            path
            for path, name in sorted(names.items())
            if path not in self._removed and not (name is not None and name.is_tag_manifest)
        )

    def kept_tag_files(self) -> tuple[str, ...]:
        """Those of them that stay as they are, in code-point order."""
        return tuple(path for path in self.tag_files() if path not in self._written)

    def learn(self, paths: Collection[str]) -> None:
        """Read what has not been read yet. Raises OSError."""
        new = {path: 0 for path in paths if path in self._written}
        old = {path: self._old[path] for path in paths if path not in self._written}
        for home, files in ((self._fresh, new), (self.folder, old)):
            left = [file for file in sorted(files.items()) if file[0] not in home.known.positions]
            for hashed in home.digests(left, (), self._executor, follow_links=True):
                for place, fault in hashed.faults.items():
                    raise OSError(f"{hashed.paths[place]}: {fault.reason}")

    def digest(self, path: str, algorithm: str) -> bytes:
        """The digest of a file that was learned. Raises KeyError."""
        home = self._fresh if path in self._written else self.folder
        return home.known.digest(path, algorithm)

    def read(self, path: str) -> bytes:
        """A tag file of the bag as it was. Raises OSError."""
        with self.folder.open(path) as stream:
            return stream.read()

    def as_updated(self) -> UpdatedBag:
        """The bag as it will be."""
        return UpdatedBag(self.folder, self._new, self._removed)
