"""Fixtures of what is wrong with ledgers: a sound one, altered at one place past the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from fixture_forms import Fixture, Pair
from histories import KEY
from ledgers import added, baseline, check, observation, opened
from tampering import replace, stored

from muniment.audit import tables
from muniment.audit.bodies import Check
from muniment.audit.checking_checkpoints import Held
from muniment.audit.checking_ledger import check_ledger
from muniment.audit.exporting import sign_and_keep
from muniment.audit.ledger import Ledger
from muniment.audit.merkle import leaf_hash
from muniment.model.findings import Finding
from muniment.storage.executors import InProcess

Change = Callable[[dict[str, Any]], dict[str, Any] | None]
DOCUMENT = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"  # of b"foo"


def _ledger(folder: Path, *, seed: int = 1) -> Ledger:
    """Two holdings, each added and checked once: five events, and a kept checkpoint of them."""

    ledger = opened(str(folder / f"ledger-{seed}.sqlite"), seed=seed)
    described = baseline(document=DOCUMENT)
    entries = [added(holding, baseline=described) for holding in ("a", "b")]
    ledger.record(entries, {DOCUMENT: b"foo"})
    ledger.observe([observation("a"), observation("b")])
    ledger.sequence()
    sign_and_keep(ledger, KEY)
    return ledger


def _found(ledger: Ledger, *held: bytes) -> Iterable[Finding]:
    notes = [Held(place="held", note=note) for note in held]
    with ledger:
        return check_ledger(ledger, InProcess(), held=notes, key=KEY.public).findings


def _altered(table: sa.Table, place: int, change: Change) -> Fixture:
    def found(folder: Path) -> Iterable[Finding]:
        ledger = _ledger(folder)
        row = stored(ledger.url)[table.name][place]
        replace(ledger.url, table, row, change(row))
        return _found(ledger)

    return found


def _leaf(change: Callable[[bytes], bytes], *, hashed: bool) -> Fixture:
    """The last event with other bytes, and with their hash if so told."""

    def changed(row: dict[str, Any]) -> dict[str, Any]:
        leaf = change(row["leaf"])
        return {**row, "leaf": leaf} | ({"leaf_hash": leaf_hash(leaf)} if hashed else {})

    return _altered(tables.events, 4, changed)


def _set(**values: object) -> Change:
    return lambda row: {**row, **values}


def _gone(_: dict[str, Any]) -> None:
    return None


def _sound(folder: Path) -> Iterable[Finding]:
    return _found(_ledger(folder))


def _longer(folder: Path) -> Iterable[Finding]:
    """A ledger that went on after its checkpoint."""
    ledger = _ledger(folder)
    held = ledger.checkpoints()[0][1]
    ledger.record([added("c", baseline=None, check=_unread())])
    return _found(ledger, held)


def _unread() -> Check:

    from muniment.audit.outcomes import HoldingOutcome

    return check(HoldingOutcome.UNREACHABLE, files=0, octets=0)


def _shorter(folder: Path) -> Iterable[Finding]:
    """A ledger held against the checkpoint of what it was before it was cut off."""
    ledger, older = _ledger(folder), opened(str(folder / "older.sqlite"))
    with ledger:
        held = ledger.checkpoints()[0][1]
    return _found(older, held)


def _another(folder: Path) -> Iterable[Finding]:
    with _ledger(folder, seed=2) as other:
        held = other.checkpoints()[0][1]
    return _found(_ledger(folder), held)


_SPOILT = (b"all-bytes", b"no-bytes!")

FIXTURES = {
    "LED-101": Pair(
        fires=_leaf(lambda leaf: leaf.replace(*_SPOILT), hashed=False),
        near_miss=_leaf(lambda leaf: leaf.replace(*_SPOILT), hashed=True),
    ),
    "LED-102": Pair(
        fires=_altered(tables.events, 2, _gone), near_miss=_altered(tables.events, 2, _set(at="x"))
    ),
    "LED-103": Pair(
        fires=_leaf(lambda leaf: leaf + b" ", hashed=True),
        near_miss=_leaf(lambda leaf: leaf.replace(*_SPOILT), hashed=True),
    ),
    "LED-104": Pair(fires=_altered(tables.events, 3, _set(outcome="corrupt")), near_miss=_sound),
    "LED-105": Pair(
        fires=_leaf(lambda leaf: leaf.replace(b'"previous":"', b'"previous":"0'), hashed=True),
        near_miss=_leaf(lambda leaf: leaf.replace(*_SPOILT), hashed=True),
    ),
    "LED-106": Pair(fires=_altered(tables.head, 0, _set(frontier=bytes(64))), near_miss=_longer),
    "LED-107": Pair(
        fires=_leaf(lambda leaf: leaf.replace(*_SPOILT), hashed=True), near_miss=_longer
    ),
    "LED-108": Pair(fires=_shorter, near_miss=_longer),
    "LED-109": Pair(fires=_another, near_miss=_longer),
    "LED-110": Pair(
        fires=_altered(tables.holdings, 0, _set(due_at="9999-01-01T00:00:00Z")), near_miss=_longer
    ),
    "LED-111": Pair(fires=_altered(tables.documents, 0, _gone), near_miss=_longer),
    "LED-112": Pair(fires=_altered(tables.observations, 0, _set(by="nobody")), near_miss=_longer),
    "LED-113": Pair(fires=_altered(tables.checkpoints, 0, _set(size=4)), near_miss=_longer),
}
