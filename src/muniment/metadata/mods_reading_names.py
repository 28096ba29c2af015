"""Names and subject headings of a MODS description, whole."""

from __future__ import annotations

from collections.abc import Iterator

from muniment.metadata.mods_reading_texts import (
    LANG,
    TakenTexts,
    ValueNotes,
    at_path,
    local_name,
    mods_children,
)
from muniment.metadata.mods_terms import CREATOR_ROLES, NAME_TYPES
from muniment.metadata.record import (
    AlternativeName,
    Name,
    Subject,
    SubjectKind,
    SubjectPart,
)
from muniment.metadata.relators import RELATORS, RELATORS_URI, relator_for
from muniment.metadata.xml_building import Element

_PLAIN_PARTS = {
    "topic": SubjectKind.TOPIC,
    "occupation": SubjectKind.OCCUPATION,
    "genre": SubjectKind.GENRE,
    "geographic": SubjectKind.GEOGRAPHIC,
    "geographicCode": SubjectKind.GEOGRAPHIC,
}
_NESTED_PARTS = frozenset({"hierarchicalGeographic", "cartographics"})
_NAME_KINDS = {words: kind for kind, words in NAME_TYPES.items()}


class NameReader:
    """Reads agents, and the headings that they and other subjects stand in."""

    def __init__(self, taken: TakenTexts) -> None:
        self._taken = taken

    def names(self, parent: Element, beside: ValueNotes) -> Iterator[Name]:
        """The agents of a description."""
        for element in at_path(parent, "name"):
            value, dates = self._value_and_dates(element)
            if value:
                yield self._name(element, value, dates, beside)

    def _name(self, element: Element, value: str, dates: str | None, beside: ValueNotes) -> Name:
        taken = self._taken
        roles = tuple(self._roles(element))
        is_creator = bool(CREATOR_ROLES.intersection(roles))
        return Name(
            value=value,
            creator=is_creator,
            kind=taken.attribute(element, "type"),
            dates=dates,
            roles=_without_implied(roles),
            alternatives=tuple(self._alternatives(element)),
            affiliations=tuple(text for _, text in taken.each(element, "affiliation")),
            description=taken.first(element, "description"),
            lang=taken.attribute(element, LANG),
            authority=taken.attribute(element, "authority"),
            uri=taken.attribute(element, "valueURI"),
            note=beside.take(element, "name"),
        )

    def _value_and_dates(self, element: Element) -> tuple[str, str | None]:
        """A name as a catalogue heads it: family, given, terms of address; its dates apart."""
        by_type: dict[str | None, list[str]] = {}
        for part, text in self._taken.each(element, "namePart"):
            by_type.setdefault(self._taken.attribute(part, "type"), []).append(text)
        whole = " ".join(by_type.get(None, []))
        typed = [" ".join(by_type[kind]) for kind in ("family", "given") if kind in by_type]
        terms = by_type.get("termsOfAddress", [])
        value = ", ".join(part for part in (whole, *typed, *terms) if part)
        dates = ", ".join(by_type.get("date", [])) or None
        return value or self._taken.first(element, "displayForm") or "", dates

    def _roles(self, name: Element) -> Iterator[str]:
        """The code of each role; its own words where it is no MARC relator."""
        for role in at_path(name, "role"):
            terms = list(self._taken.each(role, "roleTerm"))
            known = [(term, code) for term, text in terms if (code := _relator(text)) is not None]
            for term, code in known:
                self._tell(term, code)
            for term, _ in terms:
                self._taken.told(term, "type")
            texts = [code for _, code in known] or [text for _, text in terms]
            yield from dict.fromkeys(texts)

    def _tell(self, term: Element, code: str) -> None:
        """The list and the address of a known relator say nothing that its code does not."""
        if term.get("authority") in {None, "marcrelator"}:
            self._taken.told(term, "authority", "authorityURI")
        if (term.get("valueURI") or "").partition("//")[2] == RELATORS_URI.partition("//")[
            2
        ] + code:
            self._taken.told(term, "valueURI")

    def _alternatives(self, name: Element) -> Iterator[AlternativeName]:
        for element in at_path(name, "alternativeName"):
            value, dates = self._value_and_dates(element)
            if value:
                yield AlternativeName(
                    value=f"{value}, {dates}" if dates else value,
                    kind=self._taken.attribute(element, "altType"),
                    lang=self._taken.attribute(element, LANG),
                )

    def subjects(self, parent: Element, beside: ValueNotes) -> Iterator[Subject]:
        """The subject headings of a description, their parts in order."""
        for element in at_path(parent, "subject"):
            parts = tuple(self._parts(element))
            if parts:
                # Many give the vocabulary with the only part instead of with the heading.
                only = next(mods_children(element)) if len(element) == 1 else element
                yield Subject(
                    parts=parts,
                    lang=self._either(element, only, LANG),
                    authority=self._either(element, only, "authority"),
                    uri=self._either(element, only, "valueURI"),
                    note=beside.take(element, "subject"),
                )

    def _either(self, heading: Element, part: Element, name: str) -> str | None:
        said = self._taken.attribute(heading, name)
        if said is None or part.get(name) == said:
            return self._taken.attribute(part, name)
        return said

    def _parts(self, subject: Element) -> Iterator[SubjectPart]:
        start: str | None = None
        for element in mods_children(subject):
            if local_name(element) == "temporal":
                text, point = self._taken.text(element), self._taken.attribute(element, "point")
                span, start = _span(start, text, point)
                yield from (SubjectPart(value=each, kind=SubjectKind.TEMPORAL) for each in span)
                continue
            kind, text = self._part(element)
            if kind is not None and text:
                yield SubjectPart(value=text, kind=kind)
        if start is not None:
            yield SubjectPart(value=f"{start}/", kind=SubjectKind.TEMPORAL)

    def _part(self, element: Element) -> tuple[SubjectKind | None, str]:
        name = local_name(element)
        if name in _PLAIN_PARTS:
            return _PLAIN_PARTS[name], self._taken.text(element)
        if name == "name":
            value, dates = self._value_and_dates(element)
            kind = _NAME_KINDS.get(element.get("type"), SubjectKind.NAME)
            if element.get("type") in _NAME_KINDS:
                self._taken.told(element, "type")
            return kind, ", ".join(part for part in (value, dates) if part)
        if name == "titleInfo":
            return SubjectKind.TITLE, " ".join(self._texts_below(element))
        if name in _NESTED_PARTS:
            return SubjectKind.GEOGRAPHIC, "--".join(self._texts_below(element))
        return None, ""

    def _texts_below(self, element: Element) -> Iterator[str]:
        for child in mods_children(element):
            text = self._taken.text(child)
            if text:
                yield text


def _relator(text: str) -> str | None:
    return text if text in RELATORS else relator_for(text)


def _without_implied(roles: tuple[str, ...]) -> tuple[str, ...]:
    """A creator without the role `cre`, which is written where no other role makes one."""
    implied = roles[-1:] == ("cre",) and not CREATOR_ROLES.intersection(roles[:-1])
    return roles[:-1] if implied else roles


def _span(start: str | None, text: str, point: str | None) -> tuple[list[str], str | None]:
    """What a point in time completes, and the start that now waits for its end."""
    if point == "end":
        return [f"{start or ''}/{text}"], None
    open_ended = [] if start is None else [f"{start}/"]
    return (open_ended, text) if point == "start" else ([*open_ended, text], None)
