"""Every XML rule fires on its fixtures, at the right place, and not on the near misses."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from muniment.metadata.xml_formats import MODS
from muniment.metadata.xml_parsing import parse_xml
from muniment.metadata.xml_validation import validate_xml
from muniment.metadata.xml_wrappers import judge_wrapper
from muniment.model.findings import Finding, JsonValue, Location
from muniment.model.rules import RULES
from muniment.model.rules import xml as rules

FIXTURES = Path(__file__).parents[1] / "rules"
FAMILY = sorted(rule_id for rule_id in RULES if rule_id.startswith("XML-"))

# Some faults cannot be had alone: an entity needs a document type to be declared in.
COMPANIONS = {
    "XML-014": {"XML-010"},
    "XML-015": {"XML-010"},
    "XML-039": {"XML-012"},
    "XML-154": {"REC-102"},  # there is no other record in the file
}

# Rules without a fixture, each with the test that fires it instead.
WITHOUT_FIXTURE = {
    "XML-199": "stands for what has no rule: see test_a_fault_without_a_rule_is_still_an_error",
}


def fixture(rule_id: str, name: str) -> bytes:
    path = FIXTURES / rule_id / name
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def fixtures(kind: str) -> list[tuple[str, str]]:
    found = [
        (rule_id, path.name)
        for rule_id in FAMILY
        for path in sorted((FIXTURES / rule_id).glob(f"{kind}*"))
    ]
    assert found
    return found


def found_in(rule_id: str, name: str) -> tuple[Finding, ...]:
    """What is found in a fixture; of records in an envelope, in that and in them."""
    data = fixture(rule_id, name)
    wrapper = judge_wrapper(parse_xml(data, name), name)
    return validate_xml(data, name) if wrapper is None else tuple(wrapper.findings)


@pytest.mark.parametrize("rule_id", [r for r in FAMILY if r not in WITHOUT_FIXTURE])
def test_every_rule_has_a_firing_fixture_and_a_near_miss(rule_id: str) -> None:
    assert list((FIXTURES / rule_id).glob("fires*"))
    assert list((FIXTURES / rule_id).glob("near-miss*"))


@pytest.mark.parametrize(("rule_id", "name"), fixtures("fires"))
def test_fires(rule_id: str, name: str) -> None:
    found = {finding.rule.id for finding in found_in(rule_id, name)}
    assert found == {rule_id} | COMPANIONS.get(rule_id, set())


@pytest.mark.parametrize(("rule_id", "name"), fixtures("near-miss"))
def test_near_miss(rule_id: str, name: str) -> None:
    found = {finding.rule.id for finding in found_in(rule_id, name)}
    assert found <= COMPANIONS.get(rule_id, set())


KINDS = ["intellectualEntity", "representation", "file", "bitstream"]
PLACES = [
    # rule, fixture, line, column, XPath, what the evidence must hold
    ("XML-001", "fires.xml", None, None, None, {"bytes": 0}),
    ("XML-002", "fires-text.xml", 1, 1, None, {"actual": "Letter to the harbour master"}),
    ("XML-003", "fires.xml", 4, 24, None, {"actual": "EE", "encoding": "UTF-8", "lines": [4]}),
    ("XML-003", "fires-undeclared.xml", 2, 10, None, {"places": 2, "lines": [2, 3]}),
    ("XML-004", "fires.xml", 1, 1, None, {"expected": "UTF-16LE", "actual": "UTF-8"}),
    ("XML-004", "fires-wide.xml", 1, 1, None, {"expected": "UTF-8", "actual": "UTF-16"}),
    ("XML-005", "fires.xml", 1, 1, None, {"actual": "UFT-8"}),
    ("XML-006", "fires.xml", 1, 1, None, {"expected": "UTF-8", "actual": "ISO-8859-1"}),
    ("XML-007", "fires-nul.xml", 3, 13, None, {}),
    ("XML-010", "fires.xml", 2, None, None, {"names": "mods.dtd"}),
    ("XML-011", "fires.xml", 3, 20, None, {"actual": "<note>caf&eacute;</note>"}),
    ("XML-012", "fires.xml", 3, 16, None, {"actual": "<note>bread & butter</note>"}),
    ("XML-013", "fires.xml", 3, 41, None, {}),
    ("XML-014", "fires.xml", 5, None, None, {"actual": "&secret;"}),
    ("XML-015", "fires.xml", 2, None, None, {}),
    ("XML-020", "fires.xml", 4, 48, None, {}),
    ("XML-021", "fires.xml", 4, 26, None, {"actual": "<title>Letter to the"}),
    ("XML-022", "fires.xml", 7, 1, None, {}),
    ("XML-023", "fires.xml", 3, 12, None, {"actual": "<note>x < 3</note>"}),
    ("XML-024", "fires.xml", 3, 26, None, {}),
    ("XML-025", "fires.xml", 3, 14, None, {}),
    ("XML-026", "fires.xml", 2, 6, None, {}),
    ("XML-029", "fires.xml", 3, 9, None, {}),
    ("XML-030", "fires.xml.gz", None, None, None, {"limit": 100 * 2**20}),
    ("XML-031", "fires.xml", 4, 3330, None, {}),
    ("XML-032", "fires.xml.gz", 3, 10_003_906, None, {}),
    ("XML-101", "fires.xml", 2, 1, "/record", {"actual": "record"}),
    ("XML-102", "fires.xml", 2, 1, "/mods", {"expected": MODS, "actual": None}),
    ("XML-103", "fires.xml", 2, 1, "/mods:mods/@xsi:schemaLocation", {"actual": "3.9"}),
    ("XML-104", "fires.xml", 2, 1, "/mods:mods/@version", {"expected": "3.5", "actual": "3.7"}),
    (
        "XML-110",
        "fires.xml",
        5,
        7,
        "/mods:mods/mods:name/mods:role/mods:toleTerm",
        {"actual": "toleTerm", "nearest": "roleTerm", "expected": ["roleTerm"]},
    ),
    ("XML-111", "fires.xml", 3, 3, "/mods:mods/mods:title", {"expected": ["titleInfo", "detail"]}),
    (
        "XML-112",
        "fires.xml",
        5,
        5,
        "/mods:mods/mods:location/mods:physicalLocation",
        {"actual": ["url", "physicalLocation"]},
    ),
    ("XML-113", "fires.xml", 6, 7, "/mods:mods/mods:part/mods:extent/mods:start[2]", {"actual": 2}),
    ("XML-114", "fires.xml", 6, 3, "/mods:mods/mods:originInfo", {"actual": []}),
    (
        "XML-115",
        "fires.xml",
        4,
        5,
        "/mods:mods/mods:name/mods:nameIdentifier",
        {"expected": "3.5", "actual": ["3.6", "3.7", "3.8"]},
    ),
    ("XML-116", "fires.xml", 3, 3, "/mods:mods/titleInfo", {"expected": MODS, "actual": None}),
    ("XML-117", "fires.xml", 6, 3, "/mods:mods/mods:language", {"actual": "eng"}),
    ("XML-118", "fires.xml", 3, 11, "/mods:mods/mods:note/mods:i", {"actual": ["i"]}),
    ("XML-120", "fires.xml", 3, 3, "/mods:mods/mods:note/@typ", {"nearest": "type"}),
    (
        "XML-120",
        "fires-namespace.xml",
        3,
        3,
        "/mods:mods/mods:note/@href",
        {"nearest": "xlink:href"},
    ),
    (
        "XML-121",
        "fires.xml",
        4,
        5,
        "/mods:mods/mods:originInfo/mods:dateIssued/@calendar",
        {"expected": "3.6", "actual": ["3.7", "3.8"]},
    ),
    (
        "XML-130",
        "fires.xml",
        3,
        3,
        "/mods:mods/mods:name/@type",
        {
            "actual": "Personal",
            "nearest": "personal",
            "expected": ["personal", "corporate", "conference", "family"],
        },
    ),
    ("XML-134", "fires-no.xml", 3, 3, "/mods:mods/mods:titleInfo/@supplied", {"expected": "yes"}),
    ("XML-131", "fires.xml", 3, 3, "/mods:mods/mods:part/@order", {"actual": "first"}),
    ("XML-132", "fires.xml", 3, 3, "/mods:mods/mods:note/@ID", {"actual": "2024-1"}),
    ("XML-133", "fires.xml", 4, 3, "/mods:mods/mods:note[2]/@ID", {"actual": "n1"}),
    ("XML-134", "fires.xml", 3, 3, "/mods:mods/mods:note/@xlink:type", {"expected": "simple"}),
    ("XML-140", "fires.xml", 3, 3, "/mods:mods/mods:note/@xsi:nil", {"actual": "true"}),
    ("XML-141", "fires.xml", 3, 3, "/mods:mods/mods:note/@xsi:type", {"actual": "remark"}),
    ("XML-122", "fires.xml", 3, 3, "/dublin_core/dcvalue", {"expected": "element"}),
    ("XML-143", "fires.xml", 3, 3, "/metadata/dc:any", {}),
    ("XML-144", "fires.xml", 3, 3, "/premis:premis/premis:object", {"expected": KINDS}),
    ("XML-142", "fires.xml", 3, 3, "/mods:mods/mods:note/@xsi:type", {"actual": "dateDefinition"}),
]


@pytest.mark.parametrize(("rule_id", "name", "line", "column", "xpath", "evidence"), PLACES)
def test_the_place_and_the_evidence(
    rule_id: str,
    name: str,
    line: int | None,
    column: int | None,
    xpath: str | None,
    evidence: dict[str, JsonValue],
) -> None:
    [finding] = [f for f in validate_xml(fixture(rule_id, name), name) if f.rule.id == rule_id]
    assert finding.location == Location(path=name, line=line, column=column, xpath=xpath)
    assert {key: finding.evidence[key] for key in evidence} == evidence


def is_of_schema(rule_id: str) -> bool:
    """Whether libxml2 finds what breaks the rule; envelopes are judged without it."""
    return "XML-104" < rule_id < "XML-150"


def test_every_finding_of_libxml2_keeps_its_words() -> None:
    for rule_id, name in fixtures("fires"):
        for finding in found_in(rule_id, name):
            if is_of_schema(rule_id) and finding.rule is not rules.LIST_CUT_SHORT:
                assert finding.evidence["original"], (rule_id, name)


def test_no_message_speaks_in_braces() -> None:
    for rule_id, name in fixtures("fires"):
        for finding in found_in(rule_id, name):
            assert "}" not in finding.message.replace('{"title"', ""), (rule_id, name)
