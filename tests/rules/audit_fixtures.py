"""What fires the rule of each outcome of an audit, and what nearly does."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

from cared_for import taken_in
from fixture_forms import Fixture, Pair
from ledgers import opened
from planted_holdings import sound, write

from muniment.audit.bodies import Check
from muniment.audit.holdings import Fault
from muniment.audit.outcomes import Evidence, Extent, HoldingOutcome, Reader
from muniment.audit.verdicts import RULES, verdict_on
from muniment.model.findings import Finding

READ = Evidence(read_by=Reader.AUDITOR, extent=Extent.ALL_BYTES)


def found(outcome: HoldingOutcome) -> Fixture:
    """What is told of a holding that was found so."""

    def findings(_: Path) -> Iterable[Finding]:
        return verdict_on(Check(outcome=outcome, evidence=READ))[0]

    return findings


def with_a_fault(outcome: HoldingOutcome, worst: HoldingOutcome) -> Fixture:
    """What is told of a holding with a fault of one kind, beside a worse one."""

    def findings(_: Path) -> Iterable[Finding]:
        faults = tuple(
            Fault(kind=str(kind), path=f"data/{kind}", message="so it is")
            for kind in (outcome, worst)
        )
        check = Check(outcome=worst, evidence=READ, faults=faults, fault_count=2)
        return verdict_on(check)[0]

    return findings


def added(*, again: bool) -> Fixture:
    """What is told of a bag taken in, for the first time or again."""

    def findings(home: Path) -> Iterable[Finding]:
        write(home / "bag", "folder", sound(random.Random(1)))
        with opened(str(home / "ledger.sqlite")) as ledger:
            reports = [taken_in(ledger, home / "bag") for _ in range(2)]
        return reports[again].subjects[0].findings

    return findings


_FILES = (HoldingOutcome.EXTRA, HoldingOutcome.MISSING, HoldingOutcome.CORRUPT)
# The outcome next to it in weight is the near miss.
_NEAR = {
    outcome: list(HoldingOutcome)[outcome.weight - 1]
    for outcome in HoldingOutcome
    if outcome is not HoldingOutcome.INTACT
}

FIXTURES = {
    RULES[outcome].id: Pair(
        with_a_fault(outcome, HoldingOutcome.CORRUPT) if outcome in _FILES else found(outcome),
        found(near),
    )
    for outcome, near in _NEAR.items()
} | {"AUD-110": Pair(added(again=True), added(again=False))}
