"""Bags for tests, right or wrong: made in memory as path -> bytes, then written somewhere.

A `Bag` begins whole and right. What follows changes it, in the order of the calls; `seal` writes
the tag manifests of what stands there then, so that a later change is one that they tell of:

    Bag(version="0.97").edit("bag-info.txt", ": ", " : ").seal()     # one odd line, sealed so
    Bag().seal().put("data/hello.txt", b"other")                     # one changed file
"""

from __future__ import annotations

import codecs
import hashlib
import io
import tarfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

OLDER = ("0.93", "0.94", "0.95", "0.96", "0.97")
VERSIONS = (*OLDER, "1.0")
PAYLOAD: Mapping[str, bytes] = {
    "data/hello.txt": b"Hello\n",
    "data/maps/north.txt": b"North\n",
}
INFO = (("Source-Organization", "City Archive"), ("External-Identifier", "box 7"))
HASHLIB_NAMES = {"sha3256": "sha3_256", "sha3512": "sha3_512"}


def digest(content: bytes, algorithm: str) -> str:
    """The checksum in hexadecimal digits; no algorithm that hashlib lacks, but for `made-up`."""
    if algorithm == "madeup":
        return f"{len(content):016x}"
    return hashlib.new(HASHLIB_NAMES.get(algorithm, algorithm), content).hexdigest()


def coded(path: str, version: str) -> str:
    """A path as a manifest of the version carries it."""
    path = path.replace("%", "%25") if version == "1.0" else path
    return path.replace("\n", "%0A").replace("\r", "%0D")


