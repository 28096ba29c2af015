"""CSV (RFC 4180) as a table: delimiter, encoding and quotation marks judged while it is read.

Read line by line, so that memory does not grow with the rows.
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from muniment.metadata.sheets_table import LONGEST_CELL, Note, TableRow, Tell, letters
from muniment.model.findings import JsonValue
from muniment.model.rules import record as rules

_LONGEST_LINE = 8 * 2**20
_PROBE_BYTES = 64 * 1024
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_DECLARED = re.compile(r"sep=(.)\r?\n?")
_BYTE = re.compile("[\udc80-\udcff]")
# The longer marks first: that of UTF-32 begins as that of UTF-16 does.
_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)

IsKnown = Callable[[str], bool]


class CsvTable:
    """A CSV file. `is_known` tells headings from other words, to find the delimiter by."""

    name = None
    is_ragged = True

    def __init__(self, stream: BinaryIO, is_known: IsKnown) -> None:
        self._stream = stream
        self._is_known = is_known

    def rows(self, tell: Tell) -> Iterator[TableRow]:
        """The rows that are not empty. The reading ends where the rest cannot be told apart."""
        text = _opened(self._stream, tell)
        try:
            yield from self._rows(text, tell)
        finally:
            if not self._stream.closed:
                text.detach()  # the stream is the caller's to close

    def _rows(self, text: io.TextIOWrapper, tell: Tell) -> Iterator[TableRow]:
        delimiter, declared = self._delimiter(text, tell)
        lines = _Lines(text)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        number = 1 if declared else 0
        while True:
            number += 1
            start = lines.read + 1
            lines.of_row.clear()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as fault:
                tell(_broken(str(fault), number, start))
                if _loses_the_rest(str(fault)) or not lines.finish_row(delimiter):
                    return
                continue
            if any(map(str.strip, cells)):
                yield _row(number, cells, start, tell)

    def _delimiter(self, text: io.TextIOWrapper, tell: Tell) -> tuple[str, bool]:
        """The delimiter, and whether a first line `sep=;` declares it, which is then read."""
        line = text.readline(_LONGEST_LINE)
        declared = _DECLARED.fullmatch(line)
        if declared is not None and declared[1] in _DELIMITERS:
            delimiter = declared[1]
        else:
            delimiter = max(_DELIMITERS, key=lambda mark: self._fitness(line, mark))
            text.seek(0)
        if delimiter != ",":
            message = f"the columns are parted by {_DELIMITERS[delimiter]}, and are read so"
            tell(Note(rule=rules.DELIMITER, message=message, evidence={"actual": delimiter}))
        return delimiter, declared is not None

    def _fitness(self, line: str, delimiter: str) -> tuple[int, int]:
        try:
            words = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            return 0, 0
        return sum(map(self._is_known, words)), len(words)


def _opened(stream: BinaryIO, tell: Tell) -> io.TextIOWrapper:
    """The text by UTF-8, or by the encoding that the file shows, which is then told."""
    head = stream.read(_PROBE_BYTES)
    stream.seek(0)
    encoding, name = _wide_encoding(head)
    if encoding is not None:
        message = f"the file is {name}, not UTF-8; it was read as {name}"
        evidence = {"expected": "UTF-8", "actual": name}
        tell(Note(rule=rules.NOT_UTF8, message=message, evidence=evidence))
    errors = "surrogateescape" if encoding is None else "replace"
    return io.TextIOWrapper(stream, encoding=encoding or "utf-8-sig", errors=errors, newline="")


def _wide_encoding(head: bytes) -> tuple[str | None, str]:
    for mark, encoding, name in _WIDE:
        if head.startswith(mark):
            return encoding, name
    if head.count(0) * 4 > len(head):
        little = head[1::2].count(0) > head[::2].count(0)
        return ("utf-16-le" if little else "utf-16-be"), "UTF-16"
    return None, ""


class _Lines:
    """The lines of a text, none of them boundless.

    `read` counts them; `of_row` are those that were read since it was cleared.
    """

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self.read = 0
        self.of_row: list[str] = []

    def finish_row(self, delimiter: str) -> bool:
        """Go on to the end of a row whose quotation marks are wrong; whether it has one."""
        lenient = csv.reader(itertools.chain(list(self.of_row), self), delimiter=delimiter)
        try:
            next(lenient)
        except csv.Error:
            return False
        return True

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._text.readline(_LONGEST_LINE)
        if not line:
            raise StopIteration
        if len(line) == _LONGEST_LINE:
            raise csv.Error("line too long")
        self.read += 1
        self.of_row.append(line)
        return line


def _loses_the_rest(fault: str) -> bool:
    return "expected after" not in fault


def _broken(fault: str, number: int, line: int) -> Note:
    if "field larger" in fault or "unexpected end" in fault:
        what = (
            f"a quotation mark opens here and is never closed, or a cell has more than"
            f" {LONGEST_CELL:,} characters; the rows from here on were not read"
        )
    elif "line too long" in fault:
        what = f"a line has more than {_LONGEST_LINE:,} characters; the rest was not read"
    else:
        what = (
            "text follows a closing quotation mark; a quotation mark within a cell is written"
            ' twice: "the ""great"" fire". The row was not read'
        )
    evidence = {"original": fault}
    return Note(rule=rules.NOT_CSV, message=what, row=number, line=line, evidence=evidence)


def _row(number: int, cells: list[str], line: int, tell: Tell) -> TableRow:
    if any(map(_BYTE.search, cells)):
        for column, cell in enumerate(cells):
            if _BYTE.search(cell):
                cells[column] = _mended(cell, number, column, line, tell)
    return TableRow(number=number, cells=cells, line=line)


def _mended(cell: str, row: int, column: int, line: int, tell: Tell) -> str:
    """The cell read as Windows-1252, where its bytes are no UTF-8."""
    data = cell.encode("utf-8", "surrogateescape")
    text = data.decode("windows-1252", "replace")
    found = _BYTE.search(cell)
    byte = ord(found[0]) - 0xDC00 if found else 0
    message = (
        f"the byte 0x{byte:02X} in cell {letters(column)}{row} is not UTF-8; as Windows-1252 the"
        f' cell reads "{text[:80]}"'
    )
    evidence: dict[str, JsonValue] = {
        "expected": "UTF-8",
        "actual": "Windows-1252",
        "byte": byte,
        "cell": f"{letters(column)}{row}",
        "value": text[:1000],
    }
    note = Note(
        rule=rules.NOT_UTF8, message=message, row=row, column=column, line=line, evidence=evidence
    )
    tell(note)
    return text
