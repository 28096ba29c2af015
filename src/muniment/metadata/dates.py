"""Dates in the Extended Date/Time Format (EDTF 2019, ISO 8601-2), levels 0 to 2.

Judged against the calendar: months, days of the month, leap years, spans in order.
"""

from __future__ import annotations

import re
from calendar import monthrange

_Q = "[?~%]?"
_CALENDAR = re.compile(
    rf"{_Q}(?P<year>-?[0-9X]{{4}}){_Q}"
    rf"(?:-{_Q}(?P<month>[0-9X]{{2}}){_Q}(?:-{_Q}(?P<day>[0-9X]{{2}}){_Q})?)?"
)
_LONG_YEAR = re.compile(
    r"[?~%]?(?:Y-?[1-9][0-9]{4,}|Y-?[1-9][0-9]*E[1-9][0-9]*|-?[0-9]{4}(?=S))(?:S[1-9][0-9]*)?[?~%]?"
)
_TIME = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:Z|[+-](?:0[0-9]|1[0-4])(?::[0-5][0-9])?)?"
)
_SET = re.compile(r"\[(?P<one>[^\[\]{}]+)\]|\{(?P<all>[^\[\]{}]+)\}")
_LAST_SEASON = 41
_FIRST_SEASON = 21


def edtf_fault(text: str) -> str | None:
    """Why a text is no EDTF date, in plain words, or None where it is one."""
    if (members := _SET.fullmatch(text)) is not None:
        return _set_fault(members["one"] or members["all"])
    if "/" in text:
        return _span_fault(text)
    return _date_fault(text)


def _set_fault(members: str) -> str | None:
    for member in members.split(","):
        ends = [end for end in member.strip().split("..") if end]
        if not ends or member.count("..") > 1:
            return "a member of the set is missing"
        fault = next((fault for end in ends if (fault := _date_fault(end))), None)
        if fault is not None:
            return fault
    return None


def _span_fault(text: str) -> str | None:
    ends = text.split("/")
    if len(ends) > 2:  # noqa: PLR2004 - a span has two ends
        return "a span has one `/`, between its first and its last date"
    named = [end for end in ends if end not in {"", ".."}]
    if not named:
        return "a span names at least one of its ends"
    fault = next((fault for end in named if (fault := _date_fault(end))), None)
    if fault is None and len(named) == len(ends) and _ends_before_it_begins(*named):
        return "the span ends before it begins"
    return fault


def _ends_before_it_begins(first: str, last: str) -> bool:
    # Only what is said to the same precision, without X or seasons, can be put in order.
    both = [re.sub("[?~%]", "", end) for end in (first, last)]
    if not all(re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", end) for end in both):
        return False
    shorter = min(len(end) for end in both)
    if any(end[5:7] > "12" for end in both):
        shorter = 4
    return both[0][:shorter] > both[1][:shorter]


def _date_fault(text: str) -> str | None:
    if (moment := _TIME.fullmatch(text)) is not None:
        text = moment["date"]
    parts = _CALENDAR.fullmatch(text)
    if parts is None:
        return None if _LONG_YEAR.fullmatch(text) else "it is not written as EDTF writes dates"
    if parts["year"] == "-0000":
        return "there is no year -0000"
    if parts["month"] is None:
        return None
    return _month_fault(parts["year"], parts["month"], parts["day"])


def _month_fault(year: str, month: str, day: str | None) -> str | None:
    months = [number for number in range(1, 13) if _fits(f"{number:02}", month)]
    if day is None:
        season = month.isdigit() and _FIRST_SEASON <= int(month) <= _LAST_SEASON
        return None if months or season else f"there is no month {month}"
    if not months:
        return f"there is no month {month}"
    days = max(_days(year, number) for number in months)
    if any(_fits(f"{number:02}", day) for number in range(1, days + 1)):
        return None
    return f"there is no day {day} in {year}-{month}"


def _days(year: str, month: int) -> int:
    """The most days the month can have, whatever stands for the X of the year."""
    if month != 2:  # noqa: PLR2004 - February alone depends on the year
        return monthrange(2000, month)[1]
    digits = year.lstrip("-")
    candidates = range(10000) if "X" in digits else [int(digits)]
    return 29 if any(_is_leap(y) and _fits(f"{y:04}", digits) for y in candidates) else 28


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _fits(number: str, pattern: str) -> bool:
    return all(mark in ("X", digit) for digit, mark in zip(number, pattern, strict=True))


_MONTH_NAMES = (
    "january jan",
    "february feb",
    "march mar",
    "april apr",
    "may",
    "june jun",
    "july jul",
    "august aug",
    "september sep sept",
    "october oct",
    "november nov",
    "december dec",
)
_MONTHS = {
    name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()
}
_YEAR = r"(?P<year>[0-9]{4})"
_WORDED = (
    re.compile(rf"(?P<day>[0-9]{{1,2}})\.? (?P<name>[a-z]+)\.?,? {_YEAR}"),
    re.compile(rf"(?P<name>[a-z]+)\.? (?P<day>[0-9]{{1,2}}),? {_YEAR}"),
    re.compile(rf"{_YEAR},? (?P<name>[a-z]+)\.? (?P<day>[0-9]{{1,2}})"),
    re.compile(rf"(?P<name>[a-z]+)\.?,? {_YEAR}"),
    re.compile(rf"(?P<day>[0-9]{{1,2}})\.(?P<month>[0-9]{{1,2}})\.{_YEAR}"),
    re.compile(rf"{_YEAR}[./](?P<month>[0-9]{{1,2}})[./](?P<day>[0-9]{{1,2}})"),
    re.compile(rf"{_YEAR}(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})"),
    re.compile(rf"{_YEAR}-(?P<month>[0-9]{{1,2}})(?:-(?P<day>[0-9]{{1,2}}))?"),
)
_REWRITTEN = (
    (re.compile(r"(?:c|ca|circa|about)\.? ?([0-9]{4})"), r"\1~"),
    (re.compile(r"([0-9]{3})0'?s"), r"\1X"),
    (re.compile(r"([0-9]{3})[u-]"), r"\1X"),
    (re.compile(r"([0-9]{4}) ?[-\u2013] ?([0-9]{4})"), r"\1/\2"),
    (re.compile(r"(.+)/(?:open|present)"), r"\1/.."),
    (re.compile(r"([0-9-]+)\?~|([0-9-]+)~\?"), r"\1\2%"),
)


def nearest_edtf(text: str) -> str | None:
    """What the writer most likely meant, as EDTF; None where that would be a guess.

    `27 December 1952` is 1952-12-27; `3/4/1952` could be two days, and is left alone.
    """
    wording = " ".join(text.lower().split())
    for pattern in _WORDED:
        if (match := pattern.fullmatch(wording)) is not None:
            candidate = _from_parts(match.groupdict())
            if candidate is not None and edtf_fault(candidate) is None:
                return candidate
    for pattern, form in _REWRITTEN:
        if (
            pattern.fullmatch(wording)
            and edtf_fault(candidate := pattern.sub(form, wording)) is None
        ):
            return candidate
    return None


def _from_parts(parts: dict[str, str | None]) -> str | None:
    month = parts.get("month") or _MONTHS.get(parts.get("name") or "")
    if month is None:
        return None
    day = parts.get("day")
    return f"{parts['year']}-{int(month):02}" + (f"-{int(day):02}" if day else "")
