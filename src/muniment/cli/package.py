"""`muniment package`: a text, its record and checksums become a bag."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from muniment.cli.arguments import PATH, calendar_date
from muniment.cli.cores import usable_cores
from muniment.cli.judging import judging
from muniment.model.digests import DEFAULT_ALGORITHMS, Algorithm
from muniment.model.errors import UsageError
from muniment.model.findings import Report
from muniment.storage.progress import Progress

_SECOND_OPINIONS = ("auto", "always", "never")


@click.command(
    epilog="""\b
Examples:
  muniment package letter.txt --record record.yaml --output deposits
  muniment package scans --record record.yaml --output deposits --name scans-1952
  muniment package letter.txt --record mods.xml --output deposits --date 2024-05-17 \\
      --bag-info "Bag-Group-Identifier: letters"
"""
)
@click.argument("sources", nargs=-1, required=True, type=PATH, metavar="SOURCE...")
@click.option(
    "--record",
    required=True,
    type=PATH,
    metavar="FILE",
    help="What describes the sources: a record in YAML or JSON, or MODS or Dublin Core in XML.",
)
@click.option(
    "--output",
    required=True,
    type=PATH,
    metavar="DIR",
    help="The folder in which the bag appears.",
)
@click.option("--name", help="The bag's name; else the record's identifier.")
@click.option(
    "--algorithm",
    "algorithms",
    multiple=True,
    type=click.Choice([str(algorithm) for algorithm in Algorithm], case_sensitive=False),
    metavar="NAME",
    help=f"A checksum algorithm; may be repeated. One of {', '.join(Algorithm)}; "
    f"{' and '.join(DEFAULT_ALGORITHMS)} unless you or muniment.toml say otherwise.",
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
    "--config",
    type=PATH,
    metavar="FILE",
    help="The house's settings. Else muniment.toml in this folder or one above it, else in your "
    "own configuration folder.",
)
@click.option("--allow-empty", is_flag=True, help="Accept a source without any file.")
@click.option(
    "--second-opinion",
    type=click.Choice(_SECOND_OPINIONS),
    default="auto",
    help="Whether the Library of Congress's bagit checks the bag too: auto does so where the "
    "payload is small.",
)
@judging
def command(
    *,
    sources: tuple[Path, ...],
    record: Path,
    output: Path,
    name: str | None,
    algorithms: tuple[str, ...],
    date: str | None,
    bag_info: tuple[str, ...],
    config: Path | None,
    allow_empty: bool,
    second_opinion: str,
    progress: Progress,
) -> Report:
    """Package files and their record into a BagIt bag.

    Checks the record first, then makes MODS, Dublin Core and PREMIS of it, writes the bag aside
    and lets it appear whole, or not at all, and reads it back. The sources are read, never moved
    or changed; a bag that exists is never overwritten.
    """
    from muniment import workflow
    from muniment.configuration import bag_info_field

    request = workflow.PackageRequest(
        sources=sources,
        record=record,
        output=output,
        name=name,
        algorithms=tuple(dict.fromkeys(map(Algorithm, algorithms))) or None,
        date=date,
        bag_info=tuple(map(bag_info_field, bag_info)),
        config=config,
        allow_empty=allow_empty,
        second_opinion=workflow.SecondOpinion(second_opinion),
    )
    return workflow.package(
        request, now=clock(os.environ), workers=usable_cores(), progress=progress
    )


def clock(environment: Mapping[str, str]) -> Callable[[], datetime]:
    """The time in UTC, or the fixed one that SOURCE_DATE_EPOCH gives. Raises UsageError."""
    given = environment.get("SOURCE_DATE_EPOCH")
    if not given:
        return lambda: datetime.now(UTC)
    try:
        fixed = datetime.fromtimestamp(int(given), UTC)
    except (ValueError, OverflowError, OSError) as fault:
        message = f'SOURCE_DATE_EPOCH is "{given}"; it must be seconds since 1970-01-01'
        raise UsageError(message) from fault
    return lambda: fixed
