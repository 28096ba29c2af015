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
"""
)
@click.argument("bags", nargs=-1, required=True, type=PATH, metavar="BAG...")
@click.option(
    "--quick",
    is_flag=True,
    help="Structure, completeness and Payload-Oxum only. No checksum is checked, so the bag is "
    'called "complete", never "valid".',
)
@judging
def command(bags: tuple[Path, ...], quick: bool, progress: Progress) -> Report:  # noqa: FBT001
    """Check BagIt bags: structure, completeness, every checksum.

    Finds every missing, added or changed file of a bag in one run, tag files too, and names each.
    Changes nothing. A file that cannot be read makes the bag "unverified", never a pass.
    """
    from muniment import workflow

    return workflow.verify(bags, quick=quick, workers=usable_cores(), progress=progress)
