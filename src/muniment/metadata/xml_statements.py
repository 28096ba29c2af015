"""A parsed MODS record -> statements.

The walk is as lean as it can be, for it visits every element of every record. Elements with the
same attributes share one reading; readings are kept from record to record, up to a bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from lxml import etree

from muniment.metadata.statements import (
    PLAIN,
    Description,
    Field,
    Mark,
    Repetition,
    Statement,
    keeps_blanks,
)
from muniment.metadata.xml_formats import MODS
from muniment.metadata.xml_mods_shapes import ITEM, RECORD, AttributeSays, Shape
from muniment.metadata.xml_statement_places import StatementPlaces, whole_text

_KEPT_AT_MOST = 20_000
_MODS = f"{{{MODS}}}mods"
_NOTHING: Mapping[str, Shape] = {}
# A tuple is made in half the time without the keywords that a NamedTuple's own maker takes.
_new = tuple.__new__


# Compared by identity: two elements with one reading and one text say the same.
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Reading:
    """What an element of one shape with certain attributes says, whatever its text.

    `field` is None for elements that hold others. `is_plain` is for plain texts.
    """

    shape: Shape
    field: Field | None
    is_plain: bool
    attributes: tuple[AttributeSays, ...]
    marks: tuple[tuple[str, str, str], ...]
    says_more: bool
    inner: Mapping[str, Shape]


_kept: dict[object, _Reading] = {}


def mods_descriptions(root: etree._Element, places: StatementPlaces) -> Iterator[Description]:
    """The descriptions that a `mods` or a `modsCollection` holds, one by one."""
    for record in [root] if root.tag == _MODS else root.iterchildren(_MODS):
        if len(_kept) > _KEPT_AT_MOST:
            _kept.clear()
        yield _Walk(record, places).description


class _Part(NamedTuple):
    """An element that is open while the walk is within it.

    `texts` and `coded` are how many statements there were before it.
    """

    element: etree._Element
    reading: _Reading | None
    shapes: Mapping[str, Shape]
    item: int
    group: int
    texts: int = 0
    coded: int = 0


class _Walk:
    """One walk over a record.

    `_seen` holds what was said as yet: of leaves under their text, of other parts under their
    first words and size, all of that kind.
    """

    def __init__(self, root: etree._Element, places: StatementPlaces) -> None:
        self.description = Description(
            form="mods", start=root, locate=places.locate, has_id=places.has_id
        )
        self._leaves: dict[tuple[int, _Reading, str], etree._Element] = {}
        self._parts: dict[tuple[object, ...], list[tuple[list[Statement], etree._Element]]] = {}
        attributes: Any = root.items()
        self._attributes(_reading(RECORD, attributes), root, 0, 0)
        self._walk(root)

    def _walk(self, root: etree._Element) -> None:  # noqa: C901 - calls are what costs here
        texts, coded, kept = self.description.texts, self.description.coded, _kept
        part = _Part(root, None, ITEM, 0, 0)
        _, _, shapes, item, group, _, _ = part
        # Parts that are open around the one the walk is in, with how many children are to come.
        around: list[tuple[_Part, int]] = []
        left = len(root)
        for element in root.iterdescendants():
            while not left:
                part, left = self._close(part, around)
                _, _, shapes, item, group, _, _ = part
            left -= 1
            size = len(element)
            shape = shapes.get(element.tag)
            inner = None
            if shape is not None:
                attributes: Any = element.items()  # the stubs take them for bytes, too
                # Most elements have no attributes, and need no key to be made.
                key = (shape, *attributes) if attributes else shape
                reading = kept.get(key) or _reading(shape, attributes)
                field = reading.field
                if field is None:
                    inner = self._open(element, reading, size, item, group)
                else:
                    text = (whole_text(element) if size else element.text) or ""
                    if text or not (shape.may_be_empty or _says_without_words(element)):
                        said = _new(Statement, (field, text, element, item, group))
                        (texts if reading.is_plain else coded).append(said)
                    if reading.says_more:
                        self._attributes(reading, element, item, group)
                    if shapes is ITEM:
                        first = self._leaves.setdefault((item, reading, text), element)
                        if first is not element:
                            self._repeat(element, first, shape.name)
            if size:
                around.append((part, left))
                part, left = inner or _Part(element, None, _NOTHING, item, group), size
                _, _, shapes, item, group, _, _ = part
        while around:
            part, _ = self._close(part, around)

    def _open(
        self, element: etree._Element, reading: _Reading, size: int, item: int, outer: int
    ) -> _Part:
        """Begin an element that holds others: a group of its own, or an item of its own."""
        description, shape = self.description, reading.shape
        texts, coded = len(description.texts), len(description.coded)
        group = len(description.parents)
        description.parents.append(outer)
        if reading.says_more:
            self._attributes(reading, element, item, group)
        if shape.opens_item:
            item = len(description.item_names)
            related = shape.related.get(element.get("type", ""), "relation")
            description.item_names.append(related)
        if not size and not shape.may_be_empty and not element.keys():
            description.texts.append(Statement(shape.empty_field(), "", element, item, group))
        return _new(_Part, (element, reading, reading.inner, item, group, texts, coded))

    def _close(self, part: _Part, around: list[tuple[_Part, int]]) -> tuple[_Part, int]:
        """End an element, and compare what it said with what was said before it."""
        outer = around.pop()
        if outer[0].shapes is ITEM and part.reading is not None:
            description = self.description
            said = description.texts[part.texts :] + description.coded[part.coded :]
            if said:
                self._compare(said, part, outer[0].item)
        return outer

    def _compare(self, said: list[Statement], part: _Part, item: int) -> None:
        reading = part.reading
        alike = self._parts.setdefault((item, reading, len(said), said[0].value), [])
        for earlier, element in alike:
            if all(map(_says_the_same, said, earlier)):
                self._repeat(part.element, element, reading.shape.name if reading else "")
                return
        alike.append((said, part.element))

    def _repeat(self, element: etree._Element, first: etree._Element, name: str) -> None:
        value = " ".join(" ".join(map(str, element.itertext())).split())
        if value:
            twice = Repetition(name, value, element, first)
            self.description.repetitions.append(twice)

    def _attributes(
        self, reading: _Reading, element: etree._Element, item: int, group: int
    ) -> None:
        coded, marks = self.description.coded, self.description.marks
        for field, value, attribute in reading.attributes:
            coded.append(_new(Statement, (field, value, (element, attribute), item, group)))
        for kind, value, attribute in reading.marks:
            name = reading.shape.name
            marks.append(Mark(kind, value, name, (element, attribute), item))


def _says_the_same(one: Statement, other: Statement) -> bool:
    return one.field is other.field and one.value == other.value


def _says_without_words(element: etree._Element) -> bool:
    """That a thing is a manuscript, or a collection, is said by an attribute alone."""
    return "manuscript" in element.attrib or "collection" in element.attrib


def _reading(shape: Shape, attributes: list[tuple[str, str]]) -> _Reading:
    by_name = dict(attributes)
    says, marks = tuple(shape.attribute_says(by_name)), tuple(shape.marks(by_name))
    field = shape.field_of(by_name)
    reading = _Reading(
        shape=shape,
        field=field,
        is_plain=type(field) in PLAIN and not keeps_blanks(field),
        attributes=says,
        marks=marks,
        says_more=bool(says or marks),
        inner=shape.inner_of(by_name) or _NOTHING,
    )
    _kept[(shape, *attributes) if attributes else shape] = reading
    return reading
