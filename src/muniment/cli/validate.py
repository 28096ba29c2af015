"""`muniment validate`: is the description right?"""

from __future__ import annotations

from pathlib import Path

import click

from muniment.cli.arguments import PATH
from muniment.cli.judging import judging
from muniment.model.findings import Report
from muniment.storage.progress import Progress


@click.command(
    epilog="""\b
Examples:
  muniment validate record.yaml
  muniment validate mods.xml dc.xml --fail-on warning
  muniment validate records/*.xml --format sarif > findings.sarif
"""
)
@click.argument("paths", nargs=-1, required=True, type=PATH, metavar="PATH...")
@judging
def command(paths: tuple[Path, ...], progress: Progress) -> Report:
    """Check descriptive metadata: records, MODS and Dublin Core.

    Takes records in YAML or JSON, and MODS or Dublin Core (oai_dc) in XML. Finds all faults at
    once, each with its line, what stands there, what would be right, and the section of the
    standard. Works offline, changes nothing.
    """
    from muniment import workflow

    return workflow.validate(paths, progress=progress)
