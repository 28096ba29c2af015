from __future__ import annotations

import json
import random
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.metadata.reading import RecordForm, RecordReading, read_record
from muniment.metadata.record import Record
from muniment.metadata.texts import LARGEST_RECORD
from muniment.model.findings import Severity

LETTER = Path(__file__).parents[2] / "bags/sources/1952-12-27-stalin-to-mao"


def _read(text: str, name: str = "record.yaml") -> RecordReading:
    return read_record(text.encode(), name)


def _found(text: str, name: str = "record.yaml") -> list[tuple[str, int | None, str]]:
    return [
        (finding.rule.id, finding.location.line, finding.message)
        for finding in _read(text, name).findings
    ]


def _record(text: str) -> Record:
    reading = _read(text)
    assert reading.findings == ()
    assert reading.accepted is not None
    return reading.accepted.record


def test_the_letter_is_kept_byte_for_byte() -> None:
    text = (LETTER / "1952-12-27-stalin-to-mao.txt").read_bytes()
    assert sha256(text).hexdigest() == (
        "01b70b0da8f32982596dd813901d801878945e942e523762ef1927a621b438c9"
    )


def test_the_letters_record_is_accepted_without_a_finding() -> None:
    data = (LETTER / "record.yaml").read_bytes()
    reading = read_record(data, "record.yaml")
    assert reading.findings == ()
    assert reading.accepted is not None
    assert reading.accepted.given == data
    assert reading.accepted.form is RecordForm.YAML
    record = reading.accepted.record
    assert [one.value for one in record.identifiers] == ["1952-12-27-stalin-to-mao"]
    assert [(name.value, name.dates, name.roles) for name in record.names] == [
        ("Stalin, Joseph", None, ("aut",)),
        ("Mao, Zedong", "1893-1976", ("rcp",)),
    ]
    assert record.places == ()
    assert [(date.kind, date.value, date.display, date.key) for date in record.dates] == [
        ("created", "1952-12-27", "27 December 1952", True)
    ]


def test_every_quotation_in_the_letters_record_stands_in_the_letter() -> None:
    text = " ".join((LETTER / "1952-12-27-stalin-to-mao.txt").read_text("ascii").split())
    reading = read_record((LETTER / "record.yaml").read_bytes(), "record.yaml")
    assert reading.accepted is not None
    notes = [note.value for note in reading.accepted.record.notes]
    quoted = [part for note in notes for part in note.split('"')[1::2]]
    assert len(quoted) > 5
    assert [part for part in quoted if part not in text] == []


def test_all_faults_are_found_at_once_in_the_order_of_the_file() -> None:
    text = (
        "titel: Letters\n"
        "created: 27 December 1952\n"
        "creator: {value: St Mary, role: author}\n"
        "subject:\n"
        "  - 1952\n"
        "language: English\n"
    )
    assert [(rule, line) for rule, line, _ in _found(text)] == [
        ("REC-201", 1),
        ("REC-202", 1),
        ("REC-206", 2),
        ("REC-205", 3),
        ("REC-203", 5),
        ("REC-208", 6),
    ]


def test_duplicates_and_aliases_do_not_hide_what_is_wrong_besides() -> None:
    text = "title: &t Letters\ntitle: More\nsubject: *t\ntype: text\n"
    assert [(rule, line) for rule, line, _ in _found(text)] == [
        ("REC-107", 1),
        ("REC-109", 2),
        ("REC-107", 3),
        ("REC-205", 4),
    ]


def test_a_warning_does_not_keep_a_record_from_being_accepted() -> None:
    reading = _read("title: ' Letters'\n")
    assert [finding.severity for finding in reading.findings] == [Severity.WARNING]
    assert reading.accepted is not None
    assert reading.accepted.record.titles[0].value == "Letters"


@pytest.mark.parametrize("name", ["a.yaml", "a.yml", "a.YAML", "folder.d/a.yml"])
def test_the_end_of_the_name_says_yaml(name: str) -> None:
    accepted = read_record(b"title: Letters\n", name).accepted
    assert accepted is not None
    assert (accepted.form, accepted.name) == (RecordForm.YAML, name)


