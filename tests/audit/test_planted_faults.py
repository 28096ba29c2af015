"""A thousand holdings, a hundred faults: each found and named with its kind, nothing else."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from cli_helpers import document_of, muniment
from ledgers import opened
from planted_holdings import FORMS, PLANTS, Faults, path_of, sound, write

KINDS = {
    "AUD-101": "corrupt",
    "AUD-102": "missing",
    "AUD-103": "extra",
    "AUD-104": "swapped",
    "AUD-105": "changed",
}
HOLDINGS = 1000
PLANTED = 100


def audit(folder: Path, *line: str | Path) -> tuple[int, dict[str, Any]]:
    result = muniment("audit", *line, "--ledger", folder / "ledger.sqlite", "--format", "json")
    return result.exit_code, document_of(result)


def faults_of(subject: dict[str, Any]) -> Faults:
    return frozenset(
        (KINDS.get(finding["rule"], finding["rule"]), finding["location"]["path"])
        for finding in subject["findings"]
    )


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key of the test's own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data-home"))


@pytest.mark.parametrize("seed", [1])
def test_a_thousand_holdings_with_a_hundred_faults(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    archive = tmp_path / "archive"
    archive.mkdir()
    kept = {}
    for number in range(HOLDINGS):
        form = FORMS[number % len(FORMS)]
        kept[number] = (form, sound(chance))
        write(path_of(archive, number, form), *kept[number])
    code, report = audit(tmp_path, "add", archive)
    assert (code, report["summary"]["pass"]) == (0, HOLDINGS)

    expected: dict[str, tuple[str, Faults]] = {}
    for turn, number in enumerate(chance.sample(range(HOLDINGS), PLANTED)):
        form, files = kept[number]
        plant = PLANTS[turn % len(PLANTS)]
        changed = dict(files)
        faults = plant.change(changed, chance)
        path = path_of(archive, number, form)
        write(path, form, changed)
        expected[str(path)] = (f"{plant.name} in {form}", faults)

    code, report = audit(tmp_path, "run", "--all")
    assert code == 1
    assert report["summary"]["subjects"] == HOLDINGS
    found = {
        subject["subject"]: faults_of(subject)
        for subject in report["subjects"]
        if subject["findings"]
    }
    assert {path: found.get(path) for path in expected} == {
        path: faults for path, (_, faults) in expected.items()
    }
    assert found.keys() == expected.keys()
    assert all("self-test" in subject["checks"]["run"] for subject in report["subjects"])


def test_what_has_become_of_an_archive_as_a_whole(tmp_path: Path) -> None:
    chance = random.Random(2)
    archive = tmp_path / "archive"
    (archive / "moved").mkdir(parents=True)
    for number, form in enumerate(("tar", "zip", "zip", "folder", "tar")):
        write(path_of(archive, number, form), form, sound(chance))
    write(archive / "moved" / "bag-9", "folder", sound(chance))
    assert audit(tmp_path, "add", archive)[0] == 0

    cut = path_of(archive, 0, "tar")
    cut.write_bytes(cut.read_bytes()[:3000])
    emptied = path_of(archive, 1, "zip")
    emptied.write_bytes(b"")
    overwritten = path_of(archive, 2, "zip")
    overwritten.write_bytes(b"\0" * 4000)
    shutil.rmtree(path_of(archive, 3, "folder"))
    path_of(archive, 4, "tar").unlink()
    shutil.rmtree(archive / "moved")

    code, report = audit(tmp_path, "run", "--all")
    found = {Path(s["subject"]).name: (s["verdict"], faults_of(s)) for s in report["subjects"]}
    assert code == 1
    for name in ("bag-0000.tar", "bag-0001.zip", "bag-0002.zip"):
        verdict, faults = found[name]
        assert verdict == "fail"
        assert {kind for kind, _ in faults} == {"corrupt"}, name
    for name in ("bag-0003", "bag-0004.tar"):
        assert found[name] == ("fail", frozenset({("missing", None)}))
    assert found["bag-9"] == ("unverified", frozenset({("AUD-106", None)}))
    assert report["result"]["outcomes"] == {"corrupt": 3, "missing": 2, "unreachable": 1}


def test_plain_files_are_held_against_what_the_ledger_keeps(tmp_path: Path) -> None:
    files = tmp_path / "files"
    (files / "inner").mkdir(parents=True)
    for name in ("a", "b", "inner/c", "inner/d"):
        (files / name).write_text(name)
    code, report = audit(tmp_path, "add", files)
    assert (code, report["result"]["added"][0]["outcome"]) == (0, "intact")
    (files / "a").write_text("A")
    (files / "inner" / "c").unlink()
    (files / "stray").write_text("stray")
    code, report = audit(tmp_path, "run", "--all")
    assert faults_of(report["subjects"][0]) == {
        ("corrupt", "a"),
        ("missing", "inner/c"),
        ("extra", "stray"),
    }


def test_a_bag_that_is_broken_is_taken_in_as_broken(tmp_path: Path) -> None:
    bag = tmp_path / "bag"
    files = sound(random.Random(3))
    files["data/a.txt"] = b"?" * len(files["data/a.txt"])
    write(bag, "folder", files)
    code, report = audit(tmp_path, "add", bag)
    assert code == 1
    assert faults_of(report["subjects"][0]) == {("corrupt", "data/a.txt")}
    code, report = audit(tmp_path, "run", "--all")
    assert code == 1
    assert faults_of(report["subjects"][0]) == {("corrupt", "data/a.txt")}


def test_what_was_taken_in_is_not_taken_in_twice(tmp_path: Path) -> None:
    bag = tmp_path / "bag"
    write(bag, "folder", sound(random.Random(4)))
    _, first = audit(tmp_path, "add", bag)
    code, again = audit(tmp_path, "add", bag, bag)
    assert (code, again["result"]) == (0, {"added": [], "known": 1})
    assert [finding["rule"] for finding in again["subjects"][0]["findings"]] == ["AUD-110"]
    assert audit(tmp_path, "run", first["result"]["added"][0]["holding"])[0] == 0


def test_nothing_is_due_on_the_first_day(tmp_path: Path) -> None:
    bag = tmp_path / "bag"
    write(bag, "folder", sound(random.Random(5)))
    audit(tmp_path, "add", bag)
    code, report = audit(tmp_path, "run")
    assert (code, report["subjects"], report["result"]["not_reached"]) == (0, [], 0)


def test_what_is_due_is_checked_and_its_deadline_moves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, every in (("often", "7d"), ("seldom", "1y")):
        write(tmp_path / name, "folder", sound(random.Random(6)))
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
        audit(tmp_path, "add", tmp_path / name, "--every", every)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1800000000 + 7 * 86400))
    code, report = audit(tmp_path, "run")
    assert (code, [Path(s["subject"]).name for s in report["subjects"]]) == (0, ["often"])
    code, report = audit(tmp_path, "run")
    assert report["subjects"] == []


def test_a_limit_of_bytes_leaves_the_rest_for_the_next_run(tmp_path: Path) -> None:
    for number in range(6):
        write(path_of(tmp_path, number, "folder"), "folder", sound(random.Random(number)))
    audit(tmp_path, "add", *(path_of(tmp_path, number, "folder") for number in range(6)))
    code, report = audit(tmp_path, "run", "--all", "--max-bytes", "6kB")
    reached = len(report["subjects"])
    assert code == 0
    assert 0 < reached < 6
    assert report["result"]["not_reached"] == 6 - reached


def test_nothing_at_a_path_is_wrong_usage(tmp_path: Path) -> None:
    result = muniment("audit", "add", tmp_path / "none", "--ledger", tmp_path / "l.sqlite")
    assert result.exit_code == 2
    assert "there is nothing at" in result.stderr


def test_without_a_ledger_there_is_nothing_to_run(tmp_path: Path) -> None:
    result = muniment("audit", "run", "--ledger", tmp_path / "none.sqlite")
    assert result.exit_code == 2
    assert "there is no ledger" in result.stderr
    assert not (tmp_path / "none.sqlite").exists()


def test_a_quick_run_is_no_fixity_check(tmp_path: Path) -> None:
    for number in range(4):
        write(path_of(tmp_path, number, "folder"), "folder", sound(random.Random(number)))
    files = tmp_path / "files"
    files.mkdir()
    (files / "a").write_text("a")
    paths = [path_of(tmp_path, number, "folder") for number in range(4)]
    audit(tmp_path, "add", *paths, files)
    flipped = paths[0] / "data" / "a.txt"
    flipped.write_bytes(b"?" * flipped.stat().st_size)
    (paths[1] / "data" / "a.txt").unlink()
    (paths[2] / "bag-info.txt").write_text("External-Description: another\n")
    (files / "a").write_text("longer")
    with opened(str(tmp_path / "ledger.sqlite")) as ledger:
        size = ledger.size()
    code, report = audit(tmp_path, "run", "--all", "--quick")
    found = {Path(s["subject"]).name: faults_of(s) for s in report["subjects"]}
    assert (code, found) == (
        1,
        {
            "bag-0000": frozenset(),
            "bag-0001": {("missing", "data/a.txt")},
            "bag-0002": {("corrupt", "bag-info.txt")},
            "bag-0003": frozenset(),
            "files": {("corrupt", "a")},
        },
    )
    assert all(s["checks"]["run"] == ["existence"] for s in report["subjects"])
    assert all(s["checks"]["skipped"][0]["check"] == "fixity" for s in report["subjects"])
    with opened(str(tmp_path / "ledger.sqlite")) as ledger:
        assert ledger.size() == size
