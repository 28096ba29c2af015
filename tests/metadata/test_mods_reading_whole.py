"""MODS that was written is read back whole: record -> MODS -> record is the identity."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from letter import letters_record
from lxml import etree
from record_strategy import records

from muniment.metadata.authored import record_from
from muniment.metadata.mods import mods_xml
from muniment.metadata.mods_reading_whole import WholeModsReader
from muniment.metadata.mods_terms import CREATOR_ROLES
from muniment.metadata.record import (
    Date,
    DateKind,
    Identifier,
    Location,
    Name,
    Note,
    Record,
    RecordInfo,
    Relation,
    RelationKind,
    RightsStatement,
    Term,
    Title,
)

DATE = "2024-02-29"
_Part = TypeVar("_Part")


def through_mods(record: Record) -> tuple[Record, list[str]]:
    """The record after a way to MODS and back, and what was not read of the MODS."""
    reader = WholeModsReader(etree.fromstring(mods_xml(record, record_date=DATE, version="1.0.0")))
    back = reader.record()
    untaken = [f"{each.element.tag} {each.attribute}" for each in reader.untaken()]
    return back, untaken


def as_mods_tells_it(record: Record) -> Record:
    """The record without what MODS 3.8 cannot tell. Each line is one such thing."""
    return replace(
        record,
        names=tuple(map(_name, record.names)),
        rights=tuple(map(_rights, record.rights)),
        relations=tuple(
            replace(relation, item=as_mods_tells_it(relation.item)) for relation in record.relations
        ),
        # A type said twice says no more.
        types=tuple(dict.fromkeys(record.types)),
        # Dates, places and the like stand by event; so do formats, terms before media types.
        dates=_in_order(record.dates),
        places=_in_order(record.places),
        publishers=_in_order(record.publishers),
        editions=_in_order(record.editions),
        formats=_in_order(record.formats),
        media=_in_order(record.media),
        extents=_in_order(record.extents),
    )


def _in_order(parts: tuple[_Part, ...]) -> tuple[_Part, ...]:
    return tuple(sorted(parts, key=repr))


def _name(name: Name) -> Name:
    """Who has the role of author or creator is a creator; a creator has the role if no other."""
    roles = name.roles
    creator = name.creator or bool(CREATOR_ROLES.intersection(roles))
    if roles[-1:] == ("cre",) and not CREATOR_ROLES.intersection(roles[:-1]):
        roles = roles[:-1]
    return replace(name, roles=roles, creator=creator)


def _rights(statement: RightsStatement) -> RightsStatement:
    """Words that are the address once more are not told from it."""
    same = statement.value == statement.uri
    return replace(statement, value=None) if same else statement


def dated(record: Record) -> Record:
    """A MODS record always has the date on which it was made."""
    info = record.info or RecordInfo()
    return replace(record, info=replace(info, created=info.created or DATE))


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(records())
def test_a_record_comes_back_from_mods_as_it_was(values: dict[str, Any]) -> None:
    record = record_from(values)
    back, untaken = through_mods(record)
    assert as_mods_tells_it(back) == as_mods_tells_it(dated(record))
    assert untaken == []


def test_the_letter_comes_back_from_mods_as_it_was() -> None:
    back, untaken = through_mods(letters_record())
    assert back == dated(letters_record())
    assert untaken == []


_OPEN = '<mods xmlns="http://www.loc.gov/mods/v3" xmlns:xlink="http://www.w3.org/1999/xlink">'


def read(inner: str) -> tuple[Record, list[str]]:
    """The record of MODS as others write it, and the names of what was not read."""
    reader = WholeModsReader(etree.fromstring(f"{_OPEN}{inner}</mods>"))
    record = reader.record()
    names = [
        each.attribute or str(each.element.tag).rpartition("}")[2] for each in reader.untaken()
    ]
    return record, names


@pytest.mark.parametrize(
    ("inner", "expected", "untaken"),
    [
        (
            (
                "<name type='personal'><namePart type='family'>Curie</namePart>"
                "<namePart type='given'>Marie</namePart><namePart type='date'>1867-1934</namePart>"
                "<role><roleTerm type='text' authority='marcrelator'>Photographer</roleTerm></role>"
                "<nameIdentifier>1</nameIdentifier></name>"
            ),
            Record(
                names=(
                    Name(
                        value="Curie, Marie",
                        creator=False,
                        kind="personal",
                        dates="1867-1934",
                        roles=("pht",),
                    ),
                )
            ),
            ["nameIdentifier"],
        ),
        (
            (
                "<originInfo eventType='manufacture'><dateCreated point='start' encoding='w3cdtf' "
                "keyDate='yes' qualifier='inferred'>1952</dateCreated>"
                "<dateCreated point='end' encoding='w3cdtf'>1953</dateCreated></originInfo>"
            ),
            Record(dates=(Date(kind=DateKind.CREATED, value="1952/1953", key=True),)),
            ["eventType", "qualifier"],
        ),
        (
            (
                "<originInfo><dateOther type='restored'>2001</dateOther>"
                "<dateIssued point='end'>1960</dateIssued>"
                "<dateCaptured point='start'>2010</dateCaptured></originInfo>"
            ),
            Record(
                dates=(
                    Date(kind=DateKind.DATE, value="2001", encoding=None),
                    Date(kind=DateKind.ISSUED, value="/1960"),
                    Date(kind=DateKind.DATE, value="2010/"),
                )
            ),
            ["type"],
        ),
        (
            (
                "<typeOfResource>notated music</typeOfResource>"
                "<genre authority='dct'>Software</genre>"
                "<typeOfResource>software, multimedia</typeOfResource>"
            ),
            Record(types=("Software", "Text")),
            ["typeOfResource"],
        ),
        (
            "<typeOfResource collection='yes'>text</typeOfResource>",
            Record(types=("Collection", "Text")),
            [],
        ),
        (
            (
                "<location><physicalLocation authority='isil'>DE-1</physicalLocation>"
                "<shelfLocator>a</shelfLocator><shelfLocator>b</shelfLocator>"
                "<url usage='primary'>http://example.org/</url></location>"
            ),
            Record(
                locations=(
                    Location(
                        repository="DE-1",
                        authority="isil",
                        shelf_mark="a",
                        url="http://example.org/",
                    ),
                    Location(shelf_mark="b"),
                )
            ),
            ["usage"],
        ),
        (
            (
                "<note type='name' IDREF='n'>about him</note><note type='x' IDREF='n'>other</note>"
                "<name ID='n'><namePart>a</namePart></name>"
            ),
            Record(
                names=(Name(value="a", creator=False, note="about him"),),
                notes=(Note(value="other", kind="x"),),
            ),
            ["IDREF"],
        ),
        (
            (
                "<physicalDescription><form authority='marcform'>print</form><extent>1 p.</extent>"
                "<note>foxed</note></physicalDescription>"
            ),
            Record(
                formats=(Term(value="print", authority="marcform"),),
                extents=(Term(value="1 p."),),
                notes=(Note(value="foxed"),),
            ),
            [],
        ),
        (
            "<identifier type='isbn' invalid='yes'>2</identifier>",
            Record(identifiers=(Identifier(value="2", kind="isbn", invalid=True),)),
            [],
        ),
        (
            (
                "<abstract>one\n   two\n\n   three</abstract><titleInfo><title>a\n   b</title>"
                "</titleInfo>"
            ),
            Record(titles=(Title(value="a b"),), abstracts=(Term(value="one\ntwo\n\nthree"),)),
            [],
        ),
        (
            (
                "<recordInfo><recordContentSource authority='marcorg'>DLC</recordContentSource>"
                "<recordCreationDate encoding='marc'>990730</recordCreationDate></recordInfo>"
            ),
            Record(info=RecordInfo(content_source=Term(value="DLC", authority="marcorg"))),
            ["recordCreationDate"],
        ),
    ],
)
def test_mods_as_others_write_it(inner: str, expected: Record, untaken: list[str]) -> None:
    assert read(inner) == (expected, untaken)


@pytest.mark.parametrize(
    ("attributes", "kind", "untaken"),
    [
        ("type='host'", RelationKind.IS_PART_OF, []),
        ("type='series'", RelationKind.IS_PART_OF, ["type"]),
        ("type='otherVersion'", RelationKind.HAS_VERSION, []),
        ("type='reviewOf'", RelationKind.RELATION, ["type"]),
        ("otherType='requires' otherTypeAuth='dcterms'", RelationKind.REQUIRES, []),
        ("otherType='requires'", RelationKind.RELATION, ["otherType"]),
    ],
)
def test_relations(attributes: str, kind: RelationKind, untaken: list[str]) -> None:
    inner = f"<relatedItem {attributes} xlink:href='http://example.org/'/>"
    item = Record(locations=(Location(url="http://example.org/"),))
    assert read(inner) == (Record(relations=(Relation(kind=kind, item=item),)), untaken)


CORPUS = sorted(
    path
    for path in (Path(__file__).parent / "corpus").rglob("*.xml")
    if b"http://www.loc.gov/mods/v3" in path.read_bytes()
)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_every_text_of_the_corpus_is_read_or_told(path: Path) -> None:
    for mods in etree.parse(path).getroot().iter("{http://www.loc.gov/mods/v3}mods"):
        reader = WholeModsReader(mods)
        words = repr(reader.record())
        told = {each.element for each in reader.untaken()}
        for element in mods.iter("{http://www.loc.gov/mods/v3}*"):
            name = str(element.tag).rpartition("}")[2]
            text = " ".join((element.text or "").split())
            if name in {"roleTerm", "typeOfResource", "recordOrigin"} or element in told:
                continue
            # Of a point in a span the record has the value, of a text with breaks its first word.
            assert repr(text.partition(" ")[0])[1:-1] in words, (name, text)


def test_a_corpus_is_there() -> None:
    assert len(CORPUS) > 5