def test_a_date_that_yaml_1_1_would_take_for_a_date_is_text() -> None:
    assert _record("title: a\ncreated: 1952-12-27\n").dates[0].value == "1952-12-27"


def test_words_that_yaml_1_1_would_take_for_booleans_are_text() -> None:
    record = _record("title: Yes\nlanguage: no\nnote: off\n")
    assert (record.titles[0].value, record.languages[0].value) == ("Yes", "no")


@pytest.mark.parametrize(
    "raw", ["1952", "-1", "0x1F", "0o17", "1.5", "1e3", ".5", ".inf", "-.INF", ".nan", "1" * 9999]
)
def test_a_bare_number_is_refused_with_its_own_spelling_in_quotes(raw: str) -> None:
    reading = _read(f"title: {raw}\n")
    assert [finding.rule.id for finding in reading.findings] == ["REC-203"]
    assert f'write it in quotes: "{raw[:20]}' in reading.findings[0].message


@pytest.mark.parametrize(
    "raw", ["1_000", "12:30", "1952-12-27", "0b1", "1.2.3", "1e", "+", "=", "<<"]
)
def test_what_only_looks_like_a_number_is_text(raw: str) -> None:
    assert _record(f"title: {raw}\n").titles[0].value == raw


@pytest.mark.parametrize("raw", ["", "~", "null", "Null", "NULL", '""', "'  '", "[]", "{}"])
def test_an_empty_value_is_called_empty(raw: str) -> None:
    rules = {rule for rule, _, _ in _found(f"title: a\nabstract: {raw}\n")}
    assert rules <= {"REC-204", "REC-202"}
    assert rules


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("title: Gräfin".encode("utf-16"), "UTF-16"),
        ("title: Gräfin".encode("utf-16-be"), "UTF-16"),
        ("title: Gräfin".encode("utf-32"), "UTF-32"),
        ("title: Gräfin".encode("iso-8859-1"), "ISO-8859-1"),
        ("title: \u201cLetters\u201d".encode("windows-1252"), "Windows-1252"),
    ],
)
def test_another_encoding_is_named(data: bytes, encoding: str) -> None:
    reading = read_record(data, "record.yaml")
    assert [finding.rule.id for finding in reading.findings] == ["REC-101"]
    assert reading.findings[0].evidence["actual"] == encoding


def test_a_byte_order_mark_is_no_fault_and_no_text() -> None:
    reading = read_record(b"\xef\xbb\xbftitle: Letters\n", "record.yaml")
    assert reading.accepted is not None
    assert reading.accepted.record.titles[0].value == "Letters"
    assert reading.accepted.given.startswith(b"\xef\xbb\xbf")


def test_a_wrong_byte_after_a_mark_has_its_own_place() -> None:
    place = read_record(b"\xef\xbb\xbfa: b\ntitle: x\xff\n", "r.yaml").findings[0].location
    assert (place.line, place.column) == (2, 9)


@pytest.mark.parametrize("name", ["r.yaml", "r.json"])
@pytest.mark.parametrize("opener", [b"[", b'{"a":', b"{a: ", b"- ", b"? ", b"[{"])
def test_deep_nesting_is_a_finding_and_quick(opener: bytes, name: str) -> None:
    reading = read_record((opener * 100_000)[:LARGEST_RECORD], name)
    assert reading.accepted is None
    assert {finding.rule.id for finding in reading.findings} <= {
        "REC-103",
        "REC-104",
        "REC-110",
        "REC-113",
    }


def test_a_thousand_laughs_stay_one() -> None:
    text = "title: x\na: &a [l, o, l]\n" + "".join(
        f"{chr(98 + number)}: &{chr(98 + number)} [*{chr(97 + number)}, *{chr(97 + number)}]\n"
        for number in range(20)
    )
    found = [rule for rule, _, _ in _found(text) if rule.startswith("REC-")]
    assert found.count("REC-107") == 61
    assert len(found) == 61 + 21


