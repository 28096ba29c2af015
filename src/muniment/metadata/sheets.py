"""CSV and XLSX with one row a record: read, judged, each fault told with its cell.

The rows come one by one and none is kept. What the headings mean: `sheets_columns`.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, BinaryIO

from muniment.metadata.authored import record_from
from muniment.metadata.meaning import record_meaning
from muniment.metadata.nodes import ObjectNode, plain
from muniment.metadata.record import Record
from muniment.metadata.requirements import Requirements
from muniment.metadata.schema_messages import schema_findings
from muniment.metadata.sheet_names import STRANGE_SUFFIXES
from muniment.metadata.sheets_acceptance import accepts
from muniment.metadata.sheets_columns import Columns, columns_of, is_known
from muniment.metadata.sheets_csv import CsvTable
from muniment.metadata.sheets_rows import ReadRow, RowReader
from muniment.metadata.sheets_table import Note, Table, TableRow, letters, text_of
from muniment.metadata.sheets_xlsx import Workbook
from muniment.metadata.sheets_xlsx_parts import BrokenWorkbookError
from muniment.model.findings import Finding, Location, Rule, Severity
from muniment.model.rules import record as rules
from muniment.model.rules.metadata import NO_TITLE

_WORKBOOKS = frozenset({".xlsx", ".xlsm"})
_ZIP = b"PK\x03\x04"
_OLD = b"\xd0\xcf\x11\xe0"
MOST_FINDINGS = 100_000
_LONGEST_VALUE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """One row as a record. `values` is None where the row could not be read.

    `files` is the text of the column of that name, which packaging reads.
    """

    number: int
    sheet: str | None
    values: dict[str, Any] | None
    findings: tuple[Finding, ...]
    files: str = ""
    node: ObjectNode | None = None

    @property
    def is_right(self) -> bool:
        """Whether no finding is an error."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)

    def record(self) -> Record:
        """What the row says, as a Record. Raises ValueError for a row that is not right."""
        if self.values is None or not self.is_right:
            raise ValueError("a row with errors makes no record")
        return record_from(self.values)

    def place(self, path: str, heading: str | None = None) -> Location:
        """The row's place, or that of a cell in it."""
        return Location(path=path, sheet=self.sheet, row=self.number, heading=heading)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetJudgement:
    """What came of a sheet: how many records it has, how many of them have errors."""

    findings: tuple[Finding, ...]
    records: int
    faulty: int


def judge_sheet(
    stream: BinaryIO,
    name: str,
    requirements: Requirements | None = None,
    *,
    at_most: int = MOST_FINDINGS,
) -> SheetJudgement:
    """All that is wrong with a spreadsheet, sheet by sheet and row by row.

    `stream` can be read from any place; `name` is the file's, whose end says what it is. No more
    than about `at_most` faults of rows are listed, and it is told where there are more.
    """
    reading = SheetReading(stream, name, requirements)
    findings: list[Finding] = []
    records = faulty = 0
    is_cut = False
    for row in reading.rows():
        records += 1
        faulty += not row.is_right
        is_cut = is_cut or (bool(row.findings) and len(findings) >= at_most)
        if not is_cut:
            findings += row.findings
    if is_cut:
        message = f"the file has more faults than the first {len(findings):,}, which are listed"
        place = Location(path=name)
        findings.append(Finding(rule=rules.SHEET_LIST_CUT, message=message, location=place))
    whole = tuple(reading.findings)
    return SheetJudgement(findings=(*whole, *findings), records=records, faulty=faulty)


