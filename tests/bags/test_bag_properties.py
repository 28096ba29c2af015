"""What is written is read as it was meant, whatever it is; what is odd never breaks reading."""

from __future__ import annotations

import encodings
import io
import time
from collections.abc import Sequence
from encodings.aliases import aliases
from itertools import pairwise
from pkgutil import iter_modules

import pytest
from bagbuilder import Bag
from bagcheck import check, shelf
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from muniment.bags.baginfo import RECOMMENDED_LINE, BagInfo, read_bag_info, write_bag_info
from muniment.bags.declaration import read_declaration, write_declaration
from muniment.bags.encodings import UTF_8, Encoding, find_encoding
from muniment.bags.fetchlist import FetchEntry, read_fetch_list, write_fetch_list
from muniment.bags.manifests import (
    Column,
    ManifestName,
    ManifestSet,
    _Reader,
    manifest_name,
    read_manifest,
    write_manifest,
)
from muniment.bags.tagtext import LONGEST_LINE, MOST_FAULTS, TagText
from muniment.model.findings import Finding
from muniment.model.paths import unsafe_reason

MANIFEST = "manifest-sha256.txt"
# Whatever a tag file can hold: no lone surrogates, which UTF-8 has no bytes for.
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
WORDS = st.text(st.sampled_from("ab:#%-.\xe9\u2028\u0085\x0b\x0c \t"))
LABELS = (
    (TEXT | st.sampled_from(["Source-Organization", "Contact-Name", "Note"]))
    .map(lambda text: text.strip(" \t"))
    .filter(lambda text: text != "" and not set(":\r\n") & set(text))
)
PARTS = (TEXT | WORDS | st.sampled_from(["%0A", "%25", "a%b", ".keep", " x ", "*x"])).filter(
    lambda part: part not in {"", ".", ".."} and "/" not in part
)
PATHS = (
    st.lists(PARTS, min_size=1, max_size=4)
    .map(lambda parts: "data/" + "/".join(parts))
    .filter(lambda path: unsafe_reason(path) is None)
)


def name_of(path: str) -> ManifestName:
    name = manifest_name(path)
    assert name is not None
    return name


def told() -> tuple[list[Finding], TagText]:
    """Somewhere to collect findings, and a tag text in UTF-8 that tells them there."""
    found: list[Finding] = []
    return found, TagText(path="tag.txt", encoding=UTF_8, report=found.append)


# bag-info.txt


def read_info(data: bytes, *, strict: bool = True) -> tuple[BagInfo, list[Finding]]:
    found, text = told()
    return read_bag_info(text, io.BytesIO(data), strict=strict), found


@given(st.lists(st.tuples(LABELS, TEXT | WORDS)))
@example([("a", "b" * 40 + "  " + "c" * 40), ("a", "b " * 60), ("a", "x\r\ny\rz\n")])
@example([("a" * 90, "b c d"), ("a", " " * 100 + "b"), ("a", "b\t c" * 30)])
def test_bag_info_is_read_as_it_was_written(fields: list[tuple[str, str]]) -> None:
    info, found = read_info(write_bag_info(fields))
    meant = [
        (label, value.replace("\r\n", " ").replace("\r", " ").replace("\n", " ").strip(" \t"))
        for label, value in fields
    ]
    assert [(field.label, field.value) for field in info.fields] == meant
    structural = {"BAG-133", "BAG-134", "BAG-150", "BAG-151", "BAG-160"}
    assert structural & {finding.rule.id for finding in found} == set()


@given(LABELS.filter(lambda label: len(label) < 20), st.lists(st.text("abc", max_size=40)))
def test_bag_info_lines_are_short_where_they_can_be(label: str, words: list[str]) -> None:
    value = " ".join(word for word in words if word)
    lines = write_bag_info([(label, value)]).decode().split("\n")
    assert all(len(line) <= RECOMMENDED_LINE for line in lines)


# manifests


def read_one(
    data: bytes, *, strict: bool, name: str = MANIFEST
) -> tuple[ManifestSet, list[Finding]]:
    found, text = told()
    manifests = ManifestSet()
    read_manifest(text, io.BytesIO(data), manifests, name=name_of(name), strict=strict)
    return manifests, found


@given(st.dictionaries(PATHS, st.binary(min_size=32, max_size=32)))
def test_a_manifest_is_read_as_it_was_written(digests: dict[str, bytes]) -> None:
    manifests, found = read_one(write_manifest(digests.items()), strict=True)
    [column] = manifests.columns
    read = {path: column.expected(place) for path, place in manifests.index.items()}
    assert read == digests
    assert not found


