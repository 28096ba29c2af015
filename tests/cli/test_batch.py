"""package --batch: one bag a row, faults told by row, and a second run keeps what there is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli_helpers import document_of, muniment

from muniment.model.errors import EnvironmentFault
from muniment.workflow.packaging import package as real

DATE = ("--date", "2024-05-17")
HERE = ("--workers", "1")  # in this process, where calls can be watched
SHEET = """identifier,title,created,files
a-1,Letter one,1952,scans/1.txt
a-2,Letter two,27 Dec 1952,scans/1.txt
a-3,Letter three,1952,scans/1.txt||scans/more
a-4,Letter four,1952,scans/none.txt
"""


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with files and a sheet beside them."""
    monkeypatch.chdir(tmp_path)
    Path("scans/more").mkdir(parents=True)
    Path("scans/1.txt").write_bytes(b"one\n")
    Path("scans/more/2.txt").write_bytes(b"two\n")
    Path("items.csv").write_text(SHEET, "utf-8")
    return tmp_path


def run(*more: str) -> Any:  # noqa: ANN401 - click's result
    return muniment("package", "--batch", "items.csv", "--output", "out", *DATE, *more)


def test_right_rows_become_bags_and_wrong_rows_are_told() -> None:
    result = run("--format", "json")
    assert result.exit_code == 1
    document = document_of(result)
    assert [(one["subject"], one["verdict"]) for one in document["subjects"]] == [
        ("out/a-1", "pass"),
        ("items.csv row 3", "fail"),
        ("out/a-3", "pass"),
        ("items.csv row 5", "fail"),
    ]
    faults = [one["findings"][0] for one in document["subjects"] if one["findings"]]
    assert [
        (each["rule"], each["location"]["row"], each["location"]["heading"]) for each in faults
    ] == [
        ("REC-206", 3, "created"),
        ("REC-453", 5, "files"),
    ]
    made = document["result"]["bags"]
    assert [(each["row"], each["made"]["name"]) for each in made] == [(2, "a-1"), (4, "a-3")]
    assert document["summary"]["subjects"] == document["result"]["rows"] == 4
    assert Path("out/a-3/data/more/2.txt").read_bytes() == b"two\n"
    assert json.loads(Path("out/a-3/metadata/record.json").read_text("utf-8"))["title"] == (
        "Letter three"
    )
    assert muniment("verify", "out/a-1", "out/a-3").exit_code == 0


def test_a_second_run_keeps_the_bags_and_makes_what_is_missing() -> None:
    run()
    before = {path: path.stat().st_mtime_ns for path in Path("out").rglob("*")}
    Path("items.csv").write_text(SHEET.replace("27 Dec 1952", "1952-12-27"), "utf-8")
    document = document_of(run("--format", "json"))
    assert {each["made"]["name"] for each in document["result"]["bags"]} == {"a-1", "a-2", "a-3"}
    kept = [one["subject"] for one in document["subjects"] if "SRC-126" in _rules(one)]
    assert kept == ["out/a-1", "out/a-3"]
    assert {path: path.stat().st_mtime_ns for path in before if path != Path("out")} == {
        path: time for path, time in before.items() if path != Path("out")
    }


def _rules(subject: dict[str, Any]) -> set[str]:
    return {each["rule"] for each in subject["findings"]}


def test_a_bag_that_is_another_is_left_alone_and_the_row_is_open() -> None:
    run()
    Path("scans/1.txt").write_bytes(b"changed\n")
    result = run("--format", "json")
    document = document_of(result)
    assert document["subjects"][0]["subject"] == "items.csv row 2"
    assert document["subjects"][0]["verdict"] == "unverified"
    assert Path("out/a-1/data/1.txt").read_bytes() == b"one\n"


def test_all_rows_are_judged_before_the_first_bag_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[set[str]] = []

    def watched(request: Any, **options: Any) -> Any:  # noqa: ANN401 - the real one's
        made.append({path.name for path in Path("out").glob("a-*")})
        return real(request, **options)

    monkeypatch.setattr("muniment.workflow.batch_rows.package", watched)
    Path("items.csv").write_text(SHEET.replace("title,created", "titel,created"), "utf-8")
    result = run("--format", "json")
    assert (made, Path("out").exists()) == ([], False)
    document = document_of(result)
    assert document["subjects"][0]["kind"] == "sheet"
    assert document["result"]["bags"] == []


def test_an_interruption_leaves_whole_bags_only(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def stopping(request: Any, **options: Any) -> Any:  # noqa: ANN401 - the real one's
        calls.append(1)
        if len(calls) > 1:
            raise KeyboardInterrupt
        return real(request, **options)

    monkeypatch.setattr("muniment.workflow.batch_rows.package", stopping)
    assert run(*HERE).exit_code == 130
    assert [path.name for path in Path("out").iterdir()] == ["a-1"]
    monkeypatch.setattr("muniment.workflow.batch_rows.package", real)
    names = {
        each["made"]["name"] for each in document_of(run("--format", "json"))["result"]["bags"]
    }
    assert names == {"a-1", "a-3"}


def test_one_row_that_cannot_be_written_does_not_stop_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:

    def failing(request: Any, **options: Any) -> Any:  # noqa: ANN401 - the real one's
        if len(request.sources) == 1:
            raise EnvironmentFault("no room")
        return real(request, **options)

    monkeypatch.setattr("muniment.workflow.batch_rows.package", failing)
    document = document_of(run(*HERE, "--format", "json"))
    assert [one["verdict"] for one in document["subjects"]] == [
        "unverified",
        "fail",
        "pass",
        "fail",
    ]


@pytest.mark.parametrize(
    "more", [["scans"], ["--record", "r.yaml"], ["--name", "x"], ["--in-place"]]
)
def test_what_the_sheet_says_cannot_be_said_beside_it(more: list[str]) -> None:
    assert run(*more).exit_code == 2


def test_what_is_no_sheet_or_not_there_is_refused() -> None:
    assert muniment("package", "--batch", "r.yaml", "--output", "out").exit_code == 2
    assert muniment("package", "--batch", "none.csv", "--output", "out").exit_code == 3


def test_the_house_requires_and_a_warning_of_a_row_is_told_once() -> None:
    Path("muniment.toml").write_text('requirements = "deposit"\n', "utf-8")
    Path("items.csv").write_text("identifier,title,files\na-1,TBD,scans/1.txt\n", "utf-8")
    (subject,) = document_of(run("--format", "json"))["subjects"]
    rules = [each["rule"] for each in subject["findings"]]
    assert (subject["subject"], subject["verdict"]) == ("items.csv row 2", "fail")
    assert any(rule.startswith("REQ-") for rule in rules)
    Path("muniment.toml").unlink()
    (subject,) = document_of(run("--format", "json"))["subjects"]
    found = [(each["rule"], each["location"]["row"]) for each in subject["findings"]]
    assert subject["subject"] == "out/a-1"
    assert len(found) == len(set(found)) >= 1
