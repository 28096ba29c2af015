"""CSV with one row a record: headings, lists, parts, encodings, delimiters, hostile files."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path

import pytest
from sheet_cases import csv_bytes, judged, rows, told, values

from muniment.metadata.sheets import judge_sheet


def test_repeated_columns_numbers_lists_and_parts_make_one_record() -> None:
    data = csv_bytes(
        "title,title.lang,creator,creator.role,creator.role,creator,subject,identifier,"
        "identifier.2,identifier.2.type",
        "A,de,Anna,aut,rcp,Ben,Bells||Towers,a-1,123,local",
    )
    assert told(data) == []
    assert values(data) == [
        {
            "title": {"value": "A", "lang": "de"},
            "creator": [{"value": "Anna", "role": "aut"}, {"value": "Ben", "role": "rcp"}],
            "subject": ["Bells", "Towers"],
            "identifier": ["a-1", {"value": "123", "type": "local"}],
        }
    ]


def test_a_list_has_its_parts_in_order_or_one_part_for_all() -> None:
    heading = "title,creator,creator.role,creator.lang"
    assert values(csv_bytes(heading, "A,Anna||Ben,aut||rcp,de")) == [
        {
            "title": "A",
            "creator": [
                {"value": "Anna", "role": "aut", "lang": "de"},
                {"value": "Ben", "role": "rcp", "lang": "de"},
            ],
        }
    ]
    assert values(csv_bytes(heading, "A,Anna,aut||ill,"))[0] == {
        "title": "A",
        "creator": {"value": "Anna", "role": ["aut", "ill"]},
    }


def test_parts_without_a_value_and_values_that_are_objects() -> None:
    data = csv_bytes(
        "title,location.shelfMark,recordInfo.language,isPartOf,isPartOf.uri,"
        "subject,subject.subdivisions,title.supplied",
        "A,MS 7,eng,Papers,http://example.org/p,Bells,England -- History,TRUE",
    )
    assert told(data) == []
    assert values(data) == [
        {
            "title": {"value": "A", "supplied": True},
            "location": {"shelfMark": "MS 7"},
            "recordInfo": {"language": "eng"},
            "isPartOf": {"title": "Papers", "uri": "http://example.org/p"},
            "subject": {"value": "Bells", "subdivisions": ["England", "History"]},
        }
    ]
    assert rows(data)[0].record().relations[0].item.titles[0].value == "Papers"


@pytest.mark.parametrize(
    "heading", ["Created", " created", "CREATED ", "dc:created", "dcterms.created"]
)
def test_a_heading_is_understood_whatever_its_case_and_blanks_and_told(heading: str) -> None:
    data = csv_bytes(f"title,{heading}", "A,1952")
    assert values(data) == [{"title": "A", "created": "1952"}]
    assert told(data) == [("REC-402", 1, heading.strip())]
    assert judged(data).findings[0].evidence["expected"] == "created"


def test_a_misspelt_heading_names_the_nearest() -> None:
    (finding,) = judged(csv_bytes("title,langauge", "A,eng")).findings
    assert (finding.rule.id, finding.evidence["expected"]) == ("REC-401", "language")
    assert (
        finding.message
    ) == 'the heading "langauge" is the name of no property; did you mean language?'


def test_a_sheet_without_a_title_says_so_once() -> None:
    data = csv_bytes("identifier,created", "a,1952", "b,1953")
    assert told(data) == [("REC-202", 1, None)]


def test_empty_rows_are_passed_over_and_counted_as_spreadsheets_do() -> None:
    data = csv_bytes("", "title,created", "", ",", "A,1952", "", "B,x")
    assert told(data) == [("REC-206", 7, "created")]
    assert judged(data).records == 2


def test_rows_with_several_lines_count_as_one_and_lines_are_those_of_the_file() -> None:
    data = csv_bytes("title,created", '"A', 'B",1952', "C,x")
    (finding,) = judged(data).findings
    assert (finding.location.row, finding.location.line) == (3, 4)


@pytest.mark.parametrize(("delimiter", "word"), [(";", "semicolons"), ("\t", "tabs")])
def test_delimiters_are_found_and_told(delimiter: str, word: str) -> None:
    data = csv_bytes(delimiter.join(["title", "created"]), delimiter.join(["A, B", "1952"]))
    assert values(data) == [{"title": "A, B", "created": "1952"}]
    assert f"parted by {word}" in judged(data).findings[0].message


def test_a_first_line_that_declares_the_delimiter_is_no_row_of_headings() -> None:
    data = csv_bytes("sep=;", "title;created", "A;x")
    assert told(data) == [("REC-410", None, None), ("REC-206", 3, "created")]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("utf-16", "UTF-16"), ("utf-16-be", "UTF-16"), ("utf-16-le", "UTF-16"), ("utf-32", "UTF-32")],
)
def test_wide_encodings_are_named_and_read_on(encoding: str, name: str) -> None:
    data = "title,created\nGruß aus Köln,x\n".encode(encoding)
    assert told(data) == [("REC-101", None, None), ("REC-206", 2, "created")]
    assert judged(data).findings[0].evidence["actual"] == name


def test_a_byte_order_mark_of_utf8_is_no_fault() -> None:
    data = "title\nGruß\n".encode("utf-8-sig")
    assert (told(data), values(data)) == ([], [{"title": "Gruß"}])


def test_bytes_of_windows_1252_are_named_with_their_cell() -> None:
    data = b"title,spatial\nA,K\xf6ln \x96 Deutz\nB,Bonn\n"
    (finding,) = judged(data).findings
    assert (finding.rule.id, finding.location.row, finding.location.heading) == (
        "REC-101",
        2,
        "spatial",
    )
    assert finding.evidence == {
        "expected": "UTF-8",
        "actual": "Windows-1252",
        "byte": 0xF6,
        "cell": "B2",
        "value": "Köln \u2013 Deutz",
    }


def test_the_same_fault_of_one_cell_is_said_once() -> None:
    data = csv_bytes("title,subject,subject.authority", "A,Bells||Towers,lc sh")
    assert told(data) == [("REC-209", 2, "subject.authority")]


def test_an_open_quotation_mark_ends_the_reading_and_says_where_it_opens() -> None:
    data = csv_bytes("title", "A", '"B', "C")
    assert told(data) == [("REC-409", 3, None)]
    assert judged(data).findings[0].location.line == 3


def test_nothing_but_headings_holds_no_record() -> None:
    assert told(csv_bytes("title,created")) == [("REC-102", None, None)]
    assert told(b"") == [("REC-102", None, None)]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"PK\x03\x04", "a.csv"),
        (b"\xd0\xcf\x11\xe0", "a.csv"),
        (b"title\nA\n", "a.xlsx"),
        (b"x", "a.ods"),
    ],
)
def test_files_that_are_not_what_their_name_says(data: bytes, name: str) -> None:
    assert told(data, name) == [("REC-112", None, None)]


def test_nul_bytes_and_controls_are_told_and_do_not_reach_the_message() -> None:
    data = csv_bytes("title,created", "A\x00B,1952", "C\x1bD,1952")
    assert told(data) == [("REC-210", 2, "title"), ("REC-210", 3, "title")]


def test_sixteen_thousand_unknown_headings_are_told_in_few_words() -> None:
    data = csv_bytes("title" + "".join(f",x{n}" for n in range(16_000)), "A")
    found = told(data)
    assert len(found) < 200
    assert ("REC-405", 1, None) in found


def test_memory_does_not_grow_with_the_rows() -> None:
    line = "A,27 December,Bells\n"
    peaks = []
    for number in (2_000, 20_000):
        data = io.BytesIO(("title,alternative,subject\n" + line * number).encode())
        tracemalloc.start()
        assert judge_sheet(data, "items.csv").records == number
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 200_000


def test_a_line_without_end_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    with path.open("wb") as stream:
        stream.write(b"title\n")
        for _ in range(40):
            stream.write(b"x" * 2**20)
    with path.open("rb") as stream:
        tracemalloc.start()
        found = judge_sheet(stream, "items.csv").findings
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert [(each.rule.id, each.location.row) for each in found] == [("REC-409", 2)]
    assert "a line has more than" in found[0].message
    assert peak < 32 * 2**20


def test_a_row_with_wrong_quotation_marks_ends_where_it_ends() -> None:
    data = csv_bytes("title,abstract,created", '"The "great" fire","Two', 'lines",1952', "B,C,x")
    assert told(data) == [("REC-409", 2, None), ("REC-206", 3, "created")]
