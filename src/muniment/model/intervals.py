"""Spans of time as people write and read them: `90d`, `12h`, "90 days"."""

from __future__ import annotations

import re

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY

# A month is the 30 days and a year the 365 that an audit can count on: a promise is kept by the
# calendar too when it is kept by these.
_SECONDS = {
    "s": 1,
    "min": MINUTE,
    "h": HOUR,
    "d": DAY,
    "w": WEEK,
    "mo": 30 * DAY,
    "y": 365 * DAY,
}
_SPAN = re.compile(r"([0-9]{1,9}) ?([A-Za-z]+)", re.ASCII)
_LONGEST = 100 * _SECONDS["y"]
_SPOKEN = ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"), (1, "second"))


def seconds_of(text: str) -> int:
    """Read a span as seconds: a whole number, and s, min, h, d, w, mo (30 days) or y (365 days).

    Raises ValueError with a message for a person: for what is no span, for none at all, for more
    than 100 years.
    """
    match = _SPAN.fullmatch(text.strip())
    unit = match[2].lower() if match else ""
    if unit == "m":
        raise ValueError(f'"{text}" may mean minutes or months; write min or mo')
    if not match or unit not in _SECONDS:
        raise ValueError(f'"{text}" is no span of time; write 90d, 12h, 6w, 18mo or 1y')
    seconds = int(match[1]) * _SECONDS[unit]
    if not 0 < seconds <= _LONGEST:
        raise ValueError(f'"{text}" lies outside what can be planned: one second to 100 years')
    return seconds


def spoken(seconds: int) -> str:
    """A span in the largest of days, hours, minutes and seconds that gives it whole: "90 days"."""
    size, name = next(
        ((size, name) for size, name in _SPOKEN if seconds and seconds % size == 0), _SPOKEN[-1]
    )
    count = seconds // size
    return f"{count:,} {name}" if count == 1 else f"{count:,} {name}s"
