"""`muniment crosswalk`: a description in another format."""

from __future__ import annotations

import os
from pathlib import Path

import click

from muniment.cli.arguments import PATH
from muniment.cli.clock import clock
from muniment.cli.judging import OnStandardOutput, judging
from muniment.model.findings import Report
from muniment.storage.progress import Progress

_FORMATS = ("yaml", "json", "mods", "oai_dc", "dcterms", "dspace", "datacite", "schemaorg")


@click.command(
    epilog="""\b
Examples:
  muniment crosswalk record.yaml --to mods --output mods.xml
  muniment crosswalk mods.xml --to datacite --output datacite.json
  muniment crosswalk dublin_core.xml --to yaml --output record.yaml
  muniment crosswalk harvest.xml --to mods --output collection.xml
  muniment crosswalk items.xlsx --record 12 --to oai_dc
"""
)
@click.argument("file", type=PATH, metavar="FILE")
@click.option(
    "--to", "target", required=True, type=click.Choice(_FORMATS), help="The format to bring it to."
)
@click.option(
    "--record",
    metavar="NUMBER|ID",
    help="Of a file with several records (a harvest, METS, a modsCollection, a spreadsheet), the "
    "one to bring: its number from 1, or an identifier of it. Else all are brought: as a "
    "modsCollection, or as an array in JSON.",
)
@click.option(
    "--output",
    type=PATH,
    metavar="FILE",
    help="The file to write. Else standard output, and the report goes to standard error.",
)
@judging
def command(
    *,
    file: Path,
    target: str,
    record: str | None,
    output: Path | None,
    progress: Progress,  # noqa: ARG001 - a file is done at once
) -> Report | OnStandardOutput:
    """Bring a description, or several, to another format.

    Reads records in YAML, JSON and spreadsheets, MODS, Dublin Core (oai_dc, dcterms, DSpace), both
    also within OAI-PMH and METS, DataCite and schema.org, by the Library of Congress's mapping
    between MODS and Dublin Core. Every value that the other format has no place for is named.
    """
    from muniment import workflow

    report, content = workflow.bring(
        file, workflow.TargetFormat(target), output, now=clock(os.environ), record=record
    )
    if output is None and content is not None:
        return OnStandardOutput(report=report, content=content)
    return report
