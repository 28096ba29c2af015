"""audit accept: a change made outside is taken as right, with who took it and why.

request -> package read whole -> sound in itself? -> new baseline -> event.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from muniment.audit.bodies import Accepted
from muniment.audit.entries import Entry, EntryKind, instant
from muniment.audit.ledger import Ledger
from muniment.audit.outcomes import HoldingOutcome
from muniment.model.errors import UsageError
from muniment.model.findings import Finding, Report
from muniment.model.rules import promise
from muniment.storage.executors import Executor
from muniment.workflow.audit_looking import describe, holding_subject


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

    Raises UsageError where there is no such holding or it is retired, and EnvironmentFault where
    it cannot be read.
    """
    state = ledger.find(asked)
    if state.retired:
        raise UsageError(f"{asked} is retired; nothing of it is promised any more")
    found = describe(state.place, state.kind, executor)
    if found.baseline is None:
        refusal = Finding(
            rule=promise.NOT_SOUND,
            message=f"{asked} is not sound in itself: {found.summary}; nothing was recorded",
        )
        return Report(
            command="audit accept",
            subjects=(holding_subject(state, (*found.findings, refusal), found.skipped),),
        )
    before = None if state.baseline is None else state.baseline.document
    event = None
    if found.baseline != state.baseline:
        check = replace(found.check, outcome=HoldingOutcome.CHANGED, reason=reason)
        accepted = Accepted(baseline=found.baseline, before=before, reason=reason, check=check)
        entry = Entry(
            kind=EntryKind.CHANGE_ACCEPTED,
            at=instant(clock()),
            by=by,
            holding=state.id,
            body=accepted.to_json(),
        )
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
