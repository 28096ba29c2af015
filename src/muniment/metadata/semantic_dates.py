"""Dates: against the calendar and their encoding, spans in order, one key date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from muniment.metadata.date_encodings import date_bounds, date_fault
from muniment.metadata.semantic_faults import Fault, fault, quoted
from muniment.metadata.statements import DateField, Statement
from muniment.model.findings import Rule
from muniment.model.rules import metadata as rules

_LENIENT = frozenset({"marc", "temper"})


def faults_of_date(field: DateField, value: str) -> Iterator[Fault]:
    """A date that no calendar has, or that is not in its encoding."""
    found = date_fault(value, field.encoding)
    if found is not None:
        is_sure = found.kind in {"form", "past", "zone"}
        yield fault(
            _rule(found.kind, field),
            field,
            value,
            found.reason,
            found.expected if is_sure else None,
            nearest=found.expected,
            encoding=field.encoding,
        )


def _rule(kind: str, field: DateField) -> Rule:
    if field.encoding is None:
        return rules.PLAIN_DATE_IMPOSSIBLE
    if kind == "form" and field.encoding in _LENIENT:
        return rules.DEPARTS_FROM_ENCODING
    return {
        "calendar": rules.NOT_IN_CALENDAR,
        "form": rules.NOT_IN_ENCODING,
        "order": rules.SPAN_REVERSED,
        "past": rules.OLD_EDTF,
        "zone": rules.DEPARTS_FROM_ENCODING,
    }[kind]


Placed = tuple[Statement, Fault]


def faults_among_dates(dates: list[Statement]) -> Iterator[Placed]:
    """Spans whose two ends stand in two elements; and several key dates of one thing."""
    if any(_field(date).point for date in dates):
        yield from _spans(dates)
    keys = [date for date in dates if _field(date).is_key]
    if len(keys) > 1:
        yield from _several_keys(keys)


def _field(date: Statement) -> DateField:
    if not isinstance(date.field, DateField):
        raise TypeError("a date stands in a field of dates")
    return date.field


def _spans(dates: Iterable[Statement]) -> Iterator[Placed]:
    """Starts and ends of the same element in the same part of the description."""
    ends: dict[tuple[int, str, str | None], dict[str, Statement]] = {}
    for date in dates:
        field = _field(date)
        if field.point is not None:
            key = (date.group, field.name, field.encoding)
            ends.setdefault(key, {}).setdefault(field.point, date)
    names = {(group, name) for (group, name, _), span in ends.items() if "start" in span}
    for (group, name, encoding), span in ends.items():
        if "start" in span and "end" in span:
            yield from _order(span["start"], span["end"], encoding)
        elif (group, name) not in names:
            end = span["end"]
            reason = "it is the end of a span, but no start stands beside it"
            yield end, fault(rules.END_WITHOUT_START, end.field, end.value, reason)


def _order(start: Statement, end: Statement, encoding: str | None) -> Iterator[Placed]:
    first, _ = date_bounds(start.value.strip(), encoding)
    _, last = date_bounds(end.value.strip(), encoding)
    if first is not None and last is not None and first > last:
        reason = f"the span ends before its start, {quoted(start.value)}"
        start_value = start.value.strip()
        yield end, fault(rules.SPAN_REVERSED, end.field, end.value, reason, start=start_value)


def _several_keys(keys: list[Statement]) -> Iterator[Placed]:
    """Key dates of one thing beyond the first; the two ends of one span are one date."""
    first: dict[int, Statement] = {}
    for date in keys:
        kept = first.setdefault(date.item, date)
        if date is not kept and not _is_other_end(kept, date):
            reason = f"it is the key date, and so is {kept.field.name} {quoted(kept.value)}"
            yield date, fault(rules.SEVERAL_KEY_DATES, date.field, date.value, reason)


def _is_other_end(one: Statement, other: Statement) -> bool:
    points = {_field(one).point, _field(other).point}
    return (
        points == {"start", "end"}
        and one.group == other.group
        and one.field.name == other.field.name
    )
