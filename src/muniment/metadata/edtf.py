"""Dates in the Extended Date/Time Format (EDTF 2019, ISO 8601-2), levels 0 to 2.

Judged against the calendar: months, days of the month, leap years, spans in order. Runs on every
date of every record, so it is built on few regular expressions and remembers what it has read.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from functools import lru_cache

Day = tuple[int, int, int]

_Q = "[?~%]?"
_PLAIN = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?")
_CALENDAR = re.compile(
    rf"{_Q}(?P<year>-?[0-9X]{{4}}){_Q}"
    rf"(?:-{_Q}(?P<month>[0-9X]{{2}}){_Q}(?:-{_Q}(?P<day>[0-9X]{{2}}){_Q})?)?"
)
_LONG_YEAR = re.compile(
    r"[?~%]?"
    r"(?:(?P<long>Y-?[1-9][0-9]{4,})"
    r"|(?P<base>Y-?[1-9][0-9]*)E(?P<exponent>[1-9][0-9]*)"
    r"|(?P<short>-?[0-9]{4})(?=S))"
    r"(?:S(?P<known>[1-9][0-9]*))?[?~%]?"
)
_TIME = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:Z|[+-](?:0[0-9]|1[0-4])(?::[0-5][0-9])?)?"
)
_SET = re.compile(r"\[(?P<one>[^\[\]{}]+)\]|\{(?P<all>[^\[\]{}]+)\}")
_QUALIFIED_TWICE = re.compile(r"(?:^|-)[?~%][0-9X]+[?~%]")
_QUALIFIED_WHOLE = re.compile(r"[^?~%]+[?~%]")
_X_FROM_THE_RIGHT = re.compile(r"[0-9]{2}(?:[0-9]X|XX)|[0-9]{4}-(?:[0-9]{2}-XX|XX(?:-XX)?)")
_FIRST_SEASON, _LAST_OF_FOUR, _LAST_SEASON = 21, 24, 41
_FEBRUARY = 2
_LENGTHS = (0, *(monthrange(2000, month)[1] for month in range(1, 13)))
_LONGEST_YEAR = 12

NOT_EDTF = "it is not written as EDTF writes dates"
REVERSED = "the span ends before it begins"


@dataclass(frozen=True, slots=True, kw_only=True)
class EdtfReading:
    """What came of a text: why it is no EDTF date, or its level and the days it may lie between.

    `earliest` and `latest` are (year, month, day), inclusive; None where that end is open, unknown
    or too far away to be counted.
    """

    fault: str | None = None
    level: int = 0
    earliest: Day | None = None
    latest: Day | None = None


def edtf_fault(text: str) -> str | None:
    """Why a text is no EDTF date, in plain words, or None where it is one."""
    return read_edtf(text).fault


@lru_cache(maxsize=4096)
def read_edtf(text: str) -> EdtfReading:
    """Read a date, a span or a set of dates (EDTF 2019, levels 0, 1 and 2)."""
    if (plain := _PLAIN.fullmatch(text)) is not None:
        return _calendar_date(plain, 0)
    if (members := _SET.fullmatch(text)) is not None:
        return _set(members["one"] or members["all"])
    return _span(text) if "/" in text else _date(text)


def _set(members: str) -> EdtfReading:
    readings = []
    for member in members.split(","):
        ends = [end for end in member.strip().split("..") if end]
        if not ends or member.count("..") > 1:
            return EdtfReading(fault="a member of the set is missing")
        readings += [_date(end) for end in ends]
        if len(ends) > 1 and _is_reversed(readings[-2], readings[-1]):
            return EdtfReading(fault=REVERSED)
    fault = _first_fault(readings)
    if fault is not None:
        return EdtfReading(fault=fault)
    starts = [reading.earliest for reading in readings if reading.earliest]
    ends_ = [reading.latest for reading in readings if reading.latest]
    is_bounded = len(starts) == len(ends_) == len(readings)
    return EdtfReading(
        level=2,
        earliest=min(starts) if is_bounded and not members.startswith("..") else None,
        latest=max(ends_) if is_bounded and not members.endswith("..") else None,
    )


def _span(text: str) -> EdtfReading:
    ends = text.split("/")
    if len(ends) > 2:  # noqa: PLR2004 - a span has two ends
        return EdtfReading(fault="a span has one `/`, between its first and its last date")
    named = [end for end in ends if end not in {"", ".."}]
    if not named:
        return EdtfReading(fault="a span names at least one of its ends")
    readings = [_date(end) for end in named]
    fault = _first_fault(readings)
    is_closed = len(named) == len(ends)
    if fault is None and is_closed and _is_reversed(*readings):
        fault = REVERSED
    if fault is not None:
        return EdtfReading(fault=fault)
    level = max(reading.level for reading in readings)
    return EdtfReading(
        level=level if is_closed else max(level, 1),
        earliest=readings[0].earliest if ends[0] in named else None,
        latest=readings[-1].latest if ends[1] in named else None,
    )


def _first_fault(readings: list[EdtfReading]) -> str | None:
    return next((reading.fault for reading in readings if reading.fault), None)


def _is_reversed(first: EdtfReading, last: EdtfReading) -> bool:
    """Whether the first date cannot be before the last, whatever stands for X or a season."""
    if first.earliest is None or last.latest is None:
        return False
    return first.earliest > last.latest


def _date(text: str) -> EdtfReading:
    moment = _TIME.fullmatch(text) if "T" in text else None
    plain = _PLAIN.fullmatch(text if moment is None else moment["date"])
    if plain is not None:
        return _calendar_date(plain, 0)
    parts = _CALENDAR.fullmatch(text)
    if parts is not None and not _QUALIFIED_TWICE.search(text):
        return _calendar_date(parts, _level(text))
    long = _LONG_YEAR.fullmatch(text)
    return EdtfReading(fault=NOT_EDTF) if long is None else _long_year(long)


def _level(text: str) -> int:
    """The level of a date's form; its season may raise it."""
    bare = text
    if any(mark in text for mark in "?~%"):
        if not _QUALIFIED_WHOLE.fullmatch(text):
            return 2
        bare = text[:-1]
    return 2 if "X" in bare and not _X_FROM_THE_RIGHT.fullmatch(bare) else 1


