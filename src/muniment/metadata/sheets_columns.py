"""The headings of a table -> what its columns hold.

A heading is the name of a property: `title`, `creator`. A second value has a column of the same
name again, or `creator.2`, or stands in the same cell behind `||`. What a value says of itself has
a column too: `creator.role`, `creator.2.role`, `title.lang`. Upper and lower case and blanks do not
keep a heading from being understood. A heading that begins with `#` is a note to oneself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any

from muniment.metadata.json_schema import SCHEMA_FILE
from muniment.metadata.sheets_table import Note, TableRow, Tell, letters, text_of
from muniment.model.findings import Rule
from muniment.model.rules import record as rules

FILES = "files"
"""The heading of the column that names a row's files, for packaging."""
_MOST_COLUMNS = 1000
_MOST_UNKNOWN = 100
_LONGEST_SHOWN = 60
_FILLING = re.compile(r"[\s_-]+")
_PREFIX = re.compile(r"(?:dc|dcterms)[:.](?=.)")
# What a related thing is called stands for it; a record's own data have no single value.
_MAIN = {"relation": "title", "recordInfo": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One value of a property, and the columns that it and its parts stand in, from 0.

    `main` is the name of the part that the value's own column holds, where the value is an object.
    """

    name: str
    main: str | None
    column: int | None
    parts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What the columns of a table hold. `headings` are as they stand, by column."""

    headings: tuple[str, ...]
    slots: tuple[Slot, ...]
    files: int | None = None

    def heading(self, column: int | None) -> str | None:
        """The heading over a column, as it stands in the file."""
        if column is None:
            return None
        named = self.headings[column].strip() if column < len(self.headings) else ""
        return named or f"column {letters(column)}"

    @property
    def has_title(self) -> bool:
        """Whether there is a column for what every record must have."""
        return any(slot.name == "title" for slot in self.slots)


@dataclass(frozen=True, slots=True)
class _Meant:
    """What a heading means: a property, which of its values (None: the next), and a part of it."""

    name: str
    number: int | None = None
    part: str | None = None

    def __str__(self) -> str:
        number = None if self.number is None else str(self.number)
        return ".".join(filter(None, (self.name, number, self.part)))


@cache
def record_schema() -> dict[str, Any]:
    """The JSON Schema of the record."""
    text = (files("muniment.schemas") / SCHEMA_FILE).read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


@cache
def parts_of(name: str) -> tuple[str | None, tuple[str, ...]]:
    """The part that a property's own column holds, and the other parts that may have columns."""
    schema = record_schema()
    rule = schema["properties"][name]
    definition = rule.get("else", rule).get("$ref", "").rpartition("/")[2]
    parts = schema["$defs"].get(definition, {}).get("properties", {})
    main = _MAIN.get(definition, "value")
    return main, tuple(part for part in parts if part != main)


@cache
def _known() -> dict[str, tuple[str, str | None]]:
    """All names of columns without their numbers, by their plain form."""
    known: dict[str, tuple[str, str | None]] = {_plain(FILES): (FILES, None)}
    for name in record_schema()["properties"]:
        main, parts = parts_of(name)
        if main is not None:
            known[_plain(name)] = (name, None)
        known |= {_plain(f"{name}.{part}"): (name, part) for part in parts}
    return known


def _plain(text: str) -> str:
    return _FILLING.sub("", text).casefold()


def is_known(heading: str) -> bool:
    """Whether a text is a heading, give or take its case and blanks."""
    return _meaning(heading) is not None


def _meaning(heading: str) -> _Meant | None:
    words = _PREFIX.sub("", _plain(heading), count=1).split(".")
    numbers = [word for word in words[1:] if word.isascii() and word.isdigit() and len(word) < 5]  # noqa: PLR2004
    if len(numbers) > 1 or (numbers and int(numbers[0]) == 0):
        return None
    found = _known().get(
        ".".join(word for word in words if word not in numbers or word == words[0])
    )
    if found is None or (found[0] == FILES and numbers):
        return None
    return _Meant(found[0], int(numbers[0]) if numbers else None, found[1])


def columns_of(row: TableRow, tell: Tell) -> Columns | None:
    """What the heading row means; None where it holds not one heading that is known."""
    headings = [text_of(cell) for cell in row.cells]
    if len(headings) > _MOST_COLUMNS and any(text.strip() for text in headings[_MOST_COLUMNS:]):
        tell(_too_many(row, len(headings)))
    headings = headings[:_MOST_COLUMNS]
    meant = [_meaning(heading) for heading in headings]
    if not any(meant):
        tell(_no_headings(row, headings))
        return None
    for note in _deviations(row, headings, meant):
        tell(note)
    files = next((i for i, each in enumerate(meant) if each and each.name == FILES), None)
    return Columns(
        headings=tuple(headings), slots=tuple(_slots(row, headings, meant, tell)), files=files
    )


def _too_many(row: TableRow, number: int) -> Note:
    message = f"the headings fill {number:,} columns; only the first {_MOST_COLUMNS:,} are read"
    evidence = {"expected": _MOST_COLUMNS, "actual": number}
    return Note(rule=rules.TOO_MANY_COLUMNS, message=message, row=row.number, evidence=evidence)


def _no_headings(row: TableRow, headings: Sequence[str]) -> Note:
    shown = ", ".join(f'"{_short(text)}"' for text in headings[:5] if text.strip())
    message = (
        f"the first row that holds something reads {shown}; none of this is the name of a property,"
        " such as title, creator or created"
    )
    return Note(rule=rules.NO_HEADINGS, message=message, row=row.number, line=row.line)


def _deviations(
    row: TableRow, headings: Sequence[str], meant: Sequence[_Meant | None]
) -> Iterator[Note]:
    """Headings that are not understood, and those that are only by good will."""
    unknown = 0
    for column, (heading, meaning) in enumerate(zip(headings, meant, strict=True)):
        if not heading.strip() or heading.lstrip().startswith("#"):
            continue
        if meaning is None:
            unknown += 1
            if unknown <= _MOST_UNKNOWN:
                yield _unknown(row, column, heading)
        elif heading != str(meaning):
            yield _otherwise(row, column, heading, meaning)
    if unknown > _MOST_UNKNOWN:
        message = f"{unknown - _MOST_UNKNOWN:,} more headings are unknown"
        yield Note(rule=rules.HEADING_UNKNOWN, message=message, row=row.number, line=row.line)


def _unknown(row: TableRow, column: int, heading: str) -> Note:
    near = get_close_matches(_PREFIX.sub("", _plain(heading)), _known(), n=1, cutoff=0.7)
    nearest = ".".join(filter(None, _known()[near[0]])) if near else None
    message = f'the heading "{_short(heading)}" is the name of no property'
    message += f"; did you mean {nearest}?" if nearest else "; its column was not read"
    return _at_heading(rules.HEADING_UNKNOWN, message, row, column, expected=nearest)


def _otherwise(row: TableRow, column: int, heading: str, meaning: _Meant) -> Note:
    message = f'the heading "{_short(heading)}" is read as {meaning}'
    return _at_heading(rules.HEADING_DEVIATES, message, row, column, expected=str(meaning))


def _at_heading(
    rule: Rule, message: str, row: TableRow, column: int, *, expected: str | None
) -> Note:
    value = text_of(row.cells[column])[:1000]
    return Note(
        rule=rule,
        message=message,
        row=row.number,
        column=column,
        line=row.line,
        evidence={"actual": value, "expected": expected},
    )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


def _slots(
    row: TableRow, headings: Sequence[str], meant: Sequence[_Meant | None], tell: Tell
) -> Iterator[Slot]:
    """The columns brought together: each value with its parts, in the order of the sheet."""
    taken: dict[tuple[str, int], dict[str | None, int]] = {}
    for column, meaning in enumerate(meant):
        if meaning is None or meaning.name == FILES:
            continue
        number = meaning.number or _next(taken, meaning)
        parts = taken.setdefault((meaning.name, number), {})
        if meaning.part in parts:
            first = letters(parts[meaning.part])
            message = f'the heading "{_short(headings[column])}" stands over column {first} already'
            tell(_at_heading(rules.HEADING_TWICE, message, row, column, expected=None))
        else:
            parts[meaning.part] = column
    for (name, _), parts in taken.items():
        others = tuple((part, column) for part, column in parts.items() if part is not None)
        yield Slot(name=name, main=parts_of(name)[0], column=parts.get(None), parts=others)


def _next(taken: dict[tuple[str, int], dict[str | None, int]], meaning: _Meant) -> int:
    number = 1
    while meaning.part in taken.get((meaning.name, number), {}):
        number += 1
    return number
