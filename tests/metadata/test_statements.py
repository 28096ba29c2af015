"""Statements: MODS, Dublin Core and records say the same things in the same kinds of fields."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from muniment.metadata.nodes import ObjectNode
from muniment.metadata.record_statements import record_description
from muniment.metadata.statements import (
    DateField,
    Description,
    IdentifierField,
    LanguageField,
    RelatorField,
    TitleField,
)
from muniment.metadata.xml_dc_statements import dublin_core_description
from muniment.metadata.xml_formats import DC, MODS
from muniment.metadata.xml_places import Places
from muniment.metadata.xml_statement_places import StatementPlaces
from muniment.metadata.xml_statements import mods_descriptions
from muniment.metadata.yaml_source import parse_yaml

_MODS = f"""<mods xmlns="{MODS}" version="3.8">
  <titleInfo><title>Letters<!-- of whom? --> of the parish</title></titleInfo>
  <name><namePart>St Mary</namePart><role><roleTerm type="code">aut</roleTerm></role></name>
  <originInfo><dateCreated encoding="edtf" keyDate="yes">1952</dateCreated></originInfo>
  <language><languageTerm type="code" authority="iso639-2b">eng</languageTerm></language>
  <relatedItem type="host">
    <titleInfo><title>Papers</title></titleInfo>
    <identifier type="local">P 1</identifier>
  </relatedItem>
  <identifier type="local">P 1-7</identifier>
  <extension><note xmlns="{MODS}">not read</note></extension>
</mods>"""
_DC = f"""<record xmlns:dc="{DC}">
  <dc:title>Letters of the parish</dc:title>
  <dc:date>1952</dc:date>
  <dc:language>eng</dc:language>
  <dc:identifier>P 1-7</dc:identifier>
</record>"""
_YAML = """\
title: Letters of the parish
creator: {value: St Mary, role: aut}
created: {value: "1952", keyDate: true}
language: eng
isPartOf: {title: Papers, identifier: {value: P 1, type: local}}
identifier: {value: P 1-7, type: local}
"""
_SUBJECT = "<subject><topic>A</topic><topic>{}</topic></subject>"


def _mods(text: str = _MODS) -> Description:
    root = etree.fromstring(text.encode())
    places = StatementPlaces(root, Places(text.encode(), "a.xml"))
    return next(iter(mods_descriptions(root, places)))


def _dc() -> Description:
    root = etree.fromstring(_DC.encode())
    return dublin_core_description(root, StatementPlaces(root, Places(_DC.encode(), "a.xml")))


def _record() -> Description:
    root = parse_yaml(_YAML, "a.yaml").root
    assert isinstance(root, ObjectNode)
    return record_description(root, "a.yaml")


def _said(description: Description, kind: type, item: int = 0) -> list[tuple[str, str]]:
    return [
        (each.field.property, each.value)
        for each in description.statements
        if type(each.field) is kind and each.item == item
    ]


@pytest.mark.parametrize("description", [_mods(), _record()], ids=["mods", "record"])
def test_two_forms_say_the_same(description: Description) -> None:
    assert _said(description, TitleField) == [("title", "Letters of the parish")]
    assert _said(description, DateField) == [("created", "1952")]
    assert _said(description, LanguageField) == [("language", "eng")]
    assert _said(description, RelatorField) == [("role", "aut")]
    assert _said(description, IdentifierField) == [("identifier", "P 1-7")]
    assert _said(description, TitleField, 1) == [("title", "Papers")]
    assert _said(description, IdentifierField, 1) == [("identifier", "P 1")]
    assert description.item_names == ["", "isPartOf"]


def test_dublin_core_says_it_too() -> None:
    description = _dc()
    assert _said(description, TitleField) == [("title", "Letters of the parish")]
    assert _said(description, DateField) == [("date", "1952")]
    assert _said(description, LanguageField) == [("language", "eng")]
    assert _said(description, IdentifierField) == [("identifier", "P 1-7")]


def test_what_an_extension_holds_is_not_read() -> None:
    assert "not read" not in [each.value for each in _mods().statements]


def test_every_statement_stands_where_its_element_begins() -> None:
    description = _mods()
    places = {
        each.value: (description.locate(each.place).line, description.locate(each.place).xpath)
        for each in description.statements
    }
    assert places["eng"] == (5, "/mods:mods/mods:language/mods:languageTerm")
    assert places["P 1"] == (8, "/mods:mods/mods:relatedItem/mods:identifier")
    record = _record()
    pointers = {each.value: record.locate(each.place).pointer for each in record.statements}
    assert pointers["aut"] == "/creator/role"
    assert pointers["P 1"] == "/isPartOf/identifier/value"


def test_groups_lead_to_the_groups_around_them() -> None:
    description = _mods()
    role = next(each for each in description.coded if type(each.field) is RelatorField)
    name = next(each for each in description.texts if each.value == "St Mary")
    assert description.parents[role.group] == name.group


def test_two_records_share_no_readings_of_texts() -> None:
    first, second = _mods(), _mods(_MODS.replace("Letters", "Maps"))
    assert _said(first, TitleField) == [("title", "Letters of the parish")]
    assert _said(second, TitleField) == [("title", "Maps of the parish")]


@pytest.mark.parametrize(
    ("parts", "repeated"),
    [
        ("<note>A</note><note>A</note>", ["A"]),
        ("<note>A</note><note type='x'>A</note>", []),
        ("<abstract>A</abstract><note>A</note>", []),
        ("<note>A</note><note>B</note><note>A</note><note>A</note>", ["A", "A"]),
        (_SUBJECT.format("B") + _SUBJECT.format("C") * 2, ["A C"]),
        (
            "<subject><topic>A</topic></subject><subject authority='x'><topic>A</topic></subject>",
            [],
        ),
        ("<subject/><subject/>", []),
        ("<relatedItem><note>A</note></relatedItem><note>A</note>", []),
        ("<relatedItem><note>A</note><note>A</note></relatedItem>", ["A"]),
        (
            "<name><namePart>A</namePart></name><note>N</note><name><namePart>A</namePart></name>",
            ["A"],
        ),
    ],
)
def test_repetitions(parts: str, repeated: list[str]) -> None:
    description = _mods(f'<mods xmlns="{MODS}">{parts}</mods>')
    assert [each.value for each in description.repetitions] == repeated


def test_nesting_and_width_cost_no_recursion() -> None:
    deep = "<relatedItem>" * 200 + "<note>A</note>" + "</relatedItem>" * 200
    wide = "<note>B</note>" * 2000
    description = _mods(f'<mods xmlns="{MODS}">{deep}{wide}</mods>')
    assert len(description.item_names) == 201
    assert len(description.repetitions) == 1999


def test_comments_and_instructions_are_passed_over() -> None:
    text = f'<mods xmlns="{MODS}"><!-- a --><?b?><note>A<?c?></note><!-- d --><note>B</note></mods>'
    assert [each.value for each in _mods(text).texts] == ["A", "B"]


def test_the_letters_record_is_read(repository: Path) -> None:
    path = next((repository / "bags" / "sources").glob("*/record.yaml"))
    root = parse_yaml(path.read_text(encoding="utf-8"), path.name).root
    assert isinstance(root, ObjectNode)
    description = record_description(root, path.name)
    assert ("created", "1952-12-27") in _said(description, DateField)
