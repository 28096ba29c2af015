"""Kinds of arguments that commands share: paths, dates, labelled values."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import click

# Whether a path exists and can be read is judged with the material, not the usage: others go on.
PATH = click.Path(path_type=Path, readable=False)

_CALENDAR_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def calendar_date(
    _context: click.Context, _parameter: click.Parameter, value: str | None
) -> str | None:
    """Refuse what is no day as BagIt wants it (RFC 8493 section 2.2.2); click's callback."""
    if value is None:
        return None
    try:
        if _CALENDAR_DATE.fullmatch(value):
            return date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    raise click.BadParameter(f'"{value}" is no date; write YYYY-MM-DD, such as 1952-12-27')
