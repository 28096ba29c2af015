"""W3CDTF, and dates against the encoding that is claimed for them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.metadata.date_encodings import date_bounds, date_fault
from muniment.metadata.w3cdtf import NO_ZONE, w3cdtf_fault


@pytest.mark.parametrize(
    "text",
    [
        "2004",
        "0000",
        "2004-05",
        "2000-02-29",
        "2004-05-06T10:20Z",
        "2004-05-06T10:20:30+01:00",
        "2004-05-06T10:20:30.45-05:00",
    ],
)
def test_w3cdtf_is_taken(text: str) -> None:
    assert w3cdtf_fault(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "2004Z",
        "12004",
        "04",
        "2004-13",
        "1900-02-29",
        "2004-05-06T",
        "2004-05-06T24:00Z",
        "2004-05-06T10Z",
        "2004-05-06 10:20Z",
        "2004/2005",
        "2004-5-6",
        " 2004",
        "2004\n",
        "",
    ],
)
def test_what_is_not_w3cdtf_is_refused(text: str) -> None:
    assert w3cdtf_fault(text) is not None


def test_a_time_without_a_zone_is_told_as_such() -> None:
    assert w3cdtf_fault("2004-05-06T10:20:30") == NO_ZONE


@given(st.dates())
def test_every_moment_is_taken(day: date) -> None:
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    assert w3cdtf_fault(day.isoformat()) is None
    assert w3cdtf_fault(moment.isoformat()) is None


@pytest.mark.parametrize(
    ("text", "encoding", "kind"),
    [
        ("2004-02-30", None, "calendar"),
        ("2004-02-30", "edtf", "calendar"),
        ("2004-02-30", "iso8601", "calendar"),
        ("20040230", "iso8601", "calendar"),
        ("199u", "edtf", "past"),
        ("2008/2004", "edtf", "order"),
        ("May 1952", "edtf", "form"),
        ("1850/1860", "w3cdtf", "form"),
        ("2004-05-06T10:20:30", "w3cdtf", "zone"),
        ("c1900", "marc", "form"),
        ("May 1900", "temper", "form"),
        ("May 1900", "iso8601", "form"),
        ("20041228145316.0", "iso8601", None),
        ("2004-W10-3", "iso8601", None),
        ("P3Y6M", "iso8601", None),
        ("1952-12-27/1952-12-28", "iso8601", None),
        ("990730", "marc", None),
        ("19uu", "marc", None),
        ("1884-1886", "temper", None),
        ("1998-99", None, None),
        ("n.d.", None, None),
        ("May 1952", "star-date", None),
    ],
)
def test_a_date_against_its_encoding(text: str, encoding: str | None, kind: str | None) -> None:
    fault = date_fault(text, encoding)
    assert (None if fault is None else fault.kind) == kind


@pytest.mark.parametrize(
    ("text", "encoding", "bounds"),
    [
        ("1914", "w3cdtf", ((1914, 1, 1), (1914, 12, 31))),
        ("2004-05-06T10:20Z", "w3cdtf", ((2004, 5, 6), (2004, 5, 6))),
        ("20040506", "iso8601", ((2004, 5, 6), (2004, 5, 6))),
        ("1914", "marc", ((1914, 1, 1), (1914, 12, 31))),
        ("9999", "marc", (None, None)),
        ("19uu", "marc", (None, None)),
        ("1914", None, (None, None)),
    ],
)
def test_bounds_by_encoding(text: str, encoding: str | None, bounds: object) -> None:
    assert date_bounds(text, encoding) == bounds
