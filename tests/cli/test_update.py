"""`muniment update`: what it says, how it exits, records, and what a kill leaves behind."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from bagbuilder import Bag
from bagcheck import check
from cli_helpers import assert_conforms, document_of, muniment
from disturbed import Disturber, disturber, in_memory
from updates import tree

from muniment.model.findings import BagState

WHY = ("--reason", "A test", "--by", "City Archive", "--date", "2026-12-01")
RECORD = """\
title: A letter
identifier: letter-7
abstract: What it says.
created: "1952-12-27"
language: en
type: Text
"""


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def letter(work: Path) -> Path:
    """A bag that muniment made of a record."""
    (work / "letter.txt").write_text("Dear comrade\n")
    (work / "record.yaml").write_text(RECORD)
    made = muniment(
        "package", "letter.txt", "--record", "record.yaml", "--output", ".", "--date", "2026-11-23"
    )
    assert made.exit_code == 0, made.output
    return work / "letter-7"


def info_of(bag: Path) -> dict[str, str]:
    lines = (bag / "bag-info.txt").read_text().splitlines()
    return dict(line.split(": ", 1) for line in lines)


def test_the_transcript(work: Path) -> None:
    Bag().seal().write(work / "bag")
    result = muniment("update", "bag", "--bag-info", "Contact-Name: The reading room", *WHY)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == "PASS  bag (bag, valid)"
    assert "    added: metadata/premis.xml" in lines
    assert "    replaced: bag-info.txt, tagmanifest-sha256.txt" in lines
    assert "    removed: -" in lines
    assert "  event: metadata/premis.xml" in lines
    digest = hashlib.sha256((work / "bag" / "tagmanifest-sha256.txt").read_bytes()).hexdigest()
    assert lines[-1] == f"      tagmanifest-sha256.txt  sha256  {digest}"
    assert muniment("verify", "bag").exit_code == 0


def test_json_and_json_lines_conform(work: Path) -> None:
    Bag().seal().write(work / "bag")
    result = muniment("update", "bag", "--algorithm", "SHA512", *WHY, "--format", "json")
    document = document_of(result)
    assert document["result"]["changed"]["added"] == [
        "manifest-sha512.txt",
        "metadata/premis.xml",
        "tagmanifest-sha512.txt",
    ]
    again = muniment("update", "bag", "--algorithm", "sha512", *WHY, "--format", "jsonl")
    for line in again.stdout.splitlines():
        assert_conforms(json.loads(line), "line")
    assert json.loads(again.stdout.splitlines()[-1])["result"]["event"] is None


def test_a_corrupt_bag_is_refused(work: Path) -> None:
    bag = Bag().seal().put("data/hello.txt", b"other").write(work / "bag")
    before = tree(bag)
    result = muniment("update", "bag", "--to-1.0", *WHY, "--format", "json")
    document = document_of(result)
    assert (result.exit_code, document["result"], tree(bag)) == (1, None, before)
    [subject] = document["subjects"]
    assert [finding["rule"] for finding in subject["findings"]] == ["BAG-301"]
    assert {"check": "update", "reason": "the bag is not valid; nothing was changed"} in (
        subject["checks"]["skipped"]
    )


def test_a_new_record_makes_mods_and_dublin_core_anew(letter: Path, work: Path) -> None:
    (work / "new.yaml").write_text(RECORD.replace("A letter", "A telegram"))
    result = muniment("update", letter, "--record", "new.yaml", *WHY, "--format", "json")
    document = document_of(result)
    assert result.exit_code == 0, result.output
    assert document["result"]["changed"]["added"] == []
    assert {"metadata/mods.xml", "metadata/dc.xml", "metadata/record.yaml"} <= set(
        document["result"]["changed"]["replaced"]
    )
    for path in ("metadata/mods.xml", "metadata/dc.xml", "metadata/record.yaml"):
        assert "A telegram" in (letter / path).read_text()
    premis = (letter / "metadata" / "premis.xml").read_text()
    assert premis.count("metadata modification</premis:eventType>") == 1
    assert "validated against their schemas" in premis
    assert muniment("validate", letter / "metadata" / "mods.xml").exit_code == 0
    assert check(letter).state is BagState.VALID


def test_a_record_in_another_form_takes_the_place_of_the_old_one(letter: Path, work: Path) -> None:
    record = {"title": "A letter", "identifier": "letter-7", "type": "Text"}
    (work / "new.json").write_text(json.dumps(record))
    assert muniment("update", letter, "--record", "new.json", *WHY).exit_code == 0
    names = sorted(path.name for path in (letter / "metadata").iterdir())
    assert names == ["dc.xml", "mods.xml", "premis.xml", "record.json"]


def test_bag_info_follows_the_record_where_it_was_derived_from_it(letter: Path, work: Path) -> None:
    assert info_of(letter)["External-Description"] == "What it says."
    (work / "new.yaml").write_text(RECORD.replace("What it says.", "What it really says."))
    muniment("update", letter, "--record", "new.yaml", *WHY)
    assert info_of(letter)["External-Description"] == "What it really says."
    assert info_of(letter)["Bagging-Date"] == "2026-11-23"


def test_bag_info_that_an_operator_wrote_stays(letter: Path, work: Path) -> None:
    muniment("update", letter, "--bag-info", "External-Description: Ours", *WHY)
    (work / "new.yaml").write_text(RECORD.replace("What it says.", "What it really says."))
    muniment("update", letter, "--record", "new.yaml", *WHY)
    assert info_of(letter)["External-Description"] == "Ours"
    muniment(
        "update", letter, "--record", "record.yaml", "--bag-info", "External-Identifier: x", *WHY
    )
    assert info_of(letter)["External-Identifier"] == "x"


def test_a_record_that_is_not_right_changes_nothing(letter: Path, work: Path) -> None:
    before = tree(letter)
    (work / "new.yaml").write_text(RECORD.replace("1952-12-27", "1952-13-27"))
    result = muniment("update", letter, "--record", "new.yaml", *WHY, "--format", "json")
    document = document_of(result)
    assert (result.exit_code, document["result"], tree(letter)) == (1, None, before)
    assert [f["rule"][:4] for f in document["subjects"][0]["findings"]] == ["REC-"]


def test_mods_that_is_put_in_by_hand_is_held_to_its_schema(letter: Path, work: Path) -> None:
    before = tree(letter)
    mods = (letter / "metadata" / "mods.xml").read_text()
    (work / "mods.xml").write_text(mods.replace("titleInfo", "titelInfo"))
    result = muniment("update", letter, "--tag-file", "metadata/mods.xml=mods.xml", *WHY)
    assert (result.exit_code, tree(letter)) == (1, before)
    (work / "mods.xml").write_text(mods.replace("A letter", "A better letter"))
    result = muniment("update", letter, "--tag-file", "metadata/mods.xml=mods.xml", *WHY)
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    "wrong",
    [
        (),
        ("--bag-info", "no colon"),
        ("--bag-info", "Payload-Oxum: 1.1"),
        ("--bag-info", "Bagging-Date: 2020-01-01"),
        ("--tag-file", "no-equals"),
        ("--tag-file", "=x"),
        ("--tag-file", "x="),
        ("--tag-file", "data/x=record"),
        ("--algorithm", "crc32"),
        ("--drop-algorithm", "md5"),
        ("--remove-bag-info", "Nowhere"),
        ("--date", "yesterday"),
    ],
)
def test_wrong_usage(work: Path, wrong: tuple[str, ...]) -> None:
    bag = Bag().seal().write(work / "bag")
    before = tree(bag)
    result = muniment("update", "bag", *wrong, "--reason", "A test", "--by", "City Archive")
    assert (result.exit_code, tree(bag)) == (2, before)


@pytest.mark.parametrize("lacking", ["--reason", "--by"])
def test_why_and_by_whom_must_be_said(work: Path, lacking: str) -> None:
    Bag().seal().write(work / "bag")
    given = ("--by", "x") if lacking == "--reason" else ("--reason", "x")
    result = muniment("update", "bag", "--to-1.0", *given)
    assert (result.exit_code, lacking in result.stderr) == (2, True)


def test_a_bag_that_is_not_there(work: Path) -> None:
    assert muniment("update", work / "nowhere", "--to-1.0", *WHY).exit_code == 3


def test_an_archive_is_refused(work: Path) -> None:
    Bag().seal().write_tar(work / "bag.tar", "bag")
    result = muniment("update", "bag.tar", "--to-1.0", *WHY)
    assert (result.exit_code, "unpack" in result.stderr) == (2, True)


def test_the_bag_may_be_named_from_within(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bag = Bag().seal().write(work / "bag")
    monkeypatch.chdir(bag)
    assert muniment("update", ".", "--bag-info", "A: 1", *WHY).exit_code == 0
    assert sorted(path.name for path in work.iterdir()) == ["bag"]


@pytest.fixture(scope="module")
def process() -> Iterator[Disturber]:
    with disturber() as running:
        yield running


def origin_at(folder: Path) -> Path:
    bag = Bag(version="0.97", algorithms=("md5", "sha256")).put("notes/old.txt", b"old")
    return bag.put("plan.txt", b"1").seal().write(folder)


def test_killed_at_any_moment_a_rerun_finishes_or_begins_again(process: Disturber) -> None:
    with in_memory() as ground:
        bag, origin = ground / "bag", origin_at(ground / "origin")
        (ground / "new.txt").write_bytes(b"new")
        changes = ["--to-1.0", "--algorithm", "sha512", "--drop-algorithm", "md5"]
        changes += ["--tag-file", f"deep/new.txt={ground / 'new.txt'}", "--bag-info", "A: 1"]
        changes += ["--remove-tag-file", "notes/old.txt"]
        arguments = ("update", bag, *changes, *WHY)
        shutil.copytree(origin, bag)
        undisturbed = process.run(*arguments)
        assert undisturbed["code"] == 0
        before, after = tree(origin), tree(bag)
        seen = {"as it was": 0, "in between": 0, "as it shall be": 0}
        events = undisturbed["events"]
        # While the old bag is read, one moment is as good as the next.
        for moment in (*range(0, events // 2, 8), *range(events // 2, events)):
            shutil.rmtree(bag)
            shutil.copytree(origin, bag)
            assert process.run(*arguments, kill=moment)["signal"] == 9
            state = tree(bag)
            sealed = (ground / ".muniment-update-bag" / "journal.json").exists()
            seen[
                "as it was"
                if state == before
                else "as it shall be"
                if state == after
                else "in between"
            ] += 1
            assert sealed or state in (before, after), moment
            rerun = process.run(*arguments)
            # What is done already cannot be asked for again: there is no md5 to be dropped.
            done = state == after and not sealed
            assert rerun["code"] == (2 if done else 0), moment
            assert tree(bag) == after, moment
            left = sorted(path.name for path in ground.iterdir())
            if done:
                left = [name for name in left if name != ".muniment-update-bag"]
            assert left == ["bag", "new.txt", "origin"], moment
        assert min(seen.values()) > 3, seen


def interrupted(process: Disturber, bag: Path, *arguments: object) -> None:
    """Kill an update when some of its files are in their places and others are not."""
    side = bag.with_name(f".muniment-update-{bag.name}")
    with in_memory() as elsewhere:
        origin = shutil.copytree(bag, elsewhere / "origin")
        moment = process.run("update", bag, *arguments, *WHY)["events"]
        while not side.exists() or check(bag).state is BagState.VALID:
            moment -= 1
            shutil.rmtree(side, ignore_errors=True)
            shutil.rmtree(bag)
            shutil.copytree(origin, bag)
            process.run("update", bag, *arguments, *WHY, kill=moment)
        assert tree(bag) != tree(origin)


def test_verify_says_that_an_update_was_interrupted(process: Disturber) -> None:
    with in_memory() as ground:
        bag = Bag().seal().write(ground / "bag")
        interrupted(process, bag, "--algorithm", "sha512")
        result = muniment("verify", bag, "--format", "json")
        found = [finding["rule"] for finding in document_of(result)["subjects"][0]["findings"]]
        assert (result.exit_code, found[0]) == (1, "BAG-505")
        assert muniment("update", bag, "--algorithm", "sha512", *WHY).exit_code == 0
        found = document_of(muniment("verify", bag, "--format", "json"))["subjects"][0]["findings"]
        assert found == []


def test_another_update_finishes_the_interrupted_one_first(process: Disturber) -> None:
    with in_memory() as ground:
        bag = Bag().seal().write(ground / "bag")
        interrupted(process, bag, "--algorithm", "sha512")
        result = muniment("update", bag, "--bag-info", "A: 1", *WHY, "--format", "json")
        document = document_of(result)
        assert result.exit_code == 0, result.output
        assert [f["rule"] for f in document["subjects"][0]["findings"]] == ["BAG-504"]
        assert (bag / "manifest-sha512.txt").exists()
        assert (bag / "bag-info.txt").read_text().endswith("A: 1\n")
        assert check(bag).state is BagState.VALID
        assert [path.name for path in ground.iterdir()] == ["bag"]


def test_the_same_update_reports_what_the_interrupted_one_did(process: Disturber) -> None:
    with in_memory() as ground:
        bag = Bag().seal().write(ground / "bag")
        interrupted(process, bag, "--algorithm", "sha512")
        arguments = ("update", bag, "--algorithm", "sha512", *WHY, "--format", "json")
        document = document_of(muniment(*arguments))
        assert "manifest-sha512.txt" in document["result"]["changed"]["added"]
        assert document["subjects"][0]["state"] == "valid"
        premis = (bag / "metadata" / "premis.xml").read_text()
        assert premis.count("metadata modification</premis:eventType>") == 1


def test_fetch_finishes_an_interrupted_update_first(process: Disturber) -> None:
    with in_memory() as ground:
        bag = Bag().seal().write(ground / "bag")
        interrupted(process, bag, "--algorithm", "sha512")
        assert muniment("fetch", bag).exit_code == 0
        assert check(bag).state is BagState.VALID
