"""One value, one spelling."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.audit.canonical import (
    NotCanonicalError,
    coded_name,
    decode,
    decoded_name,
    encode,
)

TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)
OBJECTS = st.dictionaries(TEXTS, VALUES, max_size=5)


@given(OBJECTS)
def test_what_is_written_is_read_back(value: dict[str, Any]) -> None:
    data = encode(value)
    assert decode(data) == value
    assert encode(decode(data)) == data


@given(OBJECTS)
def test_the_order_in_which_members_came_does_not_matter(value: dict[str, Any]) -> None:
    assert encode(dict(reversed(value.items()))) == encode(value)


@given(OBJECTS, st.data())
def test_a_changed_byte_is_refused_or_is_another_value(
    value: dict[str, Any], data: st.DataObject
) -> None:
    octets = bytearray(encode(value))
    octets[data.draw(st.integers(0, len(octets) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        other = decode(bytes(octets))
    except NotCanonicalError:
        return
    assert json.dumps(other) != json.dumps(value)


@given(OBJECTS, st.integers(0, 3))
def test_another_spelling_of_the_same_is_refused(value: dict[str, Any], way: int) -> None:
    octets = encode(value | {"é": 1})
    spelt = [
        octets + b"\n",
        b" " + octets,
        octets.replace(b":1", b": 1"),
        json.dumps(json.loads(octets), sort_keys=True, separators=(",", ":")).encode(),
    ][way]
    assert json.loads(spelt) == json.loads(octets)
    with pytest.raises(NotCanonicalError):
        decode(spelt)


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":-0}',
        b'{"a":01}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b'{"a":"\\u0041"}',
        b'{"a":"\\/"}',
        b'{"a":"\\ud800"}',
        b'{"a":"\xff"}',
        b'\xef\xbb\xbf{"a":1}',
        '{"a":1}'.encode("utf-16"),
        b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a":' + b"1" * 5000 + b"}",
    ],
)
def test_what_is_not_canonical_is_refused(octets: bytes) -> None:
    with pytest.raises(NotCanonicalError):
        decode(octets)


@pytest.mark.parametrize("value", [{"a": 1.5}, {"a": [{"b": 2.0}]}, {1: "a"}, {"a": float("nan")}])
def test_what_has_no_canonical_form_is_not_written(value: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"fraction|no text"):
        encode(value)


NAMES = st.binary(max_size=20).map(lambda octets: octets.decode("utf-8", "surrogateescape"))


@given(NAMES)
def test_a_name_is_coded_and_decoded(name: str) -> None:
    coded = coded_name(name)
    assert decoded_name(coded) == name
    assert coded.encode("utf-8").decode("utf-8") == coded
    assert not any(ord(character) < 0x20 or character == "\x7f" for character in coded)


def test_names_are_coded_where_they_must_be() -> None:
    assert coded_name("a b/ü.txt") == "a b/ü.txt"
    assert coded_name("a\x00b%\n\udcff") == "a%00b%25%0A%FF"
