"""validate over sheets, wrappers, folders and patterns: what is a subject, what is counted."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from cli_helpers import document_of, muniment
from privileges import without_privileges

from muniment.model.findings import Severity, Verdict
from muniment.workflow.metadata_files import metadata_files
from muniment.workflow.validating import validate_file

RIGHT = "title,created\nA,1952\nB,1953\n"
WRONG = "title,created\n" + "A,27 Dec 1952\n" * 412 + "B,1952\n"


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of sheets and records."""
    monkeypatch.chdir(tmp_path)
    Path("in/deep").mkdir(parents=True)
    Path("in/right.csv").write_text(RIGHT, "utf-8")
    Path("in/~$right.xlsx").write_bytes(b"lock")
    Path("in/deep/record.yaml").write_text("title: A\n", "utf-8")
    Path("in/notes.txt").write_text("no metadata", "utf-8")
    Path("wrong.csv").write_text(WRONG, "utf-8")


def test_a_sheet_is_one_subject_that_counts_its_records() -> None:
    document = document_of(muniment("validate", "wrong.csv", "--format", "json"))
    (subject,) = document["subjects"]
    assert subject["records"] == {"total": 413, "faulty": 412}
    assert document["summary"]["subjects"] == 1
    assert document["summary"]["findings"]["error"] == 412
    assert subject["findings"][0]["location"] == {
        "path": "wrong.csv",
        "line": 2,
        "column": None,
        "pointer": None,
        "xpath": None,
        "sheet": None,
        "row": 2,
        "heading": "created",
    }


def test_the_same_in_412_records_is_said_once() -> None:
    lines = muniment("validate", "wrong.csv").stdout.splitlines()
    assert lines[0] == "FAIL  wrong.csv (sheet, 413 records, 412 of them with errors): 412 errors"
    said = [number for number, line in enumerate(lines) if "the same in 412 records:" in line]
    assert len(said) == 1
    assert lines[said[0] + 1].strip() == "wrong.csv rows 2-413, created"
    assert len(lines) < 12


def test_folders_and_patterns_lead_to_all_that_is_metadata() -> None:
    def subjects(path: str) -> list[str]:
        document = document_of(muniment("validate", path, "--format", "json"))
        return [one["subject"] for one in document["subjects"]]

    assert subjects("in") == ["in/deep/record.yaml", "in/right.csv"]
    assert subjects("in/*.csv") == ["in/right.csv"]
    assert subjects("**/*.yaml") == ["in/deep/record.yaml"]
    assert muniment("validate", "none/*.csv").exit_code == 3


def test_a_folder_that_may_not_be_read_is_not_passed_over(tmp_path: Path) -> None:
    Path("in/deep").chmod(0)
    with without_privileges(tmp_path):
        found = list(metadata_files(Path("in")))
    Path("in/deep").chmod(0o755)
    assert found == ["in/deep", "in/right.csv"]
    assert muniment("validate", "in/right.csv").exit_code == 0
    assert validate_file(Path("in/deep")).verdict(Severity.ERROR) is Verdict.UNVERIFIED


def test_a_name_with_the_marks_of_a_pattern_is_a_name_where_it_exists() -> None:
    Path("a[1].csv").write_text(RIGHT, "utf-8")
    Path("a1.csv").write_text(WRONG, "utf-8")
    assert muniment("validate", "a[1].csv").exit_code == 0


def test_a_workbook_names_sheet_row_and_heading() -> None:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].title = "Letters"
    for row in (["title", "created"], ["A", "x"]):
        workbook.worksheets[0].append(row)
    workbook.save("items.xlsx")
    output = muniment("validate", "items.xlsx").stdout
    assert "items.xlsx [Letters] row 2, created" in output


def test_the_table_of_findings_is_written_beside_the_report() -> None:
    result = muniment("validate", "wrong.csv", "--findings-table", "found.csv")
    assert result.exit_code == 1
    assert Path("found.csv").read_text("utf-8-sig").count("REC-206") == 412
    again = muniment("validate", "wrong.csv", "--findings-table", "found.csv")
    assert (again.exit_code, "exists already" in again.stderr) == (2, True)


def test_old_spreadsheets_are_not_passed_over_when_named() -> None:
    Path("items.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    result = muniment("validate", "items.xls")
    assert (result.exit_code, "save the file as .xlsx" in result.stdout) == (1, True)
