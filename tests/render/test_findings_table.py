"""The table of findings beside the user's own rows, as CSV and as XLSX."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from muniment.model.errors import UsageError
from muniment.render.findings_table import write_findings_table
from muniment.workflow import validate

SHEET = 'title,created,abstract\nA,27 December 1952,"two\nlines"\nB,1952,\n=1+1,1952-13,\n'


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("items.csv").write_text(SHEET, "utf-8")
    Path("record.yaml").write_text("titel: A\n", "utf-8")


def table(name: str, *paths: str) -> None:
    write_findings_table(validate([Path(path) for path in paths]), Path(name))


def test_every_row_is_there_with_what_is_wrong_in_front() -> None:
    table("found.csv", "items.csv")
    data = Path("found.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    with Path("found.csv").open(encoding="utf-8-sig", newline="") as stream:
        name, headings, *rows = csv.reader(stream)
    assert name == ["items.csv"]
    assert headings == ["row", "severity", "findings", "title", "created", "abstract"]
    assert [row[:2] for row in rows] == [["2", "error"], ["3", ""], ["4", "error"]]
    assert rows[0][2].startswith('REC-206 created: created is "27 December 1952"')
    assert [row[3:] for row in rows] == [
        ["A", "27 December 1952", "two\nlines"],
        ["B", "1952", ""],
        ["=1+1", "1952-13", ""],
    ]


def test_a_workbook_has_a_sheet_a_table_and_no_formula_of_a_text() -> None:
    table("found.xlsx", "items.csv", "record.yaml")
    workbook = openpyxl.load_workbook("found.xlsx")
    assert workbook.sheetnames == ["1 items.csv", "2 other files"]
    rows = list(workbook.worksheets[0].iter_rows(values_only=True))
    assert rows[0] == ("row", "severity", "findings", "title", "created", "abstract")
    assert workbook.worksheets[0]["D4"].data_type == "s"
    assert rows[3][3] == "=1+1"
    others = list(workbook.worksheets[1].iter_rows(values_only=True))
    assert {row[1] for row in others[1:]} == {"error"}
    assert str(others[1][0]).startswith("record.yaml")


def test_a_workbook_gives_its_rows_by_sheet() -> None:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].title = "Items"
    for row in (["title", "created"], ["A", "x"]):
        workbook.worksheets[0].append(row)
    workbook.save("items.xlsx")
    table("found.xlsx", "items.xlsx")
    (page,) = openpyxl.load_workbook("found.xlsx").worksheets
    assert page.title == "1 items.xlsx  Items"
    assert [cell.value for cell in page[2]][:2] == ["2", "error"]


def test_the_same_findings_give_the_same_bytes() -> None:
    table("one.xlsx", "items.csv")
    table("two.xlsx", "items.csv")
    assert Path("one.xlsx").read_bytes() == Path("two.xlsx").read_bytes()


def test_what_is_there_is_never_overwritten() -> None:
    with pytest.raises(UsageError, match="exists already"):
        table("items.csv", "items.csv")
    assert Path("items.csv").read_text("utf-8") == SHEET
    with pytest.raises(UsageError, match=r"ends in \.csv or \.xlsx"):
        table("found.txt", "items.csv")
