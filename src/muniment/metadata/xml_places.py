"""Where every element of a file stands: line, column and XPath.

libxml2 keeps no columns; its lines are those where a start tag ends, and beyond line 65535 they
can be thousands off. Expat, from the standard library, knows the exact place; it counts the same
elements in the same order. Elements go by their number in the file here, from 0.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING
from xml.parsers import expat

from lxml import etree

from muniment.metadata.xml_findings import line_of
from muniment.metadata.xml_formats import PREFIXES, split_name
from muniment.model.findings import Location

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_Point = tuple[int | None, int | None]


class Places:
    """The places of a file's elements; nothing is computed before one is asked for."""

    def __init__(self, root: etree._Element, data: bytes, path: str | None) -> None:
        self._root = root
        self._data = data
        self._path = path

    def location(self, order: int, attribute: str | None = None) -> Location:
        """The place of an element's start tag; the XPath leads to the attribute, if one is given.

        The XPath uses the usual prefixes: `/mods:mods/mods:titleInfo[2]/@type`.
        """
        line, column = self._points[order]
        return self._location(order, line, column, attribute)

    def text_location(self, order: int) -> Location:
        """The place of the first text that stands directly in an element."""
        line, column = self._texts.get(order, self._points[order])
        return self._location(order, line, column, None)

    def _location(
        self, order: int, line: int | None, column: int | None, attribute: str | None
    ) -> Location:
        steps = []
        current: int | None = order
        while current is not None:
            step, current = self._steps[current]
            steps.append(step)
        xpath = "/" + "/".join(reversed(steps))
        if attribute is not None:
            xpath = f"{xpath}/@{_prefixed(attribute)}"
        return Location(path=self._path, line=line, column=column, xpath=xpath)

    @cached_property
    def _elements(self) -> Sequence[etree._Element]:
        return list(self._root.iter(etree.Element))

    @cached_property
    def _points(self) -> Sequence[_Point]:
        """Line and column of every start tag; libxml2's lines if Expat cannot read the file."""
        points = _start_points(self._data)
        if len(points) == len(self._elements):
            return points
        return [(line_of(element), None) for element in self._elements]

    @cached_property
    def _texts(self) -> Mapping[int, _Point]:
        return _text_points(self._data)

    @cached_property
    def _steps(self) -> Sequence[tuple[str, int | None]]:
        """Each element's step in an XPath, and its parent's number."""
        numbers = {element: number for number, element in enumerate(self._elements)}
        steps: list[tuple[str, int | None]] = [(_prefixed(self._root.tag), None)] * len(numbers)
        for parent in self._elements:
            for child, step in _child_steps(parent):
                steps[numbers[child]] = (step, numbers[parent])
        return steps


def _child_steps(parent: etree._Element) -> list[tuple[etree._Element, str]]:
    """The steps to an element's children, numbered where siblings have the same name."""
    children = list(parent.iterchildren(etree.Element))
    totals = Counter(child.tag for child in children)
    seen: Counter[str] = Counter()
    steps = []
    for child in children:
        seen[child.tag] += 1
        number = f"[{seen[child.tag]}]" if totals[child.tag] > 1 else ""
        steps.append((child, _prefixed(child.tag) + number))
    return steps


def _start_points(data: bytes) -> list[_Point]:
    """Where each start tag begins, in order; nothing if Expat does not read the file."""
    parser = expat.ParserCreate()
    points: list[_Point] = []

    def note(name: str, attributes: Mapping[str, str]) -> None:
        del name, attributes
        points.append((parser.CurrentLineNumber, parser.CurrentColumnNumber + 1))

    parser.StartElementHandler = note
    return points if _parse(parser, data) else []


def _text_points(data: bytes) -> dict[int, _Point]:
    """Where the first text directly in an element stands, by the element's number."""
    parser = expat.ParserCreate()
    points: dict[int, _Point] = {}
    still_open: list[int] = []
    count = 0

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal count
        del name, attributes
        still_open.append(count)
        count += 1

    def end(name: str) -> None:
        del name
        still_open.pop()

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
