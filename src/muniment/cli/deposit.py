"""`muniment deposit`: a copy of a bag, laid down elsewhere."""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import click

from muniment.cli.arguments import TIMEOUT, home
from muniment.cli.audit_options import BY, EVERY_DAYS, named_agent
from muniment.cli.clock import clock
from muniment.cli.cores import usable_cores
from muniment.cli.judging import judging
from muniment.model.findings import Report
from muniment.model.intervals import DAY
from muniment.storage.progress import Progress

if TYPE_CHECKING:
    from muniment.model.receipts import Receipt
    from muniment.storage.addresses import Home


@click.command(
    epilog="""\b
Examples:
  muniment deposit deposits/1952-12-27-letter s3://bucket/bags
  muniment deposit deposits/scans.zip /mnt/second-site --ledger audit/ledger.sqlite
  muniment deposit deposits/scans sftp://archive@host.example/bags --format json > receipt.json
"""
)
@click.argument("bag", type=home, metavar="BAG")
@click.argument("target", type=home, metavar="TARGET")
@click.option(
    "--trust-service",
    is_flag=True,
    help="Do not read back what the service itself has checked by SHA-256 when it took it in. "
    "Where a trial shows that it checks nothing, all is read back.",
)
@click.option(
    "--ledger",
    metavar="FILE|URL",
    help="Take the copy into this ledger of the audit, its receipt as the first event.",
)
@click.option(
    "--copy-of",
    metavar="HOLDING",
    help="With --ledger: the holding of which this is a copy; else the one that lies at BAG.",
)
@BY
@TIMEOUT
@judging
def command(
    *,
    bag: Home,
    target: Home,
    trust_service: bool,
    ledger: str | None,
    copy_of: str | None,
    by: str | None,
    timeout: float,
    progress: Progress,
) -> Report:
    """Lay down a copy of a bag, and see that it arrived whole.

    BAG is a folder or an archive; TARGET a folder, a mounted share, or an address (s3://, gs://,
    az://, sftp://), below which the copy gets the bag's own name. The bag is verified first; every
    file is sent with its checksum, never over another, and read back. Run again after an
    interruption, it goes on: what is there and the same is kept, what is there and different is a
    finding. Credentials come from the environment, a profile, a role, or your ssh configuration.
    """
    from muniment import workflow
    from muniment.storage.patience import Patience

    if not isinstance(bag, Path):
        raise click.UsageError(f"BAG is a folder or an archive on this machine, not {bag}.")
    request = workflow.DepositRequest(
        bag=bag,
        target=target,
        trust_service=trust_service,
        patience=Patience(seconds=timeout),
    )
    now = clock(os.environ)

    def deposited() -> tuple[Report, Receipt | None]:
        return workflow.deposit(
            request,
            now=now,
            token=lambda: uuid.uuid4().hex,
            workers=usable_cores(),
            progress=progress,
        )

    if ledger is None:
        if copy_of is not None:
            raise click.UsageError("--copy-of needs --ledger.")
        return deposited()[0]
    from muniment.cli.ledgers import opened_ledger

    with opened_ledger(ledger, create=True) as opened:
        recording = workflow.Recording(
            ledger=opened.ledger,
            by=named_agent(by),
            copy_of=copy_of,
            default_every=EVERY_DAYS * DAY,
        )
        recording.refuse_unfit(request)
        report, receipt = deposited()
        if receipt is None:
            return report
        return recording.record(
            request,
            report,
            receipt,
            clock=now,
            randomness=os.urandom,
            workers=usable_cores(),
            progress=progress,
        )
