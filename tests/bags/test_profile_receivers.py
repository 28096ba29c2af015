"""APTrust and Archivematica: what they ask and no profile document can say; and BTR."""

from __future__ import annotations

from pathlib import Path

import pytest
from bagbuilder import Bag
from profiled import judged, of_profiles

from muniment.bags.checking import CheckOptions, check_bag
from muniment.bags.homes import open_bag
from muniment.bags.profile import FieldRule
from muniment.bags.profile_shelf import SHIPPED, Asked, shipped_profile
from muniment.model.findings import Finding, Verdict
from muniment.storage.executors import InProcess
from muniment.storage.progress import Silent

BTR = "https://github.com/dpscollaborative/btr_bagit_profile/releases/download/1.0/btr-bagit-profile.json"
INFO = "Title: Letters\nAccess: Restricted\nStorage-Option: Glacier-OH\n"


def found(home: Path, *receivers: str) -> list[tuple[str, str | None, int | None]]:
    report = judged(home, *receivers)
    return [(f.rule.id, f.location.path, f.location.line) for f in of_profiles(report.findings)]


def rules(home: Path, *receivers: str) -> list[str]:
    return [rule for rule, _, _ in found(home, *receivers)]


def one(home: Path, receiver: str) -> Finding:
    [finding] = of_profiles(judged(home, receiver).findings)
    return finding


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_profile_is_whole(name: str) -> None:
    profile = shipped_profile(name)
    assert (profile.name, profile.notes) == (name, ())
    assert profile.identifier
    assert "1.0" in profile.accept_versions


# BTR


def btr(**info: str) -> Bag:
    fields = {"Source-Organization": "A", "Bagging-Date": "2024-05-17", "Payload-Oxum": "12.2"}
    fields |= {"BagIt-Profile-Identifier": BTR, **{k.replace("_", "-"): v for k, v in info.items()}}
    return Bag(
        info=[(label, value) for label, value in fields.items() if value], algorithms=("sha1",)
    )


def test_btr_takes_a_bag_that_names_it(tmp_path: Path) -> None:
    report = judged(btr().seal().write(tmp_path / "bag"), "btr", quick=False)
    assert report.verdict() is Verdict.PASS
    assert {f.rule.id for f in report.findings} == {"PRO-105"}


@pytest.mark.parametrize("form", ["blob/1.0", "releases/download/1.0"])
def test_btr_goes_by_the_addresses_of_the_field(tmp_path: Path, form: str) -> None:
    address = f"https://github.com/dpscollaborative/btr_bagit_profile/{form}/btr-bagit-profile.json"
    bag = btr(BagIt_Profile_Identifier=address).seal().write(tmp_path / "bag")
    assert "PRO-101" not in rules(bag, "btr")


@pytest.mark.parametrize("label", ["Source-Organization", "Bagging-Date", "Payload-Oxum"])
def test_btr_requires(tmp_path: Path, label: str) -> None:
    bag = btr(**{label.replace("-", "_"): ""}).seal().write(tmp_path / "bag")
    [(rule, path, _)] = [each for each in found(bag, "btr") if each[0] != "PRO-105"]
    assert (rule, path) == ("PRO-102", "bag-info.txt")


def test_btr_refuses_sha384_and_fetch_txt(tmp_path: Path) -> None:
    bag = btr()
    bag.algorithms = ("sha384",)
    bag.rename("manifest-sha1.txt", "manifest-sha384.txt").add(
        "fetch.txt", "urn:a - data/hello.txt"
    )
    told = set(rules(bag.seal().write(tmp_path / "bag"), "btr")) - {"PRO-105"}
    assert told == {"PRO-111", "PRO-113", "PRO-120"}


# APTrust


def aptrust(info: str = INFO, algorithms: tuple[str, ...] = ("md5", "sha256")) -> Bag:
    return Bag(algorithms=algorithms).put("aptrust-info.txt", info)


def tar(bag: Bag, folder: Path, top: str = "inst.edu.letters") -> Path:
    return bag.seal().write_tar(folder / "inst.edu.letters.tar", top)


def test_aptrust_takes_a_tar_with_one_folder_of_its_name(tmp_path: Path) -> None:
    report = judged(tar(aptrust(), tmp_path), "aptrust", quick=False)
    assert (report.findings, report.verdict()) == ((), Verdict.PASS)


def test_aptrust_takes_a_bag_that_does_not_name_the_profile(tmp_path: Path) -> None:
    """Whatever else a bag names, APTrust judges it by its own profile."""
    bag = aptrust().add("bag-info.txt", "BagIt-Profile-Identifier: urn:other")
    assert rules(tar(bag, tmp_path), "aptrust") == []


