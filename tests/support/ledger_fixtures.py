"""Fixtures: a ledger in each database."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from ledgers import DATABASES, PostgreSQL, opened, postgresql

from muniment.audit.ledger import Ledger


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSQL]:
    """A server. As root it runs as another user, to whom pytest's own folders are closed."""
    with (
        tempfile.TemporaryDirectory(prefix="muniment-postgresql-") as folder,
        postgresql(Path(folder) / "data") as server,
    ):
        yield server


@pytest.fixture(params=DATABASES)
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The place of a ledger that is not there yet, in SQLite and in PostgreSQL."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.sqlite")
    server: PostgreSQL = request.getfixturevalue("postgresql_server")
    return server.database()


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    """An open, new ledger."""
    with opened(ledger_url) as one:
        yield one
