"""One run at a time on a ledger, by a lock that ends with the process that holds it.

In SQLite the lock is on a file beside the ledger, in PostgreSQL on a connection of its own; both
are free when a run is killed and its workers have followed it, which takes a moment.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from muniment.model.errors import EnvironmentFault

_RUN_LOCK = 0x6D756E72  # "munr": another number than the writer's
_TRIES = 20
_PAUSE_SECONDS = 0.1


@contextmanager
def only_run(engine: sa.Engine, shown: str) -> Iterator[None]:
    """Hold the lock for the time of a `with` block. Raises EnvironmentFault where it is held."""
    locked = _server_lock if engine.dialect.name == "postgresql" else _file_lock
    with locked(engine) as take:
        if not _taken_in_time(take):
            raise EnvironmentFault(f"another run is at work on {shown}; this one did nothing")
        yield


def _taken_in_time(take: Callable[[], bool]) -> bool:
    """Try for a moment: the workers of a run that was killed may still hold its lock."""
    for _ in range(_TRIES):
        if take():
            return True
        time.sleep(_PAUSE_SECONDS)
    return take()


@contextmanager
def _server_lock(engine: sa.Engine) -> Iterator[Callable[[], bool]]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        asked = sa.select(sa.func.pg_try_advisory_lock(_RUN_LOCK))
        try:
            yield lambda: bool(connection.execute(asked).scalar_one())
        finally:  # the lock ends with its connection
            connection.invalidate()


@contextmanager
def _file_lock(engine: sa.Engine) -> Iterator[Callable[[], bool]]:
    path = Path(f"{engine.url.database}.run")
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | getattr(os, "O_CLOEXEC", 0), 0o600)
    try:
        yield lambda: _take(descriptor)
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
