"""A zip's directory is read as Python's zipfile reads it, and a broken one is told."""

from __future__ import annotations

import io
import struct
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.storage.archive_index import Member, MemberKind, index_members
from muniment.storage.zip_directory import BrokenDirectoryError, Record, read_directory

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=20)
CONTENTS = st.dictionaries(NAMES, st.binary(max_size=200), max_size=5)


def zipped(files: dict[str, bytes], *, comment: bytes = b"", before: bytes = b"") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.comment = comment
    return before + buffer.getvalue()


def read(data: bytes) -> list[Record]:
    return read_directory(io.BytesIO(data))


def as_zipfile_reads(data: bytes) -> list[tuple[object, ...]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [
            (i.filename, i.flag_bits, i.compress_type, i.CRC, i.compress_size, i.file_size,
             i.header_offset, i.external_attr >> 16)
            for i in archive.infolist()
        ]  # fmt: skip


def ours(data: bytes) -> list[tuple[object, ...]]:
    return [(record.name, *record[2:]) for record in read(data)]


@given(files=CONTENTS, comment=st.binary(max_size=50), before=st.binary(max_size=50))
def test_it_is_read_as_zipfile_reads_it(
    files: dict[str, bytes], comment: bytes, before: bytes
) -> None:
    data = zipped(files, comment=comment.replace(b"PK", b""), before=before)
    assert ours(data) == as_zipfile_reads(data)


@given(data=st.data(), files=CONTENTS)
def test_a_changed_byte_is_read_alike_or_told(data: st.DataObject, files: dict[str, bytes]) -> None:
    whole = bytearray(zipped(files))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    try:
        records = ours(bytes(whole))
    except BrokenDirectoryError:
        return
    names = [str(record[0]).partition("\x00")[0] for record in records]
    assert names == [str(record[0]) for record in as_zipfile_reads(bytes(whole))]


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x05\x06", b"PK\x05\x06" + bytes(18)]))
def test_any_bytes_are_read_or_told(head: bytes, tail: bytes) -> None:
    with suppress(BrokenDirectoryError):
        assert all(isinstance(record, Record) for record in read(head + tail))


def test_an_archive_of_nothing_is_whole() -> None:
    assert read(zipped({})) == []


def test_the_sizes_of_a_large_member_come_from_zip64() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, archive.open("x", "w", force_zip64=True) as to:
        to.write(b"content")
    data = bytearray(buffer.getvalue())
    at = data.index(b"PK\x01\x02")
    extra = struct.pack("<2H3Q", 1, 24, 7, 7, 0)
    data[at + 20 : at + 28] = b"\xff" * 8
    data[at + 42 : at + 46] = b"\xff" * 4
    data[at + 30 : at + 32] = struct.pack("<H", len(extra))
    data[at + 47 : at + 47] = extra
    end = data.index(b"PK\x05\x06")
    data[end + 12 : end + 16] = struct.pack("<L", end - at)
    (record,) = read(bytes(data))
    assert (record.size, record.stored, record.offset) == (7, 7, 0)
    assert ours(bytes(data)) == as_zipfile_reads(bytes(data))


def test_more_members_than_the_end_record_can_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    data = zipped({"a": b"1", "b": b"2"})
    assert b"PK\x06\x06" in data
    assert [record.name for record in read(data)] == ["a", "b"]


def broken(data: bytes) -> str:
    with pytest.raises(BrokenDirectoryError) as told:
        read(data)
    return str(told.value)


def test_two_ends_are_refused_for_programs_would_disagree() -> None:
    inner = zipped({"other": b"x"})
    assert "two ends" in broken(zipped({"a": b"1"}, comment=inner))


def test_a_comment_that_names_no_second_end_is_harmless() -> None:
    assert [r.name for r in read(zipped({"a": b"1"}, comment=b"PK\x05\x06 and on"))] == ["a"]


def test_what_follows_the_end_is_refused() -> None:
    assert "does not end" in broken(zipped({"a": b"1"}) + b"more")


def test_two_end_records_that_disagree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    data = bytearray(zipped({"a": b"1", "b": b"2"}))
    end = data.rindex(b"PK\x05\x06")
    data[end + 8 : end + 12] = struct.pack("<2H", 7, 7)
    assert "disagree" in broken(bytes(data))


@pytest.mark.parametrize(("place", "value", "said"), [
    (4, 1, "several disks"), (8, 3, "several disks"), (16, 255, "does not lie"),
    (12, 200, "does not lie"),
])  # fmt: skip
def test_an_end_record_that_cannot_be(place: int, value: int, said: str) -> None:
    data = bytearray(zipped({"a": b"1"}))
    data[data.rindex(b"PK\x05\x06") + place] = value
    assert said in broken(bytes(data))


def test_a_directory_that_states_another_number_of_members() -> None:
    data = bytearray(zipped({"a": b"1"}))
    end = data.rindex(b"PK\x05\x06")
    data[end + 8 : end + 12] = struct.pack("<2H", 2, 2)
    assert "it states 2 members; its directory shows 1" in broken(bytes(data))


def test_a_record_whose_name_runs_out_of_the_directory() -> None:
    data = bytearray(zipped({"a": b"1"}))
    data[data.rindex(b"PK\x01\x02") + 28] = 99
    assert "cut off" in broken(bytes(data))


def test_a_name_that_says_utf8_and_is_not() -> None:
    data = zipped({"\xe9": b"1"})
    start = data.rindex(b"PK\x01\x02") + 46
    assert "is not UTF-8" in broken(data[:start] + b"\xff\xff" + data[start + 2 :])


def test_a_version_that_nobody_knows() -> None:
    data = bytearray(zipped({"a": b"1"}))
    data[data.rindex(b"PK\x01\x02") + 6] = 64
    assert "version 6.4" in broken(bytes(data))


def test_a_zip64_field_that_is_cut_off() -> None:
    data = bytearray(zipped({"a": b"1"}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = b"\xff" * 4
    data[at + 30 : at + 32] = struct.pack("<H", 4)
    data[at + 47 : at + 47] = struct.pack("<2H", 1, 0)
    end = data.rindex(b"PK\x05\x06")
    data[end + 12 : end + 16] = struct.pack("<L", end - at)
    assert "zip64 field is cut off" in broken(bytes(data))


@given(NAMES | st.text("ab./\\~%$:\n ", min_size=1, max_size=8))
def test_the_quick_look_at_a_names_safety_agrees_with_the_close_one(name: str) -> None:
    """What lies in the index is a path that stays where it is, whichever way it was looked at."""
    members = [Member(f"top/{name}", MemberKind.FILE, 1, None)]
    index = index_members(members, archive_name="top", marker="bagit.txt")
    for path in index.files:
        parts = path.split("/")
        assert ".." not in parts
        assert "" not in parts[:-1]
        assert not path.startswith(("/", "\x00"))
