"""validate: is the description right?"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from muniment.configuration import house_configuration
from muniment.metadata.meaning import meaning_checks
from muniment.metadata.requirements import Requirements
from muniment.metadata.sheet_names import is_sheet
from muniment.metadata.xml_meaning import describes, xml_meaning
from muniment.metadata.xml_parsing import MAXIMUM_BYTES, parse_xml
from muniment.metadata.xml_validation import SCHEMA, WELL_FORMED, judge_parsed
from muniment.metadata.xml_wrappers import WrapperJudgement, judge_wrapper
from muniment.model.findings import RecordCount, Report, SubjectReport
from muniment.storage.executors import ProcessPool
from muniment.storage.progress import Progress, Silent
from muniment.workflow.metadata_files import METADATA_SUFFIXES, metadata_files

_BATCH = 256
_LEAST_BATCHES = 8
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0)


def validate(
    paths: Sequence[Path],
    *,
    requirements: str | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> Report:
    """Judge every metadata file; of a folder, all that lie in it, folders within folders too.

    Judged are its form, its schema, what it means, and what an institution requires: the file or
    the shipped name `requirements`, else what the house's settings name. A subject is a file. One
    that holds several records is one subject still: its report counts them, and each finding names
    the row or the place in XML. Raises UsageError where the requirements cannot be used.
    """
    watch = progress or Silent()
    asked = requirements or house_configuration().requirements
    judge = partial(_validate_files, None if asked is None else _read_requirements(asked))
    files = [file for path in paths for file in metadata_files(path)]
    sizes = [_size(file) for file in files]
    watch.phase("validating", sum(sizes))
    subjects: list[SubjectReport] = []
    with ProcessPool(workers) as pool:
        for _, judged in pool.map(judge, _batches(files)):
            watch.advance(sum(sizes[len(subjects) : len(subjects) + len(judged)]))
            subjects += judged
    return Report(command="validate", subjects=tuple(subjects))


def _read_requirements(asked: str) -> Requirements:
    from muniment.metadata.requirements_reading import requirements_from

    return requirements_from(asked)


def _batches(files: Sequence[str]) -> Iterator[Sequence[str]]:
    """Files by the handful: handing one over costs as much as judging it."""
    size = min(_BATCH, max(1, len(files) // _LEAST_BATCHES))
    for start in range(0, len(files), size):
        yield files[start : start + size]


def _validate_files(
    requirements: Requirements | None, files: Sequence[str]
) -> tuple[SubjectReport, ...]:
    with _without_collector():
        return tuple(validate_file(Path(file), requirements) for file in files)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Leave cycles in memory uncollected for a handful of files: hardly any are made.

    The collector would look through all that a walk notes, time and again: a tenth of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def validate_file(path: Path, requirements: Requirements | None = None) -> SubjectReport:
    """Judge one metadata file by its form."""
    try:
        if is_sheet(path.name):
            return _validate_sheet(path, requirements)
        data = _read(path)
    except OSError as error:
        # All that verifies bags comes with it, and is seldom needed here.
        from muniment.workflow.verifying import unreachable

        return unreachable(str(path), "metadata", "schema", f"{path}: {error.strerror}")
    if looks_like_xml(data, path.name):
        return _validate_xml(data, str(path), requirements)
    # What reads records of ours, and sheets, is much, and is seldom needed beside XML.
    from muniment.metadata.reading import read_record

    return SubjectReport(
        subject=str(path),
        kind="record",
        findings=read_record(data, str(path), requirements).findings,
        checks_run=("schema", *meaning_checks(requirements)),
    )


def _read(path: Path) -> bytes:
    """A file's bytes, but no more than one beyond what is judged."""
    # Files by the ten thousand: without the streams of io, this takes half the time.
    opened = os.open(path, _READ)
    try:
        expected, left = os.fstat(opened).st_size + 1, MAXIMUM_BYTES + 1
        pieces: list[bytes] = []
        while left and (piece := os.read(opened, min(expected, left))):
            pieces.append(piece)
            left -= len(piece)
        return b"".join(pieces)
    finally:
        os.close(opened)


def _validate_xml(data: bytes, name: str, requirements: Requirements | None) -> SubjectReport:
    parsed = parse_xml(data, name)
    wrapper = judge_wrapper(parsed, name, requirements)
    if wrapper is not None:
        return _wrapped(wrapper, name, requirements)
    judged = judge_parsed(parsed, len(data), name)
    document = judged.document
    findings, checks = judged.findings, judged.checks_run
    if document is not None:
        findings = (*findings, *xml_meaning(document, data, name, requirements))
        if describes(document.kind):
            checks = (*checks, *meaning_checks(requirements))
    return SubjectReport(
        subject=name,
        kind="xml" if document is None else document.kind.format.name,
        findings=findings,
        checks_run=checks,
        checks_skipped=judged.checks_skipped,
    )


def _wrapped(
    wrapper: WrapperJudgement, name: str, requirements: Requirements | None
) -> SubjectReport:
    return SubjectReport(
        subject=name,
        kind=wrapper.title,
        findings=tuple(wrapper.findings),
        checks_run=(WELL_FORMED, SCHEMA, *meaning_checks(requirements)),
        checks_skipped=tuple(wrapper.skipped),
        records=RecordCount(total=wrapper.records, faulty=wrapper.faulty),
    )


def _validate_sheet(path: Path, requirements: Requirements | None) -> SubjectReport:
    from muniment.metadata.sheets import judge_sheet

    with path.open("rb") as stream:
        judged = judge_sheet(stream, str(path), requirements)
    return SubjectReport(
        subject=str(path),
        kind="sheet",
        findings=judged.findings,
        checks_run=("sheet", "schema", *meaning_checks(requirements)),
        records=RecordCount(total=judged.records, faulty=judged.faulty),
    )


def looks_like_xml(data: bytes, name: str) -> bool:
    """Whether a file is XML by its name, or by its first character where the name says nothing."""
    suffix = os.path.splitext(name)[1].lower()  # noqa: PTH122 - a name by the ten thousand
    return suffix == ".xml" or (suffix not in METADATA_SUFFIXES and data.lstrip()[:1] == b"<")


def _size(name: str) -> int:
    try:
        return os.stat(name).st_size  # noqa: PTH116
    except OSError:
        return 0
