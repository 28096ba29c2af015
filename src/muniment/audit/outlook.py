"""The runs to come, in outline: the schedule carried out on amounts by day, years in a moment.

It follows the same plan as the runs themselves, so that a forecast and a run cannot disagree. What
cannot be known is taken at its worst: of the runs that are not counted on, none takes place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from muniment.audit.demand import Wave
from muniment.audit.pace import Pace
from muniment.audit.rhythm import Budget, Rhythm, budget_now, whole_budget
from muniment.audit.schedule import Quota, quota
from muniment.model.intervals import DAY
from muniment.model.locations import LocationLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Under what the runs to come take place. Holdings grow by the part `growth` a year."""

    budget: Budget
    pace: Pace
    rhythm: Rhythm
    growth: float = 0.0
    limits: Mapping[str, LocationLimits] | None = None

    def pace_at(self, location: str) -> Pace:
        """The pace at a location, which may limit it."""
        limits = (self.limits or {}).get(location)
        return self.pace if limits is None else self.pace.limited(limits.rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """One run in outline: what it read, and whose promise it could not keep.

    `asked` is what it had to do, in seconds, at the least. `broken` are the holdings by location
    and promise that it leaves with deadlines before the next run.
    """

    at: datetime
    took_place: bool
    holdings: float
    octets: float
    seconds: float
    broken: Mapping[tuple[str, int], float]


def nights(found: Sequence[Wave], setting: Setting, start: datetime, days: int) -> Iterator[Night]:
    """The runs of so many days from `start`, one after the other. The waves are used up."""
    runner = _Runner(found, setting)
    now, number = start, 0
    end = start + timedelta(days=days)
    while now < end:
        following = now + timedelta(seconds=setting.rhythm.gap)
        shift = (following.date() - now.date()).days
        yield runner.run(now, number=number, shift=shift)
        now, number = following, number + 1


class _Runner:
    def __init__(self, found: Sequence[Wave], setting: Setting) -> None:
        self._waves = list(found)
        self._setting = setting
        self._late = [0.0 for _ in found]
        self._share = setting.rhythm.share

    def run(self, now: datetime, *, number: int, shift: int) -> Night:
        share = self._share
        before = number * share.numerator // share.denominator
        took_place = number == 0 or (number + 1) * share.numerator // share.denominator > before
        tonight = _Tonight(self._waves, self._setting, now)
        if took_place:
            tonight.read()
        broken = self._leave_behind(shift)
        self._grow()
        return Night(
            at=now,
            took_place=took_place,
            holdings=tonight.holdings,
            octets=tonight.octets,
            seconds=tonight.seconds,
            broken=broken,
        )

    def _leave_behind(self, shift: int) -> dict[tuple[str, int], float]:
        """Go on to the day of the next run; what is still due by then is late."""
        broken: dict[tuple[str, int], float] = {}
        for place, wave in enumerate(self._waves):
            late = sum(wave.holdings[: shift + 1])
            newly = late - min(self._late[place], wave.holdings[0] if wave.holdings else 0.0)
            if newly > _NOTHING:
                broken[wave.location, wave.every] = newly
            self._late[place] = late
            octets = sum(wave.octets[: shift + 1])
            wave.holdings[: shift + 1] = [late]
            wave.octets[: shift + 1] = [octets]
        return broken

    def _grow(self) -> None:
        growth = self._setting.growth
        if not growth:
            return
        part = (1 + growth) ** (self._setting.rhythm.gap / (365 * DAY)) - 1
        for wave in self._waves:
            more = sum(wave.holdings) * part, sum(wave.octets) * part
            wave.add(wave.every // DAY, *more)


# Amounts are fractions of holdings here; less than this is none.
_NOTHING = 1e-6


class _Tonight:
    """One run: what it may still use, and what it has to do."""

    def __init__(self, found: Sequence[Wave], setting: Setting, now: datetime) -> None:
        self._setting, self._now, self._waves = setting, now, found
        self.holdings = self.octets = self.seconds = 0.0
        limits = setting.limits or {}
        lefts = {name: budget_now(each, now) for name, each in limits.items()}
        self._open = [wave for wave in found if not _is_closed(lefts.get(wave.location))]
        self._parts = {"": self._part(self._open, setting.budget, setting.budget, setting.pace)}
        for name, each in limits.items():
            concerned = [wave for wave in self._open if wave.location == name]
            pace = setting.pace_at(name)
            self._parts[name] = self._part(concerned, whole_budget(each), lefts[name], pace)

    def _part(
        self, concerned: Sequence[Wave], budget: Budget, left: Budget, pace: Pace
    ) -> _PartLeft:
        rhythm = self._setting.rhythm
        asked = quota(concerned, budget=budget, pace=pace, rhythm=rhythm, now=self._now.time())
        largest = max(
            (wave.largest for wave in concerned if budget.fits(wave.largest, pace)), default=0
        )
        seconds, octets = left.room(largest, pace)
        return _PartLeft(
            asked,
            pace,
            float(rhythm.gap) if seconds is None else min(seconds, float(rhythm.gap)),
            float("inf") if octets is None else octets,
        )

    def read(self) -> None:
        """Take the amounts, earliest day first."""
        gone = self._now.hour * 3600 + self._now.minute * 60 + self._now.second
        returning: list[tuple[Wave, float, float]] = []
        horizon = self._setting.rhythm.horizon
        for day in range(max((len(wave.holdings) for wave in self._open), default=0)):
            left = max(0, day * DAY - gone)
            wanted = left <= horizon or any(part.asks(day) for part in self._parts.values())
            if not wanted or self._parts[""].is_spent():
                break
            for wave in self._open:
                if day < len(wave.holdings) and wave.holdings[day] > 0:
                    taken = self._take(wave, day, must=left <= self._latest(wave))
                    returning.append((wave, *taken))
        for wave, holdings, octets in returning:
            wave.add(self._day_again(wave.every), holdings, octets)

    def _latest(self, wave: Wave) -> int:
        return self._setting.rhythm.latest(wave.every)

    def _day_again(self, every: int) -> int:
        return ((self._now + timedelta(seconds=every)).date() - self._now.date()).days

    def _take(self, wave: Wave, day: int, *, must: bool) -> tuple[float, float]:
        parts = [self._parts[name] for name in {"", wave.location}]
        whole = wave.holdings[day], wave.octets[day]
        wanted = 1.0 if must else max(part.wanted(day, *whole) for part in parts)
        part = min(wanted, *(part.fitting(*whole) for part in parts))
        if part <= 0:
            return 0.0, 0.0
        holdings, octets = whole[0] * part, whole[1] * part
        wave.holdings[day] -= holdings
        wave.octets[day] -= octets
        for each in parts:
            each.use(holdings, octets)
        self.holdings += holdings
        self.octets += octets
        self.seconds += self._parts[""].pace.seconds(holdings, octets)
        return holdings, octets


class _PartLeft:
    """What a part of a run still has to do, and still may."""

    def __init__(self, asked: Quota, pace: Pace, seconds: float, octets: float) -> None:
        self.pace = pace
        self._until = asked.until
        self._asked_seconds, self._asked_octets = asked.seconds, asked.octets
        self._seconds, self._octets = seconds, octets

    def is_spent(self) -> bool:
        """Whether nothing more can be read."""
        return self._seconds <= _NOTHING or self._octets <= _NOTHING

    def asks(self, day: int) -> bool:
        """Whether the quota asks for deadlines of a day."""
        more = self._asked_seconds > _NOTHING or self._asked_octets > _NOTHING
        return day <= self._until and more

    def wanted(self, day: int, holdings: float, octets: float) -> float:
        """The part of so much that the quota asks for."""
        if not self.asks(day):
            return 0.0
        return min(
            1.0, self._largest_part(self._asked_seconds, self._asked_octets, holdings, octets)
        )

    def _largest_part(self, seconds: float, limit: float, holdings: float, octets: float) -> float:
        cost = self.pace.seconds(holdings, octets)
        return max(seconds / cost if cost else 1.0, limit / octets if octets else 0.0)

    def fitting(self, holdings: float, octets: float) -> float:
        """The part of so much that there is room for."""
        cost = self.pace.seconds(holdings, octets)
        seconds = self._seconds / cost if cost > self._seconds else 1.0
        return min(seconds, self._octets / octets if octets > self._octets else 1.0)

    def use(self, holdings: float, octets: float) -> None:
        """So much is taken."""
        seconds = self.pace.seconds(holdings, octets)
        self._seconds -= seconds
        self._asked_seconds -= seconds
        self._octets -= octets
        self._asked_octets -= octets


def _is_closed(left: Budget | None) -> bool:
    return left is not None and left.seconds == 0
