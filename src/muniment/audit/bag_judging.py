"""What is wrong with a bag, in the audit's terms: against its baseline, each thing told once.

1. The tag files are compared with the baseline. Where all are as they were, what the check of
   RFC 8493 found about the payload is the truth.
2. A bag that is sound in itself and sealed otherwise was swapped, or changed. Where only its tag
   manifests differ, or are gone, it is the same package, damaged.
3. Else the tag files that differ are damaged, and the payload is judged by the manifests that are
   not: what only a damaged manifest says is no fault of the payload.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from errno import EACCES, EPERM

from muniment.audit.bag_reading import BagSeen, sealing_files
from muniment.audit.canonical import coded_name, decoded_name
from muniment.audit.descriptions import Description
from muniment.audit.holdings import Fault
from muniment.audit.outcomes import HoldingOutcome
from muniment.audit.second_reading import Mismatch
from muniment.bags.manifests import manifest_name
from muniment.model.findings import Finding, Severity, Verdict
from muniment.model.rules import bag as rules

_DENIED = frozenset({os.strerror(EACCES), os.strerror(EPERM)})
_KINDS = {
    rules.PAYLOAD_CHANGED: HoldingOutcome.CORRUPT,
    rules.TAG_FILE_CHANGED: HoldingOutcome.CORRUPT,
    rules.FILE_DAMAGED: HoldingOutcome.CORRUPT,
    rules.ARCHIVE_DAMAGED: HoldingOutcome.CORRUPT,
    rules.PAYLOAD_MISSING: HoldingOutcome.MISSING,
    rules.TAG_FILE_MISSING: HoldingOutcome.MISSING,
    rules.PAYLOAD_NOT_LISTED: HoldingOutcome.EXTRA,
    rules.ARCHIVE_DUPLICATE: HoldingOutcome.EXTRA,
    rules.ARCHIVE_OUTSIDE: HoldingOutcome.EXTRA,
}
_OF_PAYLOAD = frozenset(
    {rules.PAYLOAD_CHANGED, rules.FILE_DAMAGED, rules.PAYLOAD_MISSING, rules.PAYLOAD_NOT_LISTED}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is wrong with a bag; `mismatches` are to be read again before they count."""

    faults: tuple[Fault, ...]
    mismatches: tuple[Mismatch, ...] = ()


def is_sound(seen: BagSeen) -> bool:
    """Whether the bag is valid by itself, whatever it was before."""
    return seen.examined.report.verdict() is Verdict.PASS and not seen.unread


def declaration_is_damaged(seen: BagSeen, description: Description) -> bool:
    """Whether the bag's bagit.txt is not the one it was, so that nothing can be read by it."""
    path = "bagit.txt"
    was = description.files.get(path)
    return was is not None and seen.tag_files.get(path) != was and not is_sound(seen)


def judge(seen: BagSeen, description: Description | None) -> Judged:
    """All that is wrong; without a description, by the bag's own word."""
    if description is None:
        return _told(seen, list(_own_faults(seen)))
    differing = _differing(seen, description)
    if not differing:
        return _told(seen, list(_own_faults(seen)))
    damaged = {_path_of(fault) for fault, _ in differing}
    if is_sound(seen) and _is_another(seen, description, damaged):
        return Judged(faults=(_swapped(seen, description),))
    return _told(seen, [*differing, *_payload_faults(seen, damaged)])


def _is_another(seen: BagSeen, description: Description, differing: set[str | None]) -> bool:
    """Whether what differs in a sound bag makes it another one: it is sealed, and otherwise.

    Where the tag manifests alone differ, they say the same as before, in other bytes: damaged, by
    a letter that became large. The same goes for one manifest beside others, where none seals them.
    Where tag manifests are gone and no other stands for them, files were lost.
    """
    sealed = sealing_files(description.files)
    if not _are_tag_manifests(sealed):
        return bool(sealed) and sealed <= differing
    now = sealing_files(seen.tag_files)
    sealed_otherwise = _are_tag_manifests(now) and bool(now & differing)
    return sealed_otherwise and bool(sealed & differing) and bool(differing - sealed)


def _are_tag_manifests(paths: frozenset[str]) -> bool:
    return any(name and name.is_tag_manifest for name in map(manifest_name, paths))


def unreadable(path: str | None, reason: str) -> Fault:
    """A file, or all of it, that could not be read: not allowed, or not reached."""
    kind = HoldingOutcome.DENIED if reason in _DENIED else HoldingOutcome.UNREACHABLE
    where = "it" if path is None else path
    return _fault(kind, path, f"{where} could not be read: {reason}")


_Found = tuple[Fault, Mismatch | None]


def _told(seen: BagSeen, found: list[_Found]) -> Judged:
    """What was found in the order of the paths, with what could not be read."""
    unread = [unreadable(path, error.strerror or str(error)) for path, error in seen.unread.items()]
    faults = [*(fault for fault, _ in found), *unread]
    if _archive_is_damaged(seen):  # what is cut off with its end is told with the archive
        faults = [fault for fault in faults if fault.kind != HoldingOutcome.MISSING]
    unique = {(fault.kind, fault.path): fault for fault in faults}
    ordered = sorted(unique.values(), key=lambda fault: (fault.path or "", fault.kind))
    mismatches = tuple(mismatch for _, mismatch in found if mismatch is not None)
    return Judged(faults=tuple(ordered), mismatches=mismatches)


