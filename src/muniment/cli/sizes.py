"""Sizes on the command line: `--max-bytes 500GB`."""

from __future__ import annotations

import click

from muniment.model.sizes import octets_of


def size_in_bytes(
    _context: click.Context, _parameter: click.Parameter, value: str | None
) -> int | None:
    """Read a size of at least one byte; click's callback."""
    if value is None:
        return None
    try:
        return octets_of(value)
    except ValueError as fault:
        raise click.BadParameter(str(fault)) from fault
