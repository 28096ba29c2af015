"""What lies in a bag, sorted while it is walked: listed payload passes by, the rest is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from muniment.bags.manifests import PAYLOAD_PREFIX, ManifestSet
from muniment.bags.portability import (
    is_system_file,
    odd_names,
    twin_difference,
    twins_among,
)
from muniment.bags.verdicts import Findings
from muniment.model.paths import windows_fault
from muniment.model.rules import bag as rules
from muniment.storage.containers import Entry, EntryKind, Listing

PAYLOAD_FOLDER = PAYLOAD_PREFIX.rstrip("/")


@dataclass(slots=True)
class Contents:
    """The entries of a bag. Sizes are in bytes.

    `present` has a byte per path of the payload manifests: 1 where a file lies there. Payload that
    no manifest lists is kept in `unlisted`; tag files, links and folders are few and kept whole.
    """

    present: bytearray
    has_data: bool = False
    octets: int = 0
    files: int = 0
    tag_files: dict[str, int] = field(default_factory=dict)
    unlisted: dict[str, int] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)
    empty_folders: set[str] = field(default_factory=set)
    links: list[Entry] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)

    def hidden_by_unreadable(self, path: str) -> bool:
        """Whether a path lies below a folder that could not be read."""
        return any(not folder or path.startswith(folder + "/") for folder in self.unreadable)


def survey(
    listings: Iterable[Listing], manifests: ManifestSet, contents: Contents, findings: Findings
) -> Iterator[tuple[str, int]]:
    """Walk everything once: listed payload files are given on as (path, size), all else sorted."""
    for listing in listings:
        look_at_names(listing, findings)
        for entry in listing.others:
            _keep(entry, contents, findings)
        if not listing.files:
            continue
        if listing.files[0][0].startswith(PAYLOAD_PREFIX):
            yield from _payload(listing.files, manifests, contents)
        else:
            contents.tag_files.update(listing.files)


def _payload(
    files: Sequence[tuple[str, int]], manifests: ManifestSet, contents: Contents
) -> Iterator[tuple[str, int]]:
    """One folder's payload files: those that are listed pass by, the others are kept."""
    index, present = manifests.index, contents.present
    contents.files += len(files)
    contents.empty_folders.discard(files[0][0].rpartition("/")[0])
    for file in files:
        path, size = file
        contents.octets += size
        position = index.get(path)
        if position is None:
            contents.unlisted[path] = size
        else:
            present[position] = 1
            yield file


def look_at_names(listing: Listing, findings: Findings) -> None:
    """Tell of twins, of names that Windows refuses, and of system files in the payload."""
    paths = [path for path, _ in listing.files] + [entry.path for entry in listing.others]
    for first, second in twins_among(paths):
        difference = twin_difference(first, second)
        message = f"{second} and {first} differ by {difference} only"
        findings.add(rules.TWINS, message, path=second, twin=first)
    for path in odd_names(paths):
        fault = windows_fault(path.rpartition("/")[2])
        if fault is not None:
            findings.add(rules.NOT_PORTABLE, f"{path}: {fault}", path=path)
        if is_system_file(path) and path.startswith(PAYLOAD_PREFIX):
            message = f"{path} was made by the operating system"
            findings.add(rules.SYSTEM_FILE, message, path=path)


def _keep(entry: Entry, contents: Contents, findings: Findings) -> None:
    path, kind, _, note = entry
    if kind is EntryKind.FOLDER:
        contents.has_data = contents.has_data or path == PAYLOAD_FOLDER
        contents.folders.add(path)
        contents.empty_folders.discard(path.rpartition("/")[0])
        if path.startswith(PAYLOAD_PREFIX):
            contents.empty_folders.add(path)
    elif kind is EntryKind.LINK:
        contents.links.append(entry)
        contents.empty_folders.discard(path.rpartition("/")[0])
    elif kind is EntryKind.SPECIAL:
        findings.add(rules.SPECIAL_FILE, f"{path} is {note}", path=path)
    else:
        contents.unreadable[path] = note or "unreadable"
        contents.empty_folders.discard(path)
        findings.add(rules.FILE_UNREADABLE, f"{path or 'the bag'}: {note}", path=path or None)
        findings.leave_open("completeness", f"{path or 'the bag'} could not be read: {note}")


def tell_of_oddities(contents: Contents, findings: Findings) -> None:
    """What is worth knowing of the payload, though no rule of the standard is broken."""
    for folder in sorted(contents.empty_folders):
        findings.add(rules.EMPTY_FOLDER, f"{folder}/ is empty", path=folder)
