"""A packed tar, which can only be read from its beginning: judged in one pass where that serves.

Where the files that announce algorithms (manifests) come before what they speak of, one pass reads
and digests everything. Else a second pass digests, where the source can be opened again; where it
cannot, the algorithms in `AHEAD` were computed in the first.
"""

from __future__ import annotations

import io
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import IO, BinaryIO, NamedTuple, Protocol

from muniment.storage.archive import tar_member
from muniment.storage.archive_index import ArchiveIndex, Member, MemberKind, index_members
from muniment.storage.containers import (
    Entry,
    Fault,
    Hashed,
    Listing,
    Problem,
    ProblemKind,
    as_unreachable,
)
from muniment.storage.executors import Executor
from muniment.storage.hashing import CHUNK_BYTES, hasher_maker

AHEAD = ("md5", "sha1", "sha256", "sha512")
_KEPT_BYTES = 1 << 28
_BATCH = 512


class Announcements(Protocol):
    """What a member's name tells before the archive is read to its end."""

    def keep(self, name: str) -> bool:
        """Whether the member's bytes will be asked for: it is a tag file."""

    def algorithm(self, name: str) -> str | None:
        """The algorithm that the member announces: it is a manifest."""


class _Read(NamedTuple):
    """What a pass learned of a member: its digests by algorithm, and its bytes if kept."""

    digests: dict[str, bytes]
    content: bytes | None = None


@dataclass(slots=True)
class _Pass:
    """What one pass over the stream brought."""

    members: list[Member[str]] = field(default_factory=list)
    read: dict[str, _Read] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class TarStream:
    """The container that is a tar read as a stream. `opener` opens it anew at its beginning."""

    def __init__(
        self,
        opener: Callable[[], BinaryIO],
        *,
        name: str,
        marker: str,
        announcements: Announcements,
        rewindable: bool,
    ) -> None:
        """Read the stream once. Raises UnreachableError where it cannot be read."""
        self._opener = opener
        self._name = name
        self._rewindable = rewindable
        first = self._pass(_FirstLook(announcements, rewindable=rewindable))
        self._read = first.read
        self._index: ArchiveIndex[str] = index_members(
            first.members, archive_name=name, marker=marker
        )
        self._index.problems.extend(first.problems)

    @property
    def name(self) -> str:
        """The archive's name without its ending."""
        return self._name

    @property
    def problems(self) -> Sequence[Problem]:
        """What is wrong with the archive itself."""
        return self._index.problems

    def top(self) -> dict[str, Entry]:
        """What lies directly below the top folder."""
        return self._index.top()

    def listings(self) -> Iterator[Listing]:
        """Everything below the top folder, folder by folder."""
        return self._index.listings()

    def resolves_inside(self, path: str) -> bool:
        """Whether a link leads to a file of the archive."""
        return self._index.resolve(path) is not None

    def open(self, path: str) -> BinaryIO:
        """Give back what the pass kept of a tag file. Raises OSError."""
        found = self._index.resolve(path)
        read = None if found is None else self._read.get(self._member(found))
        content = None if read is None else read.content
        if content is None:
            raise FileNotFoundError(f"{path} is no tag file of the archive")
        return io.BufferedReader(io.BytesIO(content))

    def digests(
        self,
        files: Iterable[tuple[str, int]],
        algorithms: Sequence[str],
        executor: Executor,  # noqa: ARG002 - a stream is read by one process
        *,
        follow_links: bool = False,  # noqa: ARG002 - links of an archive are names, not followed
    ) -> Iterator[Hashed]:
        """What the passes computed; a second pass is made where the first lacks an algorithm."""
        batch: list[tuple[str, int]] = []
        for file in files:
            batch.append(file)
            if len(batch) == _BATCH:
                yield self._hashed(batch, algorithms)
                batch = []
        if batch:
            yield self._hashed(batch, algorithms)

    def _hashed(self, batch: Sequence[tuple[str, int]], algorithms: Sequence[str]) -> Hashed:
        places = [self._member(self._index.resolve(path) or path) for path, _ in batch]
        if any(name not in self._digests(place) for place in places for name in algorithms):
            self._read_again(algorithms)
        faults: dict[int, Fault] = {}
        runs: list[list[bytes]] = [[] for _ in algorithms]
        for position, place in enumerate(places):
            digests = self._digests(place)
            if place not in self._read:
                faults[position] = Fault("the archive ends in the middle of it", damaged=True)
            elif any(name not in digests for name in algorithms):
                faults[position] = Fault("not every checksum was computed while it passed by")
            for run, name in zip(runs, algorithms, strict=True):
                run.append(digests.get(name, b""))
        paths = [path for path, _ in batch]
        sizes = [size for _, size in batch]
        return Hashed(paths, tuple(b"".join(run) for run in runs), sizes, faults)

    def _digests(self, place: str) -> dict[str, bytes]:
        return self._read[place].digests if place in self._read else {}

    def _read_again(self, algorithms: Sequence[str]) -> None:
        if not self._rewindable:
            return
        wanted = tuple(dict.fromkeys(algorithms))
        for name, read in self._pass(_AllOf(wanted)).read.items():
            if name in self._read:
                self._read[name].digests.update(read.digests)

    def _member(self, path: str) -> str:
        return self._index.files[path][1]

    def _pass(self, look: _Look) -> _Pass:
        """Read the stream from its beginning to its end."""
        result = _Pass()
        try:
            with closing(self._opener()) as stream:
                _read_members(stream, look, result)
        except (tarfile.TarError, EOFError, zlib.error, ValueError, OverflowError) as error:
            detail = str(error) or "it is cut off"
            result.problems.append(Problem(ProblemKind.DAMAGED, None, detail))
        except OSError as error:
            if not _is_damage(error):
                raise as_unreachable(self._name, error) from error
            result.problems.append(Problem(ProblemKind.DAMAGED, None, str(error)))
        return result


