"""`muniment audit check-ledger`: is the history still the one that was written?"""

from __future__ import annotations

import os
from pathlib import Path

import click

from muniment.cli.arguments import PATH
from muniment.cli.audit_options import LEDGER
from muniment.cli.cores import WORKERS, usable_cores
from muniment.cli.judging import judging
from muniment.model.findings import Report
from muniment.storage.progress import Progress


@click.command(
    name="check-ledger",
    epilog="""\b
Examples:
  muniment audit check-ledger
  muniment audit check-ledger --checkpoint /media/notary/2025.checkpoint --key archive.pub
""",
)
@click.option(
    "--checkpoint",
    "checkpoints",
    type=PATH,
    multiple=True,
    metavar="FILE",
    help="A checkpoint that was kept apart from the ledger; may be given again.",
)
@click.option(
    "--key",
    metavar="PUBLIC",
    help="The public key whose signatures count: its text, or a file of it. Else it is your own.",
)
@WORKERS
@LEDGER
@judging
def command(
    *,
    checkpoints: tuple[Path, ...],
    key: str | None,
    workers: int | None,
    ledger: str | None,
    progress: Progress,  # noqa: ARG001 - it has no steps that could be told
) -> Report:
    """Check the ledger itself: every event, the tree over them, and all that is made of them.

    Any change before a checkpoint that somebody else holds is found; give it as --checkpoint. The
    first event that was altered is named, else the first checkpoint that fails and the events
    since the last one that holds.
    """
    from muniment import workflow
    from muniment.audit.keys import key_file
    from muniment.cli.ledgers import opened_ledger
    from muniment.storage.executors import ProcessPool

    request = workflow.LedgerRequest(own_key=key_file(os.environ), checkpoints=checkpoints, key=key)
    with opened_ledger(ledger) as opened, ProcessPool(workers or usable_cores()) as pool:
        return workflow.check_whole_ledger(opened.ledger, request, executor=pool)
