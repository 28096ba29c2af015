"""`muniment package`: a text, its record and checksums become a bag."""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import click

from muniment.cli.arguments import PATH, calendar_date, home
from muniment.cli.clock import clock
from muniment.cli.cores import CLUSTER, WORKERS, usable_cores
from muniment.cli.judging import judging
from muniment.cli.package_ways import Ways, ways, with_ways
from muniment.model.digests import DEFAULT_ALGORITHMS, Algorithm
from muniment.model.findings import Report
from muniment.storage.progress import Progress

if TYPE_CHECKING:
    from muniment.storage.addresses import Home

_SECOND_OPINIONS = ("auto", "always", "never")


@click.command(
    epilog="""\b
Examples:
  muniment package letter.txt --record record.yaml --output deposits
  muniment package scans --record record.yaml --output deposits --name scans-1952
  muniment package letter.txt --record mods.xml --output deposits --date 2024-05-17 \\
      --bag-info "Bag-Group-Identifier: letters"
  muniment package scans --record record.yaml --output deposits --profile aptrust \\
      --tag "aptrust-info.txt: Access: Institution" \\
      --tag "aptrust-info.txt: Storage-Option: Standard"
  muniment package scans --record record.yaml --output deposits --exclude "*.tmp" \\
      --exclude-system-files --split 4.7GB
  muniment package --files-from list.txt --record record.yaml --output deposits
  muniment package scans --in-place --record record.yaml
  muniment package scans --in-place --undo
  muniment package --batch items.csv --output deposits
  muniment package scans --record record.yaml --output s3://bucket/bags --serialize tar
"""
)
@click.argument("sources", nargs=-1, type=PATH, metavar="SOURCE...")
@click.option(
    "--record",
    type=PATH,
    metavar="FILE",
    help="What describes the sources: a record in YAML or JSON, or MODS or Dublin Core in XML.",
)
@click.option(
    "--batch",
    type=PATH,
    metavar="SHEET",
    help="A spreadsheet (.csv, .xlsx) with a record a row and a column `files`, which names files "
    "and folders from the sheet's folder on, parted by `||`. One bag a row; all rows are checked "
    "first, and a second run keeps what the first has made.",
)
@click.option(
    "--output",
    type=home,
    metavar="DIR|ADDRESS",
    help="The folder in which the bag appears, or an address below which it does, such as "
    "s3://bucket/bags: it is then made aside, in the folder for temporary files, and sent.",
)
@click.option("--name", help="The bag's name; else the record's identifier.")
@click.option(
    "--algorithm",
    "algorithms",
    multiple=True,
    type=click.Choice([str(algorithm) for algorithm in Algorithm], case_sensitive=False),
    metavar="NAME",
    help=f"A checksum algorithm; may be repeated. One of {', '.join(Algorithm)}; "
    f"{' and '.join(DEFAULT_ALGORITHMS)} unless you, muniment.toml or a profile say otherwise.",
)
@click.option(
    "--date",
    metavar="YYYY-MM-DD",
    callback=calendar_date,
    help="The day the bag is dated. The same sources and date give the same bytes. "
    "Else SOURCE_DATE_EPOCH, else today (UTC).",
)
@click.option(
    "--bag-info",
    multiple=True,
    metavar='"LABEL: VALUE"',
    help="A line of bag-info.txt, added or in place of the house's own; may be repeated.",
)
@click.option(
    "--profile",
    "profiles",
    multiple=True,
    metavar="NAME|FILE",
    help="Make the bag as a BagIt profile asks: aptrust, archivematica, btr, or a profile's file; "
    "may be repeated. Nothing is fetched.",
)
@click.option(
    "--tag",
    "tags",
    multiple=True,
    metavar='"FILE: LABEL: VALUE"',
    help="A line of another tag file, such as aptrust-info.txt, added or in place of the house's "
    "own; may be repeated.",
)
@click.option(
    "--config",
    type=PATH,
    metavar="FILE",
    help="The house's settings. Else muniment.toml in this folder or one above it, else in your "
    "own configuration folder.",
)
@click.option(
    "--serialize",
    type=click.Choice(["tar", "tar.gz", "zip"]),
    help="Write the bag as one archive instead of a folder.",
)
@click.option("--allow-empty", is_flag=True, help="Accept a source without any file.")
@click.option(
    "--second-opinion",
    type=click.Choice(_SECOND_OPINIONS),
    default="auto",
    help="Whether the Library of Congress's bagit checks the bag too: auto does so where the "
    "payload is small.",
)
@WORKERS
@CLUSTER
@ways
@judging
def command(
    *,
    sources: tuple[Path, ...],
    record: Path | None,
    batch: Path | None,
    output: Home | None,
    name: str | None,
    algorithms: tuple[str, ...],
    date: str | None,
    bag_info: tuple[str, ...],
    profiles: tuple[str, ...],
    tags: tuple[str, ...],
    config: Path | None,
    allow_empty: bool,
    second_opinion: str,
    serialize: str | None,
    workers: int | None,
    cluster: str | None,
    ways: Ways,
    progress: Progress,
) -> Report:
    """Package files and their record into a BagIt bag.

    Checks the record first, then makes MODS, Dublin Core and PREMIS of it, writes the bag aside
    and lets it appear whole, or not at all, and reads it back. The sources are read, and left as
    they are; only --in-place moves them. A bag that exists is never overwritten.
    """
    from muniment import workflow
    from muniment.configuration import bag_info_field, tag_field
    from muniment.storage.addresses import Address

    hands = workers or usable_cores()
    if cluster is not None and batch is None:
        raise click.UsageError("--cluster shares out the rows of --batch; a single bag has none.")
    if isinstance(output, Address) and (batch is not None or ways.split is not None):
        raise click.UsageError("An address as --output takes one bag: no --batch, no --split.")
    if batch is not None:
        _refuse_unfit_batch(sources, record, output, name, ways)
    else:
        _refuse_unfit(sources, record, output, ways)
    if ways.undo:
        return workflow.undo_in_place(sources[0])
    request = workflow.PackageRequest(
        sources=sources,
        record=record or Path(),
        output=output if isinstance(output, Path) else sources[0].parent,
        name=name,
        algorithms=tuple(dict.fromkeys(map(Algorithm, algorithms))) or None,
        date=date,
        bag_info=tuple(map(bag_info_field, bag_info)),
        profiles=profiles,
        tags=tuple(map(tag_field, tags)),
        config=config,
        allow_empty=allow_empty,
        second_opinion=workflow.SecondOpinion(second_opinion),
        serialize=workflow.Serialization(serialize) if serialize else None,
    )
    request = with_ways(request, ways)
    if isinstance(output, Address):
        return workflow.package_afar(
            request,
            output,
            now=clock(os.environ),
            token=lambda: uuid.uuid4().hex,
            workers=hands,
            progress=progress,
        )
    if batch is not None:
        return workflow.package_batch(
            workflow.BatchRequest(sheet=batch, bag=request),
            now=clock(os.environ),
            workers=hands,
            cluster=cluster,
            progress=progress,
        )
    if ways.in_place:
        return workflow.package_in_place(
            request,
            now=clock(os.environ),
            resume=ways.resume,
            workers=hands,
            progress=progress,
        )
    return workflow.package(request, now=clock(os.environ), workers=hands, progress=progress)


