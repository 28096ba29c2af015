"""Record <-> DSpace's `dublin_core.xml`, the record of its Simple Archive Format."""

from __future__ import annotations

from collections.abc import Iterator

from muniment.metadata.flat_statements import Statement, record_of, statements_of
from muniment.metadata.record import Record
from muniment.metadata.xml_building import Builder, Element, own_text, parsed, to_bytes

# DCMI term -> element and qualifier of DSpace's metadata registry.
_FIELDS: dict[str, tuple[str, str | None]] = {
    "title": ("title", None),
    "alternative": ("title", "alternative"),
    "creator": ("contributor", "author"),
    "contributor": ("contributor", "other"),
    "subject": ("subject", None),
    "spatial": ("coverage", "spatial"),
    "temporal": ("coverage", "temporal"),
    "abstract": ("description", "abstract"),
    "tableOfContents": ("description", "tableofcontents"),
    "description": ("description", None),
    "provenance": ("description", "provenance"),
    "bibliographicCitation": ("identifier", "citation"),
    "publisher": ("publisher", None),
    "created": ("date", "created"),
    "issued": ("date", "issued"),
    "date": ("date", None),
    "available": ("date", "available"),
    "dateAccepted": ("date", "accepted"),
    "dateCopyrighted": ("date", "copyright"),
    "dateSubmitted": ("date", "submitted"),
    "modified": ("date", "updated"),
    "type": ("type", None),
    "format": ("format", "mimetype"),
    "medium": ("format", "medium"),
    "extent": ("format", "extent"),
    "language": ("language", "iso"),
    "identifier": ("identifier", None),
    "source": ("source", None),
    "relation": ("relation", None),
    "isPartOf": ("relation", "ispartof"),
    "hasPart": ("relation", "haspart"),
    "isVersionOf": ("relation", "isversionof"),
    "hasVersion": ("relation", "hasversion"),
    "isFormatOf": ("relation", "isformatof"),
    "hasFormat": ("relation", "hasformat"),
    "references": ("relation", "references"),
    "isReferencedBy": ("relation", "isreferencedby"),
    "replaces": ("relation", "replaces"),
    "isReplacedBy": ("relation", "isreplacedby"),
    "requires": ("relation", "requires"),
    "isRequiredBy": ("relation", "isrequiredby"),
    "conformsTo": ("relation", "conformsto"),
    "rights": ("rights", None),
    "license": ("rights", "license"),
    "accessRights": ("rights", "accessrights"),
    "rightsHolder": ("rights", "holder"),
    "audience": ("audience", None),
}
_TERMS = {field: term for term, field in _FIELDS.items()}
_FURTHER = {
    ("creator", None): "creator",
    ("contributor", None): "contributor",
    ("identifier", "uri"): "identifier",
    ("rights", "uri"): "rights",
    ("format", None): "format",
    ("language", None): "language",
    ("coverage", None): "coverage",
}


def dspace_xml(record: Record) -> bytes:
    """A record as `dublin_core.xml`. Raises ValueError for a character that XML cannot hold."""
    builder = Builder("", None)
    root = builder.plain_root("dublin_core", {})
    root.set("schema", "dc")
    for each in statements_of(record):
        if each.term not in _FIELDS:
            continue
        element, qualifier = _FIELDS[each.term]
        if each.scheme == "URI" and each.term in {"identifier", "rights"}:
            qualifier = "uri"
        builder.add(
            root,
            "dcvalue",
            each.value,
            {"element": element, "qualifier": qualifier or "none", "language": each.lang},
        )
    return to_bytes(root)


def record_from_dspace(data: bytes) -> Record:
    """The record that a `dublin_core.xml` makes; a field that is unknown becomes a description."""
    return record_from_dspace_root(parsed(data))


def record_from_dspace_root(root: Element) -> Record:
    """The same, of a document that was parsed."""
    return record_of(_statements(root))


def is_dspace(root: Element) -> bool:
    """Whether a document is a `dublin_core.xml`."""
    return root.tag == "dublin_core"


def _statements(root: Element) -> Iterator[Statement]:
    for value in root.iterfind("dcvalue"):
        text = own_text(value)
        if not text:
            continue
        qualifier = value.get("qualifier")
        field = (value.get("element") or "", None if qualifier in {"none", ""} else qualifier)
        lang = value.get("language")
        term = _TERMS.get(field) or _FURTHER.get(field) or _nearest(field)
        if (
            field[0] == "identifier"
            and term == "identifier"
            and field[1] not in {None, "uri", "other"}
        ):
            text = f"{field[1]}: {text}"
        yield Statement(term=term, value=text, lang=None if lang in {"none", ""} else lang)


def _nearest(field: tuple[str, str | None]) -> str:
    """An unknown qualifier says less than its element, which is kept."""
    element = field[0]
    return (
        _TERMS.get((element, None))
        or _FURTHER.get((element, None))
        or ("identifier" if element == "identifier" else "description")
    )
