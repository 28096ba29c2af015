"""Records inside OAI-PMH responses, METS documents and others: found, each judged at its place.

What is around them is judged as `xml_envelopes` says, where it is known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from muniment.metadata.meaning import judge_meaning
from muniment.metadata.requirements import Requirements
from muniment.metadata.statements import Description
from muniment.metadata.xml_copies import Record, Standing
from muniment.metadata.xml_diagnosis import diagnose
from muniment.metadata.xml_envelopes import METS, OAI_PMH, envelope_faults
from muniment.metadata.xml_findings import plain_name
from muniment.metadata.xml_formats import (
    MODS,
    OAI_DC,
    XmlKind,
    format_by_local_name,
    format_of,
    is_qualified_dc,
    split_name,
)
from muniment.metadata.xml_meaning import descriptions_of
from muniment.metadata.xml_parsing import ParsedXml
from muniment.metadata.xml_places import Places
from muniment.metadata.xml_recognition import Recognised, recognise
from muniment.metadata.xml_schemas import HOUSE, JudgingSchema, SchemaSource
from muniment.metadata.xml_statement_places import StatementPlaces
from muniment.metadata.xml_validation import SCHEMA
from muniment.model.findings import Finding, JsonValue, Location, Rule, Severity, Skipped
from muniment.model.rules import record as rules
from muniment.model.rules import xml as xml_rules

_TITLES = {OAI_PMH: "OAI-PMH", METS: "METS"}
_UNKNOWN = "unknown envelope"
_XML_DATA = f"{{{METS}}}xmlData"
_HOLDERS = frozenset({f"{{{OAI_PMH}}}metadata", _XML_DATA})
_HOLDING_NAMES = frozenset({"metadata", "recordData", "xmlData"})
_DESCRIPTIVE = f"{{{METS}}}dmdSec"
_MOST_NAMED = 5


@dataclass(slots=True, kw_only=True)
class WrapperJudgement:
    """What was found in a wrapper: in all its records, and how many there are."""

    title: str
    findings: list[Finding] = field(default_factory=list)
    records: int = 0
    faulty: int = 0
    skipped: list[Skipped] = field(default_factory=list)


def judge_wrapper(
    parsed: ParsedXml,
    path: str | None = None,
    requirements: Requirements | None = None,
    schemas: SchemaSource = HOUSE,
) -> WrapperJudgement | None:
    """Judge all records in a wrapper, by schema and meaning; None where a parsed file is none.

    Raises `EnvironmentFault` if a schema itself cannot be used.
    """
    wrapped = wrapped_records(parsed.root)
    if parsed.root is None or wrapped is None:
        return None
    title = _TITLES.get(split_name(parsed.root.tag)[0] or "", _UNKNOWN)
    judge = _Judge(parsed.root, Places(parsed.data, path), requirements, schemas)
    judgement = WrapperJudgement(title=title, findings=list(parsed.findings))
    judgement.findings += judge.envelope(title)
    for element, order in wrapped:
        judge.take(element, order, judgement)
    _finish(judgement, judge.unknown, parsed.root, path)
    return judgement


class Wrapped(NamedTuple):
    """A record, and its number among the elements of the file, from 0."""

    element: etree._Element
    order: int


def wrapped_records(root: etree._Element | None) -> list[Wrapped] | None:
    """The records in an envelope; None where a document is none, or holds none that is known."""
    if root is None or format_of(root) is not None:
        return None
    elements = enumerate(root.iter(etree.Element))
    if split_name(root.tag)[0] in _TITLES:
        held = [Wrapped(each, order) for order, each in elements if _holder(each) in _HOLDERS]
        # METS may stand in OAI-PMH: its own records are judged.
        return [each for each in held if split_name(each.element.tag)[0] not in _TITLES]
    if is_qualified_dc(root) or format_by_local_name(root) is not None:
        return None
    return _found_within(elements) or None


def _holder(element: etree._Element) -> str | None:
    parent = element.getparent()
    return None if parent is None else parent.tag


def _found_within(elements: Iterable[tuple[int, etree._Element]]) -> list[Wrapped]:
    """All that begins a record somewhere in a document, but for what stands in a record."""
    found: list[Wrapped] = []
    within: set[etree._Element | None] = set()
    for order, element in elements:
        if element.getparent() in within:
            within.add(element)
        elif _begins_record(element):
            within.add(element)
            found.append(Wrapped(element, order))
    return found


def _begins_record(element: etree._Element) -> bool:
    known = format_of(element)
    if known is not None:
        return known.namespace in {MODS, OAI_DC}
    is_held = split_name(_holder(element) or "")[1] in _HOLDING_NAMES
    return is_held and is_qualified_dc(element)


class PlacesWithin(Places):
    """The places of a part of a file: its elements are counted from its own first."""

    def __init__(self, whole: Places, first: int) -> None:
        self._whole = whole
        self._first = first

    def location(self, standing: Standing, attribute: str | None = None) -> Location:
        """The place of a start tag or an attribute in the file."""
        return self._whole.location(self._in_file(standing), attribute)

    def text_location(self, standing: Standing) -> Location:
        """The place of text beside elements in the file."""
        return self._whole.text_location(self._in_file(standing))

    def _in_file(self, standing: Standing) -> Standing:
        return Standing(element=standing.element, order=standing.order + self._first)


class _Judge:
    """Judges one record after the other; `unknown` counts those of formats that are not known."""

    def __init__(
        self,
        root: etree._Element,
        places: Places,
        requirements: Requirements | None,
        schemas: SchemaSource,
    ) -> None:
        self._root = root
        self._places = places
        self._statements = StatementPlaces(root, places)
        self._requirements = requirements
        self._schemas = schemas
        self.unknown: Counter[str] = Counter()

    def envelope(self, title: str) -> Iterator[Finding]:
        """What is wrong with the envelope, or that it is not known."""
        if title == _UNKNOWN:
            name = plain_name(self._root.tag)
            message = f"`{name}` begins no envelope that is known; the records in it were judged"
            yield self._finding(self._root, xml_rules.ENVELOPE_UNKNOWN, message, {"actual": name})
            return
        for element, rule, message, evidence in envelope_faults(self._root):
            yield self._finding(element, rule, message, evidence)

    def _finding(
        self, element: etree._Element, rule: Rule, message: str, evidence: Mapping[str, JsonValue]
    ) -> Finding:
        location = self._statements.locate(element)
        return Finding(rule=rule, message=message, location=location, evidence=evidence)

    def take(self, element: etree._Element, order: int, judgement: WrapperJudgement) -> None:
        """Judge a record and enter what was found."""
        places = PlacesWithin(self._places, order)
        recognised = recognise(element, places)
        kind = recognised.kind
        schema = None if kind is None else self._schemas.schema(kind)
        if kind is None or schema is None:
            if _is_descriptive(element):
                self.unknown[plain_name(element.tag)] += 1
            return
        if not _is_descriptive(element) and kind.format.name == "premis":
            return  # METS may wrap a part of PREMIS, which is no record
        findings = [*recognised.findings, *self._faults(element, recognised, schema, places)]
        findings += judge_meaning(self._descriptions(element, kind), self._requirements)
        judgement.findings += findings
        judgement.records += 1
        judgement.faulty += any(each.severity is Severity.ERROR for each in findings)

    def _faults(
        self,
        element: etree._Element,
        recognised: Recognised,
        schema: JudgingSchema,
        places: Places,
    ) -> Sequence[Finding]:
        size = len(etree.tostring(element, with_tail=False))
        record = Record(root=recognised.root, as_found=element, size=size)
        return diagnose(record, places, schema, self._schemas)

    def _descriptions(self, element: etree._Element, kind: XmlKind) -> Iterator[Description]:
        return descriptions_of(element, kind, self._statements)


def _is_descriptive(element: etree._Element) -> bool:
    """Whether a record is what the file is about: in METS, what stands in `dmdSec`."""
    parent = element.getparent()
    is_mets = parent is not None and parent.tag == _XML_DATA
    return not is_mets or next(element.iterancestors(_DESCRIPTIVE), None) is not None


def _finish(
    judgement: WrapperJudgement, unknown: Counter[str], root: etree._Element, path: str | None
) -> None:
    """Tell what was not judged, and where there was nothing to judge."""
    if unknown:
        names = ", ".join(f"`{name}`" for name in list(unknown)[:_MOST_NAMED])
        reason = f"records of formats that are not known: {unknown.total():,} ({names})"
        judgement.skipped.append(Skipped(check=SCHEMA, reason=reason, asked=True))
    elif not judgement.records and not _tells_of_deletion(root):
        message = f"the {judgement.title} document holds no record"
        message += "".join(f": {_error(each)}" for each in root.iter(f"{{{OAI_PMH}}}error"))
        place = Location(path=path)
        judgement.findings.append(Finding(rule=rules.EMPTY_FILE, message=message, location=place))


def _tells_of_deletion(root: etree._Element) -> bool:
    headers = root.iter(f"{{{OAI_PMH}}}header")
    return any(header.get("status") == "deleted" for header in headers)


def _error(element: etree._Element) -> str:
    return f"{element.get('code')} {(element.text or '').strip()[:100]}".strip()