def _refuse_unfit(
    sources: tuple[Path, ...], record: Path | None, output: Home | None, ways: Ways
) -> None:
    """What must be given, and what cannot be given together. Raises click's error."""
    if ways.in_place:
        if len(sources) != 1:
            raise click.UsageError("--in-place takes one SOURCE, a folder.")
        if output is not None:
            raise click.UsageError("--in-place makes the bag where the folder lies: no --output.")
        if ways.undo and ways.resume:
            raise click.UsageError("Give --resume or --undo, not both.")
    elif ways.resume or ways.undo:
        raise click.UsageError("--resume and --undo belong to --in-place.")
    elif output is None:
        raise click.UsageError("Missing option '--output'.")
    if not sources and not ways.files_from:
        raise click.UsageError("Missing argument 'SOURCE...', or a list with --files-from.")
    if record is None and not ways.undo:
        raise click.UsageError("Missing option '--record'.")


def _refuse_unfit_batch(
    sources: tuple[Path, ...],
    record: Path | None,
    output: Home | None,
    name: str | None,
    ways: Ways,
) -> None:
    """What a sheet says itself cannot be said beside it. Raises click's error."""
    if output is None:
        raise click.UsageError("Missing option '--output'.")
    if sources or record is not None or name is not None or ways.files_from:
        raise click.UsageError(
            "--batch takes sources, records and names from the sheet: no SOURCE, --record, --name"
            " or --files-from."
        )
    if ways.in_place or ways.resume or ways.undo:
        raise click.UsageError("--batch and --in-place do not go together.")
