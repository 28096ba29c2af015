"""The schema of the record is closed, whole, and says the same as the code beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator
from record_strategy import SCHEMA

from muniment.metadata.record import DateKind, RelationKind, RightsKind, SubjectKind
from muniment.metadata.relators import RELATORS, relator_for

# DCMI Metadata Terms, the properties of the terms namespace as its schema of 2008 has them.
_DCMI_TERMS = """
abstract accessRights accrualMethod accrualPeriodicity accrualPolicy alternative audience available
bibliographicCitation conformsTo contributor coverage created creator date dateAccepted
dateCopyrighted dateSubmitted description educationLevel extent format hasFormat hasPart hasVersion
identifier instructionalMethod isFormatOf isPartOf isReferencedBy isReplacedBy isRequiredBy issued
isVersionOf language license mediator medium modified provenance publisher references relation
replaces requires rights rightsHolder source spatial subject tableOfContents temporal title type
valid
"""
_OURS = "classification digitalOrigin edition genre location note place recordInfo"


def _schemas(part: object) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
        for inner in part.values():
            yield from _schemas(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _schemas(inner)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_every_object_is_closed() -> None:
    objects = [part for part in _schemas(SCHEMA) if "object" in str(part.get("type"))]
    assert len(objects) > 15
    assert [part for part in objects if part.get("additionalProperties") is not False] == []


def test_every_dcmi_term_is_a_property_and_what_else_there_is_comes_from_mods() -> None:
    assert len(_DCMI_TERMS.split()) == 55
    assert sorted(SCHEMA["properties"]) == sorted([*_DCMI_TERMS.split(), *_OURS.split()])


def test_every_property_and_definition_is_described() -> None:
    parts = {**SCHEMA["properties"], **SCHEMA["$defs"]}
    silent = {name for name, part in parts.items() if "description" not in part}
    assert silent <= {"recordInfo"}


def test_every_definition_is_used() -> None:
    used = {part["$ref"].rpartition("/")[2] for part in _schemas(SCHEMA) if "$ref" in part}
    assert used == set(SCHEMA["$defs"])


def test_the_vocabularies_are_those_of_the_code() -> None:
    assert SCHEMA["$defs"]["role"]["enum"] == sorted(RELATORS)
    kinds = set(SCHEMA["$defs"]["subjectType"]["enum"])
    assert kinds == {kind.value for kind in SubjectKind} - {"name"}
    names = set(SCHEMA["properties"])
    for enumeration in (DateKind, RelationKind, RightsKind):
        assert {kind.value for kind in enumeration} <= names


def test_a_role_is_found_by_its_name() -> None:
    assert (relator_for("Addressee"), relator_for(" author ")) == ("rcp", "aut")
    assert relator_for("friend") is None
    assert all(len(code) == 3 and label.strip() == label for code, label in RELATORS.items())