LINES = st.lists(
    st.one_of(
        st.tuples(st.sampled_from("0123456789abcdef"), st.sampled_from("abc")).map(
            lambda pair: f"{pair[0] * 64}  data/{pair[1]}"
        ),
        st.tuples(
            st.sampled_from(["", "\\", " "]),
            st.sampled_from(["d" * 64, "D" * 64, "d" * 63, "x" * 64, "d d" * 20, ""]),
            st.sampled_from(["  ", " ", "\t", " *", "   ", ""]),
            st.sampled_from(["data/a", "./data/b", "data/%0A", "data//a", "/x", "bagit.txt", ""]),
        ).map("".join),
        WORDS,
    ),
    max_size=12,
)


@given(st.lists(LINES, min_size=1, max_size=2), st.booleans())
def test_many_lines_at_once_are_read_as_one_by_one(
    several: list[list[str]],
    strict: bool,  # noqa: FBT001 - hypothesis gives it
) -> None:
    def read(*, at_once: bool) -> tuple[object, list[Finding]]:
        found, text = told()
        manifests = ManifestSet()
        for number, lines in enumerate(several):
            name = name_of(f"manifest-sha{(256, 3256)[number]}.txt")
            column = Column(path=name.path, algorithm=name.algorithm, size=32)
            manifests.columns.append(column)
            reader = _Reader(
                text=text, name=name, strict=strict, index=manifests.index, column=column
            )
            if not (at_once and lines and reader.take_plain(lines)):
                for place, line in enumerate(lines, 1):
                    reader.take(place, line)
        states = [(bytes(each.listed), bytes(each.digests)) for each in manifests.columns]
        return (manifests.index, states), found

    assert read(at_once=True) == read(at_once=False)


# fetch.txt

ENTRIES = st.lists(
    st.builds(
        FetchEntry,
        url=st.sampled_from(["https://example.org/a", "ftp://x/y?z=1", "urn:a:b"]),
        length=st.none() | st.integers(0, 10**15),
        path=PATHS,
        line=st.just(0),
    ),
    unique_by=lambda entry: entry.path,
)


@given(ENTRIES)
def test_a_fetch_list_is_read_as_it_was_written(entries: list[FetchEntry]) -> None:
    found, text = told()
    lines = [(entry.path, b"d" * 32) for entry in entries]
    manifests, _ = read_one(write_manifest(lines), strict=True)
    data = write_fetch_list(entries)
    read = read_fetch_list(text, io.BytesIO(data), manifests, strict=True)
    assert [(e.url, e.length, e.path) for e in read] == [(e.url, e.length, e.path) for e in entries]
    assert not found


def test_our_own_declaration_is_right() -> None:
    found: list[Finding] = []
    declaration = read_declaration(write_declaration(), found.append)
    assert (declaration.version, declaration.encoding.codec) == ((1, 0), "utf-8")
    assert not found


# whatever comes in

TAG_BYTES = st.one_of(
    st.binary(),
    TEXT.map(str.encode),
    TEXT.map(lambda text: text.encode("utf-16")),
    LINES.map(lambda lines: "\n".join(lines).encode()),
    st.lists(
        st.sampled_from(
            [
                b"BagIt-Version: ",
                b"Tag-File-Character-Encoding: ",
                b"1.0",
                b"UTF-8",
                b"\n",
                b"\r",
                b": ",
                b" ",
                b"\xef\xbb\xbf",
                b"\xff\xfe",
                b"Payload-Oxum: ",
                b"9" * 5000,
                b"data/",
                b"https://a ",
                b"\x00",
                b"d" * 64,
            ]
        )
    ).map(b"".join),
)
ENCODINGS = st.sampled_from(
    [
        found
        for name in ("UTF-8", "UTF-16", "UTF-16LE", "UTF-32", "UTF-7", "ISO-2022-JP", "HZ-GB-2312")
        if (found := find_encoding(name)) is not None
    ]
    + [UTF_8]
)


@given(TAG_BYTES)
def test_any_bytes_for_a_declaration(data: bytes) -> None:
    found: list[Finding] = []
    read_declaration(data, found.append)
    if data != write_declaration() and not found:
        assert data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") == 2


@given(TAG_BYTES, ENCODINGS, st.booleans())
def test_any_bytes_for_tag_files(data: bytes, encoding: Encoding, strict: bool) -> None:  # noqa: FBT001
    found: list[Finding] = []
    text = TagText(path="tag.txt", encoding=encoding, report=found.append)
    read_bag_info(text, io.BytesIO(data), strict=strict)
    manifests = ManifestSet()
    for name in (MANIFEST, "tagmanifest-md5.txt", "manifest-madeup.txt"):
        read_manifest(text, io.BytesIO(data), manifests, name=name_of(name), strict=strict)
    read_fetch_list(text, io.BytesIO(data), manifests, strict=strict)
    for path in manifests.index:
        assert unsafe_reason(path) is None
    for finding in found:
        assert finding.location.path == "tag.txt"


CODECS = sorted(
    set(aliases) | set(aliases.values()) | {each.name for each in iter_modules(encodings.__path__)}
)


