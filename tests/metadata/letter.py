"""The letter's record, read, as the other tests here use it."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from muniment.metadata.reading import read_record
from muniment.metadata.record import Record

RECORD = Path(__file__).parents[2] / "bags/sources/1952-12-27-stalin-to-mao/record.yaml"
NAMESPACES = {
    "m": "http://www.loc.gov/mods/v3",
    "dc": "http://purl.org/dc/elements/1.1/",
    "p": "http://www.loc.gov/premis/v3",
    "xlink": "http://www.w3.org/1999/xlink",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}


def letters_record() -> Record:
    return record_of(RECORD.read_text("utf-8"))


def record_of(text: str, name: str = "record.yaml") -> Record:
    reading = read_record(text.encode(), name)
    assert [finding.message for finding in reading.findings] == []
    assert reading.accepted is not None
    return reading.accepted.record


def said(document: bytes, xpath: str) -> list[str]:
    """The texts or attributes at an XPath."""
    found = etree.fromstring(document).xpath(xpath, namespaces=NAMESPACES)
    assert isinstance(found, list)
    return [str(one) for one in found]
