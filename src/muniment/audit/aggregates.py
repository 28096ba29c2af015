"""Sums over the ledger: what a status and a forecast say of a million holdings at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from muniment.audit.bodies import RunEnded
from muniment.audit.demand import DueGroup
from muniment.audit.entries import EntryKind, Event, event_of
from muniment.audit.outcomes import HoldingOutcome
from muniment.audit.pace import RunFigures
from muniment.audit.projection import state_of
from muniment.audit.states import HoldingState
from muniment.audit.tables import events, holdings

_LAST_RUNS = 20
_DAY = 10  # characters of a moment that name its day


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How the active holdings stand; `overdue` counts deadlines that have passed."""

    outcomes: Mapping[HoldingOutcome, int]
    octets: int
    overdue: int
    retired: int

    @property
    def holdings(self) -> int:
        """All active ones."""
        return sum(self.outcomes.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """Objects that lack copies: counts of those that do, and of those where it is not known.

    `objects` are the first of those that do, by id.
    """

    short: int
    undecided: int
    objects: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRuns:
    """The last runs: when they began (RFC 3339, in order), and what the ended ones got through."""

    begun: tuple[str, ...]
    figures: tuple[RunFigures, ...]


def due_groups(connection: sa.Connection) -> list[DueGroup]:
    """The active holdings by location, promise and day of their deadline."""
    day = sa.func.substr(holdings.c.due_at, 1, _DAY)
    query = (
        sa.select(
            holdings.c.location,
            holdings.c.every,
            day,
            sa.func.count(),
            sa.func.sum(holdings.c.octets),
            sa.func.max(holdings.c.octets),
        )
        .where(holdings.c.retired.is_(False))
        .group_by(holdings.c.location, holdings.c.every, day)
    )
    return [
        DueGroup(
            location=location,
            every=every,
            day=day,
            holdings=count,
            octets=int(octets),
            largest=largest,
        )
        for location, every, day, count, octets, largest in connection.execute(query)
    ]


def tally(connection: sa.Connection, at: str) -> Tally:
    """Counts by outcome, and of what is overdue at a moment (RFC 3339)."""
    columns = holdings.c.retired, holdings.c.outcome
    counted = sa.select(*columns, sa.func.count(), sa.func.sum(holdings.c.octets))
    rows = connection.execute(counted.group_by(*columns)).all()
    late = sa.select(sa.func.count()).where(holdings.c.retired.is_(False), holdings.c.due_at < at)
    active = [row for row in rows if not row[0]]
    return Tally(
        outcomes={HoldingOutcome(outcome): count for _, outcome, count, _ in active},
        octets=sum(int(octets) for *_, octets in active),
        overdue=connection.execute(late).scalar_one(),
        retired=sum(count for retired, _, count, _ in rows if retired),
    )


def not_intact(connection: sa.Connection, most: int) -> list[HoldingState]:
    """Active holdings not found as they are recorded: the worst outcomes first, then by id."""
    found: list[HoldingState] = []
    for outcome in sorted(HoldingOutcome, key=lambda each: -each.weight):
        if outcome.is_good or len(found) == most:
            continue
        query = (
            sa.select(holdings)
            .where(holdings.c.retired.is_(False), holdings.c.outcome == str(outcome))
            .order_by(holdings.c.id)
            .limit(most - len(found))
        )
        found += (state_of(dict(row)) for row in connection.execute(query).mappings())
    return found


def lacking_copies(connection: sa.Connection, most: int) -> Lacking:
    """Objects with fewer copies found as recorded than are required: so many of them, by id."""
    grouped = _copies_of_objects().subquery()
    is_short = grouped.c.sound + grouped.c.unknown < grouped.c.required
    counted = sa.func.sum(sa.case((is_short, 1), else_=0)).over()
    query = (
        sa.select(grouped.c.object, is_short, counted, sa.func.count().over())
        .order_by(is_short.desc(), grouped.c.object)
        .limit(most)
    )
    rows = connection.execute(query).all()
    short, all_of_them = (int(rows[0][2]), rows[0][3]) if rows else (0, 0)
    return Lacking(
        short=short,
        undecided=all_of_them - short,
        objects=tuple(name for name, certain, *_ in rows if certain),
    )


def _copies_of_objects() -> sa.Select[tuple[str, int, int, int]]:
    """How many copies of each object are sound, or not known, where the sound ones are too few.

    Retired ones are left out of the sums rather than of the rows: so SQLite goes through the index
    by object once, instead of sorting a million holdings.
    """
    active, outcome = holdings.c.retired.is_(False), holdings.c.outcome
    good = [str(each) for each in HoldingOutcome if each.is_good]
    unknown = [str(each) for each in HoldingOutcome if not each.is_known]
    sound = sa.func.sum(sa.case((active & outcome.in_(good), 1), else_=0))
    required = sa.func.max(sa.case((active, holdings.c.copies), else_=0))
    return (
        sa.select(
            holdings.c.object,
            sound.label("sound"),
            sa.func.sum(sa.case((active & outcome.in_(unknown), 1), else_=0)).label("unknown"),
            required.label("required"),
        )
        .group_by(holdings.c.object)
        .having(sound < required)
    )


def past_runs(connection: sa.Connection) -> PastRuns:
    """The last runs of the ledger; what is void measured nothing."""
    begun = [event.entry.at for event in _last(connection, EntryKind.RUN_BEGUN, _LAST_RUNS)]
    ended = [
        RunEnded.from_json(event.entry.body)
        for event in _last(connection, EntryKind.RUN_ENDED, _LAST_RUNS)
    ]
    figures = tuple(
        RunFigures(holdings=sum(each.outcomes.values()), octets=each.octets, seconds=each.seconds)
        for each in ended
        if not each.void
    )
    return PastRuns(begun=tuple(begun), figures=figures)


def last_checkpoint(connection: sa.Connection) -> Event | None:
    """The event that tells when a checkpoint last left the house."""
    found = _last(connection, EntryKind.CHECKPOINT_EXPORTED, 1)
    return found[0] if found else None


def _last(connection: sa.Connection, kind: EntryKind, most: int) -> list[Event]:
    """The newest events of a kind, oldest first."""
    query = sa.select(events.c.leaf).where(events.c.kind == str(kind))
    query = query.order_by(events.c.number.desc()).limit(most)
    return [event_of(leaf) for leaf in reversed(connection.execute(query).scalars().all())]
