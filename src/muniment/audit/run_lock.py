"""One run at a time on a ledger, by a lock that ends with the process that holds it.

In SQLite the lock is on a file beside the ledger, in PostgreSQL on a connection of its own; both
are free at once when a run is killed, so that the next one need not wait.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from muniment.model.errors import EnvironmentFault

_RUN_LOCK = 0x6D756E72  # "munr": another number than the writer's


@contextmanager
def only_run(engine: sa.Engine, shown: str) -> Iterator[None]:
    """Hold the lock for the time of a `with` block. Raises EnvironmentFault where it is held."""
    locked = _server_lock if engine.dialect.name == "postgresql" else _file_lock
    with locked(engine) as is_ours:
        if not is_ours:
            raise EnvironmentFault(f"another run is at work on {shown}; this one did nothing")
        yield


@contextmanager
def _server_lock(engine: sa.Engine) -> Iterator[bool]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        asked = sa.select(sa.func.pg_try_advisory_lock(_RUN_LOCK))
        is_ours = bool(connection.execute(asked).scalar_one())
        try:
            yield is_ours
        finally:
            if is_ours:
                connection.execute(sa.select(sa.func.pg_advisory_unlock(_RUN_LOCK)))


@contextmanager
def _file_lock(engine: sa.Engine) -> Iterator[bool]:
    path = Path(f"{engine.url.database}.run")
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | getattr(os, "O_CLOEXEC", 0), 0o600)
    try:
        yield _take(descriptor)
    finally:
        os.close(descriptor)


def _take(descriptor: int) -> bool:
    """Whether the lock was free, and is now ours."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
