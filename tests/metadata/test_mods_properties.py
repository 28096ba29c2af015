"""Whatever the schema of the record allows becomes MODS and oai_dc that their schemas allow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from letter import said
from lxml import etree
from record_strategy import SCHEMA, records

from muniment.metadata.authored import record_from
from muniment.metadata.dublincore import oai_dc_xml
from muniment.metadata.mods import mods_xml
from muniment.metadata.record import Record
from muniment.metadata.xml_validation import judge_xml

# What MODS says in another form: by its own word, by an attribute `yes`, or by a default.
_TRANSLATED = {"type", "digitalOrigin"}


def _accepted(values: dict[str, Any]) -> Record:
    """What the schema accepts is taken as it is: whether it makes sense is judged elsewhere."""
    return record_from(values)


def _texts(value: object, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _texts(part, key)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part, name)
    elif isinstance(value, str) and (name not in _TRANSLATED or value.startswith("«")):
        yield value


def _everything_in(document: bytes) -> str:
    return "\n".join(said(document, "//text() | //@*"))


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(records())
def test_mods_is_valid_and_says_every_word_of_the_record(values: dict[str, Any]) -> None:
    document = mods_xml(_accepted(values), record_date="2024-02-29", version="1.0.0")
    assert [finding.message for finding in judge_xml(document).findings] == []
    said = _everything_in(document)
    assert [text for text in _texts(values) if text.strip() not in said] == []


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(records())
def test_oai_dc_is_valid_and_begins_with_the_title(values: dict[str, Any]) -> None:
    record = _accepted(values)
    document = oai_dc_xml(record)
    assert [finding.message for finding in judge_xml(document).findings] == []
    first = etree.fromstring(document)[0]
    assert first.tag == "{http://purl.org/dc/elements/1.1/}title"
    assert record.titles[0].value in (first.text or "")


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(records())
def test_the_same_record_gives_the_same_bytes(values: dict[str, Any]) -> None:
    first = mods_xml(_accepted(values), record_date="2024", version="1.0.0")
    assert mods_xml(_accepted(values), record_date="2024", version="1.0.0") == first


@pytest.mark.parametrize("name", sorted(SCHEMA["properties"]))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_property_is_carried(name: str, data: st.DataObject) -> None:
    values = data.draw(records(name))
    document = mods_xml(_accepted(values), record_date="2024", version="1.0.0")
    assert [finding.message for finding in judge_xml(document).findings] == []
    said = _everything_in(document)
    assert [text for text in _texts(values) if text.strip() not in said] == []
