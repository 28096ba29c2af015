"""Limits of a location of its own: a tape library, a cold store, a share in use by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from muniment.audit.rhythm import Budget
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
    """What a run may ask of one location: bytes, bytes a second, hours of the day."""

    octets: int | None = None
    rate: int | None = None
    window: Window | None = None

    @property
    def budget(self) -> Budget:
        """What a whole run may use of it."""
        return Budget(
            seconds=None if self.window is None else self.window.length, octets=self.octets
        )

    def budget_now(self, now: datetime) -> Budget:
        """What a run that begins now may use of it."""
        return Budget(
            seconds=None if self.window is None else self.window.left(now), octets=self.octets
        )


def _seconds(at: time) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second
