"""Record -> oai_dc, by the mapping of the Library of Congress."""

from __future__ import annotations

import pytest
from letter import letters_record, record_of, said

from muniment.metadata.dublincore import oai_dc_xml
from muniment.metadata.xml_validation import judge_xml


def _dc(text: str) -> bytes:
    document = oai_dc_xml(record_of(text))
    assert [finding.message for finding in judge_xml(document).findings] == []
    return document


@pytest.fixture(scope="module")
def letter() -> bytes:
    return oai_dc_xml(letters_record())


def test_the_letter_is_valid_oai_dc(letter: bytes) -> None:
    judged = judge_xml(letter)
    assert judged.findings == ()
    assert judged.document is not None
    assert judged.document.kind.title == "oai_dc"


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ("title", ["Telegram from Stalin to Mao Zedong"]),
        ("creator", ["Stalin, Joseph"]),
        ("contributor", ["Mao, Zedong, 1893-1976"]),
        (
            "subject",
            [
                "Korean War, 1950-1953",
                "Military assistance, Soviet",
                "Truman",
                "Eisenhower",
                "Ye, Jizhuang",
            ],
        ),
        ("date", ["1952-12-27"]),
        ("type", ["Text", "telegrams"]),
        ("format", ["text/plain", "1 text file (2,265 bytes)"]),
        ("identifier", ["local: 1952-12-27-stalin-to-mao"]),
        ("language", ["eng"]),
        (
            "relation",
            [
                "Ciphered Telegram from Mao Zedong to Semenov [Stalin]",
                "Telegram from Stalin to Mao Zedong",
            ],
        ),
        ("coverage", ["Korea"]),
        ("rights", ["Copyright Not Evaluated", "http://rightsstatements.org/vocab/CNE/1.0/"]),
        ("publisher", []),
        ("source", []),
    ],
)
def test_the_letter_says(letter: bytes, element: str, expected: list[str]) -> None:
    assert said(letter, f"/*/dc:{element}/text()") == expected


def test_the_letters_notes_are_descriptions(letter: bytes) -> None:
    descriptions = said(letter, "//dc:description/text()")
    assert len(descriptions) == 11
    assert 'Signed "SEMENOV [Stalin]."' in descriptions
    assert "A translation may have a copyright of its own." in descriptions


def test_the_parts_of_a_title_are_one_value() -> None:
    document = _dc(
        "title: {nonSort: The, value: Times, subtitle: "
        "a paper, partNumber: vol. 2, partName: Ads}\n"
    )
    assert said(document, "//dc:title/text()") == ["The Times: a paper. vol. 2. Ads"]


def test_a_heading_is_joined_and_its_places_and_times_are_coverage() -> None:
    document = _dc(
        "title: a\nsubject: {value: Bells, subdivisions: [{value: England, type: geographic}, "
        "{value: 18th century, type: temporal}, History]}\n"
    )
    assert said(document, "//dc:subject/text()") == ["Bells--History"]
    assert said(document, "//dc:coverage/text()") == ["England", "18th century"]


def test_identifiers_carry_their_type_unless_they_have_a_colon() -> None:
    document = _dc(
        "title: a\nidentifier: [{value: 10.1000/182, "
        "type: doi}, {value: 'urn:isbn:9780306406157', type: urn}, b, "
        "{value: c, type: isbn, invalid: true}]\n"
    )
    assert said(document, "//dc:identifier/text()") == [
        "doi: 10.1000/182",
        "urn:isbn:9780306406157",
        "b",
    ]


def test_a_related_item_is_its_title_identifiers_and_address() -> None:
    document = _dc(
        "title: a\nsource: {title: b, identifier: {value: '1', type: local}, uri: 'http://example.org/'}\n"
    )
    assert said(document, "//dc:source/text()") == ["b--local: 1--http://example.org/"]


def test_who_has_the_role_of_an_author_is_a_creator_wherever_he_stands() -> None:
    document = _dc("title: a\ncontributor: [{value: b, role: aut}, {value: c, role: edt}]\n")
    assert said(document, "//dc:creator/text()") == ["b"]
    assert said(document, "//dc:contributor/text()") == ["c"]


def test_languages_of_values_are_kept() -> None:
    document = _dc("title: [{value: a, lang: en}, {value: b, lang: zh-Hant}]\n")
    assert said(document, "//dc:title/@xml:lang") == ["en", "zh-Hant"]


def test_the_same_value_is_said_once() -> None:
    document = _dc("title: a\ncreated: '1952'\nissued: '1952'\n")
    assert said(document, "//dc:date/text()") == ["1952"]
