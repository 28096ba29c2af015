"""The Library of Congress's conformance suite, built anew: the verdict it expects is ours.

The suite sorts its bags by version and by what a tool must say: valid, invalid, or a warning. Bags
that reach out of themselves are invalid on one platform there; here they are on every one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from bagbuilder import UTF_8_MARK, Bag
from bagcheck import check, shelf, weighty
from click.testing import CliRunner

from muniment.cli.root import root
from muniment.model.findings import Verdict

MANIFEST = "manifest-md5.txt"
NFC, NFD = "data/N\xfa\xf1ez", "data/Nu\u0301n\u0303ez"
URL = "http://localhost:8989/hello.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteCase:
    """A bag of the suite. `rules` are those that must be among the findings."""

    name: str
    verdict: Verdict
    bag: Callable[[], Bag]
    rules: frozenset[str]


CASES: list[SuiteCase] = []


def suite(
    name: str, *rules: str, verdict: Verdict | None = None
) -> Callable[[Callable[[], Bag]], Callable[[], Bag]]:
    """Enter a case by its place in the suite: version, category, name."""
    category = name.split("/")[1]
    passes = verdict or (Verdict.PASS if category in {"valid", "warning"} else Verdict.FAIL)

    def enter(build: Callable[[], Bag]) -> Callable[[], Bag]:
        CASES.append(SuiteCase(name=name, verdict=passes, bag=build, rules=frozenset(rules)))
        return build

    return enter


def old(**options: object) -> Bag:
    """A bag as the suite has most: 0.97 with md5."""
    return Bag(**{"version": "0.97", "algorithms": ("md5",), **options})  # type: ignore[arg-type]


for _version in ("0.93", "0.94", "0.95", "0.96", "0.97"):
    suite(f"v{_version}/valid/basic-bag")(
        lambda version=_version: old(version=version).seal()  # type: ignore[misc]
    )
    _date = "Packing-Date" if _version < "0.96" else "Bagging-Date"
    suite(f"v{_version}/valid/duplicate-metadata-entries")(
        lambda version=_version, date=_date: (  # type: ignore[misc]
            old(
                version=version,
                info=(
                    ("Source-Organization", "One"),
                    ("Source-Organization", "Two"),
                    ("Contact-Name", "A"),
                    ("Contact-Name", "B"),
                    (date, "2009-10-14"),
                    (date, "2016-10-14"),
                ),
            ).seal()
        )
    )

for _algorithm in ("md5", "sha1", "sha224", "sha256", "sha512"):
    suite(f"v0.97/valid/basic-bag-{_algorithm}")(
        lambda algorithm=_algorithm: old(algorithms=(algorithm,)).seal()  # type: ignore[misc]
    )


@suite("v0.97/valid/minimal-bag")
def _minimal() -> Bag:
    return old(info=None)


@suite("v0.97/valid/bag-in-a-bag")
def _bag_in_a_bag() -> Bag:
    return old(payload={f"data/inner/{p}": c for p, c in old().seal().files.items()}).seal()


@suite("v0.97/valid/bag-with-space")
def _space() -> Bag:
    return old().edit(MANIFEST, "  data/h", " data/h").edit(MANIFEST, "  d", " d").seal()


@suite("v0.97/valid/bag-with-leading-dot-slash-in-manifest", "BAG-129")
def _dot_slash() -> Bag:
    return old().edit(MANIFEST, "data/h", "./data/h").edit(MANIFEST, "data/m", "./data/m").seal()


@suite("v0.97/valid/bag-with-escapable-characters")
def _escapable() -> Bag:
    return old().put_listed("data/test file with spaces.txt", b"spaces\n").seal()


@suite("v0.97/valid/bag-with-encoded-names")
def _encoded_names() -> Bag:
    bag = old(payload={})
    for path in ("%7Edir2/dir3/test5.txt", "%7Etest1.txt", "%test2.txt", "dir1/~test3.txt"):
        bag.put_listed(f"data/{path}", path.encode())
    return bag.seal()


@suite("v0.97/valid/uncommon-metadata-separators", "BAG-152", "BAG-153")
def _separators() -> Bag:
    lines = ("A : b", "C\t:\td", "E:f", "G:   h", "I  :\t \tj")
    return old().add("bag-info.txt", *lines).seal()


@suite("v0.97/valid/UTF-16-encoded-tag-files", "BAG-106")
def _utf_16() -> Bag:
    return old(encoding="UTF-16BE", codec="utf-16-be").seal()


@suite("v0.97/valid/ISO-8859-1-encoded-tag-files", "BAG-106")
def _latin_1() -> Bag:
    return old(encoding="ISO-8859-1", info=(("Organization-Address", "M\xfcnchen"),)).seal()


@suite("v0.97/valid/holey-bag")
def _holey_but_fetched() -> Bag:
    return old().add("fetch.txt", f"{URL} - data/hello.txt").seal()


@suite("v0.97/valid/holey-bag, its hole not filled", "FET-201", verdict=Verdict.UNVERIFIED)
def _holey() -> Bag:
    return old().add("fetch.txt", f"{URL} - data/hello.txt").seal().drop("data/hello.txt")


@suite("v0.97/valid/local-fetch", "FET-106")
def _local_fetch() -> Bag:
    return old().add("fetch.txt", "file:///home/someone/picture.png 42000 picture.png").seal()


@suite("v1.0/valid/basicBag")
def _basic_1_0() -> Bag:
    return Bag(algorithms=("sha512",)).seal()


# invalid


@suite("v0.97/invalid/baginfo-missing-encoding", "BAG-102")
def _no_encoding() -> Bag:
    return old().put("bagit.txt", "BagIt-Version: 0.97\n").seal()


@suite("v0.97/invalid/bom-in-bagit.txt", "BAG-105")
def _mark() -> Bag:
    bag = old()
    return bag.put("bagit.txt", UTF_8_MARK + bag.files["bagit.txt"]).seal()


@suite("v0.97/invalid/bagit-with-invalid-whitespace", "BAG-102")
def _white_space_0_97() -> Bag:
    return old().edit("bagit.txt", "Version:", "Version :").seal()


@suite("v1.0/invalid/bagit-with-invalid-whitespace", "BAG-102")
def _white_space_1_0() -> Bag:
    return Bag(algorithms=("sha256", "sha512")).edit("bagit.txt", "Version:", "Version :").seal()


@suite("v0.97/invalid/invalid-version-number", "BAG-103")
def _version_number() -> Bag:
    return old().edit("bagit.txt", "0.97", ".97").seal()


@suite("v0.97/invalid/corrupt-data-file", "BAG-301")
def _corrupt_data() -> Bag:
    return old().seal().flip("data/hello.txt")


@suite("v0.97/invalid/corrupt-tag-file", "BAG-302")
def _corrupt_tag_file() -> Bag:
    return old().seal().edit("bag-info.txt", "box 7", "box 8")


@suite("v0.97/invalid/extra-file-in-bag", "BAG-202")
def _extra_file() -> Bag:
    return old().seal().put("data/bar", b"bar\n")


@suite("v0.97/invalid/missing-baginfo", "BAG-205")
def _missing_bag_info() -> Bag:
    return old().seal().drop("bag-info.txt")


@suite("v0.97/invalid/missing-bagit.txt", "BAG-101")
def _missing_declaration() -> Bag:
    return old().seal().drop("bagit.txt")


@suite("v0.97/invalid/same-filename-listed-twice-with-different-hashes", "BAG-126")
def _two_hashes_0_97() -> Bag:
    bag = old()
    return bag.add(MANIFEST, bag.line("data/maps/north.txt", "md5", "data/hello.txt")).seal()


@suite("v1.0/invalid/same-filename-listed-twice-with-different-hashes", "BAG-126")
def _two_hashes_1_0() -> Bag:
    bag = Bag()
    line = bag.line("data/maps/north.txt", written="data/hello.txt")
    return bag.add("manifest-sha256.txt", line).seal()


@suite("v1.0/invalid/missing-from-manifest", "BAG-203")
def _missing_from_manifest() -> Bag:
    bag = Bag(algorithms=("sha256", "sha512"))
    return bag.list_files("manifest-sha512.txt", "sha512", ["data/hello.txt"]).seal()


OUT_OF_SCOPE = {
    "v0.97/invalid/out-of-scope-file-paths-using-dot-notation": "../../../README.md",
    "v0.97/linux-only/out-of-scope-file-paths-using-absolute-path": "/srv/foo",
    "v0.97/linux-only/out-of-scope-file-paths-using-shortcut": "~/foo",
    "v0.97/linux-only/out-of-scope-file-paths-using-shortcut-username": "~root/foo",
    "v0.97/windows-only/out-of-scope-file-paths-using-absolute-path": "C:\\Windows\\setx.exe",
    "v0.97/windows-only/out-of-scope-file-paths-using-shortcut": "%HomeDrive%\\Windows\\setx.exe",
    "v0.97/windows-only/out-of-scope-file-paths-using-unc": "\\\\?\\UNC\\server\\setx.exe",
}
for _name, _path in OUT_OF_SCOPE.items():
    suite(_name, "BAG-122")(
        lambda path=_path: old().add(MANIFEST, f"{'d' * 32}  {path}").seal()  # type: ignore[misc]
    )
    suite(f"{_name}-for-fetch", "BAG-122")(
        lambda path=_path: old().add("fetch.txt", f"{URL} - {path}").seal()  # type: ignore[misc]
    )

# warnings


@suite("v0.97/warning/duplicate-file-with-different-case", "BAG-405")
def _case_twins() -> Bag:
    return old().put_listed("data/HELLO.txt", b"Hello\n").seal()


@suite("v0.97/warning/made-with-md5sum-tools", "BAG-128")
def _md5sum() -> Bag:
    return old().edit(MANIFEST, "  data/h", " *data/h").edit(MANIFEST, "  d", " *d").seal()


@suite("v0.97/warning/relative-path", "BAG-129")
def _relative_path() -> Bag:
    return old().edit(MANIFEST, "data/hello", "./data/hello").seal()


@suite("v0.97/warning/special-system-files", "BAG-407")
def _system_files() -> Bag:
    return old().put_listed("data/.DS_Store", b"x").put_listed("data/Thumbs.db", b"y").seal()


@suite("v0.97/warning/same-filename-listed-twice-with-the-same-hash", "BAG-125")
def _one_hash() -> Bag:
    bag = old()
    return bag.add(MANIFEST, bag.line("data/hello.txt", "md5")).seal()


@suite("v0.97/warning/filename-normalization", "BAG-404")
def _normalisation() -> Bag:
    return old().put_listed(NFC, b"").seal().rename(NFC, NFD)


@suite("v0.97/darwin-only/precomposed-character-in-filename", "BAG-404", verdict=Verdict.PASS)
def _precomposed() -> Bag:
    path = "data/contr\xf4le.txt"
    return old().put_listed(path, b"x").seal().rename(path, "data/contro\u0302le.txt")


@suite("v0.97/warning/same-filename-listed-twice-with-different-normalization", "BAG-405")
def _two_forms() -> Bag:
    return old().put_listed(NFC, b"").put_listed(NFD, b"").seal()


@suite("v0.97/warning/same-filename-listed-twice-..., one of them on disk", "BAG-404")
def _two_forms_and_one_file() -> Bag:
    return old().put_listed(NFC, b"").put_listed(NFD, b"").seal().drop(NFD)


# Bags of the suites of other tools (BagItTools, bagit for Ruby, go-bagit), built anew.


@suite("1.0/valid/bag-info with empty lines", "BAG-161")
def _empty_lines() -> Bag:
    return Bag().add("bag-info.txt", "", "Contact-Name: A", "").seal()


@suite("1.0/valid/a colon in a continued line", "BAG-134")
def _continued() -> Bag:
    lines = "External-Description: about\n  searching for : things.\n    Why? Because"
    return Bag().put("bag-info.txt", lines).seal()


@suite("1.0/valid/CR, LF and percent signs in names")
def _coded_names() -> Bag:
    bag = Bag(payload={})
    for path in ("a\nb/c\rd/x-%-and-%25.txt", "a\nb/y.txt", "c\rd.txt", "with-%0A-name.txt"):
        bag.put_listed(f"data/{path}", path.encode())
    return bag.seal()


@suite("1.0/invalid/a percent sign that is not coded", "BAG-130")
def _bare_percent() -> Bag:
    bag = Bag().put_listed("data/with-%-sign.txt", b"x")
    return bag.edit("manifest-sha256.txt", "%25-sign", "%-sign").seal()


@suite("0.97/valid/a line end and an emoji in a name")
def _emoji() -> Bag:
    return old().put_listed("data/file-0-\U0001f4a9\n", b"x").seal()


@suite("0.97/invalid/Payload-Oxum of another count", "BAG-206")
def _oxum_count() -> Bag:
    return old(info=(("Payload-Oxum", "12.0"),)).seal()


@suite("0.97/invalid/a tag file that is listed and missing", "BAG-205")
def _tag_file_missing() -> Bag:
    return old().put("tag-k", b"time to go").seal().drop("tag-k")


@suite("0.97/invalid/no manifest and no file", "BAG-111")
def _nothing() -> Bag:
    return old(payload={}).drop(MANIFEST)


@suite("0.98/invalid/a draft's folder .bagit", "BAG-101")
def _draft_folder() -> Bag:
    bag = old()
    return bag.put(".bagit/bagit.txt", bag.files["bagit.txt"]).drop("bagit.txt")


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_suites_verdict_is_ours(case: SuiteCase) -> None:
    with shelf() as folder:
        report = check(case.bag().write(folder / "bag"))
    told = {finding.rule.id for finding in report.findings}
    assert report.verdict() is case.verdict, report.findings
    assert told >= case.rules
    if "/warning/" in case.name:
        assert weighty(report.findings)
    if "/valid/basic" in case.name or "minimal" in case.name:
        assert not report.findings


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("v1.0/valid/basicBag", 0),
        ("v0.97/valid/local-fetch", 0),
        ("v0.97/warning/made-with-md5sum-tools", 0),
        ("v1.0/invalid/missing-from-manifest", 1),
        ("v0.97/linux-only/out-of-scope-file-paths-using-shortcut", 1),
        ("v0.97/valid/holey-bag, its hole not filled", 3),
    ],
)
def test_the_command_ends_as_the_suite_asks(name: str, code: int) -> None:
    case = next(case for case in CASES if case.name == name)
    with shelf() as folder:
        home = case.bag().write(folder / "bag")
        assert CliRunner().invoke(root, ["verify", str(home)]).exit_code == code


def test_one_file_listed_in_two_unicode_forms_must_have_both_checksums() -> None:
    bag = old().put_listed(NFC, b"C").put_listed(NFD, b"D").seal().drop(NFD)
    with shelf() as folder:
        report = check(bag.write(folder / "bag"))
    assert report.verdict() is Verdict.FAIL
    assert {"BAG-404", "BAG-301"} == {finding.rule.id for finding in report.findings}