@dataclass(slots=True, kw_only=True)
class Bag:
    """A bag in memory. `codec` is Python's name of the encoding, where that is another."""

    version: str = "1.0"
    encoding: str = "UTF-8"
    codec: str | None = None
    line_end: str = "\n"
    algorithms: Sequence[str] = ("sha256",)
    payload: Mapping[str, bytes] = field(default_factory=lambda: dict(PAYLOAD))
    info: Sequence[tuple[str, str]] | None = INFO
    files: dict[str, bytes] = field(default_factory=dict)
    folders: set[str] = field(default_factory=lambda: {"data"})
    links: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Write the payload and the tag files that every bag has."""
        self.files |= self.payload
        declaration = f"BagIt-Version: {self.version}\n"
        declaration += f"Tag-File-Character-Encoding: {self.encoding}\n"
        self.files["bagit.txt"] = declaration.replace("\n", self.line_end).encode()
        for algorithm in self.algorithms:
            self.list_files(f"manifest-{algorithm}.txt", algorithm, sorted(self.payload))
        if self.info is not None:
            self.write_lines(self.info_path, [f"{label}: {value}" for label, value in self.info])

    @property
    def info_path(self) -> str:
        """The file that describes the bag: it had another name up to 0.95."""
        return "package-info.txt" if self.version in {"0.93", "0.94", "0.95"} else "bag-info.txt"

    @property
    def oxum(self) -> str:
        """What Payload-Oxum should say."""
        payload = [content for path, content in self.files.items() if path.startswith("data/")]
        return f"{sum(map(len, payload))}.{len(payload)}"

    def encoded(self, text: str) -> bytes:
        """A tag file's text as its bytes."""
        return text.encode(self.codec or self.encoding, "surrogateescape")

    def text(self, path: str) -> str:
        """A tag file's bytes as text."""
        codec = "utf-8" if path == "bagit.txt" else self.codec or self.encoding
        return self.files[path].decode(codec, "surrogateescape")

    def write_lines(self, path: str, lines: Sequence[str]) -> Self:
        """Make a tag file of lines."""
        self.files[path] = self.encoded("".join(line + self.line_end for line in lines))
        return self

    def list_files(self, path: str, algorithm: str, listed: Sequence[str]) -> Self:
        """Make a manifest that lists files of the bag."""
        return self.write_lines(path, [self.line(name, algorithm) for name in listed])

    def line(self, path: str, algorithm: str = "sha256", written: str | None = None) -> str:
        """A manifest's line for a file of the bag, its path as usual or as `written`."""
        shown = coded(path, self.version) if written is None else written
        return f"{digest(self.files[path], algorithm)}  {shown}"

    def put(self, path: str, content: bytes | str) -> Self:
        """Write a file; text is put into the bag's encoding."""
        self.files[path] = content if isinstance(content, bytes) else self.encoded(content)
        return self

    def put_listed(self, path: str, content: bytes, written: str | None = None) -> Self:
        """Write a payload file and list it in every payload manifest."""
        self.put(path, content)
        for algorithm in self.algorithms:
            self.add(f"manifest-{algorithm}.txt", self.line(path, algorithm, written))
        return self

    def drop(self, *paths: str) -> Self:
        """Take files out."""
        for path in paths:
            del self.files[path]
        return self

    def rename(self, path: str, new: str) -> Self:
        """Give a file another name."""
        self.files[new] = self.files.pop(path)
        return self

    def add(self, path: str, *lines: str) -> Self:
        """Append lines to a tag file, which need not exist."""
        before = self.text(path) if path in self.files else ""
        after = "".join(line + self.line_end for line in lines)
        codec = "utf-8" if path == "bagit.txt" else self.codec or self.encoding
        self.files[path] = (before + after).encode(codec, "surrogateescape")
        return self

    def edit(self, path: str, old: str, new: str) -> Self:
        """Replace a piece of text that stands in a tag file, once."""
        text = self.text(path)
        assert old in text, f"{old!r} does not stand in {path}: {text!r}"
        codec = "utf-8" if path == "bagit.txt" else self.codec or self.encoding
        self.files[path] = text.replace(old, new, 1).encode(codec, "surrogateescape")
        return self

    def flip(self, path: str, position: int = 0, bit: int = 1) -> Self:
        """Change one byte of a file."""
        content = bytearray(self.files[path])
        content[position] ^= bit
        self.files[path] = bytes(content)
        return self

    def folder(self, path: str) -> Self:
        """Make an empty folder."""
        self.folders.add(path)
        return self

    def no_folder(self, path: str) -> Self:
        """Leave a folder out."""
        self.folders.discard(path)
        return self

    def link(self, path: str, target: str) -> Self:
        """Make a symbolic link."""
        self.files.pop(path, None)
        self.links[path] = target
        return self

    @property
    def tag_files(self) -> list[str]:
        """The files that tag manifests should list."""
        return [
            path for path in sorted(self.files) if not path.startswith(("data/", "tagmanifest-"))
        ]

    def seal(self, *algorithms: str) -> Self:
        """Write a tag manifest for each algorithm; without any, for those of the payload."""
        for algorithm in algorithms or tuple(self.algorithms):
            self.list_files(f"tagmanifest-{algorithm}.txt", algorithm, self.tag_files)
        return self

    def write(self, folder: Path) -> Path:
        """Write the bag as a folder, and return it."""
        folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(self.folders):
            (folder / path).mkdir(parents=True, exist_ok=True)
        for path, content in self.files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        for path, leads_to in self.links.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).symlink_to(leads_to)
        return folder

    def members(self, top: str) -> Iterator[tuple[str, bytes | None]]:
        """Names and contents as an archive has them, folders without content first."""
        prefix = f"{top}/" if top else ""
        for path in sorted(self.folders):
            yield f"{prefix}{path}/", None
        for path, content in self.files.items():
            yield f"{prefix}{path}", content

    def write_tar(self, path: Path, top: str, mode: str = "w") -> Path:
        """Write the bag as a tar archive, in the folder `top`; `w:gz` packs it too."""
        with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
            for name, content in self.members(top):
                member = tarfile.TarInfo(name.rstrip("/"))
                if content is None:
                    member.type = tarfile.DIRTYPE
                else:
                    member.size = len(content)
                archive.addfile(member, io.BytesIO(content or b""))
        return path

    def write_zip(self, path: Path, top: str) -> Path:
        """Write the bag as a zip archive, in the folder `top`."""
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in self.members(top):
                archive.writestr(name, content or b"")
        return path


UTF_8_MARK = codecs.BOM_UTF8
