"""validate_xml: is an XML record well-formed, of a known format, and true to its schema?"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from muniment.metadata.xml_copies import Record
from muniment.metadata.xml_diagnosis import diagnose
from muniment.metadata.xml_formats import XmlKind
from muniment.metadata.xml_parsing import ParsedXml, parse_xml
from muniment.metadata.xml_places import Places
from muniment.metadata.xml_recognition import recognise
from muniment.metadata.xml_schemas import HOUSE, SchemaSource
from muniment.model.findings import Finding, Skipped

WELL_FORMED = "well-formedness"
SCHEMA = "schema"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class XmlDocument:
    """A parsed record and what it is. `root` stands as the file has it."""

    root: etree._Element
    kind: XmlKind


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class XmlJudgement:
    """All that was found out about a file. `document` is None where it could not be recognised."""

    findings: tuple[Finding, ...]
    checks_run: tuple[str, ...]
    checks_skipped: tuple[Skipped, ...] = ()
    document: XmlDocument | None = None


def validate_xml(
    data: bytes, location_path: str | None = None, schemas: SchemaSource = HOUSE
) -> tuple[Finding, ...]:
    """All the faults of an XML record, in the order of the file. See `judge_xml`."""
    return judge_xml(data, location_path, schemas).findings


def judge_xml(
    data: bytes, location_path: str | None = None, schemas: SchemaSource = HOUSE
) -> XmlJudgement:
    """Parse a file, recognise its format and version, and judge it by that schema.

    `location_path` is the name that the findings carry. Raises `EnvironmentFault` if a schema
    itself cannot be used; whatever the file holds becomes findings.
    """
    return judge_parsed(parse_xml(data, location_path), len(data), location_path, schemas)


def judge_parsed(
    parsed: ParsedXml, size: int, location_path: str | None = None, schemas: SchemaSource = HOUSE
) -> XmlJudgement:
    """Do the same with a file of `size` bytes that was parsed."""
    if parsed.root is None:
        return _not_judged(parsed.findings, "the file could not be read as XML")
    places = Places(parsed.data, location_path)
    recognised = recognise(parsed.root, places)
    findings = (*parsed.findings, *recognised.findings)
    if recognised.kind is None:
        return _not_judged(findings, "the format is not known")
    schema = schemas.schema(recognised.kind)
    if schema is None:
        return _not_judged(findings, f"there is no schema for {recognised.kind.title}")
    record = Record(root=recognised.root, as_found=parsed.root, size=size)
    faults = diagnose(record, places, schema, schemas)
    return XmlJudgement(
        findings=(*findings, *faults),
        checks_run=(WELL_FORMED, SCHEMA),
        document=XmlDocument(root=parsed.root, kind=recognised.kind),
    )


def _not_judged(findings: tuple[Finding, ...], reason: str) -> XmlJudgement:
    return XmlJudgement(
        findings=findings,
        checks_run=(WELL_FORMED,),
        checks_skipped=(Skipped(check=SCHEMA, reason=reason, asked=True),),
    )
