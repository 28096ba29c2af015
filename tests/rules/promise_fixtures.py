"""What fires each rule on promises and copies, and what nearly does."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from fixture_forms import Fixture, Pair
from holdings_made import NOW, due_group, held

from muniment.audit.aggregates import PastRuns
from muniment.audit.copies import copies_told
from muniment.audit.demand import DueGroup
from muniment.audit.entries import instant
from muniment.audit.outcomes import HoldingOutcome
from muniment.audit.promises import broken_promise
from muniment.audit.rhythm import Budget
from muniment.model.findings import Finding
from muniment.workflow.audit_forecasting import ForecastOptions, forecast_report


def due(at: str) -> Fixture:
    """What is said now of a holding that is due then."""

    def findings(_: Path) -> Iterable[Finding]:
        told = broken_promise(held("a", due_at=at), instant(NOW))
        return [] if told is None else [told[0]]

    return findings


def copies(*outcomes: HoldingOutcome) -> Fixture:
    """What is said of an object with copies that were found so, and two required."""

    def findings(_: Path) -> Iterable[Finding]:
        states = [held(str(n), outcome=each, copies=2) for n, each in enumerate(outcomes)]
        told = copies_told(states)[0]
        return [] if told is None else [told]

    return findings


def foreseen(group: DueGroup, seconds: int) -> Fixture:
    """What a forecast says, with so many seconds a run and 50 MB a second."""

    def findings(_: Path) -> Iterable[Finding]:
        options = ForecastOptions(budget=Budget(seconds=seconds))
        nothing = PastRuns(begun=(), figures=())
        report = forecast_report([group], nothing, subject="ledger", options=options, now=NOW)
        return report.subjects[0].findings

    return findings


INTACT, CORRUPT = HoldingOutcome.INTACT, HoldingOutcome.CORRUPT

FIXTURES = {
    "AUD-201": Pair(due("2026-11-28T21:59:59Z"), due("2026-11-28T22:00:00Z")),
    # A holding of 1 GB takes 20.05 seconds.
    "AUD-202": Pair(foreseen(due_group(40, 1), 20), foreseen(due_group(40, 1), 21)),
    "AUD-203": Pair(copies(INTACT, CORRUPT), copies(INTACT, INTACT, CORRUPT)),
    # 90 GB in 90 days, of which three in four nights count: 27 seconds a night.
    "AUD-204": Pair(foreseen(due_group(90, 90), 26), foreseen(due_group(90, 90), 60)),
}