class SheetReading:
    """One reading of a file. `findings` are those of the file, complete when `rows` has ended."""

    def __init__(
        self, stream: BinaryIO, name: str, requirements: Requirements | None = None
    ) -> None:
        self._stream = stream
        self._requirements = requirements
        self.name = name
        self.findings: list[Finding] = []
        self.read_rows = 0

    def rows(self) -> Iterator[SheetRow]:
        """The records of the file in order; empty rows are passed over."""
        suffix = PurePath(self.name).suffix.lower()
        head = self._stream.read(len(_ZIP))
        self._stream.seek(0)
        if (strange := _strange(suffix, head)) is not None:
            self._tell(rules.UNKNOWN_FORM, strange)
        elif suffix in _WORKBOOKS:
            yield from self._workbook()
        else:
            yield from self._table(CsvTable(self._stream, is_known), alone=True)
        if not self.read_rows and not any(f.severity is Severity.ERROR for f in self.findings):
            self._tell(rules.EMPTY_FILE, f"{self.name} holds no record")

    def _tell(self, rule: Rule, message: str, sheet: str | None = None) -> None:
        place = Location(path=self.name, sheet=sheet)
        self.findings.append(Finding(rule=rule, message=message, location=place))

    def _workbook(self) -> Iterator[SheetRow]:
        try:
            workbook = Workbook(self._stream)
        except BrokenWorkbookError as fault:
            self._tell(rules.WORKBOOK_BROKEN, f"the workbook cannot be read: {fault}")
            return
        try:
            for name in workbook.hidden:
                self._tell(
                    rules.SHEET_HIDDEN, f'the sheet "{name}" is hidden; it was not read', name
                )
            tables = workbook.tables
            for table in tables:
                yield from self._table(table, alone=len(tables) == 1)
        finally:
            workbook.close()

    def _table(self, table: Table, *, alone: bool) -> Iterator[SheetRow]:
        """The records of one sheet; `alone` says that there is no other that might hold them."""
        judge = _TableJudge(self.name, table, self._requirements)
        for row in table.rows(judge.tell):
            if judge.reader is None:
                if not judge.begin(row, alone=alone):
                    break
                continue
            self.findings += judge.taken()
            self.read_rows += 1
            yield judge.row(row)
        self.findings += judge.taken()


def _strange(suffix: str, head: bytes) -> str | None:
    """Why a file is not what its name says, or not of a kind that is read."""
    if suffix in STRANGE_SUFFIXES:
        return f"{suffix} is not read; save the file as .xlsx, or as .csv in UTF-8"
    if suffix not in _WORKBOOKS and head == _ZIP:
        return f"the name ends in {suffix}, but the file is a workbook, as .xlsx"
    if suffix not in _WORKBOOKS and head == _OLD:
        return f"the name ends in {suffix}, but the file is a workbook in the old format .xls"
    if suffix in _WORKBOOKS and head[:2] != _ZIP[:2] and head != _OLD and head:
        return f"the name ends in {suffix}, but the file is no workbook; is it a .csv?"
    return None


