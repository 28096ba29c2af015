"""Events in plain words: what happened, what was found, and what that rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from muniment.audit.bodies import (
    Accepted,
    Added,
    Check,
    CheckpointExported,
    Moved,
    PromiseSet,
    Repaired,
    Retired,
    RunBegun,
    RunEnded,
)
from muniment.audit.canonical import JsonObject, decoded_name
from muniment.audit.entries import EntryKind, Event
from muniment.audit.outcomes import Evidence, Extent, HoldingOutcome, Reader, Reference
from muniment.model.intervals import spoken

_EXTENTS = {
    Extent.NOTHING: "nothing was read",
    Extent.EXISTENCE: "only that it is there",
    Extent.SIZE: "its size",
    Extent.STATED_CHECKSUM: "a checksum that the provider keeps",
    Extent.RECOMPUTED_CHECKSUM: "a checksum that the provider computed anew",
    Extent.ALL_BYTES: "all bytes",
}
_READERS = {
    Reader.AUDITOR: "read by the audit",
    Reader.PROVIDER: "read by the provider",
    Reader.NOBODY: "read by nobody",
}
_REFERENCES = {
    Reference.BAG_MANIFESTS: "the bag's own manifests",
    Reference.BASELINE: "what the ledger keeps of it",
}
_OUTCOMES = {
    HoldingOutcome.CHANGED: "changed, as recorded",
    HoldingOutcome.EXTRA: "with extra files",
    HoldingOutcome.AUDITOR_FAULT: "not checked, by a fault of the audit",
}


def told(event: Event) -> str:
    """What an event says, for a person. Names in it may hold any character."""
    return _WORDS[event.entry.kind](event.entry.body)


def evidence_told(read_by: Reader, extent: Extent, compared_with: Sequence[Reference] = ()) -> str:
    """What a check rests on: how much, read by whom, compared with what."""
    if extent is Extent.NOTHING:
        return _EXTENTS[extent]
    words = f"{_EXTENTS[extent]}, {_READERS[read_by]}"
    compared = " and ".join(_REFERENCES[each] for each in compared_with)
    return f"{words}, compared with {compared}" if compared else words


def check_told(check: Check) -> str:
    """How a holding was found, and what that rests on."""
    words = f"found {_OUTCOMES.get(check.outcome, str(check.outcome))}"
    if check.faults:
        words = f"{words} ({_faults(check)})"
    elif check.reason is not None:
        words = f"{words} ({check.reason})"
    if check.first is not None:
        words = f"{words}, at first {check.first}"
    read = f" ({_counted(check.files, 'file')}, {check.octets:,} bytes)" if check.files else ""
    return f"{words}; {_grade(check.evidence)}{read}"


def _grade(evidence: Evidence) -> str:
    words = evidence_told(evidence.read_by, evidence.extent, evidence.compared_with)
    if evidence.nonce is None:
        return words
    size = evidence.nonce.checkpoint_size
    return f"{words}, and read again with the checkpoint of {size:,} events before every byte"


def _faults(check: Check) -> str:
    named = [
        fault.message if fault.path is None else f"{decoded_name(fault.path)}: {fault.message}"
        for fault in check.faults
    ]
    more = check.fault_count - len(named)
    return "; ".join([*named, *([f"and {more:,} more"] if more > 0 else [])])


def _opened(body: JsonObject) -> str:
    return f"the ledger {body.get('origin', '')} was opened".replace("  ", " ")


def _begun(body: JsonObject) -> str:
    run = RunBegun.from_json(body)
    planted = sum(each["planted"] for each in run.self_test.values())
    found = sum(each["found"] for each in run.self_test.values())
    limits = "".join(f", {name} {value}" for name, value in run.limits.items())
    void = "; it is void" if run.is_void else ""
    return (
        f"a run of {run.software} began{limits}; its self-test found {found} of"
        f" {_counted(planted, 'planted fault')}{void}"
    )


def _ended(body: JsonObject) -> str:
    run = RunEnded.from_json(body)
    outcomes = ", ".join(f"{count:,} {name}" for name, count in run.outcomes.items())
    return (
        f"the run ended: {outcomes or 'nothing was checked'}; {run.not_reached:,} not reached;"
        f" {run.octets:,} bytes in {run.seconds:,} s"
    )


def _added(body: JsonObject) -> str:
    added = Added.from_json(body)
    return (
        f"taken in, a {added.kind} at {decoded_name(added.place.address)}, to be checked every"
        f" {spoken(added.every)}; {check_told(added.check)}"
    )


def _accepted(body: JsonObject) -> str:
    accepted = Accepted.from_json(body)
    return f'a change was accepted, "{accepted.reason}"; {check_told(accepted.check)}'


def _promised(body: JsonObject) -> str:
    promise = PromiseSet.from_json(body)
    copies = "1 copy" if promise.copies == 1 else f"{promise.copies:,} copies"
    return f"to be checked every {spoken(promise.every)} from now on; {copies} required"


def _moved(body: JsonObject) -> str:
    moved = Moved.from_json(body)
    return f"moved to {decoded_name(moved.place.address)}; {check_told(moved.check)}"


def _repaired(body: JsonObject) -> str:
    repaired = Repaired.from_json(body)
    return (
        f"{_counted(repaired.paths, 'file')} written anew from the copy {repaired.source};"
        f" {check_told(repaired.check)}"
    )


def _retired(body: JsonObject) -> str:
    retired = Retired.from_json(body)
    return f'kept no longer, "{retired.reason}", on the authority of "{retired.authority}"'


def _exported(body: JsonObject) -> str:
    exported = CheckpointExported.from_json(body)
    return f"a checkpoint over the first {_counted(exported.size, 'event')} left the house"


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


_WORDS: Mapping[EntryKind, Callable[[JsonObject], str]] = {
    EntryKind.LEDGER_OPENED: _opened,
    EntryKind.RUN_BEGUN: _begun,
    EntryKind.RUN_ENDED: _ended,
    EntryKind.HOLDING_ADDED: _added,
    EntryKind.FIXITY_CHECKED: lambda body: check_told(Check.from_json(body)),
    EntryKind.CHANGE_ACCEPTED: _accepted,
    EntryKind.PROMISE_SET: _promised,
    EntryKind.HOLDING_MOVED: _moved,
    EntryKind.HOLDING_REPAIRED: _repaired,
    EntryKind.HOLDING_RETIRED: _retired,
    EntryKind.CHECKPOINT_EXPORTED: _exported,
}
