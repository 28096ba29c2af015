"""A MODS description -> as much of a Record as Dublin Core can carry.

By the Library of Congress's mapping of MODS to simple Dublin Core (2012). The MODS record itself
is kept as it came; what is read here is what is derived from it, and what was not read is told.
"""

from __future__ import annotations

from collections.abc import Iterator

from muniment.metadata.mods_terms import (
    ACCESS_TYPES,
    CREATOR_ROLES,
    DATE_ELEMENTS,
    MODS,
    RELATIONS,
    RESOURCE_TYPES,
)
from muniment.metadata.record import (
    Date,
    DateKind,
    Identifier,
    Language,
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
from muniment.metadata.relators import relator_for
from muniment.metadata.xml_building import XLINK, XML, Element, own_text

_LANG = f"{{{XML}}}lang"
_HREF = f"{{{XLINK}}}href"
_DCMI_TYPES = {*RESOURCE_TYPES, "Event"}
_DCMI_AUTHORITIES = {"dct", "dcmitype"}
# typeOfResource -> DCMI Type. Sound recordings come in three forms, all of them Sound.
_TYPES = {
    "text": "Text",
    "notated music": "Text",
    "cartographic": "Image",
    "still image": "StillImage",
    "moving image": "MovingImage",
    "sound recording": "Sound",
    "sound recording-musical": "Sound",
    "sound recording-nonmusical": "Sound",
    "three dimensional object": "PhysicalObject",
    "software, multimedia": "Software",
    "mixed material": "Collection",
}
_DATES = {"dateCaptured": DateKind.DATE} | {
    element: kind for kind, (element, date_type) in DATE_ELEMENTS.items() if date_type is None
}
_RELATION_KINDS = {kind: relation for relation, kind in reversed(RELATIONS.items()) if kind}
_SUBJECT_KINDS = {
    "topic": SubjectKind.TOPIC,
    "occupation": SubjectKind.OCCUPATION,
    "genre": SubjectKind.GENRE,
    "geographic": SubjectKind.GEOGRAPHIC,
    "geographicCode": SubjectKind.GEOGRAPHIC,
    "name": SubjectKind.NAME,
    "titleInfo": SubjectKind.TITLE,
    "hierarchicalGeographic": SubjectKind.GEOGRAPHIC,
    "cartographics": SubjectKind.GEOGRAPHIC,
}


class ModsReader:
    """Reads one `mods` element, and remembers which elements it took a text from."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._read: set[Element] = set()

    def record(self) -> Record:
        """What Dublin Core can carry of the description."""
        root = self._root
        return Record(
            titles=tuple(self._titles(root)),
            names=tuple(self._names(root)),
            types=tuple(dict.fromkeys(self._types(root))),
            genres=tuple(
                self._term(genre) for genre in _all(root, "genre") if not self._is_dcmi(genre)
            ),
            publishers=self._terms(root, "originInfo", "publisher"),
            dates=tuple(self._dates(root)),
            languages=tuple(self._languages(root)),
            formats=self._terms(root, "physicalDescription", "internetMediaType"),
            media=self._terms(root, "physicalDescription", "form"),
            extents=self._terms(root, "physicalDescription", "extent"),
            abstracts=self._terms(root, "abstract"),
            contents=self._terms(root, "tableOfContents"),
            notes=tuple(self._notes(root)),
            subjects=tuple(self._subjects(root)),
            classifications=self._terms(root, "classification"),
            relations=tuple(self._relations(root)),
            identifiers=tuple(self._identifiers(root)),
            locations=tuple(self._locations(root)),
            rights=tuple(self._rights(root)),
        )

    def unread(self) -> Iterator[Element]:
        """The elements that hold a text of their own which was not taken."""
        for element in self._root.iter(f"{{{MODS}}}*"):
            if element not in self._read and own_text(element):
                yield element

    def _text(self, element: Element) -> str:
        self._read.add(element)
        return own_text(element)

    def _each(self, parent: Element, *path: str) -> Iterator[tuple[Element, str]]:
        """The elements at a path that hold a text, with it."""
        for element in _all(parent, *path):
            text = self._text(element)
            if text:
                yield element, text

    def _first(self, parent: Element, name: str) -> str | None:
        return next((text for _, text in self._each(parent, name)), None)

    def _terms(self, parent: Element, *path: str) -> tuple[Term, ...]:
        return tuple(
            Term(value=text, lang=_lang(element)) for element, text in self._each(parent, *path)
        )

    def _term(self, element: Element) -> Term:
        return Term(
            value=self._text(element),
            lang=_lang(element),
            authority=element.get("authority"),
            uri=element.get("valueURI"),
        )

    def _titles(self, parent: Element) -> Iterator[Title]:
        for element in _all(parent, "titleInfo"):
            value = self._first(element, "title")
            if value is not None:
                yield Title(
                    value=value,
                    non_sort=self._first(element, "nonSort"),
                    subtitle=self._first(element, "subTitle"),
                    part_number=self._first(element, "partNumber"),
                    part_name=self._first(element, "partName"),
                    lang=_lang(element),
                )

    def _names(self, parent: Element) -> Iterator[Name]:
        for element in _all(parent, "name"):
            value, dates = self._name_parts(element)
            if value:
                roles = self._creator_roles(element)
                yield Name(value=value, dates=dates, creator=bool(roles), roles=roles)

    def _name_parts(self, element: Element) -> tuple[str, str | None]:
        """A name as a catalogue heads it: family, given, terms of address; its dates apart."""
        by_type: dict[str | None, list[str]] = {}
        for part, text in self._each(element, "namePart"):
            by_type.setdefault(part.get("type"), []).append(text)
        whole = " ".join(by_type.get(None, []))
        typed = [" ".join(by_type[kind]) for kind in ("family", "given") if kind in by_type]
        terms = by_type.get("termsOfAddress", [])
        value = ", ".join([part for part in (whole, *typed, *terms) if part])
        dates = ", ".join(by_type.get("date", [])) or None
        return value or self._first(element, "displayForm") or "", dates

    def _creator_roles(self, element: Element) -> tuple[str, ...]:
        """The roles that make a creator; the others have no place in Dublin Core."""
        codes = []
        for term in _all(element, "role", "roleTerm"):
            word = own_text(term).lower()
            code = word if word in CREATOR_ROLES else relator_for(word)
            if code in CREATOR_ROLES:
                self._read.add(term)
                codes.append(code)
        return tuple(dict.fromkeys(codes))

    def _types(self, parent: Element) -> Iterator[str]:
        for element, text in self._each(parent, "typeOfResource"):
            if element.get("collection") == "yes":
                yield "Collection"
            if text in _TYPES:
                yield _TYPES[text]
            else:
                self._read.discard(element)
        for element in _all(parent, "genre"):
            if self._is_dcmi(element):
                yield self._text(element)

    def _is_dcmi(self, genre: Element) -> bool:
        authority = genre.get("authority")
        return authority in _DCMI_AUTHORITIES and own_text(genre) in _DCMI_TYPES

    def _dates(self, parent: Element) -> Iterator[Date]:
        for origin in _all(parent, "originInfo"):
            for name in ("dateIssued", "dateCreated", "dateCaptured", "dateOther"):
                for value in self._spans(origin, name):
                    yield Date(kind=_DATES[name], value=value, encoding=None)

    def _spans(self, parent: Element, name: str) -> Iterator[str]:
        """The dates of one name; a start and the end after it are one span."""
        start: str | None = None
        for element, text in self._each(parent, name):
            point = element.get("point")
            if point == "end" and start is not None:
                yield f"{start}/{text}"
                start = None
                continue
            if start is not None:
                yield f"{start}/"
            start = text if point == "start" else None
            if start is None:
                yield text
        if start is not None:
            yield f"{start}/"

    def _languages(self, parent: Element) -> Iterator[Language]:
        for element in _all(parent, "language"):
            terms = list(self._each(element, "languageTerm"))
            codes = [pair for pair in terms if pair[0].get("type") == "code"]
            for term, text in codes or terms:
                yield Language(value=text, authority=term.get("authority"))

    def _notes(self, parent: Element) -> Iterator[Note]:
        for element, text in self._notes_and_physical_notes(parent):
            yield Note(value=text, kind=element.get("type"), lang=_lang(element))

    def _notes_and_physical_notes(self, parent: Element) -> Iterator[tuple[Element, str]]:
        yield from self._each(parent, "note")
        yield from self._each(parent, "physicalDescription", "note")

    def _subjects(self, parent: Element) -> Iterator[Subject]:
        for element in _all(parent, "subject"):
            parts = tuple(self._subject_parts(element))
            if parts:
                yield Subject(parts=parts, lang=_lang(element))

    def _subject_parts(self, subject: Element) -> Iterator[SubjectPart]:
        for element in subject.iterchildren(f"{{{MODS}}}*"):
            kind = _SUBJECT_KINDS.get(_name_of(element))
            if kind is not None and (text := self._subject_text(element, kind)):
                yield SubjectPart(value=text, kind=kind)
        for span in self._spans(subject, "temporal"):
            yield SubjectPart(value=span, kind=SubjectKind.TEMPORAL)

    def _subject_text(self, element: Element, kind: SubjectKind) -> str:
        if kind is SubjectKind.NAME:
            value, dates = self._name_parts(element)
            return ", ".join(part for part in (value, dates) if part)
        if kind is SubjectKind.TITLE:
            return " ".join(self._part_texts(element))
        return "--".join(part for part in (self._text(element), *self._part_texts(element)) if part)

    def _part_texts(self, element: Element) -> Iterator[str]:
        for child in element.iterchildren(f"{{{MODS}}}*"):
            text = self._text(child)
            if text:
                yield text

    def _relations(self, parent: Element) -> Iterator[Relation]:
        for element in _all(parent, "relatedItem"):
            item = Record(
                titles=tuple(self._titles(element)),
                identifiers=tuple(self._identifiers(element)),
                locations=tuple(self._locations(element)),
            )
            if item != Record():
                kind = _RELATION_KINDS.get(element.get("type", ""), RelationKind.RELATION)
                yield Relation(kind=kind, item=item)

    def _identifiers(self, parent: Element) -> Iterator[Identifier]:
        for element in _all(parent, "identifier"):
            if element.get("invalid") == "yes":
                continue
            text = self._text(element)
            if text:
                yield Identifier(value=text, kind=element.get("type"))

    def _locations(self, parent: Element) -> Iterator[Location]:
        for _, text in self._each(parent, "location", "url"):
            yield Location(url=text)

    def _rights(self, parent: Element) -> Iterator[RightsStatement]:
        kinds = {kind: right for right, (kind, label) in ACCESS_TYPES.items() if label is None}
        for element in _all(parent, "accessCondition"):
            self._read.update(element.iter(f"{{{MODS}}}*"))
            text = " ".join(str(element.xpath("string()")).split())
            uri = element.get(_HREF) or element.get("valueURI")
            if text or uri:
                yield RightsStatement(
                    kind=kinds.get(element.get("type", ""), RightsKind.RIGHTS),
                    value=text if text and text != uri else None,
                    uri=uri,
                    lang=_lang(element),
                )


def _lang(element: Element) -> str | None:
    """`xml:lang=""` is allowed in MODS and says nothing."""
    return element.get(_LANG) or None


def _name_of(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _all(parent: Element, *path: str) -> Iterator[Element]:
    yield from parent.iterfind("/".join(f"{{{MODS}}}{name}" for name in path))
