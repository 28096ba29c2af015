"""What an archive holds, once its members' names are known: the top folder, and what is odd.

A member's name is never followed out of the archive; what cannot be placed is a problem, told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Generic, NamedTuple, TypeVar

from muniment.model.paths import unsafe_reason
from muniment.storage.containers import Entry, EntryKind, Listing, Problem, ProblemKind

Place = TypeVar("Place")
_LONGEST_CHAIN = 8
# A name that needs no closer look: letters, digits and such between single slashes.
_PLAIN = re.compile(r"\w(?:[\w +,=@-]|\.(?!\.)|/(?![/.]))*(?<!/)")


class MemberKind(Enum):
    """What a member of an archive is."""

    FILE = "file"
    FOLDER = "folder"
    SYMBOLIC_LINK = "symbolic link"
    HARD_LINK = "hard link"
    SPECIAL = "special file"


class Member(NamedTuple, Generic[Place]):
    """One member: `place` is where its bytes lie, in the archive's own terms; size in bytes."""

    name: str
    kind: MemberKind
    size: int
    place: Place
    target: str | None = None


@dataclass(slots=True)
class ArchiveIndex(Generic[Place]):
    """The members below the top folder, by path. `links` lead to other paths of the archive."""

    files: dict[str, tuple[int, Place]] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)
    links: dict[str, str] = field(default_factory=dict)
    special: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def resolve(self, path: str) -> str | None:
        """The file that a link leads to, over a few links, or None where there is none."""
        for _ in range(_LONGEST_CHAIN):
            if path in self.files:
                return path
            if path not in self.links:
                return None
            path = self.links[path]
        return None

    def top(self) -> dict[str, Entry]:
        """What lies directly below the top folder, by name."""
        return {entry.path: entry for entry in self._entries() if "/" not in entry.path} | {
            path: Entry(path, EntryKind.FILE, size)
            for path, (size, _) in self.files.items()
            if "/" not in path
        }

    def listings(self) -> Iterator[Listing]:
        """Everything, folder by folder."""
        by_folder: dict[str, Listing] = {}
        for path, (size, _) in self.files.items():
            _of_folder(by_folder, path).files.append((path, size))
        for entry in self._entries():
            _of_folder(by_folder, entry.path).others.append(entry)
        for folder in sorted(by_folder):
            yield by_folder[folder]

    def _entries(self) -> Iterator[Entry]:
        for path in sorted(self.folders):
            yield Entry(path, EntryKind.FOLDER, 0)
        for path, target in self.links.items():
            yield Entry(path, EntryKind.LINK, 0, target)
        for path, what in self.special.items():
            yield Entry(path, EntryKind.SPECIAL, 0, what)


def _of_folder(by_folder: dict[str, Listing], path: str) -> Listing:
    return by_folder.setdefault(path.rpartition("/")[0], Listing([], []))


def index_members(
    members: Iterable[Member[Place]], *, archive_name: str, marker: str
) -> ArchiveIndex[Place]:
    """Place every member below the archive's top folder.

    `archive_name` is the archive's name without its ending, which the top folder should have;
    `marker` is the file that tells the top folder where there are several.
    """
    index: ArchiveIndex[Place] = ArchiveIndex()
    safe = list(_safe(members, index.problems))
    base = _base(safe, archive_name, marker, index.problems)
    for member in safe:
        if member.name == base:
            continue
        if base and not member.name.startswith(f"{base}/"):
            problem = Problem(ProblemKind.OUTSIDE_TOP_FOLDER, member.name, f"outside {base}/")
            index.problems.append(problem)
            continue
        _place(member, base, index)
    return index


def _safe(members: Iterable[Member[Place]], problems: list[Problem]) -> Iterator[Member[Place]]:
    for member in members:
        if _PLAIN.fullmatch(member.name):
            yield member
            continue
        name = member.name.rstrip("/")
        while name.startswith("./"):
            name = name[2:].lstrip("/") if not name.startswith(".//") else name[2:]
        if name in {"", "."}:
            if member.kind is not MemberKind.FOLDER:
                problems.append(Problem(ProblemKind.UNSAFE_PATH, member.name, "it has no name"))
            continue
        reason = unsafe_reason(name)
        if reason is not None:
            problems.append(Problem(ProblemKind.UNSAFE_PATH, member.name, reason))
        elif "//" in name or "/./" in name:
            problems.append(Problem(ProblemKind.UNSAFE_PATH, member.name, "it is no plain path"))
        else:
            yield member._replace(name=name)


def _base(
    members: list[Member[Place]], archive_name: str, marker: str, problems: list[Problem]
) -> str:
    """The top folder that holds the bag; an empty name where the bag lies in no folder."""
    tops = dict.fromkeys(member.name.partition("/")[0] for member in members)
    marked = {
        member.name.rpartition("/")[0]
        for member in members
        if member.name.endswith(marker)
        and member.name.rpartition("/")[2] == marker
        and member.name.count("/") <= 1
    }
    if "" in marked or not tops:
        problems.append(Problem(ProblemKind.NO_TOP_FOLDER, None, "the bag lies in no folder"))
        return ""
    base = next((top for top in tops if top in marked), next(iter(tops)))
    if base != archive_name:
        detail = f"the top folder is {base}, the archive {archive_name}"
        problems.append(Problem(ProblemKind.NAME_DIFFERS, base, detail))
    return base


def _place(member: Member[Place], base: str, index: ArchiveIndex[Place]) -> None:
    path = member.name[len(base) + 1 :] if base else member.name
    taken = path in index.files or path in index.links or path in index.special
    if taken and member.kind is not MemberKind.FOLDER:
        index.problems.append(Problem(ProblemKind.DUPLICATE, path, "the archive holds it twice"))
        return
    _add_parents(path, index.folders)
    if member.kind is MemberKind.FILE:
        index.files[path] = (member.size, member.place)
    elif member.kind is MemberKind.FOLDER:
        index.folders.add(path)
    elif member.kind is MemberKind.SPECIAL:
        index.special[path] = "neither a file nor a folder"
    else:
        target = _link_target(member, path, base)
        if member.kind is MemberKind.HARD_LINK and target in index.files:
            index.files[path] = index.files[target]  # the same file under a second name
        else:
            index.links[path] = target


def _add_parents(path: str, folders: set[str]) -> None:
    folder = path.rpartition("/")[0]
    while folder and folder not in folders:
        folders.add(folder)
        folder = folder.rpartition("/")[0]


def _link_target(member: Member[Place], path: str, base: str) -> str:
    """Where a link leads, as a path below the top folder where it stays there."""
    target = member.target or ""
    if member.kind is MemberKind.HARD_LINK:
        inside = target.removeprefix("./").removeprefix(f"{base}/" if base else "")
    else:
        inside = f"{path.rpartition('/')[0]}/{target}".lstrip("/")
    if target.startswith("/"):
        return target
    parts: list[str] = []
    for part in inside.split("/"):
        if part == ".." and not parts:
            return target
        if part == "..":
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join(parts)
