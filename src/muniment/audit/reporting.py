"""What a report on the audit says: what is safe, what is not, what is due, and how that is known.

Values only; `reporting_figures` makes them of a ledger. Moments are RFC 3339 in UTC, sizes bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from muniment.audit.bodies import RunBegun, RunEnded
from muniment.audit.outcomes import Extent, Reader, Reference
from muniment.audit.states import HoldingState
from muniment.model.findings import SubjectReport


class Standing(StrEnum):
    """How a holding stands, each in one way: the first that is true of it, from the end."""

    SAFE = "safe"  # found as it is recorded, and checked within its promise
    OVERDUE = "overdue"  # found as it is recorded, and its deadline has passed since
    UNKNOWN = "unknown"  # the last check came to no result
    DAMAGED = "damaged"  # found not as it is recorded


class Due(StrEnum):
    """When the deadline of a holding comes, from the moment of the report: 7, 30, 90 days."""

    OVERDUE = "overdue"
    WEEK = "within_a_week"
    MONTH = "within_a_month"
    QUARTER = "within_a_quarter"
    LATER = "later"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """So many holdings, with so many bytes."""

    holdings: int = 0
    octets: int = 0

    def __add__(self, other: Amount) -> Amount:
        """Both together."""
        return Amount(holdings=self.holdings + other.holdings, octets=self.octets + other.octets)


_Key = TypeVar("_Key", Standing, Due)


def total(parts: Iterable[Mapping[_Key, Amount]]) -> dict[_Key, Amount]:
    """The sums by key."""
    summed: dict[_Key, Amount] = {}
    for part in parts:
        for key, amount in part.items():
            summed[key] = summed.get(key, Amount()) + amount
    return summed


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationFigures:
    """How the holdings of one location stand. `deadlines` counts the same holdings."""

    location: str
    standings: Mapping[Standing, Amount]
    deadlines: Mapping[Due, Amount]

    @property
    def whole(self) -> Amount:
        """All its active holdings."""
        return sum(self.standings.values(), Amount())


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """How much was checked in one month (`2026-11`).

    `checked` counts holdings of which a check told something, each once; `holdings` those that
    were kept at any time in it; `octets` what runs read.
    """

    month: str
    checked: int
    holdings: int
    octets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """Holdings whose last check rests on the same: who read, how much, compared with what."""

    read_by: Reader
    extent: Extent
    compared_with: tuple[Reference, ...]
    nonced: bool
    holdings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """One run, with its self-test. `ended` is None while it lasts, or where it was broken off."""

    run: str
    begun_at: str
    begun: RunBegun
    ended_at: str | None
    ended: RunEnded | None

    @property
    def planted(self) -> int:
        """Known faults that the self-test planted."""
        return sum(each["planted"] for each in self.begun.self_test.values())

    @property
    def found(self) -> int:
        """How many of them it found."""
        return sum(each["found"] for each in self.begun.self_test.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOutside:
    """The last checkpoint that was given away, by what the ledger says; None where none was.

    `events` is the size of the whole history now: what came after `size` an outsider cannot vouch
    for yet.
    """

    at: str | None
    size: int
    events: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSafe:
    """A holding that is not safe, with everything that its last check found."""

    state: HoldingState
    standing: Standing
    told: SubjectReport


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortObject:
    """An object with fewer sound copies than it must have, or of which that is not known."""

    object: str
    name: str
    told: SubjectReport


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrityLine:
    """A line of the NDSA Levels' integrity column, in our words, with what the ledger shows."""

    level: int
    asked: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """One report on a whole ledger at one moment.

    `not_safe` and `short_objects` may be fewer than there are (see `bounded`): `short_count` counts
    the objects, `standings` the holdings. `runs` are the last ones, the newest first.
    """

    at: str
    origin: str
    retired: int
    locations: tuple[LocationFigures, ...]
    months: tuple[Month, ...]
    grades: tuple[Grade, ...]
    runs: tuple[PastRun, ...]
    run_count: int
    outside: HeldOutside
    not_safe: tuple[NotSafe, ...]
    short_objects: tuple[ShortObject, ...]
    short_count: int
    integrity: tuple[IntegrityLine, ...]

    @property
    def whole(self) -> Amount:
        """All active holdings."""
        return sum((each.whole for each in self.locations), Amount())

    @property
    def standings(self) -> dict[Standing, Amount]:
        """All active holdings, by how they stand."""
        return dict.fromkeys(Standing, Amount()) | total(each.standings for each in self.locations)

    @property
    def deadlines(self) -> dict[Due, Amount]:
        """All active holdings, by when they are due."""
        return dict.fromkeys(Due, Amount()) | total(each.deadlines for each in self.locations)

    @property
    def unlisted(self) -> int:
        """How many holdings that are not safe are not listed."""
        safe = self.standings[Standing.SAFE].holdings
        return self.whole.holdings - safe - len(self.not_safe)

    def bounded(self, most: int) -> AuditReport:
        """The same with no more than so many holdings and objects listed one by one."""
        return replace(self, not_safe=self.not_safe[:most], short_objects=self.short_objects[:most])