def _own_faults(seen: BagSeen) -> Iterator[_Found]:
    """What the check found, in the audit's terms: every error is a fault of some kind."""
    findings = seen.examined.report.findings
    broken = False
    for finding in findings:
        found = _of_finding(seen, finding)
        if found is not None:
            broken = True
            yield found
    for finding in findings:
        is_other = finding.severity is Severity.ERROR and finding.rule not in _KINDS
        if is_other and not (broken and finding.rule is rules.OXUM_MISMATCH):
            yield _fault(HoldingOutcome.CORRUPT, finding.location.path, finding.message), None


def _archive_is_damaged(seen: BagSeen) -> bool:
    return any(each.rule is rules.ARCHIVE_DAMAGED for each in seen.examined.report.findings)


def _of_finding(seen: BagSeen, finding: Finding) -> _Found | None:
    path, evidence = finding.location.path, finding.evidence
    if finding.rule is rules.FILE_UNREADABLE:
        reason = str(evidence.get("reason") or finding.message.rpartition(": ")[2])
        return unreadable(path, reason), None
    kind = _KINDS.get(finding.rule)
    if kind is None:
        return None
    expected, actual = evidence.get("expected"), evidence.get("actual")
    fault = _fault(
        kind,
        path,
        finding.message,
        expected=None if expected is None else str(expected),
        actual=None if actual is None else str(actual),
    )
    return fault, _mismatch(seen, fault, str(evidence.get("algorithm", "")))


def _mismatch(seen: BagSeen, fault: Fault, algorithm: str) -> Mismatch | None:
    """What a second read has to settle; None where there is no digest to compare."""
    if fault.expected is None or fault.path is None or not algorithm:
        return None
    path = _path_of(fault) or ""
    size = seen.examined.contents.tag_files.get(path, 0)
    return Mismatch(path, size, algorithm, fault.expected, fault.actual)


def _differing(seen: BagSeen, description: Description) -> list[_Found]:
    """The tag files that are not as they were."""
    found: list[_Found] = []
    for path, was in description.files.items():
        now = seen.tag_files.get(path)
        if now is None and path not in seen.unread:
            missing = f"{path} is missing"
            found.append((_fault(HoldingOutcome.MISSING, path, missing), None))
        elif now is not None and now != was:
            message = (
                f"{path} is not the file that was taken in: its sha256 is {now.sha256[:12]}...,"
                f" not {was.sha256[:12]}..."
            )
            fault = _fault(
                HoldingOutcome.CORRUPT, path, message, expected=was.sha256, actual=now.sha256
            )
            found.append((fault, Mismatch(path, now.size, "sha256", was.sha256, now.sha256)))
    for path in seen.tag_files.keys() - description.files.keys():
        message = f"{path} was not there when the bag was taken in"
        found.append((_fault(HoldingOutcome.EXTRA, path, message), None))
    return found


def _payload_faults(seen: BagSeen, damaged: set[str | None]) -> Iterator[_Found]:
    """Faults of the payload that a manifest which is as it was bears witness to."""
    structure = seen.examined.structure
    trusted = [column for column in structure.payload.columns if column.path not in damaged]
    index = structure.payload.index
    for finding in seen.examined.report.findings:
        if finding.rule is rules.FILE_UNREADABLE or finding.rule is rules.ARCHIVE_DAMAGED:
            found = _of_finding(seen, finding)
        elif finding.rule in _OF_PAYLOAD and trusted:
            path = finding.location.path or ""
            listed = path in index and any(column.lists(index[path]) for column in trusted)
            differs = finding.evidence.get("differs_from")
            against = set(map(str, differs)) if isinstance(differs, list) else None
            if finding.rule is rules.PAYLOAD_NOT_LISTED:
                is_real = not listed
            else:
                is_real = listed and (against is None or bool(against - damaged))
            found = _of_finding(seen, finding) if is_real else None
        else:
            found = None
        if found is not None and found[0].path not in damaged:
            yield found


def _swapped(seen: BagSeen, description: Description) -> Fault:
    """A sound package that is not the recorded one."""
    differing = [
        path
        for path in sealing_files(description.files)
        if seen.tag_files.get(path) != description.files[path]
    ]
    path = min(differing)
    was, now = description.files.get(path), seen.tag_files.get(path)
    manifests = [each for each in description.files if _is_payload_manifest(each)]
    same = all(seen.tag_files.get(each) == description.files[each] for each in manifests)
    what = "its payload manifests are the recorded ones" if same else "its payload is another too"
    return Fault(
        kind=str(HoldingOutcome.SWAPPED),
        path=None,
        message=f"a sound bag, but not the one that was taken in: {path} differs; {what}",
        expected=None if was is None else was.sha256,
        actual=None if now is None else now.sha256,
    )


def _is_payload_manifest(path: str) -> bool:
    name = manifest_name(path)
    return name is not None and not name.is_tag_manifest


def _path_of(fault: Fault) -> str | None:
    return None if fault.path is None else decoded_name(fault.path)


def _fault(
    kind: HoldingOutcome,
    path: str | None,
    message: str,
    *,
    expected: str | None = None,
    actual: str | None = None,
) -> Fault:
    return Fault(
        kind=str(kind),
        path=None if path is None else coded_name(path),
        message=coded_name(message) if "\x00" in message else message,
        expected=expected,
        actual=actual,
    )
