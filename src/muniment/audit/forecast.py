"""Whether the promises can be kept, said beforehand: when they break, and what would be needed.

A forecast holds under the assumptions that it states: pace, hours, sizes, runs counted on, growth.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from muniment.audit.demand import DueGroup, Wave, waves
from muniment.audit.outlook import Night, Setting, nights
from muniment.audit.rhythm import Budget, whole_budget
from muniment.audit.schedule import even_share
from muniment.model.intervals import DAY

_YEAR = 365
_LONGEST_DAYS = 10 * _YEAR
_TRIES = 8
_STEP = 1.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """The first promises that break: the day (YYYY-MM-DD) before whose end they would be due.

    `location` is "" for all locations without limits of their own; `every` is the promise in
    seconds.
    """

    day: str
    location: str
    every: int
    holdings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What would keep every promise: seconds and bytes a run, None where no run is long enough.

    `octets_per_second` is the pace that would do in the time that a run has now.
    """

    seconds: int | None
    octets: int | None
    octets_per_second: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What the runs of so many `days` from now come to.

    `overdue` promises are broken already; `too_large` are promises at places with a holding that no
    run of this budget can read: the largest of each group, in bytes. `first` is None where every
    other promise can be kept. `usual_seconds` and `longest_seconds` are those of a run;
    `octets_a_year` is what is read.
    """

    days: int
    holdings: int
    octets: int
    overdue: int
    too_large: tuple[DueGroup, ...]
    first: Breach | None
    broken: int
    usual_seconds: int
    longest_seconds: int
    octets_a_year: int
    octets_next: int
    needs: Needs | None

    @property
    def holds(self) -> bool:
        """Whether every promise that is not broken already can be kept."""
        return self.first is None and not self.too_large


def forecast(groups: Sequence[DueGroup], setting: Setting, now: datetime) -> Forecast:
    """Foresee the runs for five quarters of the longest promise: a year at least, ten at most."""
    today = now.date().isoformat()
    readable, too_large = _apart(groups, setting)
    found = waves(readable, now.date(), setting.limits or ())
    days = _days(groups)
    search = _Search(found=found, setting=setting, now=now, days=days)
    ran = list(nights(copy.deepcopy(found), setting, now, days))
    broken = [night for night in ran if night.broken]
    first = _breach(broken[0]) if broken else None
    took_place = [night for night in ran if night.took_place] or ran
    return Forecast(
        days=days,
        holdings=sum(group.holdings for group in groups),
        octets=sum(group.octets for group in groups),
        overdue=sum(group.holdings for group in groups if group.day < today),
        too_large=tuple(too_large),
        first=first,
        broken=math.ceil(sum(sum(night.broken.values()) for night in ran) - 1e-3),
        usual_seconds=math.ceil(sum(night.seconds for night in took_place) / len(took_place)),
        longest_seconds=math.ceil(max(night.seconds for night in took_place)),
        octets_a_year=round(sum(night.octets for night in ran) * _YEAR / days),
        octets_next=round(ran[0].octets),
        needs=None if first is None else search.needs(),
    )


def _days(groups: Sequence[DueGroup]) -> int:
    longest = max((group.every for group in groups), default=0)
    return min(_LONGEST_DAYS, max(_YEAR, longest * 5 // 4 // DAY))


def _apart(groups: Sequence[DueGroup], setting: Setting) -> tuple[list[DueGroup], list[DueGroup]]:
    """The groups without those of their holdings that no run can read, and these."""
    readable, too_large = [], []
    for group in groups:
        limits = (setting.limits or {}).get(group.location)
        budgets = [setting.budget] if limits is None else [setting.budget, whole_budget(limits)]
        pace = setting.pace_at(group.location)
        if all(budget.fits(group.largest, pace) for budget in budgets):
            readable.append(group)
            continue
        too_large.append(group)
        rest = group.holdings - 1, group.octets - group.largest
        if rest[0]:
            readable.append(
                replace(group, holdings=rest[0], octets=rest[1], largest=rest[1] // rest[0])
            )
    return readable, too_large


def _breach(night: Night) -> Breach:
    (location, every), holdings = min(night.broken.items(), key=lambda each: each[0])
    return Breach(
        day=night.at.date().isoformat(),
        location=location,
        every=every,
        holdings=math.ceil(holdings - 1e-3),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """The look for the smallest budget that keeps every promise: by trying, from below."""

    found: Sequence[Wave]
    setting: Setting
    now: datetime
    days: int

    def needs(self) -> Needs:
        seconds, octets = self._even()
        rhythm, budget = self.setting.rhythm, self.setting.budget
        long = self._smallest(seconds, rhythm.gap, lambda size: self._with(Budget(seconds=size)))
        has = budget.seconds or rhythm.gap
        start = self.setting.pace.octets_per_second * (long or seconds) / has
        return Needs(
            seconds=long,
            octets=None
            if budget.octets is None
            else self._smallest(octets, math.inf, lambda size: self._with(Budget(octets=size))),
            octets_per_second=None
            if long is not None and long <= has
            else self._smallest(start, math.inf, self._at),
        )

    def _even(self) -> tuple[float, float]:
        """What each run has to do if all do the same: seconds, bytes."""
        pace, rhythm = self.setting.pace, self.setting.rhythm
        even = even_share(self.found, pace=pace, rhythm=rhythm, now=self.now.time())
        return max(1.0, even.seconds), max(1.0, even.octets)

    def _with(self, budget: Budget) -> Setting:
        return replace(self.setting, budget=budget)

    def _at(self, rate: int) -> Setting:
        return replace(self.setting, pace=replace(self.setting.pace, octets_per_second=rate))

    def _smallest(self, start: float, most: float, under: Callable[[int], Setting]) -> int | None:
        for step in range(_TRIES):
            size = math.ceil(start * _STEP**step)
            if size > most:
                return None
            runs = nights(copy.deepcopy(list(self.found)), under(size), self.now, self.days)
            if not any(night.broken for night in runs):
                return size
        return None
