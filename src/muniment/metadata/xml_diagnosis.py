"""Every schema fault of a record, not only those that libxml2 reaches in one go.

libxml2 passes over all that follows a wrong child, and over more behind a wrong `xsi:nil`. So a
copy of the record is put right fault by fault, and judged again, until nothing new is found. The
verdict is libxml2's own on the record as it stands; the rounds only add to what is said of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, cast

from lxml import etree

from muniment.metadata.xml_children import judge_children, put_right
from muniment.metadata.xml_context import Context, Fault
from muniment.metadata.xml_copies import (
    Record,
    Standing,
    WorkingCopy,
    first_fault,
    log_of,
    working_copies,
)
from muniment.metadata.xml_formats import XSI, split_name
from muniment.metadata.xml_messages import (
    NOT_EXPECTED,
    attribute_of,
    element_in_text,
    expected_names,
    explain,
    id_twice,
    missing_before,
    not_beside,
)
from muniment.model.findings import Finding, Location, Severity
from muniment.model.rules import xml as rules

if TYPE_CHECKING:
    from muniment.metadata.xml_places import Places
    from muniment.metadata.xml_schemas import JudgingSchema, SchemaSource

_ROUNDS_AT_MOST = 25
_FINDINGS_AT_MOST = 10_000
_XSI_NIL, _XSI_TYPE = f"{{{XSI}}}nil", f"{{{XSI}}}type"
_TYPE_ABSENT = "SCHEMAV_CVC_TYPE_1"


def diagnose(
    record: Record, places: Places, schema: JudgingSchema, schemas: SchemaSource
) -> tuple[Finding, ...]:
    """The faults that a schema finds in a record, in the order of the file; none if it is valid.

    The record is left as it is; `places` are those of its file. `schemas` tells which other
    versions would have taken the record.
    """
    context = Context(schema, schemas, split_name(record.as_found.tag)[1])
    said = first_fault(record, schema.validator)
    if said is None and record.is_large:
        said = _first_repeated_id(record.root, context)
    if said is None:
        return ()
    findings: list[Finding] = []
    is_cut = False
    seen: set[str] = set()
    for copy in working_copies(record):
        diagnosis = _Diagnosis(copy, context)
        diagnosis.faults += _repeated_ids(copy, seen, context)
        diagnosis.run(schema.validator)
        findings += sorted(_findings(diagnosis, copy, places), key=_place)
        is_cut |= bool(copy.cut) or len(findings) >= _FINDINGS_AT_MOST
        if len(findings) >= _FINDINGS_AT_MOST:
            break
    start = places.location(Standing(element=record.as_found, order=0))
    return (*findings, *_remainder(findings, said, start, is_cut=is_cut))


def _first_repeated_id(root: etree._Element, context: Context) -> str | None:
    """A word on the first ID that a large file has twice; libxml2 does not see it in pieces."""
    seen: set[str] = set()
    for name in context.model.id_names:
        path = f"descendant-or-self::*[namespace-uri() = $home]/@{name}"
        found = root.xpath(path, home=context.home)
        for value in cast("list[str]", found):
            if value.strip() in seen:
                return f"the ID '{value}' is given twice"
            seen.add(value.strip())
    return None


def _repeated_ids(copy: WorkingCopy, seen: set[str], context: Context) -> list[Fault]:
    """IDs that a slice of the file before this one has; within a slice libxml2 finds them."""
    ids = [
        (element, name, element.get(name, "").strip())
        for element in copy.origins
        for name in context.model.id_names & set(map(str, element.attrib))
        if element.tag.startswith(f"{{{context.home}}}")
    ]
    faults = [
        id_twice(value, name, element, context) for element, name, value in ids if value in seen
    ]
    seen.update(value for _, _, value in ids)
    return faults


def _findings(diagnosis: _Diagnosis, copy: WorkingCopy, places: Places) -> Iterator[Finding]:
    for fault in diagnosis.faults:
        standing = copy.origins.get(fault.element)
        if standing is None:  # about an element that was put in to go on
            continue
        is_text = fault.rule is rules.TEXT_NOT_ALLOWED
        place = (
            places.text_location(standing)
            if is_text
            else places.location(standing, fault.attribute)
        )
        yield Finding(
            rule=fault.rule, message=fault.message, location=place, evidence=fault.evidence
        )


def _place(finding: Finding) -> tuple[int, int]:
    return finding.location.line or 0, finding.location.column or 0


def _remainder(
    findings: Iterable[Finding], said: str, start: Location, *, is_cut: bool
) -> Iterator[Finding]:
    """What must be said where not all faults could be listed, or none could be explained."""
    if not any(finding.severity is Severity.ERROR for finding in findings):
        message = f"The file does not hold to its schema: {said.strip()}"
        evidence = {"original": said.strip()}
        rule = rules.SCHEMA_OTHERWISE
        yield Finding(rule=rule, message=message, location=start, evidence=evidence)
    if is_cut:
        message = "The file has more schema faults than are listed here."
        yield Finding(rule=rules.LIST_CUT_SHORT, message=message, location=start)


class _Diagnosis:
    """A record's copy under repair, and the faults found so far."""

    def __init__(self, copy: WorkingCopy, context: Context) -> None:
        self._root = copy.root
        self._context = context
        self.faults: list[Fault] = []
        self._told: set[tuple[etree._Element, str, str | None]] = set()
        self._shortened: set[etree._Element] = set(copy.cut)
        self._mistyped: set[etree._Element] = set()
        self._named: dict[tuple[etree._Element, str], list[etree._Element]] = {}

    def run(self, validator: etree.XMLSchema) -> None:
        """Judge and put right until nothing new is found."""
        for _ in range(_ROUNDS_AT_MOST):
            if validator.validate(self._root) or not self._one_round(log_of(validator)):
                return

    def _one_round(self, log: Iterable[etree._LogEntry]) -> bool:
        """Tell what is new in the log; whether anything was put right, so that more may show."""
        self._named.clear()
        found = [(entry, self._find(entry.path)) for entry in log]
        repaired = False
        for entry, element in found:
            if len(self.faults) >= _FINDINGS_AT_MOST:
                return False
            if NOT_EXPECTED in entry.message:
                repaired |= self._judge_family(entry, element)
            elif self._is_new(element, entry.type_name, attribute_of(entry.message)):
                self._tell(entry, element)
                repaired |= self._drop_xsi(element, entry.message)
        return repaired

    def _tell(self, entry: etree._LogEntry, element: etree._Element) -> None:
        """Explain an error, unless it only follows from another that was told."""
        fault = explain(entry, element, self._context)
        if entry.type_name == _TYPE_ABSENT and element in self._mistyped:
            return
        if fault.rule is rules.TEXT_NOT_ALLOWED:
            self._shortened.add(element)
        if not (fault.rule is rules.ELEMENT_MISSING and element in self._shortened):
            self.faults.append(fault)

    def _is_new(self, element: etree._Element, kind: str, attribute: str | None) -> bool:
        key = (element, kind, attribute)
        is_new = key not in self._told
        self._told.add(key)
        return is_new

    def _drop_xsi(self, element: etree._Element, message: str) -> bool:
        """Take away the `xsi:` attribute that an error is about: it hides what lies behind it."""
        wrong = _XSI_NIL if "'nillable'" in message else attribute_of(message)
        if wrong not in {_XSI_NIL, _XSI_TYPE} or wrong not in element.attrib:
            return False
        if wrong == _XSI_TYPE:
            self._mistyped.add(element)
        del element.attrib[wrong]
        return True

    def _judge_family(self, entry: etree._LogEntry, element: etree._Element) -> bool:
        """Judge all children of the parent whose content libxml2 refused at `element`."""
        parent = element.getparent()
        if parent is None:
            self.faults.append(explain(entry, element, self._context))
            return False
        if self._context.model.is_text(self._context.type_of(parent)):
            self.faults.append(element_in_text(entry.message, parent, self._context))
            parent[:] = []
            return True
        judged = judge_children(parent, self._context)
        self._shortened.update([parent] if judged.removals else [])
        self.faults += [_with_original(fault, entry) for fault in judged.faults]
        if not judged.faults:
            self.faults.append(self._unaccounted(entry, element, parent))
            self._shortened.add(parent)
            judged.removals.append(element)
        put_right(parent, judged, self._context)
        return True

    def _unaccounted(
        self, entry: etree._LogEntry, element: etree._Element, parent: etree._Element
    ) -> Fault:
        """A child that may stand in its parent, and in this order, but not as things are."""
        allowed = self._context.model.children(self._context.type_of(parent))
        own = allowed.get(element.tag)
        wanted = [allowed[n] for n in expected_names(entry.message) if n in allowed]
        if own is not None and wanted and all(child.rank < own.rank for child in wanted):
            return missing_before(entry.message, element, self._context)
        return not_beside(entry.message, element, self._context)

    def _find(self, path: str | None) -> etree._Element:
        """The element that libxml2's path leads to: `/mods:mods/*[3]`, counted its own way."""
        element = self._root
        for step in (path or "").split("/")[2:]:
            name, _, number = step.rstrip("]").partition("[")
            element = self._children_named(element, name)[int(number or 1) - 1]
        return element

    def _children_named(self, parent: etree._Element, name: str) -> list[etree._Element]:
        key = (parent, name)
        if key not in self._named:
            children = parent.iterchildren(etree.Element)
            self._named[key] = [child for child in children if _is_named(child, name)]
        return self._named[key]


def _is_named(element: etree._Element, name: str) -> bool:
    if name == "*":
        return True
    local = etree.QName(element).localname
    return name == (f"{element.prefix}:{local}" if element.prefix else local)


def _with_original(fault: Fault, entry: etree._LogEntry) -> Fault:
    return Fault(
        element=fault.element,
        rule=fault.rule,
        message=fault.message,
        attribute=fault.attribute,
        evidence={**fault.evidence, "original": entry.message.strip()},
    )
