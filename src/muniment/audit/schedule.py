"""What a run has to do: deadlines, not samples. Pure functions: no clock, no files.

A deadline is this run's when no later run is counted on before it. A run with a budget also works
ahead, as far as the deadlines to come demand: for each day d, what must be done by d, less what
the runs counted on between this one and d can do, has to be done now. The greatest of these is the
quota. So nothing is read more often than needed, a thousand deadlines on one day are spread over
the nights before it, and every promise is kept while the capacity is there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from operator import add

from muniment.audit.demand import DueGroup, Wave, waves
from muniment.audit.entries import instant
from muniment.audit.pace import Pace
from muniment.audit.rhythm import Budget, Rhythm, budget_now, whole_budget
from muniment.model.intervals import DAY
from muniment.model.locations import LocationLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """What has to be done now at the least: seconds, bytes, of deadlines up to day `until`."""

    seconds: float = 0.0
    octets: float = 0.0
    until: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The plan for all places together, or for one with limits of its own.

    `budget` is what a whole run may use, `left` what this one may: a window may be half over.
    `seconds` and `octets` have to be done now, of deadlines up to `until` (RFC 3339).
    """

    budget: Budget
    left: Budget
    pace: Pace
    seconds: float
    octets: float
    until: str

    @property
    def strain(self) -> float:
        """What has to be done now, as a multiple of what can be: above 1, promises will break."""
        return max(_ratio(self.seconds, self.left.seconds), _ratio(self.octets, self.left.octets))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run that begins at `now` will take. `places` are the locations with own limits."""

    now: datetime
    rhythm: Rhythm
    whole: Part
    places: Mapping[str, Part] = field(default_factory=dict)

    @property
    def until(self) -> str:
        """No deadline after this one concerns the run: `ledger.due` need not go further."""
        ahead = (part.until for part in (self.whole, *self.places.values()))
        return max(instant(self.now + timedelta(seconds=self.rhythm.horizon)), *ahead)

    def latest(self, every: int) -> str:
        """Up to which deadline a holding of this promise is this run's in any case."""
        return instant(self.now + timedelta(seconds=self.rhythm.latest(every)))


def plan(
    groups: Iterable[DueGroup],
    *,
    now: datetime,
    budget: Budget,
    pace: Pace,
    rhythm: Rhythm,
    limits: Mapping[str, LocationLimits] | None = None,
) -> Plan:
    """Plan one run from what falls due by day."""
    limits = limits or {}
    found = waves(groups, now.date(), limits)
    lefts = {name: budget_now(each, now) for name, each in limits.items()}
    closed = {name for name, left in lefts.items() if left.seconds == 0}

    def part(concerned: Sequence[Wave], whole: Budget, left: Budget, at: Pace) -> Part:
        asked = quota(concerned, budget=whole, pace=at, rhythm=rhythm, now=now.time())
        until = now.date() + timedelta(days=asked.until)
        return Part(
            budget=whole,
            left=left,
            pace=at,
            seconds=asked.seconds,
            octets=asked.octets,
            until=f"{until.isoformat()}T23:59:59Z",
        )

    places = {
        name: part(
            [wave for wave in found if wave.location == name],
            whole_budget(each),
            lefts[name],
            pace.limited(each.rate),
        )
        for name, each in limits.items()
    }
    reachable = [wave for wave in found if wave.location not in closed]
    whole = part(reachable, budget, budget, pace)
    return Plan(now=now, rhythm=rhythm, whole=whole, places=places)


def quota(
    concerned: Sequence[Wave],
    *,
    budget: Budget,
    pace: Pace,
    rhythm: Rhythm,
    now: time = time.min,
) -> Quota:
    """The least that a run now has to do, so that the runs counted on can do the rest in time.

    `now` is the time of the first day. Where a budget has no limit, nothing is asked of it beyond
    what is this run's in any case.
    """
    days = max((len(wave.holdings) for wave in concerned), default=0)
    left, counted = _ahead(max(days, rhythm.horizon // DAY + 3), now, rhythm)
    largest = max(
        (wave.largest for wave in concerned if budget.fits(wave.largest, pace)), default=0
    )
    room_seconds, room_octets = budget.room(largest, pace)
    seconds = octets = 0.0
    until = 0
    if room_seconds is not None:
        costs = _summed([(wave.seconds(pace), wave.every) for wave in concerned], left, rhythm)
        seconds, until = _least(costs, counted, room_seconds)
    if room_octets is not None:
        costs = _summed([(wave.octets, wave.every) for wave in concerned], left, rhythm)
        octets, day = _least(costs, counted, room_octets)
        until = max(until, day)
    return Quota(seconds=seconds, octets=octets, until=until)


def even_share(
    concerned: Sequence[Wave], *, pace: Pace, rhythm: Rhythm, now: time = time.min
) -> Quota:
    """What each run has to do at the least, if all of them do the same."""
    days = max((len(wave.holdings) for wave in concerned), default=0)
    left, counted = _ahead(max(days, rhythm.horizon // DAY + 3), now, rhythm)

    def evenly(rows: Sequence[tuple[Sequence[float], int]]) -> float:
        done = accumulate(_summed(rows, left, rhythm))
        return max(each / (runs + 1) for each, runs in zip(done, counted, strict=True))

    return Quota(
        seconds=evenly([(wave.seconds(pace), wave.every) for wave in concerned]),
        octets=evenly([(wave.octets, wave.every) for wave in concerned]),
    )


@lru_cache(maxsize=64)
def _ahead(days: int, now: time, rhythm: Rhythm) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Of each day: the seconds until it begins, and the runs that are counted on until then."""
    gone = now.hour * 3600 + now.minute * 60 + now.second
    left = tuple(max(0, day * DAY - gone) for day in range(days))
    return left, tuple(rhythm.counted_on(each) for each in left)


def _least(costs: Sequence[float], counted: Sequence[int], room: float) -> tuple[float, int]:
    """The greatest lack over all days, and its day: what is due by then less what others can do."""
    lacks = [done - runs * room for done, runs in zip(accumulate(costs), counted, strict=True)]
    greatest = max(lacks)
    return (greatest, lacks.index(greatest)) if greatest > 0 else (0.0, 0)


def _summed(
    rows: Sequence[tuple[Sequence[float], int]], left: Sequence[int], rhythm: Rhythm
) -> list[float]:
    """Costs by day of all waves, with what comes again within those days."""
    total = [0.0] * len(left)
    for costs, every in rows:
        total = list(map(add, total, _coming(costs, every, left, rhythm)))
    return total


def _coming(costs: Sequence[float], every: int, left: Sequence[int], rhythm: Rhythm) -> list[float]:
    """Costs by day of one wave: each deadline, and the ones that follow when it is met."""
    row = [*costs, *[0.0] * (len(left) - len(costs))]
    latest = rhythm.latest(every)
    if latest < rhythm.horizon:
        _leave_to_later(row, left, latest=latest, horizon=rhythm.horizon)
    period = max(1, (every - rhythm.gap) // DAY)
    for day in range(period, len(row), period):
        row[day : day + period] = map(add, row[day : day + period], row[day - period : day])
    return row


def _leave_to_later(row: list[float], left: Sequence[int], *, latest: int, horizon: int) -> None:
    """Deadlines that this run would meet too early count for the first run that is counted on."""
    first = next(day for day, seconds in enumerate(left) if seconds >= horizon)
    for day in range(first):
        if left[day] > latest:
            row[first] += row[day]
            row[day] = 0.0


def _ratio(asked: float, limit: int | None) -> float:
    if limit is None or asked <= 0:
        return 0.0
    return asked / limit if limit else math.inf
