"""`muniment validate`: is the description right?"""

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
  muniment validate record.yaml
  muniment validate mods.xml dc.xml --fail-on warning
  muniment validate records --quiet
  muniment validate records --requirements deposit
  muniment validate items.xlsx --findings-table items-findings.xlsx
  muniment validate records/*.xml --format sarif > findings.sarif
"""
)
@click.argument("paths", nargs=-1, required=True, type=PATH, metavar="PATH...")
@click.option(
    "--requirements",
    metavar="FILE|NAME",
    help="What your institution asks beside the schema: a file in YAML, TOML or JSON, or one that "
    "is shipped: deposit, aggregator, strict. Else the one that muniment.toml names.",
)
@click.option(
    "--findings-table",
    "findings_table",
    type=PATH,
    metavar="FILE",
    help="Write a table too, .csv or .xlsx: each row of your spreadsheets with what is wrong "
    "beside it, and each finding on other files.",
)
@judging
def command(
    paths: tuple[Path, ...],
    requirements: str | None,
    findings_table: Path | None,
    progress: Progress,
) -> Report:
    """Check descriptive metadata: records, spreadsheets, MODS and Dublin Core.

    Takes records in YAML or JSON, spreadsheets (.csv, .xlsx) with a record a row, MODS or Dublin
    Core in XML, also within OAI-PMH and METS, and folders and patterns of them. Finds all faults
    at once, each with its line or cell, what stands there, what would be right, and the section of
    the standard. Works offline, changes nothing.
    """
    from muniment import workflow

    if findings_table is not None:
        from muniment.render.findings_table import check_table_path

        check_table_path(findings_table)
    report = workflow.validate(
        paths, requirements=requirements, workers=usable_cores(), progress=progress
    )
    if findings_table is not None:
        from muniment.render.findings_table import write_findings_table

        write_findings_table(report, findings_table)
    return report
