"""Diagnosis: every fault of a record in one run, each at its place, none invented."""

from __future__ import annotations

import time

import pytest

from muniment.metadata import xml_messages
from muniment.metadata.xml_formats import MODS
from muniment.metadata.xml_validation import judge_xml, validate_xml

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


def record(*body: str, version: str = "3.8", attributes: str = "") -> bytes:
    text = "\n".join(body)
    return f'<mods xmlns="{MODS}" {XSI} version="{version}" {attributes}>\n{text}\n</mods>'.encode()


def told(data: bytes) -> list[tuple[str, int | None, str]]:
    """Rule, line, and the last step of the XPath."""
    return [
        (f.rule.id, f.location.line, (f.location.xpath or "").rpartition("/")[2])
        for f in validate_xml(data, "record.xml")
    ]


def test_one_run_tells_every_fault() -> None:
    data = record(
        "<titl>Letter</titl>",
        '<titleInfo lnag="en"><tilte>a</tilte><foo/><title lnag="en">b</title></titleInfo>',
        '<name type="person"><role><toleTerm type="Code">aut</toleTerm></role></name>',
        '<location><url/><physicalLocation q="1">p</physicalLocation><shelfLocator/></location>',
        "<originInfo/>",
        "<note>a<b/></note>",
        '<typeOfResource manuscript="no">text</typeOfResource>',
        "stray words",
        '<identifier ID="1a"/><identifier ID="a"/><identifier ID="a"/>',
        '<note xsi:nil="true"/>',
        '<note xsi:type="foo">x</note>',
        "<part><extent><total>many</total></extent></part>",
        "<extension><originInfo/></extension>",
        "<language><scriptTerm/></language>",
        "<language>eng</language>",
    )
    assert told(data) == [
        ("XML-110", 2, "mods:titl"),
        ("XML-120", 3, "@lnag"),
        ("XML-110", 3, "mods:tilte"),
        ("XML-110", 3, "mods:foo"),
        ("XML-120", 3, "@lnag"),
        ("XML-130", 4, "@type"),
        ("XML-110", 4, "mods:toleTerm"),
        ("XML-130", 4, "@type"),
        ("XML-112", 5, "mods:physicalLocation"),
        ("XML-120", 5, "@q"),
        ("XML-112", 5, "mods:shelfLocator"),
        ("XML-114", 6, "mods:originInfo"),
        ("XML-118", 7, "mods:b"),
        ("XML-134", 8, "@manuscript"),
        ("XML-117", 9, "mods:mods"),
        ("XML-132", 10, "@ID"),
        ("XML-133", 10, "@ID"),
        ("XML-140", 11, "@xsi:nil"),
        ("XML-141", 12, "@xsi:type"),
        ("XML-131", 13, "mods:total"),
        ("XML-114", 14, "mods:originInfo"),
        ("XML-114", 15, "mods:language[1]"),
        ("XML-117", 16, "mods:language[2]"),
    ]


def test_one_cause_is_told_once() -> None:
    """An element in a wrong namespace takes what is in it along; so does a misspelt one."""
    assert told(record('<titleInfo xmlns="u"><title>a</title></titleInfo>')) == [
        ("XML-116", 2, "*[local-name()='titleInfo']")
    ]
    assert told(record("<role><roleTerm>a</roleTerm></role>")) == [("XML-111", 2, "mods:role")]
    assert told(record("<name><Role><roleTerm>a</roleTerm></Role></name>")) == [
        ("XML-110", 2, "mods:Role")
    ]


def test_a_record_that_only_lost_its_only_child_is_not_called_empty_too() -> None:
    assert told(record("<xyzzy/>")) == [("XML-110", 2, "mods:xyzzy")]


def test_every_misplaced_child_is_told_not_only_the_first() -> None:
    body = "<url>a</url>" + "<physicalLocation>b</physicalLocation>" * 3
    found = told(record(f"<location>{body}</location>"))
    assert found == [("XML-112", 2, f"mods:physicalLocation[{n}]") for n in (1, 2, 3)]


