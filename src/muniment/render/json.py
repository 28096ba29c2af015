"""A report as one JSON document, as schemas/report.schema.json states it."""

from __future__ import annotations

from collections.abc import Iterator

from muniment.model.findings import Report, Severity
from muniment.render.shape import finding, head, subject
from muniment.render.streaming import INDENTED


def render(report: Report, *, fail_on: Severity = Severity.ERROR) -> Iterator[str]:
    """The document in pieces, indented for people who look at it, with a line end after it."""
    subjects = (
        INDENTED.holding(
            subject(one, fail_on=fail_on),
            "findings",
            ([INDENTED.value(finding(each), 4)] for each in one.findings),
            level=2,
        )
        for one in report.subjects
    )
    yield from INDENTED.holding(head(report, fail_on=fail_on), "subjects", subjects)
    yield "\n"
