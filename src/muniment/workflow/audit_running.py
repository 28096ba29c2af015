"""audit run: what is due is looked at, and what was seen goes into the ledger.

1. One run at a time. A run that was not ended goes on under its id.
2. The self-test: a run that cannot find planted faults is void.
3. Holdings as planned, many at once, large ones on all workers; each look is an observation, which
   workers of a cluster write down themselves where they can.
4. What was not reached is counted; the run ends with an event and a signed checkpoint.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice

import muniment
from muniment.audit.bodies import RunBegun, RunEnded
from muniment.audit.entries import Entry, EntryKind, instant
from muniment.audit.exporting import Exported, Shelf, export_checkpoint
from muniment.audit.keys import SigningKey
from muniment.audit.ledger import Ledger
from muniment.audit.looking import Task, look
from muniment.audit.promises import broken_promise
from muniment.audit.recording import Recorder
from muniment.audit.rhythm import Budget
from muniment.audit.states import HoldingState
from muniment.model.errors import EnvironmentFault
from muniment.model.findings import JsonValue, Report, SubjectReport
from muniment.model.locations import LocationLimits
from muniment.storage.attempts import attempts_of_batches
from muniment.storage.patience import Patience
from muniment.storage.progress import Progress
from muniment.workflow.audit_braking import Brake
from muniment.workflow.audit_choosing import Choice, choose
from muniment.workflow.audit_telling import told
from muniment.workflow.audit_work import (
    Orders,
    Piece,
    Seen,
    batches,
    look_all,
    look_and_write,
    of_attempt,
    tried,
)
from muniment.workflow.crews import Crew
from muniment.workflow.holding_back import HoldingBack
from muniment.workflow.sharing import LARGE_BYTES

_PAGE = 1000
_RUN_BYTES = 4
_SELF_TEST = "self-test"


class VoidRunError(Exception):
    """The self-test failed: this program, as it is installed here, does not find faults."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """What a run is to do. `seconds`, `octets` and `rate` (bytes a second) bound it."""

    names: tuple[str, ...] = ()
    everything: bool = False
    nonced: bool = False
    seconds: int | None = None
    octets: int | None = None
    rate: int | None = None
    limits: Mapping[str, LocationLimits] = field(default_factory=dict)
    patience: Patience = Patience()  # noqa: RUF009 - a value that nobody can change
    by: str

    def told(self) -> dict[str, str]:
        """The limits as the run's event carries them."""
        given = {
            "all": "yes" if self.everything else None,
            "limit-rate": self.rate,
            "max-bytes": self.octets,
            "named": len(self.names) or None,
            "nonced": "yes" if self.nonced else None,
            "time-limit": self.seconds,
        }
        return {name: str(value) for name, value in given.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a run works with. `elapsed` and `pause` are in seconds of a clock that only goes on.

    `is_cluster` says that the crew works elsewhere, and may have ways of its own to the ledger.
    """

    crew: Crew
    is_cluster: bool = False
    clock: Callable[[], datetime]
    elapsed: Callable[[], float]
    pause: Callable[[float], None]
    randomness: Callable[[int], bytes]
    key: SigningKey
    shelf: Shelf
    progress: Progress


def run(ledger: Ledger, request: RunRequest, means: Means) -> Report:
    """Audit what is due.

    Raises UsageError, VoidRunError, and EnvironmentFault where another run is at work or the ledger
    is lost.
    """
    with ledger.only_run():
        ledger.sequence()
        unfinished = ledger.unfinished_run()
        one = _Run(ledger, request, means, unfinished or _new_name(means))
        one.begin(anew=unfinished is None)
        one.work()
        return one.end()


def _new_name(means: Means) -> str:
    return f"{instant(means.clock())}-{means.randomness(_RUN_BYTES).hex()}"


class _Run:
    """One run, from its beginning to its report."""

    def __init__(self, ledger: Ledger, request: RunRequest, means: Means, name: str) -> None:
        self._ledger = ledger
        self._request = request
        self._means = means
        self._name = name
        self._started = means.elapsed()
        self._brake = Brake(request.rate, means.elapsed, means.pause)
        self._orders = Orders(run=name, by=request.by, origin=ledger.origin, clock=means.clock)
        self._most = {
            location: limits.workers
            for location, limits in request.limits.items()
            if limits.workers is not None
        }
        self._recorder = Recorder(ledger, means.elapsed)
        self._done = {
            event.entry.holding
            for event in ledger.events(run=name, kinds=[EntryKind.FIXITY_CHECKED])
        }
        self._done_before = len(self._done)
        self._outcomes: Counter[str] = Counter()
        self._octets = 0
        self._subjects: list[SubjectReport] = []
        self._choice = self._chosen()
        self._nonce = self._newest_checkpoint() if request.nonced else None

    def begin(self, *, anew: bool) -> None:
        """Try the program on planted faults, and record how that went. Raises VoidRunError.

        A run that is gone on with has its first event already, and is tried again all the same.
        """
        self._means.progress.phase(_SELF_TEST, None)
        begun = RunBegun(
            software=f"muniment {muniment.__version__}",
            self_test=tried(self._means.crew),
            limits=self._request.told(),
        )
        entries = [self._entry(EntryKind.RUN_BEGUN, begun.to_json())] if anew else []
        if begun.is_void:
            ended = RunEnded(
                outcomes={}, not_reached=self._choice.meant, octets=0, seconds=0, void=True
            )
            entries.append(self._entry(EntryKind.RUN_ENDED, ended.to_json()))
        if entries:
            self._ledger.record(entries)
        if begun.is_void:
            counts = ", ".join(
                f"{kind}: {each['found']} of {each['planted']}"
                for kind, each in begun.self_test.items()
            )
            raise VoidRunError(
                f"the run is void: the self-test did not find what was planted ({counts})"
            )

    def work(self) -> None:
        """Look at the holdings as they come from the ledger, no more at a location than allowed."""
        self._means.progress.phase("auditing", None)
        crew = HoldingBack(
            self._means.crew,
            kind=lambda batch: str(batch[0][0].place.location),
            most=self._most,
            is_over=lambda: self._seconds_left() <= 0,
        )
        writes_there = self._means.is_cluster and self._ledger.is_served
        look_at = partial(look_and_write, self._orders) if writes_there else look_all
        for (state, _), outcome in attempts_of_batches(crew, look_at, self._batches()):
            self._take(state, of_attempt(outcome))
            self._means.progress.advance(state.octets)
        self._recorder.flush()

    def _batches(self) -> Iterator[list[Piece]]:
        """The small holdings; the large ones between them are looked at here, by all workers."""
        chosen = self._not_yet_done()
        while self._seconds_left() > 0 and (page := list(islice(chosen, _PAGE))):
            self._look_at_large([state for state in page if self._is_large(state)])
            small = self._tasks([state for state in page if not self._is_large(state)])
            yield from self._allowed(batches(small, self._means.crew.workers, self._most))

    def _look_at_large(self, states: Sequence[HoldingState]) -> None:
        """One at a time, each by all workers."""
        for state in states:
            if self._seconds_left() <= 0:
                return
            ((_, task),) = self._tasks([state])
            progress = self._brake.over(self._means.progress)
            self._take(state, Seen(look(task, self._means.crew, progress)))

    def _is_large(self, state: HoldingState) -> bool:
        return state.octets >= LARGE_BYTES and state.place.location not in self._most

    def end(self) -> Report:
        """Record the end, sign what the ledger is now, and tell of it all."""
        reached = sum(self._outcomes.values())
        not_reached = max(0, self._choice.meant - reached - self._done_before)
        ended = RunEnded(
            outcomes=dict(sorted(self._outcomes.items())),
            not_reached=not_reached,
            octets=self._octets,
            seconds=round(self._means.elapsed() - self._started),
        )
        self._ledger.record([self._entry(EntryKind.RUN_ENDED, ended.to_json())])
        exported, reason = self._exported()
        result: dict[str, JsonValue] = {
            "run": self._name,
            **ended.to_json(),
            "checkpoint": None if exported is None else _checkpoint(exported),
            "checkpoint_fault": reason,
        }
        return Report(command="audit run", subjects=tuple(self._subjects), result=result)

    def _chosen(self) -> Choice:
        request = self._request
        return choose(
            self._ledger,
            names=request.names,
            everything=request.everything,
            budget=Budget(seconds=request.seconds, octets=request.octets),
            limits=request.limits,
            now=self._means.clock(),
            seconds_left=None if request.seconds is None else self._seconds_left,
        )

    def _seconds_left(self) -> float:
        limit = self._request.seconds
        spent = self._means.elapsed() - self._started
        return float("inf") if limit is None else limit - spent

    def _not_yet_done(self) -> Iterator[HoldingState]:
        """Each holding once: what was checked has a later deadline, and may be met again."""
        for state in self._within_budget():
            if state.id not in self._done:
                self._done.add(state.id)
                yield state

    def _within_budget(self) -> Iterator[HoldingState]:
        """The chosen ones until time or bytes are used up; planned ones are bounded already."""
        octets = self._request.octets
        for state in self._choice.holdings:
            if self._choice.planned is None:
                if self._seconds_left() <= 0 or (octets is not None and state.octets > octets):
                    return
                octets = None if octets is None else octets - state.octets
            yield state

    def _allowed(self, planned: Iterator[list[Piece]]) -> Iterator[list[Piece]]:
        """The batches while there is time, no more bytes a second than allowed."""
        for batch in planned:
            self._brake.hold(sum(state.octets for state, _ in batch))
            if self._seconds_left() <= 0:
                return
            yield batch

    def _tasks(self, states: Sequence[HoldingState]) -> list[Piece]:
        """What workers need to know, with the descriptions that the ledger keeps."""
        names = [state.baseline.document for state in states if state.baseline is not None]
        documents = self._ledger.documents(names)
        return [
            (
                state,
                Task(
                    kind=state.kind,
                    place=state.place,
                    description=documents.get(state.baseline.document) if state.baseline else None,
                    nonce=self._nonce,
                    patience=self._request.patience,
                ),
            )
            for state in states
        ]

    def _take(self, state: HoldingState, seen: Seen) -> None:
        """One holding was looked at: record it, and tell of it."""
        observation = self._orders.observation(state.id, seen.looked)
        self._recorder.take(None if seen.is_written else observation)
        check = seen.looked.check
        self._outcomes[str(check.outcome)] += 1
        self._octets += check.octets
        late = None if check.outcome.is_known else broken_promise(state, observation.at)
        findings = () if late is None else late[:1]
        self._subjects.append(
            told(state.place, seen.looked, findings=findings, before=(_SELF_TEST,))
        )

    def _entry(self, kind: EntryKind, body: Mapping[str, object]) -> Entry:
        return Entry(
            kind=kind,
            at=instant(self._means.clock()),
            by=self._request.by,
            run=self._name,
            body=body,
        )

    def _newest_checkpoint(self) -> tuple[int, bytes]:
        exported = export_checkpoint(
            self._ledger, self._means.key, self._means.shelf, self._means.clock
        )
        return exported.checkpoint.size, exported.checkpoint.root

    def _exported(self) -> tuple[Exported | None, str | None]:
        """The checkpoint at the end; that it could not be signed does not undo the run."""
        means = self._means
        try:
            return export_checkpoint(self._ledger, means.key, means.shelf, means.clock), None
        except EnvironmentFault as fault:
            return None, str(fault)


def _checkpoint(exported: Exported) -> dict[str, JsonValue]:
    return {
        "size": exported.checkpoint.size,
        "root": exported.checkpoint.root.hex(),
        "path": str(exported.path),
    }
