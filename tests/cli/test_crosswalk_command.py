from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_helpers import assert_conforms, document_of, muniment
from lxml import etree

RIGHT = """\
title: {value: Letters of the parish, supplied: true}
identifier: letters-1
creator: {value: "Doe, Jane", role: pht}
"""
MODS = (
    '<mods xmlns="http://www.loc.gov/mods/v3" version="3.8">\n'
    '<titleInfo usage="primary"><title>Letters</title></titleInfo>\n'
    "<part><detail><number>7</number></detail></part>\n</mods>"
)


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("right.yaml").write_text(RIGHT, "utf-8")
    Path("wrong.yaml").write_text("title: Letters\nsubjects: bells\n", "utf-8")
    Path("mods.xml").write_text(MODS, "utf-8")
    return tmp_path


def test_the_result_goes_to_standard_output_and_the_report_to_standard_error() -> None:
    result = muniment("crosswalk", "right.yaml", "--to", "dspace")
    assert result.exit_code == 0
    root = etree.fromstring(result.stdout.encode())
    assert [(each.get("element"), each.text) for each in root] == [
        ("title", "Letters of the parish"),
        ("contributor", "Doe, Jane"),
        ("identifier", "letters-1"),
    ]
    assert result.stderr.splitlines()[0] == "PASS  right.yaml (record): 2 info"
    assert "names/roles: 'pht' has no place in dspace" in result.stderr


def test_a_report_in_json_goes_to_standard_error_beside_a_result() -> None:
    result = muniment("crosswalk", "right.yaml", "--to", "json", "--format", "json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["identifier"] == "letters-1"
    report = json.loads(result.stderr)
    assert_conforms(report)
    assert report["result"] == {
        "format": "json",
        "octets": len(result.stdout.encode()),
        "output": None,
    }


def test_output_is_written_and_the_report_goes_to_standard_output() -> None:
    result = muniment(
        "crosswalk", "right.yaml", "--to", "mods", "--output", "out.xml", "--format", "json"
    )
    assert (result.exit_code, result.stderr) == (0, "")
    report = document_of(result)
    octets = Path("out.xml").read_bytes()
    assert b"<roleTerm" in octets
    assert report["result"] == {"format": "mods", "octets": len(octets), "output": "out.xml"}
    assert report["subjects"][0]["findings"] == []


def test_existing_output_is_refused_and_left_as_it_is() -> None:
    Path("out.xml").write_text("mine", "utf-8")
    result = muniment("crosswalk", "right.yaml", "--to", "mods", "--output", "out.xml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "out.xml exists already" in result.stderr
    assert Path("out.xml").read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("wrong.yaml", None, "REC-201"),
        ("thing.pdf", b"%PDF-1.7", "REC-112"),
        ("thing.json", b'{"@context": "https://schema.org", "name": 3', "REC-104"),
        ("thing.json", b'{"@context": "https://schema.org", "name": "\\u0001"}', "REC-210"),
        ("empty.json", b'{"@context": "https://schema.org"}', "REC-102"),
        ("latin.json", b'{"@context": "https://schema.org", "name": "\xe9"}', "REC-101"),
        ("large.json", b" " * (512 * 1024 + 1), "REC-111"),
        ("doctype.xml", b'<!DOCTYPE dublin_core [<!ENTITY a "b">]><dublin_core/>', "XML-"),
        ("unknown.xml", b"<html/>", "XML-101"),
    ],
)
def test_what_cannot_be_read_is_a_fail_and_writes_nothing(
    name: str, content: bytes | None, rule: str
) -> None:
    if content is not None:
        Path(name).write_bytes(content)
    result = muniment("crosswalk", name, "--to", "mods", "--output", "o.xml", "--format", "json")
    assert result.exit_code == 1
    report = document_of(result)
    assert report["result"] is None
    rules = [finding["rule"] for finding in report["subjects"][0]["findings"]]
    assert rules
    assert rules[0].startswith(rule)
    assert not Path("o.xml").exists()


