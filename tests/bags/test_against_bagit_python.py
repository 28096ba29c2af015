"""Where bagit-python, which many repositories run, judges otherwise than we do, and who is right.

Its verdict is computed here, on every bag of the requirement table; each disagreement is listed
with the section of RFC 8493 that decides. One that is not listed fails, on either side.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import bagit
import pytest
from all_cases import BY_NAME
from bagbuilder import UTF_8_MARK, Bag
from bagcheck import check, rule_ids, shelf

from muniment.bags.second_opinion import second_opinion
from muniment.bags.sources import Sources, survey_sources
from muniment.model.findings import Verdict

CASES = [case for cases in BY_NAME.values() for case in cases]
MEASURED = "1.9.0"
COMPARED = ("0.97", "1.0")  # 0.97 is what it writes


class Row(NamedTuple):
    """What it does, the section that decides, the versions, and the bags of the table."""

    does: str
    section: str
    versions: str
    names: tuple[str, ...]


DISAGREEMENTS: tuple[Row, ...] = (
    # It accepts what the standard refuses.
    Row(
        "accepts",
        "2.1.1",
        "0.97 and 1.0",
        (
            "a third line",
            "an empty third line",
            "reversed lines",
            "no blank after the colon",
            "two blanks after the colon",
            "a tab after the colon",
            "a blank before the colon",
            "a blank before the label",
            "a blank at the line's end",
            "encoding 'idna'",
        ),
    ),
    Row(
        "accepts",
        "2.1.1",
        "1.0",
        (
            "version 1.1",
            "version 0.98",
            "version 1",
            "version 1.00",
            "version 01.0",
        ),
    ),
    Row("accepts", "2.1.3", "0.97", ("a tag file in a payload manifest",)),
    Row(
        "accepts",
        "2.1.3",
        "0.97 and 1.0",
        (
            "a manifest line of a word",
            "a manifest line of a comment",
            "a manifest line of a path only",
            "a manifest line of a checksum only",
            "a manifest line of a checksum and blanks",
            "a manifest line of no blank",
            "a manifest line of blanks",
            "a doubled slash",
            "a dot in the path",
        ),
    ),
    Row(
        "accepts",
        "2.1.3",
        "1.0",
        (
            "a payload file in one of two manifests",
            "a payload file missing in the first manifest",
            "an empty manifest line",
            "a percent sign that is not coded",
        ),
    ),
    Row("accepts", "2.2.1", "0.97", ("a payload file in a tag manifest",)),
    Row("accepts", "2.2.1", "0.97 and 1.0", ("a tag manifest listed",)),
    Row(
        "accepts",
        "2.2.1",
        "1.0",
        (
            "a payload manifest in no tag manifest",
            "a payload manifest in one of two tag manifests",
        ),
    ),
    Row(
        "accepts",
        "2.2.2",
        "0.97 and 1.0",
        (
            "a line with no label",
            "payload-oxum 13.2",
            "payload-oxum 12.1",
            "payload-oxum 12.3",
            "payload-oxum 0.0",
            "Payload-Oxum ١٢.٢",
            "Payload-Oxum twice",
        ),
    ),
    Row(
        "accepts",
        "2.2.2",
        "1.0",
        (
            "a blank before the first label",
            "a blank before the colon",
            "a tab before the colon",
            "no blank between colon and value",
        ),
    ),
    Row(
        "accepts",
        "2.2.3",
        "1.0",
        (
            "fetch.txt with a blank before the address",
            "fetch.txt with the length abc",
            "fetch.txt with the length -6",
            "fetch.txt with the length 6.0",
            "fetch.txt with the length 0x6",
            "fetch.txt with the length 6,000",
            "fetch.txt with the length ٦",
            "fetch.txt with the length 999999999",
            "fetch.txt with a blank in its address",
            "fetch.txt with a tag file",
            "fetch.txt with an unlisted file",
            "fetch txt with a file of one manifest",
        ),
    ),
    Row(
        "accepts",
        "2.3",
        "0.97 and 1.0",
        (
            "a mark before a manifest",
            "a mark before bag info",
            "a mark before utf 16le",
        ),
    ),
    Row("accepts", "2.4", "0.97 and 1.0", ("an algorithm that nobody knows",)),
    Row("accepts", "2.4", "1.0", ("a tag manifest named in upper case",)),
    Row(
        "accepts",
        "5.1",
        "0.97 and 1.0",
        (
            "../bag-evil/hello.txt in fetch.txt",
            "C:\\Windows\\win.ini in fetch.txt",
            "C:/Windows/win.ini in fetch.txt",
            "c:hello.txt in fetch.txt",
            "\\\\?\\C:\\Windows\\win.ini in fetch.txt",
            "\\\\?\\UNC\\server\\share\\hello.txt in fetch.txt",
            "\\\\server\\share\\hello.txt in fetch.txt",
            "%HomeDrive%\\hello.txt in fetch.txt",
            "%USERPROFILE%/hello.txt in fetch.txt",
            "$HOME/hello.txt in fetch.txt",
            "${HOME}/hello.txt in fetch.txt",
            "data\\..\\..\\hello.txt in fetch.txt",
            "data/..\\..\\hello.txt in fetch.txt",
            "a folder that is a link out of the bag",
        ),
    ),
    # It refuses what the standard allows.
    Row(
        "rejects",
        "2.1.3",
        "0.97",
        (
            "a name that looks coded",
            "a percent sign coded as in 1 0",
        ),
    ),
    Row(
        "rejects",
        "2.1.3",
        "0.97 and 1.0",
        (
            "the name 'end '",
            "a blank at a names end",
            "line ends in names",
        ),
    ),
    Row(
        "rejects",
        "2.1.3",
        "1.0",
        (
            "a percent sign in a name",
            "names that look coded",
        ),
    ),
    Row(
        "rejects",
        "2.2.3",
        "0.97",
        (
            "fetch.txt with the address hello.txt",
            "fetch.txt with the address /hello.txt",
            "fetch.txt with the address //example.org/hello.txt",
            "fetch.txt with the address example.org/a:b",
            "fetch.txt with the address 1a:b",
        ),
    ),
    Row("rejects", "2.2.3", "1.0", ("fetch txt with a percent sign",)),
    Row("rejects", "2.3", "0.97 and 1.0", ("other characters that some take for line ends",)),
    Row(
        "rejects",
        "2.4",
        "0.97",
        (
            "a manifest named manifest-SHA256.txt",
            "a manifest named manifest-sha-256.txt",
            "a manifest named manifest-sha_256.txt",
            "a manifest named Manifest-sha256.TXT",
        ),
    ),
    Row("rejects", "2.4", "0.97 and 1.0", ("sha 3",)),
    Row(
        "rejects",
        "6.1",
        "0.97 and 1.0",
        (
            "another unicode form in the manifest",
            "backslashes as md5sum writes them",
            "a line end as md5sum writes it",
        ),
    ),
    # It raises an exception that is none of its own.
    Row(
        "crashes",
        "2.2.3",
        "0.97",
        (
            "fetch.txt with a word",
            "fetch.txt with two words",
            "fetch.txt with an empty line",
        ),
    ),
    Row("crashes", "2.3", "0.97 and 1.0", ("big endian utf 16 without a mark",)),
)


def opinion(folder: Path) -> str:
    """What bagit-python says of a bag: accepts, rejects, or crashes."""
    try:
        bagit.Bag(str(folder)).validate(processes=1)
    except bagit.BagError:
        return "rejects"
    except Exception:  # noqa: BLE001 - a crash is what is measured
        return "crashes"
    return "accepts"


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logger = logging.getLogger("bagit")
    before, logger.disabled = logger.disabled, True
    yield
    logger.disabled = before


def test_every_disagreement_is_listed() -> None:
    listed = {
        (row.does, name, version)
        for row in DISAGREEMENTS
        for name in row.names
        for version in row.versions.split(" and ")
    }
    found = set()
    for case in CASES:
        if case.version not in COMPARED:
            continue
        with shelf() as folder:
            home = case.bag().write(folder / "bag")
            ours, theirs = check(home).verdict(), opinion(home)
        if (ours is Verdict.PASS) != (theirs == "accepts"):
            found.add((theirs, case.name, case.version))
    assert found - listed == set()
    if bagit.VERSION == MEASURED:
        assert listed - found == set(), "these are no disagreements any more"


class Measured(NamedTuple):
    """A bag on which its verdict is known to be wrong; `rules` is all that we find."""

    name: str
    does: str
    build: Callable[[], Bag]
    verdict: Verdict
    rules: tuple[str, ...]


URL = "https://example.org/hello.txt"
NFC, NFD = "data/caf\xe9.txt", "data/cafe\u0301.txt"
TWO = ("md5", "sha256")


def _fetch(line: str) -> Callable[[], Bag]:
    return lambda: Bag().add("fetch.txt", line).seal()


def _declared(old: str, new: str) -> Callable[[], Bag]:
    return lambda: Bag().edit("bagit.txt", old, new).seal()


def _described(line: str) -> Callable[[], Bag]:
    return lambda: Bag().add("bag-info.txt", line).seal()


def _listed(line: str) -> Callable[[], Bag]:
    return lambda: Bag().add("manifest-sha256.txt", line).seal()


def _marked(path: str) -> Callable[[], Bag]:
    return lambda: (bag := Bag()).put(path, UTF_8_MARK + bag.files[path]).seal()


def _different_sets() -> Bag:
    return Bag(algorithms=TWO).list_files("manifest-md5.txt", "md5", ["data/hello.txt"]).seal()


def _listed_as_a_tag_file() -> Bag:
    bag = Bag().put("data/new.txt", b"new").seal()
    return bag.add("tagmanifest-sha256.txt", bag.line("data/new.txt"))


def _tag_file_as_payload() -> Bag:
    bag = Bag(version="0.97")
    return bag.add("manifest-sha256.txt", bag.line("bag-info.txt")).seal()


FAIL, PASS = Verdict.FAIL, Verdict.PASS
KNOWN = (
    Measured("manifests of different file sets", "accepts", _different_sets, FAIL, ("BAG-203",)),
    Measured(
        "a payload file listed in a tag manifest only",
        "accepts",
        _listed_as_a_tag_file,
        FAIL,
        ("BAG-141", "BAG-202"),
    ),
    Measured(
        "a manifest that names a tag file", "accepts", _tag_file_as_payload, FAIL, ("BAG-123",)
    ),
    Measured("a malformed line", "accepts", _listed("nonsense"), FAIL, ("BAG-120",)),
    Measured("a line that begins with #", "accepts", _listed("# x"), FAIL, ("BAG-120",)),
    Measured("a mark", "accepts", _marked("manifest-sha256.txt"), FAIL, ("BAG-132",)),
    Measured("a mark in bag-info", "accepts", _marked("bag-info.txt"), FAIL, ("BAG-132",)),
    Measured("a third line", "accepts", _declared("8\n", "8\nX: y\n"), FAIL, ("BAG-102",)),
    Measured(
        "reversed lines",
        "accepts",
        lambda: (
            Bag()
            .put("bagit.txt", "Tag-File-Character-Encoding: UTF-8\nBagIt-Version: 1.0\n")
            .seal()
        ),
        FAIL,
        ("BAG-102",),
    ),
    Measured("a missing space", "accepts", _declared(": 1", ":1"), FAIL, ("BAG-102",)),
    Measured("version 1.7", "accepts", _declared("1.0", "1.7"), FAIL, ("BAG-103",)),
    Measured("a blank before the colon", "accepts", _described("Note : x"), FAIL, ("BAG-151",)),
    Measured("a wrong oxum", "accepts", _described("payload-oxum: 1.1"), FAIL, ("BAG-206",)),
    Measured(
        "a repeated oxum",
        "accepts",
        lambda: Bag().add("bag-info.txt", *["Payload-Oxum: 12.2"] * 2).seal(),
        FAIL,
        ("BAG-154",),
    ),
    Measured("an unlisted entry", "accepts", _fetch(f"{URL} 1 data/x"), FAIL, ("FET-105",)),
    Measured("a tag file fetched", "accepts", _fetch(f"{URL} 1 bagit.txt"), FAIL, ("FET-104",)),
    Measured("length abc", "accepts", _fetch(f"{URL} abc data/hello.txt"), FAIL, ("FET-103",)),
    Measured(
        "an address on the reader's machine",
        "accepts",
        _fetch("file:///etc/passwd 6 data/hello.txt"),
        PASS,
        ("FET-108",),
    ),
    Measured("a sibling folder", "accepts", _fetch(f"{URL} 1 ../bag-evil/x"), FAIL, ("BAG-122",)),
    Measured(
        "case twins",
        "accepts",
        lambda: Bag().put_listed("data/HELLO.txt", b"x").seal(),
        PASS,
        ("BAG-405",),
    ),
    Measured(
        "a coded percent sign",
        "rejects",
        lambda: Bag().put_listed("data/100%.txt", b"x").seal(),
        PASS,
        (),
    ),
    Measured(
        "a file really named x%0Ay, as it writes it",
        "rejects",
        lambda: Bag(version="0.97").put_listed("data/x%0Ay", b"x", "data/x%0Ay").seal(),
        PASS,
        ("BAG-409",),
    ),
    Measured(
        "a name that ends in a blank",
        "rejects",
        lambda: Bag().put_listed("data/x ", b"x").seal(),
        PASS,
        ("BAG-406",),
    ),
    Measured(
        "a manifest in NFD beside a disk in NFC",
        "rejects",
        lambda: Bag().put_listed(NFD, b"x").seal().rename(NFD, NFC),
        PASS,
        ("BAG-404",),
    ),
    Measured("a fetch list of words", "crashes", _fetch("nonsense"), FAIL, ("FET-101",)),
    Measured("an oxum without a dot", "crashes", _described("Payload-Oxum: 7"), FAIL, ("BAG-155",)),
    Measured(
        "a tag file in another encoding",
        "crashes",
        lambda: Bag().put("bag-info.txt", b"Note: f\xfcr\n").seal(),
        FAIL,
        ("BAG-133",),
    ),
    Measured(
        "the encoding said twice",
        "crashes",
        _declared("8\n", "8\nTag-File-Character-Encoding: UTF-8\n"),
        FAIL,
        ("BAG-102",),
    ),
    Measured(
        "a folder that is a link",
        "accepts",
        lambda: Bag().seal().link("data/elsewhere", "maps"),
        FAIL,
        ("BAG-402",),
    ),
)


@pytest.mark.parametrize("known", KNOWN, ids=[known.name for known in KNOWN])
def test_what_it_does_wrong_we_do_right(known: Measured) -> None:
    with shelf() as folder:
        home = known.build().write(folder / "bag")
        report = check(home)
        if bagit.VERSION == MEASURED:
            assert opinion(home) == known.does
    assert report.verdict() is known.verdict
    assert tuple(rule_ids(report.findings)) == known.rules


@pytest.mark.parametrize("name", ["N\xfa\xf1ez", "HELLO.txt", "CON.txt"])
def test_what_it_packages_silently_we_tell_of(name: str, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for each in (name, "hello.txt", "Nu\u0301n\u0303ez"):
        (source / each).write_bytes(b"x")
    payload = survey_sources(Sources(paths=(source,)))
    rule = "SRC-112" if name.startswith("CON") else "SRC-111"
    assert rule_ids(payload.findings) == [rule]


def test_a_second_opinion_is_never_an_exception() -> None:
    for case in CASES:
        if case.version in COMPARED:
            with shelf() as folder:
                home = case.bag().write(folder / "bag")
                said = second_opinion(home)
                assert (said is None) == (opinion(home) == "accepts"), case.id
