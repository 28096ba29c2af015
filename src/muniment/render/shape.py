"""A report as plain data, in the shape that schemas/report.schema.json states.

Every form for programs is made from this, so that they cannot disagree. Key order is stable.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import muniment
from muniment.model.findings import (
    Finding,
    JsonValue,
    Location,
    Report,
    Severity,
    SpecRef,
    SubjectReport,
    Verdict,
)
from muniment.render.escaping import well_formed

CONTRACT = 1
# Integers beyond this take Python's decimal conversion minutes, or it refuses.
_LONGEST_DECIMAL_BITS = 4096

Data = dict[str, JsonValue]


def head(report: Report, *, fail_on: Severity) -> Data:
    """Everything but the subjects: the last of JSON lines, and how a document begins."""
    return {
        "muniment": muniment.__version__,
        "contract": CONTRACT,
        "command": report.command,
        "verdict": str(report.verdict(fail_on)),
        "summary": _summary(report, fail_on),
        "result": None if report.result is None else plain(report.result),
    }


def subject(one: SubjectReport, *, fail_on: Severity) -> Data:
    """One subject with its verdict and checks; `findings` is to be added.

    `records` is there only for files that hold several.
    """
    counted: Data = {}
    if one.records is not None:
        counted["records"] = {"total": one.records.total, "faulty": one.records.faulty}
    return counted | {
        "subject": well_formed(one.subject),
        "kind": one.kind,
        "verdict": str(one.verdict(fail_on)),
        "state": None if one.state is None else str(one.state),
        "checks": {
            "run": list(one.checks_run),
            "skipped": [
                {"check": skipped.check, "reason": well_formed(skipped.reason)}
                for skipped in one.checks_skipped
            ],
        },
    }


def plain(value: JsonValue) -> JsonValue:
    """The same value, such that every JSON reader takes it.

    Text is well-formed Unicode; NaN and infinity, which JSON lacks, become text, and so do integers
    of more than about 1,200 digits.
    """
    if isinstance(value, str):
        return well_formed(value)
    if isinstance(value, Mapping):
        return {well_formed(key): plain(member) for key, member in value.items()}
    if isinstance(value, Sequence):
        return [plain(member) for member in value]
    return _number(value)


def _number(value: float | bool | None) -> JsonValue:  # noqa: FBT001 - a JSON value, not a flag
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, int) and value.bit_length() > _LONGEST_DECIMAL_BITS:
        return hex(value)
    return value


def severity_counts(subjects: Sequence[SubjectReport]) -> dict[Severity, int]:
    """How many findings there are of each severity, the gravest first."""
    counted = Counter(each.severity for one in subjects for each in one.findings)
    return {severity: counted[severity] for severity in sorted(Severity, reverse=True)}


def verdict_counts(report: Report, fail_on: Severity) -> dict[Verdict, int]:
    """How many subjects came to each verdict."""
    counted = Counter(one.verdict(fail_on) for one in report.subjects)
    return {verdict: counted[verdict] for verdict in Verdict}


def _summary(report: Report, fail_on: Severity) -> Data:
    verdicts = {str(verdict): n for verdict, n in verdict_counts(report, fail_on).items()}
    findings = {severity.label: n for severity, n in severity_counts(report.subjects).items()}
    return {"subjects": len(report.subjects), **verdicts, "findings": findings}


def finding(each: Finding) -> Data:
    """One finding with its place and evidence."""
    return {
        "rule": each.rule.id,
        "severity": each.severity.label,
        "message": well_formed(each.message),
        "hint": each.rule.hint,
        "location": _location(each.location),
        "evidence": plain(each.evidence),
        "spec": None if each.rule.spec is None else _spec(each.rule.spec),
    }


def _location(location: Location) -> Data:
    return {
        "path": _text(location.path),
        "line": location.line,
        "column": location.column,
        "pointer": _text(location.pointer),
        "xpath": _text(location.xpath),
        "sheet": _text(location.sheet),
        "row": location.row,
        "heading": _text(location.heading),
    }


def _text(value: str | None) -> str | None:
    return None if value is None else well_formed(value)


def _spec(spec: SpecRef) -> Data:
    return {"document": spec.document, "section": spec.section, "url": spec.url}
