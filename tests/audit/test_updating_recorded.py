"""update --ledger: a meant change is recorded as such; what was not meant stays a finding."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from cli_helpers import document_of, muniment
from ledgers import opened
from planted_holdings import sound, write

from muniment.audit.entries import EntryKind
from muniment.audit.outcomes import HoldingOutcome

CHANGE = ("--bag-info", "Contact-Name: Nobody", "--reason", "New contact", "--by", "archive")


@pytest.fixture(autouse=True)
def bag(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bag that is a holding of a ledger."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data-home"))
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "bag"
    write(path, "folder", sound(random.Random(1)))
    assert said("audit", "add", "bag")[0] == 0
    return path


def said(*line: str | Path) -> tuple[int, dict[str, Any]]:
    result = muniment(*line, "--ledger", "ledger.sqlite", "--format", "json")
    assert result.stdout, result.stderr
    return result.exit_code, document_of(result)


def rules(report: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [
        (finding["rule"], finding["location"]["path"])
        for one in report["subjects"]
        for finding in one["findings"]
        if finding["rule"].startswith("AUD-")
    ]


def changes() -> list[tuple[str, str]]:
    with opened("ledger.sqlite") as ledger:
        events = list(ledger.events(kinds=[EntryKind.CHANGE_ACCEPTED]))
    return [(event.entry.by, json.dumps(event.entry.body["reason"])) for event in events]


def test_the_next_audit_knows_the_change(bag: Path) -> None:
    code, report = said("update", "bag", *CHANGE)
    assert code == 0
    recorded = report["result"]["recorded"]
    assert recorded["before"] != recorded["after"]
    assert changes() == [("archive", '"New contact"')]
    assert "Contact-Name: Nobody" in (bag / "bag-info.txt").read_text()
    code, report = said("audit", "run", "--all")
    assert (code, report["result"]["outcomes"]) == (0, {"intact": 1})


def test_without_the_ledger_it_is_swapped() -> None:
    assert muniment("update", "bag", *CHANGE).exit_code == 0
    code, report = said("audit", "run", "--all")
    assert (code, rules(report)) == (1, [("AUD-104", None)])


def test_the_same_once_more_is_no_change() -> None:
    said("update", "bag", *CHANGE)
    code, report = said("update", "bag", *CHANGE)
    recorded = report["result"]["recorded"]
    assert (code, recorded["before"]) == (0, recorded["after"])
    assert len(changes()) == 1


def test_a_bag_that_was_changed_before_is_refused(bag: Path) -> None:
    """Or the update would make a swap look as if it had been meant."""
    write(bag, "folder", sound(random.Random(2)))
    before = (bag / "bag-info.txt").read_bytes()
    code, report = said("update", "bag", *CHANGE)
    assert (code, rules(report), report["result"]) == (1, [("AUD-104", None)], None)
    skipped = report["subjects"][0]["checks"]["skipped"]
    assert {each["check"] for each in skipped} == {"update"}
    assert ((bag / "bag-info.txt").read_bytes(), changes()) == (before, [])


def test_a_bag_with_a_damaged_file_is_refused(bag: Path) -> None:
    path = bag / "data" / "a.txt"
    path.write_bytes(b"?" * path.stat().st_size)
    code, report = said("update", "bag", *CHANGE)
    assert (code, report["result"], changes()) == (1, None, [])


def test_a_bag_that_is_no_holding_is_wrong_usage(tmp_path: Path) -> None:
    write(tmp_path / "other", "folder", sound(random.Random(3)))
    result = muniment("update", "other", *CHANGE, "--ledger", "ledger.sqlite")
    assert (result.exit_code, "is no holding of the ledger" in result.stderr) == (2, True)
    assert "Contact-Name: Nobody" not in (tmp_path / "other" / "bag-info.txt").read_text()


def test_nothing_is_changed_while_a_run_is_at_work(bag: Path) -> None:
    before = (bag / "bag-info.txt").read_bytes()
    with opened("ledger.sqlite") as ledger, ledger.only_run():
        result = muniment("update", "bag", *CHANGE, "--ledger", "ledger.sqlite")
    assert (result.exit_code, (bag / "bag-info.txt").read_bytes()) == (3, before)


def test_a_retired_holding_is_none(tmp_path: Path) -> None:
    muniment(
        *("audit", "retire", "bag", "--reason", "r", "--by", "a", "--authority", "b"),
        *("--ledger", "ledger.sqlite"),
    )
    with opened("ledger.sqlite") as ledger:
        assert [state.outcome for state in ledger.holdings()] == []
        assert HoldingOutcome.INTACT in {
            state.outcome for state in ledger.holdings(include_retired=True)
        }
    assert muniment("update", "bag", *CHANGE, "--ledger", "ledger.sqlite").exit_code == 2
    assert (tmp_path / "bag").is_dir()
