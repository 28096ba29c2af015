"""`muniment update`: what a bag says of itself is changed, and the change is told in the bag."""

from __future__ import annotations

import os
from pathlib import Path

import click

from muniment.cli.arguments import PATH, calendar_date
from muniment.cli.cores import usable_cores
from muniment.cli.judging import judging
from muniment.model.digests import Algorithm
from muniment.model.errors import UsageError
from muniment.model.findings import Report
from muniment.storage.progress import Progress


@click.command(
    epilog="""\b
Examples:
  muniment update deposits/letter --bag-info "Contact-Name: The reading room" \\
      --reason "New contact" --by "City Archive, Accessions"
  muniment update deposits/letter --record record.yaml --reason "Date corrected" --by "City Archive"
  muniment update deposits/letter --algorithm sha512 --drop-algorithm md5 \\
      --reason "MD5 is no longer enough" --by "City Archive"
  muniment update deposits/old --to-1.0 --reason "Brought to BagIt 1.0" --by "City Archive"
"""
)
@click.argument("bag", type=PATH, metavar="BAG")
@click.option(
    "--record",
    type=PATH,
    metavar="FILE",
    help="A new description: a record in YAML or JSON, or MODS or Dublin Core in XML. MODS and "
    "Dublin Core are made anew of it.",
)
@click.option(
    "--bag-info",
    multiple=True,
    metavar='"LABEL: VALUE"',
    help="A line of bag-info.txt, in place of all lines of that label, or as a new last line; may "
    "be repeated.",
)
@click.option(
    "--remove-bag-info",
    multiple=True,
    metavar="LABEL",
    help="Remove all lines of a label; may be repeated.",
)
@click.option(
    "--tag-file",
    "tag_files",
    multiple=True,
    metavar="PATH=FILE",
    help="Put a file into the bag, outside data/, new or in place of the one at PATH; may be "
    "repeated.",
)
@click.option(
    "--remove-tag-file",
    "remove_tag_files",
    multiple=True,
    metavar="PATH",
    help="Take a file out that lies outside data/; may be repeated.",
)
@click.option(
    "--algorithm",
    "algorithms",
    multiple=True,
    type=click.Choice([str(algorithm) for algorithm in Algorithm], case_sensitive=False),
    metavar="NAME",
    help=f"Add a checksum algorithm; may be repeated. One of {', '.join(Algorithm)}.",
)
@click.option(
    "--drop-algorithm",
    "drop_algorithms",
    multiple=True,
    metavar="NAME",
    help="Remove an algorithm's manifests, once their checksums have been verified; may be "
    "repeated.",
)
@click.option(
    "--to-1.0",
    "to_1_0",
    is_flag=True,
    help="Bring an older bag to BagIt 1.0, its tag files to UTF-8.",
)
@click.option(
    "--date",
    metavar="YYYY-MM-DD",
    callback=calendar_date,
    help="The day of the update, for its event in metadata/premis.xml. Else SOURCE_DATE_EPOCH, "
    "else now (UTC). Bagging-Date stays as it is.",
)
@click.option("--reason", required=True, help="Why; it is kept in metadata/premis.xml.")
@click.option(
    "--by",
    required=True,
    metavar="WHO",
    help="Who asked for it, such as an office; it is kept in metadata/premis.xml.",
)
@click.option(
    "--ledger",
    metavar="FILE|URL",
    help="Record the change in this ledger, where the bag is a holding: the next audit then takes "
    "the bag for what it is meant to be.",
)
@judging
def command(
    *,
    bag: Path,
    record: Path | None,
    bag_info: tuple[str, ...],
    remove_bag_info: tuple[str, ...],
    tag_files: tuple[str, ...],
    remove_tag_files: tuple[str, ...],
    algorithms: tuple[str, ...],
    drop_algorithms: tuple[str, ...],
    to_1_0: bool,
    date: str | None,
    reason: str,
    by: str,
    ledger: str | None,
    progress: Progress,
) -> Report:
    """Change what a bag says of itself: metadata, bag-info.txt, checksums, version.

    Verifies the bag and computes new checksums in the same read. A bag that is not valid is
    refused and left as it is. The payload is never changed. The new tag files take their places
    together; if that is interrupted, the same command finishes it. Why and by whom is written
    into metadata/premis.xml, with the digests of the tag manifests before and after.
    """
    from muniment import workflow
    from muniment.cli.clock import clock
    from muniment.configuration import bag_info_field

    request = workflow.UpdateRequest(
        bag=bag,
        reason=reason,
        by=by,
        record=record,
        bag_info=tuple(map(bag_info_field, bag_info)),
        remove_bag_info=remove_bag_info,
        tag_files=tuple(map(_tag_file, tag_files)),
        remove_tag_files=remove_tag_files,
        algorithms=tuple(dict.fromkeys(map(Algorithm, algorithms))),
        drop_algorithms=tuple(dict.fromkeys(name.lower() for name in drop_algorithms)),
        to_1_0=to_1_0,
        date=date,
    )
    now = clock(os.environ)
    if ledger is None:
        return workflow.update(request, now=now, workers=usable_cores(), progress=progress)
    from muniment.cli.ledgers import opened_ledger

    with opened_ledger(ledger) as opened:
        recorded = workflow.RecordedUpdate(
            ledger=opened.ledger,
            request=request,
            now=now,
            workers=usable_cores(),
            progress=progress,
        )
        return recorded.carry_out()


def _tag_file(given: str) -> tuple[str, Path]:
    """The path in the bag and the file of `PATH=FILE`."""
    path, equals, file = given.partition("=")
    if not equals or not path or not file:
        raise UsageError(f'--tag-file "{given}" is not of the form PATH=FILE')
    return path, Path(file)
