"""Record -> MODS 3.8: where each thing goes."""

from __future__ import annotations

import pytest
from letter import letters_record, record_of, said

from muniment.metadata.mods import mods_xml
from muniment.metadata.record import Record, Title
from muniment.metadata.xml_validation import judge_xml


def _mods(text: str) -> bytes:
    document = mods_xml(record_of(text), record_date="2024-02-29", version="1.0.0")
    assert [finding.message for finding in judge_xml(document).findings] == []
    return document


@pytest.fixture(scope="module")
def letter() -> bytes:
    return mods_xml(letters_record(), record_date="2024-02-29", version="1.0.0")


def test_the_letter_is_valid_mods_3_8(letter: bytes) -> None:
    judged = judge_xml(letter)
    assert judged.findings == ()
    assert judged.document is not None
    assert judged.document.kind.title == "MODS 3.8"


@pytest.mark.parametrize(
    ("xpath", "expected"),
    [
        ("/m:mods/@version", ["3.8"]),
        (
            "/m:mods/@xsi:schemaLocation",
            ["http://www.loc.gov/mods/v3 http://www.loc.gov/standards/mods/v3/mods-3-8.xsd"],
        ),
        ("//m:mods/m:titleInfo/m:title/text()", ["Telegram from Stalin to Mao Zedong"]),
        ("//m:mods/m:titleInfo/@supplied", ["yes"]),
        (
            "//m:note[@IDREF = //m:titleInfo/@ID]/text()",
            ["Title from the published English text; the document bears none."],
        ),
        ("/m:mods/m:name[1]/m:namePart/text()", ["Stalin, Joseph"]),
        ("//m:name[1]/m:role/m:roleTerm/text()", ["aut", "Author"]),
        ("//m:name[1]/m:alternativeName/m:namePart/text()", ["Semenov"]),
        ("//m:name[1]/m:alternativeName/@altType", ["pseudonym"]),
        (
            "//m:note[@IDREF = //m:name[1]/@ID]/text()",
            ['Signs as "SEMENOV"; "[Stalin]" is editorial.'],
        ),
        ("//m:name/@valueURI", []),
        ("//m:mods/m:name[2]/m:namePart/text()", ["Mao, Zedong", "1893-1976"]),
        ("//m:mods/m:name[2]/m:role/m:roleTerm/text()", ["rcp", "Addressee"]),
        ("//m:dateCreated/text()", ["1952-12-27"]),
        ("//m:dateCreated/@encoding", ["edtf"]),
        ("//m:dateCreated/@keyDate", ["yes"]),
        ("//m:dateCreated/following-sibling::m:displayDate/text()", ["27 December 1952"]),
        ("//m:place", []),
        ("//m:typeOfResource/text()", ["text"]),
        ("//m:genre[@authority = 'aat']/text()", ["telegrams"]),
        (
            "//m:genre[@authority = 'aat']/@valueURI",
            ["http://vocab.getty.edu/aat/300026909"],
        ),
        ("//m:mods/m:language/m:languageTerm[@authority = 'iso639-2b']/text()", ["eng"]),
        ("//m:internetMediaType/text()", ["text/plain"]),
        ("//m:extent/text()", ["1 text file (2,265 bytes)"]),
        ("//m:physicalDescription/m:note/text()", ["US-ASCII; lines end in LF."]),
        ("//m:subject[@authority = 'lcsh']/m:topic/text()", ["Korean War, 1950-1953"]),
        ("//m:subject/m:geographic/text()", ["Korea"]),
        (
            "//m:relatedItem[@type = 'references']/m:titleInfo/m:title/text()",
            ["Ciphered Telegram from Mao Zedong to Semenov [Stalin]"],
        ),
        ("//m:relatedItem[@type = 'references']//m:dateOther/text()", ["1952-12-17"]),
        (
            "//m:relatedItem[@type = 'references']/m:note[@type = 'date']/text()",
            ['The letter says "17 December"; the year is supplied.'],
        ),
        (
            "//m:relatedItem[@type = 'otherVersion']/m:originInfo/m:publisher/text()",
            ["Wilson Center Digital Archive (History and Public Policy Program)"],
        ),
        ("//m:relatedItem//m:url", []),
        ("//m:identifier[@type = 'local']/text()", ["1952-12-27-stalin-to-mao"]),
        (
            "//m:accessCondition/@xlink:href",
            ["http://rightsstatements.org/vocab/CNE/1.0/"],
        ),
        (
            "//m:note[@IDREF = //m:accessCondition/@ID]/text()",
            ["A translation may have a copyright of its own."],
        ),
        ("//m:recordInfo/m:recordCreationDate/text()", ["2024-02-29"]),
        ("//m:recordInfo/m:languageOfCataloging/m:languageTerm/text()", ["eng"]),
        ("//m:recordContentSource", []),
        ("//m:descriptionStandard", []),
    ],
)
def test_the_letter_says(letter: bytes, xpath: str, expected: list[str]) -> None:
    assert said(letter, xpath) == expected


