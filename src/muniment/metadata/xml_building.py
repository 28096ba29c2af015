"""XML elements -> bytes, the same for the same input: UTF-8, declaration, two blanks, LF."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

Element = etree._Element  # noqa: SLF001 - lxml's own name for the type of its elements

XML = "http://www.w3.org/XML/1998/namespace"
XLINK = "http://www.w3.org/1999/xlink"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


class Builder:
    """Makes the elements of one namespace. An attribute that is None is left out."""

    def __init__(self, namespace: str, prefix: str | None) -> None:
        self._namespace = namespace
        self._prefix = prefix

    def root(
        self,
        name: str,
        schema_location: str,
        attributes: Mapping[str, str] | None = None,
        namespaces: Mapping[str, str] | None = None,
    ) -> Element:
        """A root element that says which schema it follows; `namespaces` are further prefixes."""
        # The stubs of lxml know no None, which is how it names the default namespace.
        nsmap: dict[Any, str] = {
            self._prefix: self._namespace,
            **(namespaces or {}),
            "xsi": XSI,
        }
        element = etree.Element(f"{{{self._namespace}}}{name}", nsmap=nsmap)
        element.set(f"{{{XSI}}}schemaLocation", f"{self._namespace} {schema_location}")
        for key, value in (attributes or {}).items():
            element.set(key, value)
        return element

    def plain_root(
        self, name: str, namespaces: Mapping[str, str], schema_location: str | None = None
    ) -> Element:
        """A root element in no namespace; `namespaces` are the prefixes of its children."""
        nsmap: dict[Any, str] = dict(namespaces)
        if schema_location is not None:
            nsmap["xsi"] = XSI
        element = etree.Element(name, nsmap=nsmap)
        if schema_location is not None:
            element.set(f"{{{XSI}}}schemaLocation", schema_location)
        return element

    def add(
        self,
        parent: Element,
        name: str,
        text: str | None = None,
        attributes: Mapping[str, str | None] | None = None,
    ) -> Element:
        """Append an element to `parent` and return it.

        Raises ValueError where a text holds a character that XML cannot hold.
        """
        tag = f"{{{self._namespace}}}{name}" if self._namespace else name
        element = etree.SubElement(parent, tag)
        element.text = text
        for key, value in (attributes or {}).items():
            if value is not None:
                element.set(key, value)
        return element


def own_text(element: Element) -> str:
    """The text that stands in an element itself, not in a comment; its blanks made single."""
    between = (child.tail or "" for child in element if not isinstance(child.tag, str))
    return " ".join("".join((element.text or "", *between)).split())


def parsed(data: bytes) -> Element:
    """The root of a document that was judged before; still nothing outside it is ever read."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    return etree.fromstring(data, parser)


def to_bytes(root: Element) -> bytes:
    """The document that a root element makes. Namespaces that nothing uses are left out."""
    etree.cleanup_namespaces(root)
    etree.indent(root, space="  ")
    body = etree.tostring(root, encoding="UTF-8", xml_declaration=False)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body + b"\n"
