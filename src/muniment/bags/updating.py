"""The tag files of a bag made anew: its payload is read once, and never changed.

In that read the old checksums are verified and the new ones computed. A bag that is not valid is
left as it is; one that is holey keeps the lines of what is still to be fetched. The new tag files
are written aside, to be judged together with the payload before one of them takes its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from muniment.bags import baginfo, declaration, fetchlist
from muniment.bags.baginfo import BagInfo
from muniment.bags.checking import Examined
from muniment.bags.manifests import Column, manifest_name
from muniment.bags.updating_aside import Aside, NewFile
from muniment.bags.updating_manifests import manifest_bytes, payload_lines
from muniment.bags.updating_seal import Seal
from muniment.bags.updating_text import (
    Script,
    changed_fields,
    edited_bag_info,
    of_1_0,
    script_of,
)
from muniment.bags.updating_views import RecordingFolder
from muniment.model.digests import Algorithm, hashlib_name
from muniment.model.findings import Finding, Location
from muniment.model.rules import bag as rules
from muniment.storage.executors import Executor
from muniment.storage.folder import Folder

_LAST_WITH_OLD_NAME = (0, 95)
_UTF_8 = Script(codec="utf-8")
# Tag files that are text and do not say themselves in which encoding.
_TEXTS = (".csv", ".md", ".tsv", ".txt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is to become of a bag's tag files.

    `fields` take the place of all fields of their labels. `to_1_0` brings the bag to BagIt 1.0 in
    UTF-8.
    """

    fields: tuple[tuple[str, str], ...] = ()
    removed_labels: tuple[str, ...] = ()
    files: tuple[NewFile, ...] = ()
    removed_files: tuple[str, ...] = ()
    added: tuple[Algorithm, ...] = ()
    dropped: tuple[str, ...] = ()
    to_1_0: bool = False


def wanted_algorithms(folder: Folder, changes: Changes) -> tuple[str, ...]:
    """The algorithms by which every file is digested: those that the bag will have.

    Raises UnreachableError.
    """
    names = [name for path in sorted(folder.top()) if (name := manifest_name(path)) is not None]
    own = [name.algorithm for name in names if hashlib_name(name.algorithm) is not None]
    kept = [algorithm for algorithm in own if algorithm not in changes.dropped]
    return tuple(dict.fromkeys([*kept, *map(str, changes.added)]))


def unfetched(examined: Examined) -> tuple[str, ...]:
    """The files that are still to be fetched, in the order of fetch.txt."""
    index, present = examined.structure.payload.index, examined.contents.present
    return tuple(entry.path for entry in examined.structure.fetch if not present[index[entry.path]])


def algorithms_of(columns: Sequence[Column]) -> tuple[str, ...]:
    """The algorithms of manifests, each once, known to us or not."""
    return tuple(dict.fromkeys(column.algorithm for column in columns))


