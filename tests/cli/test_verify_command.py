from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli_helpers import assert_conforms, document_of, muniment, write_bag


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, so that transcripts carry no path of this machine."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def damage(bag: Path) -> None:
    """Flip a bit of a payload file and of a tag file, lose a file, add one."""
    letter = bag / "data" / "letter.txt"
    letter.write_bytes(bytes([letter.read_bytes()[0] ^ 1]) + letter.read_bytes()[1:])
    info = bag / "bag-info.txt"
    info.write_bytes(info.read_bytes() + b"Note: added\n")
    (bag / "data" / "maps" / "c.txt").unlink()
    (bag / "data" / "new.txt").write_bytes(b"south-west")


def test_a_valid_bag(work: Path) -> None:
    write_bag(work / "good")
    result = muniment("verify", "good")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "PASS  good (bag, valid)\n"
        "      checked: structure, completeness, fixity; "
        "not checked: profile (none was asked for)\n"
    )


def test_a_quick_look_is_never_called_valid(work: Path) -> None:
    bag = write_bag(work / "good")
    letter = bag / "data" / "letter.txt"
    letter.write_bytes(letter.read_bytes().upper())
    result = muniment("verify", "--quick", "good", "--format", "json")
    [subject] = document_of(result)["subjects"]
    assert (result.exit_code, subject["state"]) == (0, "complete")
    assert subject["checks"]["run"] == ["structure", "completeness"]
    assert [skipped["check"] for skipped in subject["checks"]["skipped"]] == ["fixity", "profile"]
    assert muniment("verify", "good").exit_code == 1


def test_every_fault_of_a_bag_is_named_in_one_run(work: Path) -> None:
    damage(write_bag(work / "bad"))
    result = muniment("verify", "bad")
    assert (result.exit_code, result.stderr) == (1, "")
    lines = result.stdout.splitlines()
    assert lines[0] == "FAIL  bad (bag, invalid): 5 errors"
    rules = [line.split()[1] for line in lines if line.startswith("  error ")]
    assert rules == ["BAG-201", "BAG-202", "BAG-206", "BAG-301", "BAG-302"]
    named = {
        "data/maps/c.txt is missing",
        "data/new.txt is in no manifest",
        "data/letter.txt is not what manifest-sha256.txt says",
        "bag-info.txt is not what tagmanifest-sha256.txt says",
    }
    for fault in named:
        assert any(line.startswith(f"    {fault}") for line in lines), fault


def test_json_names_the_same_by_rule_and_path(work: Path) -> None:
    damage(write_bag(work / "bad"))
    document = document_of(muniment("verify", "bad", "--format", "json"))
    found = {
        (finding["rule"], finding["location"]["path"])
        for finding in document["subjects"][0]["findings"]
    }
    assert found == {
        ("BAG-201", "data/maps/c.txt"),
        ("BAG-202", "data/new.txt"),
        ("BAG-206", "bag-info.txt"),
        ("BAG-301", "data/letter.txt"),
        ("BAG-302", "bag-info.txt"),
    }
    assert document["summary"]["findings"] == {"error": 5, "warning": 0, "info": 0}


def test_json_lines_and_sarif_of_the_same_bags(work: Path) -> None:
    write_bag(work / "good")
    damage(write_bag(work / "bad"))
    lines = muniment("verify", "good", "bad", "--format", "jsonl").stdout.splitlines()
    assert len(lines) == 3
    for line in lines:
        assert_conforms(json.loads(line), "line")
    log = json.loads(muniment("verify", "good", "bad", "--format", "sarif").stdout)
    addresses = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in log["runs"][0]["results"]
    }
    assert "bad/data/maps/c.txt" in addresses


def test_one_bag_that_is_not_there_does_not_stop_the_others(work: Path) -> None:
    write_bag(work / "good")
    result = muniment("verify", "nowhere", "good")
    assert result.exit_code == 3
    lines = result.stdout.splitlines()
    assert lines[0].startswith("UNVERIFIED  nowhere (bag): ")
    assert lines[1].startswith("      not completed: ")
    assert "nowhere" in lines[1]
    assert "PASS  good (bag, valid)" in lines
    assert lines[-1] == "In all: 2 subjects; 1 passed, 1 unverified"


def test_fail_goes_before_unverified(work: Path) -> None:
    damage(write_bag(work / "bad"))
    assert muniment("verify", "nowhere", "bad").exit_code == 1


def test_quiet_names_only_what_did_not_pass(work: Path) -> None:
    write_bag(work / "good")
    damage(write_bag(work / "bad"))
    assert muniment("verify", "good", "bad", "--quiet").stdout == (
        "FAIL  bad (bag, invalid): 5 errors\n"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such a name")
def test_a_hostile_name_is_shown_and_not_obeyed(work: Path) -> None:
    bag = write_bag(work / "bad")
    name = os.fsencode(bag / "data") + b"/\x1b]0;owned\x07\xff\n.txt"
    Path(os.fsdecode(name)).write_bytes(b"")
    text = muniment("verify", "bad").stdout
    assert "    data/\\x1b]0;owned\\x07\\xff\\n.txt is in no manifest" in text
    assert all(line.isprintable() for line in text.splitlines())
    document = document_of(muniment("verify", "bad", "--format", "json"))
    paths = [finding["location"]["path"] for finding in document["subjects"][0]["findings"]]
    assert "data/\x1b]0;owned\x07\\xff\n.txt" in paths
    assert json.loads(muniment("verify", "bad", "--format", "sarif").stdout)


@pytest.mark.parametrize("form", ["text", "json", "jsonl", "sarif"])
def test_a_hostile_argument_breaks_no_form(form: str) -> None:
    raw = b"no\x1b[31m\xff\nwhere"
    command = [sys.executable, "-m", "muniment", "verify", "--format", form]
    done = subprocess.run([*command, raw], capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (3, b"")
    assert b"\x1b" not in done.stdout
    assert "where" in done.stdout.decode("utf-8")


def test_a_thousand_bags_as_json_lines(work: Path) -> None:
    names = [f"{number:04}" for number in range(1000)]
    for name in names:
        write_bag(work / name, {"data/a.txt": name.encode()})
    result = muniment("verify", "--format", "jsonl", *names)
    lines = result.stdout.splitlines()
    assert (result.exit_code, len(lines)) == (0, 1001)
    assert [json.loads(line)["subject"] for line in lines[:-1]] == names
    assert json.loads(lines[-1])["summary"]["pass"] == 1000
