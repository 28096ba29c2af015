"""A description through every format and back, and what is told of what did not come along."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from letter import letters_record
from letter_losses import LOST
from record_strategy import records

from muniment.metadata.authored import record_from
from muniment.metadata.authoring import record_from_json, record_from_yaml, to_json, to_yaml
from muniment.metadata.crosswalk import (
    TargetFormat,
    crosswalk,
    faults,
    loss_findings,
    losses,
    way,
)
from muniment.metadata.dcterms import dcterms_xml
from muniment.metadata.descriptions import read_description
from muniment.metadata.dspace import dspace_xml, record_from_dspace
from muniment.metadata.record import Date, DateKind, Language, Name, Record, Term, Title

ENDINGS = {
    TargetFormat.YAML: "yaml",
    TargetFormat.JSON: "json",
    TargetFormat.DATACITE: "json",
    TargetFormat.SCHEMAORG: "json",
}
LOSSLESS = (TargetFormat.YAML, TargetFormat.JSON, TargetFormat.MODS)


def brought(record: Record, target: TargetFormat) -> bytes:
    return crosswalk(record, target, date="2026-11-23", version="0.1.0")


def in_any_order(record: Record) -> Record:
    """`coverage` is written as `spatial`, which stands before `temporal`."""
    return replace(record, subjects=tuple(sorted(record.subjects, key=repr)))


@settings(max_examples=80, deadline=None)
@given(values=records())
def test_an_authored_record_is_written_as_it_was_read(values: dict[str, Any]) -> None:
    record = record_from(values)
    for back in (record_from_yaml(to_yaml(record)), record_from_json(to_json(record))):
        assert in_any_order(back) == in_any_order(record)


@pytest.mark.parametrize("target", list(TargetFormat))
def test_the_letter_goes_through_every_format_and_back(target: TargetFormat) -> None:
    record = letters_record()
    content = brought(record, target)
    name = f"letter.{ENDINGS.get(target, 'xml')}"
    back, findings = read_description(content, name)
    assert not [finding for finding in findings if finding.severity.label == "error"]
    assert back is not None
    assert [title.value for title in back.titles] == ["Telegram from Stalin to Mao Zedong"]
    assert [name.value.partition(", 1")[0] for name in back.names] == [
        "Stalin, Joseph",
        "Mao, Zedong",
    ]
    assert [date.value for date in back.dates] == ["1952-12-27"]
    assert [language.value for language in back.languages] == ["eng"]
    again = brought(back, target)
    assert brought(read_description(again, name)[0] or Record(), target) == again


@pytest.mark.parametrize("target", LOSSLESS)
def test_nothing_of_the_letter_is_lost_in_its_own_form(target: TargetFormat) -> None:
    record = letters_record()
    content = brought(record, target)
    assert losses(record, content, target) == ()
    back = way(target, date="", version="").read(content)
    assert replace(back, info=record.info) == record  # MODS has a date of its own


@pytest.mark.parametrize("target", list(TargetFormat))
def test_exactly_this_of_the_letter_has_no_place_in_a_format(target: TargetFormat) -> None:
    lost = losses(letters_record(), brought(letters_record(), target), target)
    assert [(loss.place, loss.value[:32]) for loss in lost] == LOST.get(target, [])


def test_a_code_that_stands_elsewhere_by_accident_is_still_told_as_lost() -> None:
    record = Record(
        titles=(Title(value="aut"),),
        names=(Name(value="Doe, Jane", creator=True, roles=("aut",)),),
        abstracts=(Term(value="a aut b", lang="en"),),
    )
    lost = losses(record, dspace_xml(record), TargetFormat.DSPACE)
    assert [(loss.place, loss.value) for loss in lost] == [("names/roles", "aut")]


def test_what_a_format_cannot_say_is_told_value_by_value() -> None:
    record = Record(
        titles=(Title(value="Letters", supplied=True),),
        names=(Name(value="Doe, Jane", creator=True, roles=("aut",), dates="1901-1980"),),
    )
    lost = losses(record, dspace_xml(record), TargetFormat.DSPACE)
    assert [(loss.place, loss.value) for loss in lost] == [
        ("titles/supplied", "titles/supplied"),
        ("names/roles", "aut"),
    ]
    findings = list(loss_findings(lost, TargetFormat.DSPACE, "record.yaml"))
    assert [finding.rule.id for finding in findings] == ["REC-302", "REC-302"]
    assert findings[1].location.pointer == "/names/roles"
    assert findings[1].evidence["actual"] == "aut"


def test_what_was_joined_into_one_value_is_not_lost() -> None:
    record = Record(names=(Name(value="Doe, Jane", creator=True, dates="1901-1980"),))
    assert losses(record, dcterms_xml(record), TargetFormat.DCTERMS) == ()


@settings(max_examples=25, deadline=None)
@given(values=records())
def test_every_format_takes_every_record(values: dict[str, Any]) -> None:
    record = record_from(values)
    for target in TargetFormat:
        content = brought(record, target)
        assert way(target, date="", version="").read(content).titles != () or not record.titles


@pytest.mark.parametrize("target", list(TargetFormat))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(values=records())
def test_what_came_back_once_comes_back_the_same(
    target: TargetFormat, values: dict[str, Any]
) -> None:
    both = way(target, date="2026-11-23", version="0.1.0")
    back = both.read(both.write(record_from(values)))
    assert both.read(both.write(back)) == back


@pytest.mark.parametrize("target", [TargetFormat.YAML, TargetFormat.JSON])
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(values=records())
def test_nothing_is_told_as_lost_where_nothing_is(
    target: TargetFormat, values: dict[str, Any]
) -> None:
    record = record_from(values)
    assert losses(record, brought(record, target), target) == ()


def test_dspace_fields_find_their_terms() -> None:
    data = b"""<dublin_core schema="dc">
      <dcvalue element="contributor" qualifier="author">Doe, Jane</dcvalue>
      <dcvalue element="identifier" qualifier="isbn">0-306-40615-2</dcvalue>
      <dcvalue element="description" qualifier="sponsorship">A foundation</dcvalue>
    </dublin_core>"""
    record = record_from_dspace(data)
    assert record.names[0].creator
    assert (record.identifiers[0].kind, record.identifiers[0].value) == ("isbn", "0-306-40615-2")
    assert record.notes[0].value == "A foundation"


def test_what_an_authored_record_has_no_form_for_becomes_a_note_or_is_told() -> None:
    record = Record(
        titles=(Title(value="Letters", kind="spine title"), Title(value="Letters")),
        names=(Name(value="Doe, Jane", creator=False, roles=("Tomb owner", "pht")),),
        dates=(Date(kind=DateKind.CREATED, value="about Easter 1952", encoding=None),),
        languages=(Language(value="Old Norse"),),
    )
    for target, read in (
        (TargetFormat.YAML, record_from_yaml),
        (TargetFormat.JSON, record_from_json),
    ):
        content = brought(record, target)
        back = read(content)
        assert faults(content, target, "a") == ()
        assert [(note.kind, note.value) for note in back.notes] == [
            ("created", "about Easter 1952"),
            ("language", "Old Norse"),
        ]
        lost = losses(record, content, target)
        assert ("names/roles", "Tomb owner") in [(loss.place, loss.value) for loss in lost]
        assert ("titles/kind", "spine title") in [(loss.place, loss.value) for loss in lost]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
_WORDS = st.sampled_from(
    ["2001", "--", " ", "http://example.org/", "\x01", "\ud800", "Other", "en"]
)


def _foreign(record: Record, target: TargetFormat) -> Any:  # noqa: ANN401 - JSON data
    return json.loads(brought(record, target))


def _spoilt(data: st.DataObject, value: Any) -> Any:  # noqa: ANN401 - JSON data
    """The same document with some values of another type."""
    if data.draw(st.integers(0, 7)) == 0:
        return data.draw(_JSON | _WORDS)
    if isinstance(value, dict):
        return {name: _spoilt(data, part) for name, part in value.items()}
    if isinstance(value, list):
        return [_spoilt(data, part) for part in value]
    return value


@pytest.mark.parametrize("source", [TargetFormat.DATACITE, TargetFormat.SCHEMAORG])
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_wrong_types_in_a_document_are_never_a_failure_of_ours(
    source: TargetFormat, data: st.DataObject
) -> None:
    whole = _foreign(letters_record(), source)
    marks = ("@context", "schemaVersion")
    values = {
        name: value if name in marks else _spoilt(data, value) for name, value in whole.items()
    }
    record, findings = read_description(json.dumps(values).encode(), "thing.json")
    assert record is not None or findings
    if record is not None:
        for target in TargetFormat:
            content = brought(record, target)
            losses(record, content, target)


HOSTILE = {
    "deep.json": b'{"@context": "https://schema.org", "name": ' + b"[" * 100_000,
    "deep2.json": b'{"schemaVersion": "datacite.org", "a": ' + b'{"a":' * 9000 + b"1" + b"}" * 9001,
    "latin.json": b'{"@context": "https://schema.org", "name": "\xe9"}',
    "utf16.json": '{"@context": "https://schema.org"}'.encode("utf-16"),
    "nul.json": b'{"@context": "https://schema.org", "name": "\x00"}',
    "large.json": b'{"@context": "https://schema.org", "name": "' + b"a" * 600_000 + b'"}',
    "twice.json": b'{"@context": "https://schema.org"} {}',
    "list.json": b"[1]",
    "number.json": b'{"@context": "https://schema.org", "name": 1e999}',
    "nothing.json": b'{"schemaVersion": "http://datacite.org/schema/kernel-4"}',
    "bomb.xml": b'<!DOCTYPE d [<!ENTITY a "a"><!ENTITY b "&a;&a;">]><dublin_core>&b;</dublin_core>',
    "outside.xml": b'<!DOCTYPE d SYSTEM "file:///etc/passwd"><dublin_core/>',
    "deep.xml": b"<dublin_core>" + b"<a>" * 100_000,
    "deep_mods.xml": b'<mods xmlns="http://www.loc.gov/mods/v3">' + b"<relatedItem>" * 30_000,
    "latin.xml": b"<dublin_core><dcvalue element='title'>\xe9</dcvalue></dublin_core>",
    "empty.xml": b"",
    "cut.xml": b"<dublin_core><dcvalue",
    "nothing.xml": b"<dublin_core><!-- a --><?a b?></dublin_core>",
    "terms.xml": (
        b"<metadata xmlns:d='http://purl.org/dc/terms/'><!-- a --><d:tilte>a</d:tilte></metadata>"
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_is_a_finding(name: str) -> None:
    record, findings = read_description(HOSTILE[name], name)
    assert [finding for finding in findings if finding.severity.label == "error"]
    assert record is None


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_document_with_broken_bytes_is_a_record_or_a_finding(data: st.DataObject) -> None:
    target = data.draw(st.sampled_from(list(TargetFormat)))
    content = bytearray(brought(letters_record(), target))
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    record, findings = read_description(bytes(content), f"a.{ENDINGS.get(target, 'xml')}")
    assert record is not None or findings


def test_a_datacite_document_has_what_datacite_requires() -> None:
    values = json.loads(brought(letters_record(), TargetFormat.DATACITE))
    assert values["creators"] == [{"name": "Stalin, Joseph", "nameType": "Personal"}]
    assert values["publicationYear"] == "1952"
    assert values["types"] == {"resourceTypeGeneral": "Text", "resourceType": "telegrams"}
