"""`muniment audit run`: check what is due."""

from __future__ import annotations

import os
import time

import click

from muniment.cli.arguments import TIMEOUT
from muniment.cli.audit_options import BY, LEDGER, named_agent
from muniment.cli.clock import clock
from muniment.cli.cores import CLUSTER, WORKERS, usable_cores
from muniment.cli.intervals import interval_in_seconds
from muniment.cli.judging import judging
from muniment.cli.sizes import size_in_bytes
from muniment.configuration import house_configuration
from muniment.model.findings import Report
from muniment.storage.progress import Progress


@click.command(
    epilog="""\b
Examples:
  muniment audit run
  muniment audit run --time-limit 5h
  muniment audit run --all --quiet
  muniment audit run --cluster tcp://scheduler:8786 --ledger postgresql://db.example/audit
  muniment audit run 1952-12-27-letter --nonced
"""
)
@click.argument("holdings", nargs=-1, metavar="[HOLDING...]")
@click.option("--all", "everything", is_flag=True, help="Every active holding, due or not.")
@click.option(
    "--time-limit",
    callback=interval_in_seconds,
    metavar="SPAN",
    help="Stop taking up holdings when so much time is used: 5h, 45min. What was not reached is "
    "counted, and comes first next time.",
)
@click.option(
    "--max-bytes",
    callback=size_in_bytes,
    metavar="SIZE",
    help="Read no more than so much: 500GB, 2TiB.",
)
@click.option(
    "--limit-rate",
    callback=size_in_bytes,
    metavar="SIZE",
    help="Read no more than so much a second: 50MB.",
)
@click.option(
    "--nonced",
    is_flag=True,
    help="Read everything once more with the newest checkpoint before each file's bytes: that "
    "could not be known before the checkpoint was signed.",
)
@click.option(
    "--quick",
    is_flag=True,
    help="Names, sizes and tag files only. That is no fixity check: nothing is recorded, and no "
    "deadline moves.",
)
@BY
@WORKERS
@CLUSTER
@TIMEOUT
@LEDGER
@judging
def command(
    *,
    holdings: tuple[str, ...],
    everything: bool,
    time_limit: int | None,
    max_bytes: int | None,
    limit_rate: int | None,
    nonced: bool,
    quick: bool,
    by: str | None,
    workers: int | None,
    cluster: str | None,
    timeout: float,
    ledger: str | None,
    progress: Progress,
) -> Report:
    """Check the fixity of what is due, earliest deadline first, and record each outcome.

    Each run first proves on planted faults that it finds faults. A mismatch is read again before
    it is called corrupt. One bad holding never stops the others. A run that was interrupted goes
    on where it stopped. At its end a checkpoint is signed.
    """
    from muniment import workflow
    from muniment.audit.keys import key_file, signing_key
    from muniment.cli.ledgers import opened_ledger
    from muniment.storage.patience import Patience

    if holdings and everything:
        raise click.UsageError("Name holdings or say --all, not both.")
    if quick and (nonced or time_limit or max_bytes or limit_rate):
        raise click.UsageError("--quick reads next to nothing: it goes without limits and nonces.")
    request = workflow.RunRequest(
        names=holdings,
        everything=everything,
        nonced=nonced,
        seconds=time_limit,
        octets=max_bytes,
        rate=limit_rate,
        limits=house_configuration().locations,
        patience=Patience(seconds=timeout),
        by=named_agent(by),
    )
    with (
        opened_ledger(ledger) as opened,
        workflow.crew_for(opened.ledger, workers or usable_cores(), cluster) as crew,
    ):
        if quick:
            return workflow.glance(
                opened.ledger,
                names=holdings,
                everything=everything,
                crew=crew,
                clock=clock(os.environ),
            )
        means = workflow.Means(
            crew=crew,
            is_cluster=cluster is not None,
            clock=clock(os.environ),
            elapsed=time.monotonic,
            pause=time.sleep,
            randomness=os.urandom,
            key=signing_key(key_file(os.environ), os.urandom),
            shelf=opened.shelf,
            progress=progress,
        )
        return workflow.run(opened.ledger, request, means)
