from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from bagbuilder import Bag
from privileges import without_privileges
from profiled import ADDRESS, judged, named_bag, of_profiles, profile

from muniment.bags.profile_patterns import Patterns
from muniment.model.findings import BagState, Finding, Severity, Verdict

Told = tuple[str, str | None, str]


def told(findings: Sequence[Finding]) -> list[Told]:
    """Rule, place and message of what profiles find."""
    return [(f.rule.id, f.location.path, f.message) for f in of_profiles(findings)]


def by(home: Path, bag: Bag, **keys: object) -> list[Told]:
    return told(judged(bag.seal().write(home / "bag"), profile(**keys)).findings)


def test_a_bag_that_does_what_is_asked(tmp_path: Path) -> None:
    report = judged(
        named_bag(("Contact-Name", "A")).put("notes/a.txt", b"x").seal().write(tmp_path / "bag"),
        profile(
            Bag_Info={"contact-name": {"required": True, "values": ["A"], "repeatable": False}},
            Manifests_Required=["sha256"],
            Manifests_Allowed=["sha256", "md5"],
            Tag_Manifests_Required=["sha256"],
            Tag_Manifests_Allowed=["sha256"],
            Allow_Fetch_txt=False,
            Tag_Files_Required=["notes/a.txt", "notes/"],
            Tag_Files_Allowed=["notes/*"],
            Payload_Files_Required=["data/hello.txt", "data/maps/"],
            Payload_Files_Allowed=["data/*"],
            Serialization="forbidden",
        ),
        quick=False,
    )
    assert report.findings == ()
    assert (report.state, report.verdict()) == (BagState.VALID, Verdict.PASS)
    assert report.checks_run == ("structure", "completeness", "fixity", "profile")


def test_a_profile_does_not_change_the_standards_word_for_the_bag(tmp_path: Path) -> None:
    bag = Bag().seal().write(tmp_path / "bag")
    report = judged(bag, profile(), quick=False)
    assert (report.state, report.verdict()) == (BagState.VALID, Verdict.FAIL)
    quick = judged(bag, profile())
    assert (quick.state, quick.verdict()) == (BagState.COMPLETE, Verdict.FAIL)
    assert quick.checks_run == ("structure", "completeness", "profile")


def test_every_finding_names_profile_address_key_and_what_would_be_right(tmp_path: Path) -> None:
    bag = Bag(info=[("BagIt-Profile-Identifier", "urn:other")]).seal().write(tmp_path / "bag")
    [finding] = of_profiles(judged(bag, profile()).findings)
    assert finding.message == (
        "profile letters: bag-info.txt names urn:other;"
        f" `BagIt-Profile-Identifier: {ADDRESS}` would be right"
    )
    assert dict(finding.evidence) == {
        "profile": "letters",
        "identifier": ADDRESS,
        "key": "BagIt-Profile-Identifier",
        "expected": ADDRESS,
        "actual": ["urn:other"],
    }


def test_a_bag_may_name_several_profiles(tmp_path: Path) -> None:
    bag = named_bag(("bagit-profile-identifier", "urn:other"))
    assert by(tmp_path, bag) == []


def test_without_an_address_of_its_own_a_profile_need_not_be_named(tmp_path: Path) -> None:
    found = by(tmp_path, Bag(), **{"BagIt-Profile-Info": {"Version": "1"}})
    assert {rule for rule, _, _ in found} == {"PRO-192"}


LABELS = {"Contact-Name": {"required": True, "values": ["A", "B"], "description": "Who knows it"}}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ((), ("PRO-102", None, "required and is missing (Who knows it); it is one of A, B")),
        ((("Contact-Name", ""),), ("PRO-102", 3, "Contact-Name is required and has no value")),
        ((("Contact-Name", "C"),), ("PRO-103", 3, "is 'C'; it must be one of A, B")),
        ((("Contact-Name", "a"),), ("PRO-103", 3, "is 'a'; it must be one of A, B")),
        ((("Note", "x"), ("CONTACT-NAME", "B")), None),
        ((("Contact-Name", "A"), ("Contact-Name", "")), ("PRO-103", 4, "is ''")),
    ],
)
def test_labels(
    tmp_path: Path,
    fields: tuple[tuple[str, str], ...],
    expected: tuple[str, int | None, str] | None,
) -> None:
    bag = named_bag(*fields).seal().write(tmp_path / "bag")
    found = of_profiles(judged(bag, profile(Bag_Info=LABELS)).findings)
    if expected is None:
        assert found == []
        return
    [finding] = found
    assert (finding.rule.id, finding.location.line) == expected[:2]
    assert expected[2] in finding.message
    assert finding.location.path == "bag-info.txt"
    assert finding.evidence["key"] == "Bag-Info/Contact-Name"
    assert finding.evidence["expected"] == ["A", "B"]


