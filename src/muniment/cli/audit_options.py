"""What all commands of the audit share: where the ledger is, and who is named in it."""

from __future__ import annotations

import click

EVERY_DAYS = 90  # what is promised where nobody says otherwise
LEDGER = click.option(
    "--ledger",
    envvar="MUNIMENT_LEDGER",
    show_envvar=True,
    metavar="FILE|URL",
    help="The ledger: a file (SQLite), or postgresql://... ; else `ledger` of muniment.toml, else "
    "a file in your data folder.",
)
BY = click.option(
    "--by",
    metavar="NAME",
    help="Who is named in the history: a role or a short name; else the `agent` or `organization` "
    "of muniment.toml.",
)


def named_agent(given: str | None) -> str:
    """Who is named in an event: as given, else the house's agent, else the program."""
    from muniment.configuration import house_configuration

    house = house_configuration()
    return given or house.agent or house.organization or "muniment"
