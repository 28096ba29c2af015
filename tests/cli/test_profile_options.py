"""`--profile` and `--tag`, as an archivist meets them."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from cli_helpers import document_of, muniment, write_bag
from profiled import ADDRESS, document

RECORD = "title: Letters of the parish\nidentifier: letters-1\nabstract: Two letters.\n"
PACKAGE = ("package", "letter.txt", "--record", "record.yaml", "--output", "out")
APTRUST = (
    "--profile",
    "aptrust",
    "--bag-info",
    "Source-Organization: City Archive",
    "--tag",
    "aptrust-info.txt: Access: Institution",
    "--tag",
    "aptrust-info.txt: Storage-Option: Standard",
)
BTR = "https://github.com/dpscollaborative/btr_bagit_profile/releases/download/1.0/btr-bagit-profile.json"


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("letter.txt").write_bytes(b"Dear Sir,\n")
    Path("record.yaml").write_text(RECORD, "utf-8")
    return tmp_path


def made() -> list[str]:
    return sorted(path.name for path in Path("out").iterdir()) if Path("out").exists() else []


def subject(*arguments: str, code: int) -> dict[str, Any]:
    result = muniment(*arguments, "--format", "json")
    assert result.exit_code == code, result.output
    [subject] = document_of(result)["subjects"]
    assert isinstance(subject, dict)
    return subject


def found(subject: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(f["rule"], f["location"]["path"]) for f in subject["findings"]]


def info(home: str = "out/letters-1") -> list[str]:
    return (Path(home) / "bag-info.txt").read_text("utf-8").splitlines()


# verify


def test_a_bag_is_judged_by_every_profile_asked_for(work: Path) -> None:
    write_bag(work / "bag")
    judged = subject("verify", "bag", "--profile", "btr", "--profile", "archivematica", code=1)
    assert judged["state"] == "valid"
    assert judged["checks"]["run"] == ["structure", "completeness", "fixity", "profile"]
    errors = [f for f in judged["findings"] if f["severity"] == "error"]
    assert {(f["rule"], f["evidence"]["profile"]) for f in errors} == {
        ("PRO-101", "btr"),
        ("PRO-102", "btr"),
    }
    assert all(f["evidence"]["identifier"] == BTR for f in errors)
    assert {f["spec"]["document"] for f in errors} == {"BagIt Profiles 1.4.0"}


def test_a_profile_needs_no_checksums(work: Path) -> None:
    (write_bag(work / "bag") / "data" / "letter.txt").write_bytes(b"x" * 29)
    judged = subject("verify", "bag", "--quick", "--profile", "archivematica", code=0)
    assert judged["checks"]["run"] == ["structure", "completeness", "profile"]
    assert [skipped["check"] for skipped in judged["checks"]["skipped"]] == ["fixity"]


def test_a_profile_of_ones_own(work: Path) -> None:
    write_bag(work / "bag")
    Path("ours.json").write_bytes(document(Tag_Files_Required=["README"]))
    judged = subject("verify", "bag", "--profile", "ours.json", code=1)
    assert found(judged) == [("PRO-140", "README"), ("PRO-101", "bag-info.txt")]
    assert {f["evidence"]["profile"] for f in judged["findings"]} == {"ours.json"}


def test_an_unknown_address_is_never_fetched_and_never_a_pass(work: Path) -> None:
    write_bag(work / "bag")
    result = muniment("verify", "bag", "--profile", ADDRESS)
    assert result.exit_code == 3
    assert f"{ADDRESS} is no profile that is shipped or configured" in result.stdout
    Path("ours.json").write_bytes(document())
    Path("muniment.toml").write_text('profile = ["ours.json"]\n', "utf-8")
    assert muniment("verify", "bag", "--profile", ADDRESS).exit_code == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "it is not JSON"),
        (
            b'{"Manifests-Allowed": "md5"}',
            'Manifests-Allowed: it must be a list of texts, not "md5"',
        ),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "lie too deep"),
        (b" " * (1 << 20) + b"{}", "larger than 1,048,576 bytes"),
    ],
    ids=["broken", "wrong type", "deep", "huge"],
)
@pytest.mark.parametrize("command", ["verify", "package"])
def test_a_document_that_is_no_profile_is_wrong_usage(
    work: Path, content: bytes, said: str, command: str
) -> None:
    write_bag(work / "bag")
    Path("p.json").write_bytes(content)
    arguments = PACKAGE if command == "package" else ("verify", "bag")
    result = muniment(*arguments, "--profile", "p.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert made() == []


def test_a_misspelt_name_is_wrong_usage(work: Path) -> None:
    write_bag(work / "bag")
    result = muniment("verify", "bag", "--profile", "aptrst")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "did you mean aptrust?" in result.stderr


# package


def test_the_letter_for_btr(repository: Path) -> None:
    [source] = (repository / "bags" / "sources").iterdir()
    record = next(path for path in source.iterdir() if path.stem.startswith("record"))
    letter = next(path for path in source.iterdir() if path.suffix == ".txt")
    made_of = ("package", letter, "--record", record, "--output", "out", "--profile", "btr")
    result = muniment(*made_of, "--bag-info", "Source-Organization: City Archive")
    assert result.exit_code == 0, result.output
    [bag] = Path("out").iterdir()
    assert f"BagIt-Profile-Identifier: {BTR}" in info(str(bag))
    judged = subject("verify", str(bag), "--profile", "btr", code=0)
    assert (judged["verdict"], judged["state"]) == ("pass", "valid")
    assert {f["rule"] for f in judged["findings"]} == {"PRO-105"}


def test_what_a_profile_requires_is_missing_before_anything_is_written() -> None:
    judged = subject(*PACKAGE, "--profile", "btr", code=1)
    assert judged["kind"] == "source"
    assert judged["checks"]["run"] == ["record", "source", "profile"]
    assert ("PRO-102", "bag-info.txt") in found(judged)
    assert made() == []
    house = 'organization = "City Archive"\nprofile = "btr"\n'
    Path("muniment.toml").write_text(house, "utf-8")
    assert muniment(*PACKAGE).exit_code == 0
    assert f"BagIt-Profile-Identifier: {BTR}" in info()


def test_aptrust_on_a_monday_morning() -> None:
    judged = subject(*PACKAGE, *APTRUST, code=0)
    assert found(judged) == [("PRO-205", None)]
    assert made() == ["letters-1.tar"]
    with tarfile.open("out/letters-1.tar") as archive:
        names = archive.getnames()
        member = archive.extractfile("letters-1/aptrust-info.txt")
        assert member is not None
        lines = member.read().decode().splitlines()
    assert {name.partition("/")[0] for name in names} == {"letters-1"}
    assert {n for n in names if "manifest-" in n} == {
        f"letters-1/{kind}-{name}.txt"
        for kind in ("manifest", "tagmanifest")
        for name in ("md5", "sha256")
    }
    assert lines == [
        "Title: Letters of the parish",
        "Description: Two letters.",
        "Access: Institution",
        "Storage-Option: Standard",
    ]
    assert found(subject("verify", "out/letters-1.tar", "--profile", "aptrust", code=0)) == []


def test_aptrust_says_all_that_is_missing_at_once() -> None:
    judged = subject(*PACKAGE, "--profile", "aptrust", code=1)
    assert found(judged) == [("PRO-102", "bag-info.txt"), *[("PRO-201", "aptrust-info.txt")] * 2]
    said = " ".join(f["message"] for f in judged["findings"])
    assert "Access is required and is missing; it is one of Consortia, Institution" in said
    assert "Storage-Option is required" in said
    assert made() == []


def test_a_house_says_once_what_all_its_bags_have() -> None:
    Path("muniment.toml").write_text(
        'organization = "City Archive"\nprofile = "aptrust"\nalgorithms = ["sha512", "sha256"]\n'
        '[tags."aptrust-info.txt"]\nAccess = "Restricted"\nStorage-Option = "Glacier-OH"\n',
        "utf-8",
    )
    assert muniment(*PACKAGE, "--tag", "aptrust-info.txt: Access: Institution").exit_code == 0
    with tarfile.open("out/letters-1.tar") as archive:
        member = archive.extractfile("letters-1/aptrust-info.txt")
        assert member is not None
        lines = member.read().decode().splitlines()
    assert lines[-2:] == ["Access: Institution", "Storage-Option: Glacier-OH"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--algorithm", "sha512"), "profile aptrust does not allow --algorithm sha512"),
        (("--algorithm", "sha256"), "profile aptrust requires --algorithm md5"),
        (("--serialize", "zip"), "profile aptrust takes bags as tar; --serialize zip"),
        (("--profile", ADDRESS), "no profile that is shipped or configured goes by this address"),
        (("--tag", "bag-info.txt: Note: x"), "give its labels with --bag-info"),
        (("--tag", "../x.txt: Note: x"), "no plain path"),
        (("--tag", "aptrust-info.txt"), 'is not of the form "file: Label: value"'),
        (("--tag", "a.txt: Label"), 'is not of the form "file: Label: value"'),
        (("--tag", "a.txt: Label: "), "the text is empty"),
    ],
)
def test_a_choice_against_a_profile_is_wrong_usage(options: tuple[str, ...], said: str) -> None:
    result = muniment(*PACKAGE, *APTRUST, *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert made() == []


def test_archivematica_gets_what_it_imports() -> None:
    assert muniment(*PACKAGE, "--profile", "archivematica", "--serialize", "zip").exit_code == 0
    assert found(subject("verify", "out/letters-1.zip", "--profile", "archivematica", code=0)) == []
    assert muniment(*PACKAGE).exit_code == 0
    judged = subject("verify", "out/letters-1", "--profile", "archivematica", code=1)
    assert set(found(judged)) == {("PRO-215", "metadata/premis.xml")}


def test_archivematica_refuses_names_and_labels_before_anything_is_written() -> None:
    Path("letter.txt").rename("100%.txt")
    arguments = [each.replace("letter.txt", "100%.txt") for each in PACKAGE]
    judged = subject(
        *arguments, "--profile", "archivematica", "--bag-info", "Rights Holder: x", code=1
    )
    assert found(judged) == [("PRO-211", "bag-info.txt"), ("PRO-212", "data/100%.txt")]
    assert made() == []


def test_two_profiles_at_once() -> None:
    assert muniment(*PACKAGE, *APTRUST, "--profile", "btr").exit_code == 0
    bag = "out/letters-1.tar"
    judged = subject("verify", bag, "--profile", "btr", "--profile", "aptrust", code=0)
    assert {f["rule"] for f in judged["findings"]} == {"PRO-105"}
    with tarfile.open(bag) as archive:
        member = archive.extractfile("letters-1/bag-info.txt")
        assert member is not None
        assert member.read().count(b"BagIt-Profile-Identifier: ") == 2


def test_a_profile_that_cannot_hold_what_a_bag_carries() -> None:
    Path("ours.json").write_bytes(document(Tag_Files_Allowed=["metadata/*.xml"]))
    judged = subject(*PACKAGE, "--profile", "ours.json", code=1)
    assert found(judged) == [("PRO-141", "metadata/record.yaml")]
    assert made() == []


def test_what_a_profile_cannot_be_asked_before_is_asked_of_the_bag_itself() -> None:
    """What is read back is judged again: the checks that ran say so."""
    Path("ours.json").write_bytes(document())
    judged = subject(*PACKAGE, "--profile", "ours.json", code=0)
    assert "profile" in judged["checks"]["run"]
    assert judged["findings"] == []
    profile = json.loads(document())
    profile["Bag-Info"] = {"Note": {"required": True}}
    Path("ours.json").write_text(json.dumps(profile), "utf-8")
    noted = ("--bag-info", "Note: x", "--name", "noted", "--profile", "ours.json")
    assert muniment(*PACKAGE, *noted).exit_code == 0
    assert "Note: x" in info("out/noted")


def test_without_a_profile_nothing_is_asked() -> None:
    judged = subject(*PACKAGE, code=0)
    assert {"check": "profile", "reason": "none was asked for"} in judged["checks"]["skipped"]
    assert not [line for line in info() if line.startswith("BagIt-Profile")]


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        ("profile = 5", "profile: it must be a text in quotes"),
        ("profile = [5]", "profile: it must be a text in quotes"),
        ('profile = ""', "profile: the text is empty"),
        ("tags = 5", "tags: it must be a table, [tags]"),
        ('tags = {"a.txt" = "x"}', "a.txt: it must be a table, [a.txt]"),
        ('tags = {"a.txt" = {Label = 5}}', "a.txt.Label: it must be a text in quotes"),
        ('tags = {"a.txt" = {"La:bel" = "x"}}', "a.txt.La:bel: a label has no colon"),
    ],
)
def test_settings_that_cannot_stand(settings: str, fault: str) -> None:
    Path("muniment.toml").write_text(settings, "utf-8")
    result = muniment(*PACKAGE)
    assert (result.exit_code, result.stdout) == (2, "")
    assert fault in result.stderr


def test_a_house_profile_lies_beside_its_settings(work: Path) -> None:
    Path("profiles").mkdir()
    Path("profiles/ours.json").write_bytes(document())
    Path("muniment.toml").write_text('profile = "profiles/ours.json"\n', "utf-8")
    result = muniment(*PACKAGE, "--config", work / "muniment.toml")
    assert result.exit_code == 0, result.output
    assert f"BagIt-Profile-Identifier: {ADDRESS}" in info()
