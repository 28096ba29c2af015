"""A report as JSON lines: a subject a line, and the summary as the last line.

Fit for streams of many subjects; the last line tells that the output is whole.
"""

from __future__ import annotations

from collections.abc import Iterator

from muniment.model.findings import Report, Severity
from muniment.render.shape import finding, head, subject
from muniment.render.streaming import ONE_LINE


def render(report: Report, *, fail_on: Severity = Severity.ERROR) -> Iterator[str]:
    """The lines in pieces; each is an object that `$defs/line` of report.schema.json states."""
    for one in report.subjects:
        findings = ([ONE_LINE.value(finding(each))] for each in one.findings)
        yield from ONE_LINE.holding(subject(one, fail_on=fail_on), "findings", findings)
        yield "\n"
    yield f"{ONE_LINE.value(head(report, fail_on=fail_on))}\n"