def _calendar_date(parts: re.Match[str], level: int) -> EdtfReading:
    year, month, day = parts["year"], parts["month"], parts["day"]
    if year == "-0000":
        return EdtfReading(fault="there is no year -0000")
    first, last = _years(year)
    if month is None:
        return EdtfReading(level=level, earliest=(first, 1, 1), latest=(last, 12, 31))
    months = _numbers_that_fit(month, 12)
    if day is None:
        return _month(parts, months, level)
    if not months:
        return EdtfReading(fault=f"there is no month {month}")
    days = _numbers_that_fit(day, max(_days(year, number) for number in months))
    if not days:
        return EdtfReading(fault=f"there is no day {day} in {year}-{month}")
    return EdtfReading(
        level=level,
        earliest=(first, months[0], min(days)),
        latest=(last, months[-1], max(days)),
    )


def _month(parts: re.Match[str], months: list[int], level: int) -> EdtfReading:
    year, month = parts["year"], parts["month"]
    first, last = _years(year)
    if months:
        return EdtfReading(
            level=level, earliest=(first, months[0], 1), latest=(last, months[-1], 31)
        )
    if not (month.isdigit() and _FIRST_SEASON <= int(month) <= _LAST_SEASON):
        return EdtfReading(fault=f"there is no month {month}")
    # A southern summer or a winter lies in two calendar years: only the year is sure.
    season = 1 if int(month) <= _LAST_OF_FOUR else 2
    return EdtfReading(level=max(level, season), earliest=(first, 1, 1), latest=(last, 12, 31))


def _numbers_that_fit(digits: str, highest: int) -> list[int]:
    """The numbers from 1 that two digits may mean, each of them known or X."""
    if "X" in digits:
        return [number for number in range(1, highest + 1) if _fits(f"{number:02}", digits)]
    return [int(digits)] if 1 <= int(digits) <= highest else []


def _days(year: str, month: int) -> int:
    """The most days the month can have, whatever stands for the X of the year."""
    if month != _FEBRUARY:
        return _LENGTHS[month]
    digits = year.lstrip("-")
    candidates = range(10000) if "X" in digits else [int(digits)]
    return 29 if any(_is_leap(y) and _fits(f"{y:04}", digits) for y in candidates) else 28


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _fits(number: str, pattern: str) -> bool:
    return all(mark in ("X", digit) for digit, mark in zip(number, pattern, strict=True))


def _years(year: str) -> tuple[int, int]:
    low, high = int(year.replace("X", "0")), int(year.replace("X", "9"))
    return min(low, high), max(low, high)


def _long_year(parts: re.Match[str]) -> EdtfReading:
    level = 2 if parts["long"] is None or parts["known"] else 1
    digits = (parts["long"] or parts["base"] or parts["short"]).lstrip("Y")
    zeros = int(parts["exponent"][:4]) if parts["exponent"] else 0
    if len(digits) + zeros > _LONGEST_YEAR:
        return EdtfReading(level=level)
    year = int(digits) * 10**zeros
    known = int(parts["known"][:4]) if parts["known"] else len(str(abs(year)))
    step = 10 ** max(len(str(abs(year))) - known, 0)
    first = year // step * step
    return EdtfReading(level=level, earliest=(first, 1, 1), latest=(first + step - 1, 12, 31))


_PAST_MARKS = (
    (re.compile(r"\bopen\b"), ".."),
    (re.compile(r"\bunknown\b"), ""),
    (re.compile(r"\buuuu\b"), "XXXX"),
    (re.compile(r"(?<=[0-9uxX])[ux]|(?<=-)u(?=u)"), "X"),
    (re.compile(r"\?~|~\?"), "%"),
    (re.compile(r"^y(?=-?[0-9])"), "Y"),
    (re.compile(r"(?<=[0-9])e(?=[0-9])"), "E"),
    (re.compile(r"(?<=[0-9])p(?=[0-9]+$)"), "S"),
)


def form_since_2018(text: str) -> str | None:
    """Today's form of a date in the EDTF of before 2018, or None where it is not one.

    `199u` is 199X, `2004/open` 2004/.., `unknown/2006` /2006, `1984?~` 1984%, `y17e7` Y17E7.
    """
    form = text
    for mark, today in _PAST_MARKS:
        form = mark.sub(today, form)
    return form if form != text and read_edtf(form).fault is None else None
