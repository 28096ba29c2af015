"""Every parser of bytes that come with a bag, as a function of bytes, and bytes to begin with.

A target returns where the parser found faults or raised what it says it raises. Anything else that
comes out of it is a fault of ours.
"""

from __future__ import annotations

import io
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from muniment.bags.baginfo import read_bag_info
from muniment.bags.declaration import read_declaration
from muniment.bags.encodings import UTF_8, Encoding, find_encoding
from muniment.bags.fetchlist import read_fetch_list
from muniment.bags.manifests import ManifestSet, manifest_name, read_manifest
from muniment.bags.profile_reading import read_profile
from muniment.bags.tagtext import TagText
from muniment.model.errors import UsageError
from muniment.model.findings import Finding
from muniment.workflow import verify

_PROFILE = b"""{"BagIt-Profile-Info": {"BagIt-Profile-Identifier": "x",
"BagIt-Profile-Version": "1.4.0"}, "Bag-Info": {"A": {"required": true, "values": ["b"]}},
"Manifests-Required": ["md5"], "Serialization": "optional", "Accept-BagIt-Version": ["0.97"],
"Tag-Files-Allowed": ["a/*"]}"""

Target = Callable[[bytes], None]

_ENCODINGS = ("UTF-8", "UTF-16", "UTF-16LE", "UTF-32", "ISO-8859-1", "Shift_JIS", "UTF-7")
_MANIFESTS = ("manifest-md5.txt", "manifest-sha512.txt", "manifest-new.txt", "tagmanifest-md5.txt")


def _ignored(finding: Finding) -> None:
    """Findings are what a parser is for."""
    assert finding.rule.id


def _text(path: str, choice: int) -> TagText:
    encoding = find_encoding(_ENCODINGS[choice % len(_ENCODINGS)])
    return TagText(path=path, encoding=encoding or UTF_8, report=_ignored)


def declaration(data: bytes) -> None:
    """`bagit.txt`, and the encoding it names."""
    declared = read_declaration(data, _ignored)
    assert isinstance(declared.encoding, Encoding)


def manifest(data: bytes) -> None:
    """Two manifests in one set; the first byte chooses how they are read."""
    choice, content = data[0] if data else 0, data[1:]
    manifests = ManifestSet()
    for number in range(2):
        name = manifest_name(_MANIFESTS[(choice + number) % len(_MANIFESTS)])
        assert name is not None
        text = _text(name.path, choice >> 3)
        stream = io.BytesIO(content)
        read_manifest(text, stream, manifests, name=name, strict=bool(choice & 4))
    for path in manifests.index:
        assert not path.startswith(("/", "~", "\\"))
        assert ".." not in path.split("/")


def bag_info(data: bytes) -> None:
    """`bag-info.txt`; the first byte chooses how it is read."""
    choice, content = data[0] if data else 0, data[1:]
    text = _text("bag-info.txt", choice >> 1)
    read_bag_info(text, io.BytesIO(content), strict=bool(choice & 1))


def fetch(data: bytes) -> None:
    """`fetch.txt`; the first byte chooses how it is read."""
    choice, content = data[0] if data else 0, data[1:]
    manifests = ManifestSet(index={"data/a": 0, "data/b": 1})
    text = _text("fetch.txt", choice >> 1)
    for entry in read_fetch_list(text, io.BytesIO(content), manifests, strict=bool(choice & 1)):
        assert ".." not in entry.path.split("/")


def profile(data: bytes) -> None:
    """A BagIt profile."""
    with suppress(UsageError):
        read_profile(data, "fuzzed")


def archive(data: bytes) -> None:
    """An archive of any form that a bag lies in, judged whole."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bag.bin"
        path.write_bytes(data)
        verify([path])


def _bag() -> dict[str, bytes]:
    return {
        "bag/bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag/manifest-md5.txt": b"9dd4e461268c8034f5c8564e155c67a6  data/a\n",
        "bag/data/a": b"x",
    }


def _zip(method: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as made:
        for name, content in _bag().items():
            made.writestr(name, content)
    return buffer.getvalue()


def _tar(mode: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as made:  # type: ignore[call-overload]
        for name, content in _bag().items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            member.pax_headers = {"comment": "x"}
            made.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


TARGETS: dict[str, tuple[Target, list[bytes]]] = {
    "declaration": (
        declaration,
        [b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", b"\xff\xfeB\x00"],
    ),
    "manifest": (
        manifest,
        [
            b"\x00" + b"9dd4e461268c8034f5c8564e155c67a6  data/a%25\n",
            b"\x05" + b"\\9DD4E461268c8034f5c8564e155c67a6 *./data/b\\n\r\n\rx  data//c\n",
            b"\x0b\xff\xfe" + "0a  bag-info.txt\n".encode("utf-16-le"),
        ],
    ),
    "bag-info": (
        bag_info,
        [
            b"\x01Payload-Oxum: 1.1\nBagging-Date: 2024-01-01\nBag-Count: 1 of ?\n  more\n",
            b"\x02\xfe\xff\x00A\x00:\x00 \x00b",
        ],
    ),
    "fetch": (fetch, [b"\x01http://example.org/a 12 data/a\nfile:///x - data/b\n"]),
    "profile": (
        profile,
        [
            _PROFILE,
        ],
    ),
    "zip": (archive, [_zip(zipfile.ZIP_STORED), _zip(zipfile.ZIP_DEFLATED)]),
    "tar": (archive, [_tar("w")]),
    "tar.gz": (archive, [_tar("w:gz")]),
}
