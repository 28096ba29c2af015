"""audit accept: a change made outside is taken as right, with who took it and why.

request -> package read whole -> sound in itself? -> new baseline -> event.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from muniment.audit.bodies import Accepted
from muniment.audit.entries import Entry, EntryKind, instant
from muniment.audit.holdings import Baseline
from muniment.audit.ledger import Ledger
from muniment.audit.outcomes import HoldingOutcome
from muniment.audit.states import HoldingState
from muniment.model.errors import UsageError
from muniment.model.findings import Finding, Report
from muniment.model.rules import promise
from muniment.storage.executors import Executor
from muniment.workflow.audit_looking import (
    Described,
    address,
    checked_entry,
    describe,
    holding_subject,
)


def accept(
    ledger: Ledger,
    asked: str,
    *,
    reason: str,
    by: str,
    clock: Callable[[], datetime],
    executor: Executor,
) -> Report:
    """Record what lies at a holding's place as its new baseline, if it is sound in itself.

    What is as it was recorded is noted as checked. What cannot be read leaves the answer open.
    Raises UsageError where there is no such holding or it is retired, EnvironmentFault.
    """
    state = ledger.find(asked)
    if state.retired:
        raise UsageError(f"{asked} is retired; nothing of it is promised any more")
    found = describe(state.place, state.kind, executor)
    if found.baseline is None:
        return _refused(state, found)
    before = None if state.baseline is None else state.baseline.document
    entry = _entry(state, found, found.baseline, reason=reason, by=by, at=instant(clock()))
    event = ledger.record([entry], found.documents)[0].number
    return Report(
        command="audit accept",
        subjects=(holding_subject(state, found.findings, found.skipped),),
        result={
            "holding": state.id,
            "event": event,
            "before": before,
            "after": found.baseline.document,
        },
    )


def _entry(
    state: HoldingState, found: Described, baseline: Baseline, *, reason: str, by: str, at: str
) -> Entry:
    """The change, or that there was none."""
    if baseline == state.baseline:
        return checked_entry(state, found.check, by=by, at=at)
    accepted = Accepted(
        baseline=baseline,
        before=None if state.baseline is None else state.baseline.document,
        reason=reason,
        check=replace(found.check, outcome=HoldingOutcome.CHANGED, reason=reason),
    )
    return Entry(
        kind=EntryKind.CHANGE_ACCEPTED, at=at, by=by, holding=state.id, body=accepted.to_json()
    )


def _refused(state: HoldingState, found: Described) -> Report:
    """What is not sound is no baseline; what could not be read may be one or not."""
    findings = found.findings
    if found.check.outcome.is_known:
        message = f"{address(state.place)} is not sound in itself: {found.summary}"
        refusal = Finding(rule=promise.NOT_SOUND, message=f"{message}; nothing was recorded")
        findings = (*findings, refusal)
    return Report(
        command="audit accept", subjects=(holding_subject(state, findings, found.skipped),)
    )
