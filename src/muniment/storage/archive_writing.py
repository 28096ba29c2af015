"""Write archives whose bytes depend on their content and date alone.

Members: owner 0, 0644 and 0755, the date as their time; tar in the PAX form, gzip without name
and time, zip deflated. The same for everyone, whatever the disk says.
"""

from __future__ import annotations

import gzip
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Protocol, cast

_FILE_MODE = 0o644
_FOLDER_MODE = 0o755
_UNIX = 3
_FIRST_ZIP_YEAR = 1980
_CHUNK = 1 << 20


class ArchiveWriter(Protocol):
    """Takes folders and files, one after another."""

    def folder(self, name: str) -> None:
        """Enter a folder."""

    def file(self, name: str, size: int, content: BinaryIO) -> None:
        """Enter a file of so many bytes. Raises OSError where the content is shorter."""


@contextmanager
def archive_writer(path: Path, ending: str, date: datetime) -> Iterator[ArchiveWriter]:
    """Write a new archive: `ending` is `.tar`, `.tar.gz` or `.zip`. Raises OSError."""
    with ExitStack() as stack:
        stream: BinaryIO = stack.enter_context(path.open("xb"))
        if ending == ".zip":
            yield _Zip(stack.enter_context(zipfile.ZipFile(stream, "w")), date)
            return
        if ending == ".tar.gz":
            packed = gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0)
            stream = cast("BinaryIO", stack.enter_context(packed))
        archive = tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        yield _Tar(stack.enter_context(archive), date)


class _Tar:
    def __init__(self, archive: tarfile.TarFile, date: datetime) -> None:
        self._archive = archive
        self._seconds = int(date.timestamp())

    def folder(self, name: str) -> None:
        self._archive.addfile(self._member(name, tarfile.DIRTYPE, _FOLDER_MODE))

    def file(self, name: str, size: int, content: BinaryIO) -> None:
        member = self._member(name, tarfile.REGTYPE, _FILE_MODE)
        member.size = size
        self._archive.addfile(member, content)
        self._archive.members = []  # type: ignore[attr-defined] # it would keep every header

    def _member(self, name: str, kind: bytes, mode: int) -> tarfile.TarInfo:
        member = tarfile.TarInfo(name)
        member.type, member.mode, member.mtime = kind, mode, self._seconds
        return member


class _Zip:
    def __init__(self, archive: zipfile.ZipFile, date: datetime) -> None:
        self._archive = archive
        earliest = datetime(_FIRST_ZIP_YEAR, 1, 1, tzinfo=UTC)
        day = max(date, earliest)
        self._time = (day.year, day.month, day.day, day.hour, day.minute, day.second)

    def folder(self, name: str) -> None:
        member = self._member(f"{name}/", 0o040000 | _FOLDER_MODE)
        member.compress_type = zipfile.ZIP_STORED
        member.external_attr |= 0x10  # how DOS says that it is a folder
        self._archive.writestr(member, b"")

    def file(self, name: str, size: int, content: BinaryIO) -> None:
        member = self._member(name, 0o100000 | _FILE_MODE)
        member.file_size = size
        with self._archive.open(member, "w") as target:
            _copy(content, target, size)

    def _member(self, name: str, mode: int) -> zipfile.ZipInfo:
        member = zipfile.ZipInfo(name, self._time)
        member.create_system = _UNIX
        member.external_attr = mode << 16
        member.compress_type = zipfile.ZIP_DEFLATED
        return member


def _copy(content: BinaryIO, target: object, size: int) -> None:
    writer = cast("BinaryIO", target)
    left = size
    while left:
        data = content.read(min(_CHUNK, left))
        if not data:
            raise OSError("unexpected end of data")
        writer.write(data)
        left -= len(data)
