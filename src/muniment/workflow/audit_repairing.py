"""audit repair: a damaged holding is made whole from a copy.

request -> copy verified -> holding read, what is found recorded -> differences -> written aside,
durable, in place -> read again -> event.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from muniment.audit.bodies import Repaired
from muniment.audit.canonical import decoded_name
from muniment.audit.entries import Entry, EntryKind, instant
from muniment.audit.holdings import Place
from muniment.audit.ledger import Ledger
from muniment.audit.mending import (
    Differences,
    differences,
    finish_interrupted,
    make_anew,
    mend_folder,
    move_aside,
    replace_archive,
)
from muniment.audit.outcomes import HoldingOutcome
from muniment.audit.states import HoldingState
from muniment.bags.homes import open_bag
from muniment.model.errors import UsageError
from muniment.model.findings import Finding, JsonValue, Location, Report
from muniment.model.rules import promise
from muniment.storage.executors import Executor
from muniment.workflow.audit_looking import (
    Looked,
    address,
    checked_entry,
    holding_subject,
    look,
)

_FOLDER, _PACKED = "folder", "tar.gz"
_ON_DISK = frozenset({_FOLDER, "tar", _PACKED, "zip"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairRequest:
    """What to mend and from what. Files that nobody recorded go to `extra_to`, if it is given."""

    holding: str
    copy: str
    by: str
    extra_to: Path | None = None


def repair(
    ledger: Ledger,
    request: RepairRequest,
    *,
    clock: Callable[[], datetime],
    executor: Executor,
) -> Report:
    """Make a holding whole from another one of the same content.

    How both were found is recorded before anything is written. A holding that cannot be reached or
    read is left alone: where nothing is mounted there is nothing to mend. Raises UsageError where
    the two cannot be brought together, and EnvironmentFault where a disk stands in the way: the
    holding is then as it was, or the same command again finishes it.
    """
    state, source = ledger.find(request.holding), ledger.find(request.copy)
    _refuse_what_cannot_be(state, source)
    found = _Found(ledger=ledger, by=request.by, clock=clock, executor=executor)
    proven = found.of(source)
    if proven.check.outcome is not HoldingOutcome.INTACT:
        return _refused(state, source, proven)
    finish_interrupted(_path(state.place))
    before = found.of(state)
    if not before.check.outcome.is_known:
        subject = holding_subject(state, before.findings, before.skipped)
        return Report(command="audit repair", subjects=(subject,))
    written = _mend(state, source, before, request, executor)
    after = look(ledger, state, executor)
    body = Repaired(source=source.id, paths=len(written.paths), check=after.check)
    entry = Entry(
        kind=EntryKind.HOLDING_REPAIRED,
        at=instant(clock()),
        by=request.by,
        holding=state.id,
        body=body.to_json(),
    )
    event = ledger.record([entry], after.documents)[0]
    result: dict[str, JsonValue] = {
        "holding": state.id,
        "event": event.number,
        "from": address(source.place),
        "found": {"before": str(before.check.outcome), "after": str(after.check.outcome)},
        "written": list(written.paths),
        "moved": list(written.moved),
    }
    findings = (*after.findings, *written.findings)
    subject = holding_subject(state, findings, after.skipped)
    return Report(command="audit repair", subjects=(subject,), result=result)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """How holdings are found, recorded as it is seen."""

    ledger: Ledger
    by: str
    clock: Callable[[], datetime]
    executor: Executor

    def of(self, state: HoldingState) -> Looked:
        """Check a holding and record what came of it."""
        seen = look(self.ledger, state, self.executor)
        entry = checked_entry(state, seen.check, by=self.by, at=instant(self.clock()))
        self.ledger.record([entry], seen.documents)
        return seen


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """What a repair wrote and moved, by path, and what is to be told of it."""

    paths: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def _mend(
    state: HoldingState,
    source: HoldingState,
    before: Looked,
    request: RepairRequest,
    executor: Executor,
) -> _Written:
    """Bring a holding back to what its copy holds; nothing where it is intact already."""
    place, copy = _path(state.place), _path(source.place)
    if before.check.outcome is HoldingOutcome.INTACT:
        return _Written()
    if state.place.form != _FOLDER:
        replace_archive(place, copy)
        return _Written(paths=(place.name,))
    home = open_bag(copy)
    if not place.exists():
        found = differences(home, None, executor)
        make_anew(place, home, found)
        return _Written(paths=found.to_write)
    found = differences(home, open_bag(place), executor)
    if found.to_write:
        mend_folder(place, home, found)
    return _beside(place, found, request.extra_to)


def _beside(place: Path, found: Differences, extra_to: Path | None) -> _Written:
    """What was written, and what became of the files that nobody recorded."""
    if found.extra and extra_to is not None:
        move_aside(place, found.extra, extra_to)
        return _Written(paths=found.to_write, moved=found.extra)
    left = tuple(
        Finding(
            rule=promise.LEFT_AS_IT_IS,
            message=f"{path} was left where it is",
            location=Location(path=path),
        )
        for path in found.extra
    )
    return _Written(paths=found.to_write, findings=left)


def _refused(state: HoldingState, source: HoldingState, proven: Looked) -> Report:
    """The copy is not proven: nothing is written from it."""
    findings = list(proven.findings)
    if proven.check.outcome.is_known:
        findings.append(
            Finding(
                rule=promise.NOTHING_TO_REPAIR,
                message=f"{address(source.place)} is {proven.check.outcome} itself; "
                "nothing was written",
            )
        )
    subject = holding_subject(state, findings, proven.skipped)
    return Report(command="audit repair", subjects=(subject,))


def _refuse_what_cannot_be(state: HoldingState, source: HoldingState) -> None:
    """Raise UsageError for two holdings of which one cannot mend the other."""
    name, other = state.name, source.name
    if state.retired:
        raise UsageError(f"{name} is retired; it is not repaired any more")
    if state.id == source.id:
        raise UsageError(f"{name} cannot be repaired from itself")
    if state.baseline is None or source.baseline is None:
        raise UsageError("one of the two has no baseline: nothing says what it should hold")
    if state.baseline.document != source.baseline.document:
        raise UsageError(f"{other} holds something else than {name}: their baselines differ")
    if {state.place.form, source.place.form} - _ON_DISK:
        raise UsageError("only folders and archives on a disk can be repaired, from such ones")
    if state.place.form not in {_FOLDER, source.place.form}:
        raise UsageError(f"{name} is a {state.place.form}; name a copy that is one too")
    if state.place.form == _FOLDER and source.place.form == _PACKED:
        raise UsageError(f"{other} is a tar.gz; a folder is repaired from a folder, tar or zip")


def _path(place: Place) -> Path:
    return Path(decoded_name(place.address))