def test_the_version_that_has_an_element_or_attribute_is_named() -> None:
    found = validate_xml(
        record("<hierarchicalGeographic/>", "<name><etal/></name>", version="3.4"), "record.xml"
    )
    assert [f.rule.id for f in found] == ["XML-111", "XML-115"]
    assert "MODS 3.5 and later" in found[1].message
    [finding] = validate_xml(
        record(
            "<subject><hierarchicalGeographic><extraterrestrialArea>Mars</extraterrestrialArea>"
            "</hierarchicalGeographic></subject>"
        ),
        "record.xml",
    )
    assert (finding.rule.id, finding.evidence["nearest"]) == ("XML-115", "extraTerrestrialArea")


def test_the_record_itself_is_left_as_it_is() -> None:
    judged = judge_xml(record("<location><url/><physicalLocation/></location><titl/>"), "r.xml")
    assert judged.document is not None
    names = [element.tag.rpartition("}")[2] for element in judged.document.root.iter()]
    assert names == ["mods", "location", "url", "physicalLocation", "titl"]
    assert judged.document.kind.title == "MODS 3.8"


def test_a_wrong_root_namespace_does_not_hide_the_faults_within() -> None:
    data = b"<mods>\n<titleInfo>\n<titel>a</titel></titleInfo></mods>"
    assert told(data) == [("XML-102", 1, "mods"), ("XML-110", 3, "titel")]
    data = b'<dc xmlns="http://purl.org/dc/elements/1.1/">\n<Title>a</Title></dc>'
    assert told(data) == [("XML-102", 1, "dc:dc"), ("XML-110", 2, "dc:Title")]


def test_a_fault_without_a_rule_is_still_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(xml_messages._EXPLANATIONS, "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1")
    [finding] = validate_xml(record("<note typ='a'>b</note>"), "record.xml")
    assert (finding.rule.id, finding.location.xpath) == ("XML-199", "/mods:mods/mods:note/@typ")
    assert "The attribute 'typ' is not allowed" in finding.message
    assert "{" not in finding.message


def collection(faulty: set[int], records: int = 3000) -> bytes:
    body = "".join(
        f"<mods><titleInfo><{'titel' if n in faulty else 'title'}>Letter {n}"
        f"</{'titel' if n in faulty else 'title'}></titleInfo><note ID='n{n}'>a</note></mods>\n"
        for n in range(records)
    )
    return f'<modsCollection xmlns="{MODS}">\n{body}</modsCollection>'.encode()


def test_a_large_collection_is_judged_as_a_small_one_is() -> None:
    assert told(collection(set())) == []
    assert told(collection({0, 1500, 2999})) == [
        ("XML-110", n + 2, "mods:titel") for n in (0, 1500, 2999)
    ]
    [finding] = validate_xml(collection({1500}), "c.xml")
    assert (
        finding.location.xpath == "/mods:modsCollection/mods:mods[1501]/mods:titleInfo/mods:titel"
    )


def test_an_id_given_twice_is_found_across_a_large_collection() -> None:
    data = collection(set()).replace(b"'n2999'", b"'n0'")
    assert told(data) == [("XML-133", 3001, "@ID")]


def test_a_list_cut_short_says_so() -> None:
    data = record(*["<note b='1'/>"] * 30_000)
    started = time.monotonic()
    found = told(data)
    assert found[-1][0] == "XML-039"
    assert {rule for rule, _, _ in found[:-1]} == {"XML-120"}
    assert time.monotonic() - started < 20


@pytest.mark.parametrize("size", [10, 100_000])
def test_comments_and_instructions_change_nothing(size: int) -> None:
    blank = "<!--" + " " * size + "-->"
    data = record(f"<note>a{blank}b<?x y?>c</note>{blank}", "<?x y?><titleInfo/>", blank)
    assert told(data) == []
    data = record(f"<typeOfResource{' '} usage='prim{size}'>a{blank}</typeOfResource>", "<titl/>")
    assert [rule for rule, _, _ in told(data)] == ["XML-134", "XML-110"]


def test_a_single_element_too_large_to_diagnose_is_cut_without_inventing_faults() -> None:
    body = "<language><languageTerm>en</languageTerm></language>" * 15_000
    data = record("<relatedItem>", "<nota/>", body, "</relatedItem>", "<note/>", "<nota/>")
    found = told(data)
    assert found[0] == ("XML-110", 3, "mods:nota")
    assert {rule for rule, _, _ in found} == {"XML-110", "XML-039"}