@given(st.sampled_from(CODECS) | TEXT, TAG_BYTES)
@settings(max_examples=400)
def test_any_name_for_an_encoding(name: str, data: bytes) -> None:
    encoding = find_encoding(name)
    if encoding is not None:
        text = TagText(path="tag.txt", encoding=encoding, report=lambda _: None)
        list(text.lines(io.BytesIO(data)))


@given(
    st.sampled_from(["bagit.txt", MANIFEST, "bag-info.txt", "fetch.txt", "tagmanifest-sha256.txt"]),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 3), st.binary(max_size=4)), min_size=1),
)
def test_any_damage_to_a_tag_file_is_judged(
    path: str, cuts: list[tuple[float, int, bytes]]
) -> None:
    bag = Bag().add("fetch.txt", "https://example.org/ 6 data/hello.txt").seal()
    data = bag.files[path]
    for where, gone, put in cuts:
        place = int(where * len(data))
        data = data[:place] + put + data[place + gone :]
    assume(data != bag.files[path])
    with shelf() as folder:
        report = check(bag.put(path, data).write(folder / "bag"))
    if path != "tagmanifest-sha256.txt":
        assert "BAG-302" in {finding.rule.id for finding in report.findings} or report.findings


HUGE = LONGEST_LINE - 100
HOSTILE = (
    b"a b" + b" " * HUGE,
    b" " * HUGE,
    b"a" * HUGE,
    b"\\" * HUGE,
    b"d" * HUGE + b" ",
    b"a:" + b" " * HUGE + b"x",
    b"a" + b" " * HUGE + b":",
    b"https://a " + b"%" * HUGE,
    b"d" * 64 + b"  data/" + b"%0" * (HUGE // 2),
    b"d" * 64 + b"  data/" + b"../" * (HUGE // 3),
    b"d" * 64 + b"  data/" + b"./" * (HUGE // 2),
    b"Payload-Oxum: " + b"9" * HUGE + b"." + b"9" * 9,
    b"Bagging-Date: " + b"2" * HUGE,
    b"Bag-Count: " + b"1" * HUGE,
    b"\n" * (HUGE // 5),
    b"Note: a\n" + b" b\n" * (HUGE // 9),
    b"a: b\n" * (HUGE // 25),
)


@pytest.mark.parametrize("data", HOSTILE, ids=[data[:16].decode() for data in HOSTILE])
def test_long_lines_and_many_lines_take_time_in_proportion(data: bytes) -> None:
    _, text = told()
    started = time.process_time()
    read_info(data)
    manifests, _ = read_one(data, strict=True)
    read_fetch_list(text, io.BytesIO(data), manifests, strict=True)
    read_declaration(data[:4096], lambda _: None)
    assert time.process_time() - started < 10


def test_of_very_many_faults_the_first_thousand_are_listed() -> None:
    _, found = read_one(b"\n" * 100_000, strict=True)
    assert {finding.rule.id for finding in found} == {"BAG-120"}
    assert [finding.location.line for finding in found] == [*range(1, MOST_FAULTS + 1), None]


def lines_of(data: bytes, encoding: Encoding = UTF_8) -> Sequence[str]:
    text = TagText(path="tag.txt", encoding=encoding, report=lambda _: None)
    return [line for _, line in text.lines(io.BytesIO(data))]


@given(st.lists(TEXT.filter(lambda line: not set("\r\n") & set(line))), st.data())
def test_lines_end_at_cr_lf_and_crlf_only(lines: list[str], data: st.DataObject) -> None:
    ends = [data.draw(st.sampled_from(["\r\n", "\n", "\r"])) for _ in lines]
    pairs = list(zip(lines, ends, strict=True))
    # CR before an empty line that ends in LF would be one line end, not two.
    assume(
        not any(
            end == "\r" and line == "" and following == "\n"
            for (_, end), (line, following) in pairwise(pairs)
        )
    )
    whole = "".join(line + end for line, end in pairs)
    assume(not whole.startswith("\ufeff"))
    assert lines_of(whole.encode()) == lines


def test_a_bad_byte_is_told_of_wherever_it_stands_in_a_large_file() -> None:
    found, text = told()
    block = 1 << 18
    data = b"x" * (block - 3) + b"\xff" + b"y" * (block * 2) + b"\nend\n"
    list(text.lines(io.BytesIO(data)))
    assert [(finding.rule.id, finding.location.line) for finding in found] == [("BAG-133", 1)]


def test_a_line_without_end_is_given_up_in_flat_memory() -> None:
    found, text = told()
    lines = list(text.lines(io.BytesIO(b"a\n" + b"x" * (LONGEST_LINE * 3))))
    assert lines == [(1, "a")]
    assert [(finding.rule.id, finding.location.line) for finding in found] == [("BAG-131", 2)]
