"""A description in any format that a crosswalk knows -> Record, whole."""

from __future__ import annotations

from muniment.metadata.reading import read_record
from muniment.metadata.record import Record
from muniment.metadata.texts import LARGEST_RECORD, too_large
from muniment.model.findings import Finding, Location, Severity
from muniment.model.rules import record as rules

_Read = tuple[Record | None, tuple[Finding, ...]]


def read_description(data: bytes, name: str) -> _Read:
    """Read a record, MODS, oai_dc, dcterms, DSpace, DataCite or schema.org by what it holds.

    No Record where a finding is an error, and none of a collection of several. What MODS says and
    a Record cannot is told. Raises EnvironmentFault where a schema of ours cannot be used.
    """
    if len(data) > LARGEST_RECORD:
        return None, (too_large(name),)
    ending = name.rpartition(".")[2].lower()
    read = None
    if ending == "json":
        read = _read_json(data, name)
    elif ending == "xml":
        read = _read_xml(data, name)
    if read is None:
        reading = read_record(data, name)
        accepted = reading.accepted
        read = (None if accepted is None else accepted.record), reading.findings
    record, findings = read
    if record == Record():
        return None, (*findings, says_nothing(name))
    return record, findings


def says_nothing(name: str) -> Finding:
    """The finding for a file in which nothing can be read."""
    message = f"{name} holds nothing that its format knows a place for"
    return Finding(rule=rules.EMPTY_FILE, message=message, location=Location(path=name))


def _read_json(data: bytes, name: str) -> _Read | None:
    """DataCite or schema.org; None where the document claims to be neither."""
    from muniment.metadata.datacite import record_from_datacite_values
    from muniment.metadata.json_documents import read_object
    from muniment.metadata.schemaorg import record_from_schemaorg_values

    values, findings = read_object(data, name)
    if values is None:
        return None
    if "schema.org" in str(values.get("@context", "")):
        return record_from_schemaorg_values(values), findings
    if "datacite.org" in str(values.get("schemaVersion", "")):
        return record_from_datacite_values(values), findings
    return None


def _read_xml(data: bytes, name: str) -> _Read | None:
    """MODS, dcterms or DSpace; None where the document is none of them."""
    from muniment.metadata.dcterms import is_dcterms, record_from_dcterms_root
    from muniment.metadata.dspace import is_dspace, record_from_dspace_root
    from muniment.metadata.given_xml import read_whole_mods, read_xml_record
    from muniment.metadata.mods_terms import MODS
    from muniment.metadata.xml_parsing import parse_xml
    from muniment.metadata.xml_validation import judge_xml

    parsed = parse_xml(data, name)
    if parsed.root is None:
        return None
    if is_dspace(parsed.root):
        found = parsed.findings
        return _unless_wrong(record_from_dspace_root(parsed.root), found)
    if is_dcterms(parsed.root):
        return _unless_wrong(record_from_dcterms_root(parsed.root), judge_xml(data, name).findings)
    if not str(parsed.root.tag).startswith(f"{{{MODS}}}"):
        return None
    reading = read_xml_record(data, name)
    others = tuple(f for f in reading.findings if f.rule is not rules.NOT_CARRIED_TO_DC)
    if reading.mods is None:
        return None, others
    record, not_held = read_whole_mods(reading.mods, name)
    return record, (*others, *not_held)


def _unless_wrong(record: Record, findings: tuple[Finding, ...]) -> _Read:
    is_wrong = any(finding.severity is Severity.ERROR for finding in findings)
    return (None if is_wrong else record), findings
