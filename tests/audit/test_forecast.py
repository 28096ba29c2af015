"""What a forecast says: whether, when, what would be needed, and what it rests on."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypedDict, Unpack

import pytest
from holdings_made import NOW, due_group

from muniment.audit.aggregates import PastRuns
from muniment.audit.demand import DueGroup
from muniment.audit.pace import RunFigures
from muniment.audit.rhythm import Budget
from muniment.model.findings import Report, Verdict
from muniment.model.intervals import DAY, HOUR
from muniment.workflow.audit_forecasting import ForecastOptions, duration, forecast_report

NIGHTS = tuple(f"2026-11-{day}T22:00:00Z" for day in (25, 26, 27))
# 100 MB a second, no time beside.
MEASURED = PastRuns(
    begun=NIGHTS, figures=(RunFigures(holdings=1, octets=10**11, seconds=1_000),) * 3
)
NOTHING = PastRuns(begun=(), figures=())


class Asked(TypedDict, total=False):
    budget: Budget
    rate: int
    growth: Decimal
    price: Decimal


def said(groups: list[DueGroup], past: PastRuns = MEASURED, **asked: Unpack[Asked]) -> Report:
    return forecast_report(
        groups, past, subject="ledger.sqlite", options=ForecastOptions(**asked), now=NOW
    )


def result(report: Report) -> Any:  # noqa: ANN401 - JSON, read by its names
    return report.result


def rules(report: Report) -> list[str]:
    return [finding.rule.id for finding in report.subjects[0].findings]


def test_promises_that_can_be_kept_pass() -> None:
    # 900 GB in 90 days at 100 MB/s: 100 s a night on average, 134 s with a night in four lost.
    report = said([due_group(90, 900)], budget=Budget(seconds=150))
    assert report.verdict() is Verdict.PASS
    assert rules(report) == []
    assert result(report)["holds"] is True
    assert result(report)["first"] is None
    assert 100 <= result(report)["runs"]["usual_seconds"] <= 140
    assert result(report)["runs"]["octets_a_year"] == pytest.approx(3.6e12, rel=0.15)


def test_promises_that_cannot_are_told_with_day_number_and_need() -> None:
    report = said([due_group(90, 900)], budget=Budget(seconds=110))
    assert rules(report) == ["AUD-204"]
    finding = report.subjects[0].findings[0]
    first = result(report)["first"]
    assert first["day"] == "2027-02-25"
    assert first["every"] == 90 * DAY
    assert 0 < first["holdings"] < 900
    assert finding.evidence["first"] == first
    assert result(report)["needs"]["seconds"] > 130
    assert result(report)["needs"]["octets_per_second"] > 1.2e8
    assert report.verdict() is Verdict.PASS


def test_what_it_says_is_needed_is_enough() -> None:
    needs = result(said([due_group(90, 900)], budget=Budget(seconds=110)))["needs"]
    assert result(said([due_group(90, 900)], budget=Budget(seconds=needs["seconds"])))["holds"]
    assert result(
        said([due_group(90, 900)], budget=Budget(seconds=110), rate=needs["octets_per_second"])
    )["holds"]


def test_bytes_that_are_needed_are_enough_too() -> None:
    budget = Budget(octets=11 * 10**9)
    needs = result(said([due_group(90, 900)], budget=budget))["needs"]
    assert needs["octets"] > 13 * 10**9
    assert result(said([due_group(90, 900)], budget=Budget(octets=needs["octets"])))["holds"]


def test_more_than_nights_can_hold_is_said() -> None:
    report = said([due_group(3, 100_000, every=5)], budget=Budget(seconds=5 * HOUR))
    assert result(report)["needs"]["seconds"] is None
    assert result(report)["needs"]["octets_per_second"] > 1e9
    assert "more than one run every 1 day can do" in report.subjects[0].findings[0].message


def test_without_a_limit_a_bunch_of_deadlines_is_one_long_run() -> None:
    report = said([due_group(30, 90, size=10**11)])
    assert result(report)["holds"] is False
    assert result(report)["needs"]["seconds"] < 24 * HOUR
    assert result(said([due_group(30, 80, size=10**11)]))["runs"]["longest_seconds"] == 80_000


def test_a_new_ledger_has_no_measured_pace_and_says_so() -> None:
    report = said([due_group(90, 9)], NOTHING)
    assumed = result(report)["assumptions"]
    assert assumed["pace"] == "assumed: no run was measured yet; --rate gives another"
    assert assumed["octets_per_second"] == 50_000_000
    given = result(said([due_group(90, 9)], NOTHING, rate=7))["assumptions"]
    assert given["pace"] == "given with --rate"
    assert given["octets_per_second"] == 7


def test_the_assumptions_are_stated() -> None:
    options: Asked = {
        "budget": Budget(seconds=3_600, octets=10**12),
        "growth": Decimal("2.5"),
    }
    assert result(said([due_group(90, 9)], **options))["assumptions"] == {
        "pace": "measured on 3 runs",
        "octets_per_second": 100_000_000,
        "seconds_per_holding": 0.0,
        "run_seconds": 3_600,
        "run_octets": 10**12,
        "seconds_between_runs": DAY,
        "runs_counted_on": "3 of 4",
        "largest_octets": 10**9,
        "growth_percent_a_year": 2.5,
    }


def test_growth_breaks_what_else_would_hold() -> None:
    even = [due_group(day, 10) for day in range(1, 91)]
    assert result(said(even, budget=Budget(seconds=150)))["holds"]
    assert not result(said(even, budget=Budget(seconds=150), growth=Decimal(100)))["holds"]


def test_a_holding_that_no_run_can_read_is_told() -> None:
    huge = due_group(40, 1, size=10**12)
    report = said([due_group(90, 9), huge], budget=Budget(seconds=3_600))
    assert rules(report) == ["AUD-202"]
    assert result(report)["holds"] is False
    assert result(report)["first"] is None
    assert report.subjects[0].findings[0].evidence["octets"] == 10**12


def test_what_is_overdue_already_is_counted_and_not_foreseen() -> None:
    report = said([due_group(-3, 5), due_group(40, 5)], budget=Budget(seconds=3_600))
    assert result(report)["overdue"] == 5
    assert result(report)["broken"] == 0
    assert result(report)["answer"].endswith("5 are broken already")


def test_reading_has_its_price() -> None:
    cost = result(said([due_group(0, 30)], price=Decimal("0.09")))["cost"]
    assert cost == {"price_per_gb": "0.09", "next_run": "2.70", "a_year": "13.50"}


def test_an_empty_ledger_promises_nothing() -> None:
    report = said([])
    assert report.verdict() is Verdict.PASS
    assert result(report)["answer"] == "no holding is promised anything"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (59, "59 s"), (61, "2 min"), (3_600, "1 h"), (12_000, "3 h 20 min")],
)
def test_a_duration_is_said_as_people_say_it(seconds: int, words: str) -> None:
    assert duration(seconds) == words
