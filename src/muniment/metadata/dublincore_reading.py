"""An oai_dc description -> Record, by the Library of Congress's mapping of Dublin Core to MODS.

Everything that the 15 elements say is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from muniment.metadata.addresses import is_uri, is_web_address
from muniment.metadata.dates import edtf_fault
from muniment.metadata.dublincore import DC
from muniment.metadata.mods_terms import RESOURCE_TYPES
from muniment.metadata.record import (
    Date,
    DateKind,
    Identifier,
    Location,
    Name,
    Note,
    Record,
    Relation,
    RelationKind,
    RightsStatement,
    Subject,
    SubjectKind,
    SubjectPart,
    Term,
    Title,
)
from muniment.metadata.value_forms import language_from
from muniment.metadata.xml_building import XML, Element, own_text

_LANG = f"{{{XML}}}lang"
_TYPED_IDENTIFIER = re.compile(r"(?P<type>[A-Za-z][A-Za-z0-9-]*): (?P<value>\S.*)")
_DCMI_TYPES = {name.lower(): name for name in (*RESOURCE_TYPES, "Event")}


def record_from_oai_dc(root: Element) -> Record:
    """The record that an oai_dc document makes."""
    return Record(
        titles=tuple(Title(value=term.value, lang=term.lang) for term in _each(root, "title")),
        names=(*_names(root, creator=True), *_names(root, creator=False)),
        types=tuple(kind for term in _each(root, "type") if (kind := _dcmi_type(term))),
        genres=tuple(term for term in _each(root, "type") if not _dcmi_type(term)),
        publishers=tuple(_each(root, "publisher")),
        dates=tuple(_date(term.value) for term in _each(root, "date")),
        languages=tuple(language_from(term.value) for term in _each(root, "language")),
        formats=tuple(_each(root, "format")),
        notes=tuple(Note(value=term.value, lang=term.lang) for term in _each(root, "description")),
        subjects=(
            *_subjects(root, "subject", SubjectKind.TOPIC),
            *_subjects(root, "coverage", SubjectKind.GEOGRAPHIC),
        ),
        relations=(
            *_relations(root, "source", RelationKind.SOURCE),
            *_relations(root, "relation", RelationKind.RELATION),
        ),
        identifiers=tuple(
            _identifier(term.value)
            for term in _each(root, "identifier")
            if not is_web_address(term.value)
        ),
        locations=tuple(
            Location(url=term.value)
            for term in _each(root, "identifier")
            if is_web_address(term.value)
        ),
        rights=tuple(_statement(term) for term in _each(root, "rights")),
    )


def _each(root: Element, name: str) -> Iterator[Term]:
    """The texts of one element, without the empty ones."""
    for element in root.iterfind(f"{{{DC}}}{name}"):
        text = own_text(element)
        if text:
            yield Term(value=text, lang=element.get(_LANG) or None)


def _names(root: Element, *, creator: bool) -> Iterator[Name]:
    for term in _each(root, "creator" if creator else "contributor"):
        yield Name(value=term.value, lang=term.lang, creator=creator)


def _dcmi_type(term: Term) -> str | None:
    return _DCMI_TYPES.get(term.value.replace(" ", "").lower())


def _date(text: str) -> Date:
    encoding = "edtf" if edtf_fault(text) is None else None
    return Date(kind=DateKind.DATE, value=text, encoding=encoding)


def _subjects(root: Element, name: str, kind: SubjectKind) -> Iterator[Subject]:
    for term in _each(root, name):
        yield Subject(parts=(SubjectPart(value=term.value, kind=kind),), lang=term.lang)


def _relations(root: Element, name: str, kind: RelationKind) -> Iterator[Relation]:
    for term in _each(root, name):
        if is_web_address(term.value):
            item = Record(locations=(Location(url=term.value),))
        else:
            item = Record(titles=(Title(value=term.value, lang=term.lang),))
        yield Relation(kind=kind, item=item)


def _identifier(text: str) -> Identifier:
    """`isbn: 0451450523` is how the mapping from MODS writes an identifier with its type."""
    typed = _TYPED_IDENTIFIER.fullmatch(text)
    if typed is None:
        return Identifier(value=text)
    return Identifier(value=typed["value"], kind=typed["type"])


def _statement(term: Term) -> RightsStatement:
    if is_uri(term.value):
        return RightsStatement(uri=term.value)
    return RightsStatement(value=term.value, lang=term.lang)
