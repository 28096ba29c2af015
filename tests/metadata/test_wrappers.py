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


HEADER = "<header><identifier>oai:x:1</identifier><datestamp>2024-05-17</datestamp></header>"


def harvest(*records: str, header: str = HEADER) -> bytes:
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
        f"</mets:xmlData></mets:mdWrap></mets:{section}><mets:structMap/></mets:mets>"
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
    assert found.skipped == []


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
    assert other.skipped == []


def test_records_of_an_unknown_format_are_left_open_never_a_pass() -> None:
    found = judged(harvest('<ead xmlns="urn:isbn:1-931666-22-9"/>', DC.format(more="")))
    assert (found.records, found.findings) == (1, [])
    assert [each.reason for each in found.skipped if each.asked] == [
        "records of formats that are not known: 1 (`ead (namespace urn:isbn:1-931666-22-9)`)"
    ]


def test_deleted_records_are_no_fault_and_an_error_response_holds_no_record() -> None:
    deleted = HEADER.replace("<header>", '<header status="deleted">')
    assert judged(harvest("", header=deleted)).findings == []
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


def faults(data: bytes) -> list[tuple[str, str]]:
    return [(each.rule.id, each.message) for each in judged(data).findings]


def test_a_record_without_header_or_metadata_and_a_deleted_one_with_metadata_are_told() -> None:
    record = DC.format(more="")
    assert faults(harvest(record, header="")) == [("XML-151", "`record` has no `header`")]
    assert faults(harvest(record, header=HEADER.replace("datestamp", "dateStamp"))) == [
        ("XML-152", "`dateStamp` does not belong in `header`; did you mean `datestamp`?"),
        ("XML-151", "`header` has no `datestamp`"),
    ]
    assert ("XML-151", "`record` has no `metadata`") in faults(harvest("", record))
    deleted = HEADER.replace("<header>", '<header status="deleted">')
    assert [rule for rule, _ in faults(harvest(record, header=deleted))] == ["XML-152"]


def test_a_datestamp_that_no_calendar_has_and_a_status_of_another_name_are_told() -> None:
    record = DC.format(more="")
    for wrong in ("20240517", "2024-02-30", "2024-05-17T10:20Z", "17 May 2024"):
        header = HEADER.replace("2024-05-17", wrong)
        (fault,) = faults(harvest(record, header=header))
        assert fault[0] == "XML-153"
        assert wrong in fault[1]
    gone = HEADER.replace("<header>", '<header status="gone">')
    assert [rule for rule, _ in faults(harvest(record, header=gone))] == ["XML-153"]


def test_a_list_that_goes_on_says_so_and_its_end_does_not() -> None:
    whole = harvest(DC.format(more="")).decode()
    for token, expected in (
        ("<resumptionToken>x-2</resumptionToken>", ["XML-155"]),
        ('<resumptionToken completeListSize="1"/>', []),
    ):
        data = whole.replace("</ListRecords>", f"{token}</ListRecords>").encode()
        assert [rule for rule, _ in faults(data)] == expected


def test_sections_of_mets_that_hold_nothing_or_another_kind_are_told() -> None:
    record = MODS.format(n=1, more="")
    assert faults(mets("dmdSec", record)) == []
    assert [rule for rule, _ in faults(mets("dmdSec", ""))] == ["XML-154", "REC-102"]
    data = mets("dmdSec", record)
    assert faults(data.replace(b'ID="d1"', b"")) == [
        ("XML-151", "`dmdSec` has no ID, by which the structure of the document refers to it")
    ]
    assert faults(data.replace(b'="MODS"', b'="mods"')) == [
        ("XML-153", 'MDTYPE is "mods", which METS does not know; did you mean MODS?')
    ]
    assert [rule for rule, _ in faults(data.replace(b'="MODS"', b'="DC"'))] == ["XML-153"]
    assert faults(data.replace(b"<mets:structMap/>", b"")) == [
        ("XML-151", "`mets` has no `structMap`")
    ]


def test_mets_in_a_harvest_is_opened_too() -> None:
    inner = mets("dmdSec", MODS.format(n=1, more="<toleTerm/>")).decode()
    found = judged(harvest(inner))
    assert (found.records, found.faulty, found.skipped) == (1, 1, [])


def test_records_in_an_envelope_that_is_not_known_are_judged_and_it_is_named() -> None:
    record = MODS.format(n=1, more="<toleTerm/>")
    for name in ("record", "searchRetrieveResponse"):
        data = f"<{name}><metadata>{record}{DC.format(more='')}</metadata></{name}>".encode()
        found = judged(data)
        assert (found.title, found.records, found.faulty) == ("unknown envelope", 2, 1)
        assert [each.rule.id for each in found.findings] == ["XML-150", "XML-110"]
    assert judge_wrapper(parse_xml(b"<record><header/></record>"), "x.xml") is None


def test_a_record_within_a_record_is_part_of_it() -> None:
    inner = f"<extension>{DC.format(more='')}</extension>"
    found = judged(f"<set>{MODS.format(n=1, more=inner)}</set>".encode())
    assert found.records == 1
