"""What is done with holdings between the runs: status, accept, move, retire, repair, forecast."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from cli_helpers import document_of, muniment
from planted_holdings import sound, write

REASON = ("--reason", "so decided", "--by", "archive")


@pytest.fixture(autouse=True)
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bag at two places, of which two copies are required; and a ledger of both."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data-home"))
    monkeypatch.setenv("MUNIMENT_LEDGER", str(tmp_path / "ledger.sqlite"))
    monkeypatch.chdir(tmp_path)
    for name in ("one/bag", "two/bag"):
        write(tmp_path / name, "folder", sound(random.Random(1)))
    assert audit("add", "one/bag", "--copies", "2")[0] == 0
    assert audit("add", "two/bag", "--copy-of", "one/bag", "--copies", "2")[0] == 0
    return tmp_path


def audit(*line: str | Path) -> tuple[int, dict[str, Any]]:
    result = muniment("audit", *line, "--format", "json")
    assert result.stdout, result.stderr
    return result.exit_code, document_of(result)


def refused(*line: str | Path) -> tuple[int, str]:
    result = muniment("audit", *line)
    return result.exit_code, result.stderr


def rules(report: dict[str, Any]) -> list[str]:
    return [finding["rule"] for one in report["subjects"] for finding in one["findings"]]


def standing(name: str) -> dict[str, Any]:
    (one,) = audit("status", name)[1]["result"]["holdings"]
    return dict(one)


def test_all_is_well() -> None:
    code, report = audit("status")
    assert (code, rules(report)) == (0, [])
    result = report["result"]
    assert (result["holdings"], result["outcomes"], result["overdue"]) == (2, {"intact": 2}, 0)


def test_one_holding_tells_what_it_rests_on() -> None:
    one = standing("one/bag")
    assert one["outcome"] == "intact"
    assert one["evidence"] == {
        "read_by": "auditor",
        "extent": "all-bytes",
        "compared_with": ["bag-manifests"],
        "nonce_of_checkpoint": None,
    }
    assert (one["copies"]["required"], one["copies"]["sound"]) == (2, 2)
    audit("run", "one/bag")
    assert standing("one/bag")["evidence"]["compared_with"] == ["bag-manifests", "baseline"]


def test_a_harmed_copy_shows_in_the_holding_and_in_its_object() -> None:
    Path("two/bag/data/a.txt").write_bytes(b"?")
    audit("run", "--all")
    code, report = audit("status")
    assert (code, sorted(rules(report))) == (1, ["AUD-101", "AUD-203"])
    assert audit("status", "one/bag")[0] == 1
    assert rules(audit("status", "two/bag")[1]) == ["AUD-101", "AUD-203"]


def test_an_overdue_promise_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1795867200 + 200 * 86400))
    code, report = audit("status")
    assert (code, report["result"]["overdue"], rules(report)) == (3, 2, ["AUD-201"])
    assert audit("status", "one/bag")[0] == 3


def test_a_change_that_is_meant_is_accepted() -> None:
    write(Path("one/bag"), "folder", sound(random.Random(2)))
    assert rules(audit("run", "one/bag")[1]) == ["AUD-104"]
    code, report = audit("accept", "one/bag", *REASON)
    assert (code, report["result"]["before"] != report["result"]["after"]) == (0, True)
    assert standing("one/bag")["outcome"] == "changed"
    assert audit("run", "one/bag")[0] == 0
    assert standing("one/bag")["outcome"] == "intact"


def test_what_is_not_sound_is_not_accepted() -> None:
    Path("one/bag/data/a.txt").write_bytes(b"?")
    code, report = audit("accept", "one/bag", *REASON)
    assert (code, report["result"]) == (1, None)
    assert "AUD-208" in rules(report)
    assert standing("one/bag")["outcome"] == "intact"


def test_a_move_verifies_both_ends() -> None:
    shutil.copytree("one", "three")
    code, report = audit("move", "one/bag", "three/bag")
    assert (code, report["result"]["found"]) == (0, {"old": "intact", "new": "intact"})
    assert standing("three/bag")["address"].endswith("/three/bag")


def test_a_move_to_something_else_is_refused() -> None:
    write(Path("three/bag"), "folder", sound(random.Random(3)))
    code, report = audit("move", "one/bag", "three/bag")
    assert (code, report["result"]["event"]) == (1, None)
    assert "AUD-205" in rules(report)
    assert standing("one/bag")["address"].endswith("/one/bag")


def test_a_harmed_holding_is_not_moved() -> None:
    shutil.copytree("one", "three")
    Path("one/bag/data/a.txt").write_bytes(b"?")
    code, report = audit("move", "one/bag", "three/bag")
    assert (code, report["result"]["event"], report["result"]["found"]["old"]) == (
        1,
        None,
        "corrupt",
    )


def test_what_is_retired_is_audited_no_longer_and_keeps_its_history() -> None:
    holding = standing("two/bag")["holding"]
    code, report = audit("retire", "two/bag", *REASON, "--authority", "schedule 7")
    assert (code, rules(report)) == (0, ["AUD-203"])
    shutil.rmtree("two")
    code, report = audit("run", "--all")
    assert (code, len(report["subjects"])) == (0, 1)
    assert audit("status", holding)[1]["result"]["holdings"][0]["retired"] is True
    assert refused("run", holding) == (
        2,
        f"muniment: {holding} is retired: it is audited no longer; its history stays\n",
    )
    assert refused("retire", holding, *REASON, "--authority", "x")[0] == 2


def test_a_harmed_holding_is_repaired_from_its_copy() -> None:
    before = {p: p.read_bytes() for p in Path("one/bag").rglob("*") if p.is_file()}
    Path("one/bag/data/a.txt").write_bytes(b"?")
    Path("one/bag/bag-info.txt").unlink()
    Path("one/bag/data/stray.txt").write_text("stray")
    audit("run", "one/bag")
    code, report = audit("repair", "one/bag", "--from", "two/bag", "--move-extra", "strays")
    assert (code, report["result"]["found"]) == (0, {"before": "corrupt", "after": "intact"})
    assert report["result"]["written"] == ["bag-info.txt", "data/a.txt"]
    assert report["result"]["moved"] == ["data/stray.txt"]
    assert {p: p.read_bytes() for p in Path("one/bag").rglob("*") if p.is_file()} == before
    assert Path("strays/data/stray.txt").read_text() == "stray"


def test_what_nobody_recorded_is_left_where_it_is() -> None:
    Path("one/bag/data/stray.txt").write_text("stray")
    code, report = audit("repair", "one/bag", "--from", "two/bag")
    assert code == 1
    assert sorted(rules(report)) == ["AUD-103", "AUD-207"]
    assert Path("one/bag/data/stray.txt").exists()


def test_nothing_is_repaired_from_a_harmed_copy() -> None:
    for name in ("one", "two"):
        Path(name, "bag/data/a.txt").write_bytes(name.encode())
    code, report = audit("repair", "one/bag", "--from", "two/bag")
    assert (code, report["result"]) == (1, None)
    assert "AUD-206" in rules(report)
    assert Path("one/bag/data/a.txt").read_bytes() == b"one"


def test_a_holding_that_is_gone_is_made_anew() -> None:
    shutil.rmtree("one/bag")
    code, report = audit("repair", "one/bag", "--from", "two/bag")
    assert (code, report["result"]["found"]) == (0, {"before": "missing", "after": "intact"})


@pytest.mark.parametrize(
    "line",
    [
        ("status", "nobody"),
        ("accept", "nobody", *REASON),
        ("move", "nobody", "x"),
        ("retire", "nobody", *REASON, "--authority", "x"),
        ("repair", "nobody", "--from", "one/bag"),
        ("repair", "one/bag", "--from", "nobody"),
        ("repair", "one/bag", "--from", "one/bag"),
        ("run", "nobody"),
        ("prove", "nobody", "--output", "p"),
        ("move", "one/bag", "one/bag"),
        ("accept", "one/bag", "--reason", " "),
        ("retire", "one/bag", "--reason", "kept elsewhere", "--authority", ""),
        ("status", "one"),
        ("status", "--ledger", "nowhere.sqlite"),
        ("forecast", "--ledger", "nowhere.sqlite"),
        ("accept", "one/bag", *REASON, "--ledger", "nowhere.sqlite"),
        ("forecast", "--growth", "-1"),
        ("forecast", "--growth", "NaN"),
        ("forecast", "--growth", "1e400"),
        ("forecast", "--price-per-gb", "1e40"),
        ("forecast", "--rate", "0"),
        ("forecast", "--time-limit", "0s"),
        ("run", "--time-limit", "soon"),
        ("add", "one/bag", "--every", "5m"),
    ],
)
def test_what_cannot_be_is_wrong_usage(line: tuple[str, ...]) -> None:
    code, said = refused(*line)
    assert code == 2
    assert said


def test_a_forecast_says_what_it_rests_on() -> None:
    code, report = audit("forecast", "--time-limit", "1h", "--price-per-gb", "0.09")
    assert (code, report["result"]["holds"], report["result"]["holdings"]) == (0, True, 2)
    assert report["result"]["assumptions"]["pace"].startswith("assumed")
    assert report["result"]["cost"]["price_per_gb"] == "0.09"


def test_promises_that_cannot_be_kept_are_foretold() -> None:
    code, report = audit("forecast", "--rate", "1kB", "--time-limit", "1s", "--fail-on", "warning")
    assert code == 1
    assert set(rules(report)) <= {"AUD-202", "AUD-204"}
    assert rules(report)


@pytest.mark.parametrize(
    "options",
    [
        ("--growth", "1000000", "--price-per-gb", "1000000"),
        ("--rate", "1B"),
        ("--max-bytes", "1B"),
        ("--price-per-gb", "1000000"),
        ("--time-limit", "10y"),
    ],
)
def test_a_forecast_takes_what_is_odd(options: tuple[str, ...]) -> None:
    assert audit("forecast", *options)[0] == 0


def test_an_empty_ledger_stands_well_and_promises_nothing() -> None:
    muniment("audit", "add", "one/bag", "--ledger", "other.sqlite")
    muniment("audit", "retire", "one/bag", *REASON, "--authority", "x", "--ledger", "other.sqlite")
    code, report = audit("status", "--ledger", "other.sqlite")
    assert (code, report["result"]["holdings"], report["result"]["retired"]) == (0, 0, 1)
    code, report = audit("forecast", "--ledger", "other.sqlite")
    assert (code, report["result"]["answer"]) == (0, "no holding is promised anything")
