"""Who does the work: how many processes of this machine, or which cluster."""

from __future__ import annotations

import os
import sys

import click

WORKERS = click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many processes work at once; else as many as there are cores.",
)
CLUSTER = click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Let the workers of a Dask cluster do the work, tcp://scheduler:8786; they must see the "
    "same files under the same paths.",
)


def usable_cores() -> int:
    """The cores that this process may use: those of its container or job, not of the machine."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
