from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.render.escaping import harmless_json, visible, well_formed

ANY_TEXT = st.text(st.characters())


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        ("letter.txt", "letter.txt"),
        ("\u4fe1 \u05d0\u05d1 e\u0301", "\u4fe1 \u05d0\u05d1 e\u0301"),
        ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\x00", "\\x00"),
        ("\x9b31m\x7f", "\\u009b31m\\u007f"),
        ("\u202etxt.exe", "\\u202etxt.exe"),
        ("\u2028", "\\u2028"),
        ("\udcff\udc80", "\\xff\\x80"),
        ("\ud800", "\\ud800"),
        ("\ufeffBagIt", "\\ufeffBagIt"),
    ],
)
def test_a_person_sees_what_stands_there(raw: str, seen: str) -> None:
    assert visible(raw) == seen


@given(ANY_TEXT)
def test_nothing_visible_is_a_control(raw: str) -> None:
    seen = visible(raw)
    assert not {unicodedata.category(character) for character in seen} & {"Cc", "Cs", "Zl", "Zp"}
    assert len(seen.splitlines()) <= 1


@given(ANY_TEXT)
def test_well_formed_text_can_be_encoded_and_is_else_unchanged(raw: str) -> None:
    formed = well_formed(raw)
    formed.encode("utf-8")
    if not any("\ud800" <= character <= "\udfff" for character in raw):
        assert formed == raw


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_harmless_json_means_the_same(raw: str) -> None:
    harmless = harmless_json(json.dumps({"a": raw}, ensure_ascii=False))
    assert json.loads(harmless) == {"a": raw}
    assert not any(character in harmless for character in "\x1b\x7f\x85\x9b\u2028\u202e\ufeff")
    assert len(harmless.splitlines()) == 1
