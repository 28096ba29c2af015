"""A plain folder, read once and held against the description that the ledger keeps of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from muniment.audit.bag_judging import Judged, unreadable
from muniment.audit.canonical import coded_name
from muniment.audit.descriptions import Description, FileFacts, sha256_of
from muniment.audit.holdings import Baseline, Fault, HoldingKind
from muniment.audit.outcomes import HoldingOutcome
from muniment.audit.second_reading import Mismatch
from muniment.storage.containers import EntryKind
from muniment.storage.executors import Executor
from muniment.storage.folder import Folder
from muniment.storage.progress import Progress

_ALGORITHM = "sha256"


@dataclass(slots=True, kw_only=True)
class FolderSeen:
    """The files of a folder as they were read; `unread` are those that were not, and why."""

    files: dict[str, FileFacts] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    unread_folders: dict[str, str] = field(default_factory=dict)

    @property
    def octets(self) -> int:
        """How many bytes they have together."""
        return sum(facts.size for facts in self.files.values())


def read_folder(home: Path, executor: Executor, progress: Progress) -> FolderSeen:
    """Digest every regular file below a folder; links are not followed. Raises UnreachableError."""
    folder = Folder(home)
    seen = FolderSeen()
    progress.phase("reading", None)
    for hashed in folder.digests(_files(folder, seen), (_ALGORITHM,), executor):
        progress.advance(sum(hashed.sizes))
        for place, path in enumerate(hashed.paths):
            fault = hashed.faults.get(place)
            if fault is not None:
                seen.unread[path] = fault.reason
            else:
                digest = hashed.digest(place, 0).hex()
                seen.files[path] = FileFacts(digest, hashed.sizes[place])
    return seen


def glance_at_folder(home: Path, description: Description | None) -> FolderSeen:
    """Names and sizes only: a file of the size it had is taken for the one it was."""
    folder = Folder(home)
    seen = FolderSeen()
    known = {} if description is None else description.files
    for path, size in _files(folder, seen):
        was = known.get(path)
        seen.files[path] = was if was and was.size == size else FileFacts("", size)
    return seen


def described_folder(seen: FolderSeen) -> tuple[Baseline, bytes]:
    """What the folder holds, to be recorded: its baseline, and the document that this names."""
    document = Description(kind=HoldingKind.FOLDER, files=seen.files).to_bytes()
    baseline = Baseline(
        document=sha256_of(document),
        algorithms=(_ALGORITHM,),
        files=len(seen.files),
        octets=seen.octets,
    )
    return baseline, document


def judge_folder(seen: FolderSeen, description: Description | None) -> Judged:
    """Everything that is not as it was; without a description, only what could not be read."""
    found = list(_differing(seen, description)) if description is not None else []
    faults = [fault for fault, _ in found]
    for path, reason in {**seen.unread, **seen.unread_folders}.items():
        faults.append(unreadable(path or None, reason))
    faults.sort(key=lambda fault: (fault.path or "", fault.kind))
    mismatches = tuple(mismatch for _, mismatch in found if mismatch is not None)
    return Judged(faults=tuple(faults), mismatches=mismatches)


def _files(folder: Folder, seen: FolderSeen) -> Iterator[tuple[str, int]]:
    for listing in folder.listings():
        yield from listing.files
        for entry in listing.others:
            if entry.kind is EntryKind.UNREADABLE:
                seen.unread_folders[entry.path] = entry.note or "unreadable"


def _differing(
    seen: FolderSeen, description: Description
) -> Iterator[tuple[Fault, Mismatch | None]]:
    for path, was in description.files.items():
        now = seen.files.get(path)
        if now is None:
            if not _is_hidden(path, seen):
                yield _fault(HoldingOutcome.MISSING, path, f"{path} is missing"), None
        elif now != was:
            message = f"{path} is not what it was: its sha256 is {now.sha256[:12]}..., not "
            fault = _fault(HoldingOutcome.CORRUPT, path, f"{message}{was.sha256[:12]}...", was, now)
            yield fault, Mismatch(path, now.size, _ALGORITHM, was.sha256, now.sha256)
    lost = {was: path for path, was in description.files.items() if path not in seen.files}
    for path in seen.files.keys() - description.files.keys():
        message = f"{path} was not there when the folder was taken in"
        same = lost.get(seen.files[path])
        if same is not None:
            message = f"{message}; its bytes are those of the missing {same}: renamed?"
        yield _fault(HoldingOutcome.EXTRA, path, message), None


def _is_hidden(path: str, seen: FolderSeen) -> bool:
    """Whether a file could not be looked for: it, or a folder above it, could not be read."""
    return path in seen.unread or any(
        not folder or path.startswith(f"{folder}/") for folder in seen.unread_folders
    )


def _fault(
    kind: HoldingOutcome,
    path: str,
    message: str,
    was: FileFacts | None = None,
    now: FileFacts | None = None,
) -> Fault:
    return Fault(
        kind=str(kind),
        path=coded_name(path),
        message=coded_name(message) if "\x00" in message else message,
        expected=None if was is None else was.sha256,
        actual=None if now is None else now.sha256,
    )
