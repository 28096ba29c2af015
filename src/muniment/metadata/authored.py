"""An authored record that the schema has accepted -> Record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from muniment.metadata.addresses import is_web_address
from muniment.metadata.languages import authority_of
from muniment.metadata.record import (
    AlternativeName,
    Date,
    DateKind,
    DigitalOrigin,
    Identifier,
    Language,
    Location,
    Name,
    Note,
    Place,
    Record,
    RecordInfo,
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

Values = Mapping[str, Any]
_Part = TypeVar("_Part")
_Kind = TypeVar("_Kind", bound=StrEnum)

# DCMI terms that MODS says by a note of a type. `ownership` is MODS's own word for custody.
NOTE_KINDS = {
    "provenance": "ownership",
    "bibliographicCitation": "preferred citation",
    "accrualMethod": "accrual method",
    "accrualPeriodicity": "accrual periodicity",
    "accrualPolicy": "accrual policy",
    "instructionalMethod": "instructional method",
    "mediator": "mediator",
}


def record_from(values: Values) -> Record:
    """The record that the values of a YAML or JSON file make; the schema has accepted them."""
    return Record(
        titles=(*_each(values, "title", _title), *_each(values, "alternative", _alternative)),
        names=_names(values),
        types=tuple(_list(values.get("type"))),
        genres=_each(values, "genre", _term),
        publishers=_each(values, "publisher", _term),
        places=_each(values, "place", _place),
        editions=_each(values, "edition", _term),
        dates=_dates(values),
        languages=_each(values, "language", _language),
        formats=_each(values, "format", _term),
        media=_each(values, "medium", _term),
        extents=_each(values, "extent", _term),
        digital_origin=_digital_origin(values),
        abstracts=_each(values, "abstract", _term),
        contents=_each(values, "tableOfContents", _term),
        audiences=_each(values, "audience", _term),
        education_levels=_each(values, "educationLevel", _term),
        notes=_notes(values),
        subjects=_subjects(values),
        classifications=_each(values, "classification", _term),
        relations=_relations(values),
        identifiers=_each(values, "identifier", _identifier),
        locations=_each(values, "location", _location),
        rights=_rights(values),
        info=_info(values["recordInfo"]) if "recordInfo" in values else None,
    )


def _list(value: Any) -> list[Any]:  # noqa: ANN401 - JSON data
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _each(values: Values, name: str, make: Callable[[Values], _Part]) -> tuple[_Part, ...]:
    """The values of a property; a bare string is taken for an object with that value."""
    return tuple(make(_object(value)) for value in _list(values.get(name)))


def _of_kinds(values: Values, kinds: type[_Kind]) -> Iterator[tuple[_Kind, Any]]:
    """The values of all properties that are named after a kind, in the order of the record."""
    names = {kind.value: kind for kind in kinds}
    for name in values:
        if name in names:
            for value in _list(values[name]):
                yield names[name], value


def _object(value: Any) -> Values:  # noqa: ANN401 - JSON data
    return value if isinstance(value, Mapping) else {"value": value}


def _text(values: Values, name: str) -> str | None:
    text = values.get(name)
    return text.strip() if isinstance(text, str) else None


def _value(values: Values) -> str:
    return str(values["value"]).strip()


def _term(values: Values) -> Term:
    return Term(
        value=_value(values),
        lang=_text(values, "lang"),
        authority=_text(values, "authority"),
        uri=_text(values, "uri"),
        note=_text(values, "note"),
    )


def _title(values: Values) -> Title:
    return Title(
        value=_value(values),
        kind=_text(values, "type"),
        non_sort=_text(values, "nonSort"),
        subtitle=_text(values, "subtitle"),
        part_number=_text(values, "partNumber"),
        part_name=_text(values, "partName"),
        lang=_text(values, "lang"),
        supplied=bool(values.get("supplied")),
        authority=_text(values, "authority"),
        uri=_text(values, "uri"),
        note=_text(values, "note"),
    )


def _alternative(values: Values) -> Title:
    return _title({"type": "alternative", **values})


def _names(values: Values) -> tuple[Name, ...]:
    creators = _each(values, "creator", lambda value: _name(value, creator=True))
    return creators + _each(values, "contributor", lambda value: _name(value, creator=False))


def _name(values: Values, *, creator: bool) -> Name:
    return Name(
        value=_value(values),
        creator=creator,
        kind=_text(values, "type"),
        dates=_text(values, "dates"),
        roles=tuple(_list(values.get("role"))),
        alternatives=_each(values, "alternative", _alternative_name),
        affiliations=tuple(text.strip() for text in _list(values.get("affiliation"))),
        description=_text(values, "description"),
        lang=_text(values, "lang"),
        authority=_text(values, "authority"),
        uri=_text(values, "uri"),
        note=_text(values, "note"),
    )


def _alternative_name(values: Values) -> AlternativeName:
    return AlternativeName(
        value=_value(values), kind=_text(values, "type"), lang=_text(values, "lang")
    )


def _place(values: Values) -> Place:
    return Place(
        value=_value(values),
        lang=_text(values, "lang"),
        supplied=bool(values.get("supplied")),
        authority=_text(values, "authority"),
        uri=_text(values, "uri"),
        note=_text(values, "note"),
    )


def _dates(values: Values) -> tuple[Date, ...]:
    return tuple(_date(_object(value), kind) for kind, value in _of_kinds(values, DateKind))


def _date(values: Values, kind: DateKind) -> Date:
    return Date(
        kind=kind,
        value=_value(values),
        display=_text(values, "display"),
        key=bool(values.get("keyDate")),
        note=_text(values, "note"),
    )


def _language(values: Values) -> Language:
    code = _value(values)
    return Language(
        value=code,
        authority=_text(values, "authority") or authority_of(code),
        script=_text(values, "script"),
        part=_text(values, "part"),
        note=_text(values, "note"),
    )


def _digital_origin(values: Values) -> DigitalOrigin | None:
    origin = values.get("digitalOrigin")
    return None if origin is None else DigitalOrigin(origin)


def _notes(values: Values) -> tuple[Note, ...]:
    kinds = {"description": None, "note": None, **NOTE_KINDS}
    return tuple(
        _note({"type": kinds[name], **_object(value)})
        for name in values
        if name in kinds
        for value in _list(values[name])
    )


def _note(values: Values) -> Note:
    return Note(
        value=_value(values),
        kind=_text(values, "type"),
        label=_text(values, "label"),
        lang=_text(values, "lang"),
    )


def _subjects(values: Values) -> tuple[Subject, ...]:
    kinds = {"spatial": "geographic", "temporal": "temporal", "coverage": "geographic"}
    return _each(values, "subject", _subject) + tuple(
        _subject({**_object(value), "type": kind})
        for name, kind in kinds.items()
        for value in _list(values.get(name))
    )


def _subject(values: Values) -> Subject:
    return Subject(
        parts=(_subject_part(values), *_each(values, "subdivisions", _subject_part)),
        lang=_text(values, "lang"),
        authority=_text(values, "authority"),
        uri=_text(values, "uri"),
        note=_text(values, "note"),
    )


def _subject_part(values: Values) -> SubjectPart:
    return SubjectPart(value=_value(values), kind=SubjectKind(values.get("type", "topic")))


def _relations(values: Values) -> tuple[Relation, ...]:
    return tuple(
        Relation(kind=kind, item=_related(value)) for kind, value in _of_kinds(values, RelationKind)
    )


def _related(value: Any) -> Record:  # noqa: ANN401 - JSON data
    if not isinstance(value, Mapping):
        text = str(value).strip()
        value = {"uri": text} if is_web_address(text) else {"title": text}
    uri = _text(value, "uri")
    return Record(
        titles=_each(value, "title", _title),
        names=_each(value, "creator", lambda agent: _name(agent, creator=True)),
        publishers=_each(value, "publisher", _term),
        dates=_each(value, "date", lambda date: _date(date, DateKind.DATE)),
        notes=_each(value, "note", _note),
        identifiers=_each(value, "identifier", _identifier),
        locations=() if uri is None else (Location(url=uri),),
    )


def _identifier(values: Values) -> Identifier:
    return Identifier(
        value=_value(values),
        kind=_text(values, "type"),
        label=_text(values, "label"),
        invalid=bool(values.get("invalid")),
        note=_text(values, "note"),
    )


def _location(values: Values) -> Location:
    return Location(
        repository=_text(values, "value"),
        shelf_mark=_text(values, "shelfMark"),
        url=_text(values, "url"),
        lang=_text(values, "lang"),
        authority=_text(values, "authority"),
        uri=_text(values, "uri"),
        note=_text(values, "note"),
    )


def _rights(values: Values) -> tuple[RightsStatement, ...]:
    return tuple(_statement(_object(value), kind) for kind, value in _of_kinds(values, RightsKind))


def _statement(values: Values, kind: RightsKind) -> RightsStatement:
    value, uri = _text(values, "value"), _text(values, "uri")
    if value is not None and uri is None and is_web_address(value):
        value, uri = None, value
    return RightsStatement(
        kind=kind, value=value, uri=uri, lang=_text(values, "lang"), note=_text(values, "note")
    )


def _info(values: Values) -> RecordInfo:
    source, standard = values.get("contentSource"), values.get("standard")
    return RecordInfo(
        content_source=None if source is None else _term(_object(source)),
        created=_text(values, "created"),
        changed=_text(values, "changed"),
        identifier=_text(values, "identifier"),
        language=_text(values, "language"),
        standard=None if standard is None else _term(_object(standard)),
        origin=_text(values, "origin"),
        notes=_each(values, "note", _note),
    )
