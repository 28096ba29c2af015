"""Checks observations: each says what the event says that was made of it.

An event of an observation is its canonical bytes with more around them, so that bytes can be
compared with bytes. What waits for its event is only checked against its own fingerprint: it is
no history yet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from muniment.audit.canonical import text_of
from muniment.audit.entries import EntryKind
from muniment.audit.ledger_findings import LedgerFindings
from muniment.model.rules import ledger as rules

# run, holding, attempt, fingerprint, at, by, body, event, leaf of that event, its run
ObservationRow: TypeAlias = Sequence[Any]


class ObservationsCheck:
    """Goes through observations, each with its event's leaf beside it."""

    def __init__(self, findings: LedgerFindings) -> None:
        """Nothing was met yet. `sequenced` counts those that became events."""
        self._findings = findings
        self.sequenced = 0

    def take(self, rows: Iterable[ObservationRow]) -> None:
        """Check some more."""
        for row in rows:
            body, event = row[6], row[7]
            if hashlib.sha256(body).hexdigest() != row[3]:
                self._told(row, f"its fingerprint is {row[3]}, which is not that of its body")
            if event is not None:
                self.sequenced += 1
                self._compare(row)

    def _compare(self, row: ObservationRow) -> None:
        run, event, leaf, of_run = row[0], row[7], row[8], row[9]
        if leaf is None:
            self._told(row, f"it became event {event}, which is not there")
        elif not leaf.startswith(_beginning(row)) or of_run != run:
            self._told(row, f"event {event} says otherwise, and was made of it")

    def _told(self, row: ObservationRow, reason: str) -> None:
        run, holding, attempt, event = row[0], row[1], row[2], row[7]
        name = f"attempt {attempt} of run {run} at the holding {holding}"
        order = event if isinstance(event, int) else 0
        self._findings.add(rules.OBSERVATION, f"{name}: {reason}", name, order=order)


def _beginning(row: ObservationRow) -> bytes:
    """How the canonical bytes of the event begin; its run and its chain come after."""
    _, holding, attempt, _, at, by, body, event, _, _ = row
    before = f'{{"at":{text_of(at)},"body":{{"attempt":{attempt},'
    kind = EntryKind.FIXITY_CHECKED
    middle = f',"by":{text_of(by)},"holding":{text_of(holding)},"kind":"{kind}","number":{event},'
    return b"".join((_encoded(before), body[1:], _encoded(middle)))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
