"""Checks one share of a ledger's holdings, with their events, in a process of its own.

A share reads the history from its first event to its last, and one state of the database. It
opens a connection of its own: a connection is never shared with a forked process.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa

from muniment.audit.checking_events import EventsCheck, Exported
from muniment.audit.checking_observations import ObservationsCheck
from muniment.audit.ledger_findings import LedgerFindings
from muniment.audit.opening import engine_of, faults_told
from muniment.audit.projection import Row
from muniment.audit.sequencer import MOST_AT_ONCE
from muniment.audit.tables import documents, events, holdings, observations
from muniment.model.errors import EnvironmentFault
from muniment.model.rules import ledger as rules

# Holdings are shared out by the last character of their ids, which are hexadecimal.
DIGITS = "0123456789abcdef"
_PAGE = 2000
_TOLERANT = partial(str, encoding="utf-8", errors="surrogateescape")
_HOLDING_COLUMNS = tuple(column.name for column in holdings.c)
_in_order = itemgetter(*_HOLDING_COLUMNS)


class Share(NamedTuple):
    """The holdings whose ids end in one of these digits; the first share has all others too."""

    url: str
    digits: str
    is_first: bool


class ShareChecked(NamedTuple):
    """What was found in a share, and how much was looked at."""

    findings: LedgerFindings
    events: int
    holdings: int
    observations: int
    documents: int
    origin: object
    exported: list[Exported]


def shares(url: str, count: int) -> list[Share]:
    """All holdings in so many shares, 16 at most."""
    parts = [DIGITS[start::count] for start in range(min(count, len(DIGITS)))]
    return [Share(url, digits, place == 0) for place, digits in enumerate(parts)]


def check_share(share: Share) -> ShareChecked:
    """Check the events of a share, and what is derived from them. Raises EnvironmentFault."""
    try:
        return _checked(share)
    except EnvironmentFault:  # SQLite keeps any bytes as text, and the driver refuses some
        return _checked(share, any_text=True)


def _checked(share: Share, *, any_text: bool = False) -> ShareChecked:
    findings = LedgerFindings()
    with faults_told(share.url), snapshot(share.url, any_text=any_text) as connection:
        history = EventsCheck(findings)
        for page in _pages(connection, _events(share)):
            history.take(page)
        seen = ObservationsCheck(findings)
        for page in _pages(connection, _observations(share)):
            seen.take(page)
        if seen.sequenced != history.observed:
            _told_lost(findings, seen.sequenced, history.observed)
        met = len(history.rows)
        for page in _pages(connection, _holdings(share)):
            check_holdings(findings, history.rows, page)
        check_lost_holdings(findings, history.rows)
        _check_references(findings, connection, history.documents)
        read = _check_documents(findings, connection, share)
    return ShareChecked(
        findings,
        history.count,
        met,
        seen.sequenced,
        read,
        history.origin,
        history.exported,
    )


@contextmanager
def snapshot(url: str, *, any_text: bool = True) -> Iterator[sa.Connection]:
    """One state of the database, read by a connection of its own.

    `any_text` takes bytes for text that are no UTF-8, and takes its time for that.
    """
    engine = engine_of(url, create=False)
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    try:
        with engine.connect() as connection, connection.begin():
            if any_text and engine.dialect.name == "sqlite":
                driver: Any = connection.connection.driver_connection
                driver.text_factory = _TOLERANT
            yield connection
    finally:
        engine.dispose()


def check_holdings(
    findings: LedgerFindings, rows: dict[str, Row], stored: Sequence[Sequence[Any]]
) -> None:
    """Compare stored holdings with what their events leave, and take these out of `rows`."""
    for line in stored:
        row = rows.pop(line[0], None)
        if row is None:
            message = f"the holding {line[0]} stands there, and no event speaks of it"
            findings.add(rules.STANDING, message, f"holding {line[0]}")
        elif _in_order(row) != tuple(line):
            _told_standing(findings, row, line)


def check_lost_holdings(findings: LedgerFindings, rows: Mapping[str, Row]) -> None:
    """Tell of holdings that events speak of, and that stand nowhere."""
    for holding, row in rows.items():
        message = f"the holding {holding} does not stand there; its last event is not told"
        findings.add(rules.STANDING, message, f"holding {holding}", order=row["last_event"])


def _told_standing(findings: LedgerFindings, row: Row, line: Sequence[Any]) -> None:
    for name, stands in zip(_HOLDING_COLUMNS, line, strict=True):
        if stands != row[name]:
            findings.add(
                rules.STANDING,
                f"the holding {row['id']}: {name} stands there as {_told(stands)};"
                f" its events leave it as {_told(row[name])}",
                f"holding {row['id']}",
                order=row["last_event"],
                column=name,
            )


def _told(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else repr(value)


def _told_lost(findings: LedgerFindings, there: int, wanted: int) -> None:
    message = f"{there:,} observations are marked as events; {wanted:,} events were made of some"
    findings.add(rules.OBSERVATION, message, "observations", expected=wanted, actual=there)


def _check_references(
    findings: LedgerFindings, connection: sa.Connection, named: Mapping[str, int]
) -> None:
    """Every document that an event names is there."""
    names = list(named)
    for start in range(0, len(names), MOST_AT_ONCE):
        some = names[start : start + MOST_AT_ONCE]
        wanted = sa.select(documents.c.sha256).where(documents.c.sha256.in_(some))
        there = set(connection.execute(wanted).scalars())
        for name in some:
            if name not in there:
                message = f"event {named[name]} names the document {name}, which is not there"
                place = f"event {named[name]}"
                findings.add(rules.DOCUMENT, message, place, order=named[name], document=name)


def _check_documents(findings: LedgerFindings, connection: sa.Connection, share: Share) -> int:
    """Every document is what its name says; how many there were."""
    count = 0
    wanted = sa.select(documents).where(_of_share(documents.c.sha256, share))
    for page in _pages(connection, wanted):
        check_documents(findings, page)
        count += len(page)
    return count


def check_documents(findings: LedgerFindings, rows: Sequence[Sequence[Any]]) -> None:
    """The names of documents are the SHA-256 of their bytes."""
    from hashlib import sha256

    for name, content in rows:
        found = sha256(content).hexdigest()
        if found != name:
            message = f"the document {name} has the SHA-256 {found}"
            findings.add(rules.DOCUMENT, message, f"document {name}", expected=name, actual=found)


def _pages(connection: sa.Connection, wanted: sa.Select[Any]) -> Iterator[Sequence[sa.Row[Any]]]:
    """Rows some thousands at a time, read as they are asked for."""
    with connection.execution_options(yield_per=_PAGE).execute(wanted) as result:
        yield from result.partitions()


def _events(share: Share) -> sa.Select[Any]:
    return sa.select(*events.c).where(_of_share(events.c.holding, share)).order_by(events.c.number)


def _holdings(share: Share) -> sa.Select[Any]:
    return sa.select(*holdings.c).where(_of_share(holdings.c.id, share))


def _observations(share: Share) -> sa.Select[Any]:
    joined = observations.outerjoin(events, events.c.number == observations.c.event)
    columns = (*observations.c, events.c.leaf, events.c.run)
    wanted = sa.select(*columns).select_from(joined)
    return wanted.where(_of_share(observations.c.holding, share))


def _of_share(column: sa.Column[Any], share: Share) -> sa.ColumnElement[bool]:
    """Every row is of one share and of no other, whatever stands in the column."""
    last = sa.func.substr(column, sa.func.length(column), 1)
    if not share.is_first:
        return last.in_(list(share.digits))
    others = [digit for digit in DIGITS if digit not in share.digits]
    return sa.or_(column.is_(None), last.not_in(others)) if others else sa.true()
