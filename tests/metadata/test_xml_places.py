"""Places: the exact line and column of every element, and an XPath that leads there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from muniment.metadata.xml_copies import Standing
from muniment.metadata.xml_findings import line_of
from muniment.metadata.xml_formats import MODS, PREFIXES
from muniment.metadata.xml_places import Places
from muniment.metadata.xml_validation import validate_xml

NAMESPACES = {prefix: namespace for namespace, prefix in PREFIXES.items() if prefix != "xml"}


def test_lines_beyond_65535_are_right() -> None:
    blank = "\n" * 70_000
    notes = f'<note a="1"/>{blank}<note\n  a="2">{blank}x</note><note a="3"/>'
    data = f'<mods xmlns="{MODS}">{blank}{notes}</mods>'
    found = [(f.location.line, f.location.column) for f in validate_xml(data.encode(), "r.xml")]
    assert found == [(70_001, 1), (140_001, 1), (210_002, 9)]


def test_columns_count_characters() -> None:
    data = f'<mods xmlns="{MODS}">\n<note>手紙é</note><nota/></mods>'
    for encoding in ("utf-8", "utf-16", "gb18030"):
        declared = f'<?xml version="1.0" encoding="{encoding}"?>{data}'
        [finding] = validate_xml(declared.encode(encoding), "r.xml")
        assert (finding.location.line, finding.location.column) in {(2, 17), (2, None)}
    [finding] = validate_xml(data.encode(), "r.xml")
    assert (finding.location.line, finding.location.column) == (2, 17)


def test_stray_text_is_told_where_it_stands() -> None:
    data = f'<mods xmlns="{MODS}">\n<note>a</note>\n\n  stray\n<note>b</note></mods>'
    [finding] = validate_xml(data.encode(), "r.xml")
    assert (finding.rule.id, finding.location.line) == ("XML-117", 4)


@pytest.mark.parametrize("prefix", ["", "mods:", "x:"])
def test_xpaths_have_the_usual_prefixes_whatever_the_file_declares(prefix: str) -> None:
    declared = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    data = f'<{prefix}mods {declared}="{MODS}"><{prefix}note/><{prefix}note a=""/></{prefix}mods>'
    [finding] = validate_xml(data.encode(), "r.xml")
    assert finding.location.xpath == "/mods:mods/mods:note[2]/@a"


Tree = tuple[str, list[object]]
NAMES = st.sampled_from([f"{{{MODS}}}a", f"{{{MODS}}}b", "c", "{urn:x}d"])
TREES: st.SearchStrategy[Tree] = st.recursive(
    st.tuples(NAMES, st.just([])), lambda children: st.tuples(NAMES, st.lists(children, max_size=4))
)


def build(tree: Tree, parent: etree._Element | None = None) -> etree._Element:
    name, children = tree
    element = etree.Element(name) if parent is None else etree.SubElement(parent, name)
    element.tail = "\n \n" if parent is not None else None
    for child in children:
        build(child, element)  # type: ignore[arg-type] # trees within trees
    return element


@given(TREES)
def test_every_xpath_leads_to_its_element_alone(tree: Tree) -> None:
    data = etree.tostring(build(tree))
    root = etree.fromstring(data)
    places = Places(data, None)
    for order, element in enumerate(root.iter()):
        location = places.location(Standing(element=element, order=order))
        assert root.xpath(location.xpath or "", namespaces=NAMESPACES) == [element]
        assert location.line == line_of(element)
        line = data.split(b"\n")[(location.line or 0) - 1]
        assert line[(location.column or 0) - 1 :].startswith(b"<")