class _TableJudge:
    """Judges the rows of one table; collects what is told meanwhile."""

    def __init__(self, path: str, table: Table, requirements: Requirements | None) -> None:
        self._requirements = requirements
        self._path = path
        self._table = table
        self._notes: list[Note] = []
        self._columns = Columns(headings=(), slots=())
        self._untold: set[int] = set()
        self._beyond: set[int] = set()
        self.reader: RowReader | None = None

    def tell(self, note: Note) -> None:
        """Note what is wrong at a place."""
        self._notes.append(note)

    def begin(self, row: TableRow, *, alone: bool) -> bool:
        """Take the headings; False where the table holds no records."""
        before = len(self._notes)
        columns = columns_of(row, self.tell)
        if columns is None:
            if not alone:
                del self._notes[before:]
                message = (
                    f'the sheet "{self._table.name}" was not read: its headings are no properties'
                )
                self.tell(Note(rule=rules.SHEET_NOT_READ, message=message))
            return False
        self._columns = columns
        self.reader = RowReader(columns=columns, is_ragged=self._table.is_ragged)
        self._untold = {i for i, text in enumerate(columns.headings) if not text.strip()}
        if not columns.has_title:
            message = "there is no column title, so that no record has one"
            evidence = {"expected": "title", "actual": None}
            note = Note(
                rule=rules.MISSING_PROPERTY, message=message, row=row.number, evidence=evidence
            )
            self.tell(replace(note, line=row.line))
        return True

    def taken(self) -> list[Finding]:
        """What was told since the last time."""
        notes, self._notes = self._notes, []
        return [self._finding(note) for note in notes]

    def _finding(self, note: Note) -> Finding:
        place = Location(
            path=self._path,
            sheet=self._table.name,
            row=note.row,
            line=note.line,
            heading=self._columns.heading(note.column),
        )
        return Finding(rule=note.rule, message=note.message, location=place, evidence=note.evidence)

    def row(self, row: TableRow) -> SheetRow:
        """One row judged."""
        reader = self.reader
        self._look_for_headings(row)
        read = None if reader is None else reader.read(row, self.tell)
        values: dict[str, Any] | None = None
        findings: list[Finding] = []
        spoilt = {note.column for note in self._notes if note.rule.severity is Severity.ERROR}
        if self._notes:
            findings = self.taken()
        if read is not None:
            values = dict(plain(read.root))  # type: ignore[arg-type]
            faults = list(self._departures(read, values))
            faults += self._meaning(read, faults, spoilt)
            findings += self._at_cells(faults, row)
        return SheetRow(
            number=row.number,
            sheet=self._table.name,
            values=values,
            findings=tuple(findings),
            files=self._files(row),
            node=None if read is None else read.root,
        )

    def _look_for_headings(self, row: TableRow) -> None:
        """Tell of columns that hold something and have no heading, each once."""
        width = len(self._columns.headings)
        beyond = () if self._table.is_ragged else range(width, len(row.cells))
        for column in (*(c for c in self._untold if c < len(row.cells)), *beyond):
            value = text_of(row.cells[column]).strip()
            if value and (column < width or column not in self._beyond):
                self._untold.discard(column)
                self._beyond.add(column)
                message = f'column {letters(column)} holds "{value[:60]}" and has no heading'
                note = Note(
                    rule=rules.HEADING_MISSING, message=message, row=row.number, column=column
                )
                cell = f"{letters(column)}{row.number}"
                evidence = {"cell": cell, "value": value[:_LONGEST_VALUE]}
                self.tell(replace(note, line=row.line, evidence=evidence))

    def _files(self, row: TableRow) -> str:
        column = self._columns.files
        return "" if column is None or column >= len(row.cells) else text_of(row.cells[column])

    def _meaning(
        self, read: ReadRow, told: Sequence[Finding], spoilt: Container[int | None]
    ) -> Iterator[Finding]:
        """What the record means, judged; nothing of cells that are `spoilt`, by their columns."""
        untitled = not self._columns.has_title or "title" in read.lost
        for finding in record_meaning(read.root, self._path, self._requirements, told):
            if finding.rule is NO_TITLE and untitled:
                continue  # said of the headings, or of the cell
            if (finding.location.column or 0) - 1 not in spoilt:
                yield finding

    def _departures(self, read: ReadRow, values: dict[str, Any]) -> Iterator[Finding]:
        """What departs from the schema; only what is not obviously right is looked at closely."""
        doubtful = [name for name, value in values.items() if not accepts(name, value)]
        untitled = "title" not in values and self._columns.has_title
        untitled = untitled and "title" not in read.lost
        if not doubtful and not untitled:
            return
        wanted = {"title", *doubtful}
        entries = tuple(entry for entry in read.root.entries if entry[0].value in wanted)
        part = ObjectNode(entries=entries, line=read.root.line, column=read.root.column)
        for finding in schema_findings(part, self._path):
            # Else it is said of the headings, or of the cell that is lost.
            if finding.location.pointer != "" or untitled:
                yield finding

    def _at_cells(self, faults: Iterable[Finding], row: TableRow) -> Iterator[Finding]:
        """Findings on the tree as such on cells; what one cell says of several values is one."""
        told: set[tuple[str, int | None, str]] = set()
        for finding in faults:
            actual = str(finding.evidence.get("actual", finding.message))
            fault = finding.rule.id, finding.location.column, actual
            if fault not in told:
                told.add(fault)
                yield self._at_cell(finding, row)

    def _at_cell(self, finding: Finding, row: TableRow) -> Finding:
        """A finding on the tree as one on a cell."""
        whole = finding.location.pointer == ""
        column = None if whole else (finding.location.column or 1) - 1
        evidence = dict(finding.evidence)
        if column is not None and column < len(row.cells):
            evidence["cell"] = f"{letters(column)}{row.number}"
            evidence["value"] = text_of(row.cells[column])[:_LONGEST_VALUE]
        heading = "title" if whole else self._columns.heading(column)
        place = Location(
            path=self._path,
            sheet=self._table.name,
            row=row.number,
            line=row.line,
            heading=heading,
        )
        return replace(finding, location=place, evidence=evidence)
