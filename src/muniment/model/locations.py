"""Limits of a location of its own: a tape library, a cold store, a share in use by day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from muniment.model.intervals import DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The hours of the day (UTC) in which a location may be read; it may reach over midnight."""

    opens: time
    closes: time

    @property
    def length(self) -> int:
        """Seconds from opening to closing; a whole day where both are the same."""
        return (_seconds(self.closes) - _seconds(self.opens)) % DAY or DAY

    def left(self, now: datetime) -> int:
        """Seconds until it closes; 0 while it is closed."""
        since = (_seconds(now.time()) - _seconds(self.opens)) % DAY
        return max(0, self.length - since)

    def next_opening(self, now: datetime) -> datetime:
        """When it opens next; now, where it is open."""
        if self.left(now):
            return now
        return now + timedelta(seconds=(_seconds(self.opens) - _seconds(now.time())) % DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationLimits:
    """What a run may ask of one location: bytes, bytes a second, hours, so many workers at once."""

    octets: int | None = None
    rate: int | None = None
    window: Window | None = None
    workers: int | None = None


_WINDOW = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)", re.ASCII)


def window_of(text: str) -> Window:
    """Read hours of the day: `22:00-06:00`, in UTC. Raises ValueError with what would be right."""
    match = _WINDOW.fullmatch(text.strip())
    try:
        if match is not None:
            opens, closes = (time.fromisoformat(each) for each in match.groups())
            return Window(opens=opens, closes=closes)
    except ValueError:
        pass
    raise ValueError(f'"{text}" is no window of the day; write 22:00-06:00 (UTC)')


def _seconds(at: time) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second
