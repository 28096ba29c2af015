"""What is to be packaged: the sources looked at, file by file, before a byte is written.

One folder's contents go to `data/` as they lie; several sources keep their names.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from muniment.bags.declaration import PATH as DECLARATION
from muniment.bags.manifests import PAYLOAD_PREFIX
from muniment.bags.portability import (
    is_system_file,
    odd_names,
    twin_difference,
    twins_among,
)
from muniment.model.findings import Finding, JsonValue, Location, Rule, Skipped
from muniment.model.paths import windows_fault
from muniment.model.rules import source as rules
from muniment.storage.containers import Entry, EntryKind
from muniment.storage.folder import walk


@dataclass(frozen=True, slots=True, kw_only=True)
class PayloadFile:
    """One file to be kept: where it lies, where it goes (`data/...`), its bytes and its time.

    `modified` is in nanoseconds since 1970.
    """

    source: str
    path: str
    size: int
    modified: int


@dataclass(slots=True)
class Payload:
    """What the sources hold, and what was found about them."""

    files: list[PayloadFile] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    @property
    def octets(self) -> int:
        """The bytes of all files."""
        return sum(file.size for file in self.files)

    def add(self, rule: Rule, message: str, *, path: str, **evidence: JsonValue) -> None:
        """Enter a finding about a place in the sources."""
        self.findings.append(
            Finding(rule=rule, message=message, location=Location(path=path), evidence=evidence)
        )

    def not_read(self, path: str, reason: str) -> None:
        """A place in the sources could not be read."""
        self.add(rules.UNREADABLE, f"{path}: {reason}", path=path, reason=reason)
        self.unread.append(f"{path} could not be read: {reason}")

    def skipped(self) -> tuple[Skipped, ...]:
        """What could not be looked at, as an open check."""
        if not self.unread:
            return ()
        more = f"; and {len(self.unread) - 1} more" if len(self.unread) > 1 else ""
        return (Skipped(check="source", reason=self.unread[0] + more, asked=True),)


def survey_sources(sources: Sequence[Path], *, record: Path | None, allow_empty: bool) -> Payload:
    """Walk the sources once. The record, where it lies among them, is not payload."""
    payload = Payload()
    left_out = None if record is None else os.path.realpath(record)
    for source in sources:
        prefix = PAYLOAD_PREFIX
        if len(sources) > 1:
            prefix += f"{_own_name(source)}/"
        _survey_source(source, prefix, left_out, payload)
    payload.files.sort(key=lambda file: file.path)
    _judge_names(payload)
    if not payload.files and not allow_empty and not payload.unread and not payload.findings:
        where = ", ".join(map(str, sources))
        payload.add(rules.EMPTY_PAYLOAD, f"{where}: there is no file to package", path=where)
    return payload


def _own_name(source: Path) -> str:
    return os.path.basename(os.path.realpath(source) if source.name in {"", ".."} else source)


def _survey_source(source: Path, prefix: str, left_out: str | None, payload: Payload) -> None:
    try:
        status = source.lstat()
        if stat.S_ISLNK(status.st_mode) and source.is_dir():
            status = source.stat()
    except OSError as error:
        payload.not_read(str(source), error.strerror or str(error))
        return
    if stat.S_ISDIR(status.st_mode):
        _survey_folder(str(source), prefix, left_out, payload)
        return
    path = PAYLOAD_PREFIX + _own_name(source)
    if stat.S_ISREG(status.st_mode):
        if not os.access(source, os.R_OK):
            payload.not_read(str(source), os.strerror(13))
        _keep(str(source), path, status, payload)
    elif stat.S_ISLNK(status.st_mode):
        _tell_of_link(str(source), str(source.readlink()), payload)
    else:
        payload.add(
            rules.SPECIAL_FILE, f"{source} is neither a file nor a folder", path=str(source)
        )


def _survey_folder(base: str, prefix: str, left_out: str | None, payload: Payload) -> None:
    tops: dict[str, set[str]] = {"": set()}
    for listing in walk(base):
        for path, _ in listing.files:
            folder, _, name = path.rpartition("/")
            tops[folder].add(name)
            full = os.path.join(base, path)
            if not _is_left_out(full, name, left_out):
                _survey_file(full, prefix + path, payload)
        for entry in listing.others:
            folder, _, name = entry.path.rpartition("/")
            tops[folder].add(name)
            if entry.kind is EntryKind.FOLDER:
                tops[entry.path] = set()
            else:
                _survey_oddity(os.path.join(base, entry.path), entry, payload)
    for folder in _bags_among(tops):
        where = os.path.join(base, folder) if folder else base
        message = f"{where} holds a bagit.txt and a data/ folder: it is a bag already"
        payload.add(rules.ALREADY_A_BAG, message, path=where)
    for folder, names in tops.items():
        if folder and not names:
            where = os.path.join(base, folder)
            payload.add(rules.EMPTY_FOLDER, f"{where} is empty and is not kept", path=where)


def _is_left_out(full: str, name: str, left_out: str | None) -> bool:
    """Whether a file is the one to leave out; its name is compared first, for that is cheap."""
    return (
        left_out is not None
        and os.path.basename(left_out) == name
        and os.path.realpath(full) == left_out
    )


def _bags_among(tops: dict[str, set[str]]) -> Iterator[str]:
    for folder, names in tops.items():
        inside = f"{folder}/data" if folder else "data"
        if DECLARATION in names and inside in tops:
            yield folder


def _survey_file(full: str, path: str, payload: Payload) -> None:
    try:
        _keep(full, path, os.lstat(full), payload)
    except OSError as error:
        payload.not_read(full, error.strerror or str(error))


def _survey_oddity(full: str, entry: Entry, payload: Payload) -> None:
    if entry.kind is EntryKind.LINK:
        _tell_of_link(full, entry.note, payload)
    elif entry.kind is EntryKind.SPECIAL:
        payload.add(rules.SPECIAL_FILE, f"{full} is {entry.note}", path=full)
    else:
        payload.not_read(full.rstrip("/"), entry.note or "unreadable")


def _tell_of_link(full: str, target: str | None, payload: Payload) -> None:
    message = f"{full} is a symbolic link to {target!r}"
    payload.add(rules.SYMBOLIC_LINK, message, path=full, target=target)


def _keep(full: str, path: str, status: os.stat_result, payload: Payload) -> None:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        shown = os.fsencode(full).decode("utf-8", "backslashreplace")
        message = f"{shown}: the name's bytes are not UTF-8"
        payload.add(rules.NAME_NOT_UTF8, message, path=shown)
        return
    payload.files.append(
        PayloadFile(source=full, path=path, size=status.st_size, modified=status.st_mtime_ns)
    )


def _judge_names(payload: Payload) -> None:
    sources = {file.path: file.source for file in payload.files}
    if len(sources) < len(payload.files):
        _tell_of_same_names(payload)
    for paths in _by_folder(sources).values():
        for first, second in twins_among(paths):
            difference = twin_difference(first, second)
            message = f"{second} and {first} differ by {difference} only"
            payload.add(rules.CASE_TWINS, message, path=sources.get(second, second), twin=first)
        for path in odd_names(paths):
            _tell_of_odd_name(path, sources.get(path, path), payload)


def _by_folder(paths: Iterable[str]) -> dict[str, list[str]]:
    """Files and folders by the folder that holds them."""
    folders: dict[str, list[str]] = {}

    def enter(path: str) -> None:
        folder = path.rpartition("/")[0]
        if folder not in folders:
            folders[folder] = []
            if folder:
                enter(folder)
        folders[folder].append(path)

    for path in paths:
        enter(path)
    return folders


def _tell_of_same_names(payload: Payload) -> None:
    for first, second in pairwise(payload.files):
        if first.path == second.path:
            message = f"{first.source} and {second.source} would both be {second.path}"
            payload.add(rules.SAME_NAME_TWICE, message, path=second.source, twin=first.source)


def _tell_of_odd_name(path: str, source: str, payload: Payload) -> None:
    fault = windows_fault(path.rpartition("/")[2])
    if fault is not None:
        payload.add(rules.NAME_NOT_PORTABLE, f"{path}: {fault}", path=source)
    if is_system_file(path):
        message = f"{path} was made by the operating system"
        payload.add(rules.SYSTEM_FILE, message, path=source)
