"""`muniment audit add`: take holdings in."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from muniment.cli.arguments import home
from muniment.cli.audit_options import BY, EVERY_DAYS, LEDGER, named_agent
from muniment.cli.clock import clock
from muniment.cli.cores import CLUSTER, WORKERS, usable_cores
from muniment.cli.intervals import interval_in_seconds
from muniment.cli.judging import judging
from muniment.model.findings import Report
from muniment.model.intervals import DAY
from muniment.storage.progress import Progress

if TYPE_CHECKING:
    from muniment.storage.addresses import Home


@click.command(
    epilog="""\b
Examples:
  muniment audit add deposits/1952-12-27-letter
  muniment audit add deposits --every 30d
  muniment audit add /mnt/tape/1952-12-27-letter.tar --copy-of 1952-12-27-letter --copies 2
  muniment audit add s3://bucket/1952-12-27-letter --every 1y
"""
)
@click.argument("homes", nargs=-1, required=True, type=home, metavar="PATH...")
@click.option(
    "--every",
    callback=interval_in_seconds,
    metavar="SPAN",
    help="What is promised: a check at least every 90d (the default), 12h, 6w, 18mo, 1y. For what "
    "was taken in before, another promise.",
)
@click.option(
    "--copy-of",
    metavar="HOLDING",
    help="The holding whose object these are copies of: its id, name or place.",
)
@click.option(
    "--copies",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many sound copies of the object there must be.",
)
@BY
@WORKERS
@CLUSTER
@LEDGER
@judging
def command(
    *,
    homes: tuple[Home, ...],
    every: int | None,
    copy_of: str | None,
    copies: int | None,
    by: str | None,
    workers: int | None,
    cluster: str | None,
    ledger: str | None,
    progress: Progress,
) -> Report:
    """Take bags, archives, trees of bags or plain folders into the ledger.

    Each is verified once, and what it is now is recorded, so that later even a package swapped
    whole is noticed. A broken bag is taken in as broken. A folder without any bag in it is a
    holding of plain files, whose digests the ledger keeps.
    """
    from muniment import workflow
    from muniment.cli.ledgers import opened_ledger

    request = workflow.AddRequest(
        homes=homes, every=every, copy_of=copy_of, copies=copies, by=named_agent(by)
    )
    with (
        opened_ledger(ledger, create=True) as opened,
        workflow.crew_for(opened.ledger, workers or usable_cores(), cluster) as crew,
    ):
        return workflow.add(
            opened.ledger,
            request,
            default_every=EVERY_DAYS * DAY,
            crew=crew,
            clock=clock(os.environ),
            randomness=os.urandom,
            progress=progress,
        )
