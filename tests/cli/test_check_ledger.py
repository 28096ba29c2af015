"""audit check-ledger, as a person types it."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_helpers import assert_conforms, document_of, muniment
from histories import KEY
from ledgers import added, baseline, observation, opened
from tampering import replace, stored

from muniment.audit import tables
from muniment.audit.exporting import sign_and_keep

DOCUMENT = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"  # of b"foo"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("MUNIMENT_LEDGER", str(tmp_path / "ledger.sqlite"))
    monkeypatch.delenv("MUNIMENT_KEY", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def held(tmp_path: Path) -> Path:
    """A checkpoint that was kept apart from a ledger of three events."""
    with opened(str(tmp_path / "ledger.sqlite")) as ledger:
        ledger.record([added("a", baseline=baseline(document=DOCUMENT))], {DOCUMENT: b"foo"})
        ledger.observe([observation("a")])
        ledger.sequence()
        (tmp_path / "held").write_bytes(sign_and_keep(ledger, KEY)[1])
    return tmp_path / "held"


def test_a_sound_ledger_passes_and_says_what_was_not_looked_at(held: Path) -> None:
    alone = muniment("audit", "check-ledger", "--format", "json")
    assert alone.exit_code == 0
    document = document_of(alone)
    assert_conforms(document)
    assert document["result"]["events"] == 3
    assert document["result"]["last_good_checkpoint"]["size"] == 3
    (subject,) = document["subjects"]
    assert subject["kind"] == "ledger"
    skipped = {each["check"] for each in subject["checks"]["skipped"]}
    assert skipped == {"signatures", "checkpoints held outside"}
    whole = muniment(
        "audit", "check-ledger", "--checkpoint", held, "--key", KEY.public.text, "--format", "json"
    )
    assert whole.exit_code == 0
    assert document_of(whole)["subjects"][0]["checks"]["skipped"] == []


def test_an_altered_event_is_named_in_words(held: Path, tmp_path: Path) -> None:
    url = str(tmp_path / "ledger.sqlite")
    row = stored(url)["events"][2]
    leaf = row["leaf"].replace(b"intact", b"absent")
    replace(url, tables.events, row, {**row, "leaf": leaf})
    found = muniment("audit", "check-ledger", "--checkpoint", held)
    assert found.exit_code == 1
    assert "LED-101" in found.stdout
    assert "event 2: its bytes hash to" in found.stdout


def test_a_checkpoint_of_more_events_tells_of_a_ledger_cut_off(held: Path, tmp_path: Path) -> None:
    older = tmp_path / "older.sqlite"
    opened(str(older)).close()
    found = muniment("audit", "check-ledger", "--ledger", older, "--checkpoint", held)
    assert found.exit_code == 1
    assert "LED-108" in found.stdout
    assert "is of 3 events; the ledger holds 1" in found.stdout


def test_what_cannot_be_read_is_no_fault_of_the_ledger(held: Path) -> None:
    missing = muniment("audit", "check-ledger", "--checkpoint", held.with_name("none"))
    assert missing.exit_code == 3
    nowhere = muniment("audit", "check-ledger", "--ledger", "none.sqlite")
    assert nowhere.exit_code == 2
    assert not Path("none.sqlite").exists()


def test_text_that_is_no_text_is_told(held: Path, tmp_path: Path) -> None:
    """SQLite keeps any bytes as text."""
    assert held.exists()
    url = str(tmp_path / "ledger.sqlite")
    row = stored(url)["events"][2]
    with opened(url) as ledger, ledger.writing() as connection:
        connection.exec_driver_sql("UPDATE events SET run = CAST(x'ff41' AS TEXT) WHERE number = 2")
    found = muniment("audit", "check-ledger", "--format", "json")
    assert found.exit_code == 1
    assert_conforms(document_of(found))
    (finding,) = [
        each for each in document_of(found)["subjects"][0]["findings"] if each["rule"] == "LED-104"
    ]
    assert finding["evidence"] == {"column": "run", "expected": row["run"], "actual": "%FFA"}


def test_a_schema_that_nobody_wrote_is_told(held: Path, tmp_path: Path) -> None:
    assert held.exists()
    with opened(str(tmp_path / "ledger.sqlite")) as ledger, ledger.writing() as connection:
        connection.exec_driver_sql("UPDATE meta SET value = '2?' WHERE key = 'schema'")
    found = muniment("audit", "check-ledger")
    assert found.exit_code == 2
    assert 'says "2?" of its schema' in found.stderr
