"""A MODS record given as it is -> Dublin Core, by the mapping of the Library of Congress."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from letter import letters_record, said
from lxml import etree
from record_strategy import records

from muniment.metadata.authored import record_from
from muniment.metadata.dublincore import oai_dc_xml
from muniment.metadata.given_xml import not_carried
from muniment.metadata.mods import mods_xml
from muniment.metadata.mods_reading import ModsReader
from muniment.metadata.reading import RecordForm, RecordReading, read_record
from muniment.metadata.xml_validation import judge_xml

_OPEN = '<mods xmlns="http://www.loc.gov/mods/v3" xmlns:xlink="http://www.w3.org/1999/xlink">'


def _read(inner: str) -> RecordReading:
    return read_record(f"{_OPEN}{inner}</mods>".encode(), "record.xml")


def _dc(inner: str) -> bytes:
    reading = _read(inner)
    assert reading.accepted is not None, [finding.message for finding in reading.findings]
    assert reading.accepted.form is RecordForm.MODS
    document = oai_dc_xml(reading.accepted.record)
    assert [finding.message for finding in judge_xml(document).findings] == []
    return document


@pytest.mark.parametrize(
    ("inner", "element", "expected"),
    [
        (
            (
                "<titleInfo><nonSort>The </nonSort><title>Times</title><subTitle>a paper</subTitle>"
                "<partNumber>2</partNumber><partName>Ads</partName></titleInfo>"
            ),
            "title",
            ["The Times: a paper. 2. Ads"],
        ),
        (
            (
                "<name><namePart type='family'>Curie</namePart>"
                "<namePart type='given'>Marie</namePart>"
                "<namePart type='termsOfAddress'>Dr.</namePart>"
                "<namePart type='date'>1867-1934</namePart>"
                "<role><roleTerm type='text'>creator</roleTerm></role></name>"
            ),
            "creator",
            ["Curie, Marie, Dr., 1867-1934"],
        ),
        (
            "<name><namePart>a</namePart><role><roleTerm>Author</roleTerm></role></name>",
            "creator",
            ["a"],
        ),
        (
            "<name><namePart>a</namePart><role><roleTerm>edt</roleTerm></role></name>",
            "contributor",
            ["a"],
        ),
        ("<name><displayForm>a b</displayForm></name>", "contributor", ["a b"]),
        (
            "<subject><topic>Bells</topic><geographic>York</geographic><topic>Sound</topic></subject>",
            "subject",
            ["Bells--Sound"],
        ),
        ("<subject><geographic>York</geographic></subject>", "coverage", ["York"]),
        (
            (
                "<subject><hierarchicalGeographic><country>England</country><city>York</city>"
                "</hierarchicalGeographic></subject>"
            ),
            "coverage",
            ["England--York"],
        ),
        (
            (
                "<subject><temporal point='start'>1700</temporal>"
                "<temporal point='end'>1750</temporal>"
                "</subject>"
            ),
            "coverage",
            ["1700/1750"],
        ),
        (
            (
                "<subject><cartographics><scale>1:10</scale>"
                "<coordinates>N 1</coordinates></cartographics>"
                "</subject>"
            ),
            "coverage",
            ["1:10--N 1"],
        ),
        (
            (
                "<subject><name><namePart>Bach</namePart>"
                "<namePart type='date'>1685-</namePart></name>"
                "</subject>"
            ),
            "subject",
            ["Bach, 1685-"],
        ),
        ("<subject><titleInfo><title>Iliad</title></titleInfo></subject>", "subject", ["Iliad"]),
        ("<classification authority='ddc'>025</classification>", "subject", ["025"]),
        (
            "<abstract>a</abstract><note type='x'>b</note><tableOfContents>c</tableOfContents>",
            "description",
            ["a", "c", "b"],
        ),
        ("<originInfo><publisher>a</publisher></originInfo>", "publisher", ["a"]),
        (
            (
                "<originInfo><dateCreated point='start'>1952</dateCreated>"
                "<dateCreated point='end'>1953</dateCreated>"
                "<dateIssued>1960</dateIssued></originInfo>"
            ),
            "date",
            ["1960", "1952/1953"],
        ),
        (
            "<originInfo><dateIssued point='start'>1952</dateIssued></originInfo>",
            "date",
            ["1952/"],
        ),
        ("<typeOfResource>sound recording-musical</typeOfResource>", "type", ["Sound"]),
        ("<typeOfResource>cartographic</typeOfResource>", "type", ["Image"]),
        ("<typeOfResource collection='yes'>text</typeOfResource>", "type", ["Collection", "Text"]),
        (
            (
                "<typeOfResource>text</typeOfResource><genre authority='dct'>Text</genre>"
                "<genre>telegrams</genre>"
            ),
            "type",
            ["Text", "telegrams"],
        ),
        (
            (
                "<physicalDescription><internetMediaType>text/plain</internetMediaType>"
                "<extent>1 p.</extent><form>print</form></physicalDescription>"
            ),
            "format",
            ["print", "text/plain", "1 p."],
        ),
        (
            (
                "<identifier type='isbn'>0306406152</identifier><identifier "
                "type='isbn' invalid='yes'>2</identifier>"
                "<location><url>http://example.org/</url></location>"
            ),
            "identifier",
            ["isbn: 0306406152", "http://example.org/"],
        ),
        (
            "<relatedItem type='original'><titleInfo><title>a</title></titleInfo></relatedItem>",
            "source",
            ["a"],
        ),
        (
            (
                "<relatedItem type='series'><titleInfo><title>a</title></titleInfo>"
                "<identifier type='issn'>0028-0836</identifier></relatedItem>"
            ),
            "relation",
            ["a--issn: 0028-0836"],
        ),
        (
            (
                "<language><languageTerm type='text'>English</languageTerm>"
                "<languageTerm type='code' authority='iso639-2b'>eng</languageTerm></language>"
                "<language><languageTerm type='text'>Old Norse</languageTerm></language>"
            ),
            "language",
            ["eng", "Old Norse"],
        ),
        (
            (
                "<accessCondition "
                "xlink:href='http://rightsstatements.org/vocab/InC/1.0/'>In Copyright"
                "</accessCondition>"
            ),
            "rights",
            ["In Copyright", "http://rightsstatements.org/vocab/InC/1.0/"],
        ),
        ("<accessCondition>a <b xmlns=''>b</b> c</accessCondition>", "rights", ["a b c"]),
        ("<abstract>a<!-- not said --> b</abstract>", "description", ["a b"]),
        ("<abstract xml:lang=''>a</abstract>", "description", ["a"]),
    ],
)
def test_the_mapping(inner: str, element: str, expected: list[str]) -> None:
    assert said(_dc(inner), f"//dc:{element}/text()") == expected


def test_the_letter_by_way_of_mods_says_the_same_in_dublin_core() -> None:
    record = letters_record()
    mods = mods_xml(record, record_date="2024", version="1.0.0")
    by_way = read_record(mods, "mods.xml").accepted
    assert by_way is not None
    direct, indirect = oai_dc_xml(record), oai_dc_xml(by_way.record)
    assert sorted(indirect.splitlines()) == sorted(direct.splitlines())


def test_what_dublin_core_cannot_carry_is_told_with_its_place() -> None:
    reading = _read(
        "\n<titleInfo><title>a</title></titleInfo>\n"
        "<location><shelfLocator>1</shelfLocator><shelfLocator>2</shelfLocator></location>\n"
        "<recordInfo><recordContentSource>b</recordContentSource></recordInfo>"
    )
    assert reading.accepted is not None
    assert [
        (found.rule.id, found.location.line, found.location.xpath, dict(found.evidence))
        for found in reading.findings
    ] == [
        (
            "REC-301",
            3,
            "/mods:mods/mods:location/mods:shelfLocator[1]",
            {"element": "location/shelfLocator", "count": 2},
        ),
        (
            "REC-301",
            4,
            "/mods:mods/mods:recordInfo/mods:recordContentSource",
            {"element": "recordInfo/recordContentSource", "count": 1},
        ),
    ]
    assert {found.severity.label for found in reading.findings} == {"info"}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(records())
def test_every_text_of_a_mods_record_is_in_dublin_core_or_told(values: dict[str, Any]) -> None:
    root = etree.fromstring(mods_xml(record_from(values), record_date="2024", version="1.0.0"))
    reader = ModsReader(root)
    dublin_core = "\n".join(said(oai_dc_xml(reader.record()), "//text()"))
    told = {str(found.evidence["element"]) for found in not_carried(reader, "mods.xml")}
    for element in root.iter("{*}*"):
        text = " ".join((element.text or "").split())
        names = [str(one.tag).rpartition("}")[2] for one in (element, *element.iterancestors())]
        path = "/".join(reversed(names[:-1]))
        if text.startswith("«") and path not in told:
            assert text in dublin_core, path


def test_a_collection_of_one_is_a_record_and_of_two_is_not() -> None:
    one = f"{_OPEN}<titleInfo><title>a</title></titleInfo></mods>"
    opening = '<modsCollection xmlns="http://www.loc.gov/mods/v3">'
    accepted = read_record(f"{opening}{one}</modsCollection>".encode(), "r.xml").accepted
    assert accepted is not None
    assert [title.value for title in accepted.record.titles] == ["a"]
    reading = read_record(f"{opening}{one}\n{one}</modsCollection>".encode(), "r.xml")
    assert reading.accepted is None
    (finding,) = reading.findings
    assert (finding.rule.id, finding.location.line) == ("REC-114", 2)
    assert finding.evidence == {"expected": 1, "actual": 2}


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (f"{_OPEN}<titleInfo><tilte>a</tilte></titleInfo></mods>", "XML-"),
        (f"{_OPEN}<titleInfo>", "XML-"),
        (f"<!DOCTYPE mods>{_OPEN}<note>a</note></mods>", "XML-"),
        ("<html/>", "XML-"),
        ("", "XML-"),
    ],
)
def test_what_its_schema_refuses_is_not_accepted(data: str, rule: str) -> None:
    reading = read_record(data.encode(), "record.xml")
    assert reading.accepted is None
    # That a title is missing may be told as well.
    assert {found.rule.id[:4] for found in reading.findings} - {"MET-"} == {rule}


def test_a_deep_record_is_read_without_falling() -> None:
    depth = 200
    inner = "<relatedItem>" * depth + "<note>a</note>" + "</relatedItem>" * depth
    reading = _read(f"<titleInfo><title>a</title></titleInfo>{inner}")
    assert reading.accepted is not None or reading.findings