@pytest.mark.parametrize(
    ("algorithms", "expected"),
    [
        (("md5",), []),
        (("sha256",), ["PRO-110"]),
        (("sha512",), ["PRO-110", "PRO-111", "PRO-113"]),
        (("md5", "sha512"), ["PRO-111", "PRO-113"]),
    ],
)
def test_aptrust_requires_md5_and_allows_sha256_beside(
    tmp_path: Path, algorithms: tuple[str, ...], expected: list[str]
) -> None:
    home = tar(aptrust(algorithms=algorithms), tmp_path)
    assert sorted(rules(home, "aptrust")) == expected


@pytest.mark.parametrize("form", ["bag", "bag.zip", "bag.tar.gz"])
def test_aptrust_takes_nothing_but_tar(tmp_path: Path, form: str) -> None:
    bag, home = aptrust().seal(), tmp_path / form
    if form == "bag":
        bag.write(home)
    elif form == "bag.zip":
        bag.write_zip(home, "bag")
    else:
        bag.write_tar(home, "bag", "w:gz")
    assert rules(home, "aptrust") == ["PRO-130" if form == "bag" else "PRO-131"]


@pytest.mark.parametrize("top", ["letters", ""])
def test_aptrust_wants_the_folder_named_as_the_tar(tmp_path: Path, top: str) -> None:
    finding = one(tar(aptrust(), tmp_path, top), "aptrust")
    assert finding.rule.id == "PRO-203"
    assert "must lie in one folder named" in finding.message


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        ("", [("PRO-201", None)] * 3),
        ("title: a\nACCESS: Restricted\nstorage-option: Standard\n", []),
        (INFO.replace("Letters", ""), [("PRO-201", 1)]),
        (INFO.replace("Restricted", "Public"), [("PRO-202", 2)]),
        (INFO.replace("Glacier-OH", "Glacier-Ohio"), [("PRO-207", 3)]),
        (INFO + "Access: Institution\n", [("PRO-206", 4)]),
        (INFO.replace("\n", "\r\n"), []),
        ("\ufeff" + INFO, []),
        ("no label\n" + INFO, []),
        ("\x00\x01" * 100 + "\n" + INFO, []),
    ],
)
def test_aptrust_info(tmp_path: Path, info: str, expected: list[tuple[str, int | None]]) -> None:
    told = found(tar(aptrust(info), tmp_path), "aptrust")
    assert told == [(rule, "aptrust-info.txt", line) for rule, line in expected]


def test_aptrust_info_must_be_there(tmp_path: Path) -> None:
    bag = Bag(algorithms=("md5",))
    assert found(tar(bag, tmp_path), "aptrust") == [("PRO-140", "aptrust-info.txt", None)]


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("data/-a.txt", "must not begin with `-`"),
        ("data/-folder/a.txt", "must not begin with `-`"),
        ("-tags/a.txt", "must not begin with `-`"),
        ("data/a\tb", "must not hold line ends, tabs or bells"),
        ("data/a\nb", "must not hold line ends, tabs or bells"),
        ("data/" + "a" * 256, "must not be longer than 255 characters"),
        ("data/a-b/c -d%e\xe9.txt", None),
        ("data/" + "a" * 255, None),
    ],
)
def test_aptrust_names(tmp_path: Path, path: str, why: str | None) -> None:
    bag = aptrust()
    bag = bag.put_listed(path, b"x") if path.startswith("data/") else bag.put(path, b"x")
    told = of_profiles(judged(tar(bag, tmp_path), "aptrust").findings)
    assert [(f.rule.id, f.location.path) for f in told] == ([("PRO-204", path)] if why else [])
    assert all(why is not None and why in finding.message for finding in told)


def test_aptrust_bag_names(tmp_path: Path) -> None:
    home = aptrust().seal().write_tar(tmp_path / "-letters.tar", "-letters")
    assert one(home, "aptrust").evidence["actual"] == "-letters"


def test_aptrust_has_no_values_of_its_own_for_what_is_only_required() -> None:
    [rule] = shipped_profile("aptrust").bag_info
    assert rule == FieldRule(
        label="Source-Organization", required=True, description=rule.description
    )


# Archivematica


def sent(bag: Bag, folder: Path) -> Path:
    return bag.seal().write_zip(folder / "bag.zip", "bag")


