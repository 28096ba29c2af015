"""Our JSON reader knows places; in everything else it agrees with the one of Python."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.metadata.json_source import parse_json
from muniment.metadata.nodes import ObjectNode, ScalarNode, at, plain

_KEYS = st.text(min_size=1, max_size=5)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=20,
)


def _clean(value: object) -> bool:
    """Whether there is nothing in it that XML cannot hold."""
    text = json.dumps(value, ensure_ascii=False)
    escapes = ("\\u0000", "\\u001", "\\u000", "\\b", "\\f", "\ufffe", "\uffff")
    return not any(part in text for part in escapes) and not any(
        0xD800 <= ord(character) < 0xE000 for character in text
    )


@given(_JSON.filter(_clean), st.sampled_from([None, 1, "\t"]), st.booleans())
def test_it_reads_what_python_writes(
    value: object,
    indent: int | str | None,
    ascii_only: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    parsed = parse_json(text, "r.json")
    assert parsed.findings == ()
    assert parsed.root is not None
    assert plain(parsed.root) == value


_PIECES = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"a"',
    '"',
    "1",
    "-",
    "01",
    "1.",
    "tru",
    "true",
    "null",
    " ",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=8).map("".join))
def test_it_refuses_what_python_refuses(text: str) -> None:
    def is_refused() -> bool:
        try:
            json.loads(text)
        except json.JSONDecodeError:
            return True
        return False

    rules = {finding.rule.id for finding in parse_json(text, "r.json").findings}
    assert ("REC-104" in rules) == is_refused()


def test_every_value_has_its_place() -> None:
    text = '{\r\n  "title": "a",\r  "subject": ["b",\n   {"value": "c"}]\n}'
    root = parse_json(text, "r.json").root
    assert isinstance(root, ObjectNode)
    places = {
        path: (at(root, path).line, at(root, path).column)
        for path in [("title",), ("subject",), ("subject", 0), ("subject", 1, "value")]
    }
    assert places == {
        ("title",): (2, 12),
        ("subject",): (3, 14),
        ("subject", 0): (3, 15),
        ("subject", 1, "value"): (4, 14),
    }


def test_a_pair_of_surrogates_is_one_character() -> None:
    node = parse_json('"\\ud83d\\udce7"', "r.json").root
    assert isinstance(node, ScalarNode)
    assert node.value == "\U0001f4e7"


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ('{"a": 1\n "b": 2}', 2, 2, "a comma or `}` is missing before this place"),
        ('{"a": 1,\n}', 1, 8, "no value follows this comma; take the comma out"),
        ("[1,\n2", 2, 2, "the file ends before its `]`"),
        ('{"a" 1}', 1, 6, "a colon is missing after the name of the property"),
        ("{a: 1}", 1, 2, "the name of a property in double quotes should stand here"),
        ('{"a": nan}', 1, 7, "`nan` is no JSON value"),
        ('{"a": Infinity}', 1, 7, "`Infinity` is no JSON value"),
        ("[1] 2", 1, 5, "something follows the end of the record"),
    ],
)
def test_a_fault_of_syntax_is_named_at_its_place(
    text: str, line: int, column: int, message: str
) -> None:
    (finding,) = parse_json(text, "r.json").findings
    assert finding.rule.id == "REC-104"
    assert (finding.location.line, finding.location.column) == (line, column)
    assert finding.message == message
