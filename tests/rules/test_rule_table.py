"""Every rule: its section of a standard, what fires it, what nearly does, its page, its wording."""

from __future__ import annotations

import gzip
import importlib
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner
from fixture_forms import Fixture, Pair

from muniment.cli.root import root
from muniment.model.findings import Finding, Rule
from muniment.model.rules import RULES
from muniment.workflow import validate

HERE = Path(__file__).parent
FAMILIES = frozenset({"SRC", "REC", "XML", "MET", "REQ", "BAG", "PRO", "FET", "DEP", "AUD", "LED"})

# Rules that no standard speaks of, each with what it rests on instead.
WITHOUT_SECTION = {
    "BAG-131": "the standard sets no limit to a line; ours keeps memory flat",
    "BAG-303": "what could not be read is told of the reader, not of the bag",
    "BAG-403": "the standard speaks of files only",
    "BAG-407": "the practice of the Library of Congress's conformance suite",
    "BAG-422": "serialisation stands in the drafts before 1.0 only",
    "BAG-423": "serialisation stands in the drafts before 1.0 only",
    "BAG-424": "serialisation stands in the drafts before 1.0 only",
    "BAG-490": "the verdict of another program",
    "BAG-503": "that an update adds to PREMIS is our own practice",
    "BAG-504": "how an update goes on after an interruption is our own practice",
    "BAG-505": "how an update goes on after an interruption is our own practice",
    "XML-030": "the standard sets no limit to a file; ours keeps memory within bounds",
    "XML-031": "the standard sets no limit to depth; libxml2 does",
    "XML-032": "the standard sets no limit to a text; libxml2 does",
    "XML-039": "how many faults are listed is our own choice",
    "XML-101": "which formats are known is our own choice",
    "XML-103": "which versions are known is our own choice",
    "XML-150": "which envelopes are known is our own choice",
}
# Families whose rules are our own, an institution's or a receiver's: no standard need speak there.
OWN_FAMILIES = frozenset({"SRC", "REC", "MET", "REQ", "PRO", "DEP", "AUD", "LED"})


def _modules() -> Iterable[str]:
    return (path.stem for path in sorted(HERE.glob("*_fixtures.py")))


def _pairs() -> dict[str, Pair]:
    pairs: dict[str, Pair] = {}
    for module in _modules():
        found: dict[str, Pair] = importlib.import_module(module).FIXTURES
        twice = pairs.keys() & found.keys()
        assert not twice, f"{module} has fixtures that another module has: {sorted(twice)}"
        pairs |= found
    return pairs


PAIRS = _pairs()


def _files(rule: str, kind: str) -> list[Path]:
    return sorted((HERE / rule).glob(f"{kind}*"))


def _judged(path: Path, place: Path) -> set[str]:
    """The rules that fire on a fixture: packed ones are unpacked, with their own requirements."""
    requirements = path.parent / "requirements.yaml"
    if path.suffix == ".gz":
        path = _unpacked(path, place)
    report = validate([path], requirements=str(requirements) if requirements.exists() else None)
    return {finding.rule.id for subject in report.subjects for finding in subject.findings}


def _unpacked(path: Path, place: Path) -> Path:
    unpacked = place / path.stem
    with gzip.open(path) as packed, unpacked.open("wb") as target:
        shutil.copyfileobj(packed, target)
    return unpacked


def _ids(findings: Iterable[Finding]) -> set[str]:
    return {finding.rule.id for finding in findings}


def _fixture(rule: str, *, fires: bool) -> Fixture | None:
    pair = PAIRS.get(rule)
    return None if pair is None else (pair.fires if fires else pair.near_miss)


@pytest.mark.parametrize("rule", RULES)
def test_a_fixture_fires_it(rule: str, tmp_path: Path) -> None:
    files, fixture = _files(rule, "fires"), _fixture(rule, fires=True)
    assert files or fixture, f"{rule} has nothing that fires it"
    for path in files:
        assert rule in _judged(path, tmp_path), path.name
    if fixture is not None:
        assert rule in _ids(fixture(tmp_path))


@pytest.mark.parametrize("rule", RULES)
def test_a_near_miss_does_not(rule: str, tmp_path: Path) -> None:
    files, fixture = _files(rule, "near-miss"), _fixture(rule, fires=False)
    assert files or fixture, f"{rule} has no near miss"
    for path in files:
        assert rule not in _judged(path, tmp_path), path.name
    if fixture is not None:
        assert rule not in _ids(fixture(tmp_path))


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_it_names_its_section_or_is_a_known_exception(rule: Rule) -> None:
    family = rule.id.partition("-")[0]
    if rule.spec is None:
        assert rule.id in WITHOUT_SECTION or family in OWN_FAMILIES
    else:
        assert rule.id not in WITHOUT_SECTION, "it has a section now"
        assert rule.spec.document
        assert rule.spec.section
        assert rule.spec.url.startswith("https://")


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_its_words_are_there_and_short(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z]{3}-[0-9]{3}", rule.id)
    assert rule.id[:3] in FAMILIES
    assert 10 <= len(rule.title) <= 80
    assert not rule.title.endswith(".")
    assert 5 <= len(rule.why) <= 200
    assert rule.why.endswith(".")
    assert 5 <= len(rule.hint) <= 260
    assert rule.hint.endswith(".")


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_it_has_a_page(rule: Rule) -> None:
    result = CliRunner().invoke(root, ["rules", rule.id])
    assert result.exit_code == 0
    page = " ".join(result.stdout.split())
    words = (rule.id, rule.title, rule.severity.label, rule.why, rule.hint)
    for said in (*words, rule.spec.section if rule.spec else ""):
        assert " ".join(said.split()) in page


def test_the_list_names_every_rule() -> None:
    result = CliRunner().invoke(root, ["rules"])
    assert [rule for rule in RULES if rule not in result.stdout] == []


def test_no_fixture_is_for_a_rule_that_does_not_exist() -> None:
    folders = {path.name for path in HERE.iterdir() if re.fullmatch(r"[A-Z]{3}-\d+", path.name)}
    assert (folders | PAIRS.keys()) - RULES.keys() == set()