def test_a_label_that_may_stand_once(tmp_path: Path) -> None:
    bag = named_bag(("Note", "a"), ("note", "b"), ("NOTE", "c"))
    found = by(tmp_path, bag, Bag_Info={"Note": {"repeatable": False}})
    message = "profile letters: Note stands 3 times; it may stand once"
    assert found == [("PRO-104", "bag-info.txt", message)]


def test_a_recommended_label_is_worth_knowing_and_no_more(tmp_path: Path) -> None:
    report = judged(
        named_bag().seal().write(tmp_path / "bag"),
        profile(Bag_Info={"Contact-Email": {"recommended": True}}),
    )
    assert told(report.findings) == [
        ("PRO-105", "bag-info.txt", "profile letters: Contact-Email is recommended")
    ]
    assert report.verdict(Severity.WARNING) is Verdict.PASS


def test_an_old_bag_is_described_under_its_old_name(tmp_path: Path) -> None:
    keys = {"Bag_Info": {"Contact-Name": {"required": True}}, "Accept_BagIt_Version": ["0.95"]}
    found = by(tmp_path, named_bag(version="0.95"), **keys)
    assert [(rule, path) for rule, path, _ in found] == [("PRO-102", "package-info.txt")]


def test_a_bag_without_bag_info(tmp_path: Path) -> None:
    found = by(tmp_path, Bag(info=None), Bag_Info=LABELS)
    assert [(rule, path) for rule, path, _ in found] == [
        ("PRO-101", "bag-info.txt"),
        ("PRO-102", "bag-info.txt"),
    ]


@pytest.mark.parametrize(
    ("algorithms", "keys", "rule", "path"),
    [
        (("sha256",), {"Manifests_Required": ["md5", "sha256"]}, "PRO-110", "manifest-md5.txt"),
        (("sha256", "md5"), {"Manifests_Allowed": ["md5"]}, "PRO-111", "manifest-sha256.txt"),
        (("sha256",), {"Manifests_Allowed": []}, "PRO-111", "manifest-sha256.txt"),
        (("md5",), {"Tag_Manifests_Required": ["sha1"]}, "PRO-112", "tagmanifest-sha1.txt"),
        (("md5",), {"Tag_Manifests_Allowed": ["sha1"]}, "PRO-113", "tagmanifest-md5.txt"),
    ],
)
def test_manifests(
    tmp_path: Path, algorithms: tuple[str, ...], keys: dict[str, object], rule: str, path: str
) -> None:
    [found] = by(tmp_path, named_bag(algorithms=algorithms), **keys)
    assert found[:2] == (rule, path)
    assert path in found[2]


def test_manifests_of_any_algorithm_where_the_profile_does_not_say(tmp_path: Path) -> None:
    assert by(tmp_path, named_bag(algorithms=("md5", "sha3256"))) == []


def test_sha_256_is_sha256(tmp_path: Path) -> None:
    keys = {"Manifests_Required": ["SHA-256"], "Tag_Manifests_Allowed": ["Sha-256"]}
    assert by(tmp_path, named_bag(), **keys) == []


def test_fetch_txt(tmp_path: Path) -> None:
    bag = named_bag().add("fetch.txt", "https://example.org/hello.txt 6 data/hello.txt")
    found = by(tmp_path, bag, Allow_Fetch_txt=False)
    assert found == [
        ("PRO-120", "fetch.txt", "profile letters: the bag has a fetch.txt; none is allowed")
    ]
    assert by(tmp_path / "2", bag, Fetch_txt_Required=True) == []
    message = "profile letters: the bag has no fetch.txt; one is required"
    found = by(tmp_path / "3", named_bag(), Fetch_txt_Required=True)
    assert found == [("PRO-121", "fetch.txt", message)]


@pytest.mark.parametrize(
    ("payload", "empty"),
    [
        ({}, True),
        ({"data/.keep": b""}, True),
        ({"data/.keep": b"x"}, False),
        ({"data/a": b"", "data/b": b""}, False),
    ],
)
def test_an_empty_payload_may_have_one_file_of_no_bytes(
    tmp_path: Path, payload: dict[str, bytes], *, empty: bool
) -> None:
    found = by(tmp_path, named_bag(payload=payload), Data_Empty=True)
    assert [rule for rule, _, _ in found] == ([] if empty else ["PRO-122"])


