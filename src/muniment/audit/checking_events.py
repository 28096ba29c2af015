"""Checks events one by one, in their order: bytes, form, columns, chains; and what they leave.

No database here: rows come in, findings and the standing of the holdings come out. In memory are
the rows of the holdings that were met, about 2 KB each.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

from muniment.audit.canonical import JsonObject, NotCanonicalError
from muniment.audit.entries import EntryKind, members_of
from muniment.audit.ledger_findings import LedgerFindings
from muniment.audit.projection import Row, after
from muniment.audit.sequencer import outcome_of
from muniment.model.rules import ledger as rules

# number, kind, at, holding, run, outcome, leaf, leaf hash: a line of the table `events`.
EventRow: TypeAlias = Sequence[Any]

COLUMNS = ("number", "kind", "at", "holding", "run", "outcome")
_beside = itemgetter(*COLUMNS[:5])
_KINDS = frozenset(str(kind) for kind in EntryKind)
_UNREADABLE = (KeyError, ValueError, TypeError, AttributeError)


class Exported(NamedTuple):
    """What an event says of a checkpoint that left the house: its size, and its root (hex)."""

    event: int
    size: int
    root: str


class EventsCheck:
    """Goes through the events of some holdings, and through all that are of none."""

    def __init__(self, findings: LedgerFindings) -> None:
        """Nothing was met yet. `rows` is how the holdings stand, `documents` what events name."""
        self._findings = findings
        self.rows: dict[str, Row] = {}
        self.documents: dict[str, int] = {}  # and by which event first
        self.observed = 0  # how many were made of observations
        self.exported: list[Exported] = []
        self.origin: object = None
        self.count = 0

    def take(self, rows: Iterable[EventRow]) -> None:
        """Check some more events, the oldest first."""
        for row in rows:
            self.count += 1
            self._take(row)

    def _take(self, row: EventRow) -> None:
        number, leaf, stored = row[0], row[6], row[7]
        hashed = hashlib.sha256(b"\x00" + leaf).digest()
        if hashed != stored:
            self._told_bytes(number, stored, hashed)
        try:
            members = members_of(leaf)
            body = members["body"]
            told = (*_beside(members), outcome_of(body))
        except (NotCanonicalError, *_UNREADABLE) as fault:
            self._form(number, str(fault))
            return
        if told != row[:6]:
            self._columns(row, told)
        if members["kind"] not in _KINDS:
            self._form(number, f'it is of the kind "{members["kind"]}", which is not known')
            return
        self._follow(members, stored)

    def _follow(self, members: JsonObject, stored: bytes) -> None:
        """Where the event leaves its holding, and whether it comes after the one before."""
        holding, number = members["holding"], members["number"]
        row = None if holding is None else self.rows.get(holding)
        expected = None if row is None else row["last_leaf"].hex()
        if members["previous"] != expected:
            self._chain(number, holding, expected, members["previous"])
        try:
            if holding is not None:
                self.rows[holding] = after(row, members, stored)
            elif members["kind"] == EntryKind.LEDGER_OPENED:
                self.origin = members["body"]["origin"]
            elif members["kind"] == EntryKind.CHECKPOINT_EXPORTED:
                self.exported.append(Exported(number, **members["body"]))
            self._refer(members)
        except ValueError as fault:
            self._findings.add(
                rules.CHAIN, f"event {number}: {fault}", f"event {number}", order=number
            )
        except _UNREADABLE as fault:
            self._form(number, f"its body is not of its kind ({fault})")

    def _refer(self, members: JsonObject) -> None:
        """Note the documents that an event names, and whether it was an observation."""
        body = members["body"]
        if "attempt" in body:
            self.observed += 1
        check = body.get("check", body)
        names = [check.get("faults_document"), body.get("before")]
        if body.get("baseline"):
            names.append(body["baseline"]["document"])
        for name in names:
            if name is not None:
                self.documents.setdefault(name, members["number"])

    def _told_bytes(self, number: int, stored: bytes, hashed: bytes) -> None:
        self._findings.add(
            rules.EVENT_BYTES,
            f"event {number}: its bytes hash to {hashed.hex()}; stored is {stored.hex()}",
            f"event {number}",
            order=number,
            expected=stored.hex(),
            actual=hashed.hex(),
        )

    def _form(self, number: int, reason: str) -> None:
        message = f"event {number}: {reason}"
        self._findings.add(rules.FORM, message, f"event {number}", order=number)

    def _columns(self, row: EventRow, told: tuple[object, ...]) -> None:
        number = row[0]
        for name, stands, right in zip(COLUMNS, row, told, strict=False):
            if stands != right:
                self._findings.add(
                    rules.COLUMNS,
                    f"event {number}: {name} stands there as {stands!r}; the event says {right!r}",
                    f"event {number}",
                    order=number,
                    column=name,
                    expected=right if isinstance(right, str | int) else None,
                    actual=stands,
                )

    def _chain(self, number: int, holding: str, expected: object, actual: object) -> None:
        self._findings.add(
            rules.CHAIN,
            f"event {number} of the holding {holding} follows {actual}; the event before it of"
            f" this holding has the hash {expected}",
            f"event {number}",
            order=number,
            expected=expected if isinstance(expected, str) else None,
            actual=actual if isinstance(actual, str) else None,
        )
