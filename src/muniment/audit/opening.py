"""Opens the database of a ledger: a file of SQLite, or a PostgreSQL server by its URL.

Writes are made durable before they are told (synchronous=FULL). One writer at a time: in SQLite by
BEGIN IMMEDIATE, in PostgreSQL by an advisory lock that ends with its transaction.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, NoSuchModuleError, SQLAlchemyError

from muniment.audit.data_folder import data_folder, make_own_folder
from muniment.audit.tables import SCHEMA_VERSION, head, meta, metadata
from muniment.model.errors import EnvironmentFault, MissingExtraError, UsageError

FILE_NAME = "ledger.sqlite"
_BUSY_SECONDS = 60
_WRITER_LOCK = 0x6D756E69  # "muni": one number that all of us know
_SQLITE = "sqlite:///"
_POSTGRESQL = ("postgresql://", "postgres://")
_ORIGIN_BYTES = 8

# What brings a database of an older schema to the next one.
_MIGRATIONS: Mapping[int, str] = {
    1: "ALTER TABLE checkpoints ADD COLUMN timestamp {binary}",
}


def ledger_url(given: str | None, configured: str | None, environment: Mapping[str, str]) -> str:
    """Where the ledger is: as given, else as configured, else the user's own file.

    A path stays a path. Raises UsageError.
    """
    asked = given or configured
    return asked or str(data_folder(environment) / FILE_NAME)


def shown_url(url: str) -> str:
    """A ledger's place as it may be shown: without user, password and options."""
    if "://" not in url or url.startswith(_SQLITE):
        return url
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}"


def is_served(url: str) -> bool:
    """Whether a ledger lies on a server, so that many hosts can write to it."""
    return url.startswith(_POSTGRESQL)


def engine_of(url: str, *, create: bool) -> sa.Engine:
    """The database at a path or URL.

    Raises UsageError where there is none to be opened, MissingExtraError, EnvironmentFault.
    """
    if is_served(url):
        return _postgresql(url)
    if "://" in url and not url.startswith(_SQLITE):
        raise UsageError(
            f"{url.partition('://')[0]}:// is no ledger; known are a file (SQLite) and"
            " postgresql://"
        )
    path = Path(url.removeprefix(_SQLITE))
    if not path.exists():
        if not create:
            raise UsageError(f"there is no ledger at {path}; `muniment audit add` begins one")
        _make_file(path)
    elif not path.is_file():
        raise UsageError(f"{path} is no file, so it is no ledger")
    return _sqlite(path)


@contextmanager
def faults_told(url: str) -> Iterator[None]:
    """What the database refuses is told as such, without the credentials of its URL."""
    try:
        yield
    except DBAPIError as fault:
        lines = str(fault.orig).strip().splitlines() or [type(fault.orig).__name__]
        reason = lines[0].replace(url, shown_url(url))
        raise EnvironmentFault(f"the ledger at {shown_url(url)}: {reason}") from None
    except SQLAlchemyError as fault:
        reason = str(fault).replace(url, shown_url(url))
        raise EnvironmentFault(f"the ledger at {shown_url(url)}: {reason}") from None


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction of the only writer there is for its time."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITER_LOCK)))
        yield connection


def prepare(engine: sa.Engine, randomness: Callable[[int], bytes], shown: str) -> None:
    """Make the tables where there are none, and bring older ones to this schema.

    Raises UsageError for a database that is newer, or is something else.
    """
    with writing(engine) as connection:
        tables = sa.inspect(connection).get_table_names()
        if not tables:
            _begin(connection, randomness)
            return
        if "meta" not in tables or "events" not in tables:
            raise UsageError(f"{shown} is a database, but no ledger of muniment")
        version = _version(_value(connection, "schema"), shown)
        if version > SCHEMA_VERSION:
            raise UsageError(
                f"{shown} was written by a newer muniment (schema {version}, here"
                f" {SCHEMA_VERSION}); update muniment to use it"
            )
        _migrate(connection, version)


def origin_of(connection: sa.Connection) -> str:
    """The log's name, as every checkpoint carries it."""
    return _value(connection, "origin")


def _value(connection: sa.Connection, key: str) -> str:
    return str(connection.execute(sa.select(meta.c.value).where(meta.c.key == key)).scalar_one())


def _version(told: str, shown: str) -> int:
    if not told.isdecimal() or int(told) not in range(1, SCHEMA_VERSION + 1_000):
        raise UsageError(f'{shown} says "{told}" of its schema, which no muniment wrote')
    return int(told)


def _begin(connection: sa.Connection, randomness: Callable[[int], bytes]) -> None:
    metadata.create_all(connection)
    origin = f"muniment/{randomness(_ORIGIN_BYTES).hex()}"
    values = {"schema": str(SCHEMA_VERSION), "origin": origin}
    rows = [{"key": key, "value": value} for key, value in values.items()]
    connection.execute(sa.insert(meta), rows)
    connection.execute(sa.insert(head).values(id=1, size=0, frontier=b""))


def _migrate(connection: sa.Connection, version: int) -> None:
    binary = "BYTEA" if connection.dialect.name == "postgresql" else "BLOB"
    for step in range(version, SCHEMA_VERSION):
        connection.exec_driver_sql(_MIGRATIONS[step].format(binary=binary))
    if version < SCHEMA_VERSION:
        connection.execute(
            sa.update(meta).where(meta.c.key == "schema").values(value=str(SCHEMA_VERSION))
        )


def _make_file(path: Path) -> None:
    """An empty file that only its user may read."""
    make_own_folder(path.parent)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError as error:
        raise EnvironmentFault(f"{path} could not be made: {error.strerror}") from error


def _sqlite(path: Path) -> sa.Engine:
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)),
        connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False},
    )
    sa.event.listen(engine, "connect", _set_up_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _: object) -> None:  # noqa: ANN401 - of the driver
    connection.isolation_level = None  # transactions begin where we say
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(url: str) -> sa.Engine:
    rest = url.partition("://")[2]
    try:
        return sa.create_engine(f"postgresql+psycopg://{rest}", pool_pre_ping=True)
    except (ModuleNotFoundError, NoSuchModuleError) as missing:
        raise MissingExtraError("a ledger on PostgreSQL", "postgresql") from missing
    except (SQLAlchemyError, ValueError) as fault:
        raise UsageError(f"{shown_url(url)} is no address of a PostgreSQL database") from fault
