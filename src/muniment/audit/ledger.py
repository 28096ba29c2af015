"""The ledger: what was observed, in the order in which it was told, never rewritten.

A `Ledger` is the one way in and out; what database lies behind it shows nowhere else.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from muniment.audit import tables
from muniment.audit.bodies import Check
from muniment.audit.canonical import coded_name, decode, encode
from muniment.audit.entries import Entry, EntryKind, Event, event_of, instant
from muniment.audit.merkle import HASH_BYTES, root_of
from muniment.audit.nodes import subtree_root
from muniment.audit.observations import Observation
from muniment.audit.opening import (
    engine_of,
    faults_told,
    is_served,
    origin_of,
    prepare,
    shown_url,
    writing,
)
from muniment.audit.projection import state_of
from muniment.audit.run_lock import only_run
from muniment.audit.sequencer import MOST_AT_ONCE, Sequencer
from muniment.audit.states import HoldingState
from muniment.model.errors import EnvironmentFault, UsageError

_PAGE = 1000
_AGENT = "muniment"

Clock = Callable[[], datetime]


def open_ledger(
    url: str, *, clock: Clock, randomness: Callable[[int], bytes], create: bool = True
) -> Ledger:
    """The ledger at a path or URL; a new one is begun where there is none, if `create`.

    Raises UsageError where there is none or it is no ledger of this version, MissingExtraError,
    and EnvironmentFault where it cannot be reached.
    """
    with faults_told(url):
        engine = engine_of(url, create=create)
        prepare(engine, randomness, shown_url(url))
    ledger = Ledger(engine, url)
    if ledger.size() == 0:
        ledger.begin(clock())
    return ledger


class Ledger:
    """An open ledger; close it with a `with` block. Not to be shared with a forked process."""

    def __init__(self, engine: sa.Engine, url: str) -> None:
        """Made by `open_ledger`."""
        self._engine = engine
        self._url = url
        with self.reading() as connection:
            self.origin = origin_of(connection)

    def __enter__(self) -> Self:
        """It is open already."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    @property
    def place(self) -> str:
        """Where it is, as it may be shown."""
        return shown_url(self._url)

    @property
    def url(self) -> str:
        """Where it is, with whatever credentials it was given: never to be shown."""
        return self._url

    @property
    def is_served(self) -> bool:
        """Whether it lies on a server, so that many hosts can write to it."""
        return is_served(self._url)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A transaction that reads one state of the database. Raises EnvironmentFault."""
        with faults_told(self._url), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction of the only writer. Raises EnvironmentFault."""
        with faults_told(self._url), writing(self._engine) as connection:
            yield connection

    # What is told to the ledger.

    def begin(self, now: datetime) -> None:
        """Record that the ledger was opened, unless somebody else just did; `now` is in UTC."""
        opened = Entry(
            kind=EntryKind.LEDGER_OPENED,
            at=instant(now),
            by=_AGENT,
            body={"origin": self.origin},
        )
        with self.writing() as connection:
            if connection.execute(sa.select(tables.head.c.size)).scalar_one() == 0:
                _sequenced(connection, [opened])

    def record(
        self, entries: Sequence[Entry], documents: Mapping[str, bytes] | None = None
    ) -> list[Event]:
        """Make events of entries at once, with the documents that they refer to.

        Raises UsageError where one cannot come now: of a holding that is not known, say.
        """
        with self.writing() as connection:
            self._keep(connection, documents or {})
            return _sequenced(connection, entries)

    def observe(self, observations: Sequence[Observation]) -> None:
        """Take in what workers saw: in any order, any number of times."""
        if not observations:
            return
        rows = [
            {
                "run": each.run,
                "holding": each.holding,
                "attempt": each.attempt,
                "fingerprint": each.fingerprint,
                "at": each.at,
                "by": each.by,
                "body": encode(each.check.to_json()),
            }
            for each in observations
        ]
        with self.writing() as connection:
            for each in observations:
                self._keep(connection, each.documents)
            self._insert_new(connection, tables.observations, rows)

    def sequence(self) -> int:
        """Make events of the observations that are none yet; how many there were."""
        done = 0
        while count := self._sequence_some():
            done += count
        return done

    def _sequence_some(self) -> int:
        table = tables.observations
        waiting = (
            sa.select(table)
            .where(table.c.event.is_(None))
            .order_by(
                table.c.run, table.c.at, table.c.holding, table.c.attempt, table.c.fingerprint
            )
            .limit(MOST_AT_ONCE)
        )
        with self.writing() as connection:
            rows = connection.execute(waiting).mappings().all()
            events = _sequenced(connection, [_observed(row).entry() for row in rows])
            if rows:
                update = sa.update(table).values(event=sa.bindparam("number"))
                for name in ("run", "holding", "attempt", "fingerprint"):
                    update = update.where(table.c[name] == sa.bindparam(f"of_{name}"))
                connection.execute(
                    update,
                    [_numbered(row, event) for row, event in zip(rows, events, strict=True)],
                )
        return len(rows)

    def keep_checkpoint(self, size: int, note: bytes) -> None:
        """Keep a signed note; keeping it twice is keeping it once."""
        row = {"size": size, "sha256": hashlib.sha256(note).hexdigest(), "note": note}
        with self.writing() as connection:
            self._insert_new(connection, tables.checkpoints, [row])

    def keep_timestamp(self, size: int, token: bytes) -> None:
        """Keep the RFC 3161 response for the checkpoints of a size, in place of an earlier one."""
        update = sa.update(tables.checkpoints).where(tables.checkpoints.c.size == size)
        with self.writing() as connection:
            connection.execute(update.values(timestamp=token))

    def _keep(self, connection: sa.Connection, documents: Mapping[str, bytes]) -> None:
        rows = [{"sha256": name, "content": content} for name, content in documents.items()]
        self._insert_new(connection, tables.documents, rows)

    def _insert_new(
        self, connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]
    ) -> None:
        """Insert what is not there yet."""
        if not rows:
            return
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        connection.execute(dialect.insert(table).on_conflict_do_nothing(), list(rows))

    # What the ledger tells of its history.

    def size(self) -> int:
        """How many events there are."""
        with self.reading() as connection:
            return int(connection.execute(sa.select(tables.head.c.size)).scalar_one())

    def root(self, size: int | None = None) -> bytes:
        """The root of the tree over the first `size` events, of all where none is given."""
        count = self.size() if size is None else size
        return self.subtree_root(0, count) if count else root_of(())

    def subtree_root(self, first: int, count: int) -> bytes:
        """The root over the events [first, first + count), from kept nodes where there are some."""
        with self.reading() as connection:
            return subtree_root(
                first,
                count,
                node=lambda level, place: _node(connection, level, place),
                leaves=lambda start, number: _leaf_hashes(connection, start, number),
            )

    def event(self, number: int) -> Event:
        """One event. Raises LookupError where there is none."""
        return event_of(self.leaf(number))

    def leaf(self, number: int) -> bytes:
        """The canonical bytes of an event. Raises LookupError."""
        with self.reading() as connection:
            leaf = connection.execute(
                sa.select(tables.events.c.leaf).where(tables.events.c.number == number)
            ).scalar_one_or_none()
        if leaf is None:
            raise LookupError(f"there is no event {number}")
        return bytes(leaf)

    def events(
        self,
        *,
        holding: str | None = None,
        run: str | None = None,
        kinds: Sequence[EntryKind] = (),
        first: int = 0,
    ) -> Iterator[Event]:
        """The events from a number on, oldest first; only those of a holding, run or kinds."""
        table = tables.events
        wanted = sa.select(table.c.number, table.c.leaf).order_by(table.c.number).limit(_PAGE)
        if holding is not None:
            wanted = wanted.where(table.c.holding == holding)
        if run is not None:
            wanted = wanted.where(table.c.run == run)
        if kinds:
            wanted = wanted.where(table.c.kind.in_([str(kind) for kind in kinds]))
        start = first
        while True:
            with self.reading() as connection:
                page = connection.execute(wanted.where(table.c.number >= start)).all()
            yield from (event_of(bytes(leaf)) for _, leaf in page)
            if len(page) < _PAGE:
                return
            start = page[-1].number + 1

    def document(self, sha256: str) -> bytes:
        """A document that an event refers to. Raises EnvironmentFault where it is lost."""
        return self.documents([sha256])[sha256]

    def documents(self, names: Sequence[str]) -> dict[str, bytes]:
        """Documents by their SHA-256 (hex). Raises EnvironmentFault where one is lost."""
        table = tables.documents
        found: dict[str, bytes] = {}
        with self.reading() as connection:
            for start in range(0, len(names), MOST_AT_ONCE):
                some = sa.select(table).where(
                    table.c.sha256.in_(names[start : start + MOST_AT_ONCE])
                )
                found |= {name: bytes(content) for name, content in connection.execute(some)}
        lost = next((name for name in names if name not in found), None)
        if lost is not None:
            raise EnvironmentFault(f"the ledger has lost the document {lost}; run check-ledger")
        return found

    def checkpoints(self) -> list[tuple[int, bytes]]:
        """The signed notes that were kept, with their sizes, oldest first."""
        table = tables.checkpoints
        with self.reading() as connection:
            rows = connection.execute(
                sa.select(table.c.size, table.c.note).order_by(table.c.size, table.c.sha256)
            )
            return [(size, bytes(note)) for size, note in rows]

    def timestamp(self, size: int) -> bytes | None:
        """The RFC 3161 response kept for the checkpoint of a size, if there is one."""
        table = tables.checkpoints
        kept = sa.select(table.c.timestamp).where(
            table.c.size == size, table.c.timestamp.is_not(None)
        )
        with self.reading() as connection:
            token = connection.execute(kept.limit(1)).scalar_one_or_none()
        return None if token is None else bytes(token)

    # How the holdings stand.

    def holding(self, holding: str) -> HoldingState:
        """A holding by its id. Raises LookupError."""
        found = self._states(tables.holdings.c.id == holding)
        if not found:
            raise LookupError(f"there is no holding {holding}")
        return found[0]

    def at_address(self, address: str) -> HoldingState | None:
        """The active holding at an address (coded), if there is one."""
        table = tables.holdings
        found = self._states(table.c.address == address, table.c.retired.is_(False))
        return found[0] if found else None

    def find(self, asked: str) -> HoldingState:
        """A holding by its id, name or place, as a person types it; an active one first.

        Raises UsageError where there is none, or several that all fit.
        """
        table = tables.holdings
        place = asked if "://" in asked else os.path.abspath(asked)  # noqa: PTH100 - keeps `..` apart
        for column, value in (
            (table.c.id, asked),
            (table.c.address, coded_name(place)),
            (table.c.name, coded_name(asked)),
        ):
            found = self._states(column == value)
            fitting = [each for each in found if not each.retired] or found
            if len(fitting) == 1:
                return fitting[0]
            if fitting:
                ids = ", ".join(f"{each.id} ({each.place.address})" for each in fitting)
                raise UsageError(f'"{asked}" fits several holdings; name one by its id: {ids}')
        raise UsageError(
            f'there is no holding "{asked}" in the ledger {self.place}; `muniment audit status`'
            " lists them"
        )

    def holdings(self, *, include_retired: bool = False) -> Iterator[HoldingState]:
        """All holdings by their ids, a page at a time."""
        table = tables.holdings
        rule = sa.true() if include_retired else table.c.retired.is_(False)
        return self._paged(rule, (table.c.id,))

    def due(self, before: str) -> Iterator[HoldingState]:
        """The active holdings whose deadline is at or before a moment, earliest deadline first.

        Read a page at a time: what is checked meanwhile gets a later deadline and is not met again.
        """
        table = tables.holdings
        rule = sa.and_(table.c.retired.is_(False), table.c.due_at <= before)
        return self._paged(rule, (table.c.due_at, table.c.id))

    def copies(self, of: str) -> list[HoldingState]:
        """The holdings of one object, retired ones too."""
        return sorted(self._states(tables.holdings.c.object == of), key=lambda each: each.added_at)

    def _states(self, *rules: sa.ColumnElement[bool]) -> list[HoldingState]:
        with self.reading() as connection:
            wanted = sa.select(tables.holdings).where(*rules).order_by(tables.holdings.c.id)
            return [state_of(dict(row)) for row in connection.execute(wanted).mappings()]

    def _paged(
        self, rule: sa.ColumnElement[bool], order: Sequence[sa.Column[Any]]
    ) -> Iterator[HoldingState]:
        wanted = sa.select(tables.holdings).where(rule).order_by(*order).limit(_PAGE)
        last: tuple[Any, ...] | None = None
        while True:
            page = wanted
            if last is not None:
                page = wanted.where(sa.tuple_(*order) > sa.tuple_(*map(sa.literal, last)))
            with self.reading() as connection:
                rows = connection.execute(page).mappings().all()
            yield from (state_of(dict(row)) for row in rows)
            if len(rows) < _PAGE:
                return
            last = tuple(rows[-1][column.name] for column in order)

    # Who works at it.

    @contextmanager
    def only_run(self) -> Iterator[None]:
        """Be the only run for the time of a `with` block. Raises EnvironmentFault."""
        with faults_told(self._url), only_run(self._engine, self.place):
            yield

    def unfinished_run(self) -> str | None:
        """The last run, where it was begun and not ended."""
        table = tables.events
        last = sa.select(sa.func.max(table.c.number)).where(table.c.kind == EntryKind.RUN_BEGUN)
        with self.reading() as connection:
            run = connection.execute(
                sa.select(table.c.run).where(table.c.number == last.scalar_subquery())
            ).scalar_one_or_none()
            ended = sa.select(table.c.number).where(
                table.c.run == run, table.c.kind == EntryKind.RUN_ENDED
            )
            is_over = run is None or connection.execute(ended).first() is not None
        return None if is_over else str(run)


