"""The sources looked at, file by file, before a byte is written.

One folder's contents go to `data/` as they lie; of several sources each keeps its name, and what a
list names keeps its path from the list's folder.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from muniment.bags.declaration import PATH as DECLARATION
from muniment.bags.manifests import PAYLOAD_PREFIX
from muniment.bags.payload import KEEPER, Payload
from muniment.bags.selection import Selection
from muniment.bags.source_links import LinkPolicy, Links
from muniment.bags.source_lists import Listed, SourceList, listed
from muniment.bags.source_names import judge_names
from muniment.model.findings import Finding, Location
from muniment.model.rules import source as rules
from muniment.storage.containers import Entry, EntryKind
from muniment.storage.folder import Statuses, walk_statuses

IN_PLACE_PREFIX = ".muniment-in-place"


class EmptyFolderPolicy(StrEnum):
    """What becomes of a folder without content: a warning, or a file `.keep` that keeps it."""

    WARN = "warn"
    KEEP = "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What is to be packaged, and what is to be done about what a bag cannot hold as it lies.

    The record and the lists, where they lie among the sources, are not payload. `working` names a
    folder at the top of the sources that is this run's own.
    """

    paths: tuple[Path, ...] = ()
    lists: tuple[SourceList, ...] = ()
    record: Path | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    exclude_system_files: bool = False
    symlinks: LinkPolicy = LinkPolicy.REFUSE
    empty_folders: EmptyFolderPolicy = EmptyFolderPolicy.WARN
    allow_nested_bags: bool = False
    allow_empty: bool = False
    working: str | None = None

    @property
    def name(self) -> str:
        """The sources by their names, for a person."""
        return ", ".join([*map(str, self.paths), *(each.name for each in self.lists)])


def survey_sources(sources: Sources) -> Payload:
    """Walk the sources once; findings for all that stands in the way. Raises UsageError."""
    survey = _Survey(sources)
    several = len(sources.paths) + len(sources.lists) > 1
    for source in sources.paths:
        survey.named(str(source), _own_name(source), several=several)
    for source_list in sources.lists:
        survey.list(source_list)
    survey.follow()
    payload = survey.payload
    payload.findings += survey.selection.findings(sources.name)
    if payload.can_be_packaged and not payload.files and not sources.allow_empty:
        where = sources.name
        payload.add(rules.EMPTY_PAYLOAD, f"{where}: there is no file to package", path=where)
    judge_names(payload)
    return payload


def _own_name(source: Path) -> str:
    return os.path.basename(os.path.realpath(source) if source.name in {"", ".."} else source)


@dataclass(slots=True)
class _Folders:
    """The folders of one walk: how much lies in each, and which of them declare themselves bags."""

    held: dict[str, int] = field(default_factory=lambda: {"": 0})
    declared: list[str] = field(default_factory=list)

    def bags(self) -> list[str]:
        """Folders with a declaration and a payload folder."""
        return [each for each in self.declared if _joined(each, "data") in self.held]

    def empty(self) -> list[str]:
        """Folders in which nothing lies."""
        return [each for each, count in self.held.items() if not count]


