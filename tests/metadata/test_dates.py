"""EDTF 2019, levels 0 to 2, against the calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.metadata.dates import edtf_fault, nearest_edtf

_GOOD = """
1985-04-12 1985-04 1985 1985-04-12T23:20:30 1985-04-12T23:20:30Z 1985-04-12T23:20:30-04
1985-04-12T23:20:30+04:30 1964/2008 2004-06/2006-08 2004-02-01/2005-02-08 2005/2006-02
Y170000002 Y-170000002 2001-21 1984? 2004-06~ 2004-06-11% 201X 20XX 2004-XX 1985-04-XX 1985-XX-XX
1985-04-12/.. 1985/.. ../1985-04 1985/ /1985-04-12 -1985 Y-17E7 1950S2 Y171010000S3 Y3388E2S3
2001-34 [1667,1668,1670..1672] [..1760-12-03] [1760-12..] {1960,1961-12} {..1984} 2004-06-11%
2004-06~-11 2004?-06-11 ?2004-06-~11 2004-%06-11 156X-12-25 15XX-12-25 XXXX-12-XX 1XXX-XX 1XXX-12
1984-1X 2004-06-~01/2004-06-~20 2004-06-XX/2004-07-03 2000-02-29 XXXX-02-29 0000 -0001 2001-21/2003
2008/2008-12 2008-12/2008 2007-12/2008-01
"""
_BAD = """
85 198 19850412 1985-4-12 1985-13 1985-00 1985-04-31 1985-04-00 1900-02-29 17XX-02-30 2008/2004
2004-02-01/2004-01-31 1985-04-12T24:00:00 1985-04-12T23:20 T10:00:00 199u 1985/open unknown/1985
Y1985 Y17 2001-42 2001-20 1985//1986 1985/1986/1987 / ../.. [1985 1985] [] {,} [1985,,1986]
[1985-02-30] 1985-04-12/1985-04-31 [1985..1986..1987] -0000 1985-0X-32 1985-2X-01 1985-3X X985-1
2004-(06)?-11 c1985 1985ad 1985.04.12 +1985 1985-04-12Z 1985-04-12T23:20:30+15
"""


@pytest.mark.parametrize("text", _GOOD.split())
def test_edtf_is_taken(text: str) -> None:
    assert edtf_fault(text) is None


@pytest.mark.parametrize("text", _BAD.split())
def test_what_is_not_edtf_or_not_in_the_calendar_is_refused(text: str) -> None:
    assert edtf_fault(text) is not None


@pytest.mark.parametrize(
    "text", ["", " ", "1985 ", "27 December 1952", "1985\n", "\uff11\uff19\uff18\uff15"]
)
def test_blanks_and_foreign_digits_are_refused(text: str) -> None:
    assert edtf_fault(text) is not None


@given(st.dates(min_value=date(1, 1, 1)))
def test_every_day_of_the_calendar_is_taken_and_none_beyond(day: date) -> None:
    assert edtf_fault(day.isoformat()) is None
    assert edtf_fault(f"{day.isoformat()}/{day.isoformat()}") is None
    if day > date.min:
        before = (day - timedelta(days=1)).isoformat()
        assert edtf_fault(f"{day.isoformat()}/{before}") == "the span ends before it begins"


@given(st.integers(0, 9999), st.integers(0, 99), st.integers(0, 99))
def test_only_days_of_the_calendar_are_taken(year: int, month: int, day: int) -> None:
    text = f"{year:04}-{month:02}-{day:02}"
    try:
        # The year 0 of ISO 8601 is a leap year; datetime begins with 1.
        date(year or 4, month, day)
    except ValueError:
        assert edtf_fault(text) is not None
    else:
        assert edtf_fault(text) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("27 December 1952", "1952-12-27"),
        ("27. Dec. 1952", "1952-12-27"),
        ("December 27, 1952", "1952-12-27"),
        ("december 1952", "1952-12"),
        ("27.12.1952", "1952-12-27"),
        ("1952/12/27", "1952-12-27"),
        ("1952.12.27", "1952-12-27"),
        ("19521227", "1952-12-27"),
        ("1952-1-3", "1952-01-03"),
        ("1952-1", "1952-01"),
        ("c. 1952", "1952~"),
        ("circa 1952", "1952~"),
        ("1950s", "195X"),
        ("195-", "195X"),
        ("199u", "199X"),
        ("1952-1953", "1952/1953"),
        ("1952 \u2013 1953", "1952/1953"),
        ("1952/open", "1952/.."),
        ("1952?~", "1952%"),
    ],
)
def test_what_was_meant_is_named(text: str, meant: str) -> None:
    assert nearest_edtf(text) == meant
    assert edtf_fault(meant) is None


@pytest.mark.parametrize(
    "text", ["3/4/1952", "31 February 1952", "13.13.1952", "Christmas 1952", "52", "1953-1952", ""]
)
def test_nothing_is_guessed(text: str) -> None:
    assert nearest_edtf(text) is None


@given(st.text(alphabet="0123456789XYSET-/~?%.[]{},u c", max_size=16))
def test_a_proposal_is_always_edtf(text: str) -> None:
    proposal = nearest_edtf(text)
    assert proposal is None or edtf_fault(proposal) is None
