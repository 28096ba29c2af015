"""recordInfo of a MODS description."""

from __future__ import annotations

import re
from collections.abc import Iterator

from muniment.metadata.dates import edtf_fault
from muniment.metadata.languages import is_language_code
from muniment.metadata.mods_reading_origins import term_of
from muniment.metadata.mods_reading_texts import LANG, TakenTexts, at_path
from muniment.metadata.record import Note, RecordInfo, Term
from muniment.metadata.xml_building import Element

# What the writer of MODS adds to the origin that a record gives.
_OUR_ORIGIN = re.compile(r" ?Made by muniment \S* ?from the record as it was given\.$")


def read_record_info(parent: Element, taken: TakenTexts) -> RecordInfo | None:
    """About the record itself; None where it says nothing. Of what stands twice, the first."""
    for element in at_path(parent, "recordInfo"):
        info = RecordInfo(
            content_source=_term(element, "recordContentSource", taken),
            created=_date(element, "recordCreationDate", taken),
            changed=_date(element, "recordChangeDate", taken),
            identifier=taken.first(element, "recordIdentifier"),
            language=_language(element, taken),
            standard=_term(element, "descriptionStandard", taken),
            origin=_OUR_ORIGIN.sub("", taken.first(element, "recordOrigin") or "") or None,
            notes=tuple(_notes(element, taken)),
        )
        return None if info == RecordInfo() else info
    return None


def _term(info: Element, name: str, taken: TakenTexts) -> Term | None:
    for element in at_path(info, name):
        if taken.has_text(element):
            return term_of(element, taken.text(element), taken, _note_on(info, name, taken))
    return None


def _note_on(info: Element, name: str, taken: TakenTexts) -> str | None:
    for note in at_path(info, "recordInfoNote"):
        if note.get("type") == name:
            taken.told(note, "type")
            return taken.prose(note) or None
    return None


def _date(info: Element, name: str, taken: TakenTexts) -> str | None:
    """A date that is EDTF as it stands; another is told as lost."""
    for element in at_path(info, name):
        text = (element.text or "").strip()
        if text and edtf_fault(text) is None:
            if element.get("encoding") in {"edtf", "w3cdtf"}:
                taken.told(element, "encoding")
            return taken.text(element)
    return None


def _language(info: Element, taken: TakenTexts) -> str | None:
    for term in at_path(info, "languageOfCataloging", "languageTerm"):
        text = (term.text or "").strip()
        if term.get("type") == "code" and is_language_code(text):
            taken.told(term, "type", "authority")
            return taken.text(term)
    return None


def _notes(info: Element, taken: TakenTexts) -> Iterator[Note]:
    for element in at_path(info, "recordInfoNote"):
        if taken.took(element):
            continue
        text = taken.prose(element)
        if text:
            yield Note(
                value=text,
                kind=taken.attribute(element, "type"),
                label=taken.attribute(element, "displayLabel"),
                lang=taken.attribute(element, LANG),
            )
