"""A history in its forms: lines for a person, a JSON document, JSON lines. Streamed in all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from muniment.model.findings import JsonValue, Report, Severity
from muniment.render.escaping import visible
from muniment.render.shape import Data, head, plain
from muniment.render.streaming import INDENTED, ONE_LINE

EventData = Mapping[str, JsonValue]

_COMMAND = "audit history"


def text(events: Iterable[EventData]) -> Iterator[str]:
    """An event a paragraph: when, its number, what it happened to, by whom; then what happened."""
    for event in events:
        about = event["holding"] or event["run"] or "the ledger"
        by = visible(str(event["by"]))
        yield f"{event['at']}  #{event['number']:,}  {event['kind']}  {about}  by {by}\n"
        yield f"    {visible(str(event['told']))}\n"


def json(ledger: str, holding: str | None, events: Iterable[EventData]) -> Iterator[str]:
    """One document in the shape of a report; its result holds the events."""
    whole = _head() | {"subjects": []}
    del whole["result"]
    yield INDENTED.value(whole).removesuffix("\n}") + ',\n  "result": '
    result: Data = {"ledger": ledger, "holding": holding}
    members = ([INDENTED.value(_plain(each), 3)] for each in events)
    yield from INDENTED.holding(result, "events", members, level=1)
    yield "\n}\n"


def jsonl(ledger: str, holding: str | None, events: Iterable[EventData]) -> Iterator[str]:
    """An event a line; the last line is the summary, and tells that the history is whole."""
    for event in events:
        yield f"{ONE_LINE.value(_plain(event))}\n"
    result: Data = {"ledger": ledger, "holding": holding}
    yield f"{ONE_LINE.value(_head() | {'result': result})}\n"


def _head() -> Data:
    return head(Report(command=_COMMAND), fail_on=Severity.ERROR)


def _plain(event: EventData) -> Data:
    return {name: plain(value) for name, value in event.items()}
