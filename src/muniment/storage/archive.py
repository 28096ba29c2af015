"""Archives that can be read at any place: plain tar and zip, judged without unpacking them."""

from __future__ import annotations

import functools
import io
import os
import tarfile
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from muniment.storage.archive_index import ArchiveIndex, Member, MemberKind, index_members
from muniment.storage.containers import (
    Entry,
    Hashed,
    Listing,
    Problem,
    ProblemKind,
    as_unreachable,
)
from muniment.storage.executors import Executor
from muniment.storage.ranges import (
    DamagedError,
    HashedRanges,
    Range,
    RangeBatch,
    ReadAt,
    hash_ranges,
    range_batches,
    range_chunks,
)
from muniment.storage.zip_directory import (
    NAME_IS_UTF8,
    BrokenDirectoryError,
    Record,
    read_directory,
)

_BLOCK = 512
# The zip file format (PKWARE's APPNOTE), sections 4.4.4 and 4.4.5.
_ENCRYPTED = 0x1
_KNOWN_FLAGS = NAME_IS_UTF8 | 0x8 | 0x6  # sizes follow; how hard it was packed
_FORM = {0: False, 8: True}  # stored, deflated
_LINK_MODE = 0o120000
_KIND_MASK = 0o170000


class ArchiveBytes(Protocol):
    """Where an archive's bytes lie, readable at any place."""

    def __str__(self) -> str:
        """The archive as messages call it; a path, where it is a file."""

    def opened(self) -> BinaryIO:
        """The archive as a file to seek in. Raises OSError, UnreachableError."""

    def reading(self) -> AbstractContextManager[ReadAt]:
        """Reads of single places."""

    def hashed(self, batches: Iterable[RangeBatch], executor: Executor) -> Iterator[HashedRanges]:
        """Batches of members read and digested, in their order."""


