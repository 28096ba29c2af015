from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_helpers import assert_conforms, document_of, muniment

RIGHT = "title: Letters of the parish\nidentifier: letters-1\n"
WRONG = "title: Letters of the parish\nsubjects: bells\ncreated: 27 December 1952\n"
NO_XML = '<mods xmlns="http://www.loc.gov/mods/v3"><titleInfo></mods>\n'


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, so that transcripts carry no path of this machine."""
    monkeypatch.chdir(tmp_path)
    Path("right.yaml").write_text(RIGHT, "utf-8")
    Path("wrong.yaml").write_text(WRONG, "utf-8")
    Path("broken.xml").write_text(NO_XML, "utf-8")
    return tmp_path


def test_a_record_that_is_right() -> None:
    result = muniment("validate", "right.yaml")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[0] == "PASS  right.yaml (record)"


def test_all_faults_of_a_record_with_their_lines() -> None:
    result = muniment("validate", "wrong.yaml")
    assert (result.exit_code, result.stderr) == (1, "")
    lines = result.stdout.splitlines()
    assert lines[0] == "FAIL  wrong.yaml (record): 2 errors"
    assert "    wrong.yaml:2:1 (/subjects)" in lines
    assert "    wrong.yaml:3:10 (/created)" in lines
    assert [line.split()[1] for line in lines if line.startswith("  error ")] == [
        "REC-201",
        "REC-206",
    ]


def test_json_gives_the_place_of_each() -> None:
    document = document_of(muniment("validate", "wrong.yaml", "--format", "json"))
    places = [
        (finding["rule"], finding["location"]["line"], finding["location"]["pointer"])
        for finding in document["subjects"][0]["findings"]
    ]
    assert places == [("REC-201", 2, "/subjects"), ("REC-206", 3, "/created")]
    assert document["command"] == "validate"


def test_one_file_that_is_broken_does_not_stop_the_others() -> None:
    result = muniment("validate", "broken.xml", "right.yaml", "--format", "jsonl")
    assert result.exit_code == 1
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    for line in lines:
        assert_conforms(line, "line")
    assert [line["verdict"] for line in lines] == ["fail", "pass", "fail"]
    assert lines[0]["findings"][0]["rule"].startswith("XML-")


def test_sarif_points_to_the_line() -> None:
    log = json.loads(muniment("validate", "wrong.yaml", "--format", "sarif").stdout)
    places = [result["locations"][0]["physicalLocation"] for result in log["runs"][0]["results"]]
    assert places[0] == {
        "artifactLocation": {"uri": "wrong.yaml"},
        "region": {"startLine": 2, "startColumn": 1},
    }


def test_a_file_that_is_not_there_is_unverified() -> None:
    result = muniment("validate", "none.yaml", "right.yaml")
    assert result.exit_code == 3
    assert result.stdout.startswith("UNVERIFIED  none.yaml")


def test_a_warning_fails_where_it_is_asked_to() -> None:
    Path("blank.yaml").write_text('title: "Letters "\n', "utf-8")
    assert muniment("validate", "blank.yaml").exit_code == 0
    assert muniment("validate", "blank.yaml", "--fail-on", "warning").exit_code == 1
