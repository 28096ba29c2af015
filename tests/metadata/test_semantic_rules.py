"""Each fixture of a semantic rule holds one defect: it fires that rule, and nothing that weighs."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.model.findings import Finding, Severity
from muniment.model.rules import RULES
from muniment.workflow.validating import validate_file

FIXTURES = Path(__file__).parents[1] / "rules"
FIRES = sorted(FIXTURES.glob("MET-*/fires*"))
NEAR_MISSES = sorted(FIXTURES.glob("MET-*/near-miss*"))
CORPUS = sorted(path for path in (Path(__file__).parent / "corpus").rglob("*") if path.is_file())


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _findings(path: Path) -> tuple[Finding, ...]:
    return validate_file(path).findings


@pytest.mark.parametrize("path", FIRES, ids=_name)
def test_a_defect_fires_its_rule_and_no_other(path: Path) -> None:
    assert {finding.rule.id for finding in _findings(path)} == {path.parent.name}


@pytest.mark.parametrize("path", NEAR_MISSES, ids=_name)
def test_a_near_miss_is_silent(path: Path) -> None:
    assert [finding.message for finding in _findings(path)] == []


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.startswith("MET-")])
def test_every_rule_has_a_fixture_that_fires_and_one_that_does_not(rule: str) -> None:
    assert any(path.parent.name == rule for path in FIRES)
    assert any(path.parent.name == rule for path in NEAR_MISSES)


@pytest.mark.parametrize("path", CORPUS, ids=_name)
def test_good_records_raise_no_alarm(path: Path) -> None:
    report = validate_file(path)
    told = [f.message for f in report.findings if f.severity >= Severity.WARNING]
    assert told == []
    assert report.kind == "premis" or "semantics" in report.checks_run


def test_the_corpus_is_not_empty() -> None:
    assert len(CORPUS) >= 20


@pytest.mark.parametrize(
    ("fixture", "line", "column", "place", "actual", "expected"),
    [
        (
            "MET-101/fires.xml",
            7,
            5,
            "/mods:mods/mods:originInfo/mods:dateIssued",
            "1900-02-29",
            None,
        ),
        (
            "MET-102/fires.xml",
            7,
            5,
            "/mods:mods/mods:originInfo/mods:dateIssued",
            "27 December 1952",
            "1952-12-27",
        ),
        (
            "MET-121/fires.xml",
            7,
            5,
            "/mods:mods/mods:language/mods:languageTerm",
            "egn",
            "eng",
        ),
        (
            "MET-123/fires-script.xml",
            4,
            3,
            "/oai_dc:dc/dc:description/@xml:lang",
            "sr-Latx",
            "sr-Latn",
        ),
        ("MET-141/fires.xml", 9, 7, "/mods:mods/mods:name/mods:role/mods:roleTerm", "auth", "aut"),
        ("MET-161/fires.yaml", 2, 21, "/identifier/value", "M-2306-7118-8", "9790230671187"),
        (
            "MET-171/fires-value.xml",
            6,
            3,
            "/mods:mods/mods:genre/@valueURI",
            "aat/300026909",
            None,
        ),
        (
            "MET-172/fires.xml",
            6,
            3,
            "/mods:mods/mods:accessCondition/@xlink:href",
            "https://rightsstatements.org/page/InC/1.0/?language=en",
            "http://rightsstatements.org/vocab/InC/1.0/",
        ),
        ("MET-183/fires.yaml", 2, 26, "/subject/2", "Bells", None),
        (
            "MET-184/fires.xml",
            6,
            3,
            "/mods:mods/mods:abstract",
            "B\u00c3\u00bccher und Briefe",
            "B\u00fccher und Briefe",
        ),
        ("MET-193/fires.xml", 7, 3, "/mods:mods/mods:note/@IDREF", "sumary", None),
    ],
)
def test_a_finding_says_where_what_and_what_would_be_right(
    fixture: str, line: int, column: int, place: str, actual: str, expected: str | None
) -> None:
    finding = _findings(FIXTURES / fixture)[0]
    location = finding.location
    assert (location.line, location.column) == (line, column)
    assert place in {location.xpath, location.pointer}
    assert finding.evidence["actual"] == actual
    assert str(finding.evidence.get("expected")).split(" ")[0] == str(expected).split(" ")[0]


def test_every_record_of_a_collection_is_judged_by_itself(tmp_path: Path) -> None:
    record = '<mods><titleInfo><title>A</title></titleInfo><abstract ID="{}">B</abstract></mods>'
    last = '<mods><abstract IDREF="a1">TBD</abstract></mods>'
    path = tmp_path / "collection.xml"
    path.write_text(
        '<modsCollection xmlns="http://www.loc.gov/mods/v3">'
        + record.format("a1")
        + record.format("a2")
        + last
        + "</modsCollection>"
    )
    found = [(f.rule.id, f.location.xpath) for f in _findings(path) if f.rule.id[:3] == "MET"]
    root = "/mods:modsCollection/mods:mods[3]"
    assert sorted(found) == [
        ("MET-182", f"{root}/mods:abstract"),
        ("MET-191", root),
    ]


def test_what_a_schema_refuses_is_not_told_twice(tmp_path: Path) -> None:
    path = tmp_path / "record.yaml"
    path.write_text("title: A\ncreated: 1952-02-30\nlanguage: ' eng'\nabstract: n/a\n")
    assert [f.rule.id for f in _findings(path)] == ["REC-206", "REC-211", "MET-182"]


def test_a_record_in_the_wrong_namespace_has_no_false_alarms(tmp_path: Path) -> None:
    path = tmp_path / "record.xml"
    path.write_text("<mods><titleInfo><title>A</title></titleInfo></mods>")
    assert not [f for f in _findings(path) if f.rule.id.startswith("MET-")]
