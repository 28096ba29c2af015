"""`muniment validate --requirements`, and packaging held to what the house requires."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_helpers import document_of, muniment


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a record, a source and a house's requirements."""
    monkeypatch.chdir(tmp_path)
    Path("record.yaml").write_text("title: Letters of the parish\nidentifier: letters-1\n")
    Path("house.yaml").write_text(
        "title: The house\nrequirements: [{property: creator, level: required}]\n"
    )
    Path("letters").mkdir()
    Path("letters/a.txt").write_text("Dear all\n")
    return tmp_path


def test_a_file_of_requirements() -> None:
    result = muniment("validate", "record.yaml", "--requirements", "house.yaml")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0] == "FAIL  record.yaml (record): 1 error"
    assert "      there is no creator, which is required (The house)" in lines


def test_shipped_requirements_by_name() -> None:
    result = muniment("validate", "record.yaml", "--requirements", "deposit", "--format", "json")
    document = document_of(result)
    rules = [finding["rule"] for finding in document["subjects"][0]["findings"]]
    assert rules == ["REQ-101", "REQ-101", "REQ-102", "REQ-102", "REQ-102"]
    assert document["subjects"][0]["checks"]["run"] == ["schema", "semantics", "requirements"]


def test_requirements_that_do_not_exist_are_wrong_usage() -> None:
    result = muniment("validate", "record.yaml", "--requirements", "depposit")
    assert result.exit_code == 2
    assert 'did you mean "deposit"?' in result.stderr


def test_every_fault_of_a_requirements_file_is_told() -> None:
    Path("wrong.yaml").write_text("title: A\nrequirements: [{property: titel}, {property: dat}]\n")
    result = muniment("validate", "record.yaml", "--requirements", "wrong.yaml")
    assert result.exit_code == 2
    assert "titel is no property; did you mean title?" in result.stderr
    assert "dat is no property; did you mean date?" in result.stderr


def test_packaging_refuses_what_the_house_does_not_take() -> None:
    Path("muniment.toml").write_text('requirements = "house.yaml"\n')
    result = muniment("package", "letters", "--record", "record.yaml", "--output", "out")
    assert result.exit_code == 1
    assert "REQ-101" in result.stdout
    assert not Path("out/letters-1").exists()


def test_packaging_refuses_what_is_certainly_wrong() -> None:
    Path("record.yaml").write_text(
        'title: A\nidentifier: [letters-1, {value: "9780306406158", type: isbn}]\n'
    )
    result = muniment("package", "letters", "--record", "record.yaml", "--output", "out")
    assert result.exit_code == 1
    assert "MET-161" in result.stdout
    assert not Path("out/letters-1").exists()


def test_packaging_refuses_it_in_mods_too() -> None:
    Path("record.xml").write_text(
        '<mods xmlns="http://www.loc.gov/mods/v3" version="3.8"><titleInfo><title>A</title>'
        '</titleInfo><originInfo><dateIssued encoding="w3cdtf">1900-02-29</dateIssued>'
        '</originInfo><identifier type="local">letters-1</identifier></mods>'
    )
    result = muniment("package", "letters", "--record", "record.xml", "--output", "out")
    assert result.exit_code == 1
    assert "MET-101" in result.stdout
    assert not Path("out/letters-1").exists()


def test_a_warning_does_not_stop_packaging() -> None:
    Path("record.yaml").write_text("title: A\nidentifier: letters-1\nabstract: TBD\n")
    result = muniment("package", "letters", "--record", "record.yaml", "--output", "out")
    assert result.exit_code == 0
    assert "MET-182" in result.stdout
    assert Path("out/letters-1/bagit.txt").exists()


def test_many_files_on_several_cores_are_told_in_order() -> None:
    Path("many").mkdir()
    for number in range(200):
        text = "title: A\n" if number % 50 else "title: A\nabstract: TBD\n"
        Path(f"many/{number:03}.yaml").write_text(text)
    document = document_of(muniment("validate", "many", "--format", "json"))
    subjects = document["subjects"]
    assert [each["subject"] for each in subjects] == [f"many/{n:03}.yaml" for n in range(200)]
    told = [each["subject"] for each in subjects if each["findings"]]
    assert told == ["many/000.yaml", "many/050.yaml", "many/100.yaml", "many/150.yaml"]
