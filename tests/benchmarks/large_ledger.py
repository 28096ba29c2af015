"""A ledger of years, row by row as the ledger itself would have written it, in minutes.

Journal and indexes are left off while it is filled, and the leaves of checks are spelt out; a test
compares a small one with what the ledger writes.
"""

from __future__ import annotations

import hashlib
import sqlite3
from array import array
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from large_ledger_events import (
    BEGIN,
    BY,
    CORRUPT_OF,
    SIZES,
    Shape,
    addition,
    check_of,
    holding_id,
    moments,
    observation,
    run_begun,
    run_ended,
    run_name,
)

from muniment.audit.canonical import encode
from muniment.audit.checkpoints import Checkpoint, sign_checkpoint
from muniment.audit.entries import Entry, EntryKind, Event
from muniment.audit.keys import SigningKey
from muniment.audit.ledger import open_ledger
from muniment.audit.merkle import HASH_BYTES, leaf_hash
from muniment.audit.nodes import GrowingTree
from muniment.audit.projection import after
from muniment.audit.sequencer import outcome_of
from muniment.audit.tables import holdings as holdings_table

_CHECKED = str(EntryKind.FIXITY_CHECKED)
_HOLDING_COLUMNS = [column.name for column in holdings_table.c]


def build(path: Path, shape: Shape, key: SigningKey) -> None:
    """Make the ledger. A path where nothing is."""
    with open_ledger(str(path), clock=lambda: BEGIN, randomness=Random(1).randbytes) as ledger:
        origin, tree = ledger.origin, GrowingTree(1, [ledger.root()])
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000"):
        connection.execute(f"PRAGMA {pragma}").close()
    indexes = _taken_off(connection)
    connection.execute("BEGIN")
    _Bulk(connection, shape, tree).fill(origin, key)
    for statement in indexes:
        connection.execute(statement)
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode=WAL").close()
    connection.close()


def _taken_off(connection: sqlite3.Connection) -> list[str]:
    """Drop the indexes that were asked for; the statements that make them again."""
    kept = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    indexes = connection.execute(kept).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    return [statement for _, statement in indexes]


