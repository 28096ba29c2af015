"""XLSX: what spreadsheet programs keep in cells, what they hide, and files made to harm."""

from __future__ import annotations

import datetime as dt
import io
import tracemalloc
import zipfile
from typing import Any, TypeAlias

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sheet_cases import book, judged, shared_book, told, values, with_part

from muniment.metadata.sheets import judge_sheet
from muniment.metadata.sheets_xlsx_parts import DateForm, date_form

SHEET = "xl/worksheets/sheet1.xml"
DAY = dt.date(1952, 12, 27)
_Page: TypeAlias = Any  # a sheet of openpyxl, whose types leave its parent open


def found(data: bytes) -> list[tuple[str, int | None, str | None]]:
    return told(data, "items.xlsx")


def test_days_and_years_in_date_columns_are_no_fault() -> None:
    data = book(
        ["title", "created", "issued", "recordInfo.created"],
        ["A", DAY, 1952, dt.datetime(2024, 5, 17, 10, 30)],  # noqa: DTZ001 - as sheets have it
    )
    assert found(data) == []
    assert values(data, "items.xlsx") == [
        {
            "title": "A",
            "created": "1952-12-27",
            "issued": "1952",
            "recordInfo": {"created": "2024-05-17T10:30:00"},
        }
    ]


def test_a_date_shown_by_its_month_is_read_as_that_month() -> None:
    def show_month(sheet: _Page) -> None:
        sheet["B2"].number_format = "mmm-yy"

    data = book(["title", "created"], ["A", DAY], change=show_month)
    assert found(data) == [("REC-417", 2, "created")]
    assert values(data, "items.xlsx") == [{"title": "A", "created": "1952-12"}]


def test_numbers_keep_the_zeros_that_are_shown() -> None:
    def show_zeros(sheet: _Page) -> None:
        sheet["B2"].number_format = "00000"

    data = book(["title", "identifier", "extent"], ["A", 42, 1.5], change=show_zeros)
    assert found(data) == [("REC-415", 2, "identifier"), ("REC-415", 2, "extent")]
    assert values(data, "items.xlsx") == [{"title": "A", "identifier": "00042", "extent": "1.5"}]


def test_a_number_of_more_digits_than_are_kept_is_an_error() -> None:
    assert found(book(["title", "identifier"], ["A", 1234567890123456789])) == [
        ("REC-416", 2, "identifier")
    ]


def test_a_formula_is_told_and_its_last_result_is_read() -> None:
    data = with_part(
        book(["title"], ["X"]),
        SHEET,
        lambda xml: xml.replace(
            b'<c r="A2" t="inlineStr"><is><t>X</t></is></c>',
            b'<c r="A2" t="str"><f>B2&amp;C2</f><v>Letter</v></c>',
        ),
    )
    assert found(data) == [("REC-413", 2, "title")]
    assert values(data, "items.xlsx") == [{"title": "Letter"}]


def test_a_formula_without_a_result_leaves_the_title_missing() -> None:
    assert found(book(["title", "created"], ['="A"&"B"', "1952"])) == [
        ("REC-413", 2, "title"),
        ("REC-202", 2, "title"),
    ]


def test_rows_and_columns_that_are_left_out_keep_their_numbers() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet["B3"], sheet["D3"], sheet["B7"], sheet["D7"] = "title", "created", "A", "x"
    out = io.BytesIO()
    workbook.save(out)
    (finding,) = judged(out.getvalue(), "items.xlsx").findings
    assert (finding.rule.id, finding.location.row, finding.evidence["cell"]) == ("REC-206", 7, "D7")


def test_merged_cells_hidden_and_other_sheets_are_told_with_their_names() -> None:
    def change(sheet: _Page) -> None:
        sheet.merge_cells("A2:A3")
        hidden = sheet.parent.create_sheet("Old")
        hidden.sheet_state = "veryHidden"
        sheet.parent.create_sheet("Words").append(["leaf"])

    data = book(["title", "created"], ["A", "1952"], ["B", "1953"], change=change)
    findings = judged(data, "items.xlsx").findings
    assert sorted((each.rule.id, each.location.sheet) for each in findings) == [
        ("REC-202", "Sheet"),
        ("REC-419", "Sheet"),
        ("REC-420", "Old"),
        ("REC-421", "Words"),
    ]


