"""XLSX (ISO/IEC 29500) as tables: what is in the cells, and what a reader of the file must know.

Sheets are read as a stream, and texts that cells share lie in a temporary file meanwhile, so that
memory does not grow with the rows. A formula and its last result are both seen in one read; what
is merged or hidden is told. Nothing is resolved or fetched: a document type is refused.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO
from xml.parsers import expat

from muniment.metadata.sheets_table import Note, TableRow, Tell
from muniment.metadata.sheets_xlsx_cells import CellReader
from muniment.metadata.sheets_xlsx_parts import (
    BrokenWorkbookError,
    Parser,
    SharedTexts,
    Styles,
    local,
    read_relations,
)
from muniment.model.rules import record as rules

_LARGEST_PART = 2 * 2**30
_LARGEST_SMALL_PART = 64 * 2**20
_MOST_MERGED = 1000
_LAST_ROW = 1_048_576
_OLD = b"\xd0\xcf\x11\xe0"
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")


@dataclass(frozen=True, slots=True, kw_only=True)
class _SheetEntry:
    name: str
    part: str
    hidden: bool


class Workbook:
    """An open workbook. Raises BrokenWorkbookError where it is none."""

    def __init__(self, stream: BinaryIO) -> None:
        self._zip = _opened(stream)
        try:
            self._read_frame()
        except FAULTS as fault:
            raise BrokenWorkbookError(_reason(fault)) from fault

    def _read_frame(self) -> None:
        relations = read_relations(self.small("_rels/.rels"), "")
        main = next((part for kind, part in relations.values() if kind == "officeDocument"), None)
        if main is None:
            raise BrokenWorkbookError("it names no workbook within")
        folder, _, file = main.rpartition("/")
        inner = f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"
        related = read_relations(self.small(inner), folder)
        self._frame = _Frame(related)
        Parser(self._frame.start).read([self.small(main)])
        parts = dict(related.values())
        self._styles = Styles(self.small(parts["styles"]) if "styles" in parts else b"")
        self._texts = SharedTexts()
        if "sharedStrings" in parts:
            self._texts.read(self.chunks(parts["sharedStrings"]))

    @property
    def tables(self) -> tuple[XlsxTable, ...]:
        """The sheets that a person sees."""
        return tuple(
            XlsxTable(self, entry.name, entry.part)
            for entry in self._frame.sheets
            if not entry.hidden
        )

    @property
    def hidden(self) -> tuple[str, ...]:
        """The names of the sheets that are hidden."""
        return tuple(entry.name for entry in self._frame.sheets if entry.hidden)

    def cell_reader(self) -> CellReader:
        """What makes values of cells in this workbook."""
        return CellReader(self._texts, self._styles, from_1904=self._frame.from_1904)

    def small(self, part: str) -> bytes:
        """The bytes of a part that is never large; none where it is not there."""
        try:
            info = self._zip.getinfo(part)
        except KeyError:
            return b""
        if info.file_size > _LARGEST_SMALL_PART:
            raise BrokenWorkbookError(f"{part} within it is {info.file_size:,} bytes")
        return self._zip.read(info)

    def chunks(self, part: str) -> Iterator[bytes]:
        """The bytes of a part in pieces."""
        info = self._zip.getinfo(part)
        if info.file_size > _LARGEST_PART:
            raise BrokenWorkbookError(f"{part} within it is {info.file_size:,} bytes")
        with self._zip.open(info) as stream:
            while piece := stream.read(1 << 18):
                yield piece

    def close(self) -> None:
        """Let go of the file and of what was put aside."""
        self._texts.close()
        self._zip.close()


FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    KeyError,
    ValueError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)
"""What reading a damaged or hostile workbook may raise."""


def _opened(stream: BinaryIO) -> zipfile.ZipFile:
    if stream.read(4) == _OLD:
        raise BrokenWorkbookError("it is protected by a password, or in the old format .xls")
    try:
        return zipfile.ZipFile(stream)
    except FAULTS as fault:
        raise BrokenWorkbookError(_reason(fault)) from fault


def _reason(fault: BaseException) -> str:
    if isinstance(fault, RuntimeError) and "password" in str(fault):
        return "it is protected by a password"
    return str(fault).strip("'") or type(fault).__name__


class _Frame:
    """What the workbook says of itself: its sheets and where its days begin."""

    def __init__(self, relations: dict[str, tuple[str, str]]) -> None:
        self.sheets: list[_SheetEntry] = []
        self.from_1904 = False
        self._relations = relations

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if name == "workbookPr":
            self.from_1904 = attributes.get("date1904") in {"1", "true"}
        elif name == "sheet":
            key = next((v for k, v in attributes.items() if local(k) == "id" and k != "id"), "")
            kind, part = self._relations.get(key, ("", ""))
            if kind == "worksheet":
                hidden = attributes.get("state", "visible") != "visible"
                sheet = _SheetEntry(name=attributes.get("name", ""), part=part, hidden=hidden)
                self.sheets.append(sheet)


class XlsxTable:
    """One sheet of a workbook."""

    is_ragged = False

    def __init__(self, workbook: Workbook, name: str, part: str) -> None:
        self._workbook = workbook
        self.name = name
        self._part = part

    def rows(self, tell: Tell) -> Iterator[TableRow]:
        """The rows that are not empty; merged cells are told at the end."""
        reader = _SheetReader(self._workbook.cell_reader())
        parser = Parser(reader.start, reader.end, reader.text)
        try:
            for chunk in self._workbook.chunks(self._part):
                parser.feed(chunk)
                yield from reader.take()
            parser.feed(b"", last=True)
        except FAULTS as fault:
            message = f"the sheet cannot be read any further: {_reason(fault)}"
            tell(Note(rule=rules.WORKBOOK_BROKEN, message=message, row=reader.number or None))
            return
        yield from reader.take()
        for merged in reader.merged:
            tell(_merged(merged))


def _merged(area: str) -> Note:
    found = _REFERENCE.match(area)
    message = f"the cells {area} are merged; only the first of them has a value"
    row = int(found[2]) if found else None
    column = column_number(found[1]) if found else None
    return Note(rule=rules.MERGED, message=message, row=row, column=column, evidence={"cell": area})


def column_number(name: str) -> int:
    """The column that spreadsheet programs call by letters: A is 0."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


