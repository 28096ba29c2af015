from __future__ import annotations

import pytest

from muniment.metadata.languages import authority_of, is_language_code, is_language_tag


@pytest.mark.parametrize(
    "tag", ["en", "eng", "en-GB", "zh-Hant", "sr-Latn-RS", "de-1996", "x-parish"]
)
def test_tags(tag: str) -> None:
    assert is_language_tag(tag)


@pytest.mark.parametrize(
    "tag", ["", "e", "english", "en_GB", "en-", "-en", "en GB", "zh-Hantish-x"]
)
def test_no_tags(tag: str) -> None:
    assert not is_language_tag(tag)


@pytest.mark.parametrize("code", ["en", "eng", "deu", "ger", "qaa", "mul", "zh-Hant"])
def test_codes(code: str) -> None:
    assert is_language_code(code)


@pytest.mark.parametrize("code", ["", "e", "English", "ENG", "Eng", "engl", "en_GB"])
def test_no_codes(code: str) -> None:
    assert not is_language_code(code)


@pytest.mark.parametrize(
    ("code", "authority"),
    [
        ("eng", "iso639-2b"),
        ("ger", "iso639-2b"),
        ("gem", "iso639-2b"),
        ("qab", "iso639-2b"),
        ("zxx", "iso639-2b"),
        ("deu", "iso639-3"),
        ("cmn", "iso639-3"),
        ("en", "rfc5646"),
        ("zh-Hant", "rfc5646"),
    ],
)
def test_the_list_that_a_code_is_from(code: str, authority: str) -> None:
    assert authority_of(code) == authority
