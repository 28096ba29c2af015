"""audit history: every event as data, and as PREMIS, which can also go into a bag.

events of the ledger -> events in PREMIS's terms -> document -> standard output, or a tag file.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from muniment.audit.bodies import RunBegun
from muniment.audit.canonical import coded_name, decoded_name
from muniment.audit.entries import EntryKind, Event
from muniment.audit.histories import check_of
from muniment.audit.holdings import HoldingKind
from muniment.audit.ledger import Ledger
from muniment.audit.narrating import told
from muniment.audit.outcomes import Extent, HoldingOutcome
from muniment.audit.states import HoldingState
from muniment.metadata.premis import program_agent
from muniment.metadata.premis_history import HeldObject, HistoryEvent, premis_history
from muniment.model import events as premis
from muniment.model.digests import Digest
from muniment.model.errors import UsageError
from muniment.model.events import EXECUTING_PROGRAM, IMPLEMENTER, EventType, Outcome
from muniment.model.findings import JsonValue, Report
from muniment.storage.progress import Progress
from muniment.workflow.updating import UpdateRequest, update

BAG_PATH = "metadata/premis-audit.xml"

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PROGRAM = re.compile(r"muniment (\S+)")
_FIXITY = frozenset({Extent.ALL_BYTES, Extent.RECOMPUTED_CHECKSUM})
_TYPES = {
    EntryKind.LEDGER_OPENED: EventType.LEDGER_OPENING,
    EntryKind.RUN_BEGUN: EventType.AUDIT_RUN_BEGIN,
    EntryKind.RUN_ENDED: EventType.AUDIT_RUN_END,
    EntryKind.CHANGE_ACCEPTED: EventType.CHANGE_ACCEPTANCE,
    EntryKind.PROMISE_SET: EventType.FIXITY_PROMISE,
    EntryKind.HOLDING_MOVED: EventType.TRANSFER,
    EntryKind.HOLDING_REPAIRED: EventType.RECOVERY,
    EntryKind.HOLDING_RETIRED: EventType.DEACCESSION,
    EntryKind.CHECKPOINT_EXPORTED: EventType.CHECKPOINT_EXPORT,
}
# What the program does by itself; whoever is named had it done.
_BY_PROGRAM = frozenset(
    {
        EntryKind.LEDGER_OPENED,
        EntryKind.RUN_BEGUN,
        EntryKind.RUN_ENDED,
        EntryKind.FIXITY_CHECKED,
        EntryKind.CHECKPOINT_EXPORTED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IntoBag:
    """The bag that a history goes into, why, and who asked for it."""

    bag: Path
    reason: str
    by: str


def event_data(event: Event) -> dict[str, JsonValue]:
    """An event as data, with its plain words and the hash by which proofs know it."""
    entry = event.entry
    return {
        "number": event.number,
        "at": entry.at,
        "kind": str(entry.kind),
        "holding": entry.holding,
        "run": entry.run,
        "by": entry.by,
        "told": told(event),
        "body": entry.body,
        "leaf_hash": event.leaf_hash().hex(),
        "previous": None if event.previous is None else event.previous.hex(),
    }


def history_premis(ledger: Ledger, holding: HoldingState | None) -> Iterator[bytes]:
    """The history of one holding, or of the ledger, as a PREMIS 3.0 document in pieces.

    Raises UsageError where there is no holding at all: PREMIS wants an object.
    """
    if holding is None and next(ledger.holdings(include_retired=True), None) is None:
        raise UsageError(f"the ledger {ledger.place} has no holding yet, and PREMIS wants one")
    kept = ledger.holdings(include_retired=True) if holding is None else iter([holding])
    events = ledger.events(holding=None if holding is None else holding.id)
    agents = _Agents(ledger)
    return premis_history(
        map(_object, kept), (_history_event(ledger.origin, each, agents) for each in events)
    )


def history_into_bag(
    ledger: Ledger,
    holding: HoldingState,
    into: IntoBag,
    *,
    now: Callable[[], datetime],
    progress: Progress,
) -> Report:
    """Put the history of a holding into a bag as a tag file, in the way that `update` does.

    The bag is another one then; `audit accept` records that. Raises UsageError, EnvironmentFault.
    """
    with tempfile.TemporaryDirectory(prefix="muniment-") as folder:
        document = Path(folder) / "premis-audit.xml"
        with document.open("wb") as file:
            file.writelines(history_premis(ledger, holding))
        request = UpdateRequest(
            bag=into.bag, reason=into.reason, by=into.by, tag_files=((BAG_PATH, document),)
        )
        report = update(request, now=now, progress=progress)
    return replace(report, command="audit history")


@dataclass(slots=True)
class _Agents:
    """Who and what acted: the program of each run is looked up once."""

    ledger: Ledger
    software: dict[str, str] = field(default_factory=dict)

    def of(self, event: Event) -> tuple[tuple[premis.Agent, premis.Term], ...]:
        """The agents of an event with their roles."""
        entry = event.entry
        program = self._program(event)
        role = EXECUTING_PROGRAM if entry.kind in _BY_PROGRAM and program is None else IMPLEMENTER
        named = () if program and entry.by == program.name else ((_named(entry.by), role),)
        return (*(((program, EXECUTING_PROGRAM),) if program else ()), *named)

    def _program(self, event: Event) -> premis.Agent | None:
        """The program of the event's run."""
        run = event.entry.run
        if run is None:
            return None
        if run not in self.software:
            self.software[run] = _software(self.ledger.events(run=run, kinds=[EntryKind.RUN_BEGUN]))
        known = _PROGRAM.fullmatch(self.software[run])
        return program_agent(known[1]) if known else None


