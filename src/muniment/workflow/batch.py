"""package --batch: a spreadsheet becomes bags, one a row.

All rows are judged before the first bag is made. Rows with faults are told and left out; the others
become bags, each whole or not at all. Run again after an interruption, what was made is verified
and kept.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from muniment.bags.plan import bag_name
from muniment.configuration import house_configuration
from muniment.metadata.requirements_reading import requirements_from
from muniment.metadata.sheet_names import is_sheet
from muniment.metadata.sheets import SheetReading, SheetRow
from muniment.metadata.sheets_columns import FILES
from muniment.metadata.sheets_rows import SEPARATOR
from muniment.model.errors import EnvironmentFault, UsageError
from muniment.model.findings import (
    Finding,
    JsonValue,
    Location,
    Report,
    Rule,
    Severity,
    Skipped,
    SubjectReport,
)
from muniment.model.rules import record as rules
from muniment.storage.attempts import Lost
from muniment.storage.progress import Progress, Silent
from muniment.workflow.batch_rows import RowDone, RowWork, done_elsewhere
from muniment.workflow.crews import Crew, crew_of
from muniment.workflow.packaging import PackageRequest
from muniment.workflow.preflight import refuse_output_in_source

_Key = tuple[str | None, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRequest:
    """What is to be packaged, and how: `bag` holds what all bags share.

    Its sources, record and name come from each row: the column `files` names files and folders
    from the sheet's folder on, parted by `||`; the first identifier names the bag.
    """

    sheet: Path
    bag: PackageRequest


def package_batch(
    request: BatchRequest,
    *,
    now: Callable[[], datetime],
    workers: int = 1,
    cluster: str | None = None,
    progress: Progress | None = None,
) -> Report:
    """Judge all rows, then make a bag of each that is right.

    One subject a row: the bag where one was made, else the row. Many rows are shared out, one
    worker each: `workers` processes here, or those of the Dask scheduler at `cluster`. Raises
    UsageError, EnvironmentFault.
    """
    if not is_sheet(request.sheet.name):
        raise UsageError(f"--batch {request.sheet}: a spreadsheet ends in .csv, .tsv or .xlsx")
    watch = progress or Silent()
    if cluster is not None:
        request = _from_anywhere(request)
    refuse_output_in_source(request.bag.output, ())
    watch.phase("judging all rows", None)
    judged = _judge_all(request)
    with crew_of(workers, cluster) as crew:
        return _Batch(request, judged, now=now, crew=crew, progress=watch).run()


def _from_anywhere(request: BatchRequest) -> BatchRequest:
    """The request such that it means the same in another working folder."""
    bag = request.bag
    house = house_configuration(bag.config).source
    config = house.absolute() if house is not None else None
    bag = replace(bag, output=bag.output.absolute(), config=config)
    return BatchRequest(sheet=request.sheet.absolute(), bag=bag)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """What was found about the sheet, and about each row that is not right."""

    whole: tuple[Finding, ...]
    rows: int
    wrong: dict[_Key, tuple[Finding, ...]]
    stamp: tuple[int, int]

    @property
    def stops_all(self) -> bool:
        """Whether the sheet itself has an error, so that no row says what it should."""
        return any(finding.severity is Severity.ERROR for finding in self.whole)


def _judge_all(request: BatchRequest) -> _Judged:
    names: dict[str, _Key] = {}
    wrong: dict[_Key, tuple[Finding, ...]] = {}
    rows = 0
    stamp = _stamp(request.sheet)
    asked = house_configuration(request.bag.config).requirements
    requirements = None if asked is None else requirements_from(asked)
    with _opened(request.sheet) as stream:
        reading = SheetReading(stream, str(request.sheet), requirements)
        for row in reading.rows():
            rows += 1
            findings = (*row.findings, *_for_packaging(row, request, names))
            if any(finding.severity is Severity.ERROR for finding in findings):
                wrong[row.sheet, row.number] = findings
    return _Judged(whole=tuple(reading.findings), rows=rows, wrong=wrong, stamp=stamp)


def _opened(sheet: Path) -> BinaryIO:
    try:
        return sheet.open("rb")
    except OSError as error:
        raise EnvironmentFault(f"{sheet}: {error.strerror}") from error


def _stamp(sheet: Path) -> tuple[int, int]:
    try:
        status = sheet.stat()
    except OSError as error:
        raise EnvironmentFault(f"{sheet}: {error.strerror}") from error
    return status.st_size, status.st_mtime_ns


def _for_packaging(
    row: SheetRow, request: BatchRequest, names: dict[str, _Key]
) -> Iterator[Finding]:
    """What stands in the way of packaging a row that is right as a record."""
    sheet = str(request.sheet)
    yield from _files_findings(row, request.sheet)
    if row.values is None or not row.is_right:
        return
    identifiers = [each.value for each in row.record().identifiers if not each.invalid]
    try:
        name = bag_name(None, identifiers)
    except UsageError:
        shown = f'"{identifiers[0]}"' if identifiers else "nothing"
        message = f"the identifier is {shown}, which gives no name to the bag"
        yield _finding(rules.BAG_NAME_MISSING, message, row.place(sheet, "identifier"))
        return
    own = (row.sheet, row.number)
    first = names.setdefault(name.lower(), own)
    if first != own:
        message = f'the bag would be called "{name}", as that of row {first[1]}'
        place = row.place(sheet, "identifier")
        yield _finding(rules.BAG_NAME_TWICE, message, place, value=name, first=first[1])


def _finding(rule: Rule, message: str, place: Location, **evidence: JsonValue) -> Finding:
    return Finding(rule=rule, message=message, location=place, evidence=evidence)


def _files_findings(row: SheetRow, sheet: Path) -> Iterator[Finding]:
    place = row.place(str(sheet), FILES)
    names = _names(row)
    if not names:
        message = "the row names no files"
        yield _finding(rules.ROW_WITHOUT_FILES, message, place, value=row.files)
    for name in names:
        path = sheet.parent / name
        if _leads_out(name, sheet.parent):
            message = f'"{name}" leads out of the folder {sheet.parent}'
            yield _finding(rules.FILE_OUTSIDE, message, place, value=name)
        elif not os.path.lexists(path):
            message = f'"{name}" is not in the folder {sheet.parent}'
            yield _finding(rules.FILE_NOT_THERE, message, place, value=name)


def _names(row: SheetRow) -> list[str]:
    return [name for each in row.files.split(SEPARATOR) if (name := each.strip())]


def _leads_out(name: str, folder: Path) -> bool:
    """Whether a name leads elsewhere, by its steps or through a link."""
    inner, outer = os.path.realpath(folder / name), os.path.realpath(folder)
    return "\0" in name or not (inner + os.sep).startswith(outer.rstrip(os.sep) + os.sep)


class _Batch:
    """The second pass over a sheet: a bag of each right row, a report of each."""

    def __init__(
        self,
        request: BatchRequest,
        judged: _Judged,
        *,
        now: Callable[[], datetime],
        crew: Crew,
        progress: Progress,
    ) -> None:
        self._request = request
        self._judged = judged
        self._now = now
        self._crew = crew
        self._progress = progress
        self._bags: dict[int, list[JsonValue]] = {}
        self._rows: dict[int, SheetRow] = {}

    def run(self) -> Report:
        """Go through all rows."""
        if _stamp(self._request.sheet) != self._judged.stamp:
            raise EnvironmentFault(f"{self._request.sheet} was changed meanwhile; run again")
        subjects: dict[int, SubjectReport] = {}
        with _opened(self._request.sheet) as stream:
            rows = SheetReading(stream, str(self._request.sheet)).rows()
            work = self._work(enumerate(rows, 1), subjects)
            for number, done in self._done(work):
                subjects[number] = self._told_of(number, self._rows.pop(number), done)
        result: dict[str, JsonValue] = {
            "batch": str(self._request.sheet),
            "rows": self._judged.rows,
            "bags": [bag for number in sorted(self._bags) for bag in self._bags[number]],
        }
        in_order = [subjects[number] for number in sorted(subjects)]
        sheet = [self._sheet()] if self._judged.whole else []
        return Report(command="package", subjects=(*sheet, *in_order), result=result)

    def _sheet(self) -> SubjectReport:
        return SubjectReport(
            subject=str(self._request.sheet),
            kind="sheet",
            findings=self._judged.whole,
            checks_run=("sheet",),
        )

    def _work(
        self, rows: Iterable[tuple[int, SheetRow]], subjects: dict[int, SubjectReport]
    ) -> Iterator[tuple[int, SheetRow]]:
        """The rows to be packaged, by number; of the others it is told why they are not."""
        for number, row in rows:
            wrong = self._judged.wrong.get((row.sheet, row.number))
            if wrong is not None:
                subjects[number] = self._told(row, findings=wrong)
            elif self._judged.stops_all:
                reason = "not begun, because the sheet itself has errors"
                subjects[number] = self._told(row, findings=row.findings, reason=reason)
            else:
                self._rows[number] = row
                yield number, row

    def _done(self, rows: Iterator[tuple[int, SheetRow]]) -> Iterator[tuple[int, RowDone | Lost]]:
        """Few rows one after another with all workers, many with one worker each."""
        if self._judged.rows < 2 * self._crew.workers or self._crew.workers == 1:
            for number, row in rows:
                name = f"row {row.number} ({number} of {self._judged.rows})"
                work = self._row_work(row, self._crew.workers)
                yield number, work.done(_RowProgress(self._progress, name))
            return
        self._progress.phase(f"packaging {self._judged.rows:,} rows", None)
        numbered = ((number, self._row_work(row, 1)) for number, row in rows)
        for (number, _), done in self._crew.attempts(done_elsewhere, numbered):
            yield number, done

    def _row_work(self, row: SheetRow, workers: int) -> RowWork:
        folder = self._request.sheet.parent
        sources = tuple(folder / name for name in _names(row))
        request = replace(self._request.bag, sources=sources, name=None)
        text = json.dumps(row.values, ensure_ascii=False, indent=2)
        return RowWork(request=request, record=f"{text}\n", at=self._now(), workers=workers)

    def _told_of(self, number: int, row: SheetRow, done: RowDone | Lost) -> SubjectReport:
        if isinstance(done, Lost):
            reason = f"the packaging was not ended: {done.reason}"
            return self._told(row, findings=row.findings, reason=reason)
        if done.report is None:
            return self._told(row, findings=row.findings, reason=done.reason)
        report = _without_aside(done.report, done.record, row, str(self._request.sheet))
        return self._made(number, row, report)

    def _told(
        self, row: SheetRow, *, findings: Sequence[Finding], reason: str | None = None
    ) -> SubjectReport:
        """The report of a row that did not become a bag."""
        skipped = Skipped(check="package", reason=reason or "", asked=True)
        return SubjectReport(
            subject=_name_of(row, self._request.sheet),
            kind="row",
            findings=tuple(findings),
            checks_run=("sheet", "schema"),
            checks_skipped=() if reason is None else (skipped,),
        )

    def _made(self, number: int, row: SheetRow, report: Report) -> SubjectReport:
        """All that was found about a row and its bag, as one subject."""
        last = report.subjects[-1]
        made = _bags_of(report)
        for bag in made:
            told: JsonValue = {"row": row.number, "sheet": row.sheet, "made": bag}
            self._bags.setdefault(number, []).append(told)
        found = [each for subject in report.subjects for each in subject.findings]
        return SubjectReport(
            subject=last.subject if made else _name_of(row, self._request.sheet),
            kind=last.kind if made else "row",
            findings=(*row.findings, *found),
            checks_run=tuple(dict.fromkeys(c for s in report.subjects for c in s.checks_run)),
            checks_skipped=tuple(s for each in report.subjects for s in each.checks_skipped),
            state=last.state,
        )


def _bags_of(report: Report) -> list[dict[str, JsonValue]]:
    """The bags that a report tells of: one, or those of a group."""
    result: Any = report.result
    if result is None:
        return []
    return [dict(each) for each in result["bags"]] if "bags" in result else [dict(result)]


def _name_of(row: SheetRow, sheet: Path) -> str:
    return row.place(str(sheet)).describe()


def _without_aside(report: Report, record: str, row: SheetRow, sheet: str) -> Report:
    """The report with the row's place instead of that of the file that was made of it.

    What was found in the row already is not told a second time.
    """
    told = {finding.rule.id for finding in row.findings}

    def placed(finding: Finding) -> Finding:
        if finding.location.path != record:
            return finding
        heading = (finding.location.pointer or "").split("/")[1:2]
        return replace(finding, location=row.place(sheet, heading[0] if heading else None))

    subjects = tuple(
        replace(
            subject,
            findings=tuple(
                placed(finding)
                for finding in subject.findings
                if finding.location.path != record or finding.rule.id not in told
            ),
        )
        for subject in report.subjects
    )
    return replace(report, subjects=subjects)


class _RowProgress:
    """Tells which row a phase belongs to."""

    def __init__(self, progress: Progress, row: str) -> None:
        self._progress = progress
        self._row = row

    def phase(self, name: str, total_bytes: int | None) -> None:
        """A phase of this row begins."""
        self._progress.phase(f"{self._row}: {name}", total_bytes)

    def advance(self, done_bytes: int) -> None:
        """So many more bytes of it are done."""
        self._progress.advance(done_bytes)
