"""`muniment audit report`: what is safe, what is not, what is due, on one page."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from muniment.cli.arguments import PATH
from muniment.cli.audit_options import LEDGER
from muniment.cli.judging import WithOwnText, judging
from muniment.model.errors import EnvironmentFault, UsageError
from muniment.storage.progress import Progress

if TYPE_CHECKING:
    from muniment.audit.reporting import AuditReport

# On a page for people; forms for programs have every holding.
MOST_ON_A_PAGE = 200


@click.command(
    name="report",
    epilog="""\b
Examples:
  muniment audit report
  muniment audit report --output fixity.html
  muniment audit report --format jsonl > fixity.jsonl
""",
)
@click.option(
    "--output",
    type=PATH,
    metavar="FILE.html",
    help="Write a page that needs nothing else: for a screen, a phone, a printer, a screen reader. "
    "It takes the place of an earlier report, and of no other file.",
)
@LEDGER
@judging
def command(
    *,
    output: Path | None,
    ledger: str | None,
    progress: Progress,  # noqa: ARG001 - sums of a database have no steps
) -> WithOwnText:
    """Tell how all holdings stand, and how that is known.

    What is safe, what is not and what to do about it, what is due, coverage over time, each
    location, copies, evidence, runs with their self-tests, and the NDSA Levels' lines on
    integrity. What is not safe is listed holding by holding; the exit code is that of the worst.
    """
    from muniment.audit.entries import instant
    from muniment.audit.report_making import make_report
    from muniment.cli.clock import clock
    from muniment.cli.ledgers import opened_ledger
    from muniment.render.audit_text import audit_text
    from muniment.workflow.audit_reporting import report_of

    at = instant(clock(os.environ)())
    with opened_ledger(ledger) as opened:
        told = make_report(opened.ledger, at=at)
    if output is not None:
        _write_page(told, output)
    report = report_of(told, page=None if output is None else str(output))
    shown = told.bounded(MOST_ON_A_PAGE)
    return WithOwnText(
        report=report, text=lambda paint, width: audit_text(shown, paint=paint, width=width)
    )


def _write_page(told: AuditReport, output: Path) -> None:
    """Write the page, over an earlier one. Raises UsageError for what is no report."""
    from muniment.render.audit_page import BEGINNING, audit_page
    from muniment.storage.staging import write_over

    page = audit_page(told.bounded(MOST_ON_A_PAGE)).encode()
    if output.exists():
        try:
            with output.open("rb") as there:
                is_report = there.read(len(BEGINNING)) == BEGINNING
        except OSError as error:
            raise EnvironmentFault(f"{output}: {error.strerror}") from error
        if not is_report:
            raise UsageError(f"{output} is there and is no report; name another file")
    write_over(output, page)
