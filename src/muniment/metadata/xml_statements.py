"""A parsed MODS record -> statements.

The walk is as lean as it can be, for it visits every element of every record. Elements with the
same attributes share one reading; readings are kept from record to record, up to a bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from muniment.metadata.statements import Description, Field, Mark, Repetition, Statement
from muniment.metadata.xml_formats import MODS
from muniment.metadata.xml_mods_shapes import ITEM, RECORD, AttributeSays, Shape
from muniment.metadata.xml_statement_places import StatementPlaces, whole_text

_KEPT_AT_MOST = 20_000
_MODS = f"{{{MODS}}}mods"


# Compared by identity: two elements with one reading and one text say the same.
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Reading:
    """What an element of one shape with certain attributes says, whatever its text."""

    field: Field | None
    attributes: tuple[AttributeSays, ...]
    marks: tuple[tuple[str, str, str], ...]
    says_more: bool
    inner: Mapping[str, Shape] | None


_kept: dict[object, _Reading] = {}


def mods_descriptions(root: etree._Element, places: StatementPlaces) -> Iterator[Description]:
    """The descriptions that a `mods` or a `modsCollection` holds, one by one."""
    for record in [root] if root.tag == _MODS else root.iterchildren(_MODS):
        if len(_kept) > _KEPT_AT_MOST:
            _kept.clear()
        yield _Walk(record, places).description


@dataclass(slots=True)
class _Part:
    """An element that is open while the walk is within it, with `left` more children to come.

    `said` is what makes it equal to another part: its own reading, and those of all within it.
    """

    element: etree._Element
    shape: Shape
    shapes: Mapping[str, Shape]
    left: int
    item: int
    group: int
    said: list[object]


class _Walk:
    """One walk over a record, element by element, without recursion: calls are what costs.

    `_seen` holds what has been said as yet of each item, to find it again.
    """

    def __init__(self, root: etree._Element, places: StatementPlaces) -> None:
        self.description = Description(
            form="mods", start=root, locate=places.locate, has_id=places.has_id
        )
        self._add = self.description.statements.append
        self._seen: dict[tuple[object, ...], etree._Element] = {}
        attributes: Any = root.items()
        reading = _reading(RECORD, attributes)
        self._attributes(reading, root, "mods", 0, 0)
        start = _Part(root, RECORD, ITEM, len(root), 0, 0, [])
        self._walk(root, start)

    def _walk(self, root: etree._Element, part: _Part) -> None:
        open_parts: list[_Part] = []
        for element in root.iterdescendants():
            while not part.left:
                part = self._close(part, open_parts)
            part.left -= 1
            size = len(element)
            shape = part.shapes.get(element.tag)
            inner = None if shape is None else self._visit(element, shape, size, part)
            if size:
                open_parts.append(part)
                part = inner or _Part(element, RECORD, {}, size, part.item, part.group, [])
        while open_parts:
            part = self._close(part, open_parts)

    def _visit(self, element: etree._Element, shape: Shape, size: int, part: _Part) -> _Part | None:
        """Read an element of the part that is open; what it opens, if it holds others."""
        attributes: Any = element.items()  # the stubs take them for bytes, too
        # Most elements have no attributes, and need no key to be made.
        key = (shape, *attributes) if attributes else shape
        reading = _kept.get(key) or _reading(shape, attributes)
        if reading.field is None:
            return self._open(element, shape, reading, size, part)
        text = (whole_text(element) if size else element.text) or ""
        if text or not (shape.may_be_empty or _says_without_words(element)):
            self._add(Statement(reading.field, text, element, part.item, part.group))
        if reading.says_more:
            self._attributes(reading, element, shape.name, part.item, part.group)
        part.said += (reading, text)
        if part.shapes is ITEM:
            self._compare((part.item, reading, text), element, shape)
        return None

    def _open(
        self, element: etree._Element, shape: Shape, reading: _Reading, size: int, outer: _Part
    ) -> _Part:
        """Begin an element that holds others: a group of its own, or an item of its own."""
        description = self.description
        item, group = outer.item, len(description.parents)
        description.parents.append(outer.group)
        if reading.says_more:
            self._attributes(reading, element, shape.name, item, group)
        if shape.opens_item:
            item = len(description.item_names)
            description.item_names.append(shape.related.get(element.get("type", ""), "relation"))
        if not size and not shape.may_be_empty and not element.keys():
            self._add(Statement(shape.empty_field(), "", element, item, group))
        if not size:
            outer.said.append(reading)
        return _Part(element, shape, reading.inner or {}, size, item, group, [reading])

    def _close(self, part: _Part, open_parts: list[_Part]) -> _Part:
        """End an element: what it said is part of what the element around it said."""
        outer = open_parts.pop()
        if part.shape is not RECORD:
            said = tuple(part.said)
            outer.said.append(said)
            if outer.shapes is ITEM:
                self._compare((outer.item, said), part.element, part.shape)
        return outer

    def _attributes(
        self, reading: _Reading, element: etree._Element, name: str, item: int, group: int
    ) -> None:
        for field, value, attribute in reading.attributes:
            self._add(Statement(field, value, (element, attribute), item, group))
        for kind, value, attribute in reading.marks:
            self.description.marks.append(Mark(kind, value, name, (element, attribute), item))

    def _compare(self, said: tuple[object, ...], element: etree._Element, shape: Shape) -> None:
        """Note an element that says the same as one before it in the same item."""
        first = self._seen.setdefault(said, element)
        if first is element:
            return
        value = " ".join(" ".join(map(str, element.itertext())).split())
        if value:
            twice = Repetition(shape.name, value, element, first)
            self.description.repetitions.append(twice)


def _says_without_words(element: etree._Element) -> bool:
    """That a thing is a manuscript, or a collection, is said by an attribute alone."""
    return "manuscript" in element.attrib or "collection" in element.attrib


def _reading(shape: Shape, attributes: list[tuple[str, str]]) -> _Reading:
    by_name = dict(attributes)
    says, marks = tuple(shape.attribute_says(by_name)), tuple(shape.marks(by_name))
    reading = _Reading(
        field=shape.field_of(by_name),
        attributes=says,
        marks=marks,
        says_more=bool(says or marks),
        inner=shape.inner_of(by_name),
    )
    _kept[(shape, *attributes) if attributes else shape] = reading
    return reading
