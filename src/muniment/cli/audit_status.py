"""`muniment audit status`: how things stand."""

from __future__ import annotations

import os

import click

from muniment.cli.audit_options import LEDGER
from muniment.cli.clock import clock
from muniment.cli.judging import judging
from muniment.model.findings import Report
from muniment.storage.progress import Progress


@click.command(
    epilog="""\b
Examples:
  muniment audit status
  muniment audit status 1952-12-27-letter
  muniment audit status --format json
"""
)
@click.argument("holdings", nargs=-1, metavar="[HOLDING...]")
@LEDGER
@judging
def command(
    *,
    holdings: tuple[str, ...],
    ledger: str | None,
    progress: Progress,  # noqa: ARG001 - the ledger answers at once
) -> Report:
    """Tell how all holdings stand, or those named by id, name or place.

    From the ledger alone: what was found when, by whom, compared with what; what is overdue; which
    objects lack copies. Nothing that is kept is read for it.
    """
    from muniment import workflow
    from muniment.cli.ledgers import opened_ledger

    with opened_ledger(ledger) as opened:
        return workflow.status(opened.ledger, holdings, clock=clock(os.environ))
