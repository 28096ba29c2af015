"""A ledger with a history that a report can tell of: a year, three places, faults of all kinds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from ledgers import EVIDENCE, added

from muniment.audit.bodies import (
    Accepted,
    Check,
    CheckpointExported,
    Moved,
    PromiseSet,
    Repaired,
    Retired,
    RunBegun,
    RunEnded,
)
from muniment.audit.entries import Entry, EntryKind, instant
from muniment.audit.holdings import Baseline, Fault, HoldingKind, Place
from muniment.audit.ledger import Ledger
from muniment.audit.observations import Observation
from muniment.audit.outcomes import Evidence, Extent, HoldingOutcome, Reader, Reference

BEGIN = datetime(2025, 8, 1, 21, tzinfo=UTC)
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
PLACES = ("/mnt/archive", "/mnt/tape", "s3://city-archive")
NOTHING = Evidence(read_by=Reader.NOBODY, extent=Extent.NOTHING)
SELF_TEST = {kind: {"planted": 5, "found": 5} for kind in ("folder", "tar", "zip")}
FLIPPED = Fault(
    kind="corrupt",
    path="data/letters/1952-12-27.tif",
    message="its SHA-256 is not the recorded one",
    expected="06eee341" * 8,
    actual="c5a36ab0" * 8,
)
GONE = Fault(kind="missing", path="data/letters/1953-01-04.tif", message="it is not there")
NEW = Fault(kind="extra", path="data/Thumbs.db", message="no manifest lists it")
HOSTILE = Fault(
    kind="extra",
    path="data/<script>alert(1)</script>\u202egpj.exe",
    message="no manifest lists it",
)


def name(number: int) -> str:
    """The id of a holding."""
    return f"{number:016x}"


def fill(ledger: Ledger, *, count: int = 120) -> None:
    """Take in holdings, check them in a run a month, and let things happen to some."""
    ledger.record([_added(number) for number in range(count)])
    months = [BEGIN + timedelta(days=30 * month) for month in range(1, 16)]
    for turn, when in enumerate(months):
        last = turn == len(months) - 1
        numbers = range(count) if last else range(turn % 3, count, 3)
        _run(ledger, when, {number: _found(number, last=last) for number in numbers})
    _deeds(ledger, months[-1] + timedelta(days=1))


def _added(number: int) -> Entry:
    kind = HoldingKind.FOLDER if number % 8 == 5 else HoldingKind.BAG
    location = PLACES[number % 7 % 3]
    return added(
        name(number),
        at=BEGIN + timedelta(days=number % 20),
        kind=kind,
        name=f"letters-{number:04}",
        place=Place(address=f"{location}/letters-{number:04}", form="folder", location=location),
        every=(10 if number == 11 else 90) * 86400,
        baseline=Baseline(
            document="d" * 64, algorithms=("sha256",), files=40, octets=3_000_000_000 + number
        ),
        object=name(number - 1 if number == 9 else number),
        copies=2 if number in {8, 9} else 1,
    )


def _found(number: int, *, last: bool) -> Check:
    """The last run meets a flipped file, a missing one, extra ones, a share that is not there."""
    faults = {3: (FLIPPED, GONE), 9: (GONE,), 14: (NEW, HOSTILE)}.get(number, ()) if last else ()
    if last and number % 40 == 20:
        reason = f"{PLACES[number % 7 % 3]} is not mounted"
        return Check(outcome=HoldingOutcome.UNREACHABLE, evidence=NOTHING, reason=reason)
    if last and number == 17:
        return Check(outcome=HoldingOutcome.SWAPPED, evidence=EVIDENCE, files=40, octets=1000)
    if number % 8 == 5:
        evidence = Evidence(
            read_by=Reader.AUDITOR, extent=Extent.ALL_BYTES, compared_with=(Reference.BASELINE,)
        )
        return Check(outcome=HoldingOutcome.INTACT, evidence=evidence, files=40, octets=3 * 10**9)
    outcome = HoldingOutcome(faults[0].kind) if faults else HoldingOutcome.INTACT
    return Check(
        outcome=outcome,
        evidence=EVIDENCE,
        files=40,
        octets=3 * 10**9,
        faults=faults,
        fault_count=len(faults),
    )


def _run(ledger: Ledger, when: datetime, checks: dict[int, Check]) -> None:
    run = f"{instant(when)}-0123abcd"
    begun = RunBegun(software="muniment 0.1.0", self_test=SELF_TEST, limits={"time-limit": "5h"})
    ledger.record([_of_run(EntryKind.RUN_BEGUN, when, run, begun.to_json())])
    ledger.observe(list(_observations(run, when, checks)))
    ledger.sequence()
    ended = RunEnded(
        outcomes=dict(Counter(str(check.outcome) for check in checks.values())),
        not_reached=0,
        octets=sum(check.octets for check in checks.values()),
        seconds=3600,
    )
    ledger.record([_of_run(EntryKind.RUN_ENDED, when + timedelta(hours=1), run, ended.to_json())])


def _of_run(kind: EntryKind, when: datetime, run: str, body: dict[str, object]) -> Entry:
    return Entry(kind=kind, at=instant(when), by="muniment", run=run, body=body)


def _observations(run: str, when: datetime, checks: dict[int, Check]) -> Iterator[Observation]:
    for number, check in checks.items():
        yield Observation(
            run=run,
            holding=name(number),
            attempt=1,
            at=instant(when + timedelta(seconds=number)),
            by="muniment",
            check=check,
        )


def _deeds(ledger: Ledger, when: datetime) -> None:
    """What people did: each kind of event once."""
    read = Check(outcome=HoldingOutcome.INTACT, evidence=EVIDENCE, files=40, octets=3 * 10**9)
    place = Place(address="/mnt/tape/moved", form="folder", location="/mnt/tape")
    bodies = (
        (2, EntryKind.HOLDING_MOVED, Moved(place=place, check=read)),
        (4, EntryKind.HOLDING_REPAIRED, Repaired(source=name(6), paths=2, check=read)),
        (6, EntryKind.HOLDING_RETIRED, Retired(reason="a duplicate", authority="Order 7")),
        (7, EntryKind.PROMISE_SET, PromiseSet(every=30 * 86400, copies=1)),
        (
            10,
            EntryKind.CHANGE_ACCEPTED,
            Accepted(
                baseline=Baseline(
                    document="e" * 64, algorithms=("sha256",), files=41, octets=3 * 10**9
                ),
                before="d" * 64,
                reason="a new description",
                check=read,
            ),
        ),
    )
    at = instant(when)
    ledger.record(
        [
            Entry(kind=kind, at=at, by="archivist", holding=name(number), body=body.to_json())
            for number, kind, body in bodies
        ]
    )
    exported = CheckpointExported(size=ledger.size(), root=ledger.root().hex())
    ledger.record(
        [Entry(kind=EntryKind.CHECKPOINT_EXPORTED, at=at, by="muniment", body=exported.to_json())]
    )
