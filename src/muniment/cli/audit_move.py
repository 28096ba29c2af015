"""`muniment audit move`: a holding lies elsewhere now."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from muniment.cli.arguments import home
from muniment.cli.audit_options import BY, LEDGER, named_agent
from muniment.cli.clock import clock
from muniment.cli.cores import WORKERS, usable_cores
from muniment.cli.judging import judging
from muniment.model.findings import Report
from muniment.storage.progress import Progress

if TYPE_CHECKING:
    from muniment.storage.addresses import Home


@click.command(
    epilog="""\b
Examples:
  muniment audit move 1952-12-27-letter /mnt/new/1952-12-27-letter
"""
)
@click.argument("holding", metavar="HOLDING")
@click.argument("place", type=home, metavar="PLACE")
@BY
@WORKERS
@LEDGER
@judging
def command(
    *,
    holding: str,
    place: Home,
    by: str | None,
    workers: int | None,
    ledger: str | None,
    progress: Progress,  # noqa: ARG001 - one holding is read
) -> Report:
    """Switch a holding to another place, once both ends are verified.

    Moves no files: copy them first. The new place must hold what is recorded, the old one must be
    intact or gone.
    """
    from muniment import workflow
    from muniment.audit.places import place_of
    from muniment.cli.ledgers import opened_ledger

    with opened_ledger(ledger) as opened, workflow.crew_of(workers or usable_cores()) as crew:
        return workflow.move(
            opened.ledger,
            holding,
            place_of(place),
            by=named_agent(by),
            clock=clock(os.environ),
            executor=crew,
        )