def test_the_bytes_are_as_sober_as_they_can_be(letter: bytes) -> None:
    assert letter.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<mods xmlns=')
    assert letter.endswith(b"\n</mods>\n")
    assert b"\r" not in letter
    assert b"\n  <titleInfo" in letter


def test_a_creator_with_another_role_stays_a_creator() -> None:
    document = _mods("title: a\ncreator: {value: b, role: pht}\ncontributor: {value: c}\n")
    assert said(document, "//m:name[1]//m:roleTerm[@type = 'code']/text()") == ["pht", "cre"]
    assert said(document, "//m:name[2]//m:roleTerm/text()") == []


def test_one_origin_an_event_and_one_for_each_date_that_is_displayed() -> None:
    document = _mods(
        "title: a\nplace: Mainz\npublisher: b\nissued: "
        "['1952', {value: '1953', display: im Jahr 53}]\n"
        "created: '1950'\nmodified: '1960'\n"
    )
    assert said(document, "//m:originInfo/@eventType") == [
        "publication",
        "publication",
        "production",
    ]
    assert said(document, "//m:originInfo[m:publisher]/m:dateIssued/text()") == ["1952"]
    assert said(document, "//m:originInfo[m:publisher]//m:placeTerm/text()") == ["Mainz"]
    assert said(document, "//m:displayDate/preceding-sibling::*/text()") == ["1953"]
    assert said(document, "//m:originInfo[@eventType = 'production']/*/text()") == ["1950"]
    assert said(document, "//m:originInfo[not(@eventType)]/m:dateModified/text()") == ["1960"]


def test_the_place_of_what_was_not_published_is_that_of_its_making() -> None:
    document = _mods("title: a\nplace: {value: Mainz, supplied: true}\ncreated: '1950'\n")
    assert said(document, "//m:originInfo/@eventType") == ["production"]
    assert said(document, "//m:place/@supplied") == ["yes"]


def test_ids_are_given_once_in_the_whole_document() -> None:
    document = _mods(
        "title: {value: a, note: n}\nreferences:\n- title: {value: b, note: o}\n"
        "- title: {value: c, note: p}\n  creator: {value: d, note: q}\n"
    )
    ids = said(document, "//@ID")
    assert len(ids) == len(set(ids)) == 4
    assert said(document, "//m:note/@IDREF") == ids


def test_a_collection_says_so() -> None:
    document = _mods("title: a\ntype: [Collection, Event]\n")
    assert said(document, "//m:typeOfResource[@collection = 'yes']/text()") == ["mixed material"]
    assert said(document, "//m:genre[@authority = 'dct']/text()") == ["Collection", "Event"]


def test_relations_that_mods_does_not_know_are_named_by_their_dcmi_term() -> None:
    document = _mods("title: a\nconformsTo: b\nisVersionOf: c\nreplaces: https://example.org/d\n")
    assert said(document, "//m:relatedItem/@type") == ["otherVersion", "preceding"]
    assert said(document, "//m:relatedItem/@otherTypeURI") == [
        "http://purl.org/dc/terms/conformsTo",
        "http://purl.org/dc/terms/isVersionOf",
    ]
    assert said(document, "//m:relatedItem/m:location/m:url/text()") == ["https://example.org/d"]


def test_the_records_own_date_goes_before_the_given_one() -> None:
    document = _mods(
        "title: a\nrecordInfo: {created: '1999', origin: From cards., standard: dacs}\n"
    )
    assert said(document, "//m:recordCreationDate/text()") == ["1999"]
    assert said(document, "//m:recordOrigin/text()") == [
        "From cards. Made by muniment 1.0.0 from the record as it was given."
    ]


def test_a_text_in_any_script_is_kept() -> None:
    title = "ѝ Ā 中文 עברית \U0001f4e7 a\u0301 <&> ]]>"
    document = mods_xml(Record(titles=(Title(value=title),)), record_date="2024", version="1")
    assert said(document, "//m:title/text()") == [title]


def test_what_xml_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="XML compatible"):
        mods_xml(Record(titles=(Title(value="a\x00"),)), record_date="2024", version="1")
