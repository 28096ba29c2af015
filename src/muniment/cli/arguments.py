"""Kinds of arguments that commands share: paths, dates, labelled values."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from muniment.storage.addresses import Home

# Whether a path exists and can be read is judged with the material, not the usage: others go on.
PATH = click.Path(path_type=Path, readable=False)


def home(text: str) -> Home:
    """A path, or an address such as s3://bucket/bag; click's type. Raises UsageError."""
    from muniment.storage.addresses import home_of

    return home_of(text)


# How long a store may be silent; an argument `timeout`.
TIMEOUT = click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True, max=86400),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="How long an object store may give nothing before it is asked again; after six times "
    "that, it is given up.",
)

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
