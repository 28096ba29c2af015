"""`muniment audit retire`: a holding is kept no longer."""

from __future__ import annotations

import os

import click

from muniment.cli.audit_options import BY, LEDGER, REASON, named_agent, said
from muniment.cli.clock import clock
from muniment.cli.judging import judging
from muniment.model.findings import Report
from muniment.storage.progress import Progress


@click.command(
    epilog="""\b
Examples:
  muniment audit retire 1952-12-27-letter --reason "Kept elsewhere" --authority "Schedule 7"
"""
)
@click.argument("holding", metavar="HOLDING")
@REASON
@click.option(
    "--authority",
    required=True,
    callback=said,
    metavar="TEXT",
    help="What allows it: a schedule, a decision.",
)
@BY
@LEDGER
@judging
def command(
    *,
    holding: str,
    reason: str,
    authority: str,
    by: str | None,
    ledger: str | None,
    progress: Progress,  # noqa: ARG001 - nothing is read
) -> Report:
    """End what is promised of a holding. Its history stays, and its files are not touched.

    Copies that its object lacks from then on are told as a warning.
    """
    from muniment import workflow
    from muniment.cli.ledgers import opened_ledger

    with opened_ledger(ledger) as opened:
        return workflow.retire(
            opened.ledger,
            holding,
            reason=reason,
            authority=authority,
            by=named_agent(by),
            clock=clock(os.environ),
        )
