"""Records inside OAI-PMH and METS: each found, judged, and told at its place."""

from __future__ import annotations

from muniment.metadata.xml_parsing import parse_xml
from muniment.metadata.xml_wrappers import WrapperJudgement, judge_wrapper

MODS = (
    '<mods xmlns="http://www.loc.gov/mods/v3" version="3.7">\n'
    "<titleInfo><title>Letter {n}</title></titleInfo>\n{more}</mods>"
)
DC = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A letter</dc:title>{more}</oai_dc:dc>'
)


def harvest(*records: str, header: str = "<header/>") -> bytes:
    inner = "".join(
        f"<record>{header}<metadata>{each}</metadata></record>\n"
        if each
        else f"<record>{header}</record>\n"
        for each in records
    )
    return (
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">\n'
        f"<ListRecords>\n{inner}</ListRecords></OAI-PMH>\n"
    ).encode()


def mets(section: str, record: str) -> bytes:
    return (
        '<mets:mets xmlns:mets="http://www.loc.gov/METS/">'
        f'<mets:{section} ID="d1"><mets:mdWrap MDTYPE="MODS"><mets:xmlData>\n{record}\n'
        f"</mets:xmlData></mets:mdWrap></mets:{section}></mets:mets>"
    ).encode()


def judged(data: bytes) -> WrapperJudgement:
    found = judge_wrapper(parse_xml(data), "harvest.xml")
    assert found is not None
    return found


def test_every_record_of_a_harvest_is_judged_and_the_right_have_no_finding() -> None:
    found = judged(
        harvest(MODS.format(n=1, more=""), DC.format(more=""), MODS.format(n=2, more=""))
    )
    assert (found.title, found.records, found.faulty, found.findings) == ("OAI-PMH", 3, 0, [])
    assert [each.asked for each in found.skipped] == [False]


def test_a_fault_is_told_with_its_line_and_path_in_the_whole_file() -> None:
    wrong = MODS.format(n=2, more="<toleTerm/>\n")
    found = judged(harvest(MODS.format(n=1, more=""), wrong))
    (finding,) = found.findings
    assert (finding.rule.id, finding.location.line, finding.location.column) == ("XML-110", 8, 1)
    assert finding.location.xpath is not None
    assert "record" in finding.location.xpath
    assert finding.location.xpath.endswith("mods:mods/mods:toleTerm")
    assert (found.records, found.faulty) == (2, 1)


def test_faults_of_dublin_core_and_of_meaning_are_found_too() -> None:
    found = judged(
        harvest(DC.format(more="<dc:titel/>"), DC.format(more="<dc:date>1952-02-30</dc:date>"))
    )
    assert found.records == 2
    assert any(each.rule.id.startswith("XML-") for each in found.findings)
    assert any(each.rule.id.startswith("MET-") for each in found.findings)
    assert {each.location.line for each in found.findings} == {3, 4}


def test_a_mets_document_is_read_at_dmdsec_and_other_sections_do_not_alarm() -> None:
    found = judged(mets("dmdSec", MODS.format(n=1, more="<toleTerm/>")))
    assert (found.title, found.records, found.faulty) == ("METS", 1, 1)
    other = judged(mets("amdSec", '<mix:mix xmlns:mix="http://www.loc.gov/mix/v20"/>'))
    assert [each.asked for each in other.skipped] == [False]


def test_records_of_an_unknown_format_are_left_open_never_a_pass() -> None:
    found = judged(harvest('<ead xmlns="urn:isbn:1-931666-22-9"/>', DC.format(more="")))
    assert (found.records, found.findings) == (1, [])
    assert [each.reason for each in found.skipped if each.asked] == [
        "records of formats that are not known: 1 (`ead (namespace urn:isbn:1-931666-22-9)`)"
    ]


def test_deleted_records_are_no_fault_and_an_error_response_holds_no_record() -> None:
    assert judged(harvest("", header='<header status="deleted"/>')).findings == []
    error = (
        b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        b'<error code="noRecordsMatch">none</error></OAI-PMH>'
    )
    (finding,) = judged(error).findings
    assert finding.rule.id == "REC-102"
    assert "noRecordsMatch none" in finding.message


def test_a_record_of_its_own_is_no_wrapper() -> None:
    assert judge_wrapper(parse_xml(DC.format(more="").encode()), "dc.xml") is None
    broken = parse_xml(b"<OAI-PMH xmlns='http://www.openarchives.org/OAI/2.0/'>")
    assert judge_wrapper(broken, "x.xml") is None


def test_wide_encodings_are_seen_through() -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?>' + harvest(DC.format(more="")).decode()
    assert judged(text.encode("utf-16")).records == 1
