"""validate: is the description right?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from muniment.metadata.reading import read_record
from muniment.metadata.xml_validation import judge_xml
from muniment.model.findings import Report, SubjectReport
from muniment.storage.progress import Progress, Silent
from muniment.workflow.verifying import unreachable

_METADATA_SUFFIXES = frozenset({".json", ".xml", ".yaml", ".yml"})


def validate(paths: Sequence[Path], *, progress: Progress | None = None) -> Report:
    """Judge every metadata file; of a folder, all that lie in it, folders within folders too."""
    watch = progress or Silent()
    files = [file for path in paths for file in _files(path)]
    watch.phase("validating", sum(_size(file) for file in files))
    subjects = []
    for file in files:
        subjects.append(validate_file(file))
        watch.advance(_size(file))
    return Report(command="validate", subjects=tuple(subjects))


def validate_file(path: Path) -> SubjectReport:
    """Judge one metadata file by its form."""
    try:
        data = path.read_bytes()
    except OSError as error:
        return unreachable(str(path), "metadata", "schema", f"{path}: {error.strerror}")
    if looks_like_xml(data, path.name):
        judged = judge_xml(data, str(path))
        return SubjectReport(
            subject=str(path),
            kind="xml" if judged.document is None else judged.document.kind.format.name,
            findings=judged.findings,
            checks_run=judged.checks_run,
            checks_skipped=judged.checks_skipped,
        )
    return SubjectReport(
        subject=str(path),
        kind="record",
        findings=read_record(data, str(path)).findings,
        checks_run=("schema",),
    )


def looks_like_xml(data: bytes, name: str) -> bool:
    """Whether a file is XML by its name, or by its first character where the name says nothing."""
    suffix = Path(name).suffix.lower()
    return suffix == ".xml" or (suffix not in _METADATA_SUFFIXES and data.lstrip()[:1] == b"<")


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for found in sorted(path.rglob("*")):
        if found.suffix.lower() in _METADATA_SUFFIXES and found.is_file():
            yield found


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
