"""audit run --quick: is everything there, with its names, sizes and tag files? No fixity check.

Nothing is written to the ledger: no deadline moves, and no event says more than was done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from muniment.audit.ledger import Ledger
from muniment.audit.looking import Looked, Task, fault_of_auditor, look
from muniment.audit.rhythm import Budget
from muniment.audit.states import HoldingState
from muniment.model.findings import Report, Skipped, SubjectReport
from muniment.storage.attempts import Lost, attempts_of_batches
from muniment.storage.executors import InProcess
from muniment.workflow.audit_choosing import choose
from muniment.workflow.audit_telling import told
from muniment.workflow.crews import Crew

_PAGE = 1000
_BATCH = 16
_NOT_READ = Skipped(check="fixity", reason="not asked for: --quick reads no payload")


def glance(
    ledger: Ledger,
    *,
    names: Sequence[str],
    everything: bool,
    crew: Crew,
    clock: Callable[[], datetime],
) -> Report:
    """Look at what is due, at all, or at what was named. Raises UsageError, EnvironmentFault."""
    chosen = choose(
        ledger,
        names=names,
        everything=everything,
        budget=Budget(),
        limits={},
        now=clock(),
        seconds_left=None,
    ).holdings
    subjects: list[SubjectReport] = []
    while page := list(islice(chosen, _PAGE)):
        tasks = _tasks(ledger, page)
        batches = (tasks[start : start + _BATCH] for start in range(0, len(tasks), _BATCH))
        for (state, _), seen in attempts_of_batches(crew, _glance_all, batches):
            subjects.append(_subject(state, seen))
    return Report(command="audit run", subjects=tuple(subjects))


def _tasks(ledger: Ledger, states: Sequence[HoldingState]) -> list[tuple[HoldingState, Task]]:
    names = [state.baseline.document for state in states if state.baseline is not None]
    documents = ledger.documents(names)
    return list(zip(states, _asked(states, documents), strict=True))


def _asked(states: Sequence[HoldingState], documents: dict[str, bytes]) -> Iterator[Task]:
    for state in states:
        document = None if state.baseline is None else documents[state.baseline.document]
        yield Task(kind=state.kind, place=state.place, description=document, quick=True)


def _glance_all(batch: Sequence[tuple[HoldingState, Task]]) -> list[Looked]:
    """What a worker does with a batch."""
    return [look(task, InProcess()) for _, task in batch]


def _subject(state: HoldingState, outcome: Looked | Lost) -> SubjectReport:
    """What was seen; that no fixity was checked is said, not held against it."""
    seen = fault_of_auditor(outcome.reason) if isinstance(outcome, Lost) else outcome
    is_open = not seen.check.outcome.is_known
    skipped = () if is_open else (_NOT_READ,)
    return told(state.place, seen, check="existence", skipped=skipped)
