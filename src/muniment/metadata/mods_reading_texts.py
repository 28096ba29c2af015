"""The texts and attributes of a MODS description, each remembered once it was taken.

What was not remembered is what a reading must tell of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from muniment.metadata.mods_terms import MODS
from muniment.metadata.xml_building import XML, Element

LANG = f"{{{XML}}}lang"
_PREFIX = f"{{{MODS}}}"
_LINE_BREAK = re.compile(r"[ \t]*[\r\n][ \t\r\n]*")
_ENDS = " \t\r\n"
_DCMI_AUTHORITIES = frozenset({"dct", "dcmitype"})


def local_name(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def mods_children(element: Element) -> Iterator[Element]:
    """The elements of MODS directly below another."""
    return element.iterchildren(f"{_PREFIX}*")


def at_path(parent: Element, *path: str) -> Iterator[Element]:
    """The elements at a path of MODS names below another."""
    yield from parent.iterfind("/".join(_PREFIX + name for name in path))


def is_of_dcmi(genre: Element) -> bool:
    """Whether a genre is said to be a term of the DCMI Type Vocabulary."""
    return genre.get("authority") in _DCMI_AUTHORITIES


class TakenTexts:
    """Gives texts and attributes out, and remembers which."""

    def __init__(self) -> None:
        self._texts: set[Element] = set()
        self._attributes: set[tuple[Element, str]] = set()

    def text(self, element: Element) -> str:
        """An element's own text: a line break in it is a blank; other blanks stand as they are."""
        self._texts.add(element)
        return _LINE_BREAK.sub(" ", _own(element)).strip(_ENDS)

    def prose(self, element: Element) -> str:
        """A running text: its lines are kept, without the blanks around them."""
        self._texts.add(element)
        lines = (line.strip(_ENDS) for line in _own(element).split("\n"))
        return "\n".join(lines).strip(_ENDS)

    def attribute(self, element: Element, name: str) -> str | None:
        """An attribute's value without blanks at its ends; None where it says nothing."""
        self._attributes.add((element, name))
        return (element.get(name) or "").strip() or None

    def flag(self, element: Element, name: str) -> bool:
        """Whether an attribute says yes."""
        return self.attribute(element, name) == "yes"

    def each(self, parent: Element, *path: str) -> Iterator[tuple[Element, str]]:
        """The elements at a path that hold a text, with it."""
        for element in at_path(parent, *path):
            text = self.text(element)
            if text:
                yield element, text

    def first(self, parent: Element, name: str) -> str | None:
        """The text of the first child of a name that holds one; further ones are not taken."""
        for element in at_path(parent, name):
            if _own(element).strip(_ENDS):
                return self.text(element)
        return None

    def has_text(self, element: Element) -> bool:
        """Whether an element holds a text of its own."""
        return bool(_own(element).strip(_ENDS))

    def told(self, element: Element, *attributes: str) -> None:
        """Remember an element, or attributes of it, as told by something else that was taken."""
        if attributes:
            self._attributes.update((element, name) for name in attributes)
        else:
            self._texts.add(element)

    def leave(self, element: Element) -> None:
        """Forget a text again: what was made of it says less."""
        self._texts.discard(element)

    def took(self, element: Element) -> bool:
        """Whether an element's text was taken."""
        return element in self._texts

    def took_attribute(self, element: Element, name: str) -> bool:
        """Whether an attribute was taken."""
        return (element, name) in self._attributes


def _own(element: Element) -> str:
    """The text that stands in an element itself, not in a comment or a child."""
    between = (child.tail or "" for child in element if not isinstance(child.tag, str))
    return "".join((element.text or "", *between))


class ValueNotes:
    """The notes beside a description that refer to a part of it: by its ID and the part's kind."""

    def __init__(self, parent: Element, taken: TakenTexts) -> None:
        self._taken = taken
        self._waiting: dict[tuple[str, str], list[Element]] = {}
        for note in at_path(parent, "note"):
            kind, about = note.get("type"), note.get("IDREF")
            if kind and about and note.get("displayLabel") is None:
                self._waiting.setdefault((kind, about), []).append(note)

    def take(self, element: Element, kind: str) -> str | None:
        """The next note on a part; each is given once."""
        waiting = self._waiting.get((kind, element.get("ID") or ""), [])
        if not waiting:
            return None
        note = waiting.pop(0)
        self._taken.told(note, "type", "IDREF")
        return self._taken.prose(note) or None
