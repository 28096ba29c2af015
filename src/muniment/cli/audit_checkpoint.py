"""`muniment audit checkpoint`: what to leave with an outsider."""

from __future__ import annotations

import os
from pathlib import Path

import click

from muniment.cli.arguments import PATH
from muniment.cli.audit_options import LEDGER
from muniment.cli.clock import clock
from muniment.cli.judging import judging
from muniment.model.errors import UsageError
from muniment.model.findings import Report
from muniment.storage.progress import Progress


@click.command(
    name="checkpoint",
    epilog="""\b
For a time stamp (RFC 3161), send what this writes to an authority that you trust, and attach its
answer:
  openssl ts -query -data now.checkpoint -sha256 -cert -out query.tsq

\b
Examples:
  muniment audit checkpoint --output now.checkpoint
  muniment audit checkpoint --attach reply.tsr
""",
)
@click.option("--output", type=PATH, metavar="FILE", help="The file to write; never over another.")
@click.option(
    "--attach",
    type=PATH,
    metavar="STAMP",
    help="Keep a time stamp (RFC 3161 response) with the checkpoint that it was made for.",
)
@LEDGER
@judging
def command(
    *,
    output: Path | None,
    attach: Path | None,
    ledger: str | None,
    progress: Progress,  # noqa: ARG001 - a checkpoint is made at once
) -> Report:
    """Sign the ledger's state for an outsider to hold, or attach a time stamp to it.

    Whoever holds a checkpoint can tell later whether the history before it was changed. That it
    was exported is recorded in the ledger, after what was signed.
    """
    from muniment import workflow
    from muniment.audit.keys import key_file, signing_key
    from muniment.cli.ledgers import opened_ledger

    with opened_ledger(ledger) as opened:
        key = signing_key(key_file(os.environ), os.urandom)
        if output is not None and attach is None:
            now = clock(os.environ)
            return workflow.write_checkpoint(opened.ledger, output, key=key, clock=now)
        if attach is not None and output is None:
            return workflow.attach_time_stamp(opened.ledger, attach, key=key.public)
    raise UsageError("give one of both: --output FILE or --attach STAMP")
