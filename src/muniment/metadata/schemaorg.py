"""Record <-> schema.org in JSON-LD: what search engines and linked-data tools read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from muniment.metadata.addresses import is_uri, is_web_address
from muniment.metadata.authoring import json_bytes
from muniment.metadata.dates import edtf_fault
from muniment.metadata.record import (
    AlternativeName,
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
from muniment.metadata.value_forms import language_from
from muniment.metadata.value_notes import notes_on_values

Values = Mapping[str, Any]

_CONTEXT = "https://schema.org"
_TYPES = {
    "Collection": "Collection",
    "Dataset": "Dataset",
    "Event": "Event",
    "Image": "ImageObject",
    "MovingImage": "VideoObject",
    "Service": "Service",
    "Software": "SoftwareApplication",
    "Sound": "AudioObject",
    "StillImage": "Photograph",
    "Text": "CreativeWork",
}
_DCMI_TYPES = {name: dcmi for dcmi, name in _TYPES.items()}
_DATES = {
    DateKind.CREATED: "dateCreated",
    DateKind.ISSUED: "datePublished",
    DateKind.MODIFIED: "dateModified",
    DateKind.COPYRIGHTED: "copyrightYear",
}
_RELATIONS = {
    RelationKind.SOURCE: "isBasedOn",
    RelationKind.IS_PART_OF: "isPartOf",
    RelationKind.HAS_PART: "hasPart",
    RelationKind.REFERENCES: "citation",
    RelationKind.HAS_VERSION: "workExample",
    RelationKind.IS_VERSION_OF: "exampleOfWork",
}
_TERMS = {
    "genre": "genres",
    "encodingFormat": "formats",
    "material": "media",
    "size": "extents",
    "version": "editions",
    "publisher": "publishers",
    "audience": "audiences",
    "educationalLevel": "education_levels",
}


def schemaorg_json(record: Record) -> bytes:
    """A record as a schema.org thing in JSON-LD."""
    kind = next((_TYPES[each] for each in record.types if each in _TYPES), "CreativeWork")
    said: dict[str, list[Any]] = {}
    for name, value in _said(record):
        said.setdefault(name, []).append(value)
    values = {name: found[0] if len(found) == 1 else found for name, found in said.items()}
    return json_bytes({"@context": _CONTEXT, "@type": kind, **values})


def _said(record: Record) -> Iterator[tuple[str, Any]]:
    for title in record.titles:
        yield ("name" if title.kind is None else "alternateName"), _worded(title.value, title.lang)
    for name in record.names:
        yield ("author" if name.creator else "contributor"), _agent(name)
    for subject in record.subjects:
        yield from _about(subject)
    yield from (("abstract", _worded(each.value, each.lang)) for each in record.abstracts)
    yield from (("description", _worded(note.value, note.lang)) for note in record.notes)
    yield from (("description", text) for text in notes_on_values(record))
    for property_name, field_name in _TERMS.items():
        for term in getattr(record, field_name):
            yield property_name, _worded(term.value, term.lang)
    yield from _of_codes_and_links(record)
    for statement in record.rights:
        yield from _rights(statement)


def _of_codes_and_links(record: Record) -> Iterator[tuple[str, Any]]:
    yield from ((_DATES[each.kind], each.value) for each in record.dates if each.kind in _DATES)
    yield from (("inLanguage", language.value) for language in record.languages)
    yield from (("identifier", _property(each)) for each in record.identifiers if not each.invalid)
    yield from (("url", place.url) for place in record.locations if place.url is not None)
    for relation in record.relations:
        if relation.kind in _RELATIONS:
            yield _RELATIONS[relation.kind], _thing(relation.item)


def _worded(text: str, lang: str | None) -> Any:  # noqa: ANN401 - JSON data
    return text if lang is None else {"@value": text, "@language": lang}


def _agent(name: Name) -> dict[str, Any]:
    kind = "Person" if name.kind in {None, "personal"} else "Organization"
    values: dict[str, Any] = {"@type": kind, "name": name.value}
    if name.uri is not None:
        values["sameAs"] = name.uri
    if name.alternatives:
        values["alternateName"] = [other.value for other in name.alternatives]
    return values


def _about(subject: Subject) -> Iterator[tuple[str, Any]]:
    places = {SubjectKind.GEOGRAPHIC: "spatialCoverage", SubjectKind.TEMPORAL: "temporalCoverage"}
    topics = [part.value for part in subject.parts if part.kind not in places]
    if topics:
        text = "--".join(topics)
        term = {"@type": "DefinedTerm", "name": text, "inDefinedTermSet": subject.authority}
        if subject.uri is not None:
            term["@id"] = subject.uri
        yield "about", term if subject.authority else _worded(text, subject.lang)
    yield from ((places[part.kind], part.value) for part in subject.parts if part.kind in places)


def _property(identifier: Identifier) -> Any:  # noqa: ANN401 - JSON data
    if identifier.kind is None:
        return identifier.value
    return {"@type": "PropertyValue", "propertyID": identifier.kind, "value": identifier.value}


def _thing(item: Record) -> dict[str, Any]:
    values: dict[str, Any] = {"@type": "CreativeWork"}
    for title in item.titles[:1]:
        values["name"] = _worded(title.value, title.lang)
    for place in item.locations[:1]:
        values["url"] = place.url
    for identifier in item.identifiers[:1]:
        values["identifier"] = _property(identifier)
    return values


def _rights(statement: RightsStatement) -> Iterator[tuple[str, Any]]:
    name = "copyrightHolder" if statement.kind is RightsKind.HOLDER else "license"
    if statement.value is not None:
        words = "usageInfo" if name == "license" else name
        yield words, _worded(statement.value, statement.lang)
    if statement.uri is not None:
        yield name, statement.uri


def record_from_schemaorg(data: bytes) -> Record:
    """The record that a schema.org thing makes. Raises ValueError."""
    values = json.loads(data)
    if not isinstance(values, dict):
        raise ValueError("a schema.org thing is an object")  # noqa: TRY004 - a fault of the data
    return record_from_schemaorg_values(values)


def record_from_schemaorg_values(values: Values) -> Record:
    """The same, of a document that was parsed. What is of a wrong type or empty says nothing."""
    kinds = [_DCMI_TYPES.get(str(kind)) for kind in _list(values.get("@type"))]
    terms: dict[str, Any] = {
        field_name: tuple(map(_term, _worded_values(values, name)))
        for name, field_name in _TERMS.items()
    }
    return Record(
        **terms,
        types=tuple(kind for kind in kinds if kind is not None),
        titles=(*_titles(values, "name", None), *_titles(values, "alternateName", "alternative")),
        names=(*_names(values, "author", "creator"), *_names(values, "contributor")),
        abstracts=tuple(map(_term, _worded_values(values, "abstract"))),
        notes=tuple(map(_note, _worded_values(values, "description"))),
        dates=tuple(_dates(values)),
        languages=tuple(language_from(each.text) for each in _worded_values(values, "inLanguage")),
        subjects=tuple(_subjects(values)),
        relations=tuple(
            Relation(kind=kind, item=item)
            for kind, name in _RELATIONS.items()
            for each in _list(values.get(name))
            if (item := _item(each)) != Record()
        ),
        identifiers=tuple(_identifiers(values)),
        locations=tuple(Location(url=each.text) for each in _worded_values(values, "url")),
        rights=tuple(_statements(values)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Worded:
    """A text, its language, and the thing whose name it is, if it is one's."""

    text: str
    lang: str | None
    thing: Values


