"""Spans of time: what is written is what is meant, and nothing is guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.model.intervals import DAY, seconds_of, spoken


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("30s", 30),
        ("90min", 5_400),
        ("12h", 43_200),
        ("90d", 7_776_000),
        ("6w", 3_628_800),
        ("18mo", 46_656_000),
        ("1y", 31_536_000),
        (" 90 D ", 7_776_000),
        ("100y", 3_153_600_000),
    ],
)
def test_what_is_written_is_what_is_meant(written: str, seconds: int) -> None:
    assert seconds_of(written) == seconds


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("90", "no span"),
        ("d", "no span"),
        ("1.5d", "no span"),
        ("-3d", "no span"),
        ("1h30min", "no span"),
        ("9\u0660d", "no span"),
        ("", "no span"),
        ("10 fortnights", "no span"),
        ("5m", "minutes or months"),
        ("0d", "outside"),
        ("101y", "outside"),
        ("9999999999d", "no span"),
    ],
)
def test_what_is_no_span_is_refused_with_what_would_be_right(written: str, told: str) -> None:
    with pytest.raises(ValueError, match=told) as refused:
        seconds_of(written)
    assert f'"{written}"' in str(refused.value)


@given(st.text(max_size=12))
def test_any_text_is_a_span_in_bounds_or_refused(written: str) -> None:
    try:
        seconds = seconds_of(written)
    except ValueError:
        return
    assert 1 <= seconds <= 100 * 365 * DAY


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (90, "90 seconds"),
        (120, "2 minutes"),
        (86_399, "86,399 seconds"),
        (86_400, "1 day"),
        (129_600, "36 hours"),
        (7_776_000, "90 days"),
        (126_144_000, "1,460 days"),
    ],
)
def test_a_span_is_spoken_in_its_largest_whole_unit(seconds: int, words: str) -> None:
    assert spoken(seconds) == words


@given(st.integers(min_value=1, max_value=36_500))
def test_days_are_spoken_as_days(days: int) -> None:
    assert spoken(days * DAY).split()[0].replace(",", "") == str(days)
