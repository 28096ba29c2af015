"""`muniment audit accept`: record a change that was made outside."""

from __future__ import annotations

import os

import click

from muniment.cli.audit_options import BY, LEDGER, REASON, named_agent
from muniment.cli.clock import clock
from muniment.cli.cores import WORKERS, usable_cores
from muniment.cli.judging import judging
from muniment.model.findings import Report
from muniment.storage.progress import Progress


@click.command(
    epilog="""\b
Examples:
  muniment audit accept 1952-12-27-letter --reason "New title" --by "City Archive"
"""
)
@click.argument("holding", metavar="HOLDING")
@REASON
@BY
@WORKERS
@LEDGER
@judging
def command(
    *,
    holding: str,
    reason: str,
    by: str | None,
    workers: int | None,
    ledger: str | None,
    progress: Progress,  # noqa: ARG001 - one holding is read
) -> Report:
    """Take what lies at a holding's place now as right, with a reason and a name.

    The package must be sound in itself. Without this, a package with another description is told
    as swapped.
    """
    from muniment import workflow
    from muniment.cli.ledgers import opened_ledger

    with opened_ledger(ledger) as opened, workflow.crew_of(workers or usable_cores()) as crew:
        return workflow.accept(
            opened.ledger,
            holding,
            reason=reason,
            by=named_agent(by),
            clock=clock(os.environ),
            executor=crew,
        )