def _software(events: Iterator[Event]) -> str:
    first = next(events, None)
    return "" if first is None else RunBegun.from_json(first.entry.body).software


def _named(name: str) -> premis.Agent:
    text = _xml_text(name)
    return premis.Agent(identifier=text, name=text, kind=None)


def _object(state: HoldingState) -> HeldObject:
    tag_manifests = () if state.baseline is None else state.baseline.tag_manifests
    return HeldObject(
        identifier=state.id,
        copy_of=None if state.object == state.id else state.object,
        name=_xml_text(decoded_name(state.name)),
        files=state.files,
        octets=state.octets,
        location=_xml_text(decoded_name(state.place.address)),
        digests=tuple(
            (each.path, Digest(algorithm=each.algorithm, value=bytes.fromhex(each.digest)))
            for each in tag_manifests
        ),
    )


def _history_event(origin: str, event: Event, agents: _Agents) -> HistoryEvent:
    kind, outcome, note = _found(event)
    return HistoryEvent(
        identifier=f"{origin}#{event.number}",
        holding=event.entry.holding,
        event=premis.Event(
            type=kind,
            when=event.entry.at,
            detail=_xml_text(told(event)),
            outcome=outcome,
            outcome_note=note,
            agents=agents.of(event),
            extension={"leaf hash": event.leaf_hash().hex()},
        ),
    )


def _found(event: Event) -> tuple[EventType, Outcome, str | None]:
    """The type of an event, how it ended, and the outcome of the check that it tells of."""
    kind = event.entry.kind
    if kind is EntryKind.RUN_BEGUN and RunBegun.from_json(event.entry.body).is_void:
        return _TYPES[kind], Outcome.FAIL, "void"
    try:
        check = check_of(event)
    except KeyError:
        return _TYPES[kind], Outcome.SUCCESS, None
    outcome = Outcome.SUCCESS if check.outcome.is_good else Outcome.FAIL
    if kind in _TYPES:
        return _TYPES[kind], outcome, str(check.outcome)
    return _check_type(event, check.outcome, check.evidence.extent), outcome, str(check.outcome)


def _check_type(event: Event, outcome: HoldingOutcome, extent: Extent) -> EventType:
    """A `fix` event only where bytes were compared; a folder's first digests are calculated."""
    compared = outcome.is_known and extent in _FIXITY
    if event.entry.kind is EntryKind.HOLDING_ADDED:
        if not compared:
            return EventType.TAKING_UNDER_AUDIT
        if event.entry.body["kind"] == HoldingKind.FOLDER:
            return EventType.MESSAGE_DIGEST_CALCULATION
    known_loss = outcome is HoldingOutcome.MISSING
    return EventType.FIXITY_CHECK if compared or known_loss else EventType.FIXITY_CHECK_ATTEMPT


def _xml_text(text: str) -> str:
    """Text that XML can hold; what it cannot is percent-coded."""
    return _NOT_XML.sub(lambda match: coded_name(match[0]), text)
