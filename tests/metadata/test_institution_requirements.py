"""An institution's requirements: their file, what they find, and how they weigh."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from muniment.metadata.json_schema import departures
from muniment.metadata.requirements import Level, Requirements
from muniment.metadata.requirements_reading import (
    SCHEMA_FILE,
    SHIPPED,
    read_requirements,
    requirements_from,
)
from muniment.model.errors import UsageError
from muniment.model.findings import Finding, JsonValue, Severity
from muniment.model.rules import RULES
from muniment.workflow.validating import validate, validate_file

FIXTURES = Path(__file__).parents[1] / "rules"
FIRES = sorted(FIXTURES.glob("REQ-*/fires*"))
NEAR_MISSES = sorted(FIXTURES.glob("REQ-*/near-miss*"))


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _findings(path: Path) -> tuple[Finding, ...]:
    requirements = requirements_from(str(path.parent / "requirements.yaml"))
    return validate_file(path, requirements).findings


@pytest.mark.parametrize("path", FIRES, ids=_name)
def test_what_falls_short_fires_its_rule_and_no_other(path: Path) -> None:
    assert [finding.rule.id for finding in _findings(path)] == [path.parent.name]


@pytest.mark.parametrize("path", NEAR_MISSES, ids=_name)
def test_what_meets_the_requirements_is_silent(path: Path) -> None:
    assert [finding.message for finding in _findings(path)] == []


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.startswith("REQ-")])
def test_every_rule_has_a_fixture_that_fires_and_one_that_does_not(rule: str) -> None:
    assert any(path.parent.name == rule for path in FIRES)
    assert any(path.parent.name == rule for path in NEAR_MISSES)


@pytest.mark.parametrize(
    ("fixture", "line", "place", "message"),
    [
        (
            "REQ-101/fires-mods.xml",
            2,
            "/mods:mods",
            "there is no creator, which is required (The parish archive)",
        ),
        (
            "REQ-103/fires.yaml",
            2,
            "/note",
            'note "Damp." stands, which may not (The parish archive: notes are elsewhere)',
        ),
        (
            "REQ-105/fires.yaml",
            2,
            "/identifier/value",
            'identifier is "P-42", which has not the form that is asked for; write it like P-0042',
        ),
    ],
)
def test_a_finding_says_where_what_and_who_asks(
    fixture: str, line: int, place: str, message: str
) -> None:
    finding = _findings(FIXTURES / fixture)[0]
    location = finding.location
    assert (location.line, location.xpath or location.pointer) == (line, place)
    assert finding.message.startswith(message)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_examples_can_be_read(name: str) -> None:
    requirements = requirements_from(name)
    assert requirements.title
    assert any(each.level is Level.REQUIRED for each in requirements.requirements)


def test_toml_and_json_say_the_same_as_yaml() -> None:
    toml = (
        'title = "A"\n[[requirements]]\nproperty = "date"\nlevel = "required"\n'
        'encoding = ["edtf"]\n[severities]\nMET-183 = "info"\n'
    )
    yaml = (
        "title: A\nrequirements:\n  - {property: date, level: required, encoding: [edtf]}\n"
        "severities: {MET-183: info}\n"
    )
    values = {
        "title": "A",
        "requirements": [{"property": "date", "level": "required", "encoding": "edtf"}],
        "severities": {"MET-183": "info"},
    }
    one = read_requirements(toml.encode(), "a.toml")
    assert one == read_requirements(yaml.encode(), "a.yaml")
    assert one == read_requirements(json.dumps(values).encode(), "a.json")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("requirements: []", ["a.yaml:1:1: the record has no title"]),
        ("title: A\nrequirments: []", ["a.yaml:2:1: requirments is no property"]),
        (
            "title: A\nrequirements:\n  - property: titel",
            ["a.yaml:3: titel is no property; did you mean title?"],
        ),
        (
            "title: A\nrequirements:\n  - property: title\n    level: must",
            ['a.yaml:4:12: requirements 1: level is "must", which is not in its vocabulary'],
        ),
        (
            "title: A\nrequirements:\n  - property: title\n    pattern: '('",
            ["a.yaml:4: the pattern is no regular expression: "],
        ),
        (
            "title: A\nrequirements:\n  - {property: title, pattern: a, example: b}",
            ["a.yaml:3: the example does not match a"],
        ),
        (
            "title: A\nrequirements:\n  - {property: title, at-least: 3, at-most: 2}",
            ["a.yaml:3: at-most 2 is less than at-least 3"],
        ),
        (
            "title: A\nseverities: {MET-999: info, XML-101: info}",
            ["a.yaml:2: MET-999 is no rule of meaning", "a.yaml:2: XML-101 is no rule of meaning"],
        ),
        ("title: [A\n", ["a.yaml:"]),
        ("", ["a.yaml"]),
    ],
)
def test_every_fault_of_the_file_is_told_with_its_line(text: str, told: list[str]) -> None:
    with pytest.raises(UsageError) as fault:
        read_requirements(text.encode(), "a.yaml")
    lines = str(fault.value).split("\n")
    assert len(lines) >= len(told)
    for line, wanted in zip(lines, told, strict=False):
        assert line.startswith(wanted)


@pytest.mark.parametrize(
    ("given", "told"),
    [("depositt", 'did you mean "deposit"?'), ("none.yaml", "shipped are deposit, aggregator")],
)
def test_a_file_that_is_not_there_is_told(given: str, told: str) -> None:
    with pytest.raises(UsageError, match="there is no requirements file") as fault:
        requirements_from(given)
    assert told in str(fault.value)


def test_the_schema_refuses_what_no_requirement_may_have() -> None:
    asked: JsonValue = {"property": "title", "at-most": 0}
    values: dict[str, JsonValue] = {"title": "A", "requirements": [asked]}
    assert [each.path for each in departures(values, SCHEMA_FILE)] == [
        ("requirements", 0, "at-most")
    ]


def _weighed(text: str, record: str, tmp_path: Path) -> list[tuple[str, Severity]]:
    path = tmp_path / "record.yaml"
    path.write_text(record)
    requirements = read_requirements(text.encode(), "a.yaml")
    return [(f.rule.id, f.severity) for f in validate_file(path, requirements).findings]


def test_rules_weigh_what_the_institution_says(tmp_path: Path) -> None:
    text = "title: A\nseverities: {MET-182: error, MET-183: info}\n"
    record = "title: A\nabstract: TBD\nsubject: [Bells, Bells]\n"
    assert _weighed(text, record, tmp_path) == [
        ("MET-182", Severity.ERROR),
        ("MET-183", Severity.INFO),
    ]


def test_one_requirement_may_weigh_otherwise(tmp_path: Path) -> None:
    text = (
        "title: A\nrequirements:\n  - {property: date, level: required, severity: info}\n"
        "  - {property: creator, level: required}\n"
    )
    assert _weighed(text, "title: A\n", tmp_path) == [
        ("REQ-101", Severity.INFO),
        ("REQ-101", Severity.ERROR),
    ]


def test_a_collection_asks_of_its_own_only(tmp_path: Path) -> None:
    text = (
        "title: A\ncollections:\n  - title: Letters\n"
        "    when: {property: genre, values: letters}\n"
        "    requirements: [{property: creator, level: required}]\n"
    )
    assert _weighed(text, "title: A\ngenre: maps\n", tmp_path) == []
    letter = _weighed(text, "title: A\ngenre: letters\n", tmp_path)
    assert letter == [("REQ-101", Severity.ERROR)]


def test_narrower_properties_fulfil_the_wider_ones(tmp_path: Path) -> None:
    text = (
        "title: A\nrequirements:\n  - {property: date, level: required}\n"
        "  - {property: rights, level: required}\n  - {property: coverage, level: required}\n"
    )
    record = 'title: A\nissued: "1952"\nlicense: CC0\nspatial: Korea\n'
    assert _weighed(text, record, tmp_path) == []


def test_a_placeholder_does_not_fulfil_a_requirement(tmp_path: Path) -> None:
    text = "title: A\nrequirements:\n  - {property: abstract, level: required}\n"
    rules = [rule for rule, _ in _weighed(text, "title: A\nabstract: TBD\n", tmp_path)]
    assert rules == ["MET-182", "REQ-101"]


def test_the_house_names_its_requirements(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "house.yaml").write_text(
        "title: A\nrequirements: [{property: creator, level: required}]\n"
    )
    (tmp_path / "muniment.toml").write_text('requirements = "house.yaml"\n')
    (tmp_path / "record.yaml").write_text("title: A\n")
    monkeypatch.chdir(tmp_path)
    report = validate([Path("record.yaml")])
    subject = report.subjects[0]
    assert [finding.rule.id for finding in subject.findings] == ["REQ-101"]
    assert subject.checks_run == ("schema", "semantics", "requirements")


def test_requirements_are_values() -> None:
    assert requirements_from("deposit") == requirements_from("deposit")
    assert isinstance(requirements_from("deposit"), Requirements)
