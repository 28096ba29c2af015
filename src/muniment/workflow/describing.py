"""A record file -> the descriptions that a bag carries: each one judged before anything is written.

What a person gave is kept as it came; what is derived from it is held to the same schemas.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from muniment.metadata.dublincore import oai_dc_xml
from muniment.metadata.mods import mods_xml
from muniment.metadata.reading import AcceptedRecord, read_record
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
    def summary(self) -> str | None:
        """The abstract, else the first title: what External-Description says."""
        record = self.accepted.record
        texts = [each.value for each in record.abstracts] or [each.value for each in record.titles]
        return " ".join(texts[0].split()) if texts else None


def describe(
    record: Path, *, date: str, version: str
) -> tuple[Description | None, tuple[Finding, ...]]:
    """Read a record, derive MODS 3.8 and oai_dc, and judge all three.

    No description where a finding is an error. Raises EnvironmentFault.
    """
    try:
        with record.open("rb") as stream:
            data = stream.read(LARGEST_RECORD + 1)
    except OSError as error:
        raise EnvironmentFault(f"{record}: {error.strerror}") from error
    reading = read_record(data, str(record))
    accepted = reading.accepted
    if accepted is None:
        return None, reading.findings
    mods = mods_xml(accepted.record, record_date=date, version=version)
    dublin_core = oai_dc_xml(accepted.record)
    findings = (
        *reading.findings,
        *validate_xml(mods, MODS_PATH),
        *validate_xml(dublin_core, DC_PATH),
    )
    if any(finding.severity is Severity.ERROR for finding in findings):
        return None, findings
    given = f"metadata/record{record.suffix.lower()}"
    files = ((MODS_PATH, mods), (DC_PATH, dublin_core), (given, data))
    return Description(accepted=accepted, files=files), findings
