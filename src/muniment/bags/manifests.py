"""Manifests: checksums and paths, read line by line into columns of raw digests, and written.

RFC 8493 sections 2.1.3 (payload manifests) and 2.2.1 (tag manifests). One index of paths serves
all manifests of a kind: a million paths in two manifests stay below 300 MB.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from muniment.bags.tagtext import TagText
from muniment.model.digests import digest_bytes
from muniment.model.paths import decode_path, encode_path, unsafe_reason
from muniment.model.rules import bag as rules

PAYLOAD_PREFIX = "data/"
UNUSABLE = 2
_FILE_NAME = re.compile(r"(?P<kind>tagmanifest|manifest)-(?P<algorithm>[^/]+)\.txt", re.IGNORECASE)
_ALGORITHM = re.compile(r"[a-z0-9]+")
_LINE = re.compile(r"(?P<slash>\\?)(?P<digest>[0-9A-Fa-f]+)[ \t]+(?P<path>[^ \t].*)", re.DOTALL)
_SEPARATOR = "  "
_IN_PAYLOAD = f"\n{PAYLOAD_PREFIX}"
# What no plain path has, looked for in many at once.
_ODD_PARTS = ("%", "\\", "\x00", "//", "/.", "/\n")
# What no plain path has: a line with one of these is looked at closely.
_ODD = re.compile(r"[%\\\x00]|//|/\.|/$|^[*./~$ \t]|^.:|^$", re.MULTILINE)
_BARE_PERCENT = re.compile("%(?!0[aAdD]|25)")
_MD5SUM_CODED = re.compile(r"\\([nr\\])")
_MD5SUM_DECODED = {"n": "\n", "r": "\r", "\\": "\\"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestName:
    """What a manifest's file name says."""

    path: str
    algorithm: str
    is_tag_manifest: bool
    well_formed: bool


def manifest_name(path: str) -> ManifestName | None:
    """Read a top-level file's name; None where it is no manifest's."""
    match = _FILE_NAME.fullmatch(path)
    if match is None:
        return None
    algorithm = match["algorithm"]
    well_formed = _ALGORITHM.fullmatch(algorithm) is not None and path == path.lower()
    plain = "".join(character for character in algorithm.lower() if character.isalnum())
    return ManifestName(
        path=path,
        algorithm=plain,
        is_tag_manifest=match["kind"].lower() == "tagmanifest",
        well_formed=well_formed,
    )


@dataclass(slots=True)
class Column:
    """One manifest's digests, by the index of the paths. `size` is bytes a digest.

    `listed` has a byte per path: 1 where this manifest lists it, 2 where it lists it with a
    checksum that cannot be one. A manifest whose algorithm we do not know has `size` 0 and only
    says what it lists.
    """

    path: str
    algorithm: str
    size: int
    digests: bytearray = field(default_factory=bytearray)
    listed: bytearray = field(default_factory=bytearray)

    def expected(self, position: int) -> bytes | None:
        """The digest this manifest states for a path, or None where it states none."""
        if self.size == 0 or not self.lists(position) or self.listed[position] == UNUSABLE:
            return None
        return bytes(self.digests[position * self.size : (position + 1) * self.size])

    def holds_all(self, positions: Sequence[int], run: bytes) -> bool:
        """Whether this manifest states exactly these digests for these paths, one after another.

        The usual case, and cheap: the paths follow one another here as they do there.
        """
        first = positions[0]
        if list(positions) != list(range(first, first + len(positions))):
            return self._holds_scattered(positions, run)
        end = first + len(positions)
        whole = self.listed[first:end] == b"\x01" * len(positions)
        return whole and self.digests[first * self.size : end * self.size] == run

    def _holds_scattered(self, positions: Sequence[int], run: bytes) -> bool:
        if max(positions) >= len(self.listed):
            return False
        if any(self.listed[position] != 1 for position in positions):
            return False
        size, digests = self.size, self.digests
        starts = [position * size for position in positions]
        return b"".join([digests[start : start + size] for start in starts]) == run

    def lists(self, position: int) -> bool:
        """Whether this manifest lists the path."""
        return position < len(self.listed) and self.listed[position] != 0

    def state(self, position: int, digest: bytes) -> None:
        """Enter a digest at a path's place, growing as needed."""
        if position == len(self.listed):
            self.listed.append(1)
            self.digests += digest
            return
        grown = position + 1 - len(self.listed)
        if grown > 0:
            self.listed += bytes(grown)
            self.digests += bytes(grown * self.size)
        self.listed[position] = 1
        self.digests[position * self.size : (position + 1) * self.size] = digest


