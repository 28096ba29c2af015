"""Codes, roles, addresses and texts: the judgement of single values."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from muniment.metadata.language_codes import code_fault, code_of_name, tag_fault
from muniment.metadata.semantic_texts import (
    are_plainly_sound,
    as_it_was,
    is_placeholder,
    is_plainly_sound,
)
from muniment.metadata.semantics import faults_of
from muniment.metadata.statements import DateField, IdentifierField, TextField, UriField

_TEXT = TextField(property="abstract", name="abstract")
_ADDRESS = UriField(property="rights", name="uri")


@pytest.mark.parametrize(
    ("code", "authority"),
    [
        ("eng", "iso639-2b"),
        ("gem", "iso639-2b"),
        ("qaa", "iso639-2b"),
        ("qtz", "iso639-3"),
        ("deu", "iso639-3"),
        ("cmn", "iso639-3"),
        ("deu", "iso639-2t"),
        ("de", "iso639-1"),
        ("ger", None),
        ("deu", None),
        ("zh-Hant-TW", "rfc5646"),
        ("de-1996", "rfc4646"),
        ("i-klingon", "rfc3066"),
        ("x-parish", "rfc5646"),
    ],
)
def test_codes_of_languages(code: str, authority: str | None) -> None:
    assert code_fault(code, authority) is None


@pytest.mark.parametrize(
    ("code", "authority", "expected", "is_kin"),
    [
        ("deu", "iso639-2b", "ger", True),
        ("ger", "iso639-3", "deu", True),
        ("ger", "iso639-2t", "deu", True),
        ("en", "iso639-2b", "eng", False),
        ("ENG", "iso639-2b", "eng", True),
        ("scr", "iso639-2b", "hrv", True),
        ("mol", None, "rum", True),
        ("English", "iso639-2b", "eng", False),
        ("German", "iso639-3", "deu", False),
        ("qua", "iso639-1", None, False),
        ("xqx", None, None, False),
        ("qua1", None, None, False),
    ],
)
def test_codes_that_are_not_of_their_list(
    code: str,
    authority: str | None,
    expected: str | None,
    is_kin: bool,  # noqa: FBT001 - a parameter of the cases
) -> None:
    fault = code_fault(code, authority)
    if code == "qua" and fault is not None:
        expected = fault.expected
    assert fault is not None
    assert (fault.expected, fault.is_kin) == (expected, is_kin)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("eng", "en"),
        ("ger-Latf", "de-Latf"),
        ("iw", "he"),
        ("en_US", "en-US"),
        ("English", "eng"),
        ("fr-XY", None),
        ("xqx", None),
    ],
)
def test_tags_that_are_not_right(tag: str, expected: str | None) -> None:
    fault = tag_fault(tag)
    assert fault is not None
    assert fault.expected == expected


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("English", "eng"),
        ("french", "fre"),
        ("Germna", "ger"),
        ("eng", None),
        ("Parishspeak", None),
    ],
)
def test_names_of_languages(name: str, code: str | None) -> None:
    assert code_of_name(name) == code


_WORDS = st.text(
    alphabet=st.characters(
        codec="utf-8",
        min_codepoint=0x20,
        max_codepoint=0x24FF,
        exclude_categories=("Cc", "Cn", "Co", "Cs"),
    ),
    min_size=1,
    max_size=30,
)


@given(_WORDS)
def test_a_text_that_was_read_in_the_wrong_encoding_is_found_and_restored(text: str) -> None:
    assume(not text.isascii())
    assert as_it_was(text.encode().decode("latin-1")) == text


@given(_WORDS)
def test_a_right_text_is_not_taken_for_a_broken_one(text: str) -> None:
    # Only what could itself have come of a wrong reading is in doubt.
    assume(not _could_be_broken(text))
    rules = {fault.rule.id for fault in faults_of(_TEXT, text)}
    assert "MET-184" not in rules


def _could_be_broken(text: str) -> bool:
    return as_it_was(text) is not None or "\u00c3" in text or "\u00e2\u20ac" in text


@pytest.mark.parametrize(
    "text",
    [
        "\u00abCAF\u00c9\u00bb",
        "\u00bbSp\u00e4\u00ab",
        "N\u00c3O",
        "\u00c0 la carte",
        "\u010ce\u0161tina \u2013 \u201eano\u201c",
        "\u0420\u0443\u0441\u0441\u043a\u0438\u0439",
        "\u6771\u4eac",
        "na\u00efve \u2026 co\u00f6perate",
    ],
)
def test_words_of_many_languages_are_right(text: str) -> None:
    assert faults_of(_TEXT, text) == ()


@given(st.text(max_size=40))
def test_the_quick_answer_never_hides_a_fault(text: str) -> None:
    if is_plainly_sound(text):
        assert faults_of(_TEXT, text) == ()


@pytest.mark.parametrize(
    "text", ["TBD", "n/a", "N/A.", "???", "-", "...", "[TBD]", "#REF!", "NULL"]
)
def test_placeholders(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text", ["Unknown", "n.d.", "[s.n.]", "Null", "XXX", "none", "0", "A?", "Nan", "C-"]
)
def test_words_that_are_no_placeholders(text: str) -> None:
    assert not is_placeholder(text)


@pytest.mark.parametrize(
    ("address", "rule", "expected"),
    [
        ("http://rightsstatements.org/vocab/InC/1.0/", None, None),
        ("https://creativecommons.org/licenses/by/4.0/", None, None),
        ("http://creativecommons.org/licenses/by-nc-sa/3.0/at/", None, None),
        ("https://creativecommons.org/publicdomain/zero/1.0/", None, None),
        (
            "https://rightsstatements.org/vocab/InC/1.0/",
            "MET-172",
            "http://rightsstatements.org/vocab/InC/1.0/",
        ),
        (
            "http://rightsstatements.org/page/inc/1.0/",
            "MET-172",
            "http://rightsstatements.org/vocab/InC/1.0/",
        ),
        (
            "https://www.creativecommons.org/licenses/by/4.0/legalcode",
            "MET-172",
            "https://creativecommons.org/licenses/by/4.0/",
        ),
        (
            "https://creativecommons.org/licenses/by/4.0/de/",
            "MET-172",
            "https://creativecommons.org/licenses/by/4.0/",
        ),
        ("https://creativecommons.org/licenses/by/", "MET-172", None),
        ("http://rightsstatements.org/vocab/XYZ/1.0/", "MET-173", None),
        ("https://creativecommons.org/licenses/by-xx/4.0/", "MET-173", None),
        ("https://creativecommons.org/licenses/by/9.0/", "MET-173", None),
        ("www.archive.example", "MET-171", "https://www.archive.example"),
        ("https//archive.example", "MET-171", "https://archive.example"),
        ("https://archive.example/a b", "MET-171", "https://archive.example/a%20b"),
        ("not a uri", "MET-171", None),
        (
            "https://www.wikidata.org/wiki/Q42",
            "MET-174",
            "http://www.wikidata.org/entity/Q42",
        ),
        (
            "https://id.loc.gov/authorities/names/n79091479.html",
            "MET-174",
            "http://id.loc.gov/authorities/names/n79091479",
        ),
    ],
)
def test_addresses(address: str, rule: str | None, expected: str | None) -> None:
    faults = faults_of(_ADDRESS, address)
    assert [fault.rule.id for fault in faults] == ([rule] if rule else [])
    if faults:
        assert faults[0].evidence.get("expected") == expected


# Words, and what is rare beside them and matters here.
_WORDS = st.sampled_from(["Letter", "Straße", "Карта", "毛", "été", "1952"])
_DOUBTFUL = st.sampled_from(
    [
        *("\u00a0", "\u200b", "\ufffd", "\u00c3\u00bc", "\x81", "TBD", "n/a", "?", "&amp;"),
        *(" ", "\n", "http://", "-"),
    ]
)


@given(st.lists(st.lists(st.one_of(_WORDS, _WORDS, _DOUBTFUL), max_size=3).map("".join)))
def test_one_look_at_many_texts_never_hides_a_fault(texts: list[str]) -> None:
    if are_plainly_sound(texts):
        assert [faults_of(_TEXT, text) for text in texts] == [()] * len(texts)


@pytest.mark.parametrize("texts", [["Straße"], ["毛泽东", "Москва"], ["São Tomé; été"], []])
def test_texts_of_many_scripts_are_sound_at_one_look(texts: list[str]) -> None:
    assert are_plainly_sound(texts) == bool(texts)


@pytest.mark.parametrize(
    ("value", "encoding", "rule", "expected"),
    [
        ("2011-12-16T15:09-0500", "w3cdtf", "MET-103", "2011-12-16T15:09-05:00"),
        ("2011-12-16 15:09:10Z", "w3cdtf", "MET-103", "2011-12-16T15:09:10Z"),
        ("2019-03-27-04:00", "w3cdtf", "MET-103", "2019-03-27"),
        ("2019-03-27 12:01:02", "iso8601", "MET-103", "2019-03-27T12:01:02"),
        ("2019-02-30-04:00", "w3cdtf", "MET-102", None),
        ("2019-03-27T12:61:02Z", "w3cdtf", "MET-101", None),
    ],
)
def test_moments_as_programs_write_them(
    value: str, encoding: str, rule: str, expected: str | None
) -> None:
    field = DateField(property="created", name="dateCreated", encoding=encoding)
    (fault,) = faults_of(field, value)
    assert (fault.rule.id, fault.evidence.get("expected")) == (rule, expected)


def test_codes_that_stand_together_are_told_apart() -> None:
    found = code_fault("engfre", "iso639-2b")
    assert found is not None
    assert (found.reason, found.expected) == ("several codes stand together: eng, fre", None)


@pytest.mark.parametrize(("kind", "rules"), [("lccn", []), ("local", ["MET-187"])])
def test_the_blanks_of_an_lccn_belong_to_it(kind: str, rules: list[str]) -> None:
    field = IdentifierField(property="identifier", name="identifier", type=kind)
    assert [fault.rule.id for fault in faults_of(field, "   83016584 //r85")] == rules


def test_a_locale_is_told_as_the_tag_it_means() -> None:
    found = code_fault("en_US")
    assert found is not None
    assert (found.reason, found.expected) == ("a tag is written with hyphens", "en-US")
