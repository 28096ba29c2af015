"""A bag read once, for the audit: what the check of RFC 8493 found, and its tag files' digests."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO, cast

from muniment.audit.descriptions import Description, FileFacts, sha256_of
from muniment.audit.holdings import Baseline, HoldingKind, TagManifest
from muniment.bags.checking import CheckOptions, Examined, examine_bag
from muniment.bags.declaration import PATH as DECLARATION
from muniment.bags.homes import open_bag
from muniment.bags.manifests import ManifestName, manifest_name
from muniment.model.digests import hashlib_name
from muniment.storage.addresses import Home
from muniment.storage.containers import Container, Entry, EntryKind
from muniment.storage.executors import Executor
from muniment.storage.hashing import CHUNK_BYTES, new_hasher
from muniment.storage.object_prefix import FirstSight, ObjectPrefix
from muniment.storage.patience import Patience
from muniment.storage.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class BagSeen:
    """A bag as it was read. `unread` are tag files that could not be digested, and why."""

    examined: Examined
    tag_files: dict[str, FileFacts]
    tag_manifests: tuple[TagManifest, ...]
    unread: dict[str, OSError]

    @property
    def files(self) -> int:
        """How many files there are, tag files too."""
        return self.examined.contents.files + len(self.tag_files)

    @property
    def octets(self) -> int:
        """How many bytes they have together."""
        return self.examined.contents.octets + sum(facts.size for facts in self.tag_files.values())


def read_bag(
    home: Home,
    executor: Executor,
    progress: Progress,
    *,
    quick: bool = False,
    declaration: bytes | None = None,
    patience: Patience | None = None,
) -> BagSeen:
    """Read everything in a bag once, or its tag files only. Raises UnreachableError.

    `declaration` stands in for a bagit.txt that is damaged, so that the rest can be read.
    """
    container = open_bag(home, patience)
    shown = (
        container if declaration is None else cast("Container", _Declared(container, declaration))
    )
    examined = examine_bag(
        shown,
        subject=str(home),
        options=CheckOptions(quick=quick),
        executor=executor,
        progress=progress,
    )
    reader = _TagFiles(container)
    for path in sorted(examined.contents.tag_files):
        if isinstance(container, ObjectPrefix):
            reader.take(path, container.first_sight(path))
        else:
            reader.read(path)
    return BagSeen(
        examined=examined,
        tag_files=reader.files,
        tag_manifests=tuple(reader.manifests),
        unread=reader.unread,
    )


def described(seen: BagSeen) -> tuple[Baseline, bytes]:
    """What the bag is, to be recorded: its baseline, and the document that this names."""
    structure = seen.examined.structure
    declared = structure.declaration
    document = Description(
        kind=HoldingKind.BAG,
        files=seen.tag_files,
        version=".".join(map(str, declared.version)),
        encoding=declared.encoding.declared,
    ).to_bytes()
    baseline = Baseline(
        document=sha256_of(document),
        algorithms=tuple(sorted({column.algorithm for column in structure.payload.columns})),
        files=seen.files,
        octets=seen.octets,
        tag_manifests=seen.tag_manifests,
    )
    return baseline, document


def declaration_of(description: Description) -> bytes:
    """The bagit.txt that a bag had, as far as it matters for reading the rest."""
    return (
        f"BagIt-Version: {description.version}\n"
        f"Tag-File-Character-Encoding: {description.encoding}\n"
    ).encode()


def sealing_files(paths: Iterable[str]) -> frozenset[str]:
    """The files whose digests stand for all others: the tag manifests, else the manifests."""
    names = [name for path in paths if (name := manifest_name(path)) is not None]
    seals = {name.path for name in names if name.is_tag_manifest}
    return frozenset(seals or {name.path for name in names})


class _TagFiles:
    """Digests tag files by SHA-256, tag manifests also by their own algorithm."""

    def __init__(self, container: Container) -> None:
        self._container = container
        self.files: dict[str, FileFacts] = {}
        self.manifests: list[TagManifest] = []
        self.unread: dict[str, OSError] = {}

    def take(self, path: str, seen: FirstSight | None) -> None:
        """Take what was seen of a file when it was first read: a store may hide it afterwards."""
        name = manifest_name(path)
        if seen is None or (
            _seals(name) and name is not None and name.algorithm not in seen.digests
        ):
            self.read(path)
            return
        self.files[path] = FileFacts(seen.digests["sha256"].hex(), seen.size)
        if _seals(name) and name is not None:
            digest = seen.digests[name.algorithm].hex()
            self.manifests.append(TagManifest(path=path, algorithm=name.algorithm, digest=digest))

    def read(self, path: str) -> None:
        """Digest one file."""
        name = manifest_name(path)
        sha256, size = hashlib.sha256(), 0
        own = new_hasher(name.algorithm) if _seals(name) and name is not None else None
        try:
            with self._container.open(path) as stream:
                while piece := stream.read(CHUNK_BYTES):
                    sha256.update(piece)
                    size += len(piece)
                    if own is not None:
                        own.update(piece)
        except OSError as error:
            self.unread[path] = error
            return
        self.files[path] = FileFacts(sha256.hexdigest(), size)
        if own is not None and name is not None:
            digest = own.digest().hex()
            self.manifests.append(TagManifest(path=path, algorithm=name.algorithm, digest=digest))


def _seals(name: ManifestName | None) -> bool:
    return name is not None and name.is_tag_manifest and hashlib_name(name.algorithm) is not None


class _Declared:
    """A container in which another bagit.txt is read."""

    def __init__(self, container: Container, declaration: bytes) -> None:
        self._container = container
        self._declaration = declaration

    def __getattr__(self, name: str) -> object:
        return getattr(self._container, name)

    def top(self) -> dict[str, Entry]:
        """With a bagit.txt in any case."""
        entry = Entry(DECLARATION, EntryKind.FILE, len(self._declaration))
        return {**self._container.top(), DECLARATION: entry}

    def open(self, path: str) -> BinaryIO:
        """The bagit.txt that stands in, and every other file as it is."""
        if path == DECLARATION:
            return io.BufferedReader(io.BytesIO(self._declaration))
        return self._container.open(path)
