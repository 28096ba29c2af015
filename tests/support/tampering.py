"""A ledger of a thousand events, and whoever lays hands on its tables."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from random import Random
from typing import Any

import sqlalchemy as sa
from histories import KEY
from ledgers import NOON, added, baseline, observation

from muniment.audit import tables
from muniment.audit.entries import Entry, EntryKind, instant
from muniment.audit.exporting import record_export, sign_and_keep
from muniment.audit.ledger import Ledger
from muniment.audit.opening import engine_of
from muniment.audit.outcomes import HoldingOutcome

Row = dict[str, Any]
TABLES = ("head", "events", "nodes", "observations", "documents", "checkpoints", "holdings")
# A time stamp is for those to judge who trust its authority.
UNJUDGED = {("checkpoints", "timestamp")}
HOLDINGS, CHECKS = 40, 24


def thousand_events(ledger: Ledger) -> bytes:
    """Write them, with checkpoints between; the last of these, as an outsider holds it."""
    ids = [Random(number).randbytes(8).hex() for number in range(HOLDINGS)]
    descriptions = {holding: f"description of {holding}".encode() for holding in ids}
    names = {holding: hashlib.sha256(text).hexdigest() for holding, text in descriptions.items()}
    ledger.record(
        [added(holding, baseline=baseline(document=names[holding])) for holding in ids],
        {names[holding]: text for holding, text in descriptions.items()},
    )
    for turn in range(CHECKS - 1):
        outcome = HoldingOutcome.CORRUPT if turn == 7 else HoldingOutcome.INTACT
        run = f"run-{turn}"
        ledger.observe([observation(each, run=run, outcome=outcome, days=turn + 1) for each in ids])
        ledger.sequence()
        if turn % 8 == 0:
            record_export(ledger, sign_and_keep(ledger, KEY)[0], NOON)
    at = instant(NOON)
    room = 1000 - ledger.size()
    run = Entry(kind=EntryKind.RUN_BEGUN, at=at, by="archive", run="last", body={"n": 1})
    ledger.record([run] * room)
    return sign_and_keep(ledger, KEY)[1]


def stored(url: str) -> dict[str, list[Row]]:
    """All rows of all tables, by their keys."""
    engine = engine_of(url, create=False)
    with engine.connect() as connection, connection.begin():
        rows = {name: _rows(connection, tables.metadata.tables[name]) for name in TABLES}
    engine.dispose()
    return rows


def _rows(connection: sa.Connection, table: sa.Table) -> list[Row]:
    wanted = sa.select(table).order_by(*table.primary_key.columns)
    return [dict(row) for row in connection.execute(wanted).mappings()]


def changes(value: object, chance: Random) -> Iterator[object]:
    """The value with each of its bytes changed, one at a time."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value ^ (chance.randrange(1, 256) << 8 * place) for place in range(7))
    elif isinstance(value, bytes):
        yield from _changed(value, chance)
    elif isinstance(value, str):
        for changed in _changed(value.encode(), chance):
            yield changed.decode("utf-8", "surrogateescape")


def _changed(value: bytes, chance: Random) -> Iterator[bytes]:
    for place, byte in enumerate(value):
        other = byte ^ chance.randrange(1, 256)
        yield value[:place] + bytes([other]) + value[place + 1 :]


def gentle_change(value: object, chance: Random) -> object:
    """One byte changed so that every database takes it."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value ^ (1 << 20)
    data = value.encode() if isinstance(value, str) else value
    assert isinstance(data, bytes)
    place = chance.randrange(len(data))
    changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
    return changed.decode() if isinstance(value, str) else changed


@contextmanager
def altered(url: str, table: str, row: Mapping[str, Any], values: Row | None) -> Iterator[None]:
    """A row with other values, or none (deleted), for the time of a `with` block."""
    meant = tables.metadata.tables[table]
    changed = None if values is None else {**row, **values}
    replace(url, meant, row, changed)
    try:
        yield
    finally:
        replace(url, meant, changed, row)


def replace(
    url: str, table: sa.Table, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None
) -> None:
    """Take a row out and put another in, past the ledger."""
    engine = engine_of(url, create=False)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if old is not None:
            key = [column == old[column.name] for column in table.primary_key.columns]
            connection.execute(sa.delete(table).where(*key))
        if new is not None:
            connection.execute(sa.insert(table).values(**new))
    engine.dispose()
