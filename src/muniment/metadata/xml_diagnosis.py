"""Every schema fault of a record, not only those that libxml2 reaches in one go.

libxml2 passes over all that follows a wrong child, and over more behind a wrong `xsi:nil`. So a
copy of the record is put right fault by fault, and judged again, until nothing new is found. The
verdict is libxml2's own on the record as it stands; the rounds only add to what is said of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from lxml import etree

from muniment.metadata.xml_children import judge_children, put_right
from muniment.metadata.xml_context import Context, Fault
from muniment.metadata.xml_formats import XSI
from muniment.metadata.xml_messages import (
    NOT_EXPECTED,
    attribute_of,
    expected_names,
    explain,
    missing_before,
    not_beside,
)
from muniment.metadata.xml_places import Places
from muniment.metadata.xml_schemas import JudgingSchema, SchemaSource
from muniment.model.findings import Finding
from muniment.model.rules import xml as rules

_ROUNDS_AT_MOST = 50
_XSI_ATTRIBUTES = (f"{{{XSI}}}nil", f"{{{XSI}}}type")


def diagnose(
    root: etree._Element, places: Places, schema: JudgingSchema, schemas: SchemaSource
) -> tuple[Finding, ...]:
    """The faults of a record that its schema refuses, in the order of the file.

    `root` is left as it is; `places` are those of the file, whose elements are as many and in the
    same order. `schemas` tells which other versions would have taken the record.
    """
    diagnosis = _Diagnosis(root, Context(schema, schemas))
    diagnosis.run(schema.validator)
    return tuple(_findings(diagnosis, places))


def _findings(diagnosis: _Diagnosis, places: Places) -> Iterable[Finding]:
    orders = diagnosis.orders
    for fault in sorted(diagnosis.faults, key=lambda fault: orders[fault.element]):
        order = orders[fault.element]
        is_text = fault.rule is rules.TEXT_NOT_ALLOWED
        location = (
            places.text_location(order) if is_text else places.location(order, fault.attribute)
        )
        yield Finding(
            rule=fault.rule, message=fault.message, location=location, evidence=fault.evidence
        )


class _Diagnosis:
    """A record's copy under repair, and the faults found so far.

    `orders` has the number that each element has in the record, from 0.
    """

    def __init__(self, root: etree._Element, context: Context) -> None:
        self._root = deepcopy(root)
        self._context = context
        self.orders = {e: order for order, e in enumerate(self._root.iter(etree.Element))}
        self.faults: list[Fault] = []
        self._told: set[tuple[etree._Element, str, str | None]] = set()
        self._shortened: set[etree._Element] = set()

    def run(self, validator: etree.XMLSchema) -> None:
        """Judge and put right until nothing new is found."""
        for _ in range(_ROUNDS_AT_MOST):
            if validator.validate(self._root) or not self._one_round(_log_of(validator)):
                return

    def _one_round(self, log: Iterable[etree._LogEntry]) -> bool:
        """Tell what is new in the log; whether anything was put right, so that more may show."""
        found = [(entry, self._find(entry.path)) for entry in log]
        repaired = False
        for entry, element in found:
            if NOT_EXPECTED in entry.message:
                repaired |= self._judge_family(entry, element)
            elif self._is_new(element, entry.type_name, attribute_of(entry.message)):
                self._tell(entry, element)
                repaired |= _drop_xsi(element, entry.message)
        return repaired

    def _tell(self, entry: etree._LogEntry, element: etree._Element) -> None:
        """Explain an error, unless it only follows from another that was told."""
        fault = explain(entry, element, self._context)
        if fault.rule is rules.TEXT_NOT_ALLOWED:
            self._shortened.add(element)
        if not (fault.rule is rules.ELEMENT_MISSING and element in self._shortened):
            self.faults.append(fault)

    def _is_new(self, element: etree._Element, kind: str, attribute: str | None) -> bool:
        key = (element, kind, attribute)
        is_new = key not in self._told
        self._told.add(key)
        return is_new

    def _judge_family(self, entry: etree._LogEntry, element: etree._Element) -> bool:
        """Judge all children of the parent whose content libxml2 refused at `element`."""
        parent = element.getparent()
        if parent is None:
            self.faults.append(explain(entry, element, self._context))
            return False
        judged = judge_children(parent, self._context)
        self._shortened.update([parent] if judged.removals else [])
        self.faults += [_with_original(fault, entry) for fault in judged.faults]
        if not judged.faults:
            self.faults.append(self._unaccounted(entry, element))
            self._shortened.add(parent)
            judged.removals.append(element)
        put_right(parent, judged, self._context)
        return True

    def _unaccounted(self, entry: etree._LogEntry, element: etree._Element) -> Fault:
        """A child that may stand in its parent, and in this order, but not as things are."""
        parent = element.getparent()
        allowed = self._context.model.children(
            None if parent is None else self._context.type_of(parent)
        )
        wanted = expected_names(entry.message)
        before = [n for n in wanted if n in allowed and element.tag in allowed]
        if before and all(allowed[n].rank < allowed[element.tag].rank for n in before):
            return missing_before(entry.message, element, self._context)
        return not_beside(entry.message, element, self._context)

    def _find(self, path: str | None) -> etree._Element:
        """The element that libxml2's path leads to: `/mods:mods/*[3]`, counted its own way."""
        element = self._root
        for step in (path or "").split("/")[2:]:
            name, _, number = step.rstrip("]").partition("[")
            matching = [c for c in element.iterchildren(etree.Element) if _is_named(c, name)]
            element = matching[int(number or 1) - 1]
        return element


def _log_of(validator: etree.XMLSchema) -> list[etree._LogEntry]:
    log: Any = validator.error_log  # the stubs do not know that it can be walked
    return list(log)


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


def _drop_xsi(element: etree._Element, message: str) -> bool:
    """Take away the `xsi:` attribute that an error is about: it hides what lies behind it."""
    is_nil = "'nillable'" in message
    wrong = _XSI_ATTRIBUTES[0] if is_nil else attribute_of(message)
    if wrong not in _XSI_ATTRIBUTES or wrong not in element.attrib:
        return False
    del element.attrib[wrong]
    return True
