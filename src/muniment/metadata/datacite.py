"""Record <-> DataCite metadata in JSON, by the DataCite Metadata Schema 4.5."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from muniment.metadata.addresses import is_web_address
from muniment.metadata.authoring import json_bytes
from muniment.metadata.dates import edtf_fault
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
from muniment.metadata.value_notes import notes_on_values

Values = Mapping[str, Any]

_YEAR = re.compile(r"\d{4}")
_DOI = re.compile(r"(?:doi:|https?://(?:dx\.)?doi\.org/)?10\.\d{4,}/", re.IGNORECASE)
_REQUIRED = {
    "identifiers": "a DOI",
    "creators": "who made it: creator",
    "titles": "a title",
    "publisher": "who publishes it, or holds it where it was never published: publisher",
    "publicationYear": "the year of issued, available or created",
    "types.resourceTypeGeneral": "a type of the DCMI Type Vocabulary: type",
}
_TYPES = {
    "Collection": "Collection",
    "Dataset": "Dataset",
    "Event": "Event",
    "Image": "Image",
    "InteractiveResource": "InteractiveResource",
    "MovingImage": "Audiovisual",
    "PhysicalObject": "PhysicalObject",
    "Service": "Service",
    "Software": "Software",
    "Sound": "Sound",
    "StillImage": "Image",
    "Text": "Text",
}
_DCMI_TYPES = {general: dcmi for dcmi, general in reversed(_TYPES.items())}
_DATES = {
    DateKind.CREATED: "Created",
    DateKind.ISSUED: "Issued",
    DateKind.AVAILABLE: "Available",
    DateKind.ACCEPTED: "Accepted",
    DateKind.COPYRIGHTED: "Copyrighted",
    DateKind.SUBMITTED: "Submitted",
    DateKind.MODIFIED: "Updated",
    DateKind.VALID: "Valid",
    DateKind.DATE: "Other",
}
_DATE_KINDS = {name: kind for kind, name in _DATES.items()}
_RELATIONS = {
    RelationKind.SOURCE: "IsDerivedFrom",
    RelationKind.IS_PART_OF: "IsPartOf",
    RelationKind.HAS_PART: "HasPart",
    RelationKind.IS_VERSION_OF: "IsVersionOf",
    RelationKind.HAS_VERSION: "HasVersion",
    RelationKind.IS_FORMAT_OF: "IsVariantFormOf",
    RelationKind.HAS_FORMAT: "IsOriginalFormOf",
    RelationKind.REPLACES: "Obsoletes",
    RelationKind.IS_REPLACED_BY: "IsObsoletedBy",
    RelationKind.REFERENCES: "References",
    RelationKind.IS_REFERENCED_BY: "IsReferencedBy",
    RelationKind.REQUIRES: "Requires",
    RelationKind.IS_REQUIRED_BY: "IsRequiredBy",
}
_RELATION_KINDS = {name: kind for kind, name in _RELATIONS.items()}
_NAME_TYPES = {"personal": "Personal", "corporate": "Organizational"}
_NAME_KINDS = {name: kind for kind, name in _NAME_TYPES.items()}
_TITLE_TYPES = {"alternative": "AlternativeTitle", "translated": "TranslatedTitle"}
_TITLE_KINDS = {name: kind for kind, name in _TITLE_TYPES.items()}


def datacite_json(record: Record) -> bytes:
    """A record as the attributes of a DataCite document."""
    values: dict[str, Any] = {
        "identifiers": [
            {"identifier": each.value, "identifierType": each.kind or "local"}
            for each in record.identifiers
            if not each.invalid
        ],
        "creators": [_name(name) for name in record.names if name.creator],
        "titles": [_title(title) for title in record.titles],
        "publisher": next(({"name": term.value} for term in record.publishers), None),
        "publicationYear": _publication_year(record),
        "types": _types(record),
        "subjects": [each for subject in record.subjects for each in _subjects(subject)],
        "contributors": [
            {**_name(name), "contributorType": "Other"} for name in record.names if not name.creator
        ],
        "dates": [_date(date) for date in record.dates],
        "language": next((each.value for each in record.languages), None),
        "sizes": [term.value for term in record.extents],
        "formats": [term.value for term in record.formats],
        "version": next((term.value for term in record.editions), None),
        "rightsList": [_rights(statement) for statement in record.rights],
        "descriptions": list(_descriptions(record)),
        "geoLocations": list(_places(record)),
        "relatedItems": [_related(relation) for relation in record.relations],
        "url": next((place.url for place in record.locations if place.url), None),
        "schemaVersion": "http://datacite.org/schema/kernel-4",
    }
    return json_bytes({name: value for name, value in values.items() if value not in (None, [])})


def lacking(content: bytes) -> tuple[tuple[str, str], ...]:
    """The properties that DataCite requires and a document lacks, each with what it is to hold."""
    values = json.loads(content)
    identifiers = values.get("identifiers", [])
    has = {
        "identifiers": any(_is_doi(each) for each in identifiers),
        "types.resourceTypeGeneral": "resourceTypeGeneral" in values.get("types", {}),
        **{name: name in values for name in ("creators", "titles", "publisher", "publicationYear")},
    }
    return tuple((name, meant) for name, meant in _REQUIRED.items() if not has[name])


def _is_doi(identifier: Values) -> bool:
    kind, value = identifier["identifierType"], identifier["identifier"]
    return kind.lower() == "doi" or _DOI.match(value) is not None


def _said(**values: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON data
    return {name: value for name, value in values.items() if value is not None}


def _title(title: Title) -> dict[str, Any]:
    main = f"{title.non_sort} {title.value}" if title.non_sort else title.value
    full = f"{main}: {title.subtitle}" if title.subtitle else main
    return _said(title=full, titleType=_TITLE_TYPES.get(title.kind or ""), lang=title.lang)


def _name(name: Name) -> dict[str, Any]:
    values = _said(name=name.value, nameType=_NAME_TYPES.get(name.kind or ""), lang=name.lang)
    if name.affiliations:
        values["affiliation"] = [{"name": each} for each in name.affiliations]
    if name.uri is not None:
        scheme = name.authority or "URI"
        values["nameIdentifiers"] = [{"nameIdentifier": name.uri, "nameIdentifierScheme": scheme}]
    return values


def _publication_year(record: Record) -> str | None:
    wanted = (DateKind.ISSUED, DateKind.AVAILABLE, DateKind.CREATED)
    dates = [date.value for kind in wanted for date in record.dates if date.kind is kind]
    years = (_YEAR.match(date) for date in dates)
    return next((year[0] for year in years if year is not None), None)


def _types(record: Record) -> dict[str, Any] | None:
    general = next((_TYPES[each] for each in record.types if each in _TYPES), None)
    genre = next((term.value for term in record.genres), None)
    return _said(resourceTypeGeneral=general, resourceType=genre) or None


def _subjects(subject: Subject) -> Iterator[dict[str, Any]]:
    topics = [part.value for part in subject.parts if part.kind is not SubjectKind.GEOGRAPHIC]
    if topics:
        yield _said(
            subject="--".join(topics),
            subjectScheme=subject.authority,
            valueUri=subject.uri,
            lang=subject.lang,
        )


def _places(record: Record) -> Iterator[dict[str, Any]]:
    for subject in record.subjects:
        for part in subject.parts:
            if part.kind is SubjectKind.GEOGRAPHIC:
                yield {"geoLocationPlace": part.value}


def _date(date: Date) -> dict[str, Any]:
    return _said(date=date.value, dateType=_DATES[date.kind], dateInformation=date.display)


def _rights(statement: RightsStatement) -> dict[str, Any]:
    return _said(rights=statement.value, rightsUri=statement.uri, lang=statement.lang)


def _descriptions(record: Record) -> Iterator[dict[str, Any]]:
    groups: tuple[tuple[str, Sequence[Term | Note]], ...] = (
        ("Abstract", record.abstracts),
        ("TableOfContents", record.contents),
        ("Other", record.notes),
        ("Other", [Term(value=text) for text in notes_on_values(record)]),
    )
    for kind, parts in groups:
        for part in parts:
            yield _said(description=part.value, descriptionType=kind, lang=part.lang)


def _related(relation: Relation) -> dict[str, Any]:
    item = relation.item
    address = next((place.url for place in item.locations if place.url), None)
    identifier = address or next((each.value for each in item.identifiers), None)
    values = _said(
        titles=[_title(title) for title in item.titles] or None,
        relationType=_RELATIONS.get(relation.kind, "Other"),
        relatedItemType="Other",
    )
    if identifier is not None:
        values["relatedItemIdentifier"] = {"relatedItemIdentifier": identifier}
    if item.names:
        values["creators"] = [_name(name) for name in item.names]
    if item.publishers:
        values["publisher"] = item.publishers[0].value
    return values


def record_from_datacite(data: bytes) -> Record:
    """The record that the attributes of a DataCite document make. Raises ValueError."""
    values = json.loads(data)
    if not isinstance(values, dict):
        raise ValueError("a DataCite document is an object")  # noqa: TRY004 - a fault of the data
    return record_from_datacite_values(values)


def record_from_datacite_values(values: Values) -> Record:
    """The same, of a document that was parsed. What is of a wrong type or empty says nothing."""
    url = _text(values.get("url"))
    types = values.get("types")
    types = types if isinstance(types, dict) else {}
    return Record(
        titles=tuple(map(_read_title, _objects(values, "titles", "title"))),
        names=(
            *(_read_name(each, creator=True) for each in _objects(values, "creators", "name")),
            *(_read_name(each, creator=False) for each in _objects(values, "contributors", "name")),
        ),
        types=tuple(filter(None, [_DCMI_TYPES.get(str(types.get("resourceTypeGeneral")))])),
        genres=_terms(types.get("resourceType")),
        publishers=_terms(_name_in(values.get("publisher"))),
        dates=tuple(_read_date(each) for each in _objects(values, "dates", "date")),
        languages=tuple(map(language_from, filter(None, [_text(values.get("language"))]))),
        formats=_terms(*_list(values.get("formats"))),
        extents=_terms(*_list(values.get("sizes"))),
        editions=_terms(values.get("version")),
        abstracts=_described(values, "Abstract"),
        contents=_described(values, "TableOfContents"),
        notes=tuple(
            Note(value=_filled(each, "description"), lang=_text(each.get("lang")))
            for each in _objects(values, "descriptions", "description")
            if each.get("descriptionType") not in ("Abstract", "TableOfContents")
        ),
        subjects=(*_read_subjects(values), *_read_places(values)),
        relations=tuple(map(_read_relation, _objects(values, "relatedItems"))),
        identifiers=tuple(map(_read_identifier, _objects(values, "identifiers", "identifier"))),
        locations=() if url is None else (Location(url=url),),
        rights=tuple(
            RightsStatement(
                value=_text(each.get("rights")),
                uri=_text(each.get("rightsUri")),
                lang=_text(each.get("lang")),
            )
            for each in _objects(values, "rightsList")
            if _text(each.get("rights")) or _text(each.get("rightsUri"))
        ),
    )


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _objects(values: Values, name: str, filled: str | None = None) -> list[Values]:
    """The objects of a list; with `filled`, those whose value of that name is a text."""
    found = [each for each in _list(values.get(name)) if isinstance(each, dict)]
    return [each for each in found if filled is None or _text(each.get(filled)) is not None]


def _text(value: object) -> str | None:
    return (value.strip() or None) if isinstance(value, str) else None


def _filled(values: Values, name: str) -> str:
    """A text that is known to be there."""
    return str(values[name]).strip()


def _terms(*values: object) -> tuple[Term, ...]:
    return tuple(Term(value=text) for text in map(_text, values) if text is not None)


def _name_in(value: object) -> object:
    return value.get("name") if isinstance(value, dict) else value


def _read_title(values: Values) -> Title:
    kind = _TITLE_KINDS.get(str(values.get("titleType")))
    return Title(value=_filled(values, "title"), kind=kind, lang=_text(values.get("lang")))


def _read_name(values: Values, *, creator: bool) -> Name:
    identifier = next(iter(_objects(values, "nameIdentifiers")), {})
    affiliations = map(_name_in, _list(values.get("affiliation")))
    return Name(
        value=_filled(values, "name"),
        creator=creator,
        kind=_NAME_KINDS.get(str(values.get("nameType"))),
        lang=_text(values.get("lang")),
        uri=_text(identifier.get("nameIdentifier")),
        authority=_text(identifier.get("nameIdentifierScheme")) if identifier else None,
        affiliations=tuple(filter(None, map(_text, affiliations))),
    )


def _read_date(values: Values) -> Date:
    text = _filled(values, "date")
    return Date(
        kind=_DATE_KINDS.get(str(values.get("dateType")), DateKind.DATE),
        value=text,
        encoding="edtf" if edtf_fault(text) is None else None,
        display=_text(values.get("dateInformation")),
    )


def _described(values: Values, kind: str) -> tuple[Term, ...]:
    return tuple(
        Term(value=_filled(each, "description"), lang=_text(each.get("lang")))
        for each in _objects(values, "descriptions", "description")
        if each.get("descriptionType") == kind
    )


def _read_subjects(values: Values) -> Iterator[Subject]:
    for each in _objects(values, "subjects", "subject"):
        whole = _filled(each, "subject")
        texts = [text for part in whole.split("--") if (text := part.strip())]
        yield Subject(
            parts=tuple(SubjectPart(value=text) for text in texts or [whole]),
            authority=_text(each.get("subjectScheme")),
            uri=_text(each.get("valueUri")),
            lang=_text(each.get("lang")),
        )


def _read_places(values: Values) -> Iterator[Subject]:
    for each in _objects(values, "geoLocations"):
        place = _text(each.get("geoLocationPlace"))
        if place is not None:
            yield Subject(parts=(SubjectPart(value=place, kind=SubjectKind.GEOGRAPHIC),))


def _read_relation(values: Values) -> Relation:
    kind = _RELATION_KINDS.get(str(values.get("relationType")), RelationKind.RELATION)
    identifier = values.get("relatedItemIdentifier")
    text = identifier.get("relatedItemIdentifier") if isinstance(identifier, dict) else None
    address = _text(text)
    is_address = address is not None and is_web_address(address)
    return Relation(
        kind=kind,
        item=Record(
            titles=tuple(map(_read_title, _objects(values, "titles", "title"))),
            names=tuple(
                _read_name(each, creator=True) for each in _objects(values, "creators", "name")
            ),
            publishers=_terms(values.get("publisher")),
            locations=(Location(url=address),) if is_address else (),
            identifiers=(Identifier(value=address),) if address and not is_address else (),
        ),
    )


def _read_identifier(values: Values) -> Identifier:
    return Identifier(value=_filled(values, "identifier"), kind=_text(values.get("identifierType")))