def _is_damage(error: OSError) -> bool:
    """The gzip module tells of broken data by an OSError without a number."""
    return error.errno is None


class _Look(Protocol):
    """Decides what is computed and kept of each member."""

    def algorithms(self, name: str) -> Sequence[str]:
        """The algorithms to digest a member by."""

    def keeps(self, name: str, size: int) -> bool:
        """Whether the member's bytes are kept."""


class _FirstLook:
    """The first pass: what was announced so far, or everything ahead where it is the only one."""

    def __init__(self, announcements: Announcements, *, rewindable: bool) -> None:
        self._announcements = announcements
        self._announced: dict[str, None] = {} if rewindable else dict.fromkeys(AHEAD)

    def algorithms(self, name: str) -> Sequence[str]:
        announced = self._announcements.algorithm(name)
        if announced is not None:
            self._announced[announced] = None
        return tuple(self._announced)

    def keeps(self, name: str, size: int) -> bool:
        return size <= _KEPT_BYTES and self._announcements.keep(name)


class _AllOf:
    """A further pass: these algorithms of every member, nothing kept."""

    def __init__(self, algorithms: Sequence[str]) -> None:
        self._algorithms = algorithms

    def algorithms(self, name: str) -> Sequence[str]:  # noqa: ARG002 - of every member
        return self._algorithms

    def keeps(self, name: str, size: int) -> bool:  # noqa: ARG002 - of every member
        return False


def _read_members(stream: BinaryIO, look: _Look, result: _Pass) -> None:
    archive = tarfile.open(fileobj=stream, mode="r|", bufsize=CHUNK_BYTES)  # noqa: SIM115
    while (info := archive.next()) is not None:
        archive.members = []  # type: ignore[attr-defined] # it would keep every header
        if info.issparse():
            result.problems.append(Problem(ProblemKind.DAMAGED, info.name, "it is sparse"))
        member = tar_member(info)
        place = f"{len(result.members)}"
        result.members.append(Member(info.name, member.kind, info.size, place, member.target))
        if member.kind is MemberKind.FILE:
            content = archive.extractfile(info)
            if content is not None:
                result.read[place] = _digest(content, info, look)
    while stream.read(CHUNK_BYTES):  # the check sum of the packing stands at its end
        pass


def _digest(content: IO[bytes], info: tarfile.TarInfo, look: _Look) -> _Read:
    hashers = {name: hasher_maker(name)() for name in look.algorithms(info.name)}
    kept: list[bytes] | None = [] if look.keeps(info.name, info.size) else None
    while data := content.read(CHUNK_BYTES):
        for hasher in hashers.values():
            hasher.update(data)
        if kept is not None:
            kept.append(data)
    digests = {name: hasher.digest() for name, hasher in hashers.items()}
    return _Read(digests, None if kept is None else b"".join(kept))
