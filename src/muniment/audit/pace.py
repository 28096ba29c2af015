"""How fast runs have been: what a forecast and a schedule reckon with.

A holding costs its bytes at a rate and, however small it is, some seconds of its own. Both are
measured on whole runs, with all their workers and all that stood in their way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from muniment.audit.entries import moment
from muniment.model.intervals import DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFigures:
    """What one run got through: counts, bytes, seconds."""

    holdings: int
    octets: int
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Bytes a second, and the seconds that each holding takes beside its bytes."""

    octets_per_second: float
    seconds_per_holding: float

    def seconds(self, holdings: float, octets: float) -> float:
        """How long so much takes."""
        return holdings * self.seconds_per_holding + octets / self.octets_per_second

    def limited(self, rate: int | None) -> Pace:
        """The same, where no more than `rate` bytes a second may be read."""
        if rate is None or rate >= self.octets_per_second:
            return self
        return Pace(octets_per_second=rate, seconds_per_holding=self.seconds_per_holding)


# Where nothing was measured yet: a plain disk read by one program. Said wherever it is used.
ASSUMED = Pace(octets_per_second=50_000_000, seconds_per_holding=0.05)

_FASTEST = 1e12


def measured(runs: Sequence[RunFigures]) -> Pace | None:
    """The pace that explains the runs best (least squares, neither part below nothing).

    None where no run read anything, or none lasted a second.
    """
    runs = [run for run in runs if run.seconds > 0 and run.holdings > 0]
    if not runs:
        return None
    hh = sum(run.holdings**2 for run in runs)
    oo = sum(run.octets**2 for run in runs)
    ho = sum(run.holdings * run.octets for run in runs)
    hs = sum(run.holdings * run.seconds for run in runs)
    os = sum(run.octets * run.seconds for run in runs)
    determinant = hh * oo - ho * ho
    if determinant > 0:
        each, octet = (hs * oo - os * ho) / determinant, (os * hh - hs * ho) / determinant
        if each >= 0 and octet > 0:
            return Pace(octets_per_second=1 / octet, seconds_per_holding=each)
    return _one_part(hh=hh, oo=oo, hs=hs, os=os)


def _one_part(*, hh: int, oo: int, hs: int, os: int) -> Pace:
    """Where the two parts cannot be told apart: the one of them that explains more."""
    if oo and os * os * hh >= hs * hs * oo:
        return Pace(octets_per_second=oo / os, seconds_per_holding=0.0)
    return Pace(octets_per_second=_FASTEST, seconds_per_holding=hs / hh)


def usual_gap(begun: Sequence[str]) -> int:
    """Seconds from one run to the next, as a rule: the median gap, and never under a day.

    `begun` are the moments at which runs began (RFC 3339), in order. A day where there are none
    to measure: two runs in an hour do not make a night of an hour.
    """
    moments = [moment(each) for each in begun]
    gaps = [(late - early).total_seconds() for early, late in pairwise(moments)]
    return max(DAY, round(median(gaps))) if gaps else DAY
