"""The figures of a report, summed by the database: a million holdings are never loaded."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from muniment.audit.bodies import CheckpointExported, RunBegun, RunEnded
from muniment.audit.canonical import decode
from muniment.audit.entries import EntryKind, Event, event_of, instant, moment
from muniment.audit.outcomes import Evidence, HoldingOutcome
from muniment.audit.projection import state_of
from muniment.audit.reporting import (
    Amount,
    Due,
    Grade,
    HeldOutside,
    LocationFigures,
    Month,
    PastRun,
    Standing,
)
from muniment.audit.states import HoldingState
from muniment.audit.tables import events, head, holdings

LAST_RUNS = 12
_MONTH = len("2026-11")
_WITHIN = {Due.OVERDUE: 0, Due.WEEK: 7, Due.MONTH: 30, Due.QUARTER: 90}
_GOOD = [str(outcome) for outcome in HoldingOutcome if outcome.is_good]
_KNOWN = [str(outcome) for outcome in HoldingOutcome if outcome.is_known]
_ACTIVE = holdings.c.retired.is_(False)


def standing_of(outcome: HoldingOutcome, *, overdue: bool) -> Standing:
    """How a holding stands by its last outcome, and by whether its deadline has passed."""
    if not outcome.is_known:
        return Standing.UNKNOWN
    if not outcome.is_good:
        return Standing.DAMAGED
    return Standing.OVERDUE if overdue else Standing.SAFE


def location_figures(connection: sa.Connection, at: str) -> tuple[LocationFigures, ...]:
    """The active holdings of each location, by how they stand and by when they are due."""
    due = _due(at)
    query = (
        sa.select(
            holdings.c.location,
            holdings.c.outcome,
            due,
            sa.func.count(),
            sa.func.sum(holdings.c.octets),
        )
        .where(_ACTIVE)
        .group_by(holdings.c.location, holdings.c.outcome, due)
        .order_by(holdings.c.location)
    )
    standings: dict[str, defaultdict[Standing, Amount]] = {}
    deadlines: dict[str, defaultdict[Due, Amount]] = {}
    for location, outcome, when, count, octets in connection.execute(query):
        amount, soon = Amount(holdings=count, octets=int(octets)), Due(when)
        standing = standing_of(HoldingOutcome(outcome), overdue=soon is Due.OVERDUE)
        standings.setdefault(location, defaultdict(Amount))[standing] += amount
        deadlines.setdefault(location, defaultdict(Amount))[soon] += amount
    return tuple(
        LocationFigures(
            location=location,
            standings={each: standings[location][each] for each in Standing},
            deadlines={each: deadlines[location][each] for each in Due},
        )
        for location in standings
    )


def _due(at: str) -> sa.Case[str]:
    """Which deadline a holding has: the column of `Due` in SQL."""
    limits = {due: instant(moment(at) + timedelta(days=days)) for due, days in _WITHIN.items()}
    return sa.case(
        *((holdings.c.due_at < limit, sa.literal(str(due))) for due, limit in limits.items()),
        else_=sa.literal(str(Due.LATER)),
    )


def retired(connection: sa.Connection) -> int:
    """How many holdings are kept no longer."""
    query = sa.select(sa.func.count()).where(holdings.c.retired.is_(True))
    return int(connection.execute(query).scalar_one())


def months(connection: sa.Connection, at: str) -> tuple[Month, ...]:
    """Every month from the first holding's to the report's, also those without a check."""
    month = sa.func.substr(events.c.at, 1, _MONTH)
    told = (
        sa.select(month, sa.func.count(sa.distinct(events.c.holding)))
        .where(events.c.outcome.in_(_KNOWN))
        .group_by(month)
    )
    checked = _pairs(connection, told)
    added = _by_month(connection, EntryKind.HOLDING_ADDED)
    gone = _by_month(connection, EntryKind.HOLDING_RETIRED)
    read = Counter[str]()
    for event in _newest(connection, EntryKind.RUN_ENDED):
        read[event.entry.at[:_MONTH]] += RunEnded.from_json(event.entry.body).octets
    active, told_months = 0, []
    for name in _months_between(min([*added, at[:_MONTH]]), at[:_MONTH]):
        active += added.get(name, 0)
        told_months.append(
            Month(month=name, checked=checked.get(name, 0), holdings=active, octets=read[name])
        )
        active -= gone.get(name, 0)
    return tuple(told_months)


def _by_month(connection: sa.Connection, kind: EntryKind) -> dict[str, int]:
    month = sa.func.substr(events.c.at, 1, _MONTH)
    query = sa.select(month, sa.func.count()).where(events.c.kind == str(kind)).group_by(month)
    return _pairs(connection, query)


def _pairs(connection: sa.Connection, query: sa.Select[Any]) -> dict[str, int]:
    """Counts by what they are grouped by."""
    return {key: count for key, count in connection.execute(query)}  # noqa: C416 - rows, no pairs


def _months_between(first: str, last: str) -> Iterator[str]:
    year, month = map(int, first.split("-"))
    while (name := f"{year:04}-{month:02}") <= last:
        yield name
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # noqa: PLR2004 - a year


def grades(connection: sa.Connection) -> tuple[Grade, ...]:
    """What the last checks of the active holdings rest on, the most frequent first.

    A nonce is each holding's own; the grade says only that there was one.
    """
    query = (
        sa.select(holdings.c.evidence, sa.func.count()).where(_ACTIVE).group_by(holdings.c.evidence)
    )
    counted = Counter[tuple[str, bool]]()
    for text, count in connection.execute(query):
        before, nonce, after = text.partition(',"nonce":{')
        counted[before + after.partition("}")[2], bool(nonce)] += count
    found = [
        (Evidence.from_json(decode(text.encode())), nonced, count)
        for (text, nonced), count in sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    ]
    return tuple(
        Grade(
            read_by=evidence.read_by,
            extent=evidence.extent,
            compared_with=evidence.compared_with,
            nonced=nonced,
            holdings=count,
        )
        for evidence, nonced, count in found
    )


def last_runs(connection: sa.Connection) -> tuple[PastRun, ...]:
    """The last runs, the newest first."""
    begun = _newest(connection, EntryKind.RUN_BEGUN, LAST_RUNS)
    ended = {event.entry.run: event for event in _newest(connection, EntryKind.RUN_ENDED)}
    return tuple(_run(event, ended.get(event.entry.run)) for event in begun)


def _run(begun: Event, ended: Event | None) -> PastRun:
    return PastRun(
        run=begun.entry.run or "",
        begun_at=begun.entry.at,
        begun=RunBegun.from_json(begun.entry.body),
        ended_at=None if ended is None else ended.entry.at,
        ended=None if ended is None else RunEnded.from_json(ended.entry.body),
    )


def held_outside(connection: sa.Connection) -> HeldOutside:
    """The last checkpoint that went to a place outside."""
    size = int(connection.execute(sa.select(head.c.size)).scalar_one())
    for event in _newest(connection, EntryKind.CHECKPOINT_EXPORTED, 1):
        exported = CheckpointExported.from_json(event.entry.body)
        return HeldOutside(at=event.entry.at, size=exported.size, events=size)
    return HeldOutside(at=None, size=0, events=size)


def not_safe(connection: sa.Connection, at: str, most: int) -> list[HoldingState]:
    """The holdings that are not safe: damaged ones first, then unknown, then overdue ones."""
    rank = sa.case(
        (holdings.c.outcome.not_in(_KNOWN), 1), (holdings.c.outcome.not_in(_GOOD), 0), else_=2
    )
    query = (
        sa.select(holdings)
        .where(_ACTIVE, sa.or_(holdings.c.outcome.not_in(_GOOD), holdings.c.due_at < at))
        .order_by(rank, holdings.c.location, holdings.c.address, holdings.c.id)
        .limit(most)
    )
    return [state_of(dict(row)) for row in connection.execute(query).mappings()]


def short_objects(connection: sa.Connection) -> list[str]:
    """The objects with fewer copies found sound than they must have, by their ids."""
    sound = sa.func.sum(sa.case((holdings.c.outcome.in_(_GOOD), 1), else_=0))
    short = (
        sa.select(holdings.c.object)
        .where(_ACTIVE)
        .group_by(holdings.c.object)
        .having(sound < sa.func.max(holdings.c.copies))
        .order_by(holdings.c.object)
    )
    return list(connection.execute(short).scalars())


def last_check(connection: sa.Connection, state: HoldingState) -> Event:
    """The event of the check by which a holding stands as it does."""
    query = (
        sa.select(events.c.leaf)
        .where(events.c.holding == state.id, events.c.outcome == str(state.outcome))
        .order_by(events.c.number.desc())
        .limit(1)
    )
    return event_of(bytes(connection.execute(query).scalar_one()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Deeds:
    """What was ever done, counted over the whole history; baselines are of active holdings."""

    bag_baselines: int
    folder_baselines: int
    events: int
    kinds: Mapping[EntryKind, int]

    @property
    def runs(self) -> int:
        """How many runs were begun."""
        return self.kinds.get(EntryKind.RUN_BEGUN, 0)


def deeds(connection: sa.Connection) -> Deeds:
    """Counts that show practice: what was recorded, moved, repaired, run."""
    kept = (
        sa.select(holdings.c.kind, sa.func.count())
        .where(_ACTIVE, holdings.c.baseline.is_not(None))
        .group_by(holdings.c.kind)
    )
    baselines = _pairs(connection, kept)
    counted = (
        sa.select(events.c.kind, sa.func.count())
        .where(events.c.kind != str(EntryKind.FIXITY_CHECKED))
        .group_by(events.c.kind)
    )
    return Deeds(
        bag_baselines=baselines.get("bag", 0),
        folder_baselines=baselines.get("folder", 0),
        events=int(connection.execute(sa.select(head.c.size)).scalar_one()),
        kinds={EntryKind(kind): count for kind, count in connection.execute(counted)},
    )


def _newest(connection: sa.Connection, kind: EntryKind, most: int | None = None) -> list[Event]:
    """The newest events of a kind, the newest first."""
    query = sa.select(events.c.leaf).where(events.c.kind == str(kind))
    query = query.order_by(events.c.number.desc()).limit(most)
    return [event_of(bytes(leaf)) for leaf in connection.execute(query).scalars()]