def test_a_holey_bag_of_an_only_holes_profile(tmp_path: Path) -> None:
    """What is still to be fetched lies not in `data/`, but is payload all the same."""
    bag = named_bag().add("fetch.txt", "https://example.org/h 6 data/hello.txt")
    bag.add("fetch.txt", "https://example.org/n 6 data/maps/north.txt").seal()
    home = bag.drop("data/hello.txt", "data/maps/north.txt").write(tmp_path / "bag")
    keys = {
        "Fetch_txt_Required": True,
        "Data_Empty": True,
        "Payload_Files_Required": ["data/hello.txt", "data/maps/"],
        "Payload_Files_Allowed": ["data/*.txt"],
    }
    report = judged(home, profile(**keys))
    assert told(report.findings) == []
    assert (report.state, report.verdict()) == (BagState.INCOMPLETE, Verdict.UNVERIFIED)
    found = judged(home, profile(**{**keys, "Payload_Files_Allowed": ["data/h*", "data/maps/"]}))
    assert told(found.findings) == []


ZIP = ["application/zip"]


@pytest.mark.parametrize(
    ("home", "keys", "expected"),
    [
        ("bag", {"Serialization": "required"}, "PRO-130"),
        ("bag", {"Serialization": "optional", "Accept_Serialization": ZIP}, None),
        ("bag", {"Serialization": "forbidden"}, None),
        ("bag.zip", {"Serialization": "forbidden"}, "PRO-130"),
        ("bag.zip", {"Serialization": "required", "Accept_Serialization": ZIP}, None),
        ("bag.tar", {"Serialization": "required", "Accept_Serialization": ZIP}, "PRO-131"),
        ("bag.tar", {"Accept_Serialization": ["application/x-tar"]}, None),
        ("bag.tar", {"Accept_Serialization": ["application/gzip"]}, "PRO-131"),
        ("bag.tar.gz", {"Accept_Serialization": ["application/tar"]}, "PRO-131"),
        ("bag.tar.gz", {"Accept_Serialization": ["application/X-GZIP "]}, None),
        ("bag.tar.gz", {"Accept_Serialization": []}, None),
        ("bag.zip", {"Accept_Serialization": ["application/x-7z-compressed"]}, "PRO-131"),
    ],
)
def test_the_form(tmp_path: Path, home: str, keys: dict[str, object], expected: str | None) -> None:
    bag, path = named_bag().seal(), tmp_path / home
    if home == "bag":
        bag.write(path)
    elif home.endswith(".zip"):
        bag.write_zip(path, "bag")
    else:
        bag.write_tar(path, "bag", "w:gz" if home.endswith("gz") else "w")
    found = [f.rule.id for f in of_profiles(judged(path, profile(**keys)).findings)]
    assert [rule for rule in found if rule != "PRO-192"] == ([expected] if expected else [])


def test_the_version(tmp_path: Path) -> None:
    message = "profile letters: the bag is of BagIt 1.0; accepted are 0.96, 0.97"
    found = by(tmp_path, named_bag(), Accept_BagIt_Version=["0.96", "0.97"])
    assert found == [("PRO-132", "bagit.txt", message)]
    assert by(tmp_path / "2", named_bag(version="0.97")) == []


def test_no_version_is_guessed_where_the_declaration_is_missing(tmp_path: Path) -> None:
    assert by(tmp_path, named_bag().drop("bagit.txt"), Accept_BagIt_Version=["0.97"]) == []


def test_tag_files(tmp_path: Path) -> None:
    bag = named_bag().put("a.txt", b"x").put("notes/deep/b.txt", b"x").put("fetch.txt", b"")
    required = by(tmp_path, bag, Tag_Files_Required=["a.txt", "c.txt", "notes/", "data/hello.txt"])
    message = "profile letters: c.txt is required; the file is missing"
    assert required == [("PRO-140", "c.txt", message)]
    allowed = by(tmp_path / "2", bag, Tag_Files_Allowed=["a.txt"])
    message = "profile letters: notes/deep/b.txt is not allowed; allowed are a.txt"
    assert allowed == [("PRO-141", "notes/deep/b.txt", message)]
    none = by(tmp_path / "3", bag, Tag_Files_Allowed=[])
    assert [path for _, path, _ in none] == ["a.txt", "notes/deep/b.txt"]
    assert by(tmp_path / "4", bag, Tag_Files_Allowed=["*"]) == []


def test_payload_files(tmp_path: Path) -> None:
    bag = named_bag()
    missing = by(tmp_path, bag, Payload_Files_Required=["data/maps/", "data/map/", "data/x"])
    assert missing == [
        ("PRO-142", "data/map/", "profile letters: data/map/ is required; a file in it is missing"),
        ("PRO-142", "data/x", "profile letters: data/x is required; the file is missing"),
    ]
    allowed = by(tmp_path / "2", bag, Payload_Files_Allowed=["data/maps/*"])
    assert [(rule, path) for rule, path, _ in allowed] == [("PRO-143", "data/hello.txt")]


def test_a_payload_file_that_no_manifest_lists_is_payload(tmp_path: Path) -> None:
    bag = named_bag().seal().put("data/extra.md", b"x").write(tmp_path / "bag")
    found = judged(bag, profile(Payload_Files_Allowed=["data/*.txt"])).findings
    assert [f.location.path for f in of_profiles(found)] == ["data/extra.md"]


