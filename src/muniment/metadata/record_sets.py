"""Sources that hold several records: harvests, METS, collections of MODS, spreadsheets."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from muniment.metadata.descriptions import read_description, says_nothing
from muniment.metadata.record import Record
from muniment.metadata.sheet_names import is_sheet
from muniment.model.findings import Finding, Location


@dataclass(frozen=True, slots=True, kw_only=True)
class SetMember:
    """One of several records: its number from 1, its identifiers, and what was found.

    `record` is None where a finding is an error.
    """

    number: int
    identifiers: frozenset[str]
    record: Record | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSet:
    """The records of a source, and what was found of the source as a whole."""

    members: tuple[SetMember, ...]
    findings: tuple[Finding, ...] = ()

    def named(self, wanted: str) -> SetMember | None:
        """The record of this identifier, else of this number; None where there is none."""
        known = [each for each in self.members if wanted in each.identifiers]
        numbered = [each for each in self.members if str(each.number) == wanted]
        return next(iter([*known, *numbered]), None)


def read_record_set(data: bytes, name: str) -> RecordSet | None:
    """Read all records of a source; None where it is one that holds a single record.

    Raises EnvironmentFault where a schema of ours cannot be used.
    """
    if is_sheet(name):
        return _sheet(data, name)
    if not name.lower().endswith(".xml"):
        return None
    from muniment.metadata.xml_record_sets import record_documents

    read = record_documents(data, name)
    if read is None:
        return None
    documents, found = read
    members: list[SetMember] = []
    for number, document in enumerate(documents, 1):
        record, findings = read_description(document.data, name)
        told = tuple(_of_member(finding, number, name) for finding in findings)
        members.append(_member(number, record, told, document.identifier))
    return RecordSet(
        members=tuple(members), findings=found if members else (*found, says_nothing(name))
    )


def _sheet(data: bytes, name: str) -> RecordSet:
    from muniment.metadata.sheets import SheetReading

    reading = SheetReading(io.BytesIO(data), name)
    members = tuple(
        _member(number, row.record() if row.is_right else None, row.findings)
        for number, row in enumerate(reading.rows(), 1)
    )
    return RecordSet(members=members, findings=tuple(reading.findings))


def _member(
    number: int, record: Record | None, findings: Sequence[Finding], identifier: str | None = None
) -> SetMember:
    names = set(_identifiers(record)) | ({identifier} if identifier is not None else set())
    return SetMember(
        number=number, identifiers=frozenset(names), record=record, findings=tuple(findings)
    )


def _identifiers(record: Record | None) -> Iterator[str]:
    if record is not None:
        yield from (each.value for each in record.identifiers)


def _of_member(finding: Finding, number: int, name: str) -> Finding:
    """A finding on a record taken by itself, whose lines are not those of the file."""
    place = Location(path=name, pointer=finding.location.pointer)
    return replace(finding, message=f"record {number}: {finding.message}", location=place)
