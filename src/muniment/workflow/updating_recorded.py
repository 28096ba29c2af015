"""update --ledger: a holding is changed, and the ledger is told why, in one story.

holding -> as it is recorded? -> updated -> read whole -> change accepted in the ledger.

Without this, the next audit would tell a swapped package. No run is at work meanwhile, for it would
see the bag half changed. A kill between the update and the event leaves a swapped package, too:
the ledger never takes as meant what nobody told it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from muniment.audit.ledger import Ledger
from muniment.audit.looking import Looked, Task, look
from muniment.audit.outcomes import HoldingOutcome
from muniment.audit.places import place_of
from muniment.audit.states import HoldingState
from muniment.model.errors import EnvironmentFault, UsageError
from muniment.model.findings import Report, Skipped, Verdict
from muniment.storage.executors import InProcess, ProcessPool
from muniment.storage.progress import Progress
from muniment.workflow.audit_accepting import accept
from muniment.workflow.audit_telling import told
from muniment.workflow.updating import update
from muniment.workflow.updating_changes import UpdateRequest

_COMMAND = "update"
_NOT_RECORDED = "the bag is not as the ledger knows it; nothing was changed"


def update_and_record(
    ledger: Ledger,
    request: UpdateRequest,
    *,
    clock: Callable[[], datetime],
    workers: int,
    progress: Progress,
) -> Report:
    """Update one bag that the ledger holds, if it is as recorded, and record the change.

    Raises UsageError where the bag is no holding, EnvironmentFault where a run is at work or the
    ledger is lost.
    """
    state = ledger.at_address(place_of(request.bag).address)
    if state is None:
        raise UsageError(
            f"{request.bag} is no holding of the ledger {ledger.place}; take it in with"
            " `muniment audit add`, or update it without --ledger"
        )
    with ledger.only_run():
        seen = _glance(ledger, state)
        if seen.check.outcome is not HoldingOutcome.INTACT:
            return _refused(state, seen)
        report = update(request, now=clock, workers=workers, progress=progress)
        if report.verdict() is not Verdict.PASS or report.result is None:
            return report
        return _recorded(ledger, state, request, report, clock=clock, workers=workers)


def _glance(ledger: Ledger, state: HoldingState) -> Looked:
    """Whether the tag files are those of the baseline; the update itself reads the payload."""
    baseline = state.baseline
    description = None if baseline is None else ledger.document(baseline.document)
    task = Task(kind=state.kind, place=state.place, description=description, quick=True)
    return look(task, InProcess())


def _refused(state: HoldingState, seen: Looked) -> Report:
    refusal = Skipped(check=_COMMAND, reason=_NOT_RECORDED, asked=True)
    subject = told(state.place, seen, skipped=(refusal,), check="existence")
    return Report(command=_COMMAND, subjects=(subject,))


def _recorded(
    ledger: Ledger,
    state: HoldingState,
    request: UpdateRequest,
    report: Report,
    *,
    clock: Callable[[], datetime],
    workers: int,
) -> Report:
    """The report of the update, with what the ledger was told."""
    try:
        with ProcessPool(workers) as executor:
            accepted = accept(
                ledger,
                state.id,
                reason=request.reason,
                by=request.by,
                clock=clock,
                executor=executor,
            )
    except EnvironmentFault as fault:
        raise EnvironmentFault(
            f"the bag was updated, and the ledger could not be told: {fault}; when it can be:"
            f" `muniment audit accept {state.id} --reason ... --by ...`"
        ) from fault
    subjects = report.subjects
    if accepted.verdict() is not Verdict.PASS:
        subjects = (*subjects, *accepted.subjects)
    result = {**(report.result or {}), "recorded": accepted.result}
    return replace(report, subjects=subjects, result=result)
