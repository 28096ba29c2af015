"""What a description means, judged: semantic rules, and the requirements of an institution."""

from __future__ import annotations

from collections.abc import Iterable

from muniment.metadata.nodes import ObjectNode
from muniment.metadata.record_statements import record_description
from muniment.metadata.requirements import Requirements
from muniment.metadata.requirements_judging import CHECK as REQUIREMENTS
from muniment.metadata.requirements_judging import requirement_findings, weighed
from muniment.metadata.semantics import CHECK as SEMANTICS
from muniment.metadata.semantics import semantic_findings
from muniment.metadata.statements import Description
from muniment.model.findings import Finding
from muniment.model.rules.metadata import NO_TITLE

__all__ = ["REQUIREMENTS", "SEMANTICS", "judge_meaning", "meaning_checks", "record_meaning"]


def meaning_checks(requirements: Requirements | None) -> tuple[str, ...]:
    """The names of the checks that `judge_meaning` makes."""
    return (SEMANTICS,) if requirements is None else (SEMANTICS, REQUIREMENTS)


def judge_meaning(
    descriptions: Iterable[Description], requirements: Requirements | None = None
) -> tuple[Finding, ...]:
    """What the semantic rules and the requirements find in descriptions, one after the other."""
    findings: list[Finding] = []
    for description in descriptions:
        found = semantic_findings(description)
        if requirements is not None:
            found = (*found, *requirement_findings(description, requirements))
            found = weighed(found, requirements)
        findings += found
    return tuple(findings)


def record_meaning(
    root: ObjectNode,
    name: str,
    requirements: Requirements | None = None,
    told: Iterable[Finding] = (),
) -> tuple[Finding, ...]:
    """What is found in a parsed record of ours, beyond what was `told` of it already.

    A value that its schema refused is not judged a second time, nor is the title, which the schema
    asks for. The places are those of the nodes.
    """
    refused = {finding.location.pointer for finding in told}
    findings = judge_meaning([record_description(root, name)], requirements)
    return tuple(
        each
        for each in findings
        if each.location.pointer not in refused and each.rule is not NO_TITLE
    )
