"""How a holding stands after its events: a pure fold, the same for the sequencer and for the check.

A row is the holding's line in the table `holdings`, by column. It is made of leaves as they were
read (JSON), for `check-ledger` makes a million of them anew.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeAlias

from muniment.audit.canonical import JsonObject, decode, text_of
from muniment.audit.entries import EntryKind
from muniment.audit.holdings import Baseline, HoldingKind, Place
from muniment.audit.outcomes import Evidence, HoldingOutcome
from muniment.audit.states import HoldingState

_COMMON_EVIDENCE = {"compared_with", "extent", "read_by"}

Row: TypeAlias = dict[str, Any]

_WEIGHTS = {str(outcome): outcome.weight for outcome in HoldingOutcome}
_KNOWN = frozenset(str(outcome) for outcome in HoldingOutcome if outcome.is_known)


def after(row: Row | None, leaf: JsonObject, leaf_hash: bytes) -> Row:
    """The row of a holding after one more of its events; `row` is None before the first.

    The leaf is one that `decode` gave. Raises ValueError where the event cannot come now, KeyError
    where its body is not of its kind.
    """
    kind = leaf["kind"]
    if (row is None) != (kind == EntryKind.HOLDING_ADDED):
        raise ValueError(f"{kind} of a holding that is{'' if row else ' not'} there")
    now = _added(leaf) if row is None else row.copy()
    change = _CHANGES.get(kind)
    if change is not None:
        change(now, leaf)
    now["last_event"], now["last_leaf"] = leaf["number"], leaf_hash
    return now


def state_of(row: Row) -> HoldingState:
    """The row as a value."""
    baseline = row["baseline"]
    return HoldingState(
        id=row["id"],
        kind=HoldingKind(row["kind"]),
        name=row["name"],
        place=Place(
            address=row["address"],
            form=row["form"],
            location=row["location"],
            mounted=bool(row["mounted"]),
        ),
        object=row["object"],
        copies=row["copies"],
        every=row["every"],
        added_at=row["added_at"],
        since=row["since"],
        due_at=row["due_at"],
        checked_at=row["checked_at"],
        outcome=HoldingOutcome(row["outcome"]),
        evidence=Evidence.from_json(decode(row["evidence"].encode())),
        files=row["files"],
        octets=row["octets"],
        baseline=None if baseline is None else Baseline.from_json(decode(baseline.encode())),
        retired=bool(row["retired"]),
        last_event=row["last_event"],
    )


@lru_cache(maxsize=4096)  # checks of one second fall due in one
def later(text: str, seconds: int) -> str:
    """A moment so many seconds later, both as events carry them; the last one there is at most."""
    try:
        when = datetime.fromisoformat(text[:-1]) + timedelta(seconds=seconds)
    except OverflowError:
        when = datetime.max  # noqa: DTZ901 - as text, and UTC like all of it
    return when.isoformat(timespec="seconds") + "Z"


def _added(leaf: JsonObject) -> Row:
    body, at = leaf["body"], leaf["at"]
    row: Row = {
        "id": leaf["holding"],
        "kind": body["kind"],
        "name": body["name"],
        **body["place"],
        "object": body["object"],
        "copies": body["copies"],
        "every": body["every"],
        "added_at": at,
        "since": at,
        "due_at": later(at, body["every"]),
        "retired": False,
        "run": None,
        "outcome": body["check"]["outcome"],
    }
    _describe(row, body["baseline"], body["check"])
    _take_check(row, leaf, body["check"])
    return row


def _describe(row: Row, baseline: JsonObject | None, check: JsonObject) -> None:
    """What the holding is: its baseline, else what was read of it."""
    row["baseline"] = None if baseline is None else text_of(baseline)
    known = baseline or check
    row["files"], row["octets"] = known["files"], known["octets"]


def _take_check(row: Row, leaf: JsonObject, check: JsonObject) -> None:
    """A check of whatever event: the newest counts, and of one run's the worst."""
    outcome, at = check["outcome"], leaf["at"]
    same_run = row["run"] is not None and row["run"] == leaf["run"]
    if not (same_run and _WEIGHTS[row["outcome"]] > _WEIGHTS[outcome]):
        row["outcome"] = outcome
        row["evidence"] = _evidence_text(check["evidence"])
    row["run"], row["checked_at"] = leaf["run"], at
    if outcome in _KNOWN:
        row["since"] = at
        row["due_at"] = later(at, row["every"])


def _evidence_text(evidence: JsonObject) -> str:
    """Its canonical text; most checks rest on the same few kinds of evidence."""
    if evidence.keys() != _COMMON_EVIDENCE:
        return text_of(evidence)
    compared = tuple(evidence["compared_with"])
    return _common_evidence(compared, evidence["extent"], evidence["read_by"])


@lru_cache(maxsize=256)
def _common_evidence(compared: tuple[str, ...], extent: str, read_by: str) -> str:
    return text_of({"compared_with": compared, "extent": extent, "read_by": read_by})


def _checked(row: Row, leaf: JsonObject) -> None:
    _take_check(row, leaf, leaf["body"])


def _accepted(row: Row, leaf: JsonObject) -> None:
    body = leaf["body"]
    _describe(row, body["baseline"], body["check"])
    _take_check(row, leaf, body["check"])


def _moved(row: Row, leaf: JsonObject) -> None:
    row.update(leaf["body"]["place"])
    _take_check(row, leaf, leaf["body"]["check"])


def _repaired(row: Row, leaf: JsonObject) -> None:
    _take_check(row, leaf, leaf["body"]["check"])


def _promised(row: Row, leaf: JsonObject) -> None:
    body = leaf["body"]
    row["every"], row["copies"] = body["every"], body["copies"]
    row["due_at"] = later(row["since"], body["every"])


def _retired(row: Row, _: JsonObject) -> None:
    row["retired"] = True


_CHANGES = {
    EntryKind.FIXITY_CHECKED: _checked,
    EntryKind.CHANGE_ACCEPTED: _accepted,
    EntryKind.HOLDING_MOVED: _moved,
    EntryKind.HOLDING_REPAIRED: _repaired,
    EntryKind.PROMISE_SET: _promised,
    EntryKind.HOLDING_RETIRED: _retired,
}
