"""Record -> MODS 3.8. Nothing that an authored record says is lost.

A note on a value becomes a `note` that refers to its element by IDREF, or stands inside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from muniment.metadata.languages import authority_of
from muniment.metadata.record import (
    Date,
    DateKind,
    Location,
    Name,
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
from muniment.metadata.relators import RELATORS, RELATORS_URI
from muniment.metadata.xml_building import XLINK, XML, Builder, Element, to_bytes

MODS = "http://www.loc.gov/mods/v3"
_LOCATION = "http://www.loc.gov/standards/mods/v3/mods-3-8.xsd"
_DCTERMS = "http://purl.org/dc/terms/"
_MODS = Builder(MODS, None)
_LANG = f"{{{XML}}}lang"
_HREF = f"{{{XLINK}}}href"
_MEDIA_TYPE = re.compile(r"[a-z]+/[A-Za-z0-9!#$&^_.+-]+")

# DCMI Type -> typeOfResource, by the Library of Congress's mapping. An Event has none.
RESOURCE_TYPES = {
    "Collection": "mixed material",
    "Dataset": "software, multimedia",
    "Image": "still image",
    "InteractiveResource": "software, multimedia",
    "MovingImage": "moving image",
    "PhysicalObject": "three dimensional object",
    "Service": "software, multimedia",
    "Software": "software, multimedia",
    "Sound": "sound recording",
    "StillImage": "still image",
    "Text": "text",
}
# The element of originInfo that holds a date, and the type of a dateOther.
_DATE_ELEMENTS: dict[DateKind, tuple[str, str | None]] = {
    DateKind.CREATED: ("dateCreated", None),
    DateKind.ISSUED: ("dateIssued", None),
    DateKind.DATE: ("dateOther", None),
    DateKind.AVAILABLE: ("dateOther", "available"),
    DateKind.ACCEPTED: ("dateOther", "accepted"),
    DateKind.COPYRIGHTED: ("copyrightDate", None),
    DateKind.SUBMITTED: ("dateOther", "submitted"),
    DateKind.MODIFIED: ("dateModified", None),
    DateKind.VALID: ("dateValid", None),
}
_PRODUCTION = "production"
_PUBLICATION = "publication"
_EVENTS = {
    DateKind.CREATED: _PRODUCTION,
    DateKind.ISSUED: _PUBLICATION,
    DateKind.COPYRIGHTED: "copyright",
}
# relatedItem/@type. Where it does not say all, the DCMI term is named beside it.
_RELATIONS: dict[RelationKind, str | None] = {
    RelationKind.SOURCE: "original",
    RelationKind.RELATION: None,
    RelationKind.IS_PART_OF: "host",
    RelationKind.HAS_PART: "constituent",
    RelationKind.IS_VERSION_OF: "otherVersion",
    RelationKind.HAS_VERSION: "otherVersion",
    RelationKind.IS_FORMAT_OF: "otherFormat",
    RelationKind.HAS_FORMAT: "otherFormat",
    RelationKind.REPLACES: "preceding",
    RelationKind.IS_REPLACED_BY: "succeeding",
    RelationKind.REFERENCES: "references",
    RelationKind.IS_REFERENCED_BY: "isReferencedBy",
    RelationKind.REQUIRES: None,
    RelationKind.IS_REQUIRED_BY: None,
    RelationKind.CONFORMS_TO: None,
}
_NAMED_BESIDE = {
    RelationKind.IS_VERSION_OF,
    RelationKind.IS_FORMAT_OF,
    RelationKind.REQUIRES,
    RelationKind.IS_REQUIRED_BY,
    RelationKind.CONFORMS_TO,
}
_ACCESS_TYPES = {
    RightsKind.RIGHTS: ("use and reproduction", None),
    RightsKind.LICENSE: ("use and reproduction", "license"),
    RightsKind.ACCESS: ("restriction on access", None),
    RightsKind.HOLDER: ("rights holder", None),
}
_NAME_TYPES = {
    SubjectKind.PERSONAL_NAME: "personal",
    SubjectKind.FAMILY_NAME: "family",
    SubjectKind.CORPORATE_NAME: "corporate",
    SubjectKind.CONFERENCE_NAME: "conference",
    SubjectKind.NAME: None,
}
_CREATOR_ROLES = {"aut", "cre"}


def mods_xml(record: Record, *, record_date: str, version: str) -> bytes:
    """A record as a MODS 3.8 document.

    `record_date` (EDTF) is the date of the MODS record unless the record gives one; `version` is
    that of the software, named as its origin. Raises ValueError where a text holds a character
    that XML cannot hold; a record that was read and accepted has none.
    """
    root = _MODS.root("mods", _LOCATION, {"version": "3.8"}, {"xlink": XLINK})
    _description(root, record, count(1))
    _record_info(root, record.info or RecordInfo(), record_date, version)
    return to_bytes(root)


@dataclass(slots=True)
class _Notes:
    """Notes on values, kept until the elements they refer to stand. IDs count over the document."""

    numbers: Iterator[int]
    kept: list[tuple[str, str, str]] = field(default_factory=list)

    def keep(self, element: Element, kind: str, text: str | None) -> None:
        """Keep a note on `element`, which gets an ID if it has none yet."""
        if text is not None:
            identifier = element.get("ID") or f"{kind}-{next(self.numbers)}"
            element.set("ID", identifier)
            self.kept.append((kind, identifier, text))


def _description(parent: Element, record: Record, numbers: Iterator[int]) -> None:
    """The elements of a record in the usual order, in `mods` or in `relatedItem`."""
    notes = _Notes(numbers)
    for title in record.titles:
        _title(parent, title, notes)
    for name in record.names:
        _name(parent, name, notes)
    _types(parent, record, notes)
    _origin(parent, record, notes)
    _languages(parent, record, notes)
    _physical(parent, record)
    for abstract in record.abstracts:
        _term(parent, "abstract", abstract, notes)
    for contents in record.contents:
        _term(parent, "tableOfContents", contents, notes)
    _audiences(parent, record, notes)
    place_of_notes = len(parent)
    for subject in record.subjects:
        _subject(parent, subject, notes)
    for classification in record.classifications:
        _term(parent, "classification", classification, notes)
    for relation in record.relations:
        _relation(parent, relation, numbers)
    _identifiers(parent, record, notes)
    for location in record.locations:
        _location(parent, location, notes)
    for statement in record.rights:
        _access_condition(parent, statement, notes)
    _all_notes(parent, record, notes, place_of_notes)


def _all_notes(parent: Element, record: Record, notes: _Notes, position: int) -> None:
    end = len(parent)
    for note in record.notes:
        _MODS.add(
            parent,
            "note",
            note.value,
            {"type": note.kind, "displayLabel": note.label, _LANG: note.lang},
        )
    for kind, identifier, text in notes.kept:
        _MODS.add(parent, "note", text, {"type": kind, "IDREF": identifier})
    for offset, element in enumerate(list(parent)[end:]):
        parent.insert(position + offset, element)


def _authority(term: Term | Name | Subject | Title | Location) -> dict[str, str | None]:
    return {"authority": term.authority, "valueURI": term.uri}


def _term(
    parent: Element,
    element_name: str,
    term: Term,
    notes: _Notes,
    attributes: dict[str, str | None] | None = None,
) -> None:
    element = _MODS.add(
        parent,
        element_name,
        term.value,
        {**_authority(term), _LANG: term.lang, **(attributes or {})},
    )
    notes.keep(element, element_name, term.note)


def _title(parent: Element, title: Title, notes: _Notes) -> None:
    element = _MODS.add(
        parent,
        "titleInfo",
        None,
        {
            "type": title.kind,
            "supplied": "yes" if title.supplied else None,
            **_authority(title),
            _LANG: title.lang,
        },
    )
    _title_parts(element, title)
    notes.keep(element, "title", title.note)


def _title_parts(element: Element, title: Title) -> None:
    parts = (
        ("nonSort", title.non_sort),
        ("title", title.value),
        ("subTitle", title.subtitle),
        ("partNumber", title.part_number),
        ("partName", title.part_name),
    )
    for name, text in parts:
        if text is not None:
            _MODS.add(element, name, text)


def _name(parent: Element, name: Name, notes: _Notes) -> None:
    element = _MODS.add(
        parent, "name", None, {"type": name.kind, **_authority(name), _LANG: name.lang}
    )
    _MODS.add(element, "namePart", name.value)
    if name.dates is not None:
        _MODS.add(element, "namePart", name.dates, {"type": "date"})
    for affiliation in name.affiliations:
        _MODS.add(element, "affiliation", affiliation)
    for code in _roles(name):
        _role(element, code)
    if name.description is not None:
        _MODS.add(element, "description", name.description)
    for alternative in name.alternatives:
        other = _MODS.add(
            element,
            "alternativeName",
            None,
            {"altType": alternative.kind, _LANG: alternative.lang},
        )
        _MODS.add(other, "namePart", alternative.value)
    notes.keep(element, "name", name.note)


def _roles(name: Name) -> tuple[str, ...]:
    """A creator stays one for readers that know only `cre` and `aut`."""
    if name.creator and not _CREATOR_ROLES.intersection(name.roles):
        return (*name.roles, "cre")
    return name.roles


def _role(parent: Element, code: str) -> None:
    role = _MODS.add(parent, "role")
    known = RELATORS.get(code)
    attributes: dict[str, str | None] = {"authority": "marcrelator"}
    if known is None:
        _MODS.add(role, "roleTerm", code, {"type": "text"})
        return
    attributes["valueURI"] = RELATORS_URI + code
    _MODS.add(role, "roleTerm", code, {"type": "code", **attributes})
    _MODS.add(role, "roleTerm", known, {"type": "text", **attributes})


def _types(parent: Element, record: Record, notes: _Notes) -> None:
    for dcmi_type in record.types:
        if dcmi_type in RESOURCE_TYPES:
            collection = "yes" if dcmi_type == "Collection" else None
            _MODS.add(
                parent, "typeOfResource", RESOURCE_TYPES[dcmi_type], {"collection": collection}
            )
    for dcmi_type in record.types:
        _MODS.add(parent, "genre", dcmi_type, {"authority": "dct"})
    for genre in record.genres:
        _term(parent, "genre", genre, notes)


def _origin(parent: Element, record: Record, notes: _Notes) -> None:
    """One originInfo an event; a date with a form for display has one of its own."""
    groups: dict[str, Element] = {}
    published = bool(record.publishers or record.editions)
    published = published or any(date.kind is DateKind.ISSUED for date in record.dates)

    def group(event: str) -> Element:
        if event not in groups:
            attributes = {"eventType": event or None}
            groups[event] = _MODS.add(parent, "originInfo", None, attributes)
        return groups[event]

    for place in record.places:
        element = group(_PUBLICATION if published else _PRODUCTION)
        supplied = {"supplied": "yes" if place.supplied else None}
        holder = _MODS.add(element, "place", None, supplied)
        attributes = {"authority": place.authority, "valueURI": place.uri, _LANG: place.lang}
        _MODS.add(holder, "placeTerm", place.value, {"type": "text", **attributes})
        notes.keep(element, "place", place.note)
    for name, terms in (("publisher", record.publishers), ("edition", record.editions)):
        for term in terms:
            element = group(_PUBLICATION)
            attributes = {**_authority(term), _LANG: term.lang}
            _MODS.add(element, name, term.value, attributes)
            notes.keep(element, name, term.note)
    for date in record.dates:
        event = _EVENTS.get(date.kind, "")
        if date.display is None:
            element = group(event)
        else:
            element = _MODS.add(parent, "originInfo", None, {"eventType": event or None})
        _date(element, date)
        notes.keep(element, "date", date.note)


def _date(parent: Element, date: Date) -> None:
    name, kind = _DATE_ELEMENTS[date.kind]
    key = "yes" if date.key else None
    _MODS.add(parent, name, date.value, {"encoding": date.encoding, "keyDate": key, "type": kind})
    if date.display is not None:
        _MODS.add(parent, "displayDate", date.display)


def _languages(parent: Element, record: Record, notes: _Notes) -> None:
    for language in record.languages:
        element = _MODS.add(parent, "language", None, {"objectPart": language.part})
        kind = "text" if language.authority is None else "code"
        attributes = {"type": kind, "authority": language.authority}
        _MODS.add(element, "languageTerm", language.value, attributes)
        if language.script is not None:
            attributes = {"type": "code", "authority": "iso15924"}
            _MODS.add(element, "scriptTerm", language.script, attributes)
        notes.keep(element, "language", language.note)


def _physical(parent: Element, record: Record) -> None:
    kinds = [("form", term, "material") for term in record.media]
    for term in record.formats:
        is_media_type = _MEDIA_TYPE.fullmatch(term.value) and not (term.authority or term.uri)
        kinds.append(("internetMediaType" if is_media_type else "form", term, ""))
    kinds += [("extent", term, "") for term in record.extents]
    if not kinds and record.digital_origin is None:
        return
    element = _MODS.add(parent, "physicalDescription")
    order = ("form", "internetMediaType", "extent")
    for name, term, kind in sorted(kinds, key=lambda entry: order.index(entry[0])):
        attributes = {"type": kind or None, **_authority(term), _LANG: term.lang}
        _MODS.add(element, name, term.value, attributes)
    if record.digital_origin is not None:
        _MODS.add(element, "digitalOrigin", record.digital_origin.value)
    for name, term, _ in kinds:
        if term.note is not None:
            _MODS.add(element, "note", term.note, {"type": name})


def _audiences(parent: Element, record: Record, notes: _Notes) -> None:
    for audience in record.audiences:
        _term(parent, "targetAudience", audience, notes)
    for level in record.education_levels:
        _term(parent, "targetAudience", level, notes, {"displayLabel": "education level"})


def _subject(parent: Element, subject: Subject, notes: _Notes) -> None:
    attributes = {**_authority(subject), _LANG: subject.lang}
    element = _MODS.add(parent, "subject", None, attributes)
    for part in subject.parts:
        _subject_part(element, part)
    notes.keep(element, "subject", subject.note)


def _subject_part(parent: Element, part: SubjectPart) -> None:
    if part.kind in _NAME_TYPES:
        name = _MODS.add(parent, "name", None, {"type": _NAME_TYPES[part.kind]})
        _MODS.add(name, "namePart", part.value)
    elif part.kind is SubjectKind.TITLE:
        _MODS.add(_MODS.add(parent, "titleInfo"), "title", part.value)
    else:
        _MODS.add(parent, part.kind.value, part.value)


def _relation(parent: Element, relation: Relation, numbers: Iterator[int]) -> None:
    attributes: dict[str, str | None] = {"type": _RELATIONS[relation.kind]}
    if relation.kind in _NAMED_BESIDE:
        attributes |= {
            "otherType": relation.kind.value,
            "otherTypeAuth": "dcterms",
            "otherTypeURI": _DCTERMS + relation.kind.value,
        }
    element = _MODS.add(parent, "relatedItem", None, attributes)
    _description(element, relation.item, numbers)


def _identifiers(parent: Element, record: Record, notes: _Notes) -> None:
    for identifier in record.identifiers:
        attributes = {
            "type": identifier.kind,
            "displayLabel": identifier.label,
            "invalid": "yes" if identifier.invalid else None,
        }
        element = _MODS.add(parent, "identifier", identifier.value, attributes)
        notes.keep(element, "identifier", identifier.note)


def _location(parent: Element, location: Location, notes: _Notes) -> None:
    element = _MODS.add(parent, "location")
    if location.repository is not None:
        attributes = {**_authority(location), _LANG: location.lang}
        _MODS.add(element, "physicalLocation", location.repository, attributes)
    if location.shelf_mark is not None:
        _MODS.add(element, "shelfLocator", location.shelf_mark)
    if location.url is not None:
        _MODS.add(element, "url", location.url)
    notes.keep(element, "location", location.note)


def _access_condition(parent: Element, statement: RightsStatement, notes: _Notes) -> None:
    kind, label = _ACCESS_TYPES[statement.kind]
    attributes = {
        "type": kind,
        "displayLabel": label,
        _HREF: statement.uri,
        _LANG: statement.lang,
    }
    text = statement.value or statement.uri
    element = _MODS.add(parent, "accessCondition", text, attributes)
    notes.keep(element, "rights", statement.note)


def _record_info(parent: Element, info: RecordInfo, record_date: str, version: str) -> None:
    element = _MODS.add(parent, "recordInfo")
    edtf: dict[str, str | None] = {"encoding": "edtf"}
    for name, term in (
        ("descriptionStandard", info.standard),
        ("recordContentSource", info.content_source),
    ):
        if term is not None:
            attributes = {**_authority(term), _LANG: term.lang}
            _MODS.add(element, name, term.value, attributes)
    _MODS.add(element, "recordCreationDate", info.created or record_date, edtf)
    if info.changed is not None:
        _MODS.add(element, "recordChangeDate", info.changed, edtf)
    if info.identifier is not None:
        _MODS.add(element, "recordIdentifier", info.identifier)
    origin = f"Made by muniment {version} from the record as it was given."
    _MODS.add(element, "recordOrigin", f"{info.origin} {origin}" if info.origin else origin)
    if info.language is not None:
        language = _MODS.add(element, "languageOfCataloging")
        attributes = {"type": "code", "authority": authority_of(info.language)}
        _MODS.add(language, "languageTerm", info.language, attributes)
    for note in info.notes:
        attributes = {"type": note.kind, "displayLabel": note.label, _LANG: note.lang}
        _MODS.add(element, "recordInfoNote", note.value, attributes)
    for term in (info.standard, info.content_source):
        if term is not None and term.note is not None:
            _MODS.add(element, "recordInfoNote", term.note)
