"""A report as SARIF 2.1.0 (OASIS), which code hosts and editors show beside the files.

Severity info is SARIF's level `note`. A check that was asked for and not completed becomes a
notification of the run, whose `executionSuccessful` is then false: no result means "none found"
only where the run was completed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from urllib.parse import quote

import muniment
from muniment.model.findings import Finding, JsonValue, Report, Rule, Severity, SubjectReport
from muniment.render.escaping import well_formed
from muniment.render.shape import Data, plain
from muniment.render.streaming import INDENTED

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
# Subjects of these kinds hold files: a finding's path is relative to them.
_HOLDING_FILES = frozenset({"bag"})


def render(report: Report) -> Iterator[str]:
    """One SARIF log with one run, in pieces, with a line end after it."""
    rules = {each.rule.id: each.rule for one in report.subjects for each in one.findings}
    indices = {rule_id: index for index, rule_id in enumerate(rules)}
    run: Data = {
        "tool": {"driver": _driver(list(rules.values()))},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report)],
    }
    results = (
        [INDENTED.value(_result(each, one, indices), 4)]
        for one in report.subjects
        for each in one.findings
    )
    log: Data = {"$schema": _SCHEMA, "version": "2.1.0"}
    yield from INDENTED.holding(log, "runs", [INDENTED.holding(run, "results", results, level=2)])
    yield "\n"


def _driver(rules: list[Rule]) -> Data:
    return {
        "name": "muniment",
        "version": muniment.__version__,
        "rules": [_rule(rule) for rule in rules],
    }


def _rule(rule: Rule) -> Data:
    described: Data = {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.hint},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }
    return described if rule.spec is None else described | {"helpUri": rule.spec.url}


def _invocation(report: Report) -> Data:
    notifications: list[JsonValue] = [
        {
            "level": "error",
            "message": {"text": well_formed(f"{skipped.check} not completed: {skipped.reason}")},
            "locations": [{"physicalLocation": {"artifactLocation": _artifact(one.subject)}}],
        }
        for one in report.subjects
        for skipped in one.checks_skipped
        if skipped.asked
    ]
    return {
        "executionSuccessful": not notifications,
        "toolExecutionNotifications": notifications,
    }


def _result(finding: Finding, one: SubjectReport, indices: dict[str, int]) -> Data:
    return {
        "ruleId": finding.rule.id,
        "ruleIndex": indices[finding.rule.id],
        "level": _LEVELS[finding.severity],
        "message": {"text": well_formed(finding.message)},
        "locations": [_location(finding, one)],
        "properties": {
            "subject": well_formed(one.subject),
            "evidence": plain(finding.evidence),
        },
    }


def _location(finding: Finding, one: SubjectReport) -> Data:
    path = finding.location.path
    within = one.kind in _HOLDING_FILES and path is not None
    whole = f"{one.subject}/{path}" if within else path or one.subject
    physical: Data = {"artifactLocation": _artifact(whole)} | _region(finding)
    return {"physicalLocation": physical} | _logical(finding)


def _artifact(path: str) -> Data:
    return {"uri": _uri(path)}


def _uri(path: str) -> str:
    """A path as a URI reference, byte for byte (RFC 3986 section 2.5); relative stays relative."""
    if "://" in path:
        return quote(_bytes(path), safe="/:%?&=@+,;~")
    pure = PurePath(path)
    if not pure.is_absolute():
        return quote(_bytes(pure.as_posix()), safe="/")
    return "file://" + quote(_bytes("/" + pure.as_posix().lstrip("/")), safe="/:")


def _bytes(path: str) -> bytes:
    try:
        return path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return well_formed(path).encode()


def _region(finding: Finding) -> Data:
    place = finding.location
    if place.line is None:
        return {}
    region: Data = {"startLine": place.line}
    return {"region": region if place.column is None else region | {"startColumn": place.column}}


def _logical(finding: Finding) -> Data:
    """Places that are no lines: an XPath, a JSON pointer, a cell of a sheet."""
    place = finding.location
    row = None if place.row is None else f"row {place.row}"
    cell = ", ".join(part for part in (place.sheet, row, place.heading) if part)
    names = [name for name in (place.xpath, place.pointer, cell) if name]
    if not names:
        return {}
    return {"logicalLocations": [{"fullyQualifiedName": well_formed(name)} for name in names]}
