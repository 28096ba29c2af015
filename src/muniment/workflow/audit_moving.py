"""audit move: a holding lies elsewhere now. Both ends are verified before its place switches.

request -> old place read -> new place read against the same baseline -> the same content? -> event.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime

from muniment.audit.bodies import Moved
from muniment.audit.entries import Entry, EntryKind, instant
from muniment.audit.holdings import Place
from muniment.audit.ledger import Ledger
from muniment.audit.outcomes import HoldingOutcome
from muniment.audit.places import home_at
from muniment.audit.states import HoldingState
from muniment.model.errors import UsageError
from muniment.model.findings import Finding, Report
from muniment.model.rules import promise
from muniment.storage.addresses import Address
from muniment.storage.executors import Executor
from muniment.workflow.audit_looking import address, checked_entry, holding_subject, look

# What may be found at the old place: the holding itself, or that it was moved already.
_MAY_GO = frozenset({HoldingOutcome.INTACT, HoldingOutcome.MISSING})


def move(
    ledger: Ledger,
    asked: str,
    place: Place,
    *,
    by: str,
    clock: Callable[[], datetime],
    executor: Executor,
) -> Report:
    """Switch a holding to another place, if what is recorded of it lies there whole.

    What is found at the old place is recorded first. Where that is neither intact nor gone, the
    move waits: a damaged holding is repaired, one that cannot be reached is asked for again.
    Raises UsageError where there is no such holding, it is retired, lies there already, or has no
    baseline, and where another holding lies at the new place: one copy would then count as two.
    """
    state = ledger.find(asked)
    _refuse(state.retired, f"{asked} is retired; it is not moved any more")
    _refuse(place.address == state.place.address, f"{asked} lies there already")
    _refuse(
        state.baseline is None,
        f"nothing is known yet of what {asked} holds; record it with audit accept",
    )
    _refuse_a_place_that_is_taken(ledger, state, place)
    old = look(ledger, state, executor)
    new = look(ledger, state, executor, place=place)
    findings = [*old.findings, *new.findings]
    if new.check.outcome.is_known and new.check.outcome is not HoldingOutcome.INTACT:
        findings.append(
            Finding(
                rule=promise.OTHER_CONTENT,
                message=f"{address(place)} is {new.check.outcome}: not what is recorded of {asked}",
            )
        )
    ends = {"old": str(old.check.outcome), "new": str(new.check.outcome)}
    entries = [checked_entry(state, old.check, by=by, at=instant(clock()))]
    moves = new.check.outcome is HoldingOutcome.INTACT and old.check.outcome in _MAY_GO
    if moves:
        findings = list(new.findings)
        moved = Moved(place=place, check=new.check)
        entries.append(
            Entry(
                kind=EntryKind.HOLDING_MOVED,
                at=instant(clock()),
                by=by,
                holding=state.id,
                body=moved.to_json(),
            )
        )
    events = ledger.record(entries, {**old.documents, **new.documents})
    skipped = (*(() if moves else old.skipped), *new.skipped)
    return Report(
        command="audit move",
        subjects=(holding_subject(state, findings, skipped),),
        result={
            "holding": state.id,
            "event": events[-1].number if moves else None,
            "from": address(state.place),
            "to": address(place),
            "found": ends,
        },
    )


def _refuse(obstacle: bool, message: str) -> None:  # noqa: FBT001 - read as a sentence
    if obstacle:
        raise UsageError(message)


def _refuse_a_place_that_is_taken(ledger: Ledger, state: HoldingState, place: Place) -> None:
    """Raise UsageError where another holding lies at a place, or a copy does by another path."""
    there = ledger.at_address(place.address)
    real = _real(place)
    same = (each for each in ledger.copies(state.object) if not each.retired)
    taken = there or next((each for each in same if _real(each.place) == real), None)
    if taken is not None and taken.id != state.id:
        raise UsageError(
            f"{address(place)} is the holding {taken.id} already; copy {state.name} to a place of "
            "its own first"
        )


def _real(place: Place) -> str:
    """Where a place leads to."""
    home = home_at(place)
    return str(home) if isinstance(home, Address) else os.path.realpath(home)
