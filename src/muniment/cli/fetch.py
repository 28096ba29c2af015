"""`muniment fetch`: what a holey bag leaves to be brought in."""

from __future__ import annotations

from pathlib import Path

import click

from muniment.cli.arguments import PATH
from muniment.cli.judging import judging
from muniment.model.findings import Report
from muniment.storage.progress import Progress

_MOST_CONNECTIONS = 64


@click.command(
    epilog="""\b
Examples:
  muniment fetch deposits/letter
  muniment fetch deposits/letter --max-bytes 10000000000 --connections 8
  muniment fetch deposits/letter --allow-private
"""
)
@click.argument("bag", type=PATH, metavar="BAG")
@click.option(
    "--allow-scheme",
    "schemes",
    multiple=True,
    type=click.Choice(["file"]),
    help="A scheme to follow beside http and https; may be repeated. file reads files of this "
    "machine.",
)
@click.option(
    "--allow-private",
    is_flag=True,
    help="Follow addresses of this machine and of private networks too.",
)
@click.option(
    "--max-bytes",
    type=click.IntRange(min=0),
    metavar="N",
    help="Bring in so many bytes at most, in all.",
)
@click.option(
    "--connections",
    type=click.IntRange(1, _MOST_CONNECTIONS),
    default=4,
    show_default=True,
    metavar="N",
    help="How many files to fetch at a time.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True, max=86400),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="How long a server may give nothing, or next to nothing, before it is tried again.",
)
@judging
def command(
    *,
    bag: Path,
    schemes: tuple[str, ...],
    allow_private: bool,
    max_bytes: int | None,
    connections: int,
    timeout: float,
    progress: Progress,
) -> Report:
    """Bring in the payload that a bag's fetch.txt names.

    Each file is digested while it arrives and put into the bag only when every manifest agrees.
    What has arrived of a file stays beside the bag, and the next run goes on from there. fetch.txt
    stays in the bag. A bag that cannot be completed yet ends with exit code 3.
    """
    from muniment import workflow

    request = workflow.FetchRequest(
        bag=bag,
        schemes=frozenset(schemes),
        allow_private=allow_private,
        most_bytes=max_bytes,
        connections=connections,
        timeout=timeout,
    )
    return workflow.fetch(request, progress=progress)
