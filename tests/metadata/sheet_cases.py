"""Spreadsheets from a few lines, and what is found in them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl

from muniment.metadata.sheets import SheetJudgement, SheetReading, SheetRow, judge_sheet


def csv_bytes(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")


def judged(data: bytes, name: str = "items.csv") -> SheetJudgement:
    return judge_sheet(io.BytesIO(data), name)


def told(data: bytes, name: str = "items.csv") -> list[tuple[str, int | None, str | None]]:
    """Rule, row and heading of all findings."""
    return [
        (each.rule.id, each.location.row, each.location.heading)
        for each in judged(data, name).findings
    ]


def rows(data: bytes, name: str = "items.csv") -> list[SheetRow]:
    return list(SheetReading(io.BytesIO(data), name).rows())


def values(data: bytes, name: str = "items.csv") -> list[dict[str, Any] | None]:
    return [row.values for row in rows(data, name)]


def book(*lines: Sequence[object], change: Callable[[Any], object] | None = None) -> bytes:
    """A workbook of these rows; `change` is given its first sheet."""
    workbook = openpyxl.Workbook()
    for line in lines:
        workbook.worksheets[0].append(list(line))
    if change is not None:
        change(workbook.worksheets[0])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def with_part(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one part of its archive changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            content = source.read(info)
            target.writestr(info.filename, change(content) if info.filename == part else content)
    return out.getvalue()


_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def shared_book(texts: str, cells: str) -> bytes:
    """A workbook as office programs write it, with a part for the texts that cells share.

    `texts` are `<si>` elements; `cells` are those of the second row, the first being `title`.
    """

    def relations(*entries: tuple[str, str]) -> str:
        inner = "".join(
            f'<Relationship Id="r{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
            for n, (kind, target) in enumerate(entries)
        )
        return f'<Relationships xmlns="{_PACKAGE}">{inner}</Relationships>'

    parts = {
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/_rels/workbook.xml.rels": relations(
            ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "/xl/sharedStrings.xml")
        ),
        "xl/workbook.xml": f'<workbook xmlns="{_SPREADSHEET}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Items" sheetId="1" r:id="r0"/></sheets></workbook>',
        "xl/sharedStrings.xml": f'<sst xmlns="{_SPREADSHEET}"><si><t>title</t></si>{texts}</sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_SPREADSHEET}"><sheetData>'
        f'<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2">{cells}</row>'
        "</sheetData></worksheet>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return out.getvalue()