def test_all_faults_at_once_and_of_each_profile(tmp_path: Path) -> None:
    bag = Bag(algorithms=("md5", "sha512")).seal().write(tmp_path / "bag")
    report = judged(bag, profile(Manifests_Required=["sha256"]), "btr", "aptrust")
    found = {(f.evidence["profile"], f.rule.id) for f in of_profiles(report.findings)}
    assert found == {
        ("letters", "PRO-101"),
        ("letters", "PRO-110"),
        ("btr", "PRO-101"),
        ("btr", "PRO-102"),
        ("btr", "PRO-105"),
        ("aptrust", "PRO-111"),
        ("aptrust", "PRO-113"),
        ("aptrust", "PRO-130"),
        ("aptrust", "PRO-140"),
    }


def test_an_address_that_nobody_knows_leaves_the_check_open(tmp_path: Path) -> None:
    bag = named_bag().seal().write(tmp_path / "bag")
    report = judged(bag, profile(), unknown=["https://example.org/p.json"])
    assert report.verdict() is Verdict.UNVERIFIED
    [skipped] = [each for each in report.checks_skipped if each.check == "profile"]
    assert skipped.asked
    assert "https://example.org/p.json is no profile that is shipped" in skipped.reason
    assert "profile" not in report.checks_run


@pytest.mark.parametrize(
    ("named", "reason"),
    [
        (None, "none was asked for"),
        ("urn:other", "none was asked for; the bag names 'urn:other'"),
        (
            "https://github.com/dpscollaborative/btr_bagit_profile/blob/1.0/btr-bagit-profile.json",
            "none was asked for; the bag names one that --profile btr judges",
        ),
    ],
)
def test_a_profile_that_was_not_asked_for_is_not_judged(
    tmp_path: Path, named: str | None, reason: str
) -> None:
    info = [] if named is None else [("BagIt-Profile-Identifier", named)]
    report = judged(Bag(info=info).seal().write(tmp_path / "bag"))
    assert report.verdict() is Verdict.PASS
    assert [(s.reason, s.asked) for s in report.checks_skipped if s.check == "profile"] == [
        (reason, False)
    ]


@pytest.mark.skipif(os.name == "nt", reason="permissions are POSIX's")
def test_what_could_not_be_looked_into_is_not_said_to_be_missing(tmp_path: Path) -> None:
    bag = named_bag().put("notes/a.txt", b"x").seal().write(tmp_path / "bag")
    (bag / "notes").chmod(0)
    (bag / "bag-info.txt").chmod(0)
    keys = {"Tag_Files_Required": ["notes/a.txt"], "Bag_Info": {"Contact-Name": {"required": True}}}
    try:
        with without_privileges(bag):
            report = judged(bag, profile(**keys))
    finally:
        (bag / "notes").chmod(0o755)
    assert told(report.findings) == []
    assert report.verdict() is not Verdict.PASS
    [reason] = [each.reason for each in report.checks_skipped if each.check == "profile"]
    assert reason == (
        "profile letters: bag-info.txt could not be read;"
        " profile letters: whether notes/a.txt is there could not be seen"
    )


@pytest.mark.parametrize(
    ("entry", "matches", "does_not"),
    [
        ("*", ["a", "a/b/c.txt"], []),
        ("notes/*.txt", ["notes/a.txt", "notes/deep/a.txt"], ["notes/a.md", "a.txt"]),
        ("data/src/*", ["data/src/a", "data/src/a/b"], ["data/src", "data/srca"]),
        ("data/src/", ["data/src/a", "data/src/a/b"], ["data/src", "data/srca"]),
        ("a[0-9].txt", ["a1.txt", "a[0-9].txt"], ["a.txt", "ab.txt"]),
        ("a?.txt", ["ab.txt", "a?.txt"], ["a.txt", "abc.txt"]),
        ("[", ["["], ["a"]),
        ("caf\xe9/*", ["cafe\u0301/a"], ["cafe/a"]),
        ("A.txt", ["A.txt"], ["a.txt", "A.txt\n", "xA.txt"]),
        ("*.txt", ["a\nb.txt"], ["a.txt\n"]),
    ],
)
def test_patterns(entry: str, matches: list[str], does_not: list[str]) -> None:
    patterns = Patterns(["never", entry])
    assert [path for path in matches if not patterns.match(path)] == []
    assert [path for path in does_not if patterns.match(path)] == []


def test_a_hostile_pattern_takes_no_time() -> None:
    patterns = Patterns(["*a" * 500 + "b", "*a?*" * 200 + "c", "**" * 500 + "d"])
    assert not patterns.match("data/" + "a" * 4000)
