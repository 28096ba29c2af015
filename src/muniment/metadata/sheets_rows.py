"""A row of a table -> the tree of a record, each value with the cell it came from.

The tree's lines are rows and its columns are those of the table, both from 1, so that whatever
judges a tree judges a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from muniment.metadata.nodes import ListNode, Node, ObjectNode, ScalarNode
from muniment.metadata.record import DateKind
from muniment.metadata.sheets_columns import Columns, Slot
from muniment.metadata.sheets_table import (
    CellKind,
    Note,
    TableRow,
    Tell,
    TypedCell,
    letters,
    text_of,
)
from muniment.metadata.texts import impossible_codes, without_impossible
from muniment.model.findings import JsonValue, Rule
from muniment.model.rules import record as rules

SEPARATOR = "||"
_SUBDIVISION = "--"
# Parts that go for every value of a cell where they are given once.
_FOR_ALL = frozenset({"lang", "authority", "type", "role"})
# Parts that one value may have several of.
_SEVERAL = frozenset({"role", "alternative", "affiliation"})
_YES_OR_NO = frozenset({"supplied", "keyDate", "invalid"})
_WORDS = {"true": True, "yes": True, "false": False, "no": False}
_DATES = frozenset(DateKind)
_DATE_PARTS = frozenset({"date", "created", "changed"})
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR = re.compile(r"[12][0-9]{3}")
_SHORTENED = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+[0-9]+")
_ERRORS = frozenset({"#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#N/A"})
_OVERFLOWN = re.compile(r"#{4,}")
_LONGEST_VALUE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRow:
    """The record of a row. `lost` are the properties whose values could not be read."""

    root: ObjectNode
    lost: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowReader:
    """Reads the rows of one table."""

    columns: Columns
    is_ragged: bool

    def read(self, row: TableRow, tell: Tell) -> ReadRow | None:
        """The record of a row, or None where its cells cannot be told to their columns."""
        if self._is_too_long(row, tell):
            return None
        if self.is_ragged and len(row.cells) < len(self.columns.headings):
            tell(_too_short(row, len(self.columns.headings)))
        cells = _Cells(row, tell)
        lost: set[str] = set()
        values: dict[str, list[Node]] = {}
        for slot in self.columns.slots:
            items = _items(slot, cells)
            if cells.loses:
                lost.add(slot.name)
                cells.loses = False
            if items:
                values.setdefault(slot.name, []).extend(items)
        entries = tuple(_entry(name, items) for name, items in values.items())
        root = ObjectNode(entries=entries, line=row.number, column=1)
        return ReadRow(root=root, lost=frozenset(lost))

    def _is_too_long(self, row: TableRow, tell: Tell) -> bool:
        width = len(self.columns.headings)
        if not self.is_ragged or len(row.cells) <= width:
            return False
        extra = [i for i, cell in enumerate(row.cells[width:], width) if text_of(cell).strip()]
        if not extra:
            return False
        first = text_of(row.cells[extra[0]])
        where = letters(extra[0])
        message = (
            f"the row has {extra[-1] + 1} cells and there are {width} headings;"
            f' cell {where}{row.number} holds "{_short(first)}". The row was not read'
        )
        evidence: dict[str, JsonValue] = {"expected": width, "actual": extra[-1] + 1}
        tell(
            Note(
                rule=rules.ROW_TOO_LONG,
                message=message,
                row=row.number,
                column=extra[0],
                line=row.line,
                evidence={**evidence, "value": first[:_LONGEST_VALUE]},
            )
        )
        return True


def _too_short(row: TableRow, width: int) -> Note:
    message = (
        f"the row has {len(row.cells)} cells and there are {width} headings; the last are taken"
        " for empty"
    )
    return Note(
        rule=rules.ROW_TOO_SHORT,
        message=message,
        row=row.number,
        line=row.line,
        evidence={"expected": width, "actual": len(row.cells)},
    )


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 60 else f"{words[:59]}…"  # noqa: PLR2004


def _entry(name: str, items: Sequence[Node]) -> tuple[ScalarNode, Node]:
    first = items[0]
    key = ScalarNode(value=name, raw=name, line=first.line, column=first.column)
    if len(items) == 1:
        return key, first
    return key, ListNode(items=tuple(items), line=first.line, column=first.column)


class _Cells:
    """The cells of one row, read with all that is strange about them told.

    `loses` says that a cell held something that is lost.
    """

    def __init__(self, row: TableRow, tell: Tell) -> None:
        self._row = row
        self._tell = tell
        self.number = row.number
        self.loses = False

    def note(self, rule: Rule, message: str, column: int, **evidence: JsonValue) -> None:
        """Tell something about a cell."""
        value = text_of(self._row.cells[column])[:_LONGEST_VALUE]
        self._tell(
            Note(
                rule=rule,
                message=message,
                row=self.number,
                column=column,
                line=self._row.line,
                evidence={"cell": f"{letters(column)}{self.number}", "value": value, **evidence},
            )
        )

    def text(self, column: int, *, is_date: bool) -> str:
        """What a cell says, without blanks around it; nothing where it is empty or lost."""
        cells = self._row.cells
        if column >= len(cells):
            return ""
        cell = cells[column]
        given = cell if isinstance(cell, str) else self._typed(cell, column, is_date=is_date)
        text = given.strip()
        if text and (text[0] in "#0123456789") and self._is_lost(text, column):
            self.loses = True
            return ""
        if not text.isprintable():
            text = self._possible(text, column)
        if text != given and text:
            self._blanks(given, text, column)
        return text

    def scalar(self, text: str, column: int) -> ScalarNode:
        """A value as part of the tree."""
        return ScalarNode(value=text, raw=text, line=self.number, column=column + 1)

    def _typed(self, cell: TypedCell, column: int, *, is_date: bool) -> str:
        if cell.formula:
            shown = f'its last result, "{_short(cell.text)}"' if cell.text else "nothing"
            self.note(rules.FORMULA, f"the cell holds a formula; {shown}, was read", column)
        match cell.kind:
            case CellKind.DATE:
                return self._date(cell, column, is_date=is_date)
            case CellKind.NUMBER:
                self._number(cell, column, is_date=is_date)
        return cell.text

    def _date(self, cell: TypedCell, column: int, *, is_date: bool) -> str:
        where = f'"{_short(cell.text)}"'
        if not is_date:
            message = f"the spreadsheet program has made the date {where} of what was typed here"
            self.note(rules.DATE_IN_TEXT, message, column)
        elif not cell.exact:
            message = f"the cell shows no whole day, and is read as {where}"
            self.note(rules.DATE_TYPED, message, column, expected=cell.text)
        return cell.text

    def _number(self, cell: TypedCell, column: int, *, is_date: bool) -> None:
        if not cell.exact:
            message = (
                f'the number "{_short(cell.text)}" has more than 15 digits, of which the'
                " spreadsheet program has lost the last"
            )
            self.note(rules.NUMBER_SHORTENED, message, column)
        elif not (is_date and _YEAR.fullmatch(cell.text)):
            message = f'the cell holds a number, and is read as "{cell.text}"'
            self.note(rules.NUMBER_TYPED, message, column)

    def _is_lost(self, text: str, column: int) -> bool:
        """Whether a spreadsheet program has put something else in the place of what was typed."""
        if text in _ERRORS or _OVERFLOWN.fullmatch(text):
            message = f'the cell holds "{text}", a fault that the spreadsheet program shows'
            self.note(rules.CELL_ERROR, message, column)
            return True
        if _SHORTENED.fullmatch(text):
            message = f'"{text}" is how a spreadsheet program shortens a long number'
            self.note(rules.NUMBER_SHORTENED, message, column)
            return True
        return False

    def _possible(self, text: str, column: int) -> str:
        for code in impossible_codes(text):
            message = f"the character {code} stands in this cell; XML cannot hold it"
            self.note(rules.IMPOSSIBLE_CHARACTER, message, column, actual=code)
        return without_impossible(text)

    def _blanks(self, given: str, text: str, column: int) -> None:
        if given != given.strip():
            side = "begins" if given[0].isspace() else "ends"
            message = f'the cell {side} with a blank; it is read as "{_short(text)}"'
            self.note(rules.STRAY_BLANKS, message, column, expected=text, actual=given)


def _items(slot: Slot, cells: _Cells) -> list[Node]:
    """The values that a row has in the columns of one slot."""
    texts = _values(slot, cells)
    if cells.loses:
        return []  # what else is said of the value hangs in the air
    parts = [(part, column, _part_texts(slot, part, column, cells)) for part, column in slot.parts]
    parts = [each for each in parts if any(each[2])]
    if slot.column is not None and not parts:
        return [cells.scalar(text, slot.column) for text in texts if text]
    if not texts and not parts:
        return []
    count = max(1, len(texts))
    paired = [
        (part, column, each)
        for part, column, given in parts
        if (each := _paired(slot, part, column, given, count=count, cells=cells)) is not None
    ]
    items = [_object(slot, texts, paired, index, cells) for index in range(count)]
    return [item for item in items if item is not None]


def _values(slot: Slot, cells: _Cells) -> list[str]:
    if slot.column is None:
        return []
    text = cells.text(slot.column, is_date=slot.name in _DATES)
    if SEPARATOR not in text:
        return [text] if text else []
    values = [value.strip() for value in text.split(SEPARATOR)]
    if not all(values):
        number = values.index("") + 1
        message = f'value {number} of the list "{_short(text)}" is empty'
        cells.note(rules.LIST_PART_EMPTY, message, slot.column)
    return values


def _part_texts(slot: Slot, part: str, column: int, cells: _Cells) -> list[str]:
    is_date = part in _DATE_PARTS and slot.name not in _DATES
    text = cells.text(column, is_date=is_date)
    return [each.strip() for each in text.split(SEPARATOR)] if text else []


_Paired = list[list[str]]


def _paired(
    slot: Slot, part: str, column: int, given: list[str], *, count: int, cells: _Cells
) -> _Paired | None:
    """The texts of a part for each value; None where they do not go together."""
    if count == 1 and (len(given) == 1 or part in _SEVERAL):
        return [given]
    if len(given) == count:
        return [[text] if text else [] for text in given]
    if len(given) == 1 and part in _FOR_ALL:
        return [given] * count
    message = (
        f"{slot.name} has {count} {'value' if count == 1 else 'values'} and {slot.name}.{part} has"
        f" {len(given)}; each value has its own, in the same order"
    )
    cells.note(rules.PARTS_DO_NOT_PAIR, message, column, expected=count, actual=len(given))
    return None


def _object(
    slot: Slot,
    texts: Sequence[str],
    paired: Sequence[tuple[str, int, _Paired]],
    index: int,
    cells: _Cells,
) -> Node | None:
    """A value and its parts, or the value alone where it has none."""
    text = texts[index] if index < len(texts) else ""
    entries: list[tuple[ScalarNode, Node]] = []
    if text and slot.main is not None and slot.column is not None:
        entries.append(_member(slot.main, cells.scalar(text, slot.column)))
    for part, column, given in paired:
        node = _part(part, given[index], column, cells)
        if node is not None:
            entries.append(_member(part, node))
    if not entries:
        return None
    if len(entries) == 1 and text:
        return entries[0][1]
    return ObjectNode(entries=tuple(entries), line=cells.number, column=entries[0][1].column)


def _member(name: str, node: Node) -> tuple[ScalarNode, Node]:
    return ScalarNode(value=name, raw=name, line=node.line, column=node.column), node


def _part(part: str, texts: Sequence[str], column: int, cells: _Cells) -> Node | None:
    filled = [text for text in texts if text]
    if not filled:
        return None
    if part in _YES_OR_NO:
        return _yes_or_no(part, filled[0], column, cells)
    if part == "subdivisions":
        filled = [text.strip() for text in filled[0].split(_SUBDIVISION)]
    if len(filled) == 1 and part != "subdivisions":
        return cells.scalar(filled[0], column)
    nodes: Iterator[Node] = (cells.scalar(text, column) for text in filled)
    return ListNode(items=tuple(nodes), line=cells.number, column=column + 1)


def _yes_or_no(part: str, text: str, column: int, cells: _Cells) -> Node | None:
    value = _WORDS.get(text.lower())
    if value is None:
        message = f'{part} is "{_short(text)}", and should be true or false'
        cells.note(rules.WRONG_TYPE, message, column, expected=["true", "false"], actual=text)
        return None
    return ScalarNode(value=value, raw=text, line=cells.number, column=column + 1)
