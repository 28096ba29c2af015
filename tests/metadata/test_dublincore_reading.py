"""An oai_dc record given as it is -> MODS, by the mapping of the Library of Congress."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from letter import letters_record, said
from record_strategy import records

from muniment.metadata.dublincore import oai_dc_xml
from muniment.metadata.mods import mods_xml
from muniment.metadata.reading import RecordForm, read_record
from muniment.metadata.xml_validation import judge_xml

_OPEN = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
)


def _mods(document: bytes) -> bytes:
    reading = read_record(document, "dc.xml")
    # What a value means is judged elsewhere (MET); here it is only carried.
    assert [found for found in reading.findings if not found.rule.id.startswith("MET-")] == []
    assert reading.accepted is not None
    assert reading.accepted.form is RecordForm.OAI_DC
    mods = mods_xml(reading.accepted.record, record_date="2024", version="1.0.0")
    assert [finding.message for finding in judge_xml(mods).findings] == []
    return mods


@pytest.mark.parametrize(
    ("inner", "xpath", "expected"),
    [
        ("<dc:title>a</dc:title>", "m:titleInfo/m:title/text()", ["a"]),
        ("<dc:creator>a</dc:creator>", "m:name/m:role/m:roleTerm/text()", ["cre", "Creator"]),
        ("<dc:contributor>a</dc:contributor>", "m:name/m:namePart/text()", ["a"]),
        ("<dc:contributor>a</dc:contributor>", "m:name/m:role", []),
        ("<dc:subject>a</dc:subject>", "m:subject/m:topic/text()", ["a"]),
        ("<dc:description>a</dc:description>", "m:note/text()", ["a"]),
        ("<dc:publisher>a</dc:publisher>", "m:originInfo/m:publisher/text()", ["a"]),
        ("<dc:date>1952</dc:date>", "m:originInfo/m:dateOther/text()", ["1952"]),
        ("<dc:date>1952</dc:date>", "m:originInfo/m:dateOther/@encoding", ["edtf"]),
        ("<dc:date>in May</dc:date>", "m:originInfo/m:dateOther/@encoding", []),
        ("<dc:type>StillImage</dc:type>", "m:typeOfResource/text()", ["still image"]),
        ("<dc:type>Still Image</dc:type>", "m:genre[@authority='dct']/text()", ["StillImage"]),
        ("<dc:type>map</dc:type>", "m:genre[not(@authority)]/text()", ["map"]),
        ("<dc:format>image/tiff</dc:format>", "*/m:internetMediaType/text()", ["image/tiff"]),
        ("<dc:format>3 p.</dc:format>", "m:physicalDescription/m:form/text()", ["3 p."]),
        ("<dc:identifier>a1</dc:identifier>", "m:identifier/text()", ["a1"]),
        (
            "<dc:identifier>doi: 10.1000/182</dc:identifier>",
            "m:identifier[@type='doi']/text()",
            ["10.1000/182"],
        ),
        (
            "<dc:identifier>http://example.org/1</dc:identifier>",
            "m:location/m:url/text()",
            ["http://example.org/1"],
        ),
        (
            "<dc:source>a</dc:source>",
            "m:relatedItem[@type='original']/m:titleInfo/m:title/text()",
            ["a"],
        ),
        ("<dc:language>eng</dc:language>", "*/m:languageTerm[@type='code']/text()", ["eng"]),
        (
            "<dc:language>English</dc:language>",
            "*/m:languageTerm[@type='text']/text()",
            ["English"],
        ),
        (
            "<dc:relation>http://example.org/1</dc:relation>",
            "m:relatedItem[not(@type)]/m:location/m:url/text()",
            ["http://example.org/1"],
        ),
        ("<dc:coverage>a</dc:coverage>", "m:subject/m:geographic/text()", ["a"]),
        ("<dc:rights>a</dc:rights>", "m:accessCondition/text()", ["a"]),
        (
            "<dc:rights>http://example.org/r</dc:rights>",
            "m:accessCondition/@xlink:href",
            ["http://example.org/r"],
        ),
        ("<dc:title xml:lang='de'>a</dc:title>", "m:titleInfo/@xml:lang", ["de"]),
        ("<dc:title> a\n  b </dc:title><dc:subject/>", "m:titleInfo/m:title/text()", ["a b"]),
    ],
)
def test_the_mapping(inner: str, xpath: str, expected: list[str]) -> None:
    mods = _mods(f"{_OPEN}{inner}</oai_dc:dc>".encode())
    assert said(mods, f"/m:mods/{xpath}") == expected


def test_the_letter_comes_back_from_mods_as_it_went() -> None:
    there = oai_dc_xml(letters_record())
    accepted = read_record(there, "dc.xml").accepted
    assert accepted is not None
    back = oai_dc_xml(accepted.record)
    assert sorted(back.splitlines()) == sorted(there.splitlines())


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(records())
def test_mods_says_everything_that_dublin_core_says(values: dict[str, object]) -> None:
    accepted = read_record(json.dumps(values).encode(), "r.json").accepted
    assert accepted is not None
    document = oai_dc_xml(accepted.record)
    mods = "\n".join(said(_mods(document), "//text() | //@*"))
    for text in said(document, "//dc:*/text()"):
        kind, _, value = text.partition(": ")
        assert " ".join(text.split()) in mods or (kind in mods and " ".join(value.split()) in mods)
