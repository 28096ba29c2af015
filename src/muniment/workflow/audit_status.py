"""audit status: how things stand, from the ledger alone. Nothing is read but its own tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from muniment.audit.aggregates import (
    Lacking,
    lacking_copies,
    last_checkpoint,
    not_intact,
    past_runs,
    tally,
)
from muniment.audit.copies import copies_told, said
from muniment.audit.entries import instant
from muniment.audit.ledger import Ledger
from muniment.audit.outcomes import HoldingOutcome
from muniment.audit.promises import broken_promise
from muniment.audit.states import HoldingState
from muniment.audit.verdicts import RULES
from muniment.model.findings import Finding, Report, Skipped, SubjectReport
from muniment.model.rules import promise
from muniment.workflow.audit_standing import standing
from muniment.workflow.audit_telling import KIND, shown

_MOST = 100
_CHECKS = ("outcomes", "copies", "promises")


def status(ledger: Ledger, names: Sequence[str], *, clock: Callable[[], datetime]) -> Report:
    """How all of it stands, or the holdings named. Raises UsageError, EnvironmentFault."""
    now = instant(clock())
    if not names:
        return _of_all(ledger, now)
    states = [ledger.find(name) for name in names]
    copies = {state.object: ledger.copies(state.object) for state in states}
    return Report(
        command="audit status",
        subjects=tuple(_subject(state, copies[state.object], now) for state in states),
        result={
            "ledger": ledger.place,
            "holdings": [standing(state, copies[state.object]) for state in states],
        },
    )


def _subject(state: HoldingState, copies: Sequence[HoldingState], now: str) -> SubjectReport:
    """What was last found of one holding, its promise, and its object's copies."""
    findings: list[Finding] = []
    skipped: list[Skipped] = []
    if not state.retired:
        findings += _last_found(state)
        if not state.outcome.is_known:
            reason = f"it is {said(state.outcome)}, as of {state.checked_at}"
            skipped.append(Skipped(check="fixity", reason=reason, asked=True))
        late = broken_promise(state, now)
        if late is not None:
            findings.append(late[0])
            skipped.append(late[1])
        short, left = copies_told(copies)
        findings += [] if short is None else [short]
        skipped += [] if left is None else [left]
    return SubjectReport(
        subject=shown(state.place),
        kind=KIND,
        findings=tuple(findings),
        checks_run=("ledger",),
        checks_skipped=tuple(skipped),
    )


def _last_found(state: HoldingState) -> list[Finding]:
    if state.outcome is HoldingOutcome.INTACT:
        return []
    message = f"it is {said(state.outcome)}, as of {state.checked_at}"
    return [Finding(rule=RULES[state.outcome], message=message)]


def _of_all(ledger: Ledger, now: str) -> Report:
    with ledger.reading() as connection:
        counted = tally(connection, now)
        wrong = not_intact(connection, _MOST)
        lacking = lacking_copies(connection, _MOST)
        exported = last_checkpoint(connection)
        begun = past_runs(connection).begun
    subjects = [_wrong(state) for state in wrong]
    return Report(
        command="audit status",
        subjects=(_whole(ledger, counted.overdue, lacking), *subjects),
        result={
            "ledger": ledger.place,
            "holdings": counted.holdings,
            "outcomes": {str(outcome): n for outcome, n in sorted(counted.outcomes.items())},
            "octets": counted.octets,
            "overdue": counted.overdue,
            "retired": counted.retired,
            "not_intact_shown": len(wrong),
            "objects_short_of_copies": list(lacking.objects),
            "last_run": begun[-1] if begun else None,
            "checkpoint_last_exported": None if exported is None else exported.entry.at,
        },
    )


def _wrong(state: HoldingState) -> SubjectReport:
    """A holding that was not found as it is recorded."""
    findings = _last_found(state)
    reason = f"it is {said(state.outcome)}, as of {state.checked_at}"
    open_check = Skipped(check="fixity", reason=reason, asked=True)
    return SubjectReport(
        subject=shown(state.place),
        kind=KIND,
        findings=tuple(findings),
        checks_run=("ledger",),
        checks_skipped=() if state.outcome.is_known else (open_check,),
    )


def _whole(ledger: Ledger, overdue: int, lacking: Lacking) -> SubjectReport:
    """The ledger's own subject: promises that were not kept, objects short of copies."""
    findings: list[Finding] = []
    skipped: list[Skipped] = []
    if overdue:
        message = f"{overdue:,} {'holding is' if overdue == 1 else 'holdings are'} overdue"
        findings.append(Finding(rule=promise.PROMISE_BROKEN, message=message))
        skipped.append(Skipped(check="promises", reason=message, asked=True))
    if lacking.short:
        some = ", ".join(lacking.objects[:5])
        message = f"{_objects(lacking.short)} fewer sound copies than there must be: {some}"
        findings.append(Finding(rule=promise.COPIES_SHORT, message=message))
    if lacking.undecided:
        message = (
            f"{_objects(lacking.undecided)} copies of which nothing is known that would decide"
        )
        skipped.append(Skipped(check="copies", reason=message, asked=True))
    left_open = {each.check for each in skipped}
    return SubjectReport(
        subject=ledger.place,
        kind="ledger",
        findings=tuple(findings),
        checks_run=tuple(each for each in _CHECKS if each not in left_open),
        checks_skipped=tuple(skipped),
    )


def _objects(count: int) -> str:
    return f"{count:,} {'object has' if count == 1 else 'objects have'}"
