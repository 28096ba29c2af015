"""An XML file that holds several records -> each as a document of its own."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from muniment.metadata.xml_envelopes import OAI_PMH
from muniment.metadata.xml_formats import MODS, XSI
from muniment.metadata.xml_parsing import parse_xml
from muniment.metadata.xml_wrappers import wrapped_records
from muniment.model.findings import Finding

_COLLECTION = f"{{{MODS}}}modsCollection"
_RECORD = f"{{{OAI_PMH}}}record"
_IDENTIFIER = f"{{{OAI_PMH}}}header/{{{OAI_PMH}}}identifier"
_LOCATION = f"{{{XSI}}}schemaLocation"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDocument:
    """One of several records. `identifier` is that of the envelope, where it has one."""

    data: bytes
    identifier: str | None = None


def record_documents(
    data: bytes, name: str
) -> tuple[list[RecordDocument], tuple[Finding, ...]] | None:
    """The records of a collection of MODS or of an envelope, and what is wrong with the XML.

    None where a file is neither, or cannot be read.
    """
    parsed = parse_xml(data, name)
    root, wrapped = parsed.root, wrapped_records(parsed.root)
    if wrapped is not None:
        found = [_documents(each.element) for each in wrapped]
        return [document for documents in found for document in documents], parsed.findings
    is_collection = root is not None and root.tag == _COLLECTION
    if root is None or not is_collection or len(_members(root)) < 2:  # noqa: PLR2004 - several
        return None
    return _documents(root), parsed.findings


def _members(collection: etree._Element) -> list[etree._Element]:
    return list(collection.iterchildren(f"{{{MODS}}}mods"))


def _documents(element: etree._Element) -> list[RecordDocument]:
    if element.tag != _COLLECTION:
        return [RecordDocument(data=_bytes(element), identifier=_identifier(element))]
    records = _members(element)
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
