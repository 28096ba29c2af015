"""The tag files that say what a bag is, read and judged (RFC 8493 section 2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from muniment.bags import baginfo, declaration, fetchlist
from muniment.bags.baginfo import BagInfo
from muniment.bags.declaration import Declaration
from muniment.bags.fetchlist import FetchEntry
from muniment.bags.manifests import (
    Column,
    ManifestName,
    ManifestSet,
    manifest_name,
    read_manifest,
)
from muniment.bags.tagtext import TagText
from muniment.bags.verdicts import Findings
from muniment.model.rules import bag as rules
from muniment.storage.containers import Container, Entry, EntryKind


@dataclass(slots=True)
class Structure:
    """What a bag's own tag files say. `unread` are those that could not be read."""

    declaration: Declaration
    payload: ManifestSet = field(default_factory=ManifestSet)
    tags: ManifestSet = field(default_factory=ManifestSet)
    info: BagInfo = field(default_factory=BagInfo)
    fetch: tuple[FetchEntry, ...] = ()
    unread: set[str] = field(default_factory=set)

    @property
    def manifests_unread(self) -> bool:
        """Whether a payload manifest is there but could not be read."""
        names = (manifest_name(path) for path in self.unread)
        return any(name is not None and not name.is_tag_manifest for name in names)


def read_structure(container: Container, top: Mapping[str, Entry], findings: Findings) -> Structure:
    """Read the declaration, the manifests, bag-info.txt and fetch.txt, telling of every fault.

    `top` is what lies in the bag's top folder, by name.
    """
    reader = _TagFiles(container, top, findings)
    structure = Structure(declaration=reader.declaration(), unread=reader.unread)
    names = sorted(
        (name for path in top if (name := manifest_name(path)) is not None),
        key=lambda name: name.path,
    )
    for name in names:
        reader.manifest(name, structure)
    _judge_manifests(names, structure, findings)
    structure.info = reader.bag_info(structure.declaration)
    structure.fetch = reader.fetch_list(structure)
    return structure


class _TagFiles:
    """Opens tag files by name; one that cannot be read is told of once."""

    def __init__(self, container: Container, top: Mapping[str, Entry], findings: Findings) -> None:
        self._container = container
        self._top = top
        self._findings = findings
        self.unread: set[str] = set()

    def declaration(self) -> Declaration:
        if declaration.PATH not in self._top:
            message = "there is no bagit.txt in the top folder"
            self._findings.add(rules.DECLARATION_MISSING, message, path=declaration.PATH)
            return Declaration()
        try:
            with self._container.open(declaration.PATH) as stream:
                data = stream.read(1 << 16)
        except OSError as error:
            self._unreadable(declaration.PATH, error)
            return Declaration()
        return declaration.read_declaration(data, self._findings.report)

    def manifest(self, name: ManifestName, structure: Structure) -> None:
        if not name.well_formed:
            strict = structure.declaration.is_1_0
            rule = rules.ALGORITHM_NAME if strict else rules.ALGORITHM_NAME_BEFORE_1_0
            message = f"{name.path} is read as a manifest, but is not named as one must be"
            self._findings.add(rule, message, path=name.path)
        manifests = structure.tags if name.is_tag_manifest else structure.payload
        text = self._text(name.path, structure.declaration)
        strict = structure.declaration.is_1_0
        try:
            with self._container.open(name.path) as stream:
                column = read_manifest(text, stream, manifests, name=name, strict=strict)
        except OSError as error:
            self._unreadable(name.path, error)
            return
        if column.size == 0:
            self._unsupported(column)

    def bag_info(self, declared: Declaration) -> BagInfo:
        old = not declared.is_1_0 and baginfo.PATH not in self._top
        path = baginfo.OLD_PATH if old else baginfo.PATH
        if path not in self._top:
            return BagInfo()
        try:
            with self._container.open(path) as stream:
                text = self._text(path, declared)
                return baginfo.read_bag_info(text, stream, strict=declared.is_1_0)
        except OSError as error:
            self._unreadable(path, error)
            return BagInfo()

    def fetch_list(self, structure: Structure) -> tuple[FetchEntry, ...]:
        if fetchlist.PATH not in self._top:
            return ()
        declared = structure.declaration
        try:
            with self._container.open(fetchlist.PATH) as stream:
                return fetchlist.read_fetch_list(
                    self._text(fetchlist.PATH, declared),
                    stream,
                    structure.payload,
                    strict=declared.is_1_0,
                )
        except OSError as error:
            self._unreadable(fetchlist.PATH, error)
            return ()

    def _text(self, path: str, declared: Declaration) -> TagText:
        return TagText(path=path, encoding=declared.encoding, report=self._findings.report)

    def _unsupported(self, column: Column) -> None:
        message = f"the checksums in {column.path} were not checked: {column.algorithm} is unknown"
        self._findings.add(rules.ALGORITHM_UNSUPPORTED, message, path=column.path)
        self._findings.leave_open("fixity", message)

    def _unreadable(self, path: str, error: OSError) -> None:
        reason = error.strerror or str(error)
        self.unread.add(path)
        if self._top[path].kind in {EntryKind.FOLDER, EntryKind.SPECIAL, EntryKind.LINK}:
            message = f"{path} is a {self._top[path].kind.value}, not a file"
            self._findings.add(rules.TAG_FILE_NOT_A_FILE, message, path=path)
            return
        self._findings.add(rules.FILE_UNREADABLE, f"{path}: {reason}", path=path)
        for check in ("structure", "completeness", "fixity"):
            self._findings.leave_open(check, f"{path} could not be read: {reason}")


def _judge_manifests(
    names: Iterable[ManifestName], structure: Structure, findings: Findings
) -> None:
    """Which manifests there must and should be."""
    payload = [name for name in names if not name.is_tag_manifest]
    if not payload:
        message = "no file manifest-<algorithm>.txt in the top folder"
        findings.add(rules.MANIFEST_MISSING, message, path=None)
    _judge_tag_manifests(structure, {name.path for name in payload}, findings)
    of_payload = {column.algorithm for column in structure.payload.columns}
    of_tags = {column.algorithm for column in structure.tags.columns}
    if of_payload and of_tags and of_payload != of_tags:
        message = (
            f"payload manifests use {', '.join(sorted(of_payload))};"
            f" tag manifests {', '.join(sorted(of_tags))}"
        )
        findings.add(rules.TAG_ALGORITHMS_DIFFER, message, path=None)


def _judge_tag_manifests(
    structure: Structure, payload_manifests: set[str], findings: Findings
) -> None:
    tags = structure.tags
    strict = structure.declaration.is_1_0
    must = rules.MANIFEST_NOT_LISTED if strict else rules.MANIFEST_NOT_LISTED_BEFORE_1_0

    def left_out(path: str, column: Column) -> None:
        rule = must if path in payload_manifests else rules.TAG_MANIFESTS_DIFFER
        message = f"{column.path} does not list {path}"
        findings.add(rule, message, path=column.path, expected=path)

    for path, position in tags.index.items():
        name = manifest_name(path)
        is_tag_manifest = name is not None and name.is_tag_manifest
        for column in tags.columns:
            if not column.lists(position) and not is_tag_manifest:
                left_out(path, column)
            elif column.lists(position) and is_tag_manifest:
                message = f"{column.path} lists {path}, a tag manifest"
                findings.add(rules.TAG_MANIFEST_LISTED, message, path=column.path, actual=path)
    for path in sorted(payload_manifests - tags.index.keys()):
        for column in tags.columns:
            left_out(path, column)
