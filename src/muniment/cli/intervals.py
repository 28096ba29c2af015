"""Spans of time on the command line: `--every 90d`, `--time-limit 5h`."""

from __future__ import annotations

import click

from muniment.model.intervals import seconds_of


def interval_in_seconds(
    _context: click.Context, _parameter: click.Parameter, value: str | None
) -> int | None:
    """Read a span of time; click's callback."""
    if value is None:
        return None
    try:
        return seconds_of(value)
    except ValueError as fault:
        raise click.BadParameter(str(fault)) from fault
