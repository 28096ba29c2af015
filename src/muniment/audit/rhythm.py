"""How often runs come, how many of them are counted on, and what one of them may use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from muniment.audit.pace import Pace
from muniment.model.intervals import DAY
from muniment.model.locations import LocationLimits

# Of any n runs in a row, this share (rounded down) is counted on. The rest is for outages.
COUNTED_ON = Fraction(3, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Seconds from one run to the next, and the share of the runs that is counted on."""

    gap: int = DAY
    share: Fraction = COUNTED_ON

    def counted_on(self, seconds: float) -> int:
        """How many later runs are counted on within so many seconds from this one."""
        return int(seconds // self.gap) * self.share.numerator // self.share.denominator

    @property
    def horizon(self) -> int:
        """Seconds within which no later run is counted on: what is due by then is this run's."""
        return -(-self.share.denominator // self.share.numerator) * self.gap

    def latest(self, every: int) -> int:
        """How far ahead (seconds) a deadline of this promise is this run's in any case.

        Never over half of the promised interval: rare runs do not make reading frequent.
        """
        return min(self.horizon, every // 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What one run may use; None is without limit."""

    seconds: int | None = None
    octets: int | None = None

    def fits(self, octets: int, pace: Pace) -> bool:
        """Whether a holding of so many bytes can be read within one whole run."""
        in_octets = self.octets is None or octets <= self.octets
        return in_octets and (self.seconds is None or pace.seconds(1, octets) <= self.seconds)

    def room(self, largest: int, pace: Pace) -> tuple[float | None, float | None]:
        """Seconds and bytes that a run gets done for certain, None without limit.

        A run ends at the first holding that no longer fits: it leaves less than the largest one
        unused; and two runs in a row, whatever they hold, do more than the budget of one.
        """
        seconds = _certain(self.seconds, pace.seconds(1, largest))
        return seconds, _certain(self.octets, largest)


def whole_budget(limits: LocationLimits) -> Budget:
    """What a whole run may use of a location."""
    window = limits.window
    return Budget(seconds=None if window is None else window.length, octets=limits.octets)


def budget_now(limits: LocationLimits, now: datetime) -> Budget:
    """What a run that begins now may use of a location: none of its seconds while it is closed."""
    window = limits.window
    return Budget(seconds=None if window is None else window.left(now), octets=limits.octets)


def _certain(limit: int | None, largest: float) -> float | None:
    return None if limit is None else max(limit - largest, limit / 2)
