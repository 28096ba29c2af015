"""`muniment verify`: is the package right?"""

from __future__ import annotations

from pathlib import Path

import click

from muniment.cli.arguments import PATH
from muniment.cli.cores import usable_cores
from muniment.cli.judging import judging
from muniment.model.findings import Report
from muniment.storage.progress import Progress


@click.command(
    epilog="""\b
Examples:
  muniment verify deposits/1952-12-27-letter
  muniment verify deposits/* --quiet
  muniment verify deposits/1952-12-27-letter --format json > report.json
  muniment verify deposits/*.tar --profile aptrust --quick
"""
)
@click.argument("bags", nargs=-1, required=True, type=PATH, metavar="BAG...")
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
@judging
def command(
    *, bags: tuple[Path, ...], quick: bool, profiles: tuple[str, ...], progress: Progress
) -> Report:
    """Check BagIt bags: structure, completeness, every checksum.

    Finds every missing, added or changed file of a bag in one run, tag files too, and names each.
    Changes nothing. A file that cannot be read makes the bag "unverified", never a pass.
    """
    from muniment import workflow

    return workflow.verify(
        bags, quick=quick, profiles=profiles, workers=usable_cores(), progress=progress
    )
