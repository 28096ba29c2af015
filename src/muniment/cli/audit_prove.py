"""`muniment audit prove`: a holding's history, to be checked by outsiders."""

from __future__ import annotations

import os
from pathlib import Path

import click

from muniment.cli.arguments import PATH
from muniment.cli.audit_options import LEDGER
from muniment.cli.clock import clock
from muniment.cli.judging import judging
from muniment.model.findings import Report
from muniment.storage.progress import Progress


@click.command(
    name="prove",
    epilog="""\b
Give the outsider the proof, and your public key by a way that they trust. They need muniment, or
any other program that follows the proof's schema; no ledger and no network.

\b
Examples:
  muniment audit prove deposits/1952-12-27-letter --output letter.proof
  muniment audit key --output archive.pub
  muniment audit check-proof letter.proof --key archive.pub
""",
)
@click.argument("holding", metavar="HOLDING")
@click.option(
    "--output",
    required=True,
    type=PATH,
    metavar="FILE",
    help="The file to write; never over another. A time stamp, if there is one, goes to FILE.tsr.",
)
@LEDGER
@judging
def command(
    *,
    holding: str,
    output: Path,
    ledger: str | None,
    progress: Progress,  # noqa: ARG001 - a proof is made at once
) -> Report:
    """Write a proof of one holding: all that was recorded of it, tied to signed checkpoints.

    HOLDING is its id, name or place. The proof is checked before it is written. It shows what was
    recorded and when by your clock, and that none of it was changed or left out since.
    """
    from muniment import workflow
    from muniment.audit.keys import key_file, signing_key
    from muniment.cli.ledgers import opened_ledger

    with opened_ledger(ledger) as opened:
        return workflow.prove(
            opened.ledger,
            holding,
            output,
            key=signing_key(key_file(os.environ), os.urandom),
            shelf=opened.shelf,
            clock=clock(os.environ),
        )
