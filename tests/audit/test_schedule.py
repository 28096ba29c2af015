"""What a run takes: what no later run is counted on for, and ahead only as far as it must."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.audit.demand import DueGroup
from muniment.audit.entries import instant
from muniment.audit.holdings import Place
from muniment.audit.pace import Pace, RunFigures, measured, usual_gap
from muniment.audit.rhythm import Budget, Rhythm
from muniment.audit.schedule import Plan, plan
from muniment.audit.selection import selected, why_never
from muniment.model.intervals import DAY, HOUR
from muniment.model.locations import LocationLimits, Window

NOW = datetime(2026, 11, 28, 22, 0, tzinfo=UTC)
SECOND_EACH = Pace(octets_per_second=1e12, seconds_per_holding=1.0)
SURE = Rhythm(share=Fraction(1))


@dataclass(frozen=True)
class Held:
    due: timedelta
    every: int = 90 * DAY
    octets: int = 1_000
    location: str = "/disk"

    @property
    def due_at(self) -> str:
        return instant(NOW + self.due)

    @property
    def place(self) -> Place:
        return Place(address="/x", form="folder", location=self.location)


def planned(
    holdings: list[Held],
    budget: Budget | None = None,
    rhythm: Rhythm | None = None,
    limits: dict[str, LocationLimits] | None = None,
) -> Plan:
    groups = [
        DueGroup(
            location=held.location,
            every=held.every,
            day=held.due_at[:10],
            holdings=1,
            octets=held.octets,
            largest=held.octets,
        )
        for held in holdings
    ]
    return plan(
        groups,
        now=NOW,
        budget=budget or Budget(),
        pace=SECOND_EACH,
        rhythm=rhythm or Rhythm(),
        limits=limits,
    )


def taken(holdings: list[Held], **asked: object) -> list[Held]:
    ordered = sorted(holdings, key=lambda held: held.due_at)
    return list(selected(ordered, planned(holdings, **asked)))  # type: ignore[arg-type]


def test_without_a_budget_a_run_takes_what_no_run_counted_on_comes_before() -> None:
    overdue, tomorrow, after = (Held(timedelta(hours=hours)) for hours in (-5, 23, 47))
    later = Held(timedelta(hours=49))
    assert taken([later, after, tomorrow, overdue]) == [overdue, tomorrow, after]


def test_with_every_run_sure_only_what_is_due_before_the_next_is_taken() -> None:
    tomorrow, after = Held(timedelta(hours=23)), Held(timedelta(hours=25))
    assert taken([tomorrow, after], rhythm=SURE) == [tomorrow]


def test_rare_runs_do_not_read_before_half_of_the_interval_is_over() -> None:
    monthly = Rhythm(gap=30 * DAY)
    half, before = Held(timedelta(days=5), every=10 * DAY), Held(timedelta(days=6), every=10 * DAY)
    assert taken([half, before], rhythm=monthly) == [half]


@pytest.mark.parametrize(("holdings", "read"), [(54, 0), (57, 3), (70, 10)])
def test_a_run_with_a_budget_works_ahead_no_further_than_it_must(holdings: int, read: int) -> None:
    # Until the tenth day begins 9 runs come, 6 are counted on, each does 9 of its 10 for certain.
    bunch = [Held(timedelta(days=10), octets=0) for _ in range(holdings)]
    assert len(taken(bunch, budget=Budget(seconds=10))) == read


def test_what_comes_again_is_reckoned_with() -> None:
    bunch = [Held(timedelta(days=10)) for _ in range(50)]
    often = [Held(timedelta(days=4), every=4 * DAY) for _ in range(9)]
    assert taken(bunch, budget=Budget(seconds=10)) == []
    assert len(taken(often + bunch, budget=Budget(seconds=10))) > 0


def test_bytes_are_a_budget_too_and_are_never_exceeded() -> None:
    tonight = [Held(timedelta(hours=1), octets=400) for _ in range(5)]
    assert len(taken(tonight, budget=Budget(octets=1_000))) == 2


def test_a_run_stops_when_its_time_is_over_whatever_was_planned() -> None:
    tonight = [Held(timedelta(hours=1)) for _ in range(5)]
    clock = iter([30.0, 30.0, 20.0, 20.0, 0.5, 0.5, 0.5])
    got = selected(
        tonight, planned(tonight, budget=Budget(seconds=30)), seconds_left=lambda: next(clock)
    )
    assert len(list(got)) == 4


def test_what_no_run_can_read_is_passed_over_and_told() -> None:
    huge, small = Held(timedelta(hours=1), octets=2_000), Held(timedelta(hours=2))
    budget = Budget(octets=1_500)
    assert taken([huge, small], budget=budget) == [small]
    reason = why_never(huge, planned([huge, small], budget=budget))
    assert reason == "it has 2,000 bytes, and a run may read 1,500"
    assert why_never(small, planned([huge, small], budget=budget)) is None


def test_a_slow_one_is_passed_over_for_its_time() -> None:
    slow = Held(timedelta(hours=1), octets=90 * 10**12)
    assert taken([slow], budget=Budget(seconds=60)) == []
    reason = why_never(slow, planned([slow], budget=Budget(seconds=60)))
    assert reason == "it takes 91 seconds at this pace, and a run has 60"


def test_a_closed_location_is_left_and_the_others_go_on() -> None:
    shut = {"/tape": LocationLimits(window=Window(opens=time(1), closes=time(5)))}
    tape, disk = Held(timedelta(hours=1), location="/tape"), Held(timedelta(hours=2))
    assert taken([tape, disk], limits=shut) == [disk]
    open_now = {"/tape": LocationLimits(window=Window(opens=time(21), closes=time(5)))}
    assert taken([tape, disk], limits=open_now) == [tape, disk]


def test_a_location_keeps_its_own_budget() -> None:
    limits = {"/tape": LocationLimits(octets=2_500)}
    tapes = [Held(timedelta(hours=1), location="/tape") for _ in range(4)]
    disks = [Held(timedelta(hours=2)) for _ in range(4)]
    assert taken(tapes + disks, limits=limits) == tapes[:2] + disks


def test_a_location_works_ahead_by_its_own_limits() -> None:
    limits = {"/tape": LocationLimits(octets=10_000)}
    tapes = [Held(timedelta(days=10), location="/tape") for _ in range(57)]
    disks = [Held(timedelta(days=9)) for _ in range(57)]
    assert taken(tapes + disks, limits=limits) == tapes[:3]


@pytest.mark.parametrize(
    ("at", "left", "opening"),
    [
        (time(22), 4 * HOUR, time(22)),
        (time(21, 59), 0, time(22)),
        (time(1, 59, 59), 1, time(1, 59, 59)),
        (time(2), 0, time(22)),
        (time(0), 2 * HOUR, time(0)),
    ],
)
def test_a_window_may_reach_over_midnight(at: time, left: int, opening: time) -> None:
    window = Window(opens=time(22), closes=time(2))
    now = datetime.combine(NOW.date(), at, UTC)
    assert window.left(now) == left
    assert window.next_opening(now).time() == opening


def test_a_window_of_equal_ends_is_always_open() -> None:
    window = Window(opens=time(3), closes=time(3))
    assert window.length == DAY
    assert window.left(NOW) == 8 * HOUR - 3 * HOUR


def test_strain_says_that_promises_will_break() -> None:
    tonight = [Held(timedelta(hours=1)) for _ in range(30)]
    assert planned(tonight, budget=Budget(seconds=10)).whole.strain == pytest.approx(3.0)
    assert planned(tonight, budget=Budget(seconds=60)).whole.strain < 1
    assert planned(tonight).whole.strain == 0


def test_the_pace_is_read_off_whole_runs() -> None:
    runs = [
        RunFigures(holdings=1_000, octets=10**9, seconds=60),
        RunFigures(holdings=10, octets=10**11, seconds=1_001),
    ]
    pace = measured(runs)
    assert pace is not None
    assert pace.octets_per_second == pytest.approx(1e8, rel=0.001)
    assert pace.seconds_per_holding == pytest.approx(0.05, rel=0.001)


def test_one_run_gives_one_figure() -> None:
    pace = measured([RunFigures(holdings=10, octets=10**9, seconds=20)])
    assert pace is not None
    assert pace.seconds(10, 10**9) == pytest.approx(20)
    empty = measured([RunFigures(holdings=10, octets=0, seconds=20)])
    assert empty is not None
    assert empty.seconds(10, 0) == pytest.approx(20)


def test_nothing_measured_is_said() -> None:
    assert measured([]) is None
    assert measured([RunFigures(holdings=0, octets=0, seconds=5)]) is None
    assert measured([RunFigures(holdings=5, octets=100, seconds=0)]) is None


figures = st.builds(
    RunFigures,
    holdings=st.integers(1, 10**6),
    octets=st.integers(0, 10**15),
    seconds=st.integers(1, 10**6),
)


@given(st.lists(figures, min_size=1, max_size=8))
def test_a_pace_is_never_negative_or_endless(runs: list[RunFigures]) -> None:
    pace = measured(runs)
    assert pace is not None
    assert pace.octets_per_second > 0
    assert pace.seconds_per_holding >= 0
    assert pace.seconds(runs[0].holdings, runs[0].octets) > 0


def test_the_gap_between_runs_is_a_day_at_least() -> None:
    nights = [f"2026-11-{day:02}T22:00:00Z" for day in (1, 8, 15, 16, 22)]
    assert usual_gap(nights) == 6.5 * DAY
    assert usual_gap([nights[0], "2026-11-01T22:05:00Z"]) == DAY
    assert usual_gap([]) == DAY
