"""A record that was given as XML -> Record: MODS or oai_dc, judged by its schema first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from muniment.metadata.dublincore_reading import record_from_oai_dc
from muniment.metadata.mods_reading import ModsReader
from muniment.metadata.mods_reading_whole import Untaken, WholeModsReader
from muniment.metadata.mods_terms import MODS
from muniment.metadata.record import Record
from muniment.metadata.requirements import Requirements
from muniment.metadata.xml_building import Element, own_text
from muniment.metadata.xml_meaning import xml_meaning
from muniment.metadata.xml_validation import judge_xml
from muniment.model.findings import Finding, Location, Severity, Skipped
from muniment.model.rules import record as rules


@dataclass(frozen=True, slots=True, kw_only=True)
class XmlReading:
    """What came of an XML record. `is_mods` says which of the two formats it is.

    `record` is what Dublin Core can carry of it; `mods` is the element that a whole reading takes.
    """

    record: Record | None
    findings: tuple[Finding, ...]
    skipped: tuple[Skipped, ...] = ()
    is_mods: bool = False
    mods: Element | None = None


def read_xml_record(data: bytes, name: str, requirements: Requirements | None = None) -> XmlReading:
    """Read a MODS or oai_dc record; no Record where a finding is an error or no schema is there."""
    judged = judge_xml(data, name)
    document = judged.document
    findings = judged.findings
    if document is not None:
        findings = (*findings, *xml_meaning(document, data, name, requirements))
    if document is None or any(found.severity is Severity.ERROR for found in findings):
        return XmlReading(record=None, findings=findings, skipped=judged.checks_skipped)
    if document.kind.format.namespace != MODS:
        return XmlReading(record=record_from_oai_dc(document.root), findings=findings)
    records = _mods_records(document.root)
    if len(records) > 1:
        several = _several(records, name)
        return XmlReading(record=None, findings=(*findings, several), is_mods=True)
    reader = ModsReader(records[0])
    record = reader.record()
    findings = (*findings, *not_carried(reader, name))
    return XmlReading(record=record, findings=findings, is_mods=True, mods=records[0])


def _mods_records(root: Element) -> Sequence[Element]:
    """The root itself, or what a collection holds: the schema wants one at least."""
    if root.tag == f"{{{MODS}}}mods":
        return [root]
    return list(root.iterchildren(f"{{{MODS}}}mods"))


def _several(records: Sequence[Element], name: str) -> Finding:
    message = f"the collection holds {len(records)} records; they are taken one by one"
    return Finding(
        rule=rules.SEVERAL_RECORDS,
        message=message,
        location=_place(records[1], name),
        evidence={"expected": 1, "actual": len(records)},
    )


def not_carried(reader: ModsReader, name: str) -> Iterator[Finding]:
    """One finding for each kind of element, at the first of its kind."""
    kinds: dict[str, list[Element]] = {}
    for element in reader.unread():
        kinds.setdefault(_path(element), []).append(element)
    for path, elements in kinds.items():
        times = "" if len(elements) == 1 else f" ({len(elements)} times)"
        yield Finding(
            rule=rules.NOT_CARRIED_TO_DC,
            message=f"{path}{times} has no place in Dublin Core; metadata/mods.xml keeps it",
            location=_place(elements[0], name),
            evidence={"element": path, "count": len(elements)},
        )


def read_whole_mods(mods: Element, name: str) -> tuple[Record, tuple[Finding, ...]]:
    """The whole Record of a `mods` element, and one finding for each kind of thing it cannot hold.

    That it has no place in a record is told by the rule on crosswalks, whatever the target.
    """
    reader = WholeModsReader(mods)
    record = reader.record()
    kinds: dict[str, list[Untaken]] = {}
    for untaken in reader.untaken():
        kinds.setdefault(_path_of(untaken), []).append(untaken)
    return record, tuple(_not_held(path, found, name) for path, found in kinds.items())


def _not_held(path: str, found: Sequence[Untaken], name: str) -> Finding:
    times = "" if len(found) == 1 else f" ({len(found)} times)"
    first = found[0]
    value = (
        own_text(first.element) if first.attribute is None else first.element.get(first.attribute)
    )
    return Finding(
        rule=rules.NOT_CARRIED,
        message=f"{path}{times}: {(value or '')[:80]!r} has no place outside MODS",
        location=_place(first.element, name),
        evidence={"element": path, "count": len(found), "actual": value},
    )


def _path_of(untaken: Untaken) -> str:
    if untaken.attribute is None:
        return _path(untaken.element)
    return f"{_path(untaken.element)}/@{untaken.attribute.rpartition('}')[2]}".lstrip("/")


def _place(element: Element, name: str) -> Location:
    steps = [_step(one) for one in (element, *element.iterancestors())]
    line: int | None = element.sourceline  # type: ignore[assignment]  # open in the stubs
    return Location(path=name, line=line, xpath="/" + "/".join(reversed(steps)))


def _step(element: Element) -> str:
    """`mods:note[2]`: the element's number where it has siblings of its name."""
    step = f"mods:{_local(element)}"
    before = sum(1 for _ in element.itersiblings(element.tag, preceding=True))
    alone = before == 0 and next(element.itersiblings(element.tag), None) is None
    return step if alone else f"{step}[{before + 1}]"


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _path(element: Element) -> str:
    """The names from below the record down to the element: `name/role/roleTerm`."""
    local = [_local(one) for one in (element, *element.iterancestors())]
    below = local[: local.index("mods")] if "mods" in local else local
    return "/".join(reversed(below))
