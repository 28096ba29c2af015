"""Record -> MODS 3.8. Nothing that an authored record says is lost.

A note on a value becomes a `note` that refers to its element by IDREF, or stands inside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from muniment.metadata.languages import authority_of
from muniment.metadata.mods_terms import (
    ACCESS_TYPES,
    CREATOR_ROLES,
    DATE_ELEMENTS,
    DCTERMS,
    EDUCATION_LEVEL_LABEL,
    EVENTS,
    MODS,
    NAME_TYPES,
    NAMED_BESIDE,
    PRODUCTION,
    PUBLICATION,
    RELATIONS,
    RESOURCE_TYPES,
)
from muniment.metadata.record import (
    Date,
    DateKind,
    DigitalOrigin,
    Location,
    Name,
    Place,
    Record,
    RecordInfo,
    Relation,
    RightsStatement,
    Subject,
    SubjectKind,
    SubjectPart,
    Term,
    Title,
)
from muniment.metadata.relators import RELATORS, RELATORS_URI
from muniment.metadata.xml_building import XLINK, XML, XSI, Builder, Element, parsed, to_bytes

_LOCATION = "http://www.loc.gov/standards/mods/v3/mods-3-8.xsd"
_MODS = Builder(MODS, None)
_LANG = f"{{{XML}}}lang"
_HREF = f"{{{XLINK}}}href"
_PHYSICAL_ORDER = ("form", "internetMediaType", "extent")
_MEDIA_TYPE = re.compile(r"[a-z]+/[A-Za-z0-9!#$&^_.+-]+")


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


def mods_collection(documents: Iterable[bytes]) -> bytes:
    """MODS documents that `mods_xml` made, as one modsCollection."""
    root = _MODS.root("modsCollection", _LOCATION, {}, {"xlink": XLINK})
    for number, document in enumerate(documents, 1):
        record = parsed(document)
        record.attrib.pop(f"{{{XSI}}}schemaLocation", "")
        # Each document counts its IDs from 1; in one document no two may be alike.
        for element in record.iter("*"):
            for name in ("ID", "IDREF"):
                if name in element.attrib:
                    element.set(name, f"{element.get(name)}-{number}")
        root.append(record)
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


def _authority(term: Term | Name | Place | Subject | Title | Location) -> dict[str, str | None]:
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
    if name.creator and not CREATOR_ROLES.intersection(name.roles):
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


class _Origins:
    """The originInfo elements: one an event, and one for each part with words on it alone.

    A form for display and a note speak of a whole originInfo: it must then hold nothing else.
    """

    def __init__(self, parent: Element) -> None:
        self._parent = parent
        self._by_event: dict[str | None, Element] = {}

    def holding(self, event: str | None, *, alone: bool) -> Element:
        """The one originInfo of an event, made when it is first asked for, or a new one."""
        if alone:
            return self._new(event)
        if event not in self._by_event:
            self._by_event[event] = self._new(event)
        return self._by_event[event]

    def _new(self, event: str | None) -> Element:
        return _MODS.add(self._parent, "originInfo", None, {"eventType": event})


def _origin(parent: Element, record: Record, notes: _Notes) -> None:
    origins = _Origins(parent)
    for place in record.places:
        made = PUBLICATION if _is_published(record) else PRODUCTION
        element = origins.holding(made, alone=place.note is not None)
        _place(element, place)
        notes.keep(element, "place", place.note)
    for name, terms in (("publisher", record.publishers), ("edition", record.editions)):
        for term in terms:
            element = origins.holding(PUBLICATION, alone=term.note is not None)
            _MODS.add(element, name, term.value, {**_authority(term), _LANG: term.lang})
            notes.keep(element, name, term.note)
    for date in record.dates:
        event = EVENTS.get(date.kind)
        element = origins.holding(event, alone=(date.display or date.note) is not None)
        _date(element, date)
        notes.keep(element, "date", date.note)


def _is_published(record: Record) -> bool:
    issued = any(date.kind is DateKind.ISSUED for date in record.dates)
    return bool(issued or record.publishers or record.editions)


def _place(parent: Element, place: Place) -> None:
    holder = _MODS.add(parent, "place", None, {"supplied": "yes" if place.supplied else None})
    attributes = {"type": "text", **_authority(place), _LANG: place.lang}
    _MODS.add(holder, "placeTerm", place.value, attributes)


def _date(parent: Element, date: Date) -> None:
    name, kind = DATE_ELEMENTS[date.kind]
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


# An element of physicalDescription, what it holds, and its type.
_Part = tuple[str, Term, str | None]


def _physical(parent: Element, record: Record) -> None:
    """One physicalDescription, and one for each part with a note that could be on another too."""
    parts = sorted(_physical_parts(record), key=lambda part: _PHYSICAL_ORDER.index(part[0]))
    names = [name for name, _, _ in parts]
    apart = [part for part in parts if part[1].note is not None and names.count(part[0]) > 1]
    together = [part for part in parts if part not in apart]
    if together or record.digital_origin is not None:
        _physical_description(parent, together, record.digital_origin)
    for part in apart:
        _physical_description(parent, [part], None)


def _physical_parts(record: Record) -> Iterator[_Part]:
    yield from (("form", term, "material") for term in record.media)
    for term in record.formats:
        is_media_type = _MEDIA_TYPE.fullmatch(term.value) and not (term.authority or term.uri)
        yield ("internetMediaType" if is_media_type else "form"), term, None
    yield from (("extent", term, None) for term in record.extents)


def _physical_description(
    parent: Element, parts: Sequence[_Part], origin: DigitalOrigin | None
) -> None:
    element = _MODS.add(parent, "physicalDescription")
    for name, term, kind in parts:
        attributes: dict[str, str | None] = {
            "type": kind,
            **_authority(term),
            _LANG: term.lang,
        }
        _MODS.add(element, name, term.value, attributes)
    if origin is not None:
        _MODS.add(element, "digitalOrigin", origin.value)
    for name, term, _ in parts:
        if term.note is not None:
            _MODS.add(element, "note", term.note, {"type": name})


def _audiences(parent: Element, record: Record, notes: _Notes) -> None:
    for audience in record.audiences:
        _term(parent, "targetAudience", audience, notes)
    for level in record.education_levels:
        _term(parent, "targetAudience", level, notes, {"displayLabel": EDUCATION_LEVEL_LABEL})


def _subject(parent: Element, subject: Subject, notes: _Notes) -> None:
    attributes = {**_authority(subject), _LANG: subject.lang}
    element = _MODS.add(parent, "subject", None, attributes)
    for part in subject.parts:
        _subject_part(element, part)
    notes.keep(element, "subject", subject.note)


def _subject_part(parent: Element, part: SubjectPart) -> None:
    if part.kind in NAME_TYPES:
        name = _MODS.add(parent, "name", None, {"type": NAME_TYPES[part.kind]})
        _MODS.add(name, "namePart", part.value)
    elif part.kind is SubjectKind.TITLE:
        _MODS.add(_MODS.add(parent, "titleInfo"), "title", part.value)
    else:
        _MODS.add(parent, part.kind.value, part.value)


def _relation(parent: Element, relation: Relation, numbers: Iterator[int]) -> None:
    attributes: dict[str, str | None] = {"type": RELATIONS[relation.kind]}
    if relation.kind in NAMED_BESIDE:
        attributes |= {
            "otherType": relation.kind.value,
            "otherTypeAuth": "dcterms",
            "otherTypeURI": DCTERMS + relation.kind.value,
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
    kind, label = ACCESS_TYPES[statement.kind]
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
    for name, term in (
        ("descriptionStandard", info.standard),
        ("recordContentSource", info.content_source),
    ):
        if term is not None and term.note is not None:
            _MODS.add(element, "recordInfoNote", term.note, {"type": name})
