"""`muniment audit history`: every event, in plain words or in PREMIS."""

from __future__ import annotations

import os
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import click

from muniment.cli.arguments import PATH
from muniment.cli.audit_options import LEDGER
from muniment.cli.streams import write_result
from muniment.model.errors import UsageError

if TYPE_CHECKING:
    from muniment.audit.ledger import Ledger
    from muniment.audit.states import HoldingState


class HistoryFormat(StrEnum):
    """The forms of a history."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    PREMIS = "premis"


@click.command(
    name="history",
    epilog="""\b
Examples:
  muniment audit history deposits/1952-12-27-letter
  muniment audit history --format jsonl > history.jsonl
  muniment audit history 1952-12-27-letter --format premis > premis-audit.xml
  muniment audit history 1952-12-27-letter --into deposits/1952-12-27-letter --by "City Archive"

\b
--into changes the bag, as `muniment update` does: record that afterwards with `audit accept`.
""",
)
@click.argument("holding", required=False, metavar="[HOLDING]")
@click.option(
    "--format",
    "form",
    type=click.Choice([str(form) for form in HistoryFormat]),
    default=str(HistoryFormat.TEXT),
    help="How to write it: in plain words, as JSON, as JSON lines with the summary last, or as "
    "PREMIS 3.0.",
)
@click.option(
    "--into",
    type=PATH,
    metavar="BAG",
    help="Put the holding's history into this bag, as metadata/premis-audit.xml.",
)
@click.option("--by", metavar="WHO", help="With --into: who asked for it, such as an office.")
@click.option(
    "--reason",
    default="The history of its audit was put into the bag",
    show_default=True,
    help="With --into: why; it is kept in metadata/premis.xml.",
)
@LEDGER
def command(
    *,
    holding: str | None,
    form: str,
    into: Path | None,
    by: str | None,
    reason: str,
    ledger: str | None,
) -> int | None:
    """Tell what happened to a holding, or to all of them, in the order in which it happened.

    HOLDING is its id, name or place. Nothing is ever taken out of a history, and what became of a
    retired holding stays in it.
    """
    from muniment.cli.ledgers import opened_ledger

    with opened_ledger(ledger) as opened:
        state = None if holding is None else opened.ledger.find(holding)
        if into is not None:
            if state is None or by is None:
                raise UsageError("--into needs a HOLDING, and --by: who asked for it")
            return _into_bag(opened.ledger, state, into, by=by, reason=reason)
        write_result(_pieces(opened.ledger, state, HistoryFormat(form)), encoding=_encoding(form))
    return None


def _encoding(form: str) -> str | None:
    """Text is written as the terminal has it; forms for programs are UTF-8."""
    return None if form == HistoryFormat.TEXT else "utf-8"


def _pieces(ledger: Ledger, state: HoldingState | None, form: HistoryFormat) -> Iterator[str]:
    from muniment.render import history
    from muniment.workflow.audit_history import event_data, history_premis

    if form is HistoryFormat.PREMIS:
        return (piece.decode() for piece in history_premis(ledger, state))
    of = None if state is None else state.id
    events = map(event_data, ledger.events(holding=of))
    match form:
        case HistoryFormat.JSON:
            return history.json(ledger.origin, of, events)
        case HistoryFormat.JSONL:
            return history.jsonl(ledger.origin, of, events)
        case _:
            return history.text(events)


def _into_bag(ledger: Ledger, state: HoldingState, into: Path, *, by: str, reason: str) -> int:
    from muniment.cli.clock import clock
    from muniment.cli.judging import Format, Showing, exit_of, show
    from muniment.model.findings import Severity
    from muniment.storage.progress import Silent
    from muniment.workflow.audit_history import IntoBag, history_into_bag

    report = history_into_bag(
        ledger,
        state,
        IntoBag(bag=into, reason=reason, by=by),
        now=clock(os.environ),
        progress=Silent(),
    )
    show(report, Showing(form=Format.TEXT, fail_on=Severity.ERROR, quiet=False))
    return exit_of(report)
