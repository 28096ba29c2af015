"""Where every element of a file stands: line, column and XPath.

libxml2 keeps no columns; its lines are those where a start tag ends, and beyond line 65535 they
can be thousands off. Expat, from the standard library, knows the exact place; it counts the same
elements in the same order. Nothing is computed before a place is asked for.
"""

from __future__ import annotations

from array import array
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING
from xml.parsers import expat

from lxml import etree

from muniment.metadata.xml_findings import line_of
from muniment.metadata.xml_formats import PREFIXES, split_name
from muniment.model.findings import Location

if TYPE_CHECKING:
    from collections.abc import Mapping

    from muniment.metadata.xml_copies import Standing


class Places:
    """The places of a file's elements."""

    def __init__(self, data: bytes, path: str | None) -> None:
        self._data = data
        self._path = path
        self._numbering = _Numbering()

    def location(self, standing: Standing, attribute: str | None = None) -> Location:
        """The place of a start tag; the XPath leads to the attribute, if one is given.

        The XPath uses the usual prefixes: `/mods:mods/mods:titleInfo[2]/@type`.
        """
        xpath = self._numbering.xpath(standing.element)
        if attribute is not None:
            xpath = f"{xpath}/@{_prefixed(attribute)}"
        lines, columns = self._points
        if not lines:
            line = line_of(standing.element)
            return Location(path=self._path, line=line, xpath=xpath)
        line, column = lines[standing.order], columns[standing.order]
        return Location(path=self._path, line=line, column=column, xpath=xpath)

    def text_location(self, standing: Standing) -> Location:
        """The place of the first text that stands directly in an element beside elements."""
        point = self._texts.get(standing.order)
        if point is None:
            return self.location(standing)
        xpath = self._numbering.xpath(standing.element)
        return Location(path=self._path, line=point[0], column=point[1], xpath=xpath)

    @cached_property
    def _points(self) -> tuple[array[int], array[int]]:
        """Lines and columns of all start tags; nothing if Expat does not read the file."""
        return _start_points(self._data)

    @cached_property
    def _texts(self) -> Mapping[int, tuple[int, int]]:
        return _text_points(self._data)


class _Numbering:
    """XPaths with numbers where siblings have the same name.

    Siblings are counted onwards from the last that was asked for, so that many findings under one
    wide element cost no more than one walk over its children.
    """

    def __init__(self) -> None:
        self._counted: dict[etree._Element, tuple[etree._Element, Counter[str]]] = {}
        self._numbers: dict[etree._Element, int] = {}

    def xpath(self, element: etree._Element) -> str:
        """The path from the root of the file to an element."""
        steps = []
        current: etree._Element | None = element
        while current is not None:
            steps.append(self._step(current))
            current = current.getparent()
        return "/" + "/".join(reversed(steps))

    def _step(self, element: etree._Element) -> str:
        name = _prefixed(element.tag)
        parent = element.getparent()
        if parent is None:
            return name
        if element not in self._numbers:
            self._numbers[element] = self._count(parent, element)
        number = self._numbers[element]
        is_only = number == 1 and next(element.itersiblings(element.tag), None) is None
        return name if is_only else f"{name}[{number}]"

    def _count(self, parent: etree._Element, element: etree._Element) -> int:
        last, counted = self._counted.get(parent, (None, Counter[str]()))
        onwards = parent.iterchildren() if last is None else last.itersiblings()
        for sibling in onwards:
            counted[sibling.tag] += 1
            if sibling is element:
                self._counted[parent] = (element, counted)
                return counted[element.tag]
        before = sum(1 for _ in element.itersiblings(element.tag, preceding=True))
        return before + 1  # asked for backwards


def _start_points(data: bytes) -> tuple[array[int], array[int]]:
    """Where each start tag begins, in order; nothing if Expat does not read the file."""
    parser = expat.ParserCreate()
    lines, columns = array("L"), array("L")

    def note(name: str, attributes: Mapping[str, str]) -> None:
        del name, attributes
        lines.append(parser.CurrentLineNumber)
        columns.append(parser.CurrentColumnNumber + 1)

    parser.StartElementHandler = note
    return (lines, columns) if _parse(parser, data) else (array("L"), array("L"))


def _text_points(data: bytes) -> dict[int, tuple[int, int]]:
    """Where the first text beside elements stands, by the number of the element it stands in."""
    parser = expat.ParserCreate()
    points: dict[int, tuple[int, int]] = {}
    still_open: list[int] = []
    parents: set[int] = set()
    count = 0

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal count
        del name, attributes
        parents.update(still_open[-1:])
        still_open.append(count)
        count += 1

    def end(name: str) -> None:
        del name
        number = still_open.pop()
        if number not in parents:
            points.pop(number, None)
        parents.discard(number)

    def text(characters: str) -> None:
        if characters.strip():
            point = (parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)
            points.setdefault(still_open[-1], point)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = text
    return points if _parse(parser, data) else {}


def _parse(parser: expat.XMLParserType, data: bytes) -> bool:
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError):
        return False
    return True


def _prefixed(name: str) -> str:
    namespace, local = split_name(name)
    if namespace is None:
        return local
    prefix = PREFIXES.get(namespace)
    return f"{prefix}:{local}" if prefix else f"*[local-name()='{local}']"
