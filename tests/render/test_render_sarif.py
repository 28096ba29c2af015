from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from handmade import BAD, CHANGED, GOOD, UNREAD, bag, changed, missing, mods, sarif_of, verified
from hypothesis import given
from hypothesis import strategies as st

import muniment
from muniment.model.findings import Finding, Location, Report, SubjectReport


def run_of(report: Report) -> dict[str, Any]:
    log = json.loads(sarif_of(report))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("/sarif-schema-2.1.0.json")
    assert len(log["runs"]) == 1
    run: dict[str, Any] = log["runs"][0]
    return run


def test_the_tool_names_itself_and_the_rules_that_fired() -> None:
    driver = run_of(verified(BAD))["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("muniment", muniment.__version__)
    assert [rule["id"] for rule in driver["rules"]] == ["BAG-301", "BAG-201", "BAG-408"]
    assert driver["rules"][0] == {
        "id": "BAG-301",
        "shortDescription": {"text": CHANGED.title},
        "fullDescription": {"text": CHANGED.why},
        "help": {"text": CHANGED.hint},
        "defaultConfiguration": {"level": "error"},
        "helpUri": "https://www.rfc-editor.org/rfc/rfc8493#section-3",
    }
    assert "helpUri" not in driver["rules"][1]


def test_every_finding_is_a_result_that_points_to_its_rule() -> None:
    run = run_of(verified(BAD, mods("a.xml", 3)))
    rules = run["tool"]["driver"]["rules"]
    assert [result["level"] for result in run["results"]] == [
        "error",
        "error",
        "error",
        "note",
        "warning",
    ]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    assert run["results"][0]["message"] == {
        "text": "sha512 is 1f40..., manifest-sha512.txt says 77aa..."
    }
    assert run["results"][0]["properties"] == {
        "subject": "deposits/bad",
        "evidence": {"algorithm": "sha512", "expected": "77aa", "actual": "1f40"},
    }


def place_of(one: SubjectReport) -> dict[str, Any]:
    locations = run_of(verified(one))["results"][0]["locations"]
    assert len(locations) == 1
    place: dict[str, Any] = locations[0]
    return place


def test_a_file_of_a_bag_is_addressed_through_the_bag() -> None:
    assert place_of(bag("deposits/x", missing("data/a b.txt"))) == {
        "physicalLocation": {"artifactLocation": {"uri": "deposits/x/data/a%20b.txt"}}
    }


def test_a_line_is_a_region_and_a_node_a_logical_place() -> None:
    assert place_of(mods("a.xml", 3)) == {
        "physicalLocation": {"artifactLocation": {"uri": "a.xml"}, "region": {"startLine": 3}},
        "logicalLocations": [{"fullyQualifiedName": "/mods/language"}],
    }


@pytest.mark.parametrize(
    ("subject", "uri"),
    [
        ("/srv/r.yaml", "file:///srv/r.yaml"),
        ("a:b%.yaml", "a%3Ab%25.yaml"),
        ("\udcff\u4fe1", "%FF%E4%BF%A1"),
        ("s3://bucket/r.yaml", "s3://bucket/r.yaml"),
    ],
)
def test_addresses_are_uri_references(subject: str, uri: str) -> None:
    finding = Finding(rule=CHANGED, message="m", location=Location(line=2, column=5))
    place = place_of(SubjectReport(subject=subject, kind="record", findings=(finding,)))
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": uri},
        "region": {"startLine": 2, "startColumn": 5},
    }


def test_a_cell_of_a_sheet_is_a_logical_place() -> None:
    finding = Finding(
        rule=CHANGED, message="m", location=Location(sheet="Items", row=4, heading="Title")
    )
    place = place_of(SubjectReport(subject="s.xlsx", kind="sheet", findings=(finding,)))
    assert place["logicalLocations"] == [{"fullyQualifiedName": "Items, row 4, Title"}]


def test_an_open_check_is_a_notification_and_the_run_no_success() -> None:
    invocation = run_of(verified(GOOD, UNREAD))["invocations"][0]
    assert invocation["executionSuccessful"] is False
    [notification] = invocation["toolExecutionNotifications"]
    assert notification["level"] == "error"
    text = notification["message"]["text"]
    assert text == "fixity not completed: data/c.txt: permission denied"
    assert notification["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "deposits/unread"}
    }


def test_a_clean_run_is_a_success_without_results() -> None:
    run = run_of(verified(GOOD))
    assert run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]
    assert run["results"] == []


@given(st.binary(min_size=1).filter(lambda raw: not set(raw) & set(b"/\x00")))
def test_any_file_name_can_be_read_back_from_its_address(raw: bytes) -> None:
    name = raw.decode("utf-8", "surrogateescape")
    report = verified(bag("deposits", changed(f"data/{name}x")))
    document = sarif_of(report).encode("utf-8")
    place = json.loads(document)["runs"][0]["results"][0]["locations"][0]
    uri = place["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.isascii()
    assert unquote_to_bytes(uri) == b"deposits/data/" + raw + b"x"
