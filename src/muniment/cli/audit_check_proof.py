"""`muniment audit check-proof`: does a proof hold, and what does it show?"""

from __future__ import annotations

import os
from pathlib import Path

import click

from muniment.cli.arguments import PATH
from muniment.cli.judging import judging
from muniment.model.findings import Report
from muniment.storage.progress import Progress


@click.command(
    name="check-proof",
    epilog="""\b
Examples:
  muniment audit check-proof letter.proof --key archive.pub
  muniment audit check-proof letter.proof --key archive.pub --bag letter
  muniment audit check-proof letter.proof --key archive.pub \\
      --timestamp letter.proof.tsr --tsa-certificate authority.pem
""",
)
@click.argument("file", type=PATH, metavar="FILE")
@click.option(
    "--key",
    metavar="PUBLIC",
    help="The public key that you trust: its text, or a file of it. Else it is your own.",
)
@click.option(
    "--timestamp",
    type=PATH,
    metavar="FILE",
    help="A time stamp (RFC 3161 response) for the proof's last checkpoint.",
)
@click.option(
    "--tsa-certificate",
    type=PATH,
    metavar="FILE",
    help="The certificates of the authority that you trust, its root among them (PEM).",
)
@click.option(
    "--bag",
    type=PATH,
    metavar="BAG",
    help="A bag in hand: compare its tag manifests with the digests that were recorded last.",
)
@judging
def command(
    *,
    file: Path,
    key: str | None,
    timestamp: Path | None,
    tsa_certificate: Path | None,
    bag: Path | None,
    progress: Progress,  # noqa: ARG001 - a proof is judged at once
) -> Report:
    """Check a proof of a holding's history, without its ledger and without a network.

    The key that counts is yours: a proof by an unknown signer is "unverified". What it shows, and
    what it does not, is said in so many words.
    """
    from muniment import workflow
    from muniment.audit.keys import key_file

    request = workflow.ProofRequest(
        proof=file,
        own_key=key_file(os.environ),
        key=key,
        stamp=timestamp,
        certificates=tsa_certificate,
        bag=bag,
    )
    return workflow.check_proof_file(request)
