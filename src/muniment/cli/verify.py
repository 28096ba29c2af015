"""`muniment verify`: is the package right?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from muniment.cli.arguments import TIMEOUT, home
from muniment.cli.cores import CLUSTER, WORKERS, usable_cores
from muniment.cli.judging import judging
from muniment.model.findings import Report
from muniment.storage.progress import Progress

if TYPE_CHECKING:
    from muniment.storage.addresses import Home


@click.command(
    epilog="""\b
Examples:
  muniment verify deposits/1952-12-27-letter
  muniment verify deposits/* --quiet
  muniment verify deposits/1952-12-27-letter --format json > report.json
  muniment verify deposits/*.tar --profile aptrust --quick
  muniment verify deposits/* --cluster tcp://scheduler:8786
  muniment verify s3://bucket/1952-12-27-letter s3://bucket/scans.zip
"""
)
@click.argument("bags", nargs=-1, required=True, type=home, metavar="BAG...")
@click.option(
    "--quick",
    is_flag=True,
    help="Structure, completeness and Payload-Oxum only. No checksum is checked, so the bag is "
    'called "complete", never "valid".',
)
@click.option(
    "--profile",
    "profiles",
    multiple=True,
    metavar="NAME|FILE",
    help="Judge the bags by a BagIt profile too: aptrust, archivematica, btr, or a profile's file; "
    "may be repeated. Nothing is fetched.",
)
@WORKERS
@CLUSTER
@TIMEOUT
@judging
def command(
    *,
    bags: tuple[Home, ...],
    quick: bool,
    profiles: tuple[str, ...],
    workers: int | None,
    cluster: str | None,
    timeout: float,
    progress: Progress,
) -> Report:
    """Check BagIt bags: structure, completeness, every checksum.

    Finds every missing, added or changed file of a bag in one run, tag files too, and names each.
    Changes nothing. A file that cannot be read makes the bag "unverified", never a pass. A BAG is a
    folder, an archive, or an address: s3://, gs://, az:// or https://, of a prefix or of an archive
    in one object. Credentials come from the environment, a profile or a role.
    """
    from muniment import workflow
    from muniment.storage.patience import Patience

    return workflow.verify(
        bags,
        quick=quick,
        profiles=profiles,
        workers=workers or usable_cores(),
        cluster=cluster,
        patience=Patience(seconds=timeout),
        progress=progress,
    )
