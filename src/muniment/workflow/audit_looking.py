"""A holding looked at outside a run: what stories that change its record rest on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from muniment.audit import looking
from muniment.audit.bodies import Check
from muniment.audit.canonical import decoded_name
from muniment.audit.entries import Entry, EntryKind
from muniment.audit.holdings import Baseline, HoldingKind, Place
from muniment.audit.ledger import Ledger
from muniment.audit.outcomes import HoldingOutcome
from muniment.audit.states import HoldingState
from muniment.audit.verdicts import verdict_on
from muniment.model.findings import Finding, Skipped, SubjectReport
from muniment.storage.executors import Executor


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A check against the baseline, what it refers to, and how a report tells it."""

    check: Check
    documents: Mapping[str, bytes] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What lies at a place, described anew; no baseline where it is not sound in itself."""

    check: Check
    baseline: Baseline | None
    documents: Mapping[str, bytes] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    summary: str = ""


def look(
    ledger: Ledger, state: HoldingState, executor: Executor, *, place: Place | None = None
) -> Looked:
    """Check a holding by its baseline, where it lies or at another place."""
    baseline = state.baseline
    task = looking.Task(
        kind=state.kind,
        place=place or state.place,
        description=None if baseline is None else ledger.document(baseline.document),
    )
    seen = looking.look(task, executor)
    findings, skipped = verdict_on(seen.check, seen.faults)
    return Looked(check=seen.check, documents=seen.documents, findings=findings, skipped=skipped)


def describe(place: Place, kind: HoldingKind, executor: Executor) -> Described:
    """Read what lies at a place and describe it, by its own word alone."""
    seen = looking.look(looking.Task(kind=kind, place=place, description=None), executor)
    findings, skipped = verdict_on(seen.check, seen.faults)
    is_sound = seen.check.outcome is HoldingOutcome.INTACT
    return Described(
        check=seen.check,
        baseline=seen.baseline if is_sound else None,
        documents=seen.documents,
        findings=findings,
        skipped=skipped,
        summary=f"it is {seen.check.outcome}",
    )


def checked_entry(state: HoldingState, check: Check, *, by: str, at: str) -> Entry:
    """A check made outside a run, as the ledger is told of it."""
    return Entry(
        kind=EntryKind.FIXITY_CHECKED, at=at, by=by, holding=state.id, body=check.to_json()
    )


def holding_subject(
    state: HoldingState, findings: Iterable[Finding], skipped: Iterable[Skipped]
) -> SubjectReport:
    """The report on one holding."""
    return SubjectReport(
        subject=address(state.place),
        kind="holding",
        findings=tuple(findings),
        checks_run=("fixity",),
        checks_skipped=tuple(skipped),
    )


def address(place: Place) -> str:
    """A place as a person knows it."""
    return decoded_name(place.address)
