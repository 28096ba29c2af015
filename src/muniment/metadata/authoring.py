"""Record -> an authored record: the inverse of reading one.

What a string alone says is written as a string; an object only where there is more to say.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from muniment.metadata.addresses import is_web_address
from muniment.metadata.authored import NOTE_KINDS, record_from
from muniment.metadata.authoring_pruning import prune
from muniment.metadata.dates import edtf_fault
from muniment.metadata.json_source import parse_json
from muniment.metadata.languages import authority_of, is_language_code
from muniment.metadata.nodes import Parsed, plain
from muniment.metadata.record import (
    Date,
    Language,
    Name,
    Note,
    Record,
    RecordInfo,
    Relation,
    RightsStatement,
    Subject,
    SubjectKind,
    Title,
)
from muniment.metadata.schema_messages import schema_findings
from muniment.metadata.yaml_source import parse_yaml
from muniment.model.findings import Finding

Values = dict[str, Any]

# Fields of our values whose names in an authored record are others.
_NAMES = {
    "kind": "type",
    "non_sort": "nonSort",
    "part_number": "partNumber",
    "part_name": "partName",
    "shelf_mark": "shelfMark",
    "repository": "value",
    "roles": "role",
    "alternatives": "alternative",
    "affiliations": "affiliation",
    "content_source": "contentSource",
    "notes": "note",
}
_NOTE_PROPERTIES = {kind: name for name, kind in NOTE_KINDS.items()}
_TERMS = {
    "genre": "genres",
    "publisher": "publishers",
    "place": "places",
    "edition": "editions",
    "format": "formats",
    "medium": "media",
    "extent": "extents",
    "abstract": "abstracts",
    "tableOfContents": "contents",
    "audience": "audiences",
    "educationLevel": "education_levels",
    "classification": "classifications",
    "identifier": "identifiers",
    "location": "locations",
}


def authored_values(record: Record) -> Values:
    """The properties of an authored record that says the same.

    What its schema has no place for is left out, but for dates that are not EDTF and languages
    that are no code: those become notes.
    """
    return prune(_all_values(_with_free_words_as_notes(record)))


def _with_free_words_as_notes(record: Record) -> Record:
    """Dates and languages as people write them, as notes that say what they are."""
    free_dates = [date for date in record.dates if edtf_fault(date.value) is not None]
    free_languages = [each for each in record.languages if not is_language_code(each.value)]
    notes = (
        *(Note(value=date.value, kind=date.kind.value) for date in free_dates),
        *(Note(value=language.value, kind="language") for language in free_languages),
    )
    return replace(
        record,
        dates=tuple(date for date in record.dates if date not in free_dates),
        languages=tuple(each for each in record.languages if each not in free_languages),
        notes=(*record.notes, *notes),
    )


def _all_values(record: Record) -> Values:
    collected: dict[str, list[Any]] = {}
    for name, value in _said(record):
        collected.setdefault(name, []).append(value)
    values: Values = {name: _one_or_all(found) for name, found in collected.items()}
    if record.digital_origin is not None:
        values["digitalOrigin"] = record.digital_origin.value
    if record.info is not None:
        values["recordInfo"] = _info(record.info)
    return values


def _said(record: Record) -> Iterator[tuple[str, Any]]:
    """Every property with a value of it, in the order of the record."""
    yield from map(_title, record.titles)
    yield from map(_name, record.names)
    yield from (("type", dcmi_type) for dcmi_type in record.types)
    yield from map(_date, record.dates)
    yield from map(_language, record.languages)
    yield from map(_note, record.notes)
    yield from map(_subject, record.subjects)
    yield from map(_relation, record.relations)
    yield from map(_rights, record.rights)
    for name, field_name in _TERMS.items():
        yield from ((name, _plain(part)) for part in getattr(record, field_name))


def to_yaml(record: Record) -> bytes:
    """An authored record in YAML."""
    from ruamel.yaml import YAML

    writer = YAML()
    writer.default_flow_style = False
    writer.width = 100
    writer.indent(mapping=2, sequence=4, offset=2)
    stream = io.BytesIO()
    writer.dump(authored_values(record), stream)
    return stream.getvalue()


def to_json(record: Record) -> bytes:
    """An authored record in JSON."""
    return json_bytes(authored_values(record))


def json_bytes(values: Mapping[str, Any]) -> bytes:
    """A JSON document, two blanks to a step, in the given order."""
    return (json.dumps(values, ensure_ascii=False, indent=2) + "\n").encode()


def json_array(documents: Iterable[bytes]) -> bytes:
    """Several JSON documents as one array."""
    values = [json.loads(document) for document in documents]
    return (json.dumps(values, ensure_ascii=False, indent=2) + "\n").encode()


def record_from_yaml(data: bytes) -> Record:
    """The record that was written by `to_yaml`."""
    return _record_of(parse_yaml(data.decode(), ""))


def record_from_json(data: bytes) -> Record:
    """The record that was written by `to_json`."""
    return _record_of(parse_json(data.decode(), ""))


def faults_of(content: bytes, name: str) -> tuple[Finding, ...]:
    """What the schema still refuses of a record that was written: that it has no title."""
    parsed = parse_yaml(content.decode(), name)
    return () if parsed.root is None else schema_findings(parsed.root, name)


def _record_of(parsed: Parsed) -> Record:
    values = None if parsed.root is None else plain(parsed.root)
    if not isinstance(values, dict):
        raise TypeError("what was written as a record is read back as none")
    return record_from(values)


def _plain(part: Any, *, without: Iterable[str] = ()) -> Any:  # noqa: ANN401 - any part of a record
    """A part as an object without what it does not say; a string where that is all."""
    values: Values = {}
    for field in fields(part):
        value = getattr(part, field.name)
        if field.name in without or value is None or value is False or value == ():
            continue
        values[_NAMES.get(field.name, field.name)] = value
    return values["value"] if list(values) == ["value"] else values


def _one_or_all(values: list[Any]) -> Any:  # noqa: ANN401 - JSON data
    return values[0] if len(values) == 1 else values


def _title(title: Title) -> tuple[str, Any]:
    if title.kind is None:
        return "title", _plain(title)
    return "alternative", _plain(title, without=["kind"] if title.kind == "alternative" else [])


def _name(name: Name) -> tuple[str, Any]:
    values = _plain(name, without=["creator", "alternatives", "roles", "affiliations"])
    lists = {
        "role": list(name.roles),
        "alternative": [_plain(other) for other in name.alternatives],
        "affiliation": list(name.affiliations),
    }
    more = {key: _one_or_all(value) for key, value in lists.items() if value}
    return ("creator" if name.creator else "contributor"), _with(values, more)


def _with(values: Any, more: Values) -> Any:  # noqa: ANN401 - JSON data
    """A value with more to say; still a string where there is nothing more."""
    if not more:
        return values
    return {**(values if isinstance(values, dict) else {"value": values}), **more}


def _date(date: Date) -> tuple[str, Any]:
    values = _plain(date, without=["kind", "encoding", "key"])
    return date.kind.value, _with(values, {"keyDate": True} if date.key else {})


def _language(language: Language) -> tuple[str, Any]:
    usual = language.authority == authority_of(language.value)
    return "language", _plain(language, without=["authority"] if usual else [])


def _note(note: Note) -> tuple[str, Any]:
    name = _NOTE_PROPERTIES.get(note.kind or "")
    return (name, _plain(note, without=["kind"])) if name else ("note", _plain(note))


def _subject(subject: Subject) -> tuple[str, Any]:
    first, *rest = subject.parts
    values = _plain(subject, without=["parts"])
    values = {"value": first.value, **(values if isinstance(values, dict) else {})}
    if rest:
        values["subdivisions"] = [{"value": part.value, "type": part.kind.value} for part in rest]
    name = {SubjectKind.GEOGRAPHIC: "spatial", SubjectKind.TEMPORAL: "temporal"}.get(first.kind)
    if name is None or rest:  # only a subject may be subdivided
        name = "subject"
        if first.kind is not SubjectKind.TOPIC:
            values["type"] = first.kind.value
    return name, values["value"] if list(values) == ["value"] else values


def _relation(relation: Relation) -> tuple[str, Any]:
    item = _all_values(_with_free_words_as_notes(relation.item))
    location = item.pop("location", None)
    if isinstance(location, dict) and "url" in location:
        item["uri"] = location["url"]
    alone = list(item) == ["title"] and isinstance(item["title"], str)
    return relation.kind.value, item["title"] if alone else item


def _rights(statement: RightsStatement) -> tuple[str, Any]:
    values = _plain(statement, without=["kind"])
    alone = isinstance(values, dict) and list(values) == ["uri"]
    plain = alone and is_web_address(statement.uri or "")
    return statement.kind.value, statement.uri if plain else values


def _info(info: RecordInfo) -> Values:
    values = _plain(info, without=["content_source", "standard", "notes"])
    result: Values = dict(values) if isinstance(values, dict) else {}
    for name, term in (("contentSource", info.content_source), ("standard", info.standard)):
        if term is not None:
            result[name] = _plain(term)
    if info.notes:
        result["note"] = _one_or_all([_plain(note) for note in info.notes])
    return result
