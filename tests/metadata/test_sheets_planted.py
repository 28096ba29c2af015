"""Five hundred items, sixty faults of every kind: each cell is named, and nothing else."""

from __future__ import annotations

import io
from collections import Counter

import openpyxl
from planted_sheet import CELL_FAULTS, HEADINGS, Expected, Sheet

from muniment.metadata.sheets import SheetJudgement, judge_sheet

ITEMS = 500
FAULTS = 60


def found(judged: SheetJudgement) -> list[Expected]:
    """What was found, as it is expected."""
    places = [(each.rule.id, each.location) for each in judged.findings]
    return [Expected(rule, place.row or 0, place.heading) for rule, place in places]


def planted(seed: int, *, row_faults: bool) -> Sheet:
    """A sheet with sixty faults, no two in one row."""
    sheet = Sheet(ITEMS, seed)
    rows = sheet.random.sample(range(2, ITEMS + 2), FAULTS)
    if row_faults:
        _plant_in_rows(sheet, [rows.pop() for _ in range(5)])
    # The heading row counts too.
    sheet.rows[0][sheet.column("isPartOf")] = "Is part of"
    sheet.expected.append(Expected("REC-402", 1, "Is part of"))
    sheet.rows[0][sheet.column("alternative")] = "altrenative"
    sheet.expected.append(Expected("REC-401", 1, "altrenative"))
    for number, row in enumerate(rows[2:]):
        rule, heading, value, others = CELL_FAULTS[number % len(CELL_FAULTS)]
        sheet.put(rule, row, heading, value, **others)
    return sheet


def _plant_in_rows(sheet: Sheet, rows: list[int]) -> None:
    longer, shorter, quoted, latin, latin_too = rows
    sheet.rows[longer - 1].append("1952")
    sheet.expected.append(Expected("REC-407", longer, "column X"))
    sheet.rows[shorter - 1] = sheet.rows[shorter - 1][:-3]
    sheet.expected.append(Expected("REC-408", shorter, None))
    sheet.rows[quoted - 1][sheet.column("title")] = "Q"
    sheet.raw[quoted] = lambda line: line.replace(",Q,", ',"The "great" fire",')
    sheet.expected.append(Expected("REC-409", quoted, None))
    sheet.put("REC-101", latin, "spatial", b"K\xf6ln".decode("utf-8", "surrogateescape"))
    sheet.put("REC-101", latin_too, "title", b"Gru\xdf".decode("utf-8", "surrogateescape"))


def judge(data: bytes, name: str) -> SheetJudgement:
    return judge_sheet(io.BytesIO(data), name)


def test_a_sheet_without_faults_has_no_finding() -> None:
    judged = judge(Sheet(ITEMS, 7).csv(), "items.csv")
    assert judged.findings == ()
    assert (judged.records, judged.faulty) == (ITEMS, 0)


def test_sixty_faults_in_csv_are_each_named_and_nothing_else() -> None:
    sheet = planted(1952, row_faults=True)
    assert len(sheet.expected) == FAULTS
    assert {rule for rule, *_ in CELL_FAULTS} <= {each.rule for each in sheet.expected}
    judged = judge(sheet.csv(), "items.csv")
    assert Counter(found(judged)) == Counter(sheet.expected)


def test_the_same_with_semicolons_adds_one_word_on_them() -> None:
    sheet = planted(1953, row_faults=False)
    judged = judge(sheet.csv(";"), "items.csv")
    expected = Counter([*sheet.expected, Expected("REC-410", 0, None)])
    assert Counter(found(judged)) == expected


def test_the_same_in_a_workbook() -> None:
    sheet = planted(1954, row_faults=False)
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("Items")
    for row in sheet.rows:
        # A workbook cannot hold the character at all.
        page.append([None if not cell else cell.replace("\x0b", "_x000B_") for cell in row])
    out = io.BytesIO()
    book.save(out)
    judged = judge(out.getvalue(), "items.xlsx")
    assert Counter(found(judged)) == Counter(sheet.expected)
    assert {each.location.sheet for each in judged.findings} == {"Items"}


def test_every_finding_on_a_cell_carries_its_reference_and_value() -> None:
    sheet = planted(1955, row_faults=False)
    judged = judge(sheet.csv(), "items.csv")
    cells = [each for each in judged.findings if each.location.row and each.location.row > 1]
    bare = {("REC-202", "title")}
    for each in cells:
        if (each.rule.id, each.location.heading) in bare:
            continue
        column, row = str(each.evidence["cell"])[:1], int(str(each.evidence["cell"])[1:])
        assert row == each.location.row
        heading = HEADINGS[ord(column) - ord("A")]
        assert heading == each.location.heading
        value = sheet.rows[row - 1][ord(column) - ord("A")]
        assert each.evidence["value"] == value
