"""deposit --ledger and update --ledger: what was meant stands in the history."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bagbuilder import Bag
from cli_helpers import document_of, muniment
from ledgers import opened

from muniment.audit.bodies import Accepted, Added
from muniment.audit.entries import EntryKind, Event


@pytest.fixture(autouse=True)
def own_house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key and a ledger of the test's own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data-home"))
    monkeypatch.setenv("MUNIMENT_LEDGER", str(tmp_path / "ledger.sqlite"))


def told(*line: str | Path) -> tuple[int, dict[str, Any]]:
    result = muniment(*line, "--format", "json")
    return result.exit_code, document_of(result)


def events(folder: Path, *kinds: EntryKind) -> list[Event]:
    with opened(str(folder / "ledger.sqlite"), create=False) as ledger:
        return list(ledger.events(kinds=kinds))


def deposited(folder: Path, *options: str | Path) -> tuple[int, dict[str, Any]]:
    bag, target = folder / "letter", folder / "second-site"
    return told("deposit", bag, target, "--ledger", folder / "ledger.sqlite", *options)


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    (tmp_path / "second-site").mkdir()
    return Bag().seal().write(tmp_path / "letter")


def test_a_receipt_is_the_first_event_of_the_copy(bag: Path, tmp_path: Path) -> None:
    assert told("audit", "add", bag, "--copies", "2")[0] == 0
    code, report = deposited(tmp_path, "--by", "the archive")
    assert code == 0
    source, copy = events(tmp_path, EntryKind.HOLDING_ADDED)
    added = Added.from_json(copy.entry.body)
    assert (copy.entry.holding, copy.entry.by) == (report["result"]["holding"], "the archive")
    assert added.object == source.entry.holding
    assert added.place.address == str(tmp_path / "second-site" / "letter")
    assert added.receipt is not None
    assert (added.receipt["evidence"], added.receipt["bag"]) == ("read back", str(bag))
    assert added.check.evidence.to_json()["compared_with"] == ["bag-manifests"]
    assert [each["kind"] for each in report["subjects"]] == ["bag", "holding"]
    (tmp_path / "second-site" / "letter" / "data" / "hello.txt").write_bytes(b"?")
    code, report = told("audit", "run", "--all")
    assert (code, report["result"]["outcomes"]) == (1, {"corrupt": 1, "intact": 1})


def test_a_copy_may_be_of_a_holding_that_is_named(bag: Path, tmp_path: Path) -> None:
    other = Bag().seal().write(tmp_path / "original")
    told("audit", "add", other)
    assert deposited(tmp_path, "--copy-of", "original")[0] == 0
    source, copy = events(tmp_path, EntryKind.HOLDING_ADDED)
    assert copy.entry.body["object"] == source.entry.holding
    assert bag.exists()


def test_a_deposit_again_adds_nothing(bag: Path, tmp_path: Path) -> None:
    first, again = deposited(tmp_path)[1], deposited(tmp_path)[1]
    assert first["result"]["holding"] == again["result"]["holding"]
    assert len(events(tmp_path, EntryKind.HOLDING_ADDED)) == 1
    assert [f["rule"] for f in again["subjects"][1]["findings"]] == ["AUD-110"]
    assert bag.exists()


def test_what_no_audit_reads_is_refused_before_anything_is_sent(bag: Path, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.sqlite"
    result = muniment("deposit", bag, "sftp://host.invalid/bags", "--ledger", ledger)
    assert result.exit_code == 2
    assert "an audit does not read over sftp://" in result.stderr
    result = muniment("deposit", bag, tmp_path / "second-site", "--copy-of", "x")
    assert result.exit_code == 2
    assert "--copy-of needs --ledger" in result.stderr


def updated(bag: Path, ledger: Path) -> tuple[int, dict[str, Any]]:
    line = ("--bag-info", "Contact-Name: The reading room", "--reason", "New contact")
    return told("update", bag, *line, "--by", "the archive", "--ledger", ledger)


def test_an_update_that_is_recorded_is_no_swap(bag: Path, tmp_path: Path) -> None:
    told("audit", "add", bag)
    (added,) = events(tmp_path, EntryKind.HOLDING_ADDED)
    code, report = updated(bag, tmp_path / "ledger.sqlite")
    assert (code, report["result"]["recorded"]["holding"]) == (0, added.entry.holding)
    (accepted,) = events(tmp_path, EntryKind.CHANGE_ACCEPTED)
    body = Accepted.from_json(accepted.entry.body)
    assert (body.reason, accepted.entry.by) == ("New contact", "the archive")
    assert body.before == added.entry.body["baseline"]["document"] != body.baseline.document
    code, report = told("audit", "run", "--all")
    assert (code, report["result"]["outcomes"]) == (0, {"intact": 1})


def test_an_update_that_is_not_recorded_is_a_swap(bag: Path, tmp_path: Path) -> None:
    told("audit", "add", bag)
    line = ("--bag-info", "Contact-Name: X", "--reason", "New contact", "--by", "the archive")
    assert told("update", bag, *line)[0] == 0
    code, report = told("audit", "run", "--all")
    assert (code, report["result"]["outcomes"]) == (1, {"swapped": 1})
    assert events(tmp_path, EntryKind.CHANGE_ACCEPTED) == []


def test_an_update_hides_no_swap(bag: Path, tmp_path: Path) -> None:
    told("audit", "add", bag)
    Bag(info=(("External-Identifier", "another"),)).seal().write(bag)
    code, report = updated(bag, tmp_path / "ledger.sqlite")
    assert (code, report["result"]) == (1, None)
    assert [each["rule"] for each in report["subjects"][0]["findings"]] == ["AUD-104"]
    assert "Contact-Name" not in (bag / "bag-info.txt").read_text()
    assert events(tmp_path, EntryKind.CHANGE_ACCEPTED) == []


def test_what_is_no_holding_is_not_updated(bag: Path, tmp_path: Path) -> None:
    told("audit", "add", Bag().seal().write(tmp_path / "other"))
    line = ("--bag-info", "Contact-Name: X", "--reason", "r", "--by", "b")
    result = muniment("update", bag, *line, "--ledger", tmp_path / "ledger.sqlite")
    assert result.exit_code == 2
    assert "is no holding of the ledger" in result.stderr
