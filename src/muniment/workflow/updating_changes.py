"""What an operator asks of an update -> the changes of a bag's tag files."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from muniment.bags.baginfo import BagInfo
from muniment.bags.structure import read_structure
from muniment.bags.updating import Changes
from muniment.bags.updating_aside import NewFile
from muniment.bags.verdicts import Findings
from muniment.metadata.reading import read_record
from muniment.metadata.texts import LARGEST_RECORD
from muniment.metadata.xml_validation import validate_xml
from muniment.model.digests import Algorithm
from muniment.model.errors import EnvironmentFault, UsageError
from muniment.model.findings import Finding
from muniment.storage.folder import Folder
from muniment.workflow.describing import DC_PATH, MODS_PATH, Description

# A record is kept under the ending it was given with; a new one may have another.
_RECORDS = tuple(f"metadata/record.{ending}" for ending in ("yaml", "yml", "json", "xml"))


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateRequest:
    """What is to be changed in a bag, why, and who asked for it.

    `tag_files` are paths in the bag with the files that hold what shall lie there. `date` is
    YYYY-MM-DD, as the operator gave it.
    """

    bag: Path
    reason: str
    by: str
    record: Path | None = None
    bag_info: tuple[tuple[str, str], ...] = ()
    remove_bag_info: tuple[str, ...] = ()
    tag_files: tuple[tuple[str, Path], ...] = ()
    remove_tag_files: tuple[str, ...] = ()
    algorithms: tuple[Algorithm, ...] = ()
    drop_algorithms: tuple[str, ...] = ()
    to_1_0: bool = False
    date: str | None = None


def refuse_empty_request(request: UpdateRequest) -> None:
    """Raise UsageError where nothing is asked for, or where why or who cannot be written down."""
    for name, text in (("--reason", request.reason), ("--by", request.by)):
        if not text.strip() or any(unicodedata.category(c) in {"Cc", "Cs"} for c in text):
            raise UsageError(f"{name} {text!r}: a text of one line is needed")
    asked = (
        request.record,
        request.bag_info,
        request.remove_bag_info,
        request.tag_files,
        request.remove_tag_files,
        request.algorithms,
        request.drop_algorithms,
        request.to_1_0,
    )
    if not any(asked):
        raise UsageError("say what to change: see muniment update --help")


def fingerprint(request: UpdateRequest) -> str:
    """Whether two requests are the same: what is asked, and the content of the files given.

    Raises UsageError where a file cannot be read.
    """
    files = [request.record] if request.record else []
    files += [path for _, path in request.tag_files]
    asked = [
        [request.reason, request.by, request.date, request.to_1_0],
        [list(field) for field in request.bag_info],
        list(request.remove_bag_info),
        [path for path, _ in request.tag_files],
        list(request.remove_tag_files),
        list(map(str, request.algorithms)),
        list(request.drop_algorithms),
        [hashlib.sha256(_content(path)).hexdigest() for path in files],
    ]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error


def changes_of(
    request: UpdateRequest, folder: Folder, description: Description | None
) -> tuple[Changes, tuple[Finding, ...]]:
    """The changes asked for, with what a new record brings; and what is found in files given.

    Raises UsageError, UnreachableError.
    """
    files = [NewFile(path=path, content=source) for path, source in request.tag_files]
    fields = list(request.bag_info)
    removed = list(request.remove_bag_info)
    gone = list(request.remove_tag_files)
    if description is not None:
        files += [NewFile(path=path, content=data) for path, data in description.files]
        there = {path for path, _ in description.files}
        gone += [path for path in _records_of(folder) if path not in there | set(gone)]
        info = read_structure(folder, folder.top(), Findings()).info
        named = {label.lower() for label, _ in fields} | {label.lower() for label in removed}
        for label, values in _following(folder, info, description):
            if label.lower() in named:
                continue
            fields += [(label, value) for value in values]
            removed += [label] if info.named(label) and not values else []
    _refuse_twice([file.path for file in files], gone)
    changes = Changes(
        fields=tuple(fields),
        removed_labels=tuple(dict.fromkeys(removed)),
        files=tuple(files),
        removed_files=tuple(dict.fromkeys(gone)),
        added=request.algorithms,
        dropped=request.drop_algorithms,
        to_1_0=request.to_1_0,
    )
    return changes, tuple(_findings(request))


def _refuse_twice(written: Sequence[str], gone: Sequence[str]) -> None:
    for path in written:
        if written.count(path) > 1:
            raise UsageError(f"{path} is to be written twice; say which file it shall be")
        if path in gone:
            raise UsageError(f"{path} is to be written and to be removed; say one of the two")


def _records_of(folder: Folder) -> list[str]:
    return [path for path in _RECORDS if _stands(folder, path)]


def _stands(folder: Folder, path: str) -> bool:
    return (Path(folder.base) / path).is_file()


def _following(
    folder: Folder, info: BagInfo, description: Description
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The labels that say what the bag's old record says, and what they are to say now."""
    old = _old_description(folder)
    for label, values in _derived(description).items():
        before = () if old is None else _derived(old)[label]
        if info.values(label) == before:
            yield label, values


def _derived(description: Description) -> dict[str, tuple[str, ...]]:
    return {
        "External-Description": (description.summary,) if description.summary else (),
        "External-Identifier": description.identifiers,
    }


def _old_description(folder: Folder) -> Description | None:
    """What the record in the bag says; None where there is none that can be read."""
    found = next((p for p in (*_RECORDS, MODS_PATH, DC_PATH) if _stands(folder, p)), None)
    if found is None:
        return None
    try:
        with folder.open(found) as stream:
            data = stream.read(LARGEST_RECORD + 1)
        accepted = read_record(data, found).accepted
    except (OSError, EnvironmentFault):
        return None
    return None if accepted is None else Description(accepted=accepted, files=())


def _findings(request: UpdateRequest) -> Iterator[Finding]:
    """A MODS or Dublin Core file that is put in by hand is held to its schema all the same."""
    for path, source in request.tag_files:
        if path in {MODS_PATH, DC_PATH}:
            yield from validate_xml(_content(source), str(source))
