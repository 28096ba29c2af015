"""A ledger of 1,000,000 holdings and 10,000,000 events: checked, asked for its status, proven from.

    python tests/benchmarks/bench_ledger.py --folder /var/tmp/bench --json results.json

The ledger is built past `record` and `observe`, by inserts of many rows, from leaves that are
written out by hand; `check-ledger` then shows that it is one. It lies in SQLite, and takes about
1 GB for each million events. Every holding has one description in common. Figures are whole
commands with their start-up, cache hot, except for the proof, which is checked in process.
`--holdings` and `--events` make it smaller for a first look.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import sqlite3
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from measuring import machine, run

from muniment.audit.bodies import Added, Check
from muniment.audit.canonical import decode, encode
from muniment.audit.entries import Event, instant
from muniment.audit.exporting import sign_and_keep
from muniment.audit.holdings import Baseline, HoldingKind, Place
from muniment.audit.keys import SigningKey
from muniment.audit.ledger import Ledger, open_ledger
from muniment.audit.merkle import leaf_hash
from muniment.audit.nodes import GrowingTree
from muniment.audit.outcomes import Evidence, Extent, HoldingOutcome, Reader, Reference
from muniment.audit.projection import Row, after
from muniment.audit.proof import make_proof
from muniment.audit.proof_checking import Trust, check_proof

MUNIMENT = str(Path(sys.executable).parent / "muniment")
START = datetime(2020, 1, 1, tzinfo=UTC)
DESCRIPTION = b"a description that all holdings of the benchmark have in common\n"
DOCUMENT = hashlib.sha256(DESCRIPTION).hexdigest()
KEY = SigningKey(seed=bytes(32))
MORE_OF_ONE = 10  # checks of one holding, so that it has about 20 events
QUARTER = 90 * 86400
BATCH = 20_000
CHECK = Check(
    outcome=HoldingOutcome.INTACT,
    evidence=Evidence(
        read_by=Reader.AUDITOR,
        extent=Extent.ALL_BYTES,
        compared_with=(Reference.BAG_MANIFESTS, Reference.BASELINE),
    ),
    files=20,
    octets=4_000_000,
)
EVENTS = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
OBSERVATIONS = "INSERT INTO observations VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


class Builder:
    """Writes events of many holdings past the sequencer, and all that is derived from them."""

    def __init__(self, path: Path, first: Event) -> None:
        self.tree = GrowingTree(1, [first.leaf_hash()])
        self.nodes: list[Any] = []
        self.last: dict[str, tuple[bytes, bytes]] = {}  # holding -> leaf before, its hash
        self.added: dict[str, tuple[bytes, bytes]] = {}
        self.counts: dict[str, int] = {}
        self.body = encode(CHECK.to_json())
        self.fingerprint = hashlib.sha256(self.body).hexdigest()
        self.database = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-500000"):
            self.database.execute(f"PRAGMA {pragma}")

    def build(self, holdings: int, events: int) -> None:
        """So many holdings, all added in the first days and then checked run after run."""
        chance = Random(1)
        ids = sorted(chance.randbytes(8).hex() for _ in range(holdings))
        indexes = self._without_indexes()
        self.database.execute("BEGIN")
        self._write(self._adding(ids))
        turn = 0
        while (left := events - self.tree.frontier.size) > 0:
            turn += 1
            often = [ids[0]] * (MORE_OF_ONE if turn == 1 else 0)
            self._write(self._checking(f"run-{turn:04}", turn, (ids + often)[-left:]))
        self._derive()
        self.database.execute("COMMIT")
        for sql in indexes:
            self.database.execute(sql)
        self.database.execute("ANALYZE")
        self.database.execute("PRAGMA journal_mode=WAL")
        self.database.close()

    def _without_indexes(self) -> list[str]:
        """Indexes are made at the end, which is quicker."""
        kept = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        found = self.database.execute(kept).fetchall()
        for name, _ in found:
            self.database.execute(f"DROP INDEX {name}")
        return [sql for _, sql in found]

    def _adding(self, ids: list[str]) -> Iterator[tuple[Any, ...]]:
        body = encode(BODY).decode()
        for place, holding in enumerate(ids):
            at = instant(START + timedelta(seconds=place // 4))
            number = self.tree.frontier.size
            leaf = (
                f'{{"at":"{at}","body":{body.replace("HOLDING", holding)},"by":"archive",'
                f'"holding":"{holding}","kind":"holding-added","number":{number},'
                '"previous":null,"run":null,"v":1}'
            ).encode()
            hashed = self._take(leaf)
            self.added[holding] = self.last[holding] = (leaf, hashed)
            yield (number, "holding-added", at, holding, None, "intact", leaf, hashed)

    def _checking(self, run: str, turn: int, ids: list[str]) -> Iterator[tuple[Any, ...]]:
        begin = START + timedelta(days=turn * 85)
        body = self.body[1:].decode()
        for place, holding in enumerate(ids):
            at = instant(begin + timedelta(seconds=place // 8))
            number, previous = self.tree.frontier.size, self.last[holding][1].hex()
            attempt = self.counts[holding] = self.counts.get(holding, 0) + 1
            leaf = (
                f'{{"at":"{at}","body":{{"attempt":{attempt},{body},"by":"archive",'
                f'"holding":"{holding}","kind":"fixity-checked","number":{number},'
                f'"previous":"{previous}","run":"{run}","v":1}}'
            ).encode()
            hashed = self._take(leaf)
            self.last[holding] = (leaf, hashed)
            yield (number, "fixity-checked", at, holding, run, "intact", leaf, hashed, attempt)

    def _take(self, leaf: bytes) -> bytes:
        hashed = leaf_hash(leaf)
        self.nodes += self.tree.append(hashed)
        return hashed

    def _write(self, rows: Iterator[tuple[Any, ...]]) -> None:
        batch: list[tuple[Any, ...]] = []
        for row in rows:
            batch.append(row)
            if len(batch) == BATCH:
                self._insert(batch)
                batch = []
        self._insert(batch)

    def _insert(self, batch: list[tuple[Any, ...]]) -> None:
        self.database.executemany(EVENTS, [row[:8] for row in batch])
        seen = [
            (row[4], row[3], row[8], self.fingerprint, row[2], "archive", self.body, row[0])
            for row in batch
            if len(row) > 8
        ]
        self.database.executemany(OBSERVATIONS, seen)

    def _derive(self) -> None:
        """The holdings, the nodes and the head, as the sequencer would have left them."""
        rows: list[tuple[Any, ...]] = []
        for holding, (leaf, hashed) in self.added.items():
            row: Row = after(None, decode(leaf), hashed)
            if self.last[holding] != (leaf, hashed):
                row = after(row, decode(self.last[holding][0]), self.last[holding][1])
            rows.append(tuple(row[name] for name in _columns(self.database)))
        marks = ", ".join("?" * len(rows[0]))
        self.database.executemany(f"INSERT INTO holdings VALUES ({marks})", rows)  # noqa: S608
        self.database.executemany("INSERT INTO nodes VALUES (?, ?, ?)", self.nodes)
        tree = self.tree.frontier
        self.database.execute(
            "UPDATE head SET size = ?, frontier = ?", (tree.size, b"".join(tree.hashes))
        )


COLUMNS: list[str] = []


def _columns(database: sqlite3.Connection) -> list[str]:
    if not COLUMNS:
        COLUMNS.extend(row[1] for row in database.execute("PRAGMA table_info(holdings)"))
    return COLUMNS


BODY = Added(
    kind=HoldingKind.BAG,
    name="bag-HOLDING",
    place=Place(address="/archive/HOLDING", form="folder", location="/archive"),
    every=QUARTER,
    object="HOLDING",
    copies=1,
    baseline=Baseline(document=DOCUMENT, algorithms=("sha256",), files=20, octets=4_000_000),
    check=CHECK,
).to_json()


def built(path: Path, holdings: int, events: int) -> dict[str, object]:
    """Make the ledger; how long that took, and how large it is."""
    started = time.perf_counter()
    with opened(path) as ledger:
        ledger.record([], {DOCUMENT: DESCRIPTION})
        first = ledger.event(0)
    Builder(path, first).build(holdings, events)
    with opened(path) as ledger:
        sign_and_keep(ledger, KEY)
    seconds = round(time.perf_counter() - started, 1)
    return {"work": "building it", "seconds": seconds, "bytes": path.stat().st_size}


def opened(path: Path) -> Ledger:
    """The ledger, its clock at the beginning of all."""
    return open_ledger(str(path), clock=lambda: START, randomness=Random(1).randbytes)


def command(path: Path, name: str, rounds: int, *more: str) -> dict[str, object]:
    """A command of the audit: median of its seconds, and the most memory it took."""
    line = [MUNIMENT, "audit", name, "--ledger", str(path), "--format", "json", *more]
    runs = [run(line) for _ in range(rounds)]
    seconds = median(each.seconds for each in runs)
    peak = max(each.peak_bytes for each in runs)
    return {"work": f"audit {name}", "seconds": round(seconds, 2), "peak_mib": round(peak / 2**20)}


def proof(path: Path) -> dict[str, object]:
    """The proof of a holding of some twenty events: bytes, and milliseconds to check it."""
    with opened(path) as ledger:
        holding = next(state.id for state in ledger.holdings())
        count = sum(1 for _ in ledger.events(holding=holding))
        data = make_proof(ledger, holding, KEY.public).to_bytes()
    trust = Trust(key=KEY.public)
    times = []
    for _ in range(20):
        started = time.perf_counter()
        checked = check_proof(data, "proof", trust)
        times.append(time.perf_counter() - started)
        if checked.shown is None:
            raise RuntimeError("the proof does not hold")
    milliseconds = round(median(times) * 1000, 1)
    return {
        "work": f"a proof of {count} events",
        "bytes": len(data),
        "wanted_bytes": 20_000,
        "milliseconds": milliseconds,
        "wanted_milliseconds": 100,
    }


def main() -> None:
    """Measure everything and write what was measured."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--folder", type=Path, required=True)
    arguments.add_argument("--holdings", type=int, default=1_000_000)
    arguments.add_argument("--events", type=int, default=10_000_000)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--json", type=Path, default=Path(__file__).parent / "ledger.json")
    given = arguments.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    os.environ["XDG_DATA_HOME"] = str(given.folder / "data")
    path = given.folder / "ledger.sqlite"
    try:
        rows = list(measured(path, given.holdings, given.events, given.rounds))
    finally:
        for each in given.folder.glob("ledger.sqlite*"):
            each.unlink()
    result = {
        "machine": machine(),
        "holdings": given.holdings,
        "events": given.events,
        "rounds": given.rounds,
        "rows": rows,
    }
    given.json.write_text(json.dumps(result, indent=2) + "\n")


def measured(path: Path, holdings: int, events: int, rounds: int) -> Iterator[dict[str, object]]:
    """One row after the other, told as it comes."""
    for row in _rows(path, holdings, events, rounds):
        print(json.dumps(row), flush=True)  # noqa: T201 - this is a command
        yield row


def _rows(path: Path, holdings: int, events: int, rounds: int) -> Iterator[dict[str, object]]:
    yield built(path, holdings, events)
    checked = command(path, "check-ledger", 1, "--key", KEY.public.text)
    speed = events / float(str(checked["seconds"]))
    yield checked | {"events_per_second": round(speed), "wanted_events_per_second": 100_000}
    for name in ("status", "forecast"):
        if importlib.util.find_spec(f"muniment.cli.audit_{name}") is not None:
            yield command(path, name, rounds) | {"wanted_seconds": 2}
    yield proof(path)


if __name__ == "__main__":
    main()