def test_more_than_the_largest_record_is_not_read() -> None:
    data = b"title: " + b"x" * LARGEST_RECORD
    for name in ("r.yaml", "r.json", "r.xml"):
        assert [found.rule.id for found in read_record(data, name).findings] == ["REC-111"]
    assert read_record(data[:LARGEST_RECORD], "r.yaml").findings == ()


def test_a_python_object_is_never_built() -> None:
    text = "title: !!python/object/apply:os.system ['touch /tmp/muniment-was-here']\n"
    assert _found(text)[0][0] == "REC-108"
    assert not Path("/tmp/muniment-was-here").exists()  # noqa: S108 - nothing is made there


def test_a_lone_surrogate_leaves_no_trace_in_the_findings() -> None:
    for text in (
        '{"title": "\\ud800"}',
        '{"title": "a", "\\ud800": 1}',
        '{"title": "a", "type": "\\udfff"}',
    ):
        reading = _read(text, "r.json")
        assert "REC-210" in {finding.rule.id for finding in reading.findings}
        for finding in reading.findings:
            json.dumps(
                [finding.message, finding.evidence, finding.location.pointer], ensure_ascii=False
            ).encode()


_FRAGMENTS = st.sampled_from(
    [
        "title",
        "title: ",
        "x",
        ": ",
        "\n",
        "- ",
        "[",
        "]",
        "{",
        "}",
        ",",
        '"',
        "'",
        "&a",
        "*a",
        "!",
        "!!x",
        "|",
        ">",
        "%",
        "%YAML 1.2",
        "%YAML 3.0",
        "%TAG ! x",
        "---",
        "...",
        "?",
        "\t",
        "\\",
        "\\u",
        "\\ud800",
        "\\U00110000",
        "\\x",
        "#",
        " ",
        "  ",
        "@",
        "`",
        "\r",
        "\r\n",
        "\u2028",
        "\x85",
        "\x00",
        "\ufeff",
        "\ufffe",
        "1",
        "null",
        "~",
        "é",
        "<<",
        "NaN",
        "-",
        "0x1",
        "1e5",
        ".inf",
        '"title"',
        '"a":1',
        "true",
        "value",
        "lang: en",
        "created: 1952-13",
    ]
)


@settings(max_examples=1500, deadline=None)
@given(st.lists(_FRAGMENTS, max_size=25).map("".join), st.sampled_from(["a.yaml", "a.json"]))
def test_whatever_the_text_there_is_a_record_or_a_finding(text: str, name: str) -> None:
    reading = read_record(text.encode(), name)
    assert reading.accepted is not None or reading.findings
    for finding in reading.findings:
        finding.message.encode()
        assert finding.location.path == name


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=80), st.sampled_from(["a.yaml", "a.json", "a.xml"]))
def test_whatever_the_bytes_there_is_a_record_or_a_finding(data: bytes, name: str) -> None:
    reading = read_record(data, name)
    assert reading.accepted is not None or reading.findings


def test_any_cut_or_changed_byte_of_the_letters_record_is_read_or_reported() -> None:
    data = (LETTER / "record.yaml").read_bytes()
    chance = random.Random(1952)
    for _ in range(150):
        cut = chance.randrange(len(data))
        changed = bytearray(data)
        changed[cut] = chance.randrange(256)
        for variant in (data[:cut], bytes(changed)):
            reading = read_record(variant, "record.yaml")
            assert reading.accepted is not None or reading.findings


def test_yaml_and_json_say_the_same() -> None:
    values = {"title": {"value": "Letters", "supplied": True}, "subject": ["Bells", "1952"]}
    from_json = _read(json.dumps(values), "r.json").accepted
    from_yaml = _read(
        "title: {value: Letters, supplied: true}\nsubject: [Bells, '1952']\n"
    ).accepted
    assert from_json is not None
    assert from_yaml is not None
    assert from_json.record == from_yaml.record