def _sequenced(connection: sa.Connection, entries: Sequence[Entry]) -> list[Event]:
    if not entries:
        return []
    sequencer = Sequencer(connection)
    try:
        events = sequencer.append(entries)
    except ValueError as fault:
        raise UsageError(f"the ledger cannot take it: {fault}") from fault
    sequencer.write()
    return events


def _observed(row: Mapping[Any, Any]) -> Observation:
    return Observation(
        run=row["run"],
        holding=row["holding"],
        attempt=row["attempt"],
        at=row["at"],
        by=row["by"],
        check=Check.from_json(decode(bytes(row["body"]))),
    )


def _numbered(row: Mapping[Any, Any], event: Event) -> dict[str, Any]:
    key = ("run", "holding", "attempt", "fingerprint")
    return {"number": event.number, **{f"of_{name}": row[name] for name in key}}


def _node(connection: sa.Connection, level: int, place: int) -> bytes:
    table = tables.nodes
    kept = sa.select(table.c.hash).where(table.c.level == level, table.c.place == place)
    node = connection.execute(kept).scalar_one_or_none()
    if node is None:
        raise EnvironmentFault("the ledger has lost a node of its tree; run check-ledger")
    return bytes(node)


def _leaf_hashes(connection: sa.Connection, first: int, count: int) -> list[bytes]:
    table = tables.events
    rows: Iterable[Any] = connection.execute(
        sa.select(table.c.leaf_hash)
        .where(table.c.number >= first, table.c.number < first + count)
        .order_by(table.c.number)
    ).scalars()
    hashes = [bytes(each) for each in rows]
    if len(hashes) != count or any(len(each) != HASH_BYTES for each in hashes):
        raise EnvironmentFault("the ledger has lost events; run check-ledger")
    return hashes
