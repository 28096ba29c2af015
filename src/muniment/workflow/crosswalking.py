"""crosswalk: the same description in another format, and what did not come along."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from muniment import __version__
from muniment.metadata.crosswalk import (
    TargetFormat,
    collected,
    crosswalk,
    faults,
    has_collection,
    lacks,
    loss_findings,
    losses,
)
from muniment.metadata.descriptions import read_description
from muniment.metadata.record import Record
from muniment.metadata.record_sets import RecordSet, read_record_set
from muniment.metadata.xml_parsing import MAXIMUM_BYTES
from muniment.model.errors import EnvironmentFault, UsageError
from muniment.model.findings import (
    Finding,
    JsonValue,
    Location,
    Report,
    Severity,
    SubjectReport,
)
from muniment.model.rules import record as rules
from muniment.storage.staging import DestinationExistsError, write_new_file

__all__ = ["TargetFormat", "bring"]


def bring(
    source: Path,
    target: TargetFormat,
    output: Path | None,
    *,
    now: Callable[[], datetime],
    record: str | None = None,
) -> tuple[Report, bytes | None]:
    """Bring a description to another format; returns what was found, and the result.

    Of a source that holds several, `record` names one by its identifier or its number from 1;
    without it all are brought, where the format has a form for several. Nothing is made where a
    finding is an error. With `output` the result is written there, never over something. Raises
    EnvironmentFault, UsageError.
    """
    if output is not None and os.path.lexists(output):
        raise DestinationExistsError(f"{output} exists already; nothing was written")
    data = _read(source)
    bringing = _Bringing(target=target, name=str(source), date=now().strftime("%Y-%m-%d"))
    records = read_record_set(data, str(source))
    if records is not None:
        content, findings = _several(records, record, bringing)
    elif record is not None:
        raise UsageError(f"{source} holds a single record; --record is for files of several")
    else:
        content, findings = _single(*read_description(data, str(source)), bringing)
    if content is not None and output is not None:
        write_new_file(output, content)
    subject = SubjectReport(
        subject=str(source), kind="record", findings=findings, checks_run=("schema", "crosswalk")
    )
    result = None if content is None else _result(target, content, output)
    return Report(command="crosswalk", subjects=(subject,), result=result), content


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bringing:
    """Where to, from which file, and on which date."""

    target: TargetFormat
    name: str
    date: str


_Made = tuple[bytes | None, tuple[Finding, ...]]


def _several(records: RecordSet, wanted: str | None, bringing: _Bringing) -> _Made:
    """One of several records, or all of them as one document."""
    if wanted is not None:
        member = records.named(wanted)
        if member is None:
            raise UsageError(
                f"{bringing.name} has no record {wanted}: it holds {len(records.members)}, named"
                " by --record with a number from 1 or an identifier"
            )
        return _single(member.record, (*records.findings, *member.findings), bringing)
    if len(records.members) == 1:
        member = records.members[0]
        return _single(member.record, (*records.findings, *member.findings), bringing)
    if records.members and not has_collection(bringing.target):
        return None, (*records.findings, _no_form(records, bringing))
    made = [_single(member.record, member.findings, bringing) for member in records.members]
    findings = (*records.findings, *(finding for _, found in made for finding in found))
    contents = [content for content, _ in made if content is not None]
    if not made or len(contents) < len(made) or _is_wrong(findings):
        return None, findings
    return collected(contents, bringing.target), findings


def _no_form(records: RecordSet, bringing: _Bringing) -> Finding:
    count = len(records.members)
    message = (
        f"{bringing.name} holds {count} records, and {bringing.target.value} has no form for"
        " several; name one with --record, or choose mods, json, datacite or schemaorg"
    )
    return Finding(
        rule=rules.SEVERAL_RECORDS,
        message=message,
        location=Location(path=bringing.name),
        evidence={"expected": 1, "actual": count},
    )


def _is_wrong(findings: Iterable[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


def _single(record: Record | None, findings: tuple[Finding, ...], bringing: _Bringing) -> _Made:
    if record is None or _is_wrong(findings):
        return None, findings
    content, more = _brought(record, bringing.target, bringing.name, bringing.date)
    return content, (*findings, *more)


def _read(source: Path) -> bytes:
    try:
        with source.open("rb") as stream:
            return stream.read(MAXIMUM_BYTES + 1)
    except OSError as error:
        raise EnvironmentFault(f"{source}: {error.strerror}") from error


def _brought(
    record: Record, target: TargetFormat, name: str, date: str
) -> tuple[bytes | None, tuple[Finding, ...]]:
    """The form in the other format, if it can be used, and what it does not say."""
    content = crosswalk(record, target, date=date, version=__version__)
    wrong = faults(content, target, name)
    if wrong:
        return None, wrong
    lost = loss_findings(losses(record, content, target), target, name)
    return content, (*lacks(content, target, name), *lost)


def _result(target: TargetFormat, content: bytes, output: Path | None) -> dict[str, JsonValue]:
    return {
        "format": target.value,
        "octets": len(content),
        "output": None if output is None else str(output),
    }
