"""A bag read once for two purposes: what its files are, and what it will be after an update.

`RecordingFolder` digests by further algorithms in the read that checks the old checksums.
`UpdatedBag` shows the bag as it will be, so that it is judged before a byte of it is changed; what
was read already is not read again.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from muniment.storage.batches import BATCH_FILES
from muniment.storage.containers import Entry, EntryKind, Hashed, Listing
from muniment.storage.executors import Executor
from muniment.storage.folder import Folder


class KnownDigests:
    """Digests of files, by path and algorithm, as raw bytes; sizes in bytes."""

    def __init__(self, algorithms: Sequence[str]) -> None:
        """`algorithms` are those that every file has."""
        self.algorithms = tuple(algorithms)
        self.positions: dict[str, int] = {}
        self._sizes: list[int] = []
        self._runs = [bytearray() for _ in self.algorithms]

    def add(self, hashed: Hashed, algorithms: Sequence[str]) -> None:
        """Keep the files of a batch that could be read; `algorithms` are those of its runs."""
        places = [algorithms.index(name) for name in self.algorithms]
        for place, path in enumerate(hashed.paths):
            if place in hashed.faults or path in self.positions:
                continue
            self.positions[path] = len(self._sizes)
            self._sizes.append(hashed.sizes[place])
            for run, algorithm in zip(self._runs, places, strict=True):
                run.extend(hashed.digest(place, algorithm))

    def digest(self, path: str, algorithm: str) -> bytes:
        """One digest. Raises KeyError, ValueError for what is not known."""
        position = self.positions[path]
        run = self._runs[self.algorithms.index(algorithm)]
        size = len(run) // len(self._sizes)
        return bytes(run[position * size : (position + 1) * size])

    def hashed(
        self, files: Iterable[tuple[str, int]], algorithms: Sequence[str]
    ) -> Iterator[Hashed]:
        """What reading the files again would give, in batches."""
        pending = iter(files)
        while batch := list(itertools.islice(pending, BATCH_FILES)):
            paths = [path for path, _ in batch]
            runs = tuple(
                b"".join([self.digest(path, name) for path in paths]) for name in algorithms
            )
            yield Hashed(paths, runs, [self._sizes[self.positions[path]] for path in paths], {})


class RecordingFolder(Folder):
    """A folder whose files are digested by all algorithms wanted, whoever reads them."""

    def __init__(self, path: Path, algorithms: Sequence[str]) -> None:
        """Raises UnreachableError where there is no such folder."""
        super().__init__(path)
        self.known = KnownDigests(algorithms)

    def digests(
        self,
        files: Iterable[tuple[str, int]],
        algorithms: Sequence[str],
        executor: Executor,
        *,
        follow_links: bool = False,
    ) -> Iterator[Hashed]:
        """Read each file once, by the algorithms asked for and by those wanted besides."""
        every = tuple(dict.fromkeys((*algorithms, *self.known.algorithms)))
        for hashed in super().digests(files, every, executor, follow_links=follow_links):
            self.known.add(hashed, every)
            yield hashed._replace(runs=hashed.runs[: len(algorithms)])


class UpdatedBag(Folder):
    """A bag's folder as it will be: files of the folder `new` in place of its own, others gone."""

    def __init__(self, folder: RecordingFolder, new: Path, removed: Iterable[str]) -> None:
        """`removed` are paths in the bag."""
        super().__init__(folder.path)
        self._known = folder.known
        self._new = Folder(new)
        self._put = {path for listing in self._new.listings() for path, _ in listing.files}
        self._removed = set(removed)

    def top(self) -> dict[str, Entry]:
        """What will lie directly in the folder."""
        gone = self._removed | self._put
        kept = {name: entry for name, entry in super().top().items() if name not in gone}
        return kept | self._new.top()

    def listings(self) -> Iterator[Listing]:
        """The folder's own walk, each folder's new files among its old ones."""
        new = {_folder_of(listing): listing for listing in self._new.listings()}
        for listing in super().listings():
            folder = _folder_of(listing)
            yield self._merged(listing, new.pop(folder, Listing([], [])))
        yield from new.values()

    def open(self, path: str) -> BinaryIO:
        """Read the file that will lie at a path."""
        if path in self._put:
            return self._new.open(path)
        if path in self._removed:
            raise FileNotFoundError(f"{path} is removed")
        return super().open(path)

    def digests(
        self,
        files: Iterable[tuple[str, int]],
        algorithms: Sequence[str],
        executor: Executor,
        *,
        follow_links: bool = False,
    ) -> Iterator[Hashed]:
        """Read what is new; of everything else say what was read before."""
        known = set(algorithms) <= set(self._known.algorithms)
        for source, group in itertools.groupby(files, key=lambda file: self._source(file[0])):
            if source == "known" and known:
                yield from self._known.hashed(group, algorithms)
            elif source == "new":
                yield from self._new.digests(group, algorithms, executor)
            else:
                yield from super().digests(group, algorithms, executor, follow_links=follow_links)

    def _source(self, path: str) -> str:
        if path in self._put:
            return "new"
        return "known" if path in self._known.positions else "folder"

    def _merged(self, old: Listing, new: Listing) -> Listing:
        gone = self._removed | self._put
        files = [file for file in old.files if file[0] not in gone]
        others = [entry for entry in old.others if entry.path not in gone]
        there = {entry.path for entry in others}
        # A folder that is new stands in its parent's listing; one that was there stands there once.
        others += [entry for entry in new.others if entry.path not in there]
        return Listing(sorted([*files, *new.files]), sorted(others, key=lambda entry: entry.path))


def _folder_of(listing: Listing) -> str | None:
    """The folder that a listing is of, or None where it is empty: nothing can be said of it."""
    if listing.files:
        return listing.files[0][0].rpartition("/")[0]
    for entry in listing.others:
        if entry.kind is not EntryKind.UNREADABLE:
            return entry.path.rpartition("/")[0]
    return None
