"""Parts of one file, each read and digested as a file of its own: members of tar and zip archives.

`hash_ranges` is what a worker process runs.
"""

from __future__ import annotations

import functools
import operator
import os
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from muniment.storage.batches import in_batches
from muniment.storage.containers import Fault
from muniment.storage.hashing import CHUNK_BYTES, Hasher, HasherMaker, hasher_maker

_READ = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
# The zip file format (PKWARE's APPNOTE), section 4.3.7.
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_LOCAL_SIGNATURE = b"PK\x03\x04"
_ENCRYPTED = 0x1
_SIZES_FOLLOW = 0x8
_IN_ZIP64 = 0xFFFFFFFF
_DEFLATED = 8
# What programs write into the extra field of a local header, in bytes; more is read by itself.
_USUAL_EXTRA = 64


class Range(NamedTuple):
    """Where a member's bytes lie.

    `stored` is the bytes that they take in the archive. `deflated` None: they lie as they are, at
    `offset`. Else it is a zip member, its local header at `offset`; `crc` is its check sum and
    `name` its name, as the archive's directory states them.
    """

    offset: int
    stored: int
    deflated: bool | None = None
    crc: int = 0
    name: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeBatch:
    """Members of one archive to be digested. `sizes` are their bytes when unpacked.

    What a `Range` says of each stands in columns: so it costs a seventh to hand over to a process.
    """

    archive: str
    offsets: tuple[int, ...]
    stored: tuple[int, ...]
    deflated: tuple[bool | None, ...]
    crcs: tuple[int, ...]
    names: tuple[bytes, ...]
    sizes: tuple[int, ...]
    algorithms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HashedRanges:
    """Per algorithm one run of raw digests, in the batch's order; faults by place."""

    runs: tuple[bytes, ...]
    sizes: tuple[int, ...]
    faults: dict[int, Fault] = field(default_factory=dict)


ReadAt = Callable[[int, int], bytes]
"""So many bytes from a place on, fewer at the end: `(size, offset)`, both in bytes."""


class DamagedError(Exception):
    """The bytes are there, and broken; the text says how it shows."""


def hash_ranges(batch: RangeBatch) -> HashedRanges:
    """Read every range of a batch once and digest it by every algorithm. Raises OSError."""
    descriptor = os.open(batch.archive, _READ)
    try:
        return hash_places(functools.partial(os.pread, descriptor), batch)
    finally:
        os.close(descriptor)


def hash_places(read_at: ReadAt, batch: RangeBatch) -> HashedRanges:
    """The same over any source of bytes, whatever its own errors besides OSError."""
    makers = tuple(hasher_maker(name) for name in batch.algorithms)
    nothing = tuple(bytes(len(make().digest())) for make in makers)
    rows: list[tuple[bytes, ...]] = []
    faults: dict[int, Fault] = {}
    places = map(Range, batch.offsets, batch.stored, batch.deflated, batch.crcs, batch.names)
    for place, size in zip(places, batch.sizes, strict=True):
        try:
            rows.append(_hash_range(read_at, place, size, makers))
        except DamagedError as damage:
            faults[len(rows)] = Fault(str(damage), damaged=True)
            rows.append(nothing)
        except OSError as error:
            faults[len(rows)] = Fault(error.strerror or str(error))
            rows.append(nothing)
    runs = tuple(b"".join(column) for column in zip(*rows, strict=True))
    return HashedRanges(runs=runs, sizes=batch.sizes, faults=faults)


def _hash_range(
    read_at: ReadAt, place: Range, size: int, makers: Sequence[HasherMaker]
) -> tuple[bytes, ...]:
    if size < CHUNK_BYTES and place.stored < CHUNK_BYTES:
        data = _small(read_at, place, size)
        return tuple([make(data).digest() for make in makers])
    hashers: list[Hasher] = [make() for make in makers]
    for chunk in range_chunks(read_at, place, size):
        for hasher in hashers:
            hasher.update(chunk)
    return tuple(hasher.digest() for hasher in hashers)


def _small(read_at: ReadAt, place: Range, size: int) -> bytes:
    """A small member's unpacked bytes: most often one read, of its header and bytes together."""
    if place.deflated is None:
        data = read_at(place.stored, place.offset)
        return data if len(data) == place.stored else _joined(read_at, place, size)
    wanted = _LOCAL_HEADER.size + len(place.name) + _USUAL_EXTRA + place.stored
    data = read_at(wanted, place.offset)
    start = _local_header_size(data, place, size)
    if len(data) < start + place.stored:
        return _joined(read_at, place, size)
    packed = data[start : start + place.stored]
    unpacked = _inflated_whole(packed, size) if place.deflated else packed
    _judge(len(unpacked), zlib.crc32(unpacked), size, place.crc)
    return unpacked


