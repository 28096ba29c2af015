"""No promise is broken silently, and none where the forecast's stated assumptions held.

Years of nightly runs over single holdings, with a simulated clock: the schedule decides what is
read, budgets and outages stand in its way, the archive grows.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from simulated_archive import START, Archive, Simulated

from muniment.audit.holdings import Place
from muniment.audit.outlook import Setting
from muniment.audit.pace import Pace
from muniment.audit.rhythm import Budget, Rhythm
from muniment.model.intervals import DAY
from muniment.model.locations import LocationLimits, Window

PACE = Pace(octets_per_second=50_000_000, seconds_per_holding=0.05)
DISK = Place(address="/disk", form="folder", location="/disk")
TAPE = Place(address="/tape", form="tar", location="/tape")


@dataclass
class Years:
    """An archive over years, and what stands in its way.

    `outages` are the nights without a run; a run takes `slower` times what was measured. `told`
    are the holdings whose promise some run said to be broken.
    """

    archive: Archive
    setting: Setting
    outages: frozenset[int] = frozenset()
    slower: float = 1.0
    models: list[Simulated] = field(default_factory=list)
    told: set[int] = field(default_factory=set)
    read: int = 0

    def pass_by(self, nights: range) -> None:
        """Live through some nights."""
        real = Pace(
            octets_per_second=PACE.octets_per_second / self.slower,
            seconds_per_holding=PACE.seconds_per_holding * self.slower,
        )
        for number in nights:
            now = START + timedelta(days=number)
            if number not in self.outages:
                night = self.archive.run(now, self.setting, real)
                self.told |= night.told
                self.read += len(night.read)
            self._grow(now, number + 1)

    def _grow(self, now: datetime, days: int) -> None:
        whole = len(self.models) * (1 + self.setting.growth) ** (days / 365)
        while self.setting.growth and self.archive.size + 1 <= whole:
            model = self.models[self.archive.size % len(self.models)]
            new = Simulated(self.archive.size, model.every, model.octets, model.place)
            self.archive.adopt(new, now + timedelta(seconds=model.every))

    def broken(self, end: int) -> set[int]:
        """The holdings whose promise was broken up to a night, told or not."""
        return self.archive.broken_in_truth | self.archive.overdue(START + timedelta(days=end))


def archive_of(models: list[Simulated], first: list[float]) -> Archive:
    """An archive; `first` says how far through its interval each holding is."""
    archive = Archive()
    for model, gone in zip(models, first, strict=True):
        left = timedelta(hours=int(model.every / 3600 * (1 - gone)))
        archive.adopt(model, START + left)
    return archive


def even_seconds(models: list[Simulated]) -> float:
    """What a night would take if all were spread evenly."""
    return sum(PACE.seconds(1, each.octets) * DAY / each.every for each in models)


def orderly_outages(rng: random.Random, nights: int) -> frozenset[int]:
    """As many as the forecast reckons with: of n nights in a row, 3n/4 rounded down take place."""
    out, last = set(), 0
    for night in range(1, nights):
        if night - last >= 4 and rng.random() < 0.7:
            out.add(night)
            last = night
    return frozenset(out)


def test_a_hundred_thousand_holdings_over_ten_years() -> None:
    rng = random.Random(1)
    models = [
        Simulated(number, rng.choice((180, 365, 730)) * DAY, int(rng.lognormvariate(16, 1.5)), DISK)
        for number in range(100_000)
    ]
    archive = archive_of(models, [rng.random() for _ in models])
    largest = max(PACE.seconds(1, each.octets) for each in models)
    budget = Budget(seconds=int(even_seconds(models) * 1.4 * 1.05**13 + largest))
    years = Years(
        archive=archive,
        setting=Setting(budget=budget, pace=PACE, rhythm=Rhythm(), growth=0.05),
        outages=orderly_outages(rng, 3_650),
        models=models,
    )
    for year in range(10):
        now = START + timedelta(days=365 * year)
        foreseen = archive.foresee(years.setting, now)
        assert foreseen.holds, (year, foreseen)
        assert foreseen.days >= 365
        years.pass_by(range(365 * year, 365 * (year + 1)))
        assert not years.broken(365 * (year + 1)), year
    assert archive.size > 160_000
    assert len(years.outages) > 500


days = st.integers(5, 90)


@st.composite
def scenarios(draw: st.DrawFn) -> Years:
    """Small archives of every kind; the assumptions of the forecast hold in each."""
    rng = random.Random(draw(st.integers(0, 2**32)))
    promises = draw(st.lists(days, min_size=1, max_size=3, unique=True))
    count = draw(st.integers(10, 200))
    heaviest = draw(st.sampled_from((0.0, 1.0, 2.0)))
    with_tape = draw(st.booleans())
    models = [
        Simulated(
            number,
            rng.choice(promises) * DAY,
            int(rng.lognormvariate(17, heaviest)),
            TAPE if with_tape and rng.random() < 0.3 else DISK,
        )
        for number in range(count)
    ]
    bunched = draw(st.booleans())
    archive = archive_of(models, [0.0 if bunched else rng.random() for _ in models])
    room = draw(st.floats(0.5, 5))
    largest = max(each.octets for each in models)
    seconds = int(even_seconds(models) * room + PACE.seconds(1, largest) * draw(st.floats(0, 2)))
    octets = int(sum(each.octets * DAY / each.every for each in models) * room + largest)
    limits = {}
    if with_tape:
        window = Window(opens=time(21), closes=time(draw(st.sampled_from((23, 2)))))
        limits["/tape"] = LocationLimits(octets=draw(st.none() | st.just(octets)), window=window)
    budget = Budget(
        seconds=draw(st.none() | st.just(seconds + 1)), octets=draw(st.none() | st.just(octets))
    )
    return Years(
        archive=archive,
        setting=Setting(
            budget=budget,
            pace=PACE,
            rhythm=Rhythm(),
            growth=draw(st.sampled_from((0.0, 0.2))),
            limits=limits,
        ),
        outages=orderly_outages(rng, 400) if draw(st.booleans()) else frozenset(),
        models=models,
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios())
def test_what_the_forecast_promises_is_kept(years: Years) -> None:
    foreseen = years.archive.foresee(years.setting)
    years.pass_by(range(foreseen.days))
    broken = years.broken(foreseen.days)
    assert not broken or not foreseen.holds, foreseen


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios(), st.integers(0, 2**32), st.floats(1, 4))
def test_no_promise_is_broken_silently(years: Years, seed: int, slower: float) -> None:
    rng = random.Random(seed)
    years.outages = frozenset(night for night in range(200) if rng.random() < 0.5)
    years.slower = slower
    years.pass_by(range(200))
    years.outages = frozenset()
    years.pass_by(range(200, 201))
    assert years.broken(200) == years.told