class _Bulk:
    """The events so far, and what they leave: by holding its last event, and the tree."""

    def __init__(self, connection: sqlite3.Connection, shape: Shape, tree: GrowingTree) -> None:
        self._connection = connection
        self._shape = shape
        self._tree = tree
        self._last_leaves = bytearray(HASH_BYTES * shape.holdings)
        self._last_events = array("q", bytes(8 * shape.holdings))
        self._events: list[tuple[Any, ...]] = []
        self._nodes: list[tuple[int, int, bytes]] = []

    def fill(self, origin: str, key: SigningKey) -> None:
        """All of it, from the additions to the rows of the holdings."""
        shape = self._shape
        for night in range(shape.runs):
            self._add(night)
        for night in range(shape.runs, shape.runs * (shape.rounds + 1)):
            self._run(night)
            self._keep_checkpoint(origin, key)
        for night in range(shape.runs):
            self._insert("holdings", list(self._rows(night)))
        frontier = self._tree.frontier
        head = (frontier.size, b"".join(frontier.hashes))
        self._connection.execute("UPDATE head SET size = ?, frontier = ?", head)

    def _add(self, night: int) -> None:
        documents = []
        for number in self._shape.of_run(night):
            entry, document = addition(number, self._shape.night(night))
            documents.append((hashlib.sha256(document).hexdigest(), document))
            self._append(entry)
            self._last_event_of(number)
        self._insert("documents", documents)
        self._write()

    def _run(self, night: int) -> None:
        begun, numbers = self._shape.night(night), self._shape.of_run(night % self._shape.runs)
        self._append(run_begun(begun))
        observations = self._checks(numbers, run_name(begun), moments(begun, len(numbers)))
        self._append(run_ended(begun, numbers))
        self._insert("observations", observations)
        self._write()

    def _checks(self, numbers: range, run: str, times: Sequence[str]) -> list[tuple[Any, ...]]:
        """The checks of a run, as events; and as the observations that they were made of."""
        observations = []
        for number, at in zip(numbers, times, strict=True):
            is_corrupt = number % CORRUPT_OF == CORRUPT_OF - 1
            outcome, event_body, body, fingerprint = _spelt_out(number % SIZES, is_corrupt)
            event, holding = self._tree.frontier.size, holding_id(number)
            start = HASH_BYTES * number
            previous = self._last_leaves[start : start + HASH_BYTES].hex()
            leaf = (
                f'{{"at":"{at}","body":{event_body},"by":"{BY}","holding":"{holding}",'
                f'"kind":"{_CHECKED}","number":{event},"previous":"{previous}","run":"{run}","v":1}}'
            ).encode()
            self._take((event, _CHECKED, at, holding, run, outcome, leaf))
            self._last_event_of(number)
            observations.append((run, holding, 1, fingerprint, at, BY, body, event))
        return observations

    def _append(self, entry: Entry) -> None:
        event = Event(number=self._tree.frontier.size, entry=entry, previous=None)
        columns = (str(entry.kind), entry.at, entry.holding, entry.run, outcome_of(entry.body))
        self._take((event.number, *columns, event.leaf()))

    def _take(self, columns: tuple[Any, ...]) -> None:
        """One more event, its leaf last."""
        hashed = leaf_hash(columns[-1])
        self._nodes += self._tree.append(hashed)
        self._events.append((*columns, hashed))

    def _last_event_of(self, number: int) -> None:
        """What was taken last is of this holding."""
        event = self._events[-1]
        start = HASH_BYTES * number
        self._last_events[number], self._last_leaves[start : start + HASH_BYTES] = (
            event[0],
            event[-1],
        )

    def _write(self) -> None:
        self._insert("events", self._events)
        self._insert("nodes", self._nodes)
        self._events, self._nodes = [], []

    def _keep_checkpoint(self, origin: str, key: SigningKey) -> None:
        tree = self._tree.frontier
        checkpoint = Checkpoint(origin=origin, size=tree.size, root=tree.root())
        note = sign_checkpoint(checkpoint, key).to_bytes()
        digest = hashlib.sha256(note).hexdigest()
        self._insert("checkpoints", [(tree.size, digest, note, None)])

    def _rows(self, night: int) -> Iterator[tuple[Any, ...]]:
        """The holdings that were added in a night, as their last checks leave them."""
        shape, numbers = self._shape, self._shape.of_run(night)
        begun = shape.night(shape.rounds * shape.runs + night)
        for number, at in zip(numbers, moments(begun, len(numbers)), strict=True):
            start = HASH_BYTES * number
            entry, _ = addition(number, shape.night(night))
            row = after(None, _members(entry, 0), b"")
            if shape.rounds:
                seen = observation(number, run_name(begun), at).entry()
                row = after(row, _members(seen, 0), b"")
            row["last_event"] = self._last_events[number]
            row["last_leaf"] = bytes(self._last_leaves[start : start + HASH_BYTES])
            yield tuple(row[name] for name in _HOLDING_COLUMNS)

    def _insert(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            places = ",".join("?" * len(rows[0]))
            statement = f"INSERT INTO {table} VALUES ({places})"  # noqa: S608 - names of our own
            self._connection.executemany(statement, rows)


def _members(entry: Entry, number: int) -> dict[str, Any]:
    """What a holding's row is made of."""
    return {
        "kind": entry.kind,
        "at": entry.at,
        "holding": entry.holding,
        "run": entry.run,
        "body": entry.body,
        "number": number,
    }


@cache
def _spelt_out(size: int, is_corrupt: bool) -> tuple[str, str, bytes, str]:  # noqa: FBT001 - for speed
    """A check: its outcome, its event's body, its own body, its fingerprint."""
    seen = check_of(size, is_corrupt=is_corrupt)
    body = seen.to_json()
    fingerprint = hashlib.sha256(encode(body)).hexdigest()
    return str(seen.outcome), encode(body | {"attempt": 1}).decode(), encode(body), fingerprint
