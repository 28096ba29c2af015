"""What all commands of the audit share: where the ledger is."""

from __future__ import annotations

import click

LEDGER = click.option(
    "--ledger",
    envvar="MUNIMENT_LEDGER",
    show_envvar=True,
    metavar="FILE|URL",
    help="The ledger: a file (SQLite), or postgresql://... ; else `ledger` of muniment.toml, else "
    "a file in your data folder.",
)
