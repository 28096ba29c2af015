"""Exceptions about us or our surroundings. Faults of the material are findings, not exceptions."""

from __future__ import annotations


class MunimentError(Exception):
    """Base of every exception this library raises on purpose; its text is written for a person."""


class UsageError(MunimentError):
    """The call or the configuration cannot work as given; nothing was touched (exit 2)."""


class MissingExtraError(UsageError):
    """An optional part is not installed; the message names the extra that brings it (exit 2)."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f'{what} needs an optional part: pip install "muniment[{extra}]"')
        self.extra = extra


class EnvironmentFault(MunimentError):  # noqa: N818 - a fault of the surroundings, not a bug
    """The surroundings stood in the way: unreachable, no permission, no space (exit 3)."""
