"""A group of commands, each imported only when it is called, so that the rest costs no time."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """A click group whose commands are the attribute `command` of the modules it is given.

    `modules` maps a command's name to its module, in the order in which help lists them.
    """

    def __init__(self, *args: Any, modules: Mapping[str, str], **options: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **options)
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The commands in the order of the table, which is the order of the work."""
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the command of this name, if there is one."""
        if cmd_name not in self._modules:
            return None
        command = import_module(self._modules[cmd_name]).command
        if not isinstance(command, click.Command):
            raise TypeError(f"{self._modules[cmd_name]} has no click command named `command`")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was called; an unknown one is refused with the names nearest to it."""
        if args and not args[0].startswith("-") and args[0] not in self._modules:
            near = difflib.get_close_matches(args[0], self._modules) or list(self._modules)
            names = ", ".join(near)
            ctx.fail(f'there is no command "{args[0]}"; did you mean one of these: {names}?')
        return super().resolve_command(ctx, args)