@dataclass(slots=True)
class ManifestSet:
    """All manifests of a kind: the paths that any of them lists, and a column for each."""

    index: dict[str, int] = field(default_factory=dict)
    columns: list[Column] = field(default_factory=list)

    @property
    def algorithms(self) -> tuple[str, ...]:
        """The algorithms that can be checked, in the manifests' order, each once."""
        return tuple(dict.fromkeys(column.algorithm for column in self.columns if column.size))


def read_manifest(
    text: TagText,
    stream: BinaryIO,
    manifests: ManifestSet,
    *,
    name: ManifestName,
    strict: bool,
) -> Column:
    """Read one manifest into the set, telling of every fault."""
    column = Column(
        path=name.path, algorithm=name.algorithm, size=digest_bytes(name.algorithm) or 0
    )
    manifests.columns.append(column)
    reader = _Reader(text=text, name=name, strict=strict, index=manifests.index, column=column)
    for first, lines in text.blocks(stream):
        if not reader.take_plain(lines):
            for number, line in enumerate(lines, first):
                reader.take(number, line)
    return column


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Takes one manifest's lines: many at once where nothing is odd, else one by one."""

    text: TagText
    name: ManifestName
    strict: bool
    index: dict[str, int]
    column: Column

    def take_plain(self, lines: Sequence[str]) -> bool:
        """Enter many lines at once; False, and nothing entered, where one needs a closer look."""
        digits = 2 * self.column.size
        start = digits + len(_SEPARATOR)
        if digits == 0 or self.name.is_tag_manifest:
            return False
        paths = [line[start:] for line in lines]
        joined = "\n" + "\n".join(paths) + "\n"
        if any(part in joined for part in _ODD_PARTS) or joined.count(_IN_PAYLOAD) != len(paths):
            return False
        if [line[digits:start] for line in lines].count(_SEPARATOR) != len(paths):
            return False
        try:
            digests = bytes.fromhex("".join([line[:digits] for line in lines]))
        except ValueError:
            return False
        if len(digests) != len(paths) * self.column.size or not self._in_line(paths):
            return False
        self.column.digests += digests
        self.column.listed += b"\x01" * len(paths)
        return True

    def _in_line(self, paths: Sequence[str]) -> bool:
        """Whether paths are the next ones of the index, or new to it, each once."""
        begin = len(self.column.listed)
        end = begin + len(paths)
        if begin == len(self.index) and len(set(paths)) == len(paths):
            if not self.index.keys().isdisjoint(paths):
                return False
            self.index.update(zip(paths, range(begin, end), strict=True))
            return True
        return [self.index.get(path) for path in paths] == list(range(begin, end))

    def take(self, number: int, line: str) -> None:
        """Enter a line that is plainly right; look closely at any other."""
        match = _LINE.fullmatch(line)
        if match is None:
            self._malformed(number, line)
            return
        slash, digest, path = match.groups()
        if slash or not self._plain(path):
            meant = self._meant(number, slash, path)
            if meant is None:
                return
            path = meant
        if len(digest) != 2 * self.column.size and not self._digest_is_right(number, digest, path):
            return
        self._enter(number, path, bytes.fromhex(digest) if self.column.size else b"")

    def _plain(self, path: str) -> bool:
        """Whether a path needs no closer look."""
        return self._belongs(path) and _ODD.search(path) is None

    def _malformed(self, number: int, line: str) -> None:
        if not line.strip(" \t"):
            if line or self.strict:
                self.text.fault(rules.MANIFEST_LINE, number, "an empty line lists nothing")
            return
        self.text.fault(
            rules.MANIFEST_LINE,
            number,
            f"{line[:80]!r} is not a checksum, blanks and a path",
            actual=line[:200],
        )

    def _digest_is_right(self, number: int, digest: str, path: str) -> bool:
        if self.column.size == 0:
            return True
        self.text.fault(
            rules.MANIFEST_DIGEST,
            number,
            f"the checksum of {path} has {len(digest)} digits;"
            f" {self.name.algorithm} has {2 * self.column.size}",
            expected=2 * self.column.size,
            actual=digest[:200],
        )
        position = self.index.setdefault(path, len(self.index))
        if not self.column.lists(position):
            self.column.state(position, bytes(self.column.size))
            self.column.listed[position] = UNUSABLE
        return False

    def _belongs(self, path: str) -> bool:
        return path.startswith(PAYLOAD_PREFIX) != self.name.is_tag_manifest

    def _enter(self, number: int, path: str, digest: bytes) -> None:
        position = self.index.setdefault(path, len(self.index))
        if self.column.lists(position):
            self._again(number, path, position, digest)
        else:
            self.column.state(position, digest)

    def _again(self, number: int, path: str, position: int, digest: bytes) -> None:
        stated = self.column.expected(position)
        if stated is not None and stated != digest:
            self.text.fault(
                rules.LISTED_WITH_TWO_DIGESTS,
                number,
                f"{path} stands here with {digest.hex()}, before with {stated.hex()}",
                expected=stated.hex(),
                actual=digest.hex(),
            )
            return
        rule = rules.LISTED_TWICE if self.strict else rules.LISTED_TWICE_BEFORE_1_0
        again = "a second time" if stated is None else "a second time, with the same checksum"
        self.text.fault(rule, number, f"{path} is listed {again}")

    def _meant(self, number: int, slash: str, written: str) -> str | None:
        """The path that an unusual line means, or None where it must not or cannot be followed."""
        coded = self._without_marks(number, slash, written)
        path = decode_path(coded, percent_is_coded=self.strict)
        reason = unsafe_reason(path)
        if reason is not None:
            message = f"{written[:200]!r} is not followed: {reason}"
            self.text.fault(rules.PATH_UNSAFE, number, message, actual=written[:1000])
            return None
        if self.strict:
            judge_percent(self.text, number, coded)
        return self._in_its_place(number, path)

    def _without_marks(self, number: int, slash: str, path: str) -> str:
        if slash or path.startswith("*"):
            mark = "\\" if slash else "*"
            self.text.fault(rules.MD5SUM_MARK, number, f"md5sum's mark `{mark}` stands in the line")
            path = path.removeprefix("*")
            if slash:
                path = _MD5SUM_CODED.sub(lambda match: _MD5SUM_DECODED[match[1]], path)
        if path.startswith("./"):
            message = f"{path!r} begins with `./`; `{path[2:]}` would be right"
            self.text.fault(rules.DOT_SLASH, number, message, expected=path[2:], actual=path)
            path = path[2:]
        return path

    def _in_its_place(self, number: int, path: str) -> str | None:
        """Refuse what the kind of manifest must not list."""
        if path.endswith("/") or path in {"data", "."}:
            self.text.fault(rules.FOLDER_LISTED, number, f"{path!r} is a folder", actual=path)
            return None
        if "//" in path or "/./" in path:
            right = "/".join(part for part in path.split("/") if part not in {"", "."})
            message = f"{path!r} is no plain path; `{right}` would be right"
            self.text.fault(rules.MANIFEST_LINE, number, message, expected=right, actual=path)
            return None
        if self._belongs(path):
            return path
        if self.name.is_tag_manifest:
            message = f"{path!r} is payload"
            self.text.fault(rules.PAYLOAD_IN_TAG_MANIFEST, number, message, actual=path)
        else:
            folders = "; `/` parts folders, not `\\`" if "\\" in path else ""
            message = f"{path!r} does not lie in `data/`{folders}"
            self.text.fault(rules.NOT_PAYLOAD, number, message, actual=path)
        return None


def judge_percent(text: TagText, number: int, coded: str) -> None:
    """Tell of a `%` that stands for itself, in a manifest or in fetch.txt of BagIt 1.0."""
    if _BARE_PERCENT.search(coded) is None:
        return
    right = encode_path(decode_path(coded))
    text.fault(
        rules.PERCENT_NOT_CODED,
        number,
        f"{coded!r} has a `%` that stands for itself; `{right}` would be right",
        expected=right,
        actual=coded,
    )


def write_manifest(lines: Iterable[tuple[str, bytes]]) -> bytes:
    """Write (path, raw digest) pairs in code-point order of their paths."""
    ordered = sorted(lines)
    return "".join(f"{digest.hex()}  {encode_path(path)}\n" for path, digest in ordered).encode()
