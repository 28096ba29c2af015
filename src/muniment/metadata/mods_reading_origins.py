"""originInfo of a MODS description, whole: places, publishers, editions, dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from muniment.metadata.dates import edtf_fault
from muniment.metadata.mods_reading_texts import (
    LANG,
    TakenTexts,
    ValueNotes,
    at_path,
    local_name,
    mods_children,
)
from muniment.metadata.mods_terms import DATE_ELEMENTS, EVENTS, PRODUCTION, PUBLICATION
from muniment.metadata.record import Date, DateKind, Place, Term
from muniment.metadata.xml_building import Element

_KINDS = {words: kind for kind, words in DATE_ELEMENTS.items()}
_DATE_NAMES = frozenset({"dateCaptured", *(name for name, _ in _KINDS)})


def term_of(element: Element, text: str, taken: TakenTexts, note: str | None = None) -> Term:
    """A text with its language and its vocabulary."""
    return Term(
        value=text,
        lang=taken.attribute(element, LANG),
        authority=taken.attribute(element, "authority"),
        uri=taken.attribute(element, "valueURI"),
        note=note,
    )


class OriginReader:
    """Reads every originInfo of a description when it is made."""

    def __init__(self, parent: Element, taken: TakenTexts, beside: ValueNotes) -> None:
        self._taken = taken
        self._beside = beside
        self.places: list[Place] = []
        self.publishers: list[Term] = []
        self.editions: list[Term] = []
        self.dates: list[Date] = []
        for origin in at_path(parent, "originInfo"):
            self._read(origin)

    def _read(self, origin: Element) -> None:
        places = list(self._places(origin))
        publishers = list(self._terms(origin, "publisher"))
        editions = list(self._terms(origin, "edition"))
        dates = list(self._dates(origin))
        self._tell_event(origin, dates, issued=bool(publishers or editions), placed=bool(places))
        self.places += places
        self.publishers += publishers
        self.editions += editions
        self.dates += dates

    def _tell_event(
        self, origin: Element, dates: Sequence[Date], *, issued: bool, placed: bool
    ) -> None:
        """The event is told where its parts lead to it again."""
        events = {EVENTS.get(date.kind) for date in dates}
        events |= {PUBLICATION} if issued else set()
        events |= {PUBLICATION, PRODUCTION} if placed else set()
        if origin.get("eventType") in events:
            self._taken.told(origin, "eventType")

    def _places(self, origin: Element) -> Iterator[Place]:
        """Places by their names; by a code where there is no name."""
        taken = self._taken
        for place in at_path(origin, "place"):
            terms = [term for term in at_path(place, "placeTerm") if taken.has_text(term)]
            named = [term for term in terms if term.get("type") != "code"]
            for term in named or terms:
                if term.get("type") == "text":
                    taken.told(term, "type")
                yield Place(
                    value=taken.text(term),
                    lang=taken.attribute(term, LANG),
                    supplied=taken.flag(place, "supplied"),
                    authority=taken.attribute(term, "authority"),
                    uri=taken.attribute(term, "valueURI"),
                    note=self._beside.take(origin, "place"),
                )

    def _terms(self, origin: Element, name: str) -> Iterator[Term]:
        for element, text in self._taken.each(origin, name):
            yield term_of(element, text, self._taken, self._beside.take(origin, name))

    def _dates(self, origin: Element) -> Iterator[Date]:
        """Dates in order; a start and the end after it are one. The first has the display form."""
        display = self._taken.first(origin, "displayDate") if self._has_date(origin) else None
        waiting: tuple[Element, str] | None = None
        for element in mods_children(origin):
            if local_name(element) not in _DATE_NAMES or not self._taken.has_text(element):
                continue
            text, point = self._taken.text(element), self._taken.attribute(element, "point")
            begun = None
            if waiting is not None:
                if point == "end" and waiting[0].tag == element.tag:
                    begun = waiting
                else:
                    yield self._date(origin, waiting[0], f"{waiting[1]}/", display)
                    display = None
            waiting = (element, text) if point == "start" else None
            if waiting is None:
                yield self._ended(origin, element, text, begun, display)
                display = None
        if waiting is not None:
            yield self._date(origin, waiting[0], f"{waiting[1]}/", display)

    def _has_date(self, origin: Element) -> bool:
        return any(
            local_name(element) in _DATE_NAMES and self._taken.has_text(element)
            for element in mods_children(origin)
        )

    def _ended(
        self,
        origin: Element,
        element: Element,
        text: str,
        begun: tuple[Element, str] | None,
        display: str | None,
    ) -> Date:
        if begun is not None:
            for name in ("encoding", "keyDate", "type"):
                if element.get(name) in {None, begun[0].get(name)}:
                    self._taken.told(element, name)
            return self._date(origin, begun[0], f"{begun[1]}/{text}", display)
        value = f"/{text}" if element.get("point") == "end" else text
        return self._date(origin, element, value, display)

    def _date(self, origin: Element, element: Element, value: str, display: str | None) -> Date:
        encoding = self._taken.attribute(element, "encoding")
        is_span = element.get("point") is not None
        return Date(
            kind=self._kind(element),
            value=value,
            encoding="edtf" if is_span and edtf_fault(value) is None else encoding,
            display=display,
            key=self._taken.flag(element, "keyDate"),
            note=self._beside.take(origin, "date"),
        )

    def _kind(self, element: Element) -> DateKind:
        name, said = local_name(element), element.get("type")
        if (name, said) in _KINDS:
            self._taken.told(element, "type")
            return _KINDS[name, said]
        return _KINDS.get((name, None), DateKind.DATE)
