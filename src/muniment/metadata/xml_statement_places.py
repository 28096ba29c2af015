"""Where statements of an XML record stand: elements and attributes -> line, column and XPath."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from lxml import etree

from muniment.metadata.statements import Place
from muniment.metadata.xml_copies import Standing
from muniment.metadata.xml_formats import XML
from muniment.model.findings import Location

if TYPE_CHECKING:
    from muniment.metadata.xml_places import Places

_ID_NAMES = ("ID", "id", f"{{{XML}}}id")


class StatementPlaces:
    """The places of a document. Nothing is counted before a place is asked for.

    `root` is the document's own root, whichever element in it is the record.
    """

    def __init__(self, root: etree._Element, places: Places) -> None:
        self._root = root
        self._places = places

    def locate(self, place: Place) -> Location:
        """The place of an element, or of an attribute: (element, name)."""
        # A place is for its reader alone to know: here an element, or a pair.
        noted: Any = place
        element, attribute = noted if isinstance(noted, tuple) else (noted, None)
        standing = Standing(element=element, order=self._orders[element])
        return self._places.location(standing, attribute)

    def has_id(self, value: str) -> bool:
        """Whether some element of the document has this ID."""
        return value in self._ids

    @cached_property
    def _orders(self) -> dict[etree._Element, int]:
        return {element: order for order, element in enumerate(self._root.iter(etree.Element))}

    @cached_property
    def _ids(self) -> frozenset[str]:
        elements = self._root.iter(etree.Element)
        found = (element.get(name) for element in elements for name in _ID_NAMES)
        return frozenset(value for value in found if value is not None)


def own_text(element: etree._Element) -> str:
    """An element's text without that of its children, joined where comments part it."""
    return "".join(filter(None, (element.text, *(child.tail for child in element))))


def whole_text(element: etree._Element) -> str:
    """The text of an element that has children: its own, else all that is within it."""
    return own_text(element).strip() or "".join(map(str, element.itertext())).strip()
