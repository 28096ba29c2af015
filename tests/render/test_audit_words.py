"""The words of a report: no share is rounded up to all, a void run is called so, one is one."""

from __future__ import annotations

import dataclasses

import pytest

from muniment.audit.bodies import RunBegun, RunEnded
from muniment.audit.outcomes import Extent, Reader, Reference
from muniment.audit.reporting import (
    Amount,
    AuditReport,
    Due,
    Grade,
    HeldOutside,
    LocationFigures,
    PastRun,
    Standing,
)
from muniment.render.audit_text import audit_text
from muniment.render.audit_words import given_away, grade, in_short, last_run, share, size


def report(**counts: int) -> AuditReport:
    """A report on so many holdings of each standing, of a kilobyte each."""
    standings = {
        each: Amount(holdings=counts.get(each, 0), octets=1000 * counts.get(each, 0))
        for each in Standing
    }
    place = LocationFigures(
        location="/archive", standings=standings, deadlines=dict.fromkeys(Due, Amount())
    )
    return AuditReport(
        at="2026-11-28T12:00:00Z",
        origin="muniment/0123456789abcdef",
        retired=0,
        locations=(place,),
        months=(),
        grades=(),
        runs=(),
        run_count=0,
        outside=HeldOutside(at=None, size=0, events=1),
        not_safe=(),
        short_objects=(),
        short_count=0,
        integrity=(),
    )


def run(found: int = 5, *, ended: RunEnded | None = None) -> PastRun:
    return PastRun(
        run="r",
        begun_at="2026-11-28T07:00:00Z",
        begun=RunBegun(software="muniment", self_test={"tar": {"planted": 5, "found": found}}),
        ended_at=None,
        ended=ended,
    )


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [
        (0, 0, "0 %"),
        (1, 3, "33.3 %"),
        (999_999, 1_000_000, "99.9 %"),
        (1, 1, "100 %"),
        (1, 10_000, "0 %"),
    ],
)
def test_a_share_is_rounded_down(part: int, whole: int, told: str) -> None:
    assert share(part, whole) == told


@pytest.mark.parametrize(
    ("octets", "told"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (348 * 10**9, "348.0 GB"),
        (2 * 10**18, "2,000.0 PB"),
    ],
)
def test_sizes_are_in_thousands(octets: int, told: str) -> None:
    assert size(octets) == told


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({}, "Nothing is kept under audit yet."),
        ({"safe": 1}, "The one holding was found as it is recorded, within its promised time."),
        (
            {"safe": 2000},
            (
                "All 2,000 holdings, 2.0 MB, were found as they are recorded, within their promised"
                " time."
            ),
        ),
        ({"safe": 1, "overdue": 1}, "1 of 2 holdings (50 %) is safe."),
        ({"safe": 9999, "unknown": 1}, "9,999 of 10,000 holdings (99.9 %) are safe."),
    ],
)
def test_it_says_in_short_how_many_are_safe(counts: dict[str, int], told: str) -> None:
    assert in_short(report(**counts)) == told


def test_a_run_is_told_by_what_came_of_it() -> None:
    none = report(safe=1)
    assert last_run(none) == "No run has been made yet."
    void = dataclasses.replace(none, runs=(run(4),))
    assert "2026-11-28 07:00 UTC and is void: its self-test found 4 of 5" in last_run(void)
    assert "and has not ended" in last_run(dataclasses.replace(none, runs=(run(),)))
    left = RunEnded(outcomes={}, not_reached=1, octets=0, seconds=0)
    told = last_run(dataclasses.replace(none, runs=(run(ended=left),)))
    assert "did not reach 1 holding of those that were due" in told


def test_a_ledger_that_nobody_outside_can_vouch_for_says_so() -> None:
    assert given_away(report()).startswith("No checkpoint has left the house yet.")
    held = HeldOutside(at="2026-11-01T00:00:00Z", size=4, events=9)
    told = given_away(dataclasses.replace(report(), outside=held))
    assert "over the first 4 events" in told
    assert told.endswith("5 came after it.")


def test_a_grade_says_who_read_what() -> None:
    told = Grade(
        read_by=Reader.PROVIDER,
        extent=Extent.RECOMPUTED_CHECKSUM,
        compared_with=(Reference.BASELINE,),
        nonced=True,
        holdings=1,
    )
    assert grade(told) == (
        "a checksum that the provider computed anew, read by the provider, compared with what the"
        " ledger keeps of it; bound to a checkpoint by a nonce"
    )


def test_the_text_of_an_empty_report_has_no_empty_tables() -> None:
    text = "".join(audit_text(report()))
    assert "Nothing is kept under audit yet." in text
    assert "Runs" not in text
    assert "\x1b" not in text
