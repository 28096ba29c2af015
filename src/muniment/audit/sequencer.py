"""Turns entries into events: one at a time, each with the number after the last.

All that an event changes is written in the transaction that writes it: the tree, the head, the
holding's row. A transaction that is not committed leaves no trace, so numbers have no gaps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from muniment.audit import tables
from muniment.audit.canonical import decode
from muniment.audit.entries import Entry, Event
from muniment.audit.merkle import HASH_BYTES, leaf_hash
from muniment.audit.nodes import GrowingTree, Node
from muniment.audit.projection import Row, after

MOST_AT_ONCE = 500


class Sequencer:
    """The one writer of the history, for the time of a transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        """Read the head. Raises ValueError where the frontier is not of its size."""
        self._connection = connection
        size, frontier = connection.execute(
            sa.select(tables.head.c.size, tables.head.c.frontier)
        ).one()
        hashes = [bytes(frontier[i : i + HASH_BYTES]) for i in range(0, len(frontier), HASH_BYTES)]
        self._tree = GrowingTree(size, hashes)
        self._events: list[dict[str, Any]] = []
        self._nodes: list[Node] = []
        self._rows: dict[str, Row | None] = {}
        self._known: set[str] = set()

    def append(self, entries: Sequence[Entry]) -> list[Event]:
        """Make events of entries, in their order. Raises ValueError where one cannot come now."""
        self._look_up({entry.holding for entry in entries if entry.holding is not None})
        return [self._append(entry) for entry in entries]

    def write(self) -> None:
        """Write everything that was made."""
        insert = self._connection.execute
        if self._events:
            insert(sa.insert(tables.events), self._events)
        if self._nodes:
            insert(sa.insert(tables.nodes), [node._asdict() for node in self._nodes])
        tree = self._tree.frontier
        insert(sa.update(tables.head).values(size=tree.size, frontier=b"".join(tree.hashes)))
        self._write_rows()

    def _look_up(self, holdings: set[str]) -> None:
        """Read the rows of holdings that were not read yet."""
        wanted = [each for each in holdings if each not in self._rows]
        self._rows |= dict.fromkeys(wanted)
        for some in _parts(wanted):
            found = self._connection.execute(
                sa.select(tables.holdings).where(tables.holdings.c.id.in_(some))
            )
            rows = {row["id"]: dict(row) for row in found.mappings()}
            self._rows |= rows
            self._known |= set(rows)

    def _append(self, entry: Entry) -> Event:
        row = self._rows.get(entry.holding) if entry.holding is not None else None
        event = Event(
            number=self._tree.frontier.size,
            entry=entry,
            previous=None if row is None else bytes(row["last_leaf"]),
        )
        leaf = event.leaf()
        hashed = leaf_hash(leaf)
        if entry.holding is not None:
            self._rows[entry.holding] = after(row, decode(leaf), hashed)
        self._nodes += self._tree.append(hashed)
        self._events.append(
            {
                "number": event.number,
                "kind": str(entry.kind),
                "at": entry.at,
                "holding": entry.holding,
                "run": entry.run,
                "outcome": outcome_of(entry.body),
                "leaf": leaf,
                "leaf_hash": hashed,
            }
        )
        return event

    def _write_rows(self) -> None:
        changed = [row for row in self._rows.values() if row is not None]
        fresh = [row for row in changed if row["id"] not in self._known]
        if fresh:
            self._connection.execute(sa.insert(tables.holdings), fresh)
        known = [row for row in changed if row["id"] in self._known]
        if known:
            columns = [column.name for column in tables.holdings.c if column.name != "id"]
            update = (
                sa.update(tables.holdings)
                .where(tables.holdings.c.id == sa.bindparam("of"))
                .values({name: sa.bindparam(f"new_{name}") for name in columns})
            )
            self._connection.execute(
                update,
                [
                    {"of": row["id"], **{f"new_{name}": row[name] for name in columns}}
                    for row in known
                ],
            )


def outcome_of(body: Mapping[str, Any]) -> str | None:
    """The outcome of the check that an event tells of, where it tells of one."""
    told = body.get("check", body).get("outcome")
    return None if told is None else str(told)


def _parts(wanted: Sequence[str]) -> Iterable[Sequence[str]]:
    """So many at a time that every database takes them as parameters."""
    return (wanted[start : start + MOST_AT_ONCE] for start in range(0, len(wanted), MOST_AT_ONCE))
