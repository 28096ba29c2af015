"""The test bags of bagit-java, bagit-python and bagit-ruby, built anew: the right verdict on each.

Where a suite expects another verdict, the section that decides stands beside the case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from bagbuilder import Bag
from bagcheck import check, shelf

from muniment.model.findings import Verdict

MANIFEST = "manifest-md5.txt"
URL = "http://localhost:8989/hello.txt"
NO_DIGEST = "d" * 32
PASS, FAIL, UNVERIFIED = Verdict.PASS, Verdict.FAIL, Verdict.UNVERIFIED


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteBag:
    """A bag of another's suite: what is done to a right one, and what must be found."""

    name: str
    change: Callable[[Bag], Bag]
    verdict: Verdict
    rules: frozenset[str]


def invalid(name: str, rule: str, change: Callable[[Bag], Bag]) -> SuiteBag:
    return SuiteBag(name=name, change=change, verdict=FAIL, rules=frozenset({rule}))


def valid(name: str, change: Callable[[Bag], Bag], *rules: str) -> SuiteBag:
    return SuiteBag(name=name, change=change, verdict=PASS, rules=frozenset(rules))


def info(*lines: str) -> Callable[[Bag], Bag]:
    return lambda bag: bag.add("bag-info.txt", *lines).seal()


def fetch(*lines: str) -> Callable[[Bag], Bag]:
    return lambda bag: bag.add("fetch.txt", *lines).seal()


def listed(path: str) -> Callable[[Bag], Bag]:
    return lambda bag: bag.add(MANIFEST, f"{NO_DIGEST} {path}").seal()


def payload(*paths: str) -> Callable[[Bag], Bag]:
    def put(bag: Bag) -> Bag:
        for path in paths:
            bag.put_listed(path, path.encode())
        return bag.seal()

    return put


def declared(version: str) -> Callable[[Bag], Bag]:
    text = f"BagIt-Version: {version}\nTag-File-Character-Encoding: UTF-8\n"
    return lambda bag: bag.put("bagit.txt", text.encode()).seal()


def in_capitals(bag: Bag) -> Bag:
    lines = [f"{line[:32].upper()}{line[32:]}" for line in bag.text(MANIFEST).splitlines()]
    return bag.write_lines(MANIFEST, lines).seal()


def with_tag_file(bag: Bag) -> Bag:
    return bag.put("tags/more/tag.txt", b"test").seal()


def nothing_left(bag: Bag) -> Bag:
    return bag.seal().drop(*bag.files)