class _SheetReader:
    """Takes the elements of a sheet as they come, and makes rows of them."""

    def __init__(self, cells: CellReader) -> None:
        self.number = 0
        self.merged: list[str] = []
        self._cells = cells
        self._rows: list[TableRow] = []
        self._row: list[object] = []
        self._column = -1

    def take(self) -> list[TableRow]:
        """The rows that are finished."""
        rows, self._rows = self._rows, []
        return rows

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if name == "c":
            self._begin_cell(attributes)
        elif name == "row":
            self.number = int(attributes.get("r", self.number + 1))
            if self.number > _LAST_ROW:
                raise ValueError(f"row {self.number:,} is beyond the last that a sheet can have")
            self._row, self._column = [], -1
        elif name == "mergeCell" and len(self.merged) < _MOST_MERGED:
            self.merged.append(attributes.get("ref", ""))
        else:
            self._cells.start(name)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            self._column = column_number(reference.rstrip("0123456789"))
        if not len(self._row) <= self._column < 16_384:  # noqa: PLR2004 - a sheet's last column
            raise ValueError(f"cell {reference} is not in its order")
        self._cells.begin(attributes)

    def text(self, data: str) -> None:
        """Text within an element."""
        self._cells.text(data)

    def end(self, name: str) -> None:
        """An element ends."""
        if name == "c":
            value = self._cells.finish()
            if value != "":
                self._row += [""] * (self._column - len(self._row))
                self._row.append(value)
        elif name == "row":
            if any(not isinstance(cell, str) or cell.strip() for cell in self._row):
                self._rows.append(TableRow(number=self.number, cells=self._row))  # type: ignore[arg-type]
            self._row = []
        else:
            self._cells.end(name)
