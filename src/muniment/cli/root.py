"""The command `muniment` and the table of its commands."""

from __future__ import annotations

import gc
import sys
from typing import Any, NoReturn

import click

import muniment
from muniment.cli.exits import Exit, exit_code_of
from muniment.cli.lazy import LazyGroup
from muniment.cli.streams import say
from muniment.model.errors import EnvironmentFault

_MODULES = {
    "validate": "muniment.cli.validate",
    "package": "muniment.cli.package",
    "verify": "muniment.cli.verify",
    "update": "muniment.cli.update",
    "fetch": "muniment.cli.fetch",
    "deposit": "muniment.cli.deposit",
    "crosswalk": "muniment.cli.crosswalk",
    "audit": "muniment.cli.audit",
    "rules": "muniment.cli.rules",
}


# What a run learns of its files stays to its end: to search it all the time for what nobody holds
# any more costs a twentieth of the time and finds nothing.
_OBJECTS_BETWEEN_COLLECTIONS = 100_000


class RootGroup(LazyGroup):
    """The whole command line: every way it can end leads to an exit code of the contract."""

    def main(self, *args: Any, **options: Any) -> NoReturn:  # noqa: ANN401 - click's arguments
        """Run, and exit with the code."""
        gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
        run = super().main
        options["standalone_mode"] = False
        sys.exit(exit_code_of(lambda: run(*args, **options)))

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        """Run the command.

        A pipe that breaks inside it is no reader that went away: click must not take it for one
        and exit as if nothing were.
        """
        try:
            return super().invoke(ctx)
        except BrokenPipeError as fault:
            raise EnvironmentFault(f"a pipe broke: {fault}") from fault


@click.command(
    cls=RootGroup,
    invoke_without_command=True,
    modules=_MODULES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
A first round, from a text and its record to a bag and back:
  muniment validate record.yaml
  muniment package letter.txt --record record.yaml --output deposits
  muniment verify deposits/1952-12-27-letter
  muniment audit add deposits/1952-12-27-letter

\b
Every command has its own help, with an example: muniment verify --help
Exit codes: 0 pass, 1 fail, 2 wrong usage, 3 could not be completed, 4 a fault of muniment itself.
""",
)
@click.version_option(muniment.__version__, prog_name="muniment", message="%(prog)s %(version)s")
@click.pass_context
def root(context: click.Context) -> None:
    """Validate descriptions, package texts into BagIt bags, verify and audit what you keep.

    Only fetch, deposit and addresses such as s3:// use the network. Your sources are read, never
    changed.
    """
    if context.invoked_subcommand is None:
        say(context.get_help())
        context.exit(Exit.USAGE)