EVERY_VERSION = [
    invalid(
        "java: tag files in the payload manifest",
        "BAG-123",
        lambda bag: bag.add(MANIFEST, bag.line("bagit.txt", "md5")).seal(),
    ),
    invalid("java: an address in the manifest", "BAG-122", listed("file:///foo/bar/ham.txt")),
    invalid("java: `~` in the manifest", "BAG-122", listed("~/foo/bar/ham.txt")),
    invalid("java: `..` in the manifest", "BAG-122", listed("../foo/bar/ham.txt")),
    invalid("java: a device in the manifest", "BAG-122", listed("\\\\?\\C:\\foo\\ham.txt")),
    invalid("java: an address to fetch to", "BAG-122", fetch(f"{URL} - file:///foo/ham.txt")),
    invalid("java: `~` to fetch to", "BAG-122", fetch(f"{URL} - ~/foo/bar/ham.txt")),
    invalid("java: `..` to fetch to", "BAG-122", fetch(f"{URL} - ../foo/bar/ham.txt")),
    invalid("java: a device to fetch to", "BAG-122", fetch(f"{URL} - \\\\?\\C:\\foo\\ham.txt")),
    invalid("java: bag-info not indented", "BAG-150", info("A: b", "the line goes on")),
    invalid("java: bag-info without a colon", "BAG-150", info("key; the value")),
    invalid("java: Payload-Oxum of other bytes", "BAG-206", info("Payload-Oxum: 13.2")),
    invalid("java: Payload-Oxum of other files", "BAG-206", info("Payload-Oxum: 12.3")),
    invalid("java: a listed file is not there", "BAG-201", lambda bag: bag.drop("data/hello.txt")),
    invalid("java: a file not listed", "BAG-202", lambda bag: bag.put("data/new", b"")),
    invalid("java: no payload folder", "BAG-110", lambda _: Bag(payload={}).no_folder("data")),
    invalid("java: no payload manifest", "BAG-111", lambda bag: bag.drop(MANIFEST)),
    invalid("java: a changed file", "BAG-301", lambda bag: bag.flip("data/hello.txt")),
    invalid("java: a changed tag file", "BAG-302", lambda bag: bag.seal().flip("bag-info.txt")),
    invalid(
        "java: tag files in .bagit, as a draft once had it",
        "BAG-101",
        lambda bag: bag.rename("bagit.txt", ".bagit/bagit.txt"),
    ),
    valid("java: an empty folder kept", payload("data/empty/.keep")),
    valid("java: hidden files and folders", payload("data/.foo/chips", "data/.hidden")),
    valid("java: fetch with the length", fetch(f"{URL} 6 data/hello.txt")),
    invalid("python: rubbish in bagit.txt", "BAG-102", lambda bag: bag.add("bagit.txt", "====")),
    invalid("python: bagit.txt is empty", "BAG-102", lambda bag: bag.put("bagit.txt", b"")),
    *(
        invalid(f"python: version {number}", "BAG-103", declared(number))
        for number in ("a.b", "2.", "0.1.2", "1.2.3", "2.0")
    ),
    invalid("python: no such encoding", "BAG-104", lambda bag: bag.edit("bagit.txt", "UTF", "WTF")),
    invalid("python: /etc/passwd to fetch to", "BAG-122", fetch(f"{URL} - /etc/passwd")),
    invalid(
        "python: a tag file in a folder, changed",
        "BAG-302",
        lambda bag: with_tag_file(bag).flip("tags/more/tag.txt"),
    ),
    invalid(
        "python: a tag file in a folder, missing",
        "BAG-205",
        lambda bag: with_tag_file(bag).drop("tags/more/tag.txt"),
    ),
    valid("python: a tag file in a folder", with_tag_file),
    # It takes the first of the two there; RFC 8493 section 2.2.2: it MUST NOT be repeated.
    invalid(
        "python: two values of Payload-Oxum",
        "BAG-154",
        info("Payload-Oxum: 12.2", "Payload-Oxum: 7.7"),
    ),
    valid("python: checksums in capitals", in_capitals),
    valid("python: a file beside", lambda bag: bag.seal().put("IGNOREFILE", b""), "BAG-143"),
    valid("python: a folder beside", lambda bag: bag.seal().folder("IGNOREDIR")),
    valid("python: no tag manifest", lambda bag: bag),
    valid("python: a carriage return in a name", payload("data/newline\r"), "BAG-406"),
    valid("ruby: a line end in a name", payload("data/file-\U0001f4a9\n"), "BAG-406"),
    invalid("ruby: nothing but folders", "BAG-101", nothing_left),
]


@pytest.mark.parametrize("version", ["0.97", "1.0"])
@pytest.mark.parametrize("case", EVERY_VERSION, ids=[case.name for case in EVERY_VERSION])
def test_the_verdict_is_the_right_one(case: SuiteBag, version: str) -> None:
    expect(case.change(Bag(version=version, algorithms=("md5",))), case.verdict, case.rules)


@pytest.mark.parametrize(
    ("change", "older", "strict"),
    [
        # bagit-java passes over them; RFC 8493 section 2.2.3 has no such lines.
        (fetch(f"{URL} - data/hello.txt", ""), (PASS, "FET-106"), (FAIL, "FET-101")),
        (fetch("//host/hello.txt - data/hello.txt"), (PASS, "FET-106"), (FAIL, "FET-102")),
        (
            lambda bag: bag.put("manifest-sha999.txt", f"{NO_DIGEST} data/hello.txt\n"),
            (UNVERIFIED, "BAG-113"),
            (FAIL, "BAG-203"),
        ),
    ],
    ids=["java: empty lines in fetch.txt", "python: no scheme", "ruby: an unknown algorithm"],
)
def test_the_version_decides(
    change: Callable[[Bag], Bag], older: tuple[Verdict, str], strict: tuple[Verdict, str]
) -> None:
    for version, (verdict, rule) in (("0.97", older), ("1.0", strict)):
        bag = change(Bag(version=version, algorithms=("md5",)))
        expect(bag, verdict, frozenset({rule}))


def expect(bag: Bag, verdict: Verdict, rules: frozenset[str]) -> None:
    with shelf() as folder:
        report = check(bag.write(folder / "bag"))
    assert report.verdict() is verdict, report.findings
    assert {finding.rule.id for finding in report.findings} >= rules
