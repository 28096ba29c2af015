"""Record <-> qualified Dublin Core in XML: dcterms elements below a `metadata` root.

No root element is official; this is the one that the DCMI's own examples of an application
profile take.
"""

from __future__ import annotations

from muniment.metadata.flat_statements import Statement, record_of, statements_of
from muniment.metadata.record import Record
from muniment.metadata.xml_building import XML, XSI, Builder, Element, own_text, parsed, to_bytes

DCTERMS = "http://purl.org/dc/terms/"
DC = "http://purl.org/dc/elements/1.1/"
_LOCATION = "http://dublincore.org/schemas/xmls/qdc/2008/02/11/dcterms.xsd"
_LANG = f"{{{XML}}}lang"
_TYPE = f"{{{XSI}}}type"


def dcterms_xml(record: Record) -> bytes:
    """A record as a dcterms document. Raises ValueError for a character that XML cannot hold."""
    root = Builder("", None).plain_root("metadata", {"dcterms": DCTERMS}, f"{DCTERMS} {_LOCATION}")
    builder = Builder(DCTERMS, "dcterms")
    for each in statements_of(record):
        scheme = None if each.scheme is None else f"dcterms:{each.scheme}"
        lang = each.lang if scheme is None else None
        builder.add(root, each.term, each.value, {_LANG: lang, _TYPE: scheme})
    return to_bytes(root)


def record_from_dcterms(data: bytes) -> Record:
    """The record that a document of dcterms and dc elements makes, whatever its root."""
    return record_from_dcterms_root(parsed(data))


def record_from_dcterms_root(root: Element) -> Record:
    """The same, of a document that was parsed; comments in it say nothing."""
    return record_of(filter(None, map(_statement, root.iterchildren("*"))))


def is_dcterms(root: Element) -> bool:
    """Whether a document holds dcterms elements directly below its root."""
    return any(str(child.tag).startswith(f"{{{DCTERMS}}}") for child in root)


def _statement(element: Element) -> Statement | None:
    namespace, _, term = str(element.tag).removeprefix("{").partition("}")
    text = own_text(element)
    if namespace not in {DCTERMS, DC} or not text:
        return None
    scheme = element.get(_TYPE)
    return Statement(
        term=term,
        value=text,
        lang=element.get(_LANG) or None,
        scheme=None if scheme is None else scheme.rpartition(":")[2],
    )