class Draft:
    """Writes a bag's new tag files aside."""

    def __init__(
        self,
        folder: RecordingFolder,
        examined: Examined,
        changes: Changes,
        *,
        new: Path,
        executor: Executor,
    ) -> None:
        """`examined` is what a check of `folder` learned; `new` is an empty folder."""
        self.aside = Aside(folder, examined.contents, new, executor)
        self.structure = examined.structure
        self.contents = examined.contents
        self.changes = changes
        self.to_fetch = unfetched(examined)
        self.modernised = changes.to_1_0 and not self._is_modern()
        declared = self.structure.declaration
        self._is_1_0 = declared.is_1_0 or self.modernised
        self._script = _UTF_8 if self.modernised else script_of(declared.encoding)
        own = algorithms_of(self.structure.payload.columns)
        self.added = tuple(each for each in map(str, changes.added) if each not in own)
        self.kept = tuple(each for each in own if each not in changes.dropped)

    def write(self) -> None:
        """Write every new tag file but those that the seal needs. Raises UsageError, OSError."""
        if self.modernised:
            self.aside.put(declaration.PATH, [declaration.write_declaration()])
            self._rewrite_fetch_list()
        self._write_bag_info()
        self._write_payload_manifests()
        for file in self.changes.files:
            self.aside.put(file.path, file.pieces())
        self.aside.remove(self.changes.removed_files)

    def seal(self) -> Seal:
        """What writes the tag manifests."""
        tags = self.structure.tags.columns
        kept = {each.algorithm: each.path for each in tags if self._is_kept(each)}
        wanted = [*(kept or self.kept), *self.added]
        fresh = {algorithm: f"tagmanifest-{algorithm}.txt" for algorithm in wanted}
        return Seal(
            aside=self.aside,
            structure=self.structure,
            names=fresh if self.modernised else fresh | kept,
            script=self._script,
            is_1_0=self._is_1_0,
        )

    def findings(self) -> tuple[Finding, ...]:
        """What is worth knowing of the tag files that were left as they are. Raises OSError."""
        declared = self.structure.declaration.encoding
        if not self.modernised or declared.is_utf8:
            return ()
        paths = [path for path in self.aside.kept_tag_files() if path.lower().endswith(_TEXTS)]
        return tuple(
            Finding(
                rule=rules.OTHER_ENCODING,
                message=f"{path} was left as it is: not UTF-8, perhaps {declared.declared}",
                location=Location(path=path),
                evidence={"expected": "UTF-8", "actual": declared.declared},
            )
            for path in paths
            if not _is_utf8(self.aside.read(path))
        )

    def _is_modern(self) -> bool:
        return self.aside.read(declaration.PATH) == declaration.write_declaration()

    def _is_kept(self, column: Column) -> bool:
        return column.size > 0 and column.algorithm not in self.changes.dropped

    def _rewrite_fetch_list(self) -> None:
        if self.structure.fetch:
            self.aside.put(fetchlist.PATH, [fetchlist.write_fetch_list(self.structure.fetch)])

    def _write_bag_info(self) -> None:
        info = self.structure.info
        given = _different(self.changes.fields, info)
        removed = self.changes.removed_labels
        there = info.path in self.aside.tag_files()
        if self.modernised and (there or given):
            fields = changed_fields(of_1_0(info), given=given, removed=removed)
            self.aside.remove({info.path} - {baginfo.PATH})
            self.aside.put(baginfo.PATH, [baginfo.write_bag_info(fields)])
        elif given or removed:
            path = info.path if there else self._bag_info_path()
            data = self.aside.read(path) if there else b""
            encoding = self.structure.declaration.encoding
            content = edited_bag_info(data, info, encoding, given=given, removed=removed)
            self.aside.put(path, [content])

    def _bag_info_path(self) -> str:
        old = self.structure.declaration.version <= _LAST_WITH_OLD_NAME
        return baginfo.OLD_PATH if old else baginfo.PATH

    def _write_payload_manifests(self) -> None:
        columns = self.structure.payload.columns
        anew = self.modernised or self._names_differ()
        for algorithm in (*(self.kept if anew else ()), *self.added):
            path = f"manifest-{algorithm}.txt"
            lines = payload_lines(self.structure, self.aside.folder.known, self.to_fetch, algorithm)
            pieces = manifest_bytes(lines, self._script, is_1_0=self._is_1_0, path=path)
            self.aside.put(path, pieces)
        gone = columns if anew else [each for each in columns if each.algorithm not in self.kept]
        self.aside.remove({column.path for column in gone} - self._manifest_paths())

    def _manifest_paths(self) -> set[str]:
        return {f"manifest-{algorithm}.txt" for algorithm in (*self.kept, *self.added)}

    def _names_differ(self) -> bool:
        """Whether a file lies under another form of its name than the manifests have."""
        index = self.structure.payload.index
        known = self.aside.folder.known.positions
        return any(path.startswith("data/") and path not in index for path in known)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _different(fields: Sequence[tuple[str, str]], info: BagInfo) -> tuple[tuple[str, str], ...]:
    """The fields whose labels have other values in the bag."""
    wanted: dict[str, list[str]] = {}
    for label, value in fields:
        wanted.setdefault(label.lower(), []).append(value)
    return tuple(
        (label, value)
        for label, value in fields
        if list(info.values(label)) != wanted[label.lower()]
    )
