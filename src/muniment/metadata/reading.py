"""A record file -> an accepted record, or everything that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from muniment.metadata.authored import record_from
from muniment.metadata.json_source import parse_json
from muniment.metadata.meaning import record_meaning
from muniment.metadata.nodes import Node, ObjectNode, Parsed, ScalarNode, plain
from muniment.metadata.record import Record
from muniment.metadata.requirements import Requirements
from muniment.metadata.schema_messages import schema_findings
from muniment.metadata.texts import (
    LARGEST_RECORD,
    blank_findings,
    decode,
    impossible_in_source,
    too_large,
)
from muniment.metadata.yaml_source import parse_yaml
from muniment.model.findings import Finding, Location, Severity, Skipped
from muniment.model.rules import record as rules


class RecordForm(StrEnum):
    """The form in which a record was given."""

    YAML = "yaml"
    JSON = "json"
    MODS = "mods"
    OAI_DC = "oai_dc"


_AUTHORED = {"yaml": RecordForm.YAML, "yml": RecordForm.YAML, "json": RecordForm.JSON}


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedRecord:
    """A record without errors: what it says, and the file that said it, byte for byte."""

    record: Record
    form: RecordForm
    given: bytes
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReading:
    """What came of reading a record.

    `accepted` is None where a finding is an error, or where a check was `skipped`.
    """

    accepted: AcceptedRecord | None
    findings: tuple[Finding, ...] = ()
    skipped: tuple[Skipped, ...] = ()


def read_record(data: bytes, name: str, requirements: Requirements | None = None) -> RecordReading:
    """Read a record; the end of `name` says its form: .yaml, .yml, .json, or .xml.

    XML is MODS or oai_dc. Faults of the record are findings, all of them where the file can be
    read at all; `requirements` are those of an institution. Raises EnvironmentFault where a schema
    of ours cannot be used.
    """
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    if suffix == "xml":
        return _read_xml(data, name, requirements)
    form = _AUTHORED.get(suffix)
    if form is None:
        return RecordReading(accepted=None, findings=(_unknown_form(name),))
    text, unreadable = decode(data, name)
    if text is None:
        return RecordReading(accepted=None, findings=unreadable)
    return _judged(_parsed(text, name, form), data, name, form, requirements)


def _read_xml(data: bytes, name: str, requirements: Requirements | None) -> RecordReading:
    # lxml is loaded only where XML is read.
    from muniment.metadata.given_xml import read_xml_record

    if len(data) > LARGEST_RECORD:
        return RecordReading(accepted=None, findings=(too_large(name),))
    reading = read_xml_record(data, name, requirements)
    accepted = None
    if reading.record is not None:
        form = RecordForm.MODS if reading.is_mods else RecordForm.OAI_DC
        accepted = AcceptedRecord(record=reading.record, form=form, given=data, name=name)
    return RecordReading(accepted=accepted, findings=reading.findings, skipped=reading.skipped)


def _unknown_form(name: str) -> Finding:
    message = f"{name} ends neither in .yaml, .json nor .xml"
    return Finding(rule=rules.UNKNOWN_FORM, message=message, location=Location(path=name))


def _parsed(text: str, name: str, form: RecordForm) -> Parsed:
    if not text.strip():
        return Parsed(root=None, findings=(_empty(name),))
    # The YAML reader stops at a control character; JSON may escape one, which is seen later.
    impossible = impossible_in_source(text, name)
    if impossible:
        return Parsed(root=None, findings=impossible)
    parsed = parse_json(text, name) if form is RecordForm.JSON else parse_yaml(text, name)
    if parsed.root is None and not parsed.findings:
        return Parsed(root=None, findings=(_empty(name),))
    return parsed


def _empty(name: str) -> Finding:
    message = f"{name} holds no record"
    return Finding(rule=rules.EMPTY_FILE, message=message, location=Location(path=name))


def _judged(
    parsed: Parsed,
    data: bytes,
    name: str,
    form: RecordForm,
    requirements: Requirements | None,
) -> RecordReading:
    if parsed.root is None:
        return RecordReading(accepted=None, findings=parsed.findings)
    if isinstance(parsed.root, ScalarNode) and parsed.root.value is None:
        return RecordReading(accepted=None, findings=(*parsed.findings, _empty(name)))
    findings = (
        *parsed.findings,
        *schema_findings(parsed.root, name),
        *blank_findings(parsed.root, name),
    )
    if isinstance(parsed.root, ObjectNode):
        findings = (*findings, *record_meaning(parsed.root, name, requirements, findings))
    if any(finding.severity is Severity.ERROR for finding in findings):
        return RecordReading(accepted=None, findings=findings)
    record = record_from(_values(parsed.root))
    accepted = AcceptedRecord(record=record, form=form, given=data, name=name)
    return RecordReading(accepted=accepted, findings=findings)


def _values(root: Node) -> dict[str, Any]:
    values = plain(root)
    if not isinstance(root, ObjectNode) or not isinstance(values, dict):
        raise TypeError("the schema accepts objects only")
    return values
