"""Where a bag may lie: a folder or an archive, opened as the container that it is."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import BinaryIO, cast

from muniment.bags.declaration import PATH as DECLARATION
from muniment.bags.manifests import manifest_name
from muniment.bags.profile_archivematica import CSV_PATH
from muniment.model.digests import hashlib_name
from muniment.storage.archive import open_tar, open_zip
from muniment.storage.containers import Container, UnreachableError
from muniment.storage.folder import Folder
from muniment.storage.tar_stream import TarStream

ARCHIVE_ENDINGS = (".tar.gz", ".tgz", ".tar", ".zip")
_TAR_MAGIC = slice(257, 262)
_PACKED = 1 << 20


def open_bag(path: Path) -> Container:
    """The container at a path. Raises UnreachableError."""
    if not path.is_file():
        return Folder(path)
    form = _form(path)
    name = archive_stem(path.name)
    if form == "zip":
        return open_zip(path, name=name, marker=DECLARATION)
    if form == "tar":
        return open_tar(path, name=name, marker=DECLARATION)
    if form == "tar.gz":
        return TarStream(
            lambda: _unpacked(path),
            name=name,
            marker=DECLARATION,
            announcements=_BagNames(),
            rewindable=True,
        )
    known = ", ".join(ARCHIVE_ENDINGS)
    raise UnreachableError(f"{path} is neither a folder nor an archive that is known ({known})")


def archive_form(path: Path) -> str | None:
    """`tar`, `tar.gz` or `zip`; None for a folder. Raises UnreachableError."""
    return _form(path) if path.is_file() else None


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
        raise UnreachableError(f"{path}: {error.strerror}") from error
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head.startswith(b"\x1f\x8b"):
        return "tar.gz"
    if head[_TAR_MAGIC] == b"ustar":
        return "tar"
    endings = {".zip": "zip", ".tar": "tar", ".tgz": "tar.gz", ".gz": "tar.gz"}
    return endings.get(path.suffix.lower())


def _unpacked(path: Path) -> BinaryIO:
    unpacked = gzip.GzipFile(path, "rb")
    return cast("BinaryIO", io.BufferedReader(unpacked, _PACKED))


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
