"""XML that exists, added to: what stands there stays, what is new is laid out beside it."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from muniment.metadata.xml_building import Element
from muniment.metadata.xml_parsing import parse_xml

_INDENT = "  "


def editable_root(data: bytes) -> Element | None:
    """The root of a document that is well formed and declares no entity; None for any other."""
    parsed = parse_xml(data)
    return None if parsed.findings else parsed.root


def insert(root: Element, position: int, elements: Sequence[Element]) -> None:
    """Put elements among the children of the root, laid out as our own documents are."""
    for offset, element in enumerate(elements):
        etree.indent(element, space=_INDENT, level=1)
        before = root[position + offset - 1] if position + offset else None
        if before is None:
            root.text, element.tail = f"\n{_INDENT}", f"\n{_INDENT}"
        else:
            element.tail, before.tail = before.tail, f"\n{_INDENT}"
        root.insert(position + offset, element)


def document_bytes(root: Element) -> bytes:
    """The whole document in UTF-8, with the comments and instructions around its root."""
    body: bytes = etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=False)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body.rstrip() + b"\n"
