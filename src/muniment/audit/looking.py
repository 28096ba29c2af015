"""A fixity check of one holding: place -> what was read -> faults -> second read -> Check.

What a worker does; nothing of a ledger is needed. Whatever happens, a Check comes of it: an
exception here is the auditor's fault, not the holding's.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from muniment.audit.bag_judging import (
    Judged,
    declaration_is_damaged,
    judge,
)
from muniment.audit.bag_reading import BagSeen, declaration_of, described, read_bag
from muniment.audit.bodies import MOST_FAULTS, Check
from muniment.audit.canonical import coded_name, encode
from muniment.audit.descriptions import Description, sha256_of
from muniment.audit.folder_reading import (
    described_folder,
    glance_at_folder,
    judge_folder,
    read_folder,
)
from muniment.audit.holdings import Baseline, Fault, HoldingKind, Place
from muniment.audit.nonces import nonce_over
from muniment.audit.outcomes import (
    Evidence,
    Extent,
    HoldingOutcome,
    Nonce,
    Reader,
    Reference,
)
from muniment.audit.places import home_at, why_not_missing, why_unreachable
from muniment.audit.second_reading import Mismatch, SecondReading, read_again
from muniment.storage.attempts import CrewLostError
from muniment.storage.containers import DeniedError, GoneError, UnreachableError
from muniment.storage.executors import Executor
from muniment.storage.patience import Patience
from muniment.storage.progress import Progress, Silent

_UNREAD = frozenset({HoldingOutcome.DENIED, HoldingOutcome.UNREACHABLE})
NOTHING = Evidence(read_by=Reader.NOBODY, extent=Extent.NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is to be looked at. `description` is the baseline's document; None where none is kept.

    `quick` reads tag files only: a glance, no fixity check. `nonce` is a checkpoint's size and
    root, where the read of what is found sound is to be bound to it. `patience` is for what lies
    in an object store.
    """

    kind: HoldingKind
    place: Place
    description: bytes | None
    quick: bool = False
    nonce: tuple[int, bytes] | None = None
    patience: Patience = Patience()  # noqa: RUF009 - a value that nobody can change


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a look came to: the check, the documents it refers to, all its faults.

    `baseline` is what lies there now, where all of it could be read.
    """

    check: Check
    documents: Mapping[str, bytes] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    baseline: Baseline | None = None


def look(task: Task, executor: Executor, progress: Progress | None = None) -> Looked:
    """Check a holding by what is recorded of it, or where nothing is, by its own word.

    Always comes to a result; what went wrong with us is an auditor's fault. Only where all workers
    are gone there is none: raises CrewLostError.
    """
    try:
        reason = why_unreachable(task.place)
        if reason is not None:
            return _unknown(HoldingOutcome.UNREACHABLE, reason)
        return _looked(task, executor, progress or Silent())
    except GoneError as error:
        reason = why_not_missing(task.place, task.patience)
        if reason is not None:
            return _unknown(HoldingOutcome.UNREACHABLE, reason)
        return _gone(str(error))
    except DeniedError as error:
        return _unknown(HoldingOutcome.DENIED, str(error))
    except UnreachableError as error:
        return _unreached(task.place, str(error))
    except CrewLostError:
        raise
    except MemoryError:
        return _unknown(HoldingOutcome.AUDITOR_FAULT, "there was too little memory")
    except Exception as fault:  # noqa: BLE001 - one holding never stops a run
        return _unknown(HoldingOutcome.AUDITOR_FAULT, f"{type(fault).__name__}: {fault}")


def fault_of_auditor(reason: str) -> Looked:
    """A check that was lost, as its outcome."""
    return _unknown(HoldingOutcome.AUDITOR_FAULT, reason)


def _looked(task: Task, executor: Executor, progress: Progress) -> Looked:
    description = None if task.description is None else Description.from_bytes(task.description)
    home = home_at(task.place)
    if task.kind is HoldingKind.FOLDER and isinstance(home, Path):
        folder = (
            glance_at_folder(home, description)
            if task.quick
            else read_folder(home, executor, progress)
        )
        judged = judge_folder(folder, description)
        reading = _Reading(files=len(folder.files), octets=folder.octets)
        baseline, document = described_folder(folder)
    else:
        bag = _bag(task, description, executor, progress)
        judged = judge(bag, description)
        reading = _Reading(files=bag.files, octets=bag.octets)
        baseline, document = described(bag)
    judged, first = _confirmed(task, judged)
    check, documents = _check(judged, reading, task, first)
    if task.nonce is not None and check.outcome.is_good:
        check = replace(check, evidence=replace(check.evidence, nonce=_nonce(task)))
    is_whole = check.evidence.extent is Extent.ALL_BYTES
    return Looked(
        check=check,
        documents=documents | ({baseline.document: document} if is_whole else {}),
        faults=judged.faults,
        baseline=baseline if is_whole else None,
    )


def _bag(
    task: Task, description: Description | None, executor: Executor, progress: Progress
) -> BagSeen:
    """Read a bag; once more with the bagit.txt that it had, where that is damaged now."""
    home = home_at(task.place)
    seen = read_bag(home, executor, progress, quick=task.quick, patience=task.patience)
    if description is None or not declaration_is_damaged(seen, description):
        return seen
    return read_bag(
        home,
        executor,
        progress,
        quick=task.quick,
        declaration=declaration_of(description),
        patience=task.patience,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    files: int
    octets: int


def _confirmed(task: Task, judged: Judged) -> tuple[Judged, str | None]:
    """Read each mismatch again. What the second read contradicts is no fault of the holding."""
    if not judged.mismatches:
        return judged, None
    again = read_again(home_at(task.place), judged.mismatches)
    by_path = {coded_name(mismatch.path): mismatch for mismatch in judged.mismatches}
    faults, first = [], None
    for fault in judged.faults:
        mismatch = by_path.get(fault.path or "")
        second = again.get(mismatch.path) if mismatch else None
        if mismatch is None or second is None or fault.kind != HoldingOutcome.CORRUPT:
            faults.append(fault)
            continue
        faults.append(_settled(fault, mismatch, second))
        if second.digest != mismatch.actual:
            first = first or f"{fault.path}: {mismatch.algorithm} {mismatch.actual}"
    return replace(judged, faults=tuple(faults)), first


def _settled(fault: Fault, mismatch: Mismatch, second: SecondReading) -> Fault:
    """A fault after the second read."""
    if second.digest == mismatch.expected:
        return replace(
            fault,
            kind=str(HoldingOutcome.AUDITOR_FAULT),
            message=f"{fault.path}: two reads disagree: by the first its {mismatch.algorithm} is"
            f" {_short(mismatch.actual)}, by the second it is as recorded",
        )
    if second.digest is None:
        message = f"{fault.message}; a second read gave nothing ({second.reason})"
        return replace(fault, message=message)
    if second.digest != mismatch.actual:
        message = f"{fault.message}; a second read gave yet other bytes ({_short(second.digest)})"
        return replace(fault, message=message)
    return fault


def _short(digest: str | None) -> str:
    return "damaged" if digest is None else f"{digest[:12]}..."


def _check(
    judged: Judged, reading: _Reading, task: Task, first: str | None
) -> tuple[Check, dict[str, bytes]]:
    faults = judged.faults
    outcomes = [HoldingOutcome(fault.kind) for fault in faults]
    worst = max(outcomes, key=lambda each: each.weight, default=HoldingOutcome.INTACT)
    unread = not _UNREAD.isdisjoint(outcomes)
    compared = [Reference.BAG_MANIFESTS] if task.kind is HoldingKind.BAG else []
    if task.description is not None:
        compared.append(Reference.BASELINE)
    documents, name = _faults_document(faults)
    check = Check(
        outcome=worst,
        evidence=Evidence(
            read_by=Reader.AUDITOR,
            extent=Extent.EXISTENCE if unread or task.quick else Extent.ALL_BYTES,
            compared_with=tuple(compared),
        ),
        files=reading.files,
        octets=reading.octets,
        faults=faults[:MOST_FAULTS],
        fault_count=len(faults),
        faults_document=name,
        first=first,
        reason=None if worst.is_known else _reason(faults),
    )
    return check, documents


def _faults_document(faults: Sequence[Fault]) -> tuple[dict[str, bytes], str | None]:
    if len(faults) <= MOST_FAULTS:
        return {}, None
    document = encode({"faults": [fault.to_json() for fault in faults]})
    name = sha256_of(document)
    return {name: document}, name


def _reason(faults: Sequence[Fault]) -> str:
    return "; ".join(fault.message for fault in faults[:MOST_FAULTS])


def _nonce(task: Task) -> Nonce:
    size, root = task.nonce or (0, b"")
    return Nonce(checkpoint_size=size, digest=nonce_over(home_at(task.place), root).hex())


def _unknown(outcome: HoldingOutcome, reason: str) -> Looked:
    return Looked(check=Check(outcome=outcome, evidence=NOTHING, reason=reason))


def _gone(reason: str) -> Looked:
    """The whole holding is gone, while its surroundings are there."""
    fault = Fault(kind=str(HoldingOutcome.MISSING), path=None, message=f"it is gone: {reason}")
    check = Check(
        outcome=HoldingOutcome.MISSING,
        evidence=Evidence(read_by=Reader.AUDITOR, extent=Extent.EXISTENCE),
        faults=(fault,),
        fault_count=1,
    )
    return Looked(check=check, faults=(fault,))


def _unreached(place: Place, reason: str) -> Looked:
    """Something lies there that is no container any more: if it can be read, it is corrupt."""
    home = home_at(place)
    if not isinstance(home, Path) or not os.access(home, os.R_OK):
        return _unknown(HoldingOutcome.UNREACHABLE, reason)
    if place.form == "folder" and home.is_dir():
        return _unknown(HoldingOutcome.UNREACHABLE, reason)
    fault = Fault(
        kind=str(HoldingOutcome.CORRUPT),
        path=None,
        message=f"it is no {place.form} any more: {reason}",
    )
    check = Check(
        outcome=HoldingOutcome.CORRUPT,
        evidence=Evidence(read_by=Reader.AUDITOR, extent=Extent.EXISTENCE),
        faults=(fault,),
        fault_count=1,
    )
    return Looked(check=check, faults=(fault,))
