"""Where a bag may lie: a folder or an archive, opened as the container that it is."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast

from muniment.bags.declaration import PATH as DECLARATION
from muniment.bags.manifests import manifest_name
from muniment.bags.profile_archivematica import CSV_PATH
from muniment.model.digests import hashlib_name
from muniment.model.errors import UsageError
from muniment.storage.addresses import Address, Home
from muniment.storage.archive import ArchiveFile, open_tar, open_zip
from muniment.storage.containers import Container, UnreachableError, as_unreachable
from muniment.storage.folder import Folder
from muniment.storage.object_archive import ArchiveObject
from muniment.storage.object_prefix import ObjectPrefix
from muniment.storage.object_store import open_bucket
from muniment.storage.object_stream import stream_of
from muniment.storage.patience import Patience
from muniment.storage.tar_stream import TarStream

ARCHIVE_ENDINGS = (".tar.gz", ".tgz", ".tar", ".zip")
_TAR_MAGIC = slice(257, 262)
_PACKED = 1 << 20


def open_bag(home: Home, patience: Patience | None = None) -> Container:
    """The container at a path or an address. Raises UnreachableError, MissingExtraError.

    `patience` is for what lies in an object store.
    """
    if isinstance(home, Address):
        return _open_remote(home, patience or Patience())
    if not home.is_file():
        return Folder(home)
    form = _form(home)
    name = archive_stem(home.name)
    if form == "zip":
        return open_zip(ArchiveFile(home), name=name, marker=DECLARATION)
    if form == "tar":
        return open_tar(ArchiveFile(home), name=name, marker=DECLARATION)
    if form == "tar.gz":
        return _tar_stream(lambda: _unpacked(gzip.GzipFile(home, "rb")), name)
    known = ", ".join(ARCHIVE_ENDINGS)
    raise UnreachableError(f"{home} is neither a folder nor an archive that is known ({known})")


def _open_remote(address: Address, patience: Patience) -> Container:
    """A prefix, or an archive in one object where the address has an archive's ending."""
    if not address.is_object:
        raise UsageError(f"{address}: a bag is not read over {address.scheme}://")
    bucket = open_bucket(address, patience)
    form = archive_form(address)
    if form is None:
        return ObjectPrefix(bucket, address)
    name = archive_stem(address.name)
    stored = bucket.look(address.key)
    if form == "zip":
        return open_zip(ArchiveObject(bucket, stored, address), name=name, marker=DECLARATION)
    if form == "tar":
        return _tar_stream(lambda: stream_of(bucket, stored), name)
    return _tar_stream(lambda: _unpacked(gzip.GzipFile(fileobj=stream_of(bucket, stored))), name)


def _tar_stream(opener: Callable[[], BinaryIO], name: str) -> TarStream:
    return TarStream(
        opener, name=name, marker=DECLARATION, announcements=_BagNames(), rewindable=True
    )


def archive_form(home: Home) -> str | None:
    """`tar`, `tar.gz` or `zip`; None for a folder. Raises UnreachableError.

    An address is told by its ending alone.
    """
    if isinstance(home, Address):
        ending = next((end for end in ARCHIVE_ENDINGS if home.name.lower().endswith(end)), "")
        return {".tgz": "tar.gz"}.get(ending, ending.removeprefix(".")) or None
    return _form(home) if home.is_file() else None


def archive_stem(name: str) -> str:
    """An archive's name without its ending."""
    ending = next((end for end in ARCHIVE_ENDINGS if name.lower().endswith(end)), "")
    return name[: len(name) - len(ending)]


def _form(path: Path) -> str | None:
    """What an archive is by its first bytes, else by its ending: a broken one has only that."""
    try:
        with path.open("rb") as stream:
            head = stream.read(512)
    except OSError as error:
        raise as_unreachable(path, error) from error
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head.startswith(b"\x1f\x8b"):
        return "tar.gz"
    if head[_TAR_MAGIC] == b"ustar":
        return "tar"
    endings = {".zip": "zip", ".tar": "tar", ".tgz": "tar.gz", ".gz": "tar.gz"}
    return endings.get(path.suffix.lower())


def _unpacked(packed: gzip.GzipFile) -> BinaryIO:
    return cast("BinaryIO", io.BufferedReader(packed, _PACKED))


class _BagNames:
    """What the names of a bag's files announce; the top folder's name stands before them."""

    def keep(self, name: str) -> bool:
        """Tag files are asked for by name; payload passes by, but for what a receiver reads."""
        parts = name.removeprefix("./").split("/")
        is_tag_file = parts[0] != "data" and parts[1:2] != ["data"]
        return is_tag_file or name.endswith(CSV_PATH)

    def algorithm(self, name: str) -> str | None:
        """A manifest announces its algorithm; one that hashlib lacks announces nothing."""
        manifest = manifest_name(name.rpartition("/")[2])
        if manifest is None or hashlib_name(manifest.algorithm) is None:
            return None
        return manifest.algorithm
