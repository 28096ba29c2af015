"""update --ledger: a change that is meant is recorded, so that no audit takes it for a swap.

the bag as it is recorded -> updated -> looked at anew -> change-accepted, with its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from muniment.audit.bodies import Accepted
from muniment.audit.entries import Entry, EntryKind, instant
from muniment.audit.ledger import Ledger
from muniment.audit.looking import Looked, Task, look
from muniment.audit.places import place_of
from muniment.audit.states import HoldingState
from muniment.model.errors import EnvironmentFault, UsageError
from muniment.model.findings import Report, Verdict
from muniment.storage.executors import ProcessPool
from muniment.storage.journal import Journal
from muniment.storage.progress import Progress
from muniment.workflow.audit_telling import told
from muniment.workflow.updating import update
from muniment.workflow.updating_changes import UpdateRequest

_COMMAND = "update"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedUpdate:
    """An update of a bag that is a holding of a ledger."""

    ledger: Ledger
    request: UpdateRequest
    now: Callable[[], datetime]
    workers: int
    progress: Progress

    def carry_out(self) -> Report:
        """Update the bag and record it. Raises UsageError where it is no holding.

        A bag that is not as recorded is left as it is: a change may not hide another.
        """
        state = self._state()
        before = self._looked(state)
        if not before.check.outcome.is_good and not self._is_unfinished():
            return Report(command=_COMMAND, subjects=(told(state.place, before),))
        report = update(self.request, now=self.now, workers=self.workers, progress=self.progress)
        if report.verdict() is not Verdict.PASS or report.result is None:
            return report
        self._record(state)
        return replace(report, result={**report.result, "holding": state.id})

    def _state(self) -> HoldingState:
        state = self.ledger.at_address(place_of(self.request.bag).address)
        if state is None:
            raise UsageError(
                f"{self.request.bag} is no holding of the ledger {self.ledger.place}; take it in"
                " with `muniment audit add`, or update it without --ledger"
            )
        return state

    def _is_unfinished(self) -> bool:
        """Whether an earlier run was interrupted between the old bag and the new one."""
        return Journal(self.request.bag.absolute(), _COMMAND).unfinished() is not None

    def _looked(self, state: HoldingState, *, anew: bool = False) -> Looked:
        kept = None if anew or state.baseline is None else state.baseline.document
        description = None if kept is None else self.ledger.document(kept)
        task = Task(kind=state.kind, place=state.place, description=description)
        with ProcessPool(self.workers) as crew:
            return look(task, crew, self.progress)

    def _record(self, state: HoldingState) -> None:
        seen = self._looked(state, anew=True)
        if seen.baseline is None:
            raise EnvironmentFault(
                f"{self.request.bag} was updated, but could not be read again to be recorded; once"
                " it can be read, record it with `muniment audit accept`"
            )
        accepted = Accepted(
            baseline=seen.baseline,
            before=None if state.baseline is None else state.baseline.document,
            reason=self.request.reason,
            check=seen.check,
        )
        body: Mapping[str, object] = accepted.to_json()
        entry = Entry(
            kind=EntryKind.CHANGE_ACCEPTED,
            at=instant(self.now()),
            by=self.request.by,
            holding=state.id,
            body=body,
        )
        self.ledger.record([entry], seen.documents)
