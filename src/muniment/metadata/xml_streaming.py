"""An XML document of any length, piece by piece: the same form as `xml_building.to_bytes` gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import etree

from muniment.metadata.xml_building import Element, to_bytes


def pieces(root: Element, children: Iterable[Element]) -> Iterator[bytes]:
    """The document of an empty root and its children, each of which is let go when it is written.

    The children are made in `root`, so that they share its namespaces.
    """
    opening = to_bytes(root).rstrip()
    yield opening.removesuffix(b"/>") + b">\n"
    declared = [f' xmlns:{prefix}="{uri}"'.encode() for prefix, uri in root.nsmap.items()]
    for child in children:
        etree.indent(child, space="  ", level=1)
        child.tail = None
        text = etree.tostring(child, encoding="UTF-8", xml_declaration=False)
        for each in declared:
            text = text.replace(each, b"", 1)
        yield b"  " + text + b"\n"
        root.remove(child)
    name = etree.QName(root.tag).localname
    yield f"</{root.prefix}:{name}>\n".encode()
