from __future__ import annotations

import copy
import json
import math
from collections.abc import Iterator
from typing import Any

import pytest
from handmade import (
    BAD,
    GOOD,
    UNREAD,
    assert_conforms,
    bag,
    changed,
    json_of,
    jsonl_of,
    missing,
    mods,
    report_schema,
    verified,
)
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import muniment
from muniment.model.findings import Finding, JsonValue, Location, Report, Severity

ANY_TEXT = st.text(st.characters())
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)


def test_the_shape_is_the_contracts_key_by_key() -> None:
    document = json.loads(json_of(verified(bag("deposits/x", changed()))))
    assert document == {
        "muniment": muniment.__version__,
        "contract": 1,
        "command": "verify",
        "verdict": "fail",
        "summary": {
            "subjects": 1,
            "pass": 0,
            "fail": 1,
            "unverified": 0,
            "findings": {"error": 1, "warning": 0, "info": 0},
        },
        "result": None,
        "subjects": [
            {
                "subject": "deposits/x",
                "kind": "bag",
                "verdict": "fail",
                "state": "valid",
                "checks": {
                    "run": ["structure", "completeness", "fixity"],
                    "skipped": [{"check": "profile", "reason": "none was asked for"}],
                },
                "findings": [
                    {
                        "rule": "BAG-301",
                        "severity": "error",
                        "message": "sha512 is 1f40..., manifest-sha512.txt says 77aa...",
                        "hint": "Bring the file back from another copy, then verify the bag again.",
                        "location": {
                            "path": "data/letter.txt",
                            "line": None,
                            "column": None,
                            "pointer": None,
                            "xpath": None,
                            "sheet": None,
                            "row": None,
                            "heading": None,
                        },
                        "evidence": {"algorithm": "sha512", "expected": "77aa", "actual": "1f40"},
                        "spec": {
                            "document": "RFC 8493",
                            "section": "3",
                            "url": "https://www.rfc-editor.org/rfc/rfc8493#section-3",
                        },
                    }
                ],
            }
        ],
    }
    assert list(document) == [
        "muniment",
        "contract",
        "command",
        "verdict",
        "summary",
        "result",
        "subjects",
    ]


def test_a_rule_without_a_standard_has_no_spec() -> None:
    document = json.loads(json_of(verified(bag("x", missing("data/a")))))
    assert document["subjects"][0]["findings"][0]["spec"] is None


def test_the_summary_counts_verdicts_and_severities() -> None:
    document = json.loads(json_of(verified(GOOD, BAD, UNREAD)))
    assert document["verdict"] == "fail"
    assert document["summary"] == {
        "subjects": 3,
        "pass": 1,
        "fail": 1,
        "unverified": 1,
        "findings": {"error": 3, "warning": 0, "info": 1},
    }


def test_warnings_fail_only_where_they_are_asked_to() -> None:
    report = Report(command="validate", subjects=(mods("a.xml", 3),))
    assert json.loads(json_of(report))["verdict"] == "pass"
    strict = json.loads(json_of(report, fail_on=Severity.WARNING))
    assert (strict["verdict"], strict["subjects"][0]["verdict"]) == ("fail", "fail")


def test_the_same_report_gives_the_same_bytes() -> None:
    assert json_of(verified(GOOD, BAD)) == json_of(verified(GOOD, BAD))


def test_the_pieces_make_what_a_plain_dump_would() -> None:
    for report in (verified(), verified(GOOD), verified(GOOD, BAD, UNREAD)):
        whole = json_of(report)
        assert whole == json.dumps(json.loads(whole), indent=2) + "\n"
        for line in jsonl_of(report).splitlines():
            assert line == json.dumps(json.loads(line))


def test_names_in_other_scripts_stay_readable() -> None:
    assert '"\u4fe1.txt"' in json_of(verified(bag("\u4fe1.txt")))