def _list(value: Any) -> Sequence[Any]:  # noqa: ANN401 - JSON data
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text(value: object) -> str | None:
    """A text or a number as a text; None for anything else, and where it is blank."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, float) and not isfinite(value):
        return None
    return str(value).strip() or None


def _worded_values(values: Values, name: str) -> Iterator[_Worded]:
    """The texts of a property: strings, worded values, and the names of things."""
    for value in _list(values.get(name)):
        thing = value if isinstance(value, dict) else {}
        worded = thing if thing and "@value" not in thing else {"name": value}
        for named in _list(worded.get("name")):
            said = named if isinstance(named, dict) else {"@value": named}
            text = _text(said.get("@value"))
            if text is not None:
                yield _Worded(text=text, lang=_text(said.get("@language")), thing=thing)


def _term(each: _Worded) -> Term:
    return Term(value=each.text, lang=each.lang)


def _note(each: _Worded) -> Note:
    return Note(value=each.text, lang=each.lang)


def _titles(values: Values, name: str, kind: str | None) -> Iterator[Title]:
    for each in _worded_values(values, name):
        yield Title(value=each.text, lang=each.lang, kind=kind)


def _names(values: Values, *properties: str) -> Iterator[Name]:
    for name in properties:
        for each in _worded_values(values, name):
            kinds = {"Person": "personal", "Organization": "corporate"}
            yield Name(
                value=each.text,
                lang=each.lang,
                creator=name != "contributor",
                kind=kinds.get(str(each.thing.get("@type"))),
                alternatives=tuple(
                    AlternativeName(value=other.text, lang=other.lang)
                    for other in _worded_values(each.thing, "alternateName")
                ),
                uri=_text(each.thing.get("sameAs")),
            )


def _dates(values: Values) -> Iterator[Date]:
    for kind, name in _DATES.items():
        for each in _worded_values(values, name):
            encoding = "edtf" if edtf_fault(each.text) is None else None
            yield Date(kind=kind, value=each.text, encoding=encoding)


def _subjects(values: Values) -> Iterator[Subject]:
    kinds = {
        "about": SubjectKind.TOPIC,
        "keywords": SubjectKind.TOPIC,
        "spatialCoverage": SubjectKind.GEOGRAPHIC,
        "temporalCoverage": SubjectKind.TEMPORAL,
    }
    for name, kind in kinds.items():
        for each in _worded_values(values, name):
            texts = each.text.split("--") if kind is SubjectKind.TOPIC else []
            filled = [text.strip() for text in texts if text.strip()] or [each.text]
            yield Subject(
                parts=tuple(SubjectPart(value=part, kind=kind) for part in filled),
                lang=each.lang,
                authority=_text(each.thing.get("inDefinedTermSet")),
                uri=_text(each.thing.get("@id")),
            )


def _item(value: Any) -> Record:  # noqa: ANN401 - JSON data
    if not isinstance(value, dict):
        text = _text(value)
        if text is None:
            return Record()
        if is_web_address(text):
            return Record(locations=(Location(url=text),))
        return Record(titles=(Title(value=text),))
    return Record(
        titles=tuple(_titles(value, "name", None)),
        locations=tuple(Location(url=each.text) for each in _worded_values(value, "url")),
        identifiers=tuple(_identifiers(value)),
    )


def _identifiers(values: Values) -> Iterator[Identifier]:
    for value in _list(values.get("identifier")):
        held = value if isinstance(value, dict) else {"value": value}
        text = _text(held.get("value"))
        if text is not None:
            yield Identifier(value=text, kind=_text(held.get("propertyID")))


def _statements(values: Values) -> Iterator[RightsStatement]:
    kinds = {
        "license": RightsKind.RIGHTS,
        "usageInfo": RightsKind.RIGHTS,
        "copyrightHolder": RightsKind.HOLDER,
    }
    for name, kind in kinds.items():
        for each in _worded_values(values, name):
            if is_uri(each.text):
                yield RightsStatement(kind=kind, uri=each.text)
            else:
                yield RightsStatement(kind=kind, value=each.text, lang=each.lang)
