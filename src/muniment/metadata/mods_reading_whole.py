"""A MODS description -> the whole Record: the inverse of writing one.

`mods_reading` takes what Dublin Core can carry, by the mapping; here all is taken that a Record can
hold, with its authorities, roles and notes, and what it cannot hold is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from muniment.metadata.mods_reading_names import NameReader
from muniment.metadata.mods_reading_origins import OriginReader, term_of
from muniment.metadata.mods_reading_record_info import read_record_info
from muniment.metadata.mods_reading_texts import (
    LANG,
    TakenTexts,
    ValueNotes,
    at_path,
    is_of_dcmi,
    local_name,
    mods_children,
)
from muniment.metadata.mods_terms import (
    ACCESS_TYPES,
    EDUCATION_LEVEL_LABEL,
    MODS,
    NAMED_BESIDE,
    RELATIONS,
    RESOURCE_TYPES,
)
from muniment.metadata.record import (
    DigitalOrigin,
    Identifier,
    Language,
    Location,
    Note,
    Record,
    Relation,
    RelationKind,
    RightsKind,
    RightsStatement,
    Term,
    Title,
)
from muniment.metadata.xml_building import XLINK, XSI, Element

_HREF = f"{{{XLINK}}}href"
_DCMI_TYPES = frozenset({*RESOURCE_TYPES, "Event"})
# typeOfResource -> DCMI Type. Where the type says less than the word, the word is told as lost.
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
_RELATION_KINDS = {
    kind: relation for relation, kind in RELATIONS.items() if kind and relation not in NAMED_BESIDE
}
_RIGHTS = {words: kind for kind, words in ACCESS_TYPES.items()}
_DIGITAL_ORIGINS = {origin.value: origin for origin in DigitalOrigin}
# Attributes that say something of the file, not of the thing.
_TECHNICAL = frozenset({"version", "ID"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Untaken:
    """An element whose text was not taken, or an attribute of it."""

    element: Element
    attribute: str | None = None


class WholeModsReader:
    """Reads one `mods` element whole."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._taken = TakenTexts()
        self._names = NameReader(self._taken)

    def record(self) -> Record:
        """Everything that a Record can hold of the description."""
        return self._description(self._root)

    def untaken(self) -> Iterator[Untaken]:
        """Everything that it could not, in the order of the file; to be asked after `record`."""
        for element in self._root.iter(f"{{{MODS}}}*"):
            if self._taken.has_text(element) and not self._taken.took(element):
                yield Untaken(element=element)
                continue
            for name in map(str, element.attrib):
                if not self._taken.took_attribute(element, name) and not _is_technical(name):
                    yield Untaken(element=element, attribute=name)
            if local_name(element) == "extension" and len(element):
                yield Untaken(element=element)

    def _description(self, parent: Element) -> Record:
        beside = ValueNotes(parent, self._taken)
        origin = OriginReader(parent, self._taken, beside)
        media, formats, extents = self._physical(parent)
        return Record(
            titles=tuple(self._titles(parent, beside)),
            names=tuple(self._names.names(parent, beside)),
            types=tuple(dict.fromkeys(self._types(parent))),
            genres=tuple(self._genres(parent, beside)),
            publishers=tuple(origin.publishers),
            places=tuple(origin.places),
            editions=tuple(origin.editions),
            dates=tuple(origin.dates),
            languages=tuple(self._languages(parent, beside)),
            formats=formats,
            media=media,
            extents=extents,
            digital_origin=self._digital_origin(parent),
            abstracts=tuple(self._prose(parent, "abstract")),
            contents=tuple(self._prose(parent, "tableOfContents")),
            audiences=tuple(self._audiences(parent, beside, levels=False)),
            education_levels=tuple(self._audiences(parent, beside, levels=True)),
            subjects=tuple(self._names.subjects(parent, beside)),
            classifications=tuple(self._each_term(parent, "classification", beside)),
            relations=tuple(self._relations(parent)),
            identifiers=tuple(self._identifiers(parent, beside)),
            locations=tuple(self._locations(parent, beside)),
            rights=tuple(self._rights(parent, beside)),
            info=read_record_info(parent, self._taken),
            # Last: the notes on values were taken by what they speak of.
            notes=tuple(self._notes(parent)),
        )

    def _titles(self, parent: Element, beside: ValueNotes) -> Iterator[Title]:
        taken = self._taken
        for element in at_path(parent, "titleInfo"):
            value = taken.first(element, "title")
            if value is not None:
                yield Title(
                    value=value,
                    kind=taken.attribute(element, "type"),
                    non_sort=taken.first(element, "nonSort"),
                    subtitle=taken.first(element, "subTitle"),
                    part_number=taken.first(element, "partNumber"),
                    part_name=taken.first(element, "partName"),
                    lang=taken.attribute(element, LANG),
                    supplied=taken.flag(element, "supplied"),
                    authority=taken.attribute(element, "authority"),
                    uri=taken.attribute(element, "valueURI"),
                    note=beside.take(element, "title"),
                )

    def _types(self, parent: Element) -> Iterator[str]:
        """The terms of DCMI, and what typeOfResource says beyond what those stand for."""
        said = [
            self._taken.text(genre)
            for genre in at_path(parent, "genre")
            if self._is_dcmi_type(genre)
        ]
        yield from said
        stands_for = {RESOURCE_TYPES.get(each) for each in said}
        for element, text in self._taken.each(parent, "typeOfResource"):
            if self._taken.flag(element, "collection"):
                yield "Collection"
            if text in stands_for:
                continue
            dcmi_type = text if text in _DCMI_TYPES else _TYPES.get(text)
            if dcmi_type is not None:
                yield dcmi_type
            if dcmi_type is None or text not in {dcmi_type, RESOURCE_TYPES.get(dcmi_type)}:
                self._taken.leave(element)

    def _is_dcmi_type(self, genre: Element) -> bool:
        is_type = is_of_dcmi(genre) and (genre.text or "").strip() in _DCMI_TYPES
        if is_type:
            self._taken.told(genre, "authority")
        return is_type

    def _genres(self, parent: Element, beside: ValueNotes) -> Iterator[Term]:
        for element, text in self._taken.each(parent, "genre"):
            if not self._is_dcmi_type(element):
                yield term_of(element, text, self._taken, beside.take(element, "genre"))

    def _each_term(self, parent: Element, name: str, beside: ValueNotes) -> Iterator[Term]:
        for element, text in self._taken.each(parent, name):
            yield term_of(element, text, self._taken, beside.take(element, name))

    def _prose(self, parent: Element, name: str) -> Iterator[Term]:
        for element in at_path(parent, name):
            text = self._taken.prose(element)
            if text:
                yield term_of(element, text, self._taken)

    def _languages(self, parent: Element, beside: ValueNotes) -> Iterator[Language]:
        """One for each code. A name counts where there is no code; beside one it is lost."""
        taken = self._taken
        for element in at_path(parent, "language"):
            terms = list(taken.each(element, "languageTerm"))
            codes = [pair for pair in terms if taken.attribute(pair[0], "type") == "code"]
            for term, _ in terms:
                if codes and term.get("type") != "code":
                    taken.leave(term)
            script = self._script(element)
            for term, text in codes or terms:
                yield Language(
                    value=text,
                    authority=taken.attribute(term, "authority"),
                    script=script,
                    part=taken.attribute(element, "objectPart"),
                    note=beside.take(element, "language"),
                )

    def _script(self, language: Element) -> str | None:
        """The script's code; where only its name is given, that is told as lost."""
        for term in at_path(language, "scriptTerm"):
            if term.get("type") == "code":
                self._taken.told(term, "type", "authority")
                return self._taken.text(term) or None
        return None

    def _physical(
        self, parent: Element
    ) -> tuple[tuple[Term, ...], tuple[Term, ...], tuple[Term, ...]]:
        """Media, formats, extents. A note of a part's name in the same description is on it."""
        media: list[Term] = []
        found: dict[str, list[Term]] = {"form": [], "internetMediaType": [], "extent": []}
        for description in at_path(parent, "physicalDescription"):
            for element in mods_children(description):
                name = local_name(element)
                text = self._taken.text(element) if name in found else ""
                if text:
                    note = self._note_within(description, name)
                    term = term_of(element, text, self._taken, note)
                    is_medium = element.get("type") == "material"
                    if is_medium:
                        self._taken.told(element, "type")
                    (media if is_medium and name == "form" else found[name]).append(term)
        formats = (*found["form"], *found["internetMediaType"])
        return tuple(media), formats, tuple(found["extent"])

    def _note_within(self, description: Element, name: str) -> str | None:
        for note in at_path(description, "note"):
            if note.get("type") == name and not self._taken.took(note):
                self._taken.told(note, "type")
                return self._taken.prose(note) or None
        return None

    def _digital_origin(self, parent: Element) -> DigitalOrigin | None:
        for element in at_path(parent, "physicalDescription", "digitalOrigin"):
            origin = _DIGITAL_ORIGINS.get((element.text or "").strip())
            if origin is not None:
                self._taken.text(element)
                return origin
        return None

    def _audiences(self, parent: Element, beside: ValueNotes, *, levels: bool) -> Iterator[Term]:
        for element, text in self._taken.each(parent, "targetAudience"):
            is_level = element.get("displayLabel") == EDUCATION_LEVEL_LABEL
            if is_level:
                self._taken.told(element, "displayLabel")
            if is_level is levels:
                yield term_of(element, text, self._taken, beside.take(element, "targetAudience"))

    def _relations(self, parent: Element) -> Iterator[Relation]:
        for element in at_path(parent, "relatedItem"):
            item = self._description(element)
            kind = self._relation_kind(element)
            address = self._taken.attribute(element, _HREF)
            if address is not None and Location(url=address) not in item.locations:
                item = _with_address(item, address)
            if item != Record():
                yield Relation(kind=kind, item=item)

    def _relation_kind(self, element: Element) -> RelationKind:
        """By the DCMI term that stands beside the type, or by the type itself."""
        named = element.get("otherType")
        if element.get("otherTypeAuth") == "dcterms" and named in list(RelationKind):
            self._taken.told(element, "type", "otherType", "otherTypeAuth", "otherTypeURI")
            return RelationKind(named)
        kind = element.get("type")
        if kind in _RELATION_KINDS:
            self._taken.told(element, "type")
            return _RELATION_KINDS[kind]
        # A series is what the thing is part of, but not everything that is one is a series.
        return RelationKind.IS_PART_OF if kind == "series" else RelationKind.RELATION

    def _identifiers(self, parent: Element, beside: ValueNotes) -> Iterator[Identifier]:
        for element, text in self._taken.each(parent, "identifier"):
            yield Identifier(
                value=text,
                kind=self._taken.attribute(element, "type"),
                label=self._taken.attribute(element, "displayLabel"),
                invalid=self._taken.flag(element, "invalid"),
                note=beside.take(element, "identifier"),
            )

    def _locations(self, parent: Element, beside: ValueNotes) -> Iterator[Location]:
        """One for each repository, shelf mark and address, as far as they stand side by side."""
        taken = self._taken
        for element in at_path(parent, "location"):
            columns = (
                list(taken.each(element, name))
                for name in ("physicalLocation", "shelfLocator", "url")
            )
            for repository, shelf_mark, url in zip_longest(*columns):
                holder = None if repository is None else repository[0]
                yield Location(
                    repository=None if repository is None else repository[1],
                    shelf_mark=None if shelf_mark is None else shelf_mark[1],
                    url=None if url is None else url[1],
                    lang=None if holder is None else taken.attribute(holder, LANG),
                    authority=None if holder is None else taken.attribute(holder, "authority"),
                    uri=None if holder is None else taken.attribute(holder, "valueURI"),
                    note=beside.take(element, "location"),
                )

    def _rights(self, parent: Element, beside: ValueNotes) -> Iterator[RightsStatement]:
        for element in at_path(parent, "accessCondition"):
            for part in element.iter(f"{{{MODS}}}*"):
                self._taken.told(part)
            text = " ".join(str(element.xpath("string()")).split("\n")).strip()
            uri = self._taken.attribute(element, _HREF)
            if text or uri:
                yield RightsStatement(
                    kind=self._rights_kind(element),
                    value=text if text and text != uri else None,
                    uri=uri,
                    lang=self._taken.attribute(element, LANG),
                    note=beside.take(element, "rights"),
                )

    def _rights_kind(self, element: Element) -> RightsKind:
        kind, label = element.get("type"), element.get("displayLabel")
        for words in ((kind, label), (kind, None)):
            if words in _RIGHTS:
                self._taken.told(element, "type")
                if words[1] is not None:
                    self._taken.told(element, "displayLabel")
                return _RIGHTS[words]
        return RightsKind.RIGHTS

    def _notes(self, parent: Element) -> Iterator[Note]:
        """The notes that no value has taken, those of the physical description last."""
        for path in (("note",), ("physicalDescription", "note")):
            for element in at_path(parent, *path):
                if self._taken.took(element):
                    continue
                text = self._taken.prose(element)
                if text:
                    yield Note(
                        value=text,
                        kind=self._taken.attribute(element, "type"),
                        label=self._taken.attribute(element, "displayLabel"),
                        lang=self._taken.attribute(element, LANG),
                    )


def _with_address(item: Record, address: str) -> Record:
    return replace(item, locations=(*item.locations, Location(url=address)))


def _is_technical(attribute: str) -> bool:
    return attribute in _TECHNICAL or attribute.startswith(f"{{{XSI}}}")
