"""The findings as a table beside the user's own rows: CSV or XLSX, to be mended in and sent on.

Every row of a spreadsheet that was judged is there, with what is wrong with it in front; of other
files, each with findings has a row. CSV has a byte order mark, by which spreadsheet programs know
UTF-8; XLSX has a sheet a table.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from muniment.metadata.sheet_names import is_sheet
from muniment.metadata.sheets_columns import is_known
from muniment.metadata.sheets_csv import CsvTable
from muniment.metadata.sheets_table import Table, TableRow, text_of
from muniment.metadata.sheets_xlsx import Workbook
from muniment.metadata.sheets_xlsx_parts import BrokenWorkbookError
from muniment.model.errors import EnvironmentFault, UsageError
from muniment.model.findings import Finding, Report, SubjectReport
from muniment.render.escaping import well_formed
from muniment.render.findings_workbook import write_workbook

_HEADINGS = ("row", "severity", "findings")
_FORMS = (".csv", ".xlsx")
_WORKBOOKS = (".xlsx", ".xlsm")

Line = Sequence[str]
Page = tuple[str, Iterator[Line]]


def check_table_path(path: Path) -> None:
    """Refuse what is no table's name, and what is there already. Raises UsageError."""
    if path.suffix.lower() not in _FORMS:
        raise UsageError(f"{path}: a table of findings ends in .csv or .xlsx")
    if os.path.lexists(path):
        raise UsageError(f"{path} exists already and is left as it is; choose another name")


def write_findings_table(report: Report, path: Path) -> None:
    """Write the table, whole or not at all. Raises UsageError, EnvironmentFault."""
    check_table_path(path)
    aside = path.with_name(f".{path.name}.part")
    try:
        if path.suffix.lower() == ".csv":
            with aside.open("w", encoding="utf-8-sig", newline="") as stream:
                _write_csv(_pages(report), stream)
        else:
            with aside.open("wb") as target:
                write_workbook(_pages(report), target)
        aside.rename(path)
    except OSError as error:
        raise EnvironmentFault(f"{path}: {error.strerror or error}") from error
    finally:
        aside.unlink(missing_ok=True)


def _write_csv(pages: Iterable[Page], stream: TextIO) -> None:
    writer = csv.writer(stream)
    for number, (name, lines) in enumerate(pages):
        if number:
            writer.writerow([])
        writer.writerow([name])
        writer.writerows(lines)


def _pages(report: Report) -> Iterator[Page]:
    """A table for each sheet, and one for all other files."""
    others = [one for one in report.subjects if not is_sheet(one.subject)]
    for one in report.subjects:
        if is_sheet(one.subject):
            yield from _sheet_pages(one)
    if others:
        yield "other files", _other_lines(others)


def _other_lines(subjects: Sequence[SubjectReport]) -> Iterator[Line]:
    yield ("place", "severity", "findings")
    for one in subjects:
        for finding in one.findings:
            place = finding.location.describe() or one.subject
            yield well_formed(place), finding.severity.label, _words(finding)


def _sheet_pages(one: SubjectReport) -> Iterator[Page]:
    path = Path(one.subject)
    try:
        with path.open("rb") as stream:
            if path.suffix.lower() not in _WORKBOOKS:
                yield one.subject, _beside(one, CsvTable(stream, is_known))
                return
            workbook = Workbook(stream)
            try:
                for table in workbook.tables:
                    yield f"{one.subject} [{table.name}]", _beside(one, table)
            finally:
                workbook.close()
    except BrokenWorkbookError:
        yield one.subject, _other_lines([one])


def _beside(one: SubjectReport, table: Table) -> Iterator[Line]:
    """The rows of a table, what was found in each in front of it."""
    found: dict[int | None, list[Finding]] = {}
    for finding in one.findings:
        if finding.location.sheet in {None, table.name}:
            found.setdefault(finding.location.row, []).append(finding)
    first = True
    for row in table.rows(_pass_over):
        if first:
            whole = found.pop(None, [])
            said = (*whole, *found.pop(row.number, []))
            yield (*_HEADINGS, *_cells(row))
            first = False
            if said:
                yield _front(str(row.number), said)
        else:
            yield (*_front(str(row.number), found.pop(row.number, [])), *_cells(row))
    for number, findings in found.items():  # of rows that could not be read
        yield _front("" if number is None else str(number), findings)


def _pass_over(_: object) -> None:
    """What is wrong with the rows was told when they were judged."""


def _cells(row: TableRow) -> Iterator[str]:
    return (well_formed(text_of(cell)) for cell in row.cells)


def _front(number: str, findings: Sequence[Finding]) -> tuple[str, str, str]:
    worst = max((finding.severity for finding in findings), default=None)
    label = "" if worst is None else worst.label
    return number, label, "\n".join(map(_words, findings))


def _words(finding: Finding) -> str:
    heading = finding.location.heading
    where = f"{heading}: " if heading else ""
    return well_formed(f"{finding.rule.id} {where}{finding.message}. {finding.rule.hint}")
