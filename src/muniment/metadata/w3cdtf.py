"""Dates in the W3C's profile of ISO 8601 (NOTE-datetime, 1998): what `W3CDTF` stands for."""

from __future__ import annotations

import re
from datetime import date

_W3CDTF = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})(?P<time>T[^ ]*)?)?)?"
)
_TIME = re.compile(
    r"T(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?"
    r"(?P<zone>Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])?"
)

NOT_W3CDTF = "W3CDTF takes YYYY, YYYY-MM, YYYY-MM-DD, or a day with a time and its zone"
NO_ZONE = "the time has no zone: `Z`, or hours and minutes as `+01:00`"


def w3cdtf_fault(text: str) -> str | None:
    """Why a text is no W3CDTF date, in plain words, or None where it is one."""
    parts = _W3CDTF.fullmatch(text)
    if parts is None:
        return NOT_W3CDTF
    fault = day_fault(parts["year"], parts["month"], parts["day"])
    if fault is not None or parts["time"] is None:
        return fault
    moment = _TIME.fullmatch(parts["time"])
    if moment is None:
        return f"there is no time {parts['time'][1:]}; W3CDTF takes hh:mm or hh:mm:ss"
    return None if moment["zone"] else NO_ZONE


def day_fault(year: str, month: str | None, day: str | None) -> str | None:
    """Why a day of four, two and two digits is not in the calendar; None where it is."""
    if month is not None and not "01" <= month <= "12":
        return f"there is no month {month}"
    if day is None:
        return None
    try:
        # The calendar of ISO 8601 has a year 0000, a leap year; Python's begins with 0001.
        date(int(year) or 4, int(month or 1), int(day))
    except ValueError:
        return f"there is no day {day} in {year}-{month}"
    return None