@pytest.mark.parametrize(
    ("value", "carried"),
    [
        (math.nan, "nan"),
        (-math.inf, "-inf"),
        (1 << 5000, hex(1 << 5000)),
        (1 << 64, 1 << 64),
        (True, True),
        ("\udcff", "\\xff"),
        ({"\udcfe": ["\ud800", None]}, {"\\xfe": ["\\ud800", None]}),
    ],
)
def test_values_that_json_lacks_become_text(value: JsonValue, carried: object) -> None:
    finding = Finding(rule=changed().rule, message="m", evidence={"actual": value})
    document = json.loads(json_of(verified(bag("x", finding))))
    assert document["subjects"][0]["findings"][0]["evidence"] == {"actual": carried}


@given(ANY_TEXT, st.dictionaries(ANY_TEXT, ANY_JSON, max_size=3))
def test_any_report_is_one_strict_document_of_the_schema(
    name: str, data: dict[str, JsonValue]
) -> None:
    finding = Finding(
        rule=changed().rule,
        message=name or "m",
        location=Location(path=name, heading=name, xpath=name, sheet=name, pointer=name),
        evidence=data,
    )
    report = Report(command="history", subjects=(bag(name, finding),), result=data)
    raw = json_of(report).encode("utf-8")
    assert_conforms(json.loads(raw, parse_constant=pytest.fail))
    assert not set(raw) & (set(range(32)) - {10}), "a raw control character"


def test_json_lines_are_the_subjects_and_then_the_summary() -> None:
    report = verified(GOOD, BAD, UNREAD)
    lines = [json.loads(line) for line in jsonl_of(report).splitlines()]
    document = json.loads(json_of(report))
    assert lines[:-1] == document.pop("subjects")
    assert lines[-1] == document


def test_a_thousand_subjects_are_a_thousand_lines_and_one() -> None:
    report = verified(*(bag(f"deposits/\u2028\x85\n{number}", changed()) for number in range(1000)))
    lines = jsonl_of(report).splitlines()
    assert len(lines) == 1001
    for line in (lines[0], lines[999], lines[1000]):
        assert_conforms(json.loads(line), "line")
    assert json.loads(lines[1000])["summary"]["fail"] == 1000


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(report_schema())


def objects_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401
    if isinstance(value, dict):
        yield path
        for key, member in value.items():
            yield from objects_in(member, (*path, key))
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from objects_in(member, (*path, index))


def at(value: Any, path: tuple[Any, ...]) -> Any:  # noqa: ANN401
    for step in path:
        value = value[step]
    return value


PACKAGED: dict[str, JsonValue] = {
    "bag": "deposits/x",
    "name": "x",
    "payload": {"files": 1, "octets": 2265},
    "tag_manifests": [{"path": "tagmanifest-md5.txt", "algorithm": "md5", "digest": "00ff"}],
}
PACKAGE = Report(command="package", subjects=(bag("x", changed()),), result=PACKAGED)
DOCUMENT = json.loads(json_of(PACKAGE))
CLOSED = [path for path in objects_in(DOCUMENT) if path[-1:] != ("evidence",)]


@pytest.mark.parametrize("path", CLOSED, ids=str)
def test_the_schema_is_closed_and_asks_for_every_key(path: tuple[Any, ...]) -> None:
    validator = Draft202012Validator(report_schema())
    assert validator.is_valid(DOCUMENT)
    more = copy.deepcopy(DOCUMENT)
    at(more, path)["surplus"] = 1
    assert not validator.is_valid(more)
    for key in at(DOCUMENT, path):
        less = copy.deepcopy(DOCUMENT)
        del at(less, path)[key]
        assert not validator.is_valid(less), key


@pytest.mark.parametrize("command", ["validate", "verify"])
def test_a_command_that_makes_nothing_has_no_result(command: str) -> None:
    validator = Draft202012Validator(report_schema())
    assert validator.is_valid({**DOCUMENT, "command": command, "result": None})
    assert not validator.is_valid({**DOCUMENT, "command": command})
