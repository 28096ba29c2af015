"""Record -> simple Dublin Core in its OAI form (oai_dc), by the Library of Congress's mapping."""

from __future__ import annotations

from collections.abc import Iterator

from muniment.metadata.mods_terms import CREATOR_ROLES
from muniment.metadata.record import (
    Name,
    Record,
    Relation,
    RelationKind,
    RightsStatement,
    SubjectKind,
)
from muniment.metadata.value_forms import identifier_text, title_text
from muniment.metadata.value_notes import notes_on_values
from muniment.metadata.xml_building import XML, Builder, to_bytes

OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
_LOCATION = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
_LANG = f"{{{XML}}}lang"
# The parts of a subject that are coverage to Dublin Core.
_COVERAGE = {SubjectKind.GEOGRAPHIC, SubjectKind.TEMPORAL}


# An element's text and its language.
_Value = tuple[str, str | None]


def oai_dc_xml(record: Record) -> bytes:
    """A record as an oai_dc document.

    Simple Dublin Core has 15 elements: authorities, roles and the like stay in MODS. Raises
    ValueError where a text holds a character that XML cannot hold.
    """
    root = Builder(OAI_DC, "oai_dc").root("dc", _LOCATION, namespaces={"dc": DC})
    dc = Builder(DC, "dc")
    for element, values in _elements(record):
        for text, lang in dict.fromkeys(values):
            dc.add(root, element, text, {_LANG: lang})
    return to_bytes(root)


def _elements(record: Record) -> tuple[tuple[str, Iterator[_Value]], ...]:
    return (
        ("title", ((title_text(title), title.lang) for title in record.titles)),
        ("creator", (_name(name) for name in record.names if _is_creator(name))),
        ("subject", _subjects(record)),
        ("description", _descriptions(record)),
        ("publisher", ((term.value, term.lang) for term in record.publishers)),
        ("contributor", (_name(name) for name in record.names if not _is_creator(name))),
        ("date", ((date.value, None) for date in record.dates)),
        ("type", _types(record)),
        ("format", _formats(record)),
        ("identifier", _identifiers(record)),
        ("source", _related(record, source=True)),
        ("language", ((language.value, None) for language in record.languages)),
        ("relation", _related(record, source=False)),
        ("coverage", _coverages(record)),
        ("rights", _rights(record)),
    )


def _is_creator(name: Name) -> bool:
    return name.creator or not CREATOR_ROLES.isdisjoint(name.roles)


def _name(name: Name) -> _Value:
    return (f"{name.value}, {name.dates}" if name.dates else name.value), name.lang


def _subjects(record: Record) -> Iterator[_Value]:
    for subject in record.subjects:
        heading = [part.value for part in subject.parts if part.kind not in _COVERAGE]
        if heading:
            yield "--".join(heading), subject.lang
    for classification in record.classifications:
        yield classification.value, classification.lang


def _coverages(record: Record) -> Iterator[_Value]:
    for subject in record.subjects:
        for part in subject.parts:
            if part.kind in _COVERAGE:
                yield part.value, subject.lang


def _descriptions(record: Record) -> Iterator[_Value]:
    for term in (*record.abstracts, *record.contents):
        yield term.value, term.lang
    for note in record.notes:
        yield note.value, note.lang
    for text in notes_on_values(record):
        yield text, None


def _types(record: Record) -> Iterator[_Value]:
    yield from ((dcmi_type, None) for dcmi_type in record.types)
    yield from ((genre.value, genre.lang) for genre in record.genres)


def _formats(record: Record) -> Iterator[_Value]:
    for term in (*record.media, *record.formats, *record.extents):
        yield term.value, term.lang


def _identifiers(record: Record) -> Iterator[_Value]:
    for identifier in record.identifiers:
        if not identifier.invalid:
            yield identifier_text(identifier), None
    for location in record.locations:
        if location.url is not None:
            yield location.url, None


def _related(record: Record, *, source: bool) -> Iterator[_Value]:
    for relation in record.relations:
        if (relation.kind is RelationKind.SOURCE) is source:
            yield _related_item(relation), None


def _related_item(relation: Relation) -> str:
    """Title, identifiers and addresses of a related thing, in one value."""
    item = relation.item
    return "--".join(
        (
            *(title_text(title) for title in item.titles),
            *(identifier_text(identifier) for identifier in item.identifiers),
            *(location.url for location in item.locations if location.url is not None),
        )
    )


def _rights(record: Record) -> Iterator[_Value]:
    for statement in record.rights:
        yield from _statement(statement)


def _statement(statement: RightsStatement) -> Iterator[_Value]:
    """Its words and its address, each a value: programs look for the address."""
    if statement.value is not None:
        yield statement.value, statement.lang
    if statement.uri is not None:
        yield statement.uri, None
