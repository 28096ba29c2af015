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

_KEPT_AT_MOST = 5_000
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


class _Said(NamedTuple):
    """What a part of a record said: which of the description's texts and coded statements."""

    element: etree._Element
    texts: slice
    coded: slice


class _Walk:
    """One walk over a record.

    `_leaves` and `_parts` hold what was said as yet: of leaves under their text, of other parts
    under their first words and size, all of that kind.
    """

    def __init__(self, root: etree._Element, places: StatementPlaces) -> None:
        self.description = Description(
            form="mods", start=root, locate=places.locate, has_id=places.has_id
        )
        self._leaves: dict[tuple[int, _Reading, str], etree._Element] = {}
        self._parts: dict[tuple[object, ...], list[_Said]] = {}
        attributes: Any = root.items()
        self._attributes(_reading(RECORD, attributes), root, 0, 0)
        self._walk(root, ITEM, 0, 0)

    def _walk(
        self, parent: etree._Element, shapes: Mapping[str, Shape], item: int, group: int
    ) -> None:
        """Read the children of an element. libxml2 limits how deep they nest."""
        texts, coded, kept = self.description.texts, self.description.coded, _kept
        for element in parent:
            shape = shapes.get(element.tag)
            if shape is None:
                continue
            attributes: Any = element.items()  # the stubs take them for bytes, too
            # Most elements have no attributes, and need no key to be made.
            key = (shape, *attributes) if attributes else shape
            reading = kept.get(key) or _reading(shape, attributes)
            field = reading.field
            if field is None:
                self._part(element, reading, item, group, is_whole=shapes is ITEM)
                continue
            text = (whole_text(element) if len(element) else element.text) or ""
            if text or not (shape.may_be_empty or _says_without_words(element)):
                said = _new(Statement, (field, text, element, item, group))
                (texts if reading.is_plain else coded).append(said)
            if reading.says_more:
                self._attributes(reading, element, item, group)
            if shapes is ITEM:
                first = self._leaves.setdefault((item, reading, text), element)
                if first is not element:
                    self._repeat(element, first, shape.name)

    def _part(
        self,
        element: etree._Element,
        reading: _Reading,
        outer_item: int,
        outer: int,
        *,
        is_whole: bool,
    ) -> None:
        """Read an element that holds others: a group of its own, or an item of its own.

        One that `is_whole`, no part of another, is compared with what was said before it.
        """
        description, shape, item = self.description, reading.shape, outer_item
        texts, coded = len(description.texts), len(description.coded)
        group = len(description.parents)
        description.parents.append(outer)
        if reading.says_more:
            self._attributes(reading, element, item, group)
        if shape.opens_item:
            item = len(description.item_names)
            related = shape.related.get(element.get("type", ""), "relation")
            description.item_names.append(related)
        if len(element):
            self._walk(element, reading.inner, item, group)
        elif not shape.may_be_empty and not element.keys():
            description.texts.append(Statement(shape.empty_field(), "", element, item, group))
        if is_whole:
            self._compare(element, reading, outer_item, texts, coded)

    def _compare(
        self, element: etree._Element, reading: _Reading, item: int, texts: int, coded: int
    ) -> None:
        """Tell a part that says what an earlier one said; `texts` and `coded` are its first."""
        all_texts, all_coded = self.description.texts, self.description.coded
        if len(all_texts) > texts:
            first = all_texts[texts]
        elif len(all_coded) > coded:
            first = all_coded[coded]
        else:
            return
        said = _Said(element, slice(texts, len(all_texts)), slice(coded, len(all_coded)))
        size = len(all_texts) - texts, len(all_coded) - coded
        key = item, reading, size, first.value
        alike = self._parts.get(key)
        if alike is None:
            self._parts[key] = [said]
            return
        for earlier in alike:
            if self._is_the_same(said, earlier):
                self._repeat(element, earlier.element, reading.shape.name)
                return
        alike.append(said)

    def _is_the_same(self, one: _Said, other: _Said) -> bool:
        texts, coded = self.description.texts, self.description.coded
        return all(map(_says_the_same, texts[one.texts], texts[other.texts])) and all(
            map(_says_the_same, coded[one.coded], coded[other.coded])
        )

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
