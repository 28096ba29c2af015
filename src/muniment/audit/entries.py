"""What the ledger is told, and what it makes of it: an entry becomes an event when it has a number.

The leaf of an event is its canonical bytes; everything else that is stored of it is derived. Each
event of a holding carries the leaf hash of the holding's previous event, so that the events of one
holding are a chain from which none can be left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from muniment.audit.canonical import NotCanonicalError, decode, encode
from muniment.audit.merkle import leaf_hash

LEAF_VERSION = 1


class EntryKind(StrEnum):
    """What can happen in a ledger."""

    LEDGER_OPENED = "ledger-opened"
    RUN_BEGUN = "run-begun"
    RUN_ENDED = "run-ended"
    HOLDING_ADDED = "holding-added"
    FIXITY_CHECKED = "fixity-checked"
    CHANGE_ACCEPTED = "change-accepted"  # a new description, with who took it and why
    PROMISE_SET = "promise-set"
    HOLDING_MOVED = "holding-moved"
    HOLDING_REPAIRED = "holding-repaired"
    HOLDING_RETIRED = "holding-retired"
    CHECKPOINT_EXPORTED = "checkpoint-exported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that happened, before the ledger gave it a number.

    `at` is RFC 3339 in UTC, to the second, by the clock of whoever tells it. `by` is a role or a
    short name. `body` is what the kind of entry carries: see `bodies`.
    """

    kind: EntryKind
    at: str
    by: str
    holding: str | None = None
    run: str | None = None
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An entry with its place in the history. `number` counts from 0, as leaves of a tree do.

    `previous` is the leaf hash (raw) of the previous event of the same holding; None for its first
    and for events of no holding.
    """

    number: int
    entry: Entry
    previous: bytes | None

    def leaf(self) -> bytes:
        """The canonical bytes that are hashed into the tree."""
        entry = self.entry
        return encode(
            {
                "at": entry.at,
                "body": entry.body,
                "by": entry.by,
                "holding": entry.holding,
                "kind": str(entry.kind),
                "number": self.number,
                "previous": None if self.previous is None else self.previous.hex(),
                "run": entry.run,
                "v": LEAF_VERSION,
            }
        )

    def leaf_hash(self) -> bytes:
        """The hash of the leaf (RFC 6962 section 2.1)."""
        return leaf_hash(self.leaf())


_MEMBERS = {"at", "body", "by", "holding", "kind", "number", "previous", "run", "v"}


def members_of(leaf: bytes) -> dict[str, Any]:
    """An event's members, as JSON. Raises NotCanonicalError for anything but a leaf."""
    members = decode(leaf)
    if members.keys() != _MEMBERS or members["v"] != LEAF_VERSION or members["v"] is True:
        raise NotCanonicalError("it is not an event of this version of the ledger")
    return members


def event_of(leaf: bytes) -> Event:
    """Read an event back from its leaf. Raises NotCanonicalError for anything but a leaf."""
    members = members_of(leaf)
    try:
        previous = members["previous"]
        entry = Entry(
            kind=EntryKind(members["kind"]),
            at=members["at"],
            by=members["by"],
            holding=members["holding"],
            run=members["run"],
            body=members["body"],
        )
        return Event(
            number=members["number"],
            entry=entry,
            previous=None if previous is None else bytes.fromhex(previous),
        )
    except (ValueError, TypeError) as fault:
        raise NotCanonicalError(f"it is not an event: {fault}") from fault


def instant(when: datetime) -> str:
    """A moment as events carry it: RFC 3339, UTC, to the second."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str) -> datetime:
    """The moment that an event's text stands for. Raises ValueError."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
