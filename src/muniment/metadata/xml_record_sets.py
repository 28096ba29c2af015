"""An XML file that holds several records -> each as a document of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from muniment.metadata.xml_envelopes import OAI_PMH
from muniment.metadata.xml_formats import MODS, XSI
from muniment.metadata.xml_parsing import parse_xml
from muniment.metadata.xml_wrappers import wrapped_records

_COLLECTION = f"{{{MODS}}}modsCollection"
_RECORD = f"{{{OAI_PMH}}}record"
_IDENTIFIER = f"{{{OAI_PMH}}}header/{{{OAI_PMH}}}identifier"
_LOCATION = f"{{{XSI}}}schemaLocation"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDocument:
    """One of several records. `identifier` is that of the envelope, where it has one."""

    data: bytes
    identifier: str | None = None


def record_documents(data: bytes, name: str) -> list[RecordDocument] | None:
    """The records of a collection of MODS or of an envelope; None where a file is neither."""
    root = parse_xml(data, name).root
    if root is None:
        return None
    wrapped = wrapped_records(root)
    if wrapped is not None:
        found = [_documents(each.element) for each in wrapped]
        return [document for documents in found for document in documents]
    if root.tag == _COLLECTION and len(list(root.iterchildren(f"{{{MODS}}}mods"))) > 1:
        return list(_documents(root))
    return None


def _documents(element: etree._Element) -> Iterable[RecordDocument]:
    if element.tag != _COLLECTION:
        return [RecordDocument(data=_bytes(element), identifier=_identifier(element))]
    records = list(element.iterchildren(f"{{{MODS}}}mods"))
    for record in records:
        # A collection's schemaLocation says which version its records are.
        if _LOCATION in element.attrib and _LOCATION not in record.attrib:
            record.set(_LOCATION, element.get(_LOCATION, ""))
    return [RecordDocument(data=_bytes(record)) for record in records]


def _bytes(element: etree._Element) -> bytes:
    return etree.tostring(element, encoding="utf-8", with_tail=False)


def _identifier(element: etree._Element) -> str | None:
    record = next(element.iterancestors(_RECORD), None)
    text = None if record is None else record.findtext(_IDENTIFIER)
    return text.strip() if text else None