def test_several_sheets_are_read_each_with_its_own_headings() -> None:
    def change(sheet: _Page) -> None:
        second = sheet.parent.create_sheet("Maps")
        second.append(["created", "title"])
        second.append(["x", "Map"])

    data = book(["title", "created"], ["A", "1952"], change=change)
    judgement = judged(data, "items.xlsx")
    assert (judgement.records, judgement.faulty) == (2, 1)
    (finding,) = judgement.findings
    assert (finding.location.sheet, finding.location.describe()) == (
        "Maps",
        "items.xlsx [Maps] row 2, created",
    )


def test_texts_of_several_runs_are_joined_and_readings_left_out() -> None:
    text = "<si><r><t>Let</t></r><r><t>ters_x0041_</t></r><rPh><t>reading</t></rPh></si>"
    data = shared_book(text, '<c r="A2" t="s"><v>1</v></c>')
    assert (found(data), values(data, "items.xlsx")) == ([], [{"title": "LettersA"}])


@pytest.mark.parametrize("number", ["99", "-1", "x", "1" * 200_000])
def test_a_cell_that_refers_to_no_text_is_told(number: str) -> None:
    data = shared_book("<si><t>A</t></si>", f'<c r="A2" t="s"><v>{number}</v></c>')
    assert found(data)[0] == ("REC-422", 2, None)


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml.replace(b"<worksheet", b'<!DOCTYPE w [<!ENTITY a "aa">]><worksheet', 1),
        lambda xml: xml[: len(xml) // 2],
        lambda xml: xml.replace(b'r="A2"', b'r="ZZZ2"'),
        lambda xml: xml.replace(b'row r="2"', b'row r="9999999"'),
        lambda xml: xml.replace(b"<t>A</t>", b"<t>" + b"x" * 200_000 + b"</t>"),
    ],
    ids=["doctype", "cut", "column", "row", "huge cell"],
)
def test_damaged_sheets_are_told_as_such(change: object) -> None:
    data = with_part(book(["title"], ["A"]), SHEET, change)  # type: ignore[arg-type]
    assert "REC-422" in {rule for rule, _, _ in found(data)}


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x03\x04xx", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_archive_is_told(data: bytes) -> None:
    assert {rule for rule, _, _ in found(data)} <= {"REC-422", "REC-112", "REC-102"}
    assert found(data)


def test_a_password_is_named_as_the_reason() -> None:
    (finding,) = judged(b"\xd0\xcf\x11\xe0" + b"\0" * 512, "items.xlsx").findings
    assert "password" in finding.message


def test_a_bomb_is_read_in_bounded_memory() -> None:
    cell = b'<row><c t="inlineStr"><is><t>Letter</t></is></c></row>'
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(["title"], ["A"]))) as source:
        parts = {info.filename: source.read(info) for info in source.infolist()}
    before, after = parts[SHEET].split(b"</sheetData>")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            if name != SHEET:
                target.writestr(name, content)
        target.writestr(SHEET, before + cell * 20_000 + b"</sheetData>" + after)
    tracemalloc.start()
    judgement = judge_sheet(io.BytesIO(out.getvalue()), "items.xlsx")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert judgement.records == 20_001
    assert peak < 4 * 2**20


@pytest.mark.parametrize(
    ("code", "form"),
    [
        ("yyyy-mm-dd", DateForm.DAY),
        ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", DateForm.DAY),
        ("mmm\\-yy", DateForm.MONTH),
        ("yyyy", DateForm.YEAR),
        ("d/m/yy h:mm", DateForm.TIME),
        ("h:mm:ss", None),
        ("General", None),
        ("0.00", None),
        ('0" days"', None),
        ("[Red]0", None),
    ],
)
def test_how_much_of_a_day_a_format_shows(code: str, form: DateForm | None) -> None:
    assert date_form(code) is form


_TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff|=#"),
    min_size=1,
    max_size=20,
).filter(lambda text: text.strip() == text and not text[0].isdigit() and "_x" not in text)


@settings(max_examples=40, deadline=None)
@given(st.lists(_TEXTS, min_size=1, max_size=5))
def test_texts_are_read_as_openpyxl_writes_them(texts: list[str]) -> None:
    data = book(["title"], *([text] for text in texts))
    assert values(data, "items.xlsx") == [{"title": text} for text in texts]
