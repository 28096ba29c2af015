"""Record <-> flat statements by DCMI Metadata Terms: what dcterms and DSpace can say.

A statement is a term, a text, its language and the scheme that the text follows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from muniment.metadata.addresses import is_uri, is_web_address
from muniment.metadata.authored import NOTE_KINDS
from muniment.metadata.dates import edtf_fault
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
    RightsKind,
    RightsStatement,
    Subject,
    SubjectKind,
    SubjectPart,
    Term,
    Title,
)
from muniment.metadata.value_forms import identifier_text, language_from, title_text
from muniment.metadata.value_notes import notes_on_values


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One thing said: `term` is a DCMI term, `scheme` an encoding scheme's name."""

    term: str
    value: str
    lang: str | None = None
    scheme: str | None = None


DCMI_TYPES = frozenset({*RESOURCE_TYPES, "Event"})
_W3CDTF = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_MEDIA_TYPE = re.compile(r"[a-z]+/[A-Za-z0-9.+-]+")
_TYPED = re.compile(r"(?P<kind>[A-Za-z][A-Za-z0-9-]*): (?P<value>\S.*)")
_NOTE_TERMS = {kind: term for term, kind in NOTE_KINDS.items()}
_LANGUAGE_SCHEMES = {"iso639-2b": "ISO639-2", "iso639-3": "ISO639-3", "rfc5646": "RFC4646"}


def statements_of(record: Record) -> Iterator[Statement]:
    """Everything that flat statements can say of a record, in the order of the terms."""
    for title in record.titles:
        term = "title" if title.kind is None else "alternative"
        yield Statement(term=term, value=title_text(title), lang=title.lang)
    for name in record.names:
        term = "creator" if name.creator else "contributor"
        value = f"{name.value}, {name.dates}" if name.dates else name.value
        yield Statement(term=term, value=value, lang=name.lang)
    for subject in record.subjects:
        yield from _of_subject(subject)
    for term, terms in _plain_terms(record):
        for each in terms:
            yield Statement(term=term, value=each.value, lang=each.lang, scheme=_scheme(term, each))
    yield from _of_notes(record)
    yield from _of_dates_and_types(record)
    yield from _of_identifiers(record)
    for relation in record.relations:
        for text in _of_related(relation.item):
            yield Statement(term=relation.kind.value, value=text, scheme=_uri_scheme(text))
    for statement in record.rights:
        yield from _of_rights(statement)


def _of_notes(record: Record) -> Iterator[Statement]:
    for note in record.notes:
        term = _NOTE_TERMS.get(note.kind or "", "description")
        yield Statement(term=term, value=note.value, lang=note.lang)
    for text in notes_on_values(record):
        yield Statement(term="description", value=text)


def _plain_terms(record: Record) -> tuple[tuple[str, tuple[Term, ...]], ...]:
    return (
        ("subject", record.classifications),
        ("abstract", record.abstracts),
        ("tableOfContents", record.contents),
        ("publisher", record.publishers),
        ("type", record.genres),
        ("format", record.formats),
        ("medium", record.media),
        ("extent", record.extents),
        ("audience", record.audiences),
        ("educationLevel", record.education_levels),
    )


def _of_subject(subject: Subject) -> Iterator[Statement]:
    places = {SubjectKind.GEOGRAPHIC: "spatial", SubjectKind.TEMPORAL: "temporal"}
    heading = [part.value for part in subject.parts if part.kind not in places]
    scheme = {"lcsh": "LCSH", "mesh": "MESH"}.get((subject.authority or "").lower())
    if heading:
        value = "--".join(heading)
        yield Statement(term="subject", value=value, lang=subject.lang, scheme=scheme)
    for part in subject.parts:
        if part.kind in places:
            yield Statement(term=places[part.kind], value=part.value, lang=subject.lang)


def _of_dates_and_types(record: Record) -> Iterator[Statement]:
    for date in record.dates:
        scheme = "W3CDTF" if _W3CDTF.fullmatch(date.value) else None
        yield Statement(term=date.kind.value, value=date.value, scheme=scheme)
    for dcmi_type in record.types:
        yield Statement(term="type", value=dcmi_type, scheme="DCMIType")
    for language in record.languages:
        scheme = _LANGUAGE_SCHEMES.get(language.authority or "")
        yield Statement(term="language", value=language.value, scheme=scheme)


def _of_identifiers(record: Record) -> Iterator[Statement]:
    for identifier in record.identifiers:
        if not identifier.invalid:
            text = identifier_text(identifier)
            yield Statement(term="identifier", value=text, scheme=_uri_scheme(text))
    for location in record.locations:
        if location.url is not None:
            yield Statement(term="identifier", value=location.url, scheme="URI")


