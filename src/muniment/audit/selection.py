"""Which holdings a run takes, one after the other, by its plan. Pure: no clock, no files."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, Self, TypeVar

from muniment.audit.entries import instant
from muniment.audit.holdings import Place
from muniment.audit.pace import Pace
from muniment.audit.schedule import Part, Plan


class Schedulable(Protocol):
    """What the schedule has to know of a holding."""

    @property
    def due_at(self) -> str:
        """Its deadline: RFC 3339 in UTC."""

    @property
    def every(self) -> int:
        """Its promise, in seconds."""

    @property
    def octets(self) -> int:
        """Its size in bytes."""

    @property
    def place(self) -> Place:
        """Where it lies."""


SomeHolding = TypeVar("SomeHolding", bound=Schedulable)


def selected(
    due: Iterable[SomeHolding],
    planned: Plan,
    *,
    seconds_left: Callable[[], float] | None = None,
) -> Iterator[SomeHolding]:
    """The holdings that the run takes, of those that come earliest deadline first.

    It ends where nothing more has to be done now, or at the first holding that does not fit into
    what is left of the run; a location whose own budget is used up is passed over from then on.
    So is a holding that no whole run could read: see `why_never`. `seconds_left` is asked before
    each; without it, the run is taken to go at the plan's own pace.
    """
    taking = _Taking(planned, has_clock=seconds_left is not None)
    for holding in due:
        if taking.is_done(holding.due_at):
            return
        if not taking.wants(holding) or why_never(holding, planned) is not None:
            continue
        if not taking.whole.has_room(holding.octets, seconds_left() if seconds_left else math.inf):
            return
        if taking.take(holding):
            yield holding


class _Taking:
    """What is left of a plan while its holdings are taken."""

    def __init__(self, planned: Plan, *, has_clock: bool) -> None:
        self.whole = _Left.of(planned.whole)
        if has_clock:
            self.whole.seconds = math.inf
        self._places = {name: _Left.of(part) for name, part in planned.places.items()}
        self._plan = planned
        self._horizon = instant(planned.now + timedelta(seconds=planned.rhythm.horizon))
        self._latest: dict[int, str] = {}

    def is_done(self, deadline: str) -> bool:
        """Whether neither this deadline nor any later one is the run's."""
        parts = (self.whole, *self._places.values())
        return deadline > self._horizon and not any(part.wants(deadline) for part in parts)

    def wants(self, holding: Schedulable) -> bool:
        """Whether the run should take a holding: it is the run's in any case, or a quota asks."""
        deadline, every = holding.due_at, holding.every
        if every not in self._latest:
            self._latest[every] = self._plan.latest(every)
        if deadline <= self._latest[every] or self.whole.wants(deadline):
            return True
        place = self._places.get(holding.place.location)
        return place is not None and place.wants(deadline)

    def take(self, holding: Schedulable) -> bool:
        """Take a holding, if its location has room; else nothing more is taken of that."""
        place = self._places.get(holding.place.location)
        if place is not None:
            if not place.has_room(holding.octets):
                place.shut()
                return False
            place.use(holding.octets)
        self.whole.use(holding.octets)
        return True


@dataclass(slots=True, kw_only=True)
class _Left:
    """What is left of a part of the plan while holdings are taken: of its quota, of its budget."""

    pace: Pace
    until: str
    quota_seconds: float
    quota_octets: float
    seconds: float
    octets: float

    @classmethod
    def of(cls, part: Part) -> Self:
        budget = part.left
        return cls(
            pace=part.pace,
            until=part.until,
            quota_seconds=part.seconds,
            quota_octets=part.octets,
            seconds=math.inf if budget.seconds is None else budget.seconds,
            octets=math.inf if budget.octets is None else budget.octets,
        )

    def wants(self, deadline: str) -> bool:
        """Whether the quota still asks for a deadline."""
        return deadline <= self.until and (self.quota_seconds > 0 or self.quota_octets > 0)

    def has_room(self, octets: int, seconds_left: float = math.inf) -> bool:
        """Whether a holding of so many bytes fits into what is left."""
        seconds = self.pace.seconds(1, octets)
        return octets <= self.octets and seconds <= min(self.seconds, seconds_left)

    def use(self, octets: int) -> None:
        """A holding of so many bytes is taken."""
        seconds = self.pace.seconds(1, octets)
        self.quota_seconds -= seconds
        self.quota_octets -= octets
        self.seconds -= seconds
        self.octets -= octets

    def shut(self) -> None:
        """Nothing more is taken of it."""
        self.seconds = self.quota_seconds = self.quota_octets = 0.0


def why_never(holding: Schedulable, planned: Plan) -> str | None:
    """Why no run of this budget can ever read a holding; None where one can."""
    for part in (planned.whole, planned.places.get(holding.place.location)):
        if part is None or part.budget.fits(holding.octets, part.pace):
            continue
        limit = part.budget
        if limit.octets is not None and holding.octets > limit.octets:
            return f"it has {holding.octets:,} bytes, and a run may read {limit.octets:,}"
        needed = math.ceil(part.pace.seconds(1, holding.octets))
        return f"it takes {needed:,} seconds at this pace, and a run has {limit.seconds:,}"
    return None