def test_a_missing_file_is_unverified() -> None:
    result = muniment("crosswalk", "nowhere.yaml", "--to", "mods")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "nowhere.yaml" in result.stderr


@pytest.mark.parametrize("arguments", [["right.yaml"], ["right.yaml", "--to", "marc"]])
def test_a_format_that_is_missing_or_unknown_is_wrong_usage(arguments: list[str]) -> None:
    assert muniment("crosswalk", *arguments).exit_code == 2


def test_what_mods_says_and_a_record_cannot_is_named_with_its_place() -> None:
    result = muniment(
        "crosswalk", "mods.xml", "--to", "yaml", "--output", "r.yaml", "--format", "json"
    )
    assert result.exit_code == 0
    found = document_of(result)["subjects"][0]["findings"]
    assert [
        (each["rule"], each["evidence"]["element"], each["evidence"]["actual"]) for each in found
    ] == [
        ("REC-302", "titleInfo/@usage", "primary"),
        ("REC-302", "part/detail/number", "7"),
    ]
    assert [each["location"]["line"] for each in found] == [2, 3]
    assert Path("r.yaml").read_text("utf-8") == "title: Letters\n"


def test_a_record_without_a_title_cannot_become_an_authored_one() -> None:
    Path("untitled.xml").write_text(
        '<mods xmlns="http://www.loc.gov/mods/v3" version="3.8"><note>a</note></mods>', "utf-8"
    )
    assert muniment("crosswalk", "untitled.xml", "--to", "oai_dc").exit_code == 0
    result = muniment("crosswalk", "untitled.xml", "--to", "yaml", "--format", "json")
    assert result.exit_code == 1
    report = document_of(result)
    assert "REC-202" in [each["rule"] for each in report["subjects"][0]["findings"]]


def test_a_collection_of_several_records_is_refused_and_one_of_one_is_not() -> None:
    one = MODS
    for count in (1, 2):
        text = f'<modsCollection xmlns="http://www.loc.gov/mods/v3">{one * count}</modsCollection>'
        Path(f"{count}.xml").write_text(text, "utf-8")
    assert muniment("crosswalk", "1.xml", "--to", "oai_dc").exit_code == 0
    result = muniment("crosswalk", "2.xml", "--to", "oai_dc", "--format", "json")
    assert result.exit_code == 1
    found = document_of(result)["subjects"][0]["findings"]
    assert "REC-114" in [each["rule"] for each in found]


def test_what_datacite_requires_and_a_record_lacks_is_warned_of() -> None:
    result = muniment(
        "crosswalk", "right.yaml", "--to", "datacite", "--output", "d.json", "--format", "json"
    )
    assert result.exit_code == 0
    (subject,) = document_of(result)["subjects"]
    lacking = [
        each["evidence"]["property"] for each in subject["findings"] if each["rule"] == "REC-303"
    ]
    assert lacking == ["identifiers", "publisher", "publicationYear", "types.resourceTypeGeneral"]
    assert {each["severity"] for each in subject["findings"] if each["rule"] == "REC-303"} == {
        "warning"
    }


def test_an_address_of_a_doi_is_an_identifier_for_datacite() -> None:
    Path("doi.yaml").write_text(
        "title: Letters\nidentifier: https://doi.org/10.5555/letters\ncreator: Doe\n"
        'publisher: Parish\nissued: "1952"\ntype: Text\n',
        "utf-8",
    )
    result = muniment("crosswalk", "doi.yaml", "--to", "datacite", "--fail-on", "warning")
    assert result.exit_code == 0


SECOND = MODS.replace("Letters", "Maps").replace(
    "<part>", '<note ID="n1">torn</note><identifier type="local">m-2</identifier><part>'
)


