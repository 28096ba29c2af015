"""An archive with a clock of its own: single holdings, nightly runs, the real schedule.

Nothing of the schedule is imitated here: `plan` and `selected` decide; this only keeps the books.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import takewhile

from muniment.audit.demand import DueGroup
from muniment.audit.entries import instant
from muniment.audit.forecast import Forecast, forecast
from muniment.audit.holdings import Place
from muniment.audit.outlook import Setting
from muniment.audit.pace import Pace
from muniment.audit.schedule import Plan, plan
from muniment.audit.selection import selected

START = datetime(2026, 1, 1, 22, 0, tzinfo=UTC)


@dataclass(slots=True)
class Simulated:
    """A holding; `deadline` is when its promise runs out."""

    number: int
    every: int
    octets: int
    place: Place
    deadline: datetime = START
    due_at: str = ""


@dataclass(slots=True, kw_only=True)
class Night:
    """What a run did: holdings read, those whose promise it found broken, and its plan."""

    at: datetime
    read: list[Simulated]
    seconds: float
    octets: int
    told: set[int]
    plan: Plan


@dataclass(slots=True)
class Archive:
    """The holdings by deadline, and what falls due by day."""

    _by_deadline: dict[datetime, list[Simulated]] = field(default_factory=dict)
    _deadlines: list[datetime] = field(default_factory=list)
    _groups: dict[tuple[str, int, str], list[int]] = field(default_factory=dict)
    size: int = 0
    broken_in_truth: set[int] = field(default_factory=set)

    def add(self, holding: Simulated, deadline: datetime) -> None:
        """Take a holding in, or back in with a new deadline."""
        holding.deadline = deadline
        if deadline not in self._by_deadline:
            self._by_deadline[deadline] = []
            bisect.insort(self._deadlines, deadline)
        peers = self._by_deadline[deadline]
        holding.due_at = peers[0].due_at if peers else instant(deadline)
        peers.append(holding)
        self._count(holding, 1)

    def adopt(self, holding: Simulated, deadline: datetime) -> None:
        """Take in a new holding."""
        self.size += 1
        self.add(holding, deadline)

    def _count(self, holding: Simulated, by: int) -> None:
        key = (holding.place.location, holding.every, holding.due_at[:10])
        group = self._groups.setdefault(key, [0, 0, 0])
        group[0] += by
        group[1] += by * holding.octets
        group[2] = max(group[2], holding.octets)
        if not group[0]:
            del self._groups[key]

    def groups(self) -> list[DueGroup]:
        """What the ledger would sum up."""
        return [
            DueGroup(
                location=location,
                every=every,
                day=day,
                holdings=holdings,
                octets=octets,
                largest=largest,
            )
            for (location, every, day), (holdings, octets, largest) in self._groups.items()
        ]

    def due(self) -> Iterator[Simulated]:
        """All, earliest deadline first."""
        for deadline in list(self._deadlines):
            yield from self._by_deadline[deadline]

    def overdue(self, at: datetime) -> set[int]:
        """The holdings whose promise is broken by then."""
        late = self._deadlines[: bisect.bisect_left(self._deadlines, at)]
        return {holding.number for each in late for holding in self._by_deadline[each]}

    def put_back(self, taken: Sequence[Simulated], now: datetime) -> None:
        """Give what was read its new deadline."""
        for holding in taken:
            self._count(holding, -1)
        numbers = {holding.number for holding in taken}
        for each in {holding.deadline for holding in taken}:
            rest = [held for held in self._by_deadline[each] if held.number not in numbers]
            if rest:
                self._by_deadline[each] = rest
            else:
                del self._by_deadline[each]
                self._deadlines.remove(each)
        for holding in taken:
            self.add(holding, now + timedelta(seconds=holding.every))

    def foresee(self, setting: Setting, now: datetime = START) -> Forecast:
        """The forecast from what is there."""
        return forecast(self.groups(), setting, now)

    def run(self, now: datetime, setting: Setting, real: Pace) -> Night:
        """One run that really goes at the pace `real`."""
        planned = plan(
            self.groups(),
            now=now,
            budget=setting.budget,
            pace=setting.pace,
            rhythm=setting.rhythm,
            limits=setting.limits,
        )
        clock = _Clock(setting.budget.seconds)
        late = instant(now)
        told = {each.number for each in takewhile(lambda held: held.due_at < late, self.due())}
        read: list[Simulated] = []
        for holding in selected(self.due(), planned, seconds_left=clock.left):
            clock.spent += real.seconds(1, holding.octets)
            read.append(holding)
            self.broken_in_truth |= {holding.number} if holding.deadline < now else set()
        octets = sum(holding.octets for holding in read)
        self.put_back(read, now)
        return Night(at=now, read=read, seconds=clock.spent, octets=octets, told=told, plan=planned)


class _Clock:
    def __init__(self, limit: int | None) -> None:
        self.limit = float("inf") if limit is None else float(limit)
        self.spent = 0.0

    def left(self) -> float:
        return self.limit - self.spent