class _Survey:
    """Looks at one source after another."""

    def __init__(self, sources: Sources) -> None:
        self.payload = Payload()
        self.selection = Selection(
            include=sources.include,
            exclude=sources.exclude,
            system_files=sources.exclude_system_files,
        )
        self._sources = sources
        self._links = Links(
            policy=sources.symlinks,
            roots=[*map(str, sources.paths), *(str(each.base) for each in sources.lists)],
        )
        given = [sources.record, *(each.file for each in sources.lists)]
        self._instructions = frozenset(os.path.realpath(path) for path in given if path)
        self._instruction_names = frozenset(map(os.path.basename, self._instructions))

    def named(self, source: str, name: str, *, several: bool) -> None:
        """A file or folder that was named; a folder is the same behind a link."""
        try:
            status = os.lstat(source)
            if stat.S_ISLNK(status.st_mode) and os.path.isdir(source):
                status = os.stat(source)
        except OSError as error:
            self.payload.not_read(source, error.strerror or str(error))
            return
        if stat.S_ISDIR(status.st_mode):
            self._tree(source, f"{PAYLOAD_PREFIX}{name}/" if several else PAYLOAD_PREFIX)
        else:
            self._thing(source, PAYLOAD_PREFIX + name, status)

    def list(self, source_list: SourceList) -> None:
        """Everything that a list names."""
        for entry in listed(source_list):
            if entry.path is None:
                self._tell_of_listed_outside(source_list, entry)
            else:
                self._listed(os.path.join(source_list.base, entry.path), entry.path)

    def follow(self) -> None:
        """The folders that links lead to."""
        while (link := self._links.next_folder()) is not None:
            self._tree(link.target, link.path)

    def _listed(self, full: str, path: str) -> None:
        try:
            status = os.lstat(full)
        except OSError as error:
            self.payload.not_read(full, error.strerror or str(error))
            return
        if path and self._links.leads_through(os.path.dirname(full), os.path.dirname(path)):
            self._link(full, PAYLOAD_PREFIX + path, os.path.realpath(full))
        elif stat.S_ISDIR(status.st_mode):
            self._tree(full, f"{PAYLOAD_PREFIX}{path}/" if path else PAYLOAD_PREFIX)
        elif not self._is_instruction(full):
            self._thing(full, PAYLOAD_PREFIX + path, status)

    def _tell_of_listed_outside(self, source_list: SourceList, entry: Listed) -> None:
        message = f"{entry.given} does not lie in {source_list.base}, or is written with `..`"
        self.payload.findings.append(
            Finding(
                rule=rules.LISTED_OUTSIDE,
                message=message,
                location=Location(path=source_list.name, line=entry.number),
                evidence={"actual": entry.given},
            )
        )

    def _thing(self, full: str, path: str, status: os.stat_result) -> None:
        """Anything but a folder."""
        if stat.S_ISLNK(status.st_mode):
            self._link(full, path, os.readlink(full))
        elif self._is_unwanted(path, status.st_size):
            return
        elif stat.S_ISREG(status.st_mode):
            self.payload.keep(full, path, status)
        else:
            message = f"{full} is neither a file nor a folder"
            self.payload.add(rules.SPECIAL_FILE, message, path=full)

    def _tree(self, base: str, prefix: str) -> None:
        folders = _Folders()
        for listing in walk_statuses(base):
            if not self._is_working(listing):
                self._files(listing, base, prefix, folders)
                for entry in listing.others:
                    self._other(entry, base, prefix, folders)
        for folder in folders.bags():
            self._tell_of_bag(os.path.join(base, folder) if folder else base)
        for folder in folders.empty():
            self._empty_folder(os.path.join(base, folder) if folder else base, prefix + folder)

    def _is_working(self, listing: Statuses) -> bool:
        """Whether a listing is one of the folders of this run's own."""
        if self._sources.working is None:
            return False
        paths = [path for path, _ in listing.files[:1]] + [each.path for each in listing.others[:1]]
        return any(path.startswith(f"{self._sources.working}/") for path in paths)

    def _files(self, listing: Statuses, base: str, prefix: str, folders: _Folders) -> None:
        if not listing.files:
            return
        folder = listing.files[0][0].rpartition("/")[0]
        folders.held[folder] += len(listing.files)
        declaration = _joined(folder, DECLARATION)
        start = os.path.join(base, "")
        everything = self.selection.is_everything
        for path, status in listing.files:
            full = start + path
            if self._is_instruction(full):
                continue
            if not everything and self._is_unwanted(prefix + path, status.st_size):
                continue
            self.payload.keep(full, prefix + path, status)
            if path == declaration:
                folders.declared.append(folder)

    def _is_instruction(self, full: str) -> bool:
        """Whether a file is the record or a list; the name is compared first, for that is cheap."""
        named = full.rpartition("/")[2] in self._instruction_names
        return named and os.path.realpath(full) in self._instructions

    def _is_unwanted(self, path: str, size: int) -> bool:
        everything = self.selection.is_everything
        return not everything and self.selection.leaves_out(path[len(PAYLOAD_PREFIX) :], size)

    def _other(self, entry: Entry, base: str, prefix: str, folders: _Folders) -> None:
        if entry.path == self._sources.working:
            return
        folders.held[entry.path.rpartition("/")[0]] += 1
        full = os.path.join(base, entry.path)
        if entry.kind is EntryKind.FOLDER:
            folders.held[entry.path] = 0
            self._refuse_interrupted(full)
        elif entry.kind is EntryKind.LINK:
            self._link(full, prefix + entry.path, entry.note)
        elif entry.kind is EntryKind.UNREADABLE:
            folders.held[entry.path] = 1
            if not self._is_unwanted(f"{prefix}{entry.path}/", 0):
                self.payload.not_read(full.rstrip("/"), entry.note or "unreadable")
        elif not self._is_unwanted(prefix + entry.path, 0):
            self.payload.add(rules.SPECIAL_FILE, f"{full} is {entry.note}", path=full)

    def _link(self, full: str, path: str, target: str | None) -> None:
        if not self._is_unwanted(path, 0):
            self._links.met(full, path, target, self.payload)

    def _refuse_interrupted(self, full: str) -> None:
        where, name = os.path.split(full)
        if name.startswith(IN_PLACE_PREFIX):
            message = f"{where} was being packaged in place, and that was not finished"
            self.payload.add(rules.INTERRUPTED_IN_PLACE, message, path=where)

    def _tell_of_bag(self, where: str) -> None:
        message = f"{where} holds a bagit.txt and a data/ folder: it is a bag already"
        rule = rules.NESTED_BAG if self._sources.allow_nested_bags else rules.ALREADY_A_BAG
        self.payload.add(rule, message, path=where)

    def _empty_folder(self, full: str, path: str) -> None:
        if path == PAYLOAD_PREFIX:
            return  # the payload as a whole is judged as such
        path = f"{path.rstrip('/')}/"
        if self._is_unwanted(path, 0):
            return
        if self._sources.empty_folders is EmptyFolderPolicy.WARN:
            self.payload.add(rules.EMPTY_FOLDER, f"{full} is empty and is not kept", path=full)
            return
        message = f"{full} is empty: a file {KEEPER} stands for it"
        self.payload.add(rules.EMPTY_FOLDER_KEPT, message, path=full)
        self.payload.keep_folder(full, path)


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