@pytest.mark.parametrize(
    ("form", "expected"), [("bag", []), ("bag.zip", []), ("bag.tgz", []), ("bag.tar", ["PRO-131"])]
)
def test_archivematica_takes_folders_zip_and_packed_tar(
    tmp_path: Path, form: str, expected: list[str]
) -> None:
    bag, home = Bag().seal(), tmp_path / form
    if form == "bag":
        bag.write(home)
    elif form == "bag.zip":
        bag.write_zip(home, "bag")
    else:
        bag.write_tar(home, "bag", "w:gz" if form == "bag.tgz" else "w")
    assert rules(home, "archivematica") == expected


@pytest.mark.parametrize(
    ("label", "right"),
    [
        ("Rights Holder", "`Rights-Holder` would be right"),
        ("2nd-Note", "`_2nd-Note` would be right"),
        ("Note (internal)", "`Note-internal` would be right"),
        ("-Note", "`Note` would be right"),
        ("External-Identifier_2.b", None),
        ("\xdcber", None),
    ],
)
def test_archivematica_labels(tmp_path: Path, label: str, right: str | None) -> None:
    home = sent(Bag().add("bag-info.txt", f"{label}: x"), tmp_path)
    told = of_profiles(judged(home, "archivematica").findings)
    expected = [] if right is None else [("PRO-211", "bag-info.txt", 3)]
    assert [(f.rule.id, f.location.path, f.location.line) for f in told] == expected
    assert all(right is not None and right in finding.message for finding in told)


@pytest.mark.parametrize(
    ("version", "path", "fails"),
    [
        ("1.0", "data/100%.txt", True),
        ("0.97", "data/100%.txt", False),
        ("1.0", "data/a\nb.txt", False),
        ("1.0", "data/a ", True),
        ("1.0", "data/a b.txt", False),
    ],
)
def test_archivematica_names(tmp_path: Path, version: str, path: str, *, fails: bool) -> None:
    bag = Bag(version=version).put_listed(path, b"x").seal()
    told = found(bag.write(tmp_path / "bag"), "archivematica")
    assert told == ([("PRO-212", path, None)] if fails else [])


CSV = "data/metadata/metadata.csv"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("filename,dc.title\ndata/hello.txt,Hello\n", []),
        ("filename\ndata/maps\ndata/maps/\ndata/\ndata\n", []),
        ("\ufefffilename,dc.title\ndata/hello.txt,Hello\n", []),
        ('"filename","dc.title"\r\n"data/hello.txt","a\nb"\r\ndata/maps,\r\n', []),
        ("filename,dc.title\n\n,\ndata/hello.txt,x\n", []),
        ("", [("PRO-213", 1)]),
        ("dc.title,filename\nHello,data/hello.txt\n", [("PRO-213", 1)]),
        ("Filename,dc.title\n", [("PRO-213", 1)]),
        ("filename;dc.title\ndata/hello.txt;x\n", [("PRO-213", 1)]),
        ("filename,dc.title\nobjects/hello.txt,x\nhello.txt,y\n", [("PRO-214", 2), ("PRO-214", 3)]),
        ("filename,dc.title\ndata/hallo.txt,x\n", [("PRO-214", 2)]),
        ('filename,x\ndata/maps,"a\nb"\ndata/none,x\n', [("PRO-214", 4)]),
        (b"filename,dc.title\ndata/hello.txt,caf\xe9\n", [("PRO-213", None)]),
        ("filename,x\ndata/maps," + "x" * 200_000 + "\n", [("PRO-213", 2)]),
    ],
)
@pytest.mark.parametrize("form", ["bag", "bag.tar.gz"])
def test_archivematica_csv(
    tmp_path: Path, content: str | bytes, expected: list[tuple[str, int | None]], form: str
) -> None:
    data = content.encode() if isinstance(content, str) else content
    bag = Bag().put_listed(CSV, data).seal()
    home = tmp_path / form
    bag.write(home) if form == "bag" else bag.write_tar(home, "bag", "w:gz")
    assert found(home, "archivematica") == [(rule, CSV, line) for rule, line in expected]


def test_archivematica_premis_is_read_where_a_reader_is_given(tmp_path: Path) -> None:
    bag = Bag().put("metadata/premis.xml", b"<premis/>").seal().write(tmp_path / "bag")
    assert set(found(bag, "archivematica")) == {("PRO-215", "metadata/premis.xml", 1)}
    options = CheckOptions(profiles=Asked(profiles=(shipped_profile("archivematica"),)))
    report = check_bag(
        open_bag(bag), subject="bag", options=options, executor=InProcess(), progress=Silent()
    )
    assert report.verdict() is Verdict.UNVERIFIED
    assert [each.reason for each in report.checks_skipped] == [
        "profile archivematica: metadata/premis.xml was not looked into"
    ]
