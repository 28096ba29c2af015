"""`muniment audit repair`: make a holding whole from a copy."""

from __future__ import annotations

import os
from pathlib import Path

import click

from muniment.cli.arguments import PATH
from muniment.cli.audit_options import BY, LEDGER, named_agent
from muniment.cli.clock import clock
from muniment.cli.cores import WORKERS, usable_cores
from muniment.cli.judging import judging
from muniment.model.findings import Report
from muniment.storage.progress import Progress


@click.command(
    epilog="""\b
Examples:
  muniment audit repair 1952-12-27-letter --from /mnt/tape/1952-12-27-letter
  muniment audit repair 1952-12-27-letter --from 0c3da8d848b05943 --move-extra strays
"""
)
@click.argument("holding", metavar="HOLDING")
@click.option(
    "--from",
    "copy",
    required=True,
    metavar="COPY",
    help="The holding to take from, by id, name or place: intact, and of the same content.",
)
@click.option(
    "--move-extra",
    type=PATH,
    metavar="FOLDER",
    help="Where files go that nobody recorded; else they are told, and left.",
)
@BY
@WORKERS
@LEDGER
@judging
def command(
    *,
    holding: str,
    copy: str,
    move_extra: Path | None,
    by: str | None,
    workers: int | None,
    ledger: str | None,
    progress: Progress,  # noqa: ARG001 - one holding is read
) -> Report:
    """Make a holding whole from another copy: verified, written, read again, recorded.

    Only what differs is written; an archive is replaced whole. A kill leaves the old or the new,
    and the same command goes on.
    """
    from muniment import workflow
    from muniment.cli.ledgers import opened_ledger

    request = workflow.RepairRequest(
        holding=holding, copy=copy, by=named_agent(by), extra_to=move_extra
    )
    with opened_ledger(ledger) as opened, workflow.crew_of(workers or usable_cores()) as crew:
        return workflow.repair(opened.ledger, request, clock=clock(os.environ), executor=crew)
