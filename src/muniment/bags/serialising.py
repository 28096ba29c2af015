"""Plan -> bag in one archive, straight from the sources: no copy of the payload is laid aside.

The payload is read twice: once for its checksums, once into the archive, for the tag files stand
before it. The archive is read back before it appears, so that a source which changed in between
is noticed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from muniment.bags.contents import PAYLOAD_FOLDER
from muniment.bags.payload import PayloadFile
from muniment.bags.plan import Plan
from muniment.bags.writing import SourceChangedError, WrittenBag, source_fault, write_bag
from muniment.storage.archive_writing import ArchiveWriter, archive_writer
from muniment.storage.copying import CHANGED, unchanged
from muniment.storage.executors import Executor
from muniment.storage.progress import Progress


class Serialization(StrEnum):
    """The archives that a bag can be put into."""

    TAR = "tar"
    TAR_GZ = "tar.gz"
    ZIP = "zip"

    @property
    def ending(self) -> str:
        """The end of such an archive's name."""
        return f".{self.value}"


def serialise_bag(
    plan: Plan,
    folder: Path,
    form: Serialization,
    *,
    date: str,
    executor: Executor,
    progress: Progress,
) -> tuple[Path, WrittenBag]:
    """Write the bag as one archive into an empty folder; returns its path.

    The tag files are laid aside first, in the same folder. `date` is ISO 8601, a day or a second
    in UTC. Raises SourceChangedError, OSError.
    """
    aside = folder / "tag-files"
    aside.mkdir()
    written = write_bag(plan, aside, executor=executor, progress=progress, copy=False)
    archive = folder / f"{plan.name}{form.ending}"
    progress.phase("writing the archive", plan.oxum.octets)
    with archive_writer(archive, form.ending, _moment(date)) as writer:
        writer.folder(plan.name)
        for path in _tag_files(aside):
            _add(writer, f"{plan.name}/{path}", aside / path)
        writer.folder(f"{plan.name}/{PAYLOAD_FOLDER}")
        _add_payload(writer, plan, progress)
    return archive, written


def _moment(date: str) -> datetime:
    return datetime.fromisoformat(date).replace(tzinfo=UTC)


def _tag_files(aside: Path) -> Iterator[str]:
    """The tag files, the declaration first, then in code-point order of their paths."""
    paths = [path.relative_to(aside).as_posix() for path in aside.rglob("*") if path.is_file()]
    return iter(sorted(paths, key=lambda path: (path != "bagit.txt", path)))


def _add(writer: ArchiveWriter, name: str, source: Path) -> None:
    with source.open("rb") as stream:
        writer.file(name, os.fstat(stream.fileno()).st_size, stream)


def _add_payload(writer: ArchiveWriter, plan: Plan, progress: Progress) -> None:
    changed: list[PayloadFile] = []
    for file in plan.payload:
        with Path(file.source).open("rb") as stream:
            if not unchanged(stream.fileno(), file.size, file.modified):
                changed.append(file)
                continue
            try:
                writer.file(f"{plan.name}/{file.path}", file.size, stream)
            except OSError as error:
                if error.errno is not None:
                    raise
                changed.append(file)  # shorter than it was
                break
        progress.advance(file.size)
    _refuse(changed)


def _refuse(changed: Sequence[PayloadFile]) -> None:
    if changed:
        raise SourceChangedError([source_fault(file, CHANGED) for file in changed])
