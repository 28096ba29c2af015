"""Findings brought together: by rule, and what is the same in several places said once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from muniment.model.findings import Finding, Report, Rule, Severity, SubjectReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A finding and the subject it was found in."""

    subject: str
    kind: str
    finding: Finding

    @property
    def sameness(self) -> tuple[str, Severity, str]:
        """Findings that agree in this say the same of different places."""
        return (self.finding.rule.id, self.finding.severity, self.finding.message)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleGroup:
    """All that was found by one rule at one severity; each message with where it applies."""

    rule: Rule
    severity: Severity
    messages: dict[str, list[Found]]


def found_in(one: SubjectReport) -> list[Found]:
    """The findings of one subject, each with the subject's name."""
    return [Found(subject=one.subject, kind=one.kind, finding=finding) for finding in one.findings]


def shared(report: Report) -> list[Found]:
    """The findings that more than one subject has, in the report's order."""
    found = [each for one in report.subjects for each in found_in(one)]
    subjects: dict[tuple[str, Severity, str], set[str]] = {}
    for each in found:
        subjects.setdefault(each.sameness, set()).add(each.subject)
    return [each for each in found if len(subjects[each.sameness]) > 1]


def by_rule(found: Iterable[Found]) -> list[RuleGroup]:
    """Groups, the gravest first, then by rule id; messages and places in the order found."""
    groups: dict[tuple[int, str], RuleGroup] = {}
    for each in found:
        rule, severity = each.finding.rule, each.finding.severity
        group = groups.setdefault(
            (-severity, rule.id), RuleGroup(rule=rule, severity=severity, messages={})
        )
        group.messages.setdefault(each.finding.message, []).append(each)
    return [groups[key] for key in sorted(groups)]


def by_column(found: Iterable[Found]) -> list[list[Found]]:
    """Findings on rows of the same column of the same sheet together; all others by themselves."""
    columns: dict[object, list[Found]] = {}
    for number, each in enumerate(found):
        place = each.finding.location
        own = number if place.row is None else None
        key = (own, each.subject, place.path, place.sheet, place.heading)
        columns.setdefault(key, []).append(each)
    return list(columns.values())


def row_ranges(rows: Sequence[int]) -> str:
    """Row numbers in a few words: `4-9, 12`."""
    ranges: list[tuple[int, int]] = []
    for row in sorted(set(rows)):
        if ranges and ranges[-1][1] == row - 1:
            ranges[-1] = ranges[-1][0], row
        else:
            ranges.append((row, row))
    return ", ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in ranges)
