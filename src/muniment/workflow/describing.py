"""A record file -> the descriptions that a bag carries: each one judged before anything is written.

What a person gave is kept as it came; what is derived from it is held to the same schemas.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from muniment.metadata.dublincore import oai_dc_xml
from muniment.metadata.mods import mods_xml
from muniment.metadata.reading import AcceptedRecord, RecordForm, read_record
from muniment.metadata.requirements import Requirements
from muniment.metadata.texts import LARGEST_RECORD
from muniment.metadata.xml_validation import validate_xml
from muniment.model.errors import EnvironmentFault
from muniment.model.findings import Finding, Severity

MODS_PATH = "metadata/mods.xml"
DC_PATH = "metadata/dc.xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What will lie in the bag's `metadata/`, by path, and the record it all comes from."""

    accepted: AcceptedRecord
    files: tuple[tuple[str, bytes], ...]

    @property
    def identifiers(self) -> tuple[str, ...]:
        """The record's valid identifiers, in order."""
        record = self.accepted.record
        return tuple(each.value for each in record.identifiers if not each.invalid)

    @property
    def given_path(self) -> str:
        """Where the record as it was given lies."""
        return next(path for path, data in self.files if data is self.accepted.given)

    @property
    def summary(self) -> str | None:
        """The abstract, else the first title: what External-Description says."""
        record = self.accepted.record
        texts = [each.value for each in record.abstracts] or [each.value for each in record.titles]
        return " ".join(texts[0].split()) if texts else None


def describe(
    record: Path, *, date: str, version: str, requirements: Requirements | None = None
) -> tuple[Description | None, tuple[Finding, ...]]:
    """Read a record, derive MODS 3.8 and oai_dc, and judge all three.

    The record is held to what it means, and to an institution's `requirements`. No description
    where a finding is an error. Raises EnvironmentFault.
    """
    try:
        with record.open("rb") as stream:
            data = stream.read(LARGEST_RECORD + 1)
    except OSError as error:
        raise EnvironmentFault(f"{record}: {error.strerror}") from error
    reading = read_record(data, str(record), requirements)
    accepted = reading.accepted
    if accepted is None:
        return None, reading.findings
    files = _files(accepted, record.suffix.lower(), date=date, version=version)
    derived = [(path, content) for path, content in files if content is not accepted.given]
    findings = (
        *reading.findings,
        *(finding for path, content in derived for finding in validate_xml(content, path)),
    )
    if any(finding.severity is Severity.ERROR for finding in findings):
        return None, findings
    return Description(accepted=accepted, files=files), findings


def _files(
    accepted: AcceptedRecord, suffix: str, *, date: str, version: str
) -> tuple[tuple[str, bytes], ...]:
    """MODS and Dublin Core: the one that was given as it came, the other derived from it."""
    record, form = accepted.record, accepted.form
    if form is RecordForm.MODS:
        return ((MODS_PATH, accepted.given), (DC_PATH, oai_dc_xml(record)))
    mods = mods_xml(record, record_date=date, version=version)
    if form is RecordForm.OAI_DC:
        return ((MODS_PATH, mods), (DC_PATH, accepted.given))
    given = f"metadata/record{suffix}"
    return ((MODS_PATH, mods), (DC_PATH, oai_dc_xml(record)), (given, accepted.given))