def harvest(*records: str) -> None:
    header = "<header><identifier>oai:x:{}</identifier><datestamp>2024-05-17</datestamp></header>"
    inner = "".join(
        f"<record>{header.format(number)}<metadata>{record}</metadata></record>"
        for number, record in enumerate(records, 1)
    )
    Path("harvest.xml").write_text(
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        f"<ListRecords>{inner}</ListRecords></OAI-PMH>",
        "utf-8",
    )


def test_a_harvest_becomes_a_collection_that_holds_to_its_schema() -> None:
    harvest(MODS, SECOND)
    command = ("crosswalk", "harvest.xml", "--to", "mods", "--output", "all.xml")
    assert muniment(*command, "--format", "json").exit_code == 0
    root = etree.parse("all.xml").getroot()
    titles = [each.text for each in root.iter("{http://www.loc.gov/mods/v3}title")]
    assert (etree.QName(root).localname, titles) == ("modsCollection", ["Letters", "Maps"])
    assert muniment("validate", "all.xml").exit_code == 0


def test_ids_of_several_records_stay_apart_in_a_collection() -> None:
    rows = "title,identifier,identifier.note\nA,a-1,old\nB,b-1,old\n"
    Path("rows.csv").write_text(rows, "utf-8")
    assert muniment("crosswalk", "rows.csv", "--to", "mods", "--output", "a.xml").exit_code == 0
    ids = [each.get("ID") for each in etree.parse("a.xml").iter() if each.get("ID")]
    assert len(set(ids)) == len(ids) == 2
    assert muniment("validate", "a.xml").exit_code == 0


@pytest.mark.parametrize("wanted", ["2", "m-2", "oai:x:2"])
def test_one_record_of_several_is_named_by_number_or_identifier(wanted: str) -> None:
    harvest(MODS, SECOND)
    result = muniment("crosswalk", "harvest.xml", "--to", "json", "--record", wanted)
    assert json.loads(result.stdout)["title"] == "Maps"


def test_rows_of_a_sheet_become_an_array() -> None:
    Path("rows.csv").write_text("title,created\nA,1952\nB,1953\n", "utf-8")
    result = muniment("crosswalk", "rows.csv", "--to", "json")
    assert [each["title"] for each in json.loads(result.stdout)] == ["A", "B"]


def test_several_records_in_a_format_for_one_say_what_to_do() -> None:
    harvest(MODS, SECOND)
    result = muniment("crosswalk", "harvest.xml", "--to", "oai_dc")
    assert result.exit_code == 1
    assert "holds 2 records, and oai_dc has no form for several" in result.stdout
    assert "--record" in result.stdout


def test_a_number_beyond_the_last_is_wrong_usage() -> None:
    harvest(MODS, SECOND)
    result = muniment("crosswalk", "harvest.xml", "--to", "json", "--record", "3")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "has no record 3: it holds 2" in result.stderr


def test_a_single_record_has_no_number() -> None:
    result = muniment("crosswalk", "right.yaml", "--to", "json", "--record", "1")
    assert result.exit_code == 2
    assert "holds a single record" in result.stderr


def test_one_wrong_record_leaves_nothing_made_and_is_named() -> None:
    harvest(MODS, SECOND.replace("<note", "<toleTerm/><note"))
    result = muniment("crosswalk", "harvest.xml", "--to", "mods", "--output", "all.xml")
    assert result.exit_code == 1
    assert "record 2: " in result.stdout
    assert not Path("all.xml").exists()


def test_an_answer_without_records_is_nothing_to_bring() -> None:
    harvest()
    result = muniment("crosswalk", "harvest.xml", "--to", "mods")
    assert (result.exit_code, "REC-102" in result.stdout) == (1, True)


def test_a_prefix_that_the_file_does_not_declare_leaves_nothing_made() -> None:
    harvest(MODS, SECOND)
    path = Path("harvest.xml")
    path.write_text(
        path.read_text("utf-8").replace("<note ID", '<note xlink:href="#a" ID'), "utf-8"
    )
    result = muniment("crosswalk", "harvest.xml", "--to", "mods")
    assert (result.exit_code, "XML-013" in result.stdout) == (1, True)