def _joined(read_at: ReadAt, place: Range, size: int) -> bytes:
    return b"".join(range_chunks(read_at, place, size))


def range_chunks(read_at: ReadAt, place: Range, size: int) -> Iterator[bytes]:
    """A member's unpacked bytes, a piece at a time. Raises DamagedError, OSError."""
    if place.deflated is None:
        yield from _raw_chunks(read_at, place.offset, place.stored)
        return
    header = read_at(_LOCAL_HEADER.size + len(place.name), place.offset)
    start = place.offset + _local_header_size(header, place, size)
    chunks = _raw_chunks(read_at, start, place.stored)
    unpacked = _inflated(chunks, size) if place.deflated else chunks
    yield from _checked(unpacked, size, place.crc)


def _raw_chunks(read_at: ReadAt, offset: int, size: int) -> Iterator[bytes]:
    end = offset + size
    while offset < end:
        data = read_at(min(CHUNK_BYTES, end - offset), offset)
        if not data:
            raise DamagedError("the archive ends in the middle of it")
        offset += len(data)
        yield data


def _local_header_size(header: bytes, place: Range, size: int) -> int:
    """The bytes before a zip member's own. Programs that read a zip as a stream go by them."""
    if len(header) < _LOCAL_HEADER.size or not header.startswith(_LOCAL_SIGNATURE):
        raise DamagedError("the archive's header of it is broken")
    _, _, flags, method, _, _, crc, stored, unpacked, name_size, extra_size = (
        _LOCAL_HEADER.unpack_from(header)
    )
    name = header[_LOCAL_HEADER.size : _LOCAL_HEADER.size + len(place.name)]
    stated = (crc, stored, unpacked)
    by_size = flags & _SIZES_FOLLOW or _IN_ZIP64 in stated
    if (
        (name, name_size, method == _DEFLATED) != (place.name, len(place.name), place.deflated)
        or flags & _ENCRYPTED
        or not (by_size or stated == (place.crc, place.stored, size))
    ):
        raise DamagedError("the archive's directory and the header before it disagree")
    return _LOCAL_HEADER.size + int(name_size) + int(extra_size)


def _inflated_whole(packed: bytes, size: int) -> bytes:
    """Unpack a small member at once; a byte more than stated is enough to know that it is more."""
    try:
        data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, size + 1)
    except zlib.error as error:
        raise DamagedError(f"its packed bytes are broken ({error})") from error
    if len(data) > size:
        raise DamagedError(f"it unpacks to more than the {size:,} bytes stated")
    return data


def _inflated(chunks: Iterable[bytes], size: int) -> Iterator[bytes]:
    """Unpack, never more than a piece at a time, nor more than the archive says there is."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    total = 0
    try:
        for chunk in chunks:
            rest = chunk
            while rest and not unpacker.eof:
                data = unpacker.decompress(rest, CHUNK_BYTES)
                rest = unpacker.unconsumed_tail
                total += len(data)
                if total > size:
                    raise DamagedError(f"it unpacks to more than the {size:,} bytes stated")
                yield data
        yield unpacker.flush()
    except zlib.error as error:
        raise DamagedError(f"its packed bytes are broken ({error})") from error


def _checked(chunks: Iterable[bytes], size: int, crc: int) -> Iterator[bytes]:
    total = actual = 0
    for chunk in chunks:
        total += len(chunk)
        actual = zlib.crc32(chunk, actual)
        yield chunk
    _judge(total, actual, size, crc)


def _judge(total: int, actual: int, size: int, crc: int) -> None:
    """Hold a member's bytes and their CRC-32 against what the archive states."""
    if total != size:
        raise DamagedError(f"it unpacks to {total:,} bytes; {size:,} are stated")
    if actual != crc:
        raise DamagedError(f"its CRC-32 is {actual:08x}; the archive states {crc:08x}")


def range_batches(
    archive: str,
    files: Iterable[tuple[str, int]],
    place_of: Callable[[str], Range],
    algorithms: Sequence[str],
) -> Iterator[tuple[tuple[str, ...], RangeBatch]]:
    """Cut a listing into batches, each with its paths."""
    for batch in in_batches(files, operator.itemgetter(1)):
        paths, sizes = zip(*batch, strict=True)
        columns = zip(*map(place_of, paths), strict=True)
        offsets, stored, deflated, crcs, names = columns
        yield (
            paths,
            RangeBatch(
                archive=archive,
                offsets=offsets,
                stored=stored,
                deflated=deflated,
                crcs=crcs,
                names=names,
                sizes=sizes,
                algorithms=tuple(algorithms),
            ),
        )
