"""What stands against an update: a request that cannot be, or a bag that is not as it should be."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from muniment.bags import baginfo, declaration, fetchlist
from muniment.bags.checking import Examined
from muniment.bags.manifests import Column, manifest_name
from muniment.bags.structure import Structure, read_structure
from muniment.bags.updating import Changes, algorithms_of, unfetched
from muniment.bags.verdicts import Findings
from muniment.model.errors import UsageError
from muniment.model.findings import Finding, Location, Verdict
from muniment.model.paths import unsafe_reason
from muniment.model.rules import bag as rules
from muniment.model.rules import fetch as fetch_rules
from muniment.storage.folder import Folder

# What muniment itself measures or dates; taking it out would say less, and nothing truer.
_MEASURED = frozenset({"bag-size", "bagging-date", "bag-software-agent", "payload-oxum"})
_OTHER_WAYS = {
    declaration.PATH: "--to-1.0 rewrites it",
    baginfo.PATH: "--bag-info and --remove-bag-info change it",
    baginfo.OLD_PATH: "--bag-info and --remove-bag-info change it",
}
_NAMES_SHOWN = 3


def refuse_what_cannot_be(folder: Folder, changes: Changes, own: Sequence[str]) -> None:
    """Raise UsageError for a change that this bag has no place for, before its payload is read.

    `own` are tag files that only we write. Raises UnreachableError where the bag is not there.
    """
    structure = read_structure(folder, folder.top(), Findings())
    for file in changes.files:
        _refuse_path(folder, file.path, (*own, fetchlist.PATH))
    for path in changes.removed_files:
        _refuse_path(folder, path, own)
        if not os.path.isfile(os.path.join(folder.base, path)):
            raise UsageError(f"there is no tag file {path} in the bag that could be removed")
    if fetchlist.PATH in changes.removed_files:
        _refuse_to_forget(folder, structure)
    _refuse_labels(structure, changes)
    _refuse_algorithms(structure, changes)


def _refuse_path(folder: Folder, path: str, own: Sequence[str]) -> None:
    name = manifest_name(path)
    reason = unsafe_reason(path) or _OTHER_WAYS.get(path)
    if "\\" in path or not path.isprintable() or "" in path.split("/") or "." in path.split("/"):
        reason = "it is no plain path from the bag's top, with `/`"
    elif path == "data" or path.startswith("data/"):
        reason = "it is payload, which an update never changes"
    elif name is not None:
        reason = "manifests are written by muniment; --algorithm and --drop-algorithm change them"
    elif path in own:
        reason = "muniment itself writes it"
    elif os.path.isdir(os.path.join(folder.base, path)):
        reason = "it is a folder"
    if reason is not None:
        raise UsageError(f"{path!r} cannot be the path of a tag file here: {reason}")


def _refuse_to_forget(folder: Folder, structure: Structure) -> None:
    missing = [
        entry.path
        for entry in structure.fetch
        if not os.path.lexists(os.path.join(folder.base, entry.path))
    ]
    if missing:
        raise UsageError(
            f"fetch.txt cannot be removed: {_listed(missing)} would be lost from sight;"
            " fetch first (muniment fetch)"
        )


def _refuse_labels(structure: Structure, changes: Changes) -> None:
    given = {label.lower() for label, _ in changes.fields}
    for label in changes.removed_labels:
        if label.lower() in _MEASURED:
            raise UsageError(f"{label} is not for you to remove: muniment measures or dates it")
        if label.lower() in given:
            raise UsageError(f"{label} is to be set and to be removed; say one of the two")
        if not structure.info.named(label):
            known = ", ".join(dict.fromkeys(field.label for field in structure.info.fields))
            raise UsageError(
                f"{structure.info.path} has no {label} that could be removed; it has:"
                f" {known or 'nothing'}"
            )


def _refuse_algorithms(structure: Structure, changes: Changes) -> None:
    own = set(algorithms_of(structure.payload.columns))
    of_tags = set(algorithms_of(structure.tags.columns))
    for algorithm in changes.dropped:
        if algorithm in map(str, changes.added):
            raise UsageError(f"{algorithm} is to be added and to be dropped; say one of the two")
        if algorithm not in own | of_tags:
            names = ", ".join(sorted(own | of_tags))
            raise UsageError(f"the bag has no {algorithm} manifest; it has: {names or 'none'}")
    kept = {column.algorithm for column in structure.payload.columns if column.size}
    if structure.payload.columns and not (kept - set(changes.dropped)) | set(changes.added):
        raise UsageError("no payload manifest would be left; add an algorithm with --algorithm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacles:
    """Why a bag is left as it is; nothing stands against it where there is no reason."""

    reasons: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def obstacles(examined: Examined, changes: Changes) -> Obstacles:
    """What an examination found that stands against changing the bag."""
    report = examined.report
    if report.verdict() is Verdict.FAIL:
        return Obstacles(reasons=("the bag is not valid; nothing was changed",))
    explained = _explained(examined, changes)
    reasons = [
        f"{skipped.check} could not be completed; nothing was changed"
        for skipped in report.checks_skipped
        if skipped.asked and skipped.check not in explained
    ]
    findings = tuple(_lacking(examined, changes))
    if findings:
        reasons.append("files are still to be fetched; nothing was changed")
    return Obstacles(reasons=tuple(reasons), findings=findings)


def _explained(examined: Examined, changes: Changes) -> set[str]:
    """The checks that may stay open: what is still to be fetched, and what is to be dropped."""
    found = {finding.rule for finding in examined.report.findings}
    if rules.FILE_UNREADABLE in found:
        return set()
    explained = {"completeness"} if fetch_rules.TO_BE_FETCHED in found else set()
    columns = [*examined.structure.payload.columns, *examined.structure.tags.columns]
    unknown = {column.algorithm for column in columns if not column.size}
    return explained | ({"fixity"} if unknown and unknown <= set(changes.dropped) else set())


def _lacking(examined: Examined, changes: Changes) -> Iterable[Finding]:
    """The manifests that would lack a file, for it is not here to be digested."""
    to_fetch = unfetched(examined)
    if not to_fetch:
        return
    columns = examined.structure.payload.columns
    wanted = {*changes.added, *(algorithms_of(columns) if changes.to_1_0 else ())}
    for algorithm in sorted(wanted - set(changes.dropped)):
        lacking = _without_digest(examined.structure, to_fetch, algorithm)
        if lacking:
            path = f"manifest-{algorithm}.txt"
            message = f"{path} would lack {_listed(lacking)}, still to be fetched"
            yield Finding(
                rule=rules.UNFETCHED_NOT_DIGESTED,
                message=message,
                location=Location(path=path),
                evidence={"algorithm": algorithm, "files": len(lacking)},
            )


def _without_digest(structure: Structure, paths: Iterable[str], algorithm: str) -> list[str]:
    index = structure.payload.index
    columns: list[Column] = [c for c in structure.payload.columns if c.algorithm == algorithm]
    return [path for path in paths if not any(c.expected(index[path]) for c in columns)]


def _listed(paths: Sequence[str]) -> str:
    shown = ", ".join(paths[:_NAMES_SHOWN])
    more = len(paths) - _NAMES_SHOWN
    return f"{shown} and {more:,} more" if more > 0 else shown
