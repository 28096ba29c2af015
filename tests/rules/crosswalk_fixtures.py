"""Fixtures of what a crosswalk tells: they need a format to go to.

So does REC-301: it is told where Dublin Core is derived, not where a record is only validated.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from fixture_forms import Pair

from muniment.metadata.reading import read_record
from muniment.model.findings import Finding
from muniment.workflow import TargetFormat, bring

RECORD = "title: Letters of the parish\ncreator: {value: Doe Jane, role: pht}\n"
CITED = """\
title: Letters of the parish
identifier: {value: 10.5555/letters, type: doi}
creator: Doe, Jane
publisher: Parish of St Mary
issued: "1952"
"""


def _to(target: TargetFormat, folder: Path, record: str = RECORD) -> Iterable[Finding]:
    source = folder / "record.yaml"
    source.write_text(record, "utf-8")
    report, _ = bring(source, target, None, now=lambda: datetime(2026, 11, 23, tzinfo=UTC))
    return report.subjects[0].findings


def _derived(location: str) -> Iterable[Finding]:
    mods = (
        '<mods xmlns="http://www.loc.gov/mods/v3" version="3.8">'
        "<titleInfo><title>Letters of the parish</title></titleInfo>"
        f"<location>{location}</location></mods>"
    )
    return read_record(mods.encode(), "mods.xml").findings


def _collection(records: int) -> Iterable[Finding]:
    mods = "<mods><titleInfo><title>Letters of the parish</title></titleInfo></mods>"
    collection = f'<modsCollection xmlns="http://www.loc.gov/mods/v3">{mods * records}'
    return read_record(f"{collection}</modsCollection>".encode(), "mods.xml").findings


FIXTURES = {
    # `validate` takes a collection; a bag takes one record.
    "REC-114": Pair(fires=lambda _: _collection(2), near_miss=lambda _: _collection(1)),
    "REC-301": Pair(
        fires=lambda _: _derived("<shelfLocator>Box 7</shelfLocator>"),
        near_miss=lambda _: _derived("<url>http://example.org/7</url>"),
    ),
    # DSpace has no place for a role; MODS has one.
    "REC-302": Pair(
        fires=lambda folder: _to(TargetFormat.DSPACE, folder),
        near_miss=lambda folder: _to(TargetFormat.MODS, folder),
    ),
    "REC-303": Pair(
        fires=lambda folder: _to(TargetFormat.DATACITE, folder, CITED),
        near_miss=lambda folder: _to(TargetFormat.DATACITE, folder, f"{CITED}type: Text\n"),
    ),
}
