"""What a table is made of, whatever file it came from: rows, cells, and notes on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from muniment.model.findings import JsonValue, Rule

LONGEST_CELL = 128 * 1024
"""Characters; spreadsheet programs hold 32,767."""


class CellKind(StrEnum):
    """What a spreadsheet program keeps in a cell that is not text."""

    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    ERROR = "error"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedCell:
    """A cell that is not plain text. `text` is how it is read.

    `exact` is False where the file keeps less than was typed: a number of more than 15 digits, a
    date shown by its month alone. `formula` says that the value was computed.
    """

    kind: CellKind
    text: str
    exact: bool = True
    formula: bool = False


Cell = str | TypedCell


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A row that holds something. `number` counts as spreadsheet programs do, from 1.

    `line` is where it begins in a file of lines. Cells are in their columns; "" is an empty one.
    """

    number: int
    cells: Sequence[Cell]
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What is wrong at a row or cell; the heading is found later. Columns count from 0."""

    rule: Rule
    message: str
    row: int | None = None
    column: int | None = None
    line: int | None = None
    evidence: Mapping[str, JsonValue] = field(default_factory=dict)


Tell = Callable[[Note], None]


class Table(Protocol):
    """One sheet of a file."""

    @property
    def name(self) -> str | None:
        """The sheet's name; None where a file is one table."""

    @property
    def is_ragged(self) -> bool:
        """Whether the number of cells in a row says something: in CSV it does."""

    def rows(self, tell: Tell) -> Iterator[TableRow]:
        """The rows that are not empty, in order; what is wrong with a row is told before it."""


def text_of(cell: Cell) -> str:
    """The text of a cell as it is read."""
    return cell if isinstance(cell, str) else cell.text


def letters(column: int) -> str:
    """A column as spreadsheet programs name it: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
