"""What falls due, summed by day: all that planning needs to know of a million holdings.

Days count from the day of planning: 0 is that day and whatever was due before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from muniment.audit.pace import Pace


@dataclass(frozen=True, slots=True, kw_only=True)
class DueGroup:
    """Active holdings at one location, of one promise, whose deadlines lie on one day (UTC).

    `every` is in seconds, `day` is YYYY-MM-DD; `octets` are theirs together, `largest` those of
    the largest.
    """

    location: str
    every: int
    day: str
    holdings: int
    octets: int
    largest: int


@dataclass(slots=True, kw_only=True)
class Wave:
    """What comes due of one promise at one location: amounts by day."""

    location: str
    every: int
    holdings: list[float] = field(default_factory=list)
    octets: list[float] = field(default_factory=list)
    largest: int = 0

    def add(self, day: int, holdings: float, octets: float) -> None:
        """So much more has its deadline on this day."""
        missing = day + 1 - len(self.holdings)
        if missing > 0:
            self.holdings += [0.0] * missing
            self.octets += [0.0] * missing
        self.holdings[day] += holdings
        self.octets[day] += octets

    def seconds(self, pace: Pace) -> list[float]:
        """How long each day's part takes to read."""
        each, octet = pace.seconds(1, 0), pace.seconds(0, 1)
        return [
            holdings * each + octets * octet
            for holdings, octets in zip(self.holdings, self.octets, strict=True)
        ]


def waves(groups: Iterable[DueGroup], today: date, own_limits: Iterable[str] = ()) -> list[Wave]:
    """Put the groups in order. Locations without limits of their own are taken together, as ""."""
    apart = frozenset(own_limits)
    found: dict[tuple[str, int], Wave] = {}
    ordinal = today.toordinal()
    for group in groups:
        location = group.location if group.location in apart else ""
        key = (location, group.every)
        wave = found.setdefault(key, Wave(location=location, every=group.every))
        day = max(0, date.fromisoformat(group.day).toordinal() - ordinal)
        wave.add(day, group.holdings, group.octets)
        wave.largest = max(wave.largest, group.largest)
    return [found[key] for key in sorted(found)]


def totals(found: Iterable[Wave]) -> Mapping[str, float]:
    """Holdings and octets of all waves together."""
    listed = list(found)
    return {
        "holdings": sum(sum(wave.holdings) for wave in listed),
        "octets": sum(sum(wave.octets) for wave in listed),
    }
