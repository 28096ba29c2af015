"""The events of a proof: read, held to their form, and chained."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from muniment.audit.bodies import Accepted, Added, Check, Moved, Repaired
from muniment.audit.canonical import NotCanonicalError, encode
from muniment.audit.entries import EntryKind, Event, event_of, moment
from muniment.audit.holdings import Baseline
from muniment.audit.merkle import leaf_hash

_HASH = re.compile("[0-9a-f]{64}")
# What can happen to one holding; the rest are events of the ledger as a whole.
_OF_A_HOLDING = frozenset(
    {
        EntryKind.HOLDING_ADDED,
        EntryKind.FIXITY_CHECKED,
        EntryKind.CHANGE_ACCEPTED,
        EntryKind.PROMISE_SET,
        EntryKind.HOLDING_MOVED,
        EntryKind.HOLDING_REPAIRED,
        EntryKind.HOLDING_RETIRED,
    }
)
_MALFORMED = (KeyError, TypeError, ValueError, AttributeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An event as a proof shows it; what it does not carry is None.

    `leaf_hash` is of the bytes that stand in the proof, however they are understood. `name` is what
    the holding is called by the event that added it.
    """

    event: Event
    leaf_hash: bytes
    check: Check | None = None
    baseline: Baseline | None = None
    name: str | None = None


def recorded(member: Mapping[str, Any]) -> Recorded:
    """What an event of a proof says. Raises ValueError for anything but an event of a holding."""
    try:
        leaf = encode(member)
        event = event_of(leaf)
        _hold_to_types(member)
        told = _told(event, leaf_hash(leaf))
    except NotCanonicalError as fault:
        raise ValueError(str(fault)) from fault
    except _MALFORMED as fault:
        raise ValueError(f"it is not an event that this version knows: {fault}") from fault
    if event.entry.kind not in _OF_A_HOLDING:
        raise ValueError(f"{event.entry.kind} is not an event of a holding")
    return told


def chain_faults(history: Sequence[Recorded], holding: str) -> Iterator[tuple[int, str]]:
    """Each place where the events are not the holding's whole chain, and why."""
    before: Recorded | None = None
    for place, each in enumerate(history):
        event = each.event
        if event.entry.holding != holding:
            yield place, f"it is of the holding {event.entry.holding}, not of {holding}"
        if (event.entry.kind is EntryKind.HOLDING_ADDED) != (place == 0):
            yield place, "a history begins where the holding was added, and nowhere else"
        if event.previous != (None if before is None else before.leaf_hash):
            yield place, "it does not name the event before it as its previous one"
        if before is not None and event.number <= before.event.number:
            yield place, f"its number, {event.number}, is not above the one before"
        before = each


def _hold_to_types(member: Mapping[str, Any]) -> None:
    """Raise ValueError where a member of an event is not of its type."""
    number, previous, run = member["number"], member["previous"], member["run"]
    moment(member["at"])
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise ValueError("its number is no count")
    if previous is not None and not _HASH.fullmatch(previous):
        raise ValueError("its previous event is not named by a hash")
    if not isinstance(member["by"], str) or not isinstance(run, str | None):
        raise ValueError("who told it, or in which run, is no text")  # noqa: TRY004
    if not isinstance(member["body"], dict):
        raise ValueError("its body is no object")  # noqa: TRY004


def _told(event: Event, of_leaf: bytes) -> Recorded:
    """What the body of an event carries. Raises what `bodies` raises."""
    body = event.entry.body
    match event.entry.kind:
        case EntryKind.HOLDING_ADDED:
            added = Added.from_json(body)
            return Recorded(
                event=event,
                leaf_hash=of_leaf,
                check=added.check,
                baseline=added.baseline,
                name=str(added.name),
            )
        case EntryKind.FIXITY_CHECKED:
            return Recorded(event=event, leaf_hash=of_leaf, check=Check.from_json(body))
        case EntryKind.CHANGE_ACCEPTED:
            accepted = Accepted.from_json(body)
            return Recorded(
                event=event, leaf_hash=of_leaf, check=accepted.check, baseline=accepted.baseline
            )
        case EntryKind.HOLDING_MOVED:
            return Recorded(event=event, leaf_hash=of_leaf, check=Moved.from_json(body).check)
        case EntryKind.HOLDING_REPAIRED:
            return Recorded(event=event, leaf_hash=of_leaf, check=Repaired.from_json(body).check)
    return Recorded(event=event, leaf_hash=of_leaf)
