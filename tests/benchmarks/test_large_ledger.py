"""The ledger that the benchmark fills is the one that the ledger itself writes."""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent))

from large_ledger import build
from large_ledger_events import BEGIN, Shape, addition, moments, observation, run_begun, run_ended

from muniment.audit.exporting import sign_and_keep
from muniment.audit.keys import SigningKey
from muniment.audit.ledger import Ledger, open_ledger

KEY = SigningKey(seed=b"k" * 32)
SHAPE = Shape(holdings=600, rounds=2, runs=2)  # 1,809 events: nodes of several levels


def _written(ledger: Ledger) -> None:
    """The same, told to the ledger."""
    shape = SHAPE
    for night in range(shape.runs):
        made = [addition(number, shape.night(night)) for number in shape.of_run(night)]
        documents = {hashlib.sha256(each).hexdigest(): each for _, each in made}
        ledger.record([entry for entry, _ in made], documents)
    for night in range(shape.runs, shape.runs * (shape.rounds + 1)):
        begun, numbers = shape.night(night), shape.of_run(night % shape.runs)
        name = ledger.record([run_begun(begun)])[0].entry.run or ""
        times = moments(begun, len(numbers))
        ledger.observe(
            [observation(each, name, at) for each, at in zip(numbers, times, strict=True)]
        )
        ledger.sequence()
        ledger.record([run_ended(begun, numbers)])
        sign_and_keep(ledger, KEY)


def _content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, and how the tables and indexes are made."""
    with sqlite3.connect(path) as connection:
        made = connection.execute("SELECT * FROM sqlite_master ORDER BY type, name").fetchall()
        tables = [row[1] for row in made if row[0] == "table"]
        rows = {
            name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr)  # noqa: S608 - ours
            for name in tables
        }
    connection.close()
    return {"made": [row[:3] + row[4:] for row in made], **rows}


def test_it_is_what_the_ledger_would_have_written(tmp_path: Path) -> None:
    filled, written = tmp_path / "filled.sqlite", tmp_path / "written.sqlite"
    build(filled, SHAPE, KEY)
    with open_ledger(str(written), clock=lambda: BEGIN, randomness=Random(1).randbytes) as ledger:
        _written(ledger)
        assert ledger.size() == SHAPE.events
    ours, theirs = _content(filled), _content(written)
    assert len(ours["events"]) == SHAPE.events
    assert len(ours["nodes"]) > 7
    for name in theirs:
        assert ours[name] == theirs[name], name
