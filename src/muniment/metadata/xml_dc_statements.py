"""Parsed Dublin Core -> statements: oai_dc, dcterms and application profiles, DSpace's own form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from lxml import etree

from muniment.metadata.statements import (
    DateField,
    Description,
    Field,
    IdentifierField,
    LanguageField,
    LanguageTagField,
    MediaTypeField,
    Repetition,
    ResourceTypeField,
    Statement,
    TextField,
    TitleField,
    UriField,
)
from muniment.metadata.xml_formats import DC, DCTERMS, XML, XSI, split_name
from muniment.metadata.xml_statement_places import StatementPlaces, own_text

_XML_LANG, _XSI_TYPE = f"{{{XML}}}lang", f"{{{XSI}}}type"
_NAMESPACES = frozenset({DC, DCTERMS})
_DATES = frozenset(
    [
        "date",
        "created",
        "issued",
        "available",
        "dateAccepted",
        "dateCopyrighted",
        "dateSubmitted",
        "modified",
        "valid",
    ]
)
_LANGUAGE_LISTS = {
    "ISO639-2": "iso639-2",
    "ISO639-3": "iso639-3",
    "RFC1766": "rfc1766",
    "RFC3066": "rfc3066",
    "RFC4646": "rfc4646",
}
# What was several elements in a fuller format often becomes the same text twice in these.
_MAY_REPEAT = _DATES | {"type", "format", "language", "coverage", "relation", "extent", "medium"}
# DSpace qualifies the elements of Dublin Core by words of its own.
_DSPACE = {
    ("date", "accessioned"): "date",
    ("date", "copyright"): "dateCopyrighted",
    ("date", "submitted"): "dateSubmitted",
    ("contributor", "author"): "creator",
    ("description", "abstract"): "abstract",
    ("description", "provenance"): "provenance",
    ("description", "tableofcontents"): "tableOfContents",
    ("format", "mimetype"): "format",
    ("identifier", "citation"): "bibliographicCitation",
    ("language", "iso"): "language",
    ("rights", "uri"): "rights",
    ("title", "alternative"): "alternative",
}


def dublin_core_description(root: etree._Element, places: StatementPlaces) -> Description:
    """What a Dublin Core record says; elements of other namespaces are not read."""
    description = Description(form="dc", start=root, locate=places.locate, has_id=places.has_id)
    seen: dict[tuple[str, str, str | None], etree._Element] = {}
    for element in root.iterchildren(etree.Element):
        name = _name_of(element)
        if name is None:
            continue
        field = _field(name, element)
        text = own_text(element)
        description.add(Statement(field, text, element, 0, 0))
        for tag in _tags(field, element):
            description.add(tag)
        _compare(description, seen, field, text, element)
    return description


def _name_of(element: etree._Element) -> str | None:
    """The DCMI term that an element is, by its name or by DSpace's two attributes."""
    namespace, local = split_name(element.tag)
    if namespace in _NAMESPACES:
        return local
    if namespace is None and local == "dcvalue":
        term, qualifier = element.get("element", ""), element.get("qualifier", "none")
        if (term, qualifier) in _DSPACE:
            return _DSPACE[term, qualifier]
        return term if qualifier in {"", "none"} or term == "identifier" else qualifier
    return None


def _field(name: str, element: etree._Element) -> Field:
    scheme = element.get(_XSI_TYPE, "").rpartition(":")[2]
    lang = element.get(_XML_LANG) or element.get("language")
    return _make(name, scheme, element.get("qualifier"), lang)


def _make(name: str, scheme: str, qualifier: str | None, lang: str | None) -> Field:
    if name in _DATES:
        encoding = "w3cdtf" if scheme == "W3CDTF" else None
        return DateField(property=name, name=name, lang=lang, encoding=encoding)
    if scheme == "URI":
        return UriField(property=name, name=name)
    make = _MAKERS.get(name)
    if make is not None:
        return make(name, scheme, qualifier)
    authority = scheme or None
    return TextField(property=name, name=name, lang=lang, authority=authority)


def _title(name: str, scheme: str, qualifier: str | None) -> Field:
    del scheme, qualifier
    return TitleField(property=name, name=name)


def _language(name: str, scheme: str, qualifier: str | None) -> Field:
    del qualifier
    authority = _LANGUAGE_LISTS.get(scheme)
    form = "code" if authority else None
    return LanguageField(property=name, name=name, authority=authority, form=form)


def _type(name: str, scheme: str, qualifier: str | None) -> Field:
    del qualifier
    # Where nobody says so, a type may still be one of DCMI's in another spelling.
    authority = "dcmitype" if scheme == "DCMIType" else "dcmitype?"
    return ResourceTypeField(property=name, name=name, authority=authority)


def _format(name: str, scheme: str, qualifier: str | None) -> Field:
    is_certain = scheme == "IMT" or qualifier == "mimetype"
    return MediaTypeField(property=name, name=name, is_certain=is_certain)


def _identifier(name: str, scheme: str, qualifier: str | None) -> Field:
    del scheme
    # DSpace's `identifier.uri` holds Handles and addresses; `other` and `none` say nothing.
    kind = None if qualifier in {None, "", "none", "other", "govdoc", "citation"} else qualifier
    return IdentifierField(property=name, name=name, type=kind)


_MAKERS: Mapping[str, Callable[[str, str, str | None], Field]] = {
    "alternative": _title,
    "format": _format,
    "identifier": _identifier,
    "language": _language,
    "title": _title,
    "type": _type,
}


def _tags(field: Field, element: etree._Element) -> Iterator[Statement]:
    for attribute in (_XML_LANG, "language"):
        value = element.get(attribute)
        if value is not None:
            name = "xml:lang" if attribute == _XML_LANG else "language"
            tag = LanguageTagField(
                property=field.property, name=name, is_bcp47=attribute == _XML_LANG
            )
            yield Statement(tag, value, (element, attribute), 0, 0)


def _compare(
    description: Description,
    seen: dict[tuple[str, str, str | None], etree._Element],
    field: Field,
    text: str,
    element: etree._Element,
) -> None:
    if field.property in _MAY_REPEAT or not text.strip():
        return
    first = seen.setdefault((field.property, text.strip(), element.get(_XML_LANG)), element)
    if first is not element:
        twice = Repetition(field.name, text.strip(), element, first)
        description.repetitions.append(twice)
