"""A bag as objects below one prefix, listed once."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO, NamedTuple

from muniment.storage.addresses import Address
from muniment.storage.containers import (
    Entry,
    EntryKind,
    GoneError,
    Hashed,
    Listing,
    Problem,
    Stated,
)
from muniment.storage.executors import Executor
from muniment.storage.object_reading import ONE_OBJECT, ObjectFile, hash_objects
from muniment.storage.object_store import Bucket, Stored
from muniment.storage.object_stream import observed_stream_of

# What tag files are digested by while they are first read, for the store may hide one afterwards.
_AT_FIRST_SIGHT = ("md5", "sha1", "sha256", "sha512")


class FirstSight(NamedTuple):
    """A file as it was first read: raw digests by algorithm, and its size in bytes."""

    digests: Mapping[str, bytes]
    size: int


class ObjectPrefix:
    """The container that is a prefix of keys. Its parts up to a `/` stand for folders."""

    def __init__(self, bucket: Bucket, address: Address) -> None:
        """List everything below the address. Raises UnreachableError."""
        self.address = address
        self._bucket = bucket
        self._files = dict(listed_below(bucket, address.key))
        self._folders = _folders_of(self._files)
        for marker in self._folders & self._files.keys():
            del self._files[marker]  # an object of no bytes, there to show a folder
        self._seen: dict[str, FirstSight] = {}
        if not self._files:
            raise GoneError(f"{address}: no object lies below it; is the address right?")

    @property
    def name(self) -> str:
        """The prefix's last part."""
        return self.address.name

    @property
    def problems(self) -> Sequence[Problem]:
        """A prefix is what it is."""
        return ()

    def stated(self, path: str) -> Stated:
        """What the store says of a file beside its size: its word, not our reading."""
        return self._files[path].stated

    def first_sight(self, path: str) -> FirstSight | None:
        """What was seen of a file that was opened and read to its end; None of any other."""
        return self._seen.get(path)

    def top(self) -> dict[str, Entry]:
        """What lies directly below the prefix, by name."""
        return {
            **{path: _folder(path) for path in self._folders if "/" not in path},
            **{
                path: Entry(path, EntryKind.FILE, stored.size)
                for path, stored in self._files.items()
                if "/" not in path
            },
        }

    def listings(self) -> Iterator[Listing]:
        """Everything below the prefix, folder by folder, in code-point order."""
        by_folder = {folder: Listing([], []) for folder in ("", *sorted(self._folders))}
        for path in sorted(self._files):
            by_folder[path.rpartition("/")[0]].files.append((path, self._files[path].size))
        for path in sorted(self._folders):
            by_folder[path.rpartition("/")[0]].others.append(_folder(path))
        yield from by_folder.values()

    def open(self, path: str) -> BinaryIO:
        """Read one file; what is read now is what `digests` speaks of. Raises OSError."""
        stored = self._files.get(path)
        if stored is None:
            raise FileNotFoundError(f"{path} is no object below {self.address}")

        def keep(digests: dict[str, bytes], size: int) -> None:
            self._seen[path] = FirstSight(digests, size)

        try:
            stream = observed_stream_of(self._bucket, stored, _AT_FIRST_SIGHT, keep)
            stream.peek(1)  # type: ignore[attr-defined] # what is not given is told now
        except ONE_OBJECT as error:
            raise OSError(str(error)) from error
        return stream

    def digests(
        self,
        files: Iterable[tuple[str, int]],
        algorithms: Sequence[str],
        executor: Executor,  # noqa: ARG002 - it waits for the network, not for a processor
        *,
        follow_links: bool = False,  # noqa: ARG002 - there are none
    ) -> Iterator[Hashed]:
        """Read each file once; one that was opened before is not read again."""
        for seen, run in itertools.groupby(files, lambda file: self._is_seen(file[0], algorithms)):
            if seen:
                yield from (self._seen_before(path, algorithms) for path, _ in run)
            else:
                objects = (ObjectFile(path=path, stored=self._files[path]) for path, _ in run)
                yield from hash_objects(self._bucket, objects, algorithms)

    def _is_seen(self, path: str, algorithms: Sequence[str]) -> bool:
        return path in self._seen and self._seen[path].digests.keys() >= set(algorithms)

    def _seen_before(self, path: str, algorithms: Sequence[str]) -> Hashed:
        digests, size = self._seen[path]
        return Hashed([path], tuple(digests[name] for name in algorithms), [size], {})

    def resolves_inside(self, path: str) -> bool:
        """There are no links among objects."""
        return path in self._files


def listed_below(bucket: Bucket, prefix: str) -> Iterator[tuple[str, Stored]]:
    """What lies below a prefix, by its path from there. Raises UnreachableError."""
    start = f"{prefix}/" if prefix else ""
    for stored in bucket.list(start):
        path = stored.key.removeprefix(start)
        if path:
            yield path, stored


def _folders_of(paths: Iterable[str]) -> set[str]:
    folders: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return folders


def _folder(path: str) -> Entry:
    return Entry(path, EntryKind.FOLDER, 0)