class ArchiveFile:
    """The bytes of an archive that is a file; batches go to the executor."""

    def __init__(self, path: Path) -> None:
        """Nothing is opened yet."""
        self._path = path

    def __str__(self) -> str:
        """The path."""
        return str(self._path)

    def opened(self) -> BinaryIO:
        """The file. Raises OSError."""
        return self._path.open("rb")

    @contextmanager
    def reading(self) -> Iterator[ReadAt]:
        """Reads of the file. Raises OSError."""
        descriptor = os.open(self._path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        try:
            yield functools.partial(os.pread, descriptor)
        finally:
            os.close(descriptor)

    def hashed(self, batches: Iterable[RangeBatch], executor: Executor) -> Iterator[HashedRanges]:
        """Each batch by one worker."""
        return (hashed for _, hashed in executor.map(hash_ranges, batches))


class IndexedArchive:
    """The container that is an archive whose members can be read in any order."""

    def __init__(self, source: ArchiveBytes, index: ArchiveIndex[Range], name: str) -> None:
        """Made by `open_tar` and `open_zip`."""
        self._source = source
        self._index = index
        self._name = name

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
        """Read one file. Raises OSError."""
        found = self._index.resolve(path)
        if found is None:
            raise FileNotFoundError(f"{path} is no file of the archive")
        size, place = self._index.files[found]
        return io.BufferedReader(_RangeReader(self._source, place, size))

    def digests(
        self,
        files: Iterable[tuple[str, int]],
        algorithms: Sequence[str],
        executor: Executor,
        *,
        follow_links: bool = False,
    ) -> Iterator[Hashed]:
        """Read each file once, in batches that the executor shares out."""
        waiting: deque[tuple[str, ...]] = deque()
        found = self._resolved(files) if follow_links else files

        def batches() -> Iterator[RangeBatch]:
            for paths, batch in range_batches(str(self._source), found, self._place, algorithms):
                waiting.append(paths)
                yield batch

        for hashed in self._source.hashed(batches(), executor):
            yield Hashed(waiting.popleft(), hashed.runs, hashed.sizes, hashed.faults)

    def _resolved(self, files: Iterable[tuple[str, int]]) -> Iterator[tuple[str, int]]:
        for path, size in files:
            found = self._index.resolve(path)
            yield path, self._index.files[found][0] if found is not None else size

    def _place(self, path: str) -> Range:
        files = self._index.files
        found = files.get(path) or files[self._index.resolve(path) or path]
        return found[1]


class _RangeReader(io.RawIOBase):
    """A member's unpacked bytes as a stream."""

    def __init__(self, source: ArchiveBytes, place: Range, size: int) -> None:
        self._opened = ExitStack()
        read_at = self._opened.enter_context(source.reading())
        self._chunks = range_chunks(read_at, place, size)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        target = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        while not self._rest:
            try:
                chunk = next(self._chunks, None)
            except DamagedError as damage:
                raise OSError(str(damage)) from damage
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        count = min(len(target), len(self._rest))
        target[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def close(self) -> None:
        if not self.closed:
            self._opened.close()
        super().close()


def open_zip(source: ArchiveBytes, *, name: str, marker: str) -> IndexedArchive:
    """Read a zip's directory. Raises UnreachableError where the archive itself cannot be read."""
    problems: list[Problem] = []
    members: list[Member[Range]] = []
    try:
        with source.opened() as stream:
            members = [_zip_member(record, problems) for record in read_directory(stream)]
    except BrokenDirectoryError as error:
        problems.append(
            Problem(ProblemKind.DAMAGED, None, f"no zip archive that is whole: {error}")
        )
    except OSError as error:
        raise as_unreachable(source, error) from error
    return _archive(source, members, problems, name=name, marker=marker)


def _zip_member(record: Record, problems: list[Problem]) -> Member[Range]:
    name, raw, flags, method, crc, stored, size, offset, mode = record
    deflated = _FORM.get(method)
    kind = MemberKind.FILE
    target = None
    if name.endswith("/"):
        kind = MemberKind.FOLDER
    elif mode & _KIND_MASK == _LINK_MODE:
        kind, target = MemberKind.SYMBOLIC_LINK, "a place that the archive states"
    elif flags & ~_KNOWN_FLAGS or deflated is None:
        why = "it is encrypted" if flags & _ENCRYPTED else "its packing is not supported"
        problems.append(Problem(ProblemKind.DAMAGED, name, why))
        kind = MemberKind.SPECIAL
    place = Range(offset, stored, deflated or False, crc, raw)
    return Member(name, kind, size, place, target)


def open_tar(source: ArchiveBytes, *, name: str, marker: str) -> IndexedArchive:
    """Read a plain tar's headers. Raises UnreachableError where the archive cannot be read."""
    problems: list[Problem] = []
    try:
        members = list(_tar_members(source, problems))
    except OSError as error:
        raise as_unreachable(source, error) from error
    return _archive(source, members, problems, name=name, marker=marker)


def _tar_members(source: ArchiveBytes, problems: list[Problem]) -> Iterator[Member[Range]]:
    with source.opened() as stream:
        try:
            archive = tarfile.open(fileobj=stream, mode="r:")  # noqa: SIM115 - of no use beyond
            while (info := archive.next()) is not None:
                archive.members = []  # type: ignore[attr-defined] # it would keep every header
                if info.issparse():
                    problems.append(Problem(ProblemKind.DAMAGED, info.name, "it is sparse"))
                yield tar_member(info)
            _check_end(stream, archive.offset, problems)
        except (tarfile.TarError, EOFError, ValueError, OverflowError) as error:
            problems.append(Problem(ProblemKind.DAMAGED, None, str(error) or "it is cut off"))


def _check_end(stream: BinaryIO, offset: int, problems: list[Problem]) -> None:
    """After the last header come blocks of zeros; anything else is a broken header."""
    stream.seek(offset)
    block = stream.read(_BLOCK)
    if block.strip(b"\x00"):
        detail = f"no member's header stands at byte {offset:,}"
        problems.append(Problem(ProblemKind.DAMAGED, None, detail))


def tar_member(info: tarfile.TarInfo) -> Member[Range]:
    """A tar header as a member."""
    place = Range(info.offset_data, info.size)
    if info.isreg() and not info.issparse():
        kind = MemberKind.FILE
    elif info.isdir():
        kind = MemberKind.FOLDER
    elif info.issym():
        kind = MemberKind.SYMBOLIC_LINK
    elif info.islnk():
        kind = MemberKind.HARD_LINK
    else:
        kind = MemberKind.SPECIAL
    return Member(info.name, kind, info.size, place, info.linkname or None)


def _archive(
    source: ArchiveBytes,
    members: Sequence[Member[Range]],
    problems: Sequence[Problem],
    *,
    name: str,
    marker: str,
) -> IndexedArchive:
    index = index_members(members, archive_name=name, marker=marker)
    index.problems.extend(problems)
    return IndexedArchive(source, index, name)
