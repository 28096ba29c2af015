"""The tables of a ledger, the same in SQLite and PostgreSQL.

`events` is the history; `head` says how long it is. Everything else is either on its way into it
(`observations`), kept beside it by digest (`documents`), or made of it for speed
(`nodes`, `holdings`). Moments are RFC 3339 text in UTC; text is ordered by code point.
"""

from __future__ import annotations

import sqlalchemy as sa

SCHEMA_VERSION = 2

metadata = sa.MetaData()


def _text() -> sa.Text:
    """Text that is ordered alike everywhere; SQLite orders by bytes by itself."""
    return sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _number() -> sa.BigInteger:
    """Whole numbers of 64 bits; SQLite keeps rows in the order of such a key by this name alone."""
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


meta = sa.Table(
    "meta",
    metadata,
    sa.Column("key", _text(), primary_key=True),
    sa.Column("value", _text(), nullable=False),
)

# One row: the size of the history, and the frontier of its tree, hashes one after the other.
head = sa.Table(
    "head",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("frontier", sa.LargeBinary, nullable=False),
)

# The leaf is the event; the columns beside it are derived, and compared by `check-ledger`.
events = sa.Table(
    "events",
    metadata,
    sa.Column("number", _number(), primary_key=True, autoincrement=False),
    sa.Column("kind", _text(), nullable=False),
    sa.Column("at", _text(), nullable=False),
    sa.Column("holding", _text()),
    sa.Column("run", _text()),
    sa.Column("outcome", _text()),
    sa.Column("leaf", sa.LargeBinary, nullable=False),
    sa.Column("leaf_hash", sa.LargeBinary, nullable=False),
    sa.Index("events_of_holding", "holding", "number"),
    sa.Index("events_of_run", "run", "number"),
    sa.Index("events_of_kind", "kind", "number"),
)

# Roots of complete subtrees of 2 ** level leaves, from 256 leaves upwards.
nodes = sa.Table(
    "nodes",
    metadata,
    sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("place", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
)

# What workers saw. `event` is the number of the event that was made of it.
observations = sa.Table(
    "observations",
    metadata,
    sa.Column("run", _text(), primary_key=True),
    sa.Column("holding", _text(), primary_key=True),
    sa.Column("attempt", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("fingerprint", _text(), primary_key=True),
    sa.Column("at", _text(), nullable=False),
    sa.Column("by", _text(), nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("event", sa.BigInteger),
)
sa.Index(
    "observations_waiting",
    observations.c.run,
    sqlite_where=observations.c.event.is_(None),
    postgresql_where=observations.c.event.is_(None),
)

documents = sa.Table(
    "documents",
    metadata,
    sa.Column("sha256", _text(), primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

checkpoints = sa.Table(
    "checkpoints",
    metadata,
    sa.Column("size", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("sha256", _text(), primary_key=True),
    sa.Column("note", sa.LargeBinary, nullable=False),
    sa.Column("timestamp", sa.LargeBinary),
)

# The holdings as their events leave them: see `projection`.
holdings = sa.Table(
    "holdings",
    metadata,
    sa.Column("id", _text(), primary_key=True),
    sa.Column("kind", _text(), nullable=False),
    sa.Column("name", _text(), nullable=False),
    sa.Column("address", _text(), nullable=False),
    sa.Column("form", _text(), nullable=False),
    sa.Column("location", _text(), nullable=False),
    sa.Column("mounted", sa.Boolean, nullable=False),
    sa.Column("object", _text(), nullable=False),
    sa.Column("copies", sa.Integer, nullable=False),
    sa.Column("every", sa.BigInteger, nullable=False),
    sa.Column("added_at", _text(), nullable=False),
    sa.Column("since", _text(), nullable=False),
    sa.Column("due_at", _text(), nullable=False),
    sa.Column("checked_at", _text(), nullable=False),
    sa.Column("outcome", _text(), nullable=False),
    sa.Column("evidence", _text(), nullable=False),
    sa.Column("files", sa.BigInteger, nullable=False),
    sa.Column("octets", sa.BigInteger, nullable=False),
    sa.Column("baseline", _text()),
    sa.Column("retired", sa.Boolean, nullable=False),
    sa.Column("run", _text()),
    sa.Column("last_event", sa.BigInteger, nullable=False),
    sa.Column("last_leaf", sa.LargeBinary, nullable=False),
    sa.Index("holdings_by_deadline", "retired", "due_at", "id"),
    sa.Index("holdings_by_group", "retired", "location", "every", "due_at", "octets"),
    sa.Index("holdings_by_outcome", "retired", "outcome", "id", "octets"),
    sa.Index("holdings_by_name", "name"),
    sa.Index("holdings_by_address", "address"),
    sa.Index("holdings_by_object", "object", "retired", "outcome", "copies"),
)
