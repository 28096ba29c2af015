"""What a worker does in a run: it looks at holdings, and writes down what it saw where it can.

A worker of a cluster whose own environment names the run's ledger (MUNIMENT_LEDGER, on a server)
writes each observation there before it gives the result back, so that what was seen outlives the
run and the scheduler; the run only puts it in order. The address is never part of the work. What
could not be written there is written by the run.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple, TypeAlias

from muniment.audit.entries import instant
from muniment.audit.ledger import open_ledger
from muniment.audit.looking import Looked, Task, fault_of_auditor, look
from muniment.audit.observations import Observation
from muniment.audit.opening import is_served
from muniment.audit.self_test import FORMS, PLANTS, self_test
from muniment.audit.states import HoldingState
from muniment.model.errors import EnvironmentFault, UsageError
from muniment.storage.attempts import Attempting, Lost
from muniment.storage.executors import InProcess
from muniment.workflow.sharing import BATCH_BAGS, BATCH_BYTES

Piece: TypeAlias = tuple[HoldingState, Task]

_LEDGER = "MUNIMENT_LEDGER"
_ATTEMPT = 1


class Seen(NamedTuple):
    """What a look came to, and whether it stands in the ledger already."""

    looked: Looked
    is_written: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """For what run, in whose name and by which clock; `origin` tells the run's ledger apart."""

    run: str
    by: str
    origin: str
    clock: Callable[[], datetime]

    def observation(self, holding: str, looked: Looked) -> Observation:
        """A look as the ledger takes it."""
        return Observation(
            run=self.run,
            holding=holding,
            attempt=_ATTEMPT,
            at=instant(self.clock()),
            by=self.by,
            check=looked.check,
            documents=looked.documents,
        )


def look_all(batch: Sequence[Piece]) -> list[Seen]:
    """Look at a batch; of the documents only that of the faults goes back."""
    return [Seen(_lightened(look(task, InProcess()))) for _, task in batch]


def look_and_write(orders: Orders, batch: Sequence[Piece]) -> list[Seen]:
    """The same, and write what was seen into this worker's own way to the ledger."""
    observations, looks = [], []
    for state, task in batch:
        looked = _lightened(look(task, InProcess()))
        looks.append(looked)
        observations.append(orders.observation(state.id, looked))
    is_written = _written(orders, observations)
    return [Seen(looked, is_written) for looked in looks]


def of_attempt(outcome: Seen | Lost) -> Seen:
    """What is known of a holding after an attempt: a lost one is the auditor's fault."""
    return Seen(fault_of_auditor(outcome.reason)) if isinstance(outcome, Lost) else outcome


def tried(crew: Attempting) -> Mapping[str, Mapping[str, int]]:
    """The self-test, planted and looked at by whoever does the work: a kind of container each.

    A kind over which its workers were lost counts as not found.
    """
    lost = {"planted": len(PLANTS), "found": 0}
    counts = dict(crew.attempts(_self_test_of, FORMS))
    return {form: lost if isinstance(each, Lost) else each for form, each in sorted(counts.items())}


def batches(pieces: Sequence[Piece], workers: int, apart: Collection[str]) -> Iterator[list[Piece]]:
    """Small holdings by the batch, in their order; a few batches for each worker.

    Those of the locations `apart` are not put together with others.
    """
    most = max(1, min(BATCH_BAGS, len(pieces) // (4 * workers)))
    begun: dict[str, list[Piece]] = {}
    for piece in pieces:
        location = piece[0].place.location
        kind = location if location in apart else ""
        batch = begun.setdefault(kind, [])
        batch.append(piece)
        if len(batch) >= most or sum(state.octets for state, _ in batch) >= BATCH_BYTES:
            yield begun.pop(kind)
    yield from begun.values()


def _self_test_of(form: str) -> dict[str, int]:
    counts = self_test(lambda tasks: [look(task, InProcess()) for task in tasks], [form])
    return counts[form]


def _lightened(looked: Looked) -> Looked:
    needed = looked.check.faults_document
    documents = {name: content for name, content in looked.documents.items() if name == needed}
    return replace(looked, baseline=None, documents=documents)


def _written(orders: Orders, observations: Sequence[Observation]) -> bool:
    """Whether this worker could write to the ledger of that name."""
    url = os.environ.get(_LEDGER, "")
    if not is_served(url):
        return False
    try:
        with open_ledger(url, clock=orders.clock, randomness=os.urandom, create=False) as ledger:
            if ledger.origin != orders.origin:
                return False
            ledger.observe(observations)
    except (EnvironmentFault, UsageError):  # the run writes what comes back to it
        return False
    return True
