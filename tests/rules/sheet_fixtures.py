"""What fires each rule of spreadsheets and of their packaging, and what nearly does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from fixture_forms import Fixture, Pair

from muniment.metadata import sheets
from muniment.model.findings import Finding
from muniment.workflow import BatchRequest, PackageRequest, package_batch, validate

Change = Callable[[Any], object]


def text(*lines: str, name: str = "items.csv") -> Fixture:
    """What is found in a CSV file of these lines."""
    return raw("".join(f"{line}\n" for line in lines).encode(), name)


def raw(data: bytes, name: str) -> Fixture:
    """What is found in a file of these bytes."""

    def findings(home: Path) -> Iterable[Finding]:
        path = home / name
        path.write_bytes(data)
        return validate([path]).subjects[0].findings

    return findings


def book(*rows: Sequence[object], change: Change | None = None) -> Fixture:
    """What is found in a workbook of these rows; `change` is given its first sheet."""

    def findings(home: Path) -> Iterable[Finding]:
        path = home / "items.xlsx"
        workbook = openpyxl.Workbook()
        for row in rows:
            workbook.worksheets[0].append(list(row))
        if change is not None:
            change(workbook.worksheets[0])
        workbook.save(path)
        return validate([path]).subjects[0].findings

    return findings


def batch(*rows: str, files: Sequence[str] = ("a.txt",)) -> Fixture:
    """What is found when the rows are to be packaged; `files` lie beside the sheet."""

    def findings(home: Path) -> Iterable[Finding]:
        folder = home / "sheet"
        folder.mkdir()
        (home / "elsewhere.txt").write_bytes(b"x")
        for file in files:
            (folder / file).write_bytes(b"x")
        lines = ["identifier,title,files", *rows]
        (folder / "items.csv").write_text("\n".join(lines), "utf-8")
        bag = PackageRequest(sources=(), record=folder, output=home / "out", date="2024-05-17")
        request = BatchRequest(sheet=folder / "items.csv", bag=bag)
        report = package_batch(request, now=lambda: dt.datetime.now(dt.UTC))
        return [each for one in report.subjects for each in one.findings]

    return findings


def many_faults(number: int) -> Fixture:
    """A sheet with so many faults, where few are listed."""

    def findings(home: Path) -> Iterable[Finding]:
        path = home / "items.csv"
        path.write_text("title\n" + " Letter\n" * number, "utf-8")
        with path.open("rb") as stream:
            return sheets.judge_sheet(stream, str(path), at_most=3).findings

    return findings


def hide_second(sheet: Any) -> None:  # noqa: ANN401 - a sheet of openpyxl
    second = sheet.parent.create_sheet("Old items")
    second.append(["title"])
    second.append(["Letter"])
    second.sheet_state = "hidden"


def words_second(sheet: Any) -> None:  # noqa: ANN401 - a sheet of openpyxl
    sheet.parent.create_sheet("Words").append(["leaf", "volume"])


def items_second(sheet: Any) -> None:  # noqa: ANN401 - a sheet of openpyxl
    second = sheet.parent.create_sheet("More items")
    second.append(["title"])
    second.append(["Letter"])


def month_only(sheet: Any) -> None:  # noqa: ANN401 - a sheet of openpyxl
    sheet["B2"].number_format = "mmm-yy"


def whole_day(sheet: Any) -> None:  # noqa: ANN401 - a sheet of openpyxl
    sheet["B2"].number_format = "dd.mm.yyyy"


DAY = dt.date(1952, 12, 27)

FIXTURES = {
    "REC-401": Pair(text("title,creatro", "A,B"), text("title,#creatro", "A,B")),
    "REC-402": Pair(text(" Title", "A"), text("title", "A")),
    "REC-403": Pair(
        text("title,creator.2,creator.2", "A,B,C"), text("title,creator,creator", "A,B,C")
    ),
    "REC-404": Pair(text("Inventory of 1952", "title", "A"), text("", "title", "A")),
    "REC-405": Pair(
        text("title" + ",creator" * 1000, "A" + ",B" * 1000),
        text("title" + ",creator" * 999 + "," * 16000, "A" + ",B" * 999),
    ),
    "REC-406": Pair(text("title,,created", "A,B,1952"), text("title,,created", "A,,1952")),
    "REC-407": Pair(text("title,created", "A, B,1952"), text("title,created", '"A, B",1952,')),
    "REC-408": Pair(text("title,created", "A"), text("title,created", "A,")),
    "REC-409": Pair(text("title", '"The "great" fire"'), text("title", '"The ""great"" fire"')),
    "REC-410": Pair(text("title;created", "A;1952"), text("title,created", "A;B,1952")),
    "REC-411": Pair(text("title,subject", "A,Bells||"), text("title,subject", "A,Bells||Towers")),
    "REC-412": Pair(
        text("title,creator,creator.role", "A,B||C,aut||rcp||pht"),
        text("title,creator,creator.role", "A,B||C,aut"),
    ),
    "REC-413": Pair(book(["title"], ['="A"&"B"']), book(["title"], ["'=A&B"])),
    "REC-414": Pair(text("title", "#REF!"), text("title", "#REF")),
    "REC-415": Pair(book(["title"], [1984]), book(["title", "created"], ["A", 1984])),
    "REC-416": Pair(
        text("title,identifier", "A,9.78346E+12"), text("title,identifier", "A,9783460000000")
    ),
    "REC-417": Pair(
        book(["title", "created"], ["A", DAY], change=month_only),
        book(["title", "created"], ["A", DAY], change=whole_day),
    ),
    "REC-418": Pair(book(["title"], [DAY]), book(["title", "created"], ["A", DAY])),
    "REC-419": Pair(
        book(["title"], ["A"], ["B"], change=lambda sheet: sheet.merge_cells("A2:A3")),
        book(["title"], ["A"], ["B"]),
    ),
    "REC-420": Pair(book(["title"], ["A"], change=hide_second), book(["title"], ["A"])),
    "REC-421": Pair(
        book(["title"], ["A"], change=words_second), book(["title"], ["A"], change=items_second)
    ),
    "REC-422": Pair(raw(b"PK\x03\x04 and no more", "items.xlsx"), book(["title"], ["A"])),
    "REC-423": Pair(many_faults(4), many_faults(2)),
    "REC-451": Pair(batch("a,A,"), batch("a,A,a.txt")),
    "REC-452": Pair(batch("a,A,../elsewhere.txt"), batch("a,A,./a.txt")),
    "REC-453": Pair(batch("a,A,A.txt"), batch("a,A,a.txt")),
    "REC-454": Pair(batch("???,A,a.txt"), batch("?a,A,a.txt")),
    "REC-455": Pair(batch("a,A,a.txt", "A,B,a.txt"), batch("a,A,a.txt", "b,B,a.txt")),
}
