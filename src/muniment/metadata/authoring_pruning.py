"""Values that may be more than an authored record can hold -> those that its schema accepts.

The schema itself decides: what it refuses is taken out, until it refuses nothing that could be.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from muniment.metadata.json_schema import Departure, departures

Values = dict[str, Any]
_Path = tuple[str | int, ...]


def prune(values: Values) -> Values:
    """The values without what the schema of authored records refuses.

    What the record itself lacks, such as a title, stays lacking.
    """
    while refused := [path for found in departures(values) for path in _refused(found)]:
        for path in dict.fromkeys(refused):
            _take_out(values, path)
        values = _without_nothing(values)
    return values


def _refused(found: Departure) -> Iterator[_Path]:
    """The places that a departure from the schema makes us take out."""
    if found.keyword == "additionalProperties":
        yield from ((*found.path, name) for name in found.value.keys() - set(found.known))
    elif found.keyword == "dependentRequired":
        yield from ((*found.path, name) for name in found.wanted if name in found.value)
    elif found.path:
        yield found.path


def _take_out(values: Values, path: _Path) -> None:
    """Put None where the value stands; of a list where one value belongs, the first stays."""
    holder: Any = values
    for step in path[:-1]:
        holder = holder[step] if holder is not None else None
    if holder is not None:
        value = holder[path[-1]]
        holder[path[-1]] = value[0] if isinstance(value, list) and value else None


def _without_nothing(value: Any) -> Any:  # noqa: ANN401 - JSON data
    """The same without None, empty lists and empty objects."""
    if isinstance(value, dict):
        inner = {name: _without_nothing(part) for name, part in value.items()}
        return {name: part for name, part in inner.items() if part not in (None, [], {})}
    if isinstance(value, list):
        items = [_without_nothing(part) for part in value]
        return [part for part in items if part not in (None, [], {})]
    return value
