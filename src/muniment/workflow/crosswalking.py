"""crosswalk: the same description in another format, and what did not come along."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from muniment import __version__
from muniment.metadata.crosswalk import (
    TargetFormat,
    crosswalk,
    faults,
    lacks,
    loss_findings,
    losses,
)
from muniment.metadata.descriptions import read_description
from muniment.metadata.record import Record
from muniment.metadata.texts import LARGEST_RECORD
from muniment.model.errors import EnvironmentFault
from muniment.model.findings import Finding, JsonValue, Report, SubjectReport
from muniment.storage.staging import DestinationExistsError, write_new_file

__all__ = ["TargetFormat", "bring"]


def bring(
    source: Path, target: TargetFormat, output: Path | None, *, now: Callable[[], datetime]
) -> tuple[Report, bytes | None]:
    """Bring a description to another format; returns what was found, and the result.

    Nothing is made where a finding is an error. With `output` the result is written there, never
    over something. Raises EnvironmentFault, UsageError.
    """
    if output is not None and os.path.lexists(output):
        raise DestinationExistsError(f"{output} exists already; nothing was written")
    data = _read(source)
    record, findings = read_description(data, str(source))
    content = None
    if record is not None:
        content, more = _brought(record, target, str(source), now().strftime("%Y-%m-%d"))
        findings = (*findings, *more)
    if content is not None and output is not None:
        write_new_file(output, content)
    subject = SubjectReport(
        subject=str(source), kind="record", findings=findings, checks_run=("schema", "crosswalk")
    )
    result = None if content is None else _result(target, content, output)
    return Report(command="crosswalk", subjects=(subject,), result=result), content


def _read(source: Path) -> bytes:
    try:
        with source.open("rb") as stream:
            return stream.read(LARGEST_RECORD + 1)
    except OSError as error:
        raise EnvironmentFault(f"{source}: {error.strerror}") from error


def _brought(
    record: Record, target: TargetFormat, name: str, date: str
) -> tuple[bytes | None, tuple[Finding, ...]]:
    """The form in the other format, if it can be used, and what it does not say."""
    content = crosswalk(record, target, date=date, version=__version__)
    wrong = faults(content, target, name)
    if wrong:
        return None, wrong
    lost = loss_findings(losses(record, content, target), target, name)
    return content, (*lacks(content, target, name), *lost)


def _result(target: TargetFormat, content: bytes, output: Path | None) -> dict[str, JsonValue]:
    return {
        "format": target.value,
        "octets": len(content),
        "output": None if output is None else str(output),
    }
