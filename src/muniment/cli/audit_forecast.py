"""`muniment audit forecast`: can the promises be kept?"""

from __future__ import annotations

import os
from decimal import Decimal, InvalidOperation

import click

from muniment.cli.audit_options import LEDGER
from muniment.cli.clock import clock
from muniment.cli.intervals import interval_in_seconds
from muniment.cli.judging import judging
from muniment.cli.sizes import size_in_bytes
from muniment.configuration import house_configuration
from muniment.model.findings import Report
from muniment.storage.progress import Progress

_MOST = 1_000_000


def _decimal(
    _context: click.Context, _parameter: click.Parameter, value: str | None
) -> Decimal | None:
    """Read a number, not below nothing; click's callback."""
    if value is None:
        return None
    try:
        number = Decimal(value)
    except InvalidOperation as fault:
        raise click.BadParameter(f'"{value}" is no number') from fault
    if not number.is_finite() or not 0 <= number <= _MOST:
        raise click.BadParameter(f'"{value}" is no number from 0 to {_MOST:,}')
    return number


@click.command(
    epilog="""\b
Examples:
  muniment audit forecast
  muniment audit forecast --time-limit 5h --growth 10
  muniment audit forecast --max-bytes 2TB --price-per-gb 0.09
"""
)
@click.option(
    "--time-limit", callback=interval_in_seconds, metavar="SPAN", help="What each run may take: 5h."
)
@click.option(
    "--max-bytes", callback=size_in_bytes, metavar="SIZE", help="What each run may read: 2TB."
)
@click.option(
    "--rate",
    callback=size_in_bytes,
    metavar="SIZE",
    help="Reckon with so many bytes a second, instead of what the last runs got through.",
)
@click.option(
    "--growth",
    callback=_decimal,
    default="0",
    metavar="PERCENT",
    help="How much the holdings grow a year.",
)
@click.option(
    "--price-per-gb",
    callback=_decimal,
    metavar="PRICE",
    help="What reading 10^9 bytes costs, in your currency.",
)
@LEDGER
@judging
def command(
    *,
    time_limit: int | None,
    max_bytes: int | None,
    rate: int | None,
    growth: Decimal,
    price_per_gb: Decimal | None,
    ledger: str | None,
    progress: Progress,  # noqa: ARG001 - the ledger answers at once
) -> Report:
    """Say before a run whether the promises can be kept, when the first breaks, and what it takes.

    From what falls due and what the last runs got through; what it reckons with is told. Nothing
    is read for it but the ledger.
    """
    from muniment import workflow
    from muniment.audit.rhythm import Budget
    from muniment.cli.ledgers import opened_ledger

    options = workflow.ForecastOptions(
        budget=Budget(seconds=time_limit, octets=max_bytes),
        rate=rate,
        growth=growth,
        price=price_per_gb,
        limits=house_configuration().locations,
    )
    with opened_ledger(ledger) as opened:
        return workflow.forecast_of(opened.ledger, options, clock=clock(os.environ))
