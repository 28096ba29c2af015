"""What fires each rule on promises and copies, and what nearly does."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from cared_for import HURT, Copies, two_copies
from fixture_forms import Fixture, Pair
from holdings_made import NOW, due_group, held
from ledgers import opened
from planted_holdings import sound as another
from planted_holdings import write

from muniment.audit.aggregates import PastRuns
from muniment.audit.copies import copies_told
from muniment.audit.demand import DueGroup
from muniment.audit.entries import instant
from muniment.audit.outcomes import HoldingOutcome
from muniment.audit.promises import broken_promise
from muniment.audit.rhythm import Budget
from muniment.model.findings import Finding, Report
from muniment.storage.journal import Journal
from muniment.workflow import verify
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


def caring(act: Callable[[Copies], Report]) -> Fixture:
    """What a story tells of two copies of a bag."""

    def findings(home: Path) -> Iterable[Finding]:
        with opened(str(home / "ledger.sqlite")) as ledger:
            report = act(two_copies(ledger, home))
        return [finding for subject in report.subjects for finding in subject.findings]

    return findings


def moved(content: bytes | None) -> Fixture:
    """A move to a place with the same bag, or with something else in one of its files."""

    def act(copies: Copies) -> Report:
        elsewhere = copies.one.parent / "elsewhere"
        shutil.copytree(copies.one, elsewhere)
        if content is not None:
            (elsewhere / HURT).write_bytes(content)
        return copies.move(copies.one, elsewhere)

    return caring(act)


def repaired(*hurt: str, extra: bool = False) -> Fixture:
    """A repair of `one` where these are hurt, with or without a file that nobody recorded."""

    def act(copies: Copies) -> Report:
        for name in hurt:
            (copies.one.parent.parent / name / "bag" / HURT).write_bytes(b"hurt")
        if extra:
            (copies.one / "data/stray.txt").write_bytes(b"stray")
        return copies.repair()

    return caring(act)


def accepted(*, sound: bool) -> Fixture:
    """An acceptance of another package in a bag's place, or of the bag with a file hurt."""

    def act(copies: Copies) -> Report:
        if sound:
            write(copies.one, "folder", another(random.Random(2)))
        else:
            (copies.one / HURT).write_bytes(b"hurt")
        return copies.accept(copies.one)

    return caring(act)


def interrupted(*, sealed: bool) -> Fixture:
    """What `verify` finds where a repair was stopped, after it was sealed or before."""

    def findings(home: Path) -> Iterable[Finding]:
        bag = home / "bag"
        write(bag, "folder", another(random.Random(1)))
        journal = Journal(bag, "repair")
        with journal.prepared() as new:
            if sealed:
                (new / "bagit.txt").write_bytes((bag / "bagit.txt").read_bytes())
                journal.seal(remove=(), note={})
        return verify([bag]).subjects[0].findings

    return findings


INTACT, CORRUPT = HoldingOutcome.INTACT, HoldingOutcome.CORRUPT

FIXTURES = {
    "AUD-201": Pair(due("2026-11-28T21:59:59Z"), due("2026-11-28T22:00:00Z")),
    # A holding of 1 GB takes 20.05 seconds.
    "AUD-202": Pair(foreseen(due_group(40, 1), 20), foreseen(due_group(40, 1), 21)),
    "AUD-203": Pair(copies(INTACT, CORRUPT), copies(INTACT, INTACT, CORRUPT)),
    # 90 GB in 90 days, of which three in four nights count: 27 seconds a night.
    "AUD-204": Pair(foreseen(due_group(90, 90), 26), foreseen(due_group(90, 90), 60)),
    "AUD-205": Pair(moved(b"hurt"), moved(None)),
    "AUD-206": Pair(repaired("one", "two"), repaired("one")),
    "AUD-207": Pair(repaired("one", extra=True), repaired("one")),
    "AUD-208": Pair(accepted(sound=False), accepted(sound=True)),
    "AUD-209": Pair(interrupted(sealed=True), interrupted(sealed=False)),
}
