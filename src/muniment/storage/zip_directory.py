"""A zip's directory: the records at its end that say what lies in it and where.

The zip file format (PKWARE's APPNOTE), sections 4.3.12 to 4.3.16 and 4.5.3.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

_RECORD = struct.Struct("<4s6H3L5H2L")
_RECORD_SIGNATURE = b"PK\x01\x02"
_END = struct.Struct("<4s4H2LH")
_END_SIGNATURE = b"PK\x05\x06"
_END_64 = struct.Struct("<4sQ2H2L4Q")
_END_64_SIGNATURE = b"PK\x06\x06"
_LOCATOR_64 = struct.Struct("<4sLQL")
_LOCATOR_64_SIGNATURE = b"PK\x06\x07"
_LONGEST_COMMENT = 0xFFFF
_IN_ZIP64_16, _IN_ZIP64_32 = 0xFFFF, 0xFFFFFFFF
_EXTRA_HEADER = struct.Struct("<2H")
_EXTRA_64 = 0x0001
_NEWEST_VERSION = 63
NAME_IS_UTF8 = 0x800


class BrokenDirectoryError(Exception):
    """The directory cannot be read as one; the text says where it breaks."""


class Record(NamedTuple):
    """What the directory says of one member. Sizes in bytes; `offset` is that of its local header.

    `raw` is the name as it is stored, `mode` the Unix mode where the archive has one.
    """

    name: str
    raw: bytes
    flags: int
    method: int
    crc: int
    stored: int
    size: int
    offset: int
    mode: int


class _Directory(NamedTuple):
    """Where the directory lies, and what is said of it; `shift` is the bytes before the archive."""

    start: int
    size: int
    members: int
    shift: int


def read_directory(stream: BinaryIO) -> list[Record]:
    """Every member of a zip in the directory's order. Raises BrokenDirectoryError, OSError."""
    directory = _find(stream)
    stream.seek(directory.start)
    data = stream.read(directory.size)
    if len(data) != directory.size:
        raise BrokenDirectoryError("the directory is cut off")
    records = list(_records(data, directory.shift))
    if len(records) != directory.members:
        raise BrokenDirectoryError(
            f"it states {directory.members:,} members; its directory shows {len(records):,}"
        )
    return records


def _find(stream: BinaryIO) -> _Directory:
    """Read the end record, and that of zip64 before it where there is one."""
    size = stream.seek(0, os.SEEK_END)
    tail_start = max(0, size - _END.size - _LONGEST_COMMENT)
    stream.seek(tail_start)
    place = tail_start + _end_place(stream.read())
    stream.seek(place)
    _, *disks, on_disk, count, length, offset, _ = _END.unpack(stream.read(_END.size))
    stated = (count, length, offset)
    end, found = _find_64(stream, place, stated) or (place, stated)
    if any(disks) or on_disk != count:
        raise BrokenDirectoryError("it is a part of an archive on several disks")
    count, length, offset = found
    shift = end - length - offset
    if shift < 0:
        raise BrokenDirectoryError("its directory does not lie where its end record says")
    return _Directory(end - length, length, count, shift)


def _end_place(tail: bytes) -> int:
    """Where the end record stands: it and its comment are the last of the archive."""
    places = []
    place = tail.find(_END_SIGNATURE)
    while place >= 0:
        if len(tail) - place >= _END.size:
            comment = int(_END.unpack_from(tail, place)[-1])
            if place + _END.size + comment == len(tail):
                places.append(place)
        place = tail.find(_END_SIGNATURE, place + 1)
    if not places:
        raise BrokenDirectoryError("it does not end as one does")
    if len(places) > 1:
        raise BrokenDirectoryError("it has two ends: programs would disagree on what lies in it")
    return places[0]


def _find_64(
    stream: BinaryIO, place: int, stated: tuple[int, int, int]
) -> tuple[int, tuple[int, int, int]] | None:
    """Where zip64's end record stands and what it says, or None where there is none."""
    start = place - _LOCATOR_64.size - _END_64.size
    if start < 0:
        return None
    stream.seek(start)
    data = stream.read(_END_64.size + _LOCATOR_64.size)
    if not data.startswith(_LOCATOR_64_SIGNATURE, _END_64.size):
        return None
    if not data.startswith(_END_64_SIGNATURE):
        raise BrokenDirectoryError("its zip64 end record is not where it should be")
    *_, disk, first_disk, on_disk, count, length, offset = _END_64.unpack_from(data)
    _, locator_disk, _, disks = _LOCATOR_64.unpack_from(data, _END_64.size)
    if disk or first_disk or locator_disk or disks > 1 or on_disk != count:
        raise BrokenDirectoryError("it is a part of an archive on several disks")
    found = (count, length, offset)
    limits = (_IN_ZIP64_16, _IN_ZIP64_32, _IN_ZIP64_32)
    for short, value, limit in zip(stated, found, limits, strict=True):
        if short not in {value, limit}:
            raise BrokenDirectoryError("its two end records disagree")
    return start, found


def _records(data: bytes, shift: int) -> Iterator[Record]:
    """One record after another. Called once a member: kept flat."""
    at, end = 0, len(data)
    size_of_record, unpack = _RECORD.size, _RECORD.unpack_from
    while at < end:
        if end - at < size_of_record or not data.startswith(_RECORD_SIGNATURE, at):
            raise BrokenDirectoryError(f"no member's record stands at byte {at:,} of its directory")
        (
            _, _, version, flags, method, _, _, crc, stored, size,
            name_size, extra_size, comment_size, _, _, attributes, offset,
        ) = unpack(data, at)  # fmt: skip
        name_end = at + size_of_record + name_size
        raw = data[at + size_of_record : name_end]
        at = name_end + extra_size + comment_size
        if at > end:
            raise BrokenDirectoryError("its directory is cut off")
        if version & 0xFF > _NEWEST_VERSION:
            raise BrokenDirectoryError(f"version {(version & 0xFF) / 10} of the format is unknown")
        if _IN_ZIP64_32 in (size, stored, offset):
            extra = data[name_end : name_end + extra_size]
            size, stored, offset = _in_zip64(extra, (size, stored, offset))
        name = raw.decode("ascii") if raw.isascii() else _decoded(raw, flags)
        yield Record(name, raw, flags, method, crc, stored, size, offset + shift, attributes >> 16)


def _decoded(raw: bytes, flags: int) -> str:
    try:
        return raw.decode("utf-8" if flags & NAME_IS_UTF8 else "cp437")
    except UnicodeDecodeError as error:
        raise BrokenDirectoryError(f"the name {raw!r} is not UTF-8") from error


def _in_zip64(extra: bytes, values: tuple[int, int, int]) -> list[int]:
    """The sizes and the offset that were too large for the record, from its zip64 field."""
    at = 0
    while at + _EXTRA_HEADER.size <= len(extra):
        kind, length = _EXTRA_HEADER.unpack_from(extra, at)
        at += _EXTRA_HEADER.size
        if kind == _EXTRA_64:
            return _widened(extra[at : at + length], values)
        at += length
    return list(values)  # as large as can be, and no larger


def _widened(field: bytes, values: tuple[int, int, int]) -> list[int]:
    wide = []
    for value in values:
        if value != _IN_ZIP64_32:
            wide.append(value)
            continue
        if len(field) < 8:  # noqa: PLR2004 - one number
            raise BrokenDirectoryError("a zip64 field is cut off")
        wide.append(int.from_bytes(field[:8], "little"))
        field = field[8:]
    return wide