def _of_related(item: Record) -> Iterator[str]:
    yield from (title_text(title) for title in item.titles)
    yield from (identifier_text(each) for each in item.identifiers)
    yield from (place.url for place in item.locations if place.url is not None)


def _of_rights(statement: RightsStatement) -> Iterator[Statement]:
    term = statement.kind.value
    if statement.value is not None:
        yield Statement(term=term, value=statement.value, lang=statement.lang)
    if statement.uri is not None:
        yield Statement(term=term, value=statement.uri, scheme="URI")


def _scheme(term: str, each: Term) -> str | None:
    return "IMT" if term == "format" and _MEDIA_TYPE.fullmatch(each.value) else None


def _uri_scheme(text: str) -> str | None:
    return "URI" if is_web_address(text) else None


def record_of(statements: Iterable[Statement]) -> Record:
    """The record that flat statements make; every statement finds a place."""
    said = list(statements)
    return Record(
        titles=tuple(
            Title(value=each.value, lang=each.lang, kind=kind)
            for term, kind in (("title", None), ("alternative", "alternative"))
            for each in _named(said, term)
        ),
        names=tuple(
            Name(value=each.value, lang=each.lang, creator=each.term == "creator")
            for each in _named(said, "creator", "contributor")
        ),
        types=tuple(each.value for each in _named(said, "type") if each.value in DCMI_TYPES),
        genres=_terms(said, "type", lambda each: each.value not in DCMI_TYPES),
        publishers=_terms(said, "publisher"),
        dates=tuple(_date(each) for each in _named(said, *(kind.value for kind in DateKind))),
        languages=tuple(language_from(each.value) for each in _named(said, "language")),
        formats=_terms(said, "format"),
        media=_terms(said, "medium"),
        extents=_terms(said, "extent"),
        abstracts=_terms(said, "abstract"),
        contents=_terms(said, "tableOfContents"),
        audiences=_terms(said, "audience"),
        education_levels=_terms(said, "educationLevel"),
        notes=tuple(
            Note(value=each.value, lang=each.lang, kind=NOTE_KINDS.get(each.term))
            for each in _named(said, "description", *NOTE_KINDS)
        ),
        subjects=tuple(_subject(each) for each in _named(said, *_SUBJECT_KINDS)),
        relations=tuple(
            Relation(kind=RelationKind(each.term), item=_related(each))
            for each in _named(said, *(kind.value for kind in RelationKind))
        ),
        identifiers=tuple(
            _identifier(each.value)
            for each in _named(said, "identifier")
            if not is_web_address(each.value)
        ),
        locations=tuple(
            Location(url=each.value)
            for each in _named(said, "identifier")
            if is_web_address(each.value)
        ),
        rights=tuple(_rights(each) for each in _named(said, *(kind.value for kind in RightsKind))),
    )


_SUBJECT_KINDS = {
    "subject": SubjectKind.TOPIC,
    "spatial": SubjectKind.GEOGRAPHIC,
    "temporal": SubjectKind.TEMPORAL,
    "coverage": SubjectKind.GEOGRAPHIC,
}


def _named(said: Sequence[Statement], *terms: str) -> Iterator[Statement]:
    return (each for each in said if each.term in terms)


def _terms(
    said: Sequence[Statement], term: str, holds: Callable[[Statement], bool] = lambda _: True
) -> tuple[Term, ...]:
    found = (each for each in _named(said, term) if holds(each))
    return tuple(Term(value=each.value, lang=each.lang) for each in found)


def _date(each: Statement) -> Date:
    encoding = "edtf" if edtf_fault(each.value) is None else None
    return Date(kind=DateKind(each.term), value=each.value, encoding=encoding)


def _subject(each: Statement) -> Subject:
    kind = _SUBJECT_KINDS[each.term]
    texts = each.value.split("--") if kind is SubjectKind.TOPIC else []
    filled = [text.strip() for text in texts if text.strip()] or [each.value]
    parts = tuple(SubjectPart(value=text, kind=kind) for text in filled)
    authority = {"LCSH": "lcsh", "MESH": "mesh"}.get(each.scheme or "")
    return Subject(parts=parts, lang=each.lang, authority=authority)


def _related(each: Statement) -> Record:
    if is_web_address(each.value):
        return Record(locations=(Location(url=each.value),))
    return Record(titles=(Title(value=each.value, lang=each.lang),))


def _identifier(text: str) -> Identifier:
    typed = _TYPED.fullmatch(text)
    if typed is None:
        return Identifier(value=text)
    return Identifier(value=typed["value"], kind=typed["kind"])


def _rights(each: Statement) -> RightsStatement:
    kind = RightsKind(each.term)
    if is_uri(each.value):
        return RightsStatement(kind=kind, uri=each.value)
    return RightsStatement(kind=kind, value=each.value, lang=each.lang)
