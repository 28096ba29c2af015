"""Each fixture of a REC rule holds one defect: it fires that rule and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.metadata.reading import read_record

FIXTURES = Path(__file__).parents[1] / "rules"
FIRES = sorted(FIXTURES.glob("REC-*/fires*"))
NEAR_MISSES = sorted(FIXTURES.glob("REC-*/near-miss*"))


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _rules(path: Path) -> set[str]:
    reading = read_record(path.read_bytes(), path.name)
    return {finding.rule.id for finding in reading.findings}


@pytest.mark.parametrize("path", FIRES, ids=_name)
def test_a_defect_fires_its_rule_and_no_other(path: Path) -> None:
    assert _rules(path) == {path.parent.name}


@pytest.mark.parametrize("path", NEAR_MISSES, ids=_name)
def test_a_near_miss_is_silent(path: Path) -> None:
    assert _rules(path) == set()


@pytest.mark.parametrize(
    ("fixture", "line", "column", "pointer"),
    [
        ("REC-101/fires.yaml", 1, 23, None),
        ("REC-103/fires-quote.yaml", 1, 8, "/title"),
        ("REC-104/fires.json", 2, 35, None),
        ("REC-105/fires.yaml", 2, 1, "/title"),
        ("REC-106/fires.yaml", 2, 1, None),
        ("REC-107/fires-alias.yaml", 2, 15, "/note/1"),
        ("REC-108/fires.yaml", 1, 8, "/title"),
        ("REC-109/fires.json", 2, 44, "/creator/value"),
        ("REC-110/fires.json", 1, 75, "/note" + "/0" * 31),
        ("REC-113/fires.yaml", 2, 1, None),
        ("REC-201/fires-inner.yaml", 3, 3, "/title/suplied"),
        ("REC-202/fires-inner.yaml", 3, 3, "/creator"),
        ("REC-203/fires-boolean.yaml", 3, 13, "/title/supplied"),
        ("REC-204/fires.yaml", 2, 1, "/subject"),
        ("REC-204/fires-blank.yaml", 4, 5, "/subject/1"),
        ("REC-205/fires-role.yaml", 2, 33, "/creator/role"),
        ("REC-206/fires-span.yaml", 3, 10, "/created/value"),
        ("REC-207/fires.yaml", 2, 15, "/rights/uri"),
        ("REC-208/fires-tag.yaml", 1, 45, "/title/lang"),
        ("REC-209/fires-script.yaml", 2, 32, "/language/script"),
        ("REC-210/fires-escaped.json", 1, 44, "/note"),
        ("REC-211/fires.json", 1, 57, "/subject/1"),
    ],
)
def test_a_finding_says_where(fixture: str, line: int, column: int, pointer: str | None) -> None:
    path = FIXTURES / fixture
    place = read_record(path.read_bytes(), path.name).findings[0].location
    assert (place.path, place.line, place.column, place.pointer) == (
        path.name,
        line,
        column,
        pointer,
    )
