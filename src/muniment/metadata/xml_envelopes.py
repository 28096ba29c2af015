"""The envelopes themselves: OAI-PMH responses and METS documents, as far as they hold records.

What only serves the transport (responseDate, request) or is no description (fileSec, behaviorSec)
is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import NamedTuple

from lxml import etree

from muniment.metadata.w3cdtf import day_fault
from muniment.metadata.xml_formats import DC, DCTERMS, MODS, OAI_DC, split_name
from muniment.model.findings import JsonValue, Rule
from muniment.model.rules import xml as rules

OAI_PMH = "http://www.openarchives.org/OAI/2.0/"
METS = "http://www.loc.gov/METS/"


class EnvelopeFault(NamedTuple):
    """Something wrong with an envelope, at an element of it."""

    element: etree._Element
    rule: Rule
    message: str
    evidence: Mapping[str, JsonValue]


_DATESTAMP = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z)?"
)
# By the protocol: what may stand in an element, and what must.
_PARTS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "ListRecords": (frozenset({"record", "resumptionToken"}), frozenset({"record"})),
    "GetRecord": (frozenset({"record"}), frozenset({"record"})),
    "record": (frozenset({"header", "metadata", "about"}), frozenset({"header"})),
    "header": (
        frozenset({"identifier", "datestamp", "setSpec"}),
        frozenset({"identifier", "datestamp"}),
    ),
}
# The values of MDTYPE in METS 1.12.
_KINDS = frozenset(
    {
        *("MARC", "MODS", "EAD", "DC", "NISOIMG", "LC-AV", "VRA", "TEIHDR", "DDI", "FGDC", "LOM"),
        *("PREMIS", "PREMIS:OBJECT", "PREMIS:AGENT", "PREMIS:RIGHTS", "PREMIS:EVENT", "TEXTMD"),
        *("METSRIGHTS", "ISO 19115:2003 NAP", "EAC-CPF", "LIDO", "OTHER"),
    }
)
_NAMESPACES = {"MODS": {MODS}, "DC": {DC, DCTERMS, OAI_DC}}


def envelope_faults(root: etree._Element) -> Iterator[EnvelopeFault]:
    """What is wrong with envelopes around records, element by element; one may hold another."""
    for element in root.iter(*_JUDGES):
        yield from _JUDGES[element.tag](element)


def _oai_parts(element: etree._Element) -> Iterator[EnvelopeFault]:
    name = split_name(element.tag)[1]
    allowed, required = _PARTS[name]
    names = [split_name(child.tag) for child in element.iterchildren("*")]
    for child, (namespace, local) in zip(element.iterchildren("*"), names, strict=True):
        if namespace != OAI_PMH or local not in allowed:
            yield _stranger(child, local, name, allowed)
    for missing in sorted(required - {local for _, local in names}):
        yield _lacks(element, missing)
    if name == "record":
        yield from _oai_record(element)


def _oai_record(record: etree._Element) -> Iterator[EnvelopeFault]:
    header, metadata = record.find(f"{{{OAI_PMH}}}header"), record.find(f"{{{OAI_PMH}}}metadata")
    status = None if header is None else header.get("status")
    if header is not None and status not in {None, "deleted"}:
        message = f'status is "{status}"; the protocol knows "deleted" alone'
        yield EnvelopeFault(
            header, rules.ENVELOPE_VALUE, message, {"actual": status, "expected": "deleted"}
        )
    if status == "deleted" and metadata is not None:
        message = "the header says that the record is deleted, but its metadata is there"
        yield EnvelopeFault(metadata, rules.ENVELOPE_STRANGER, message, {"actual": "metadata"})
    elif status != "deleted" and header is not None and metadata is None:
        yield _lacks(record, "metadata")


def _metadata(metadata: etree._Element) -> Iterator[EnvelopeFault]:
    held = list(metadata.iterchildren("*"))
    if not held:
        message = "`metadata` is empty; a record is to stand in it"
        yield EnvelopeFault(metadata, rules.ENVELOPE_INCOMPLETE, message, {"expected": "a record"})
    for more in held[1:]:
        message = "`metadata` holds a second record; each has a `record` of its own"
        yield EnvelopeFault(more, rules.ENVELOPE_STRANGER, message, {"actual": more.tag})


def _datestamp(element: etree._Element) -> Iterator[EnvelopeFault]:
    text = (element.text or "").strip()
    parts = _DATESTAMP.fullmatch(text)
    if parts is None or day_fault(parts[1], parts[2], parts[3]) is not None:
        message = f'datestamp is "{text[:40]}"; write 2024-05-17, or 2024-05-17T10:20:30Z'
        yield EnvelopeFault(element, rules.ENVELOPE_VALUE, message, {"actual": text})


def _token(element: etree._Element) -> Iterator[EnvelopeFault]:
    if (element.text or "").strip():
        message = "the list goes on: the response names a resumptionToken for more records"
        yield EnvelopeFault(
            element, rules.LIST_GOES_ON, message, {"actual": (element.text or "").strip()}
        )


def _document(document: etree._Element) -> Iterator[EnvelopeFault]:
    if document.find(f"{{{METS}}}structMap") is None:
        yield _lacks(document, "structMap")


def _section(section: etree._Element) -> Iterator[EnvelopeFault]:
    if section.get("ID") is None:
        message = "`dmdSec` has no ID, by which the structure of the document refers to it"
        yield EnvelopeFault(section, rules.ENVELOPE_INCOMPLETE, message, {"expected": "@ID"})
    if section.find(f"{{{METS}}}mdWrap") is None and section.find(f"{{{METS}}}mdRef") is None:
        yield _holds_nothing(section, "dmdSec", "an mdWrap or an mdRef")


def _wrap(wrap: etree._Element) -> Iterator[EnvelopeFault]:
    kind = wrap.get("MDTYPE")
    data = wrap.find(f"{{{METS}}}xmlData")
    if kind is None:
        yield EnvelopeFault(
            wrap, rules.ENVELOPE_INCOMPLETE, "`mdWrap` has no MDTYPE", {"expected": "@MDTYPE"}
        )
    elif kind not in _KINDS:
        near = get_close_matches(kind.upper(), sorted(_KINDS), n=1, cutoff=0.6)
        tail = (
            f"; did you mean {near[0]}?" if near else "; write OTHER, and the name as OTHERMDTYPE"
        )
        message = f'MDTYPE is "{kind}", which METS does not know{tail}'
        yield EnvelopeFault(
            wrap, rules.ENVELOPE_VALUE, message, {"actual": kind, "expected": near or "OTHER"}
        )
    if data is None and wrap.find(f"{{{METS}}}binData") is None:
        yield _holds_nothing(wrap, "mdWrap", "an xmlData or a binData")
    elif data is not None:
        yield from _data(data, kind or "")


def _data(data: etree._Element, kind: str) -> Iterator[EnvelopeFault]:
    held = next(data.iterchildren("*"), None)
    if held is None:
        yield _holds_nothing(data, "xmlData", "the record")
        return
    namespace = split_name(held.tag)[0]
    others = {of for each, of_kind in _NAMESPACES.items() if each != kind for of in of_kind}
    if kind in _NAMESPACES and namespace in others - _NAMESPACES[kind]:
        message = f"MDTYPE is {kind}, but the record is in the namespace {namespace}"
        yield EnvelopeFault(
            held, rules.ENVELOPE_VALUE, message, {"actual": namespace, "expected": kind}
        )


def _lacks(element: etree._Element, missing: str) -> EnvelopeFault:
    name = split_name(element.tag)[1]
    message = f"`{name}` has no `{missing}`"
    return EnvelopeFault(element, rules.ENVELOPE_INCOMPLETE, message, {"expected": missing})


def _stranger(
    element: etree._Element, local: str, outer: str, allowed: frozenset[str]
) -> EnvelopeFault:
    near = get_close_matches(local, sorted(allowed), n=1, cutoff=0.75)
    tail = f"; did you mean `{near[0]}`?" if near else ""
    message = f"`{local}` does not belong in `{outer}`{tail}"
    evidence: dict[str, JsonValue] = {"actual": element.tag, "expected": sorted(allowed)}
    return EnvelopeFault(element, rules.ENVELOPE_STRANGER, message, evidence)


def _holds_nothing(element: etree._Element, name: str, wanted: str) -> EnvelopeFault:
    message = f"`{name}` holds nothing; {wanted} is to stand in it"
    return EnvelopeFault(element, rules.ENVELOPE_EMPTY, message, {"expected": wanted})


_Judge = Callable[..., Iterator[EnvelopeFault]]
_JUDGES: dict[str, _Judge] = {
    **{f"{{{OAI_PMH}}}{name}": _oai_parts for name in _PARTS},
    f"{{{OAI_PMH}}}metadata": _metadata,
    f"{{{OAI_PMH}}}datestamp": _datestamp,
    f"{{{OAI_PMH}}}resumptionToken": _token,
    f"{{{METS}}}mets": _document,
    f"{{{METS}}}dmdSec": _section,
    f"{{{METS}}}mdWrap": _wrap,
}
