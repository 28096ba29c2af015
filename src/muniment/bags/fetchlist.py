"""`fetch.txt`: the payload that a bag leaves to be brought in (RFC 8493 section 2.2.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from muniment.bags.manifests import PAYLOAD_PREFIX, ManifestSet, judge_percent
from muniment.bags.tagtext import TagText
from muniment.model.findings import Rule
from muniment.model.paths import decode_path, encode_path, unsafe_reason
from muniment.model.rules import bag as bag_rules
from muniment.model.rules import fetch as rules

PATH = "fetch.txt"
_LINE = re.compile(r"([^ \t]+)[ \t]+([^ \t]+)[ \t]+([^ \t].*)", re.DOTALL)
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+")
_LENGTH = re.compile("[0-9]{1,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchEntry:
    """One file to be brought in; `length` in bytes, None where it is not stated."""

    url: str
    length: int | None
    path: str
    line: int


def write_fetch_list(entries: Iterable[FetchEntry]) -> bytes:
    """Write the entries in their order."""
    return "".join(
        f"{entry.url} {'-' if entry.length is None else entry.length} {encode_path(entry.path)}\n"
        for entry in entries
    ).encode()


def read_fetch_list(
    text: TagText, stream: BinaryIO, manifests: ManifestSet, *, strict: bool
) -> tuple[FetchEntry, ...]:
    """The entries that may be followed, telling of every fault. `strict` is BagIt 1.0."""
    return tuple(_entries(text, stream, manifests, strict=strict))


def _entries(
    text: TagText, stream: BinaryIO, manifests: ManifestSet, *, strict: bool
) -> Iterator[FetchEntry]:
    seen: set[str] = set()
    for number, line in text.lines(stream):
        entry = _entry(text, number, line, strict=strict)
        if entry is None or not _in_manifests(text, entry, manifests, strict=strict):
            continue
        if entry.path in seen:
            text.fault(rules.LISTED_TWICE, number, f"{entry.path} is named a second time")
            continue
        seen.add(entry.path)
        yield entry


def _entry(text: TagText, number: int, line: str, *, strict: bool) -> FetchEntry | None:
    match = _LINE.fullmatch(line)
    if match is None:
        shown = repr(line[:80]) if line.strip() else "an empty line"
        message = f"{shown} is not an address, a length and a path"
        text.fault(_by_version(rules.LINE, strict=strict), number, message, actual=line[:200])
        return None
    url, length, coded = match.groups()
    path = decode_path(coded, percent_is_coded=strict).removeprefix("./")
    reason = unsafe_reason(path)
    if reason is not None:
        message = f"{coded[:200]!r} is not followed: {reason}"
        text.fault(bag_rules.PATH_UNSAFE, number, message, actual=coded[:200])
        return None
    if not _ABSOLUTE.fullmatch(url):
        message = f"{url[:200]!r} is not an absolute URI"
        text.fault(_by_version(rules.ADDRESS, strict=strict), number, message, actual=url[:200])
    if url[:5].lower() == "file:":
        message = f"{url[:200]!r} lies on the machine of whoever fetches it"
        text.fault(rules.LOCAL_ADDRESS, number, message, actual=url[:200])
    if length != "-" and not _LENGTH.fullmatch(length):
        message = f"{length[:80]!r} is neither a number of bytes nor `-`"
        text.fault(_by_version(rules.LENGTH, strict=strict), number, message, actual=length[:200])
        length = "-"
    if strict:
        judge_percent(text, number, coded)
    stated = None if length == "-" else int(length)
    return FetchEntry(url=url, length=stated, path=path, line=number)


def _in_manifests(
    text: TagText, entry: FetchEntry, manifests: ManifestSet, *, strict: bool
) -> bool:
    """Whether what is fetched could be verified: it is payload that the manifests list."""
    if not entry.path.startswith(PAYLOAD_PREFIX):
        message = f"{entry.path!r} does not lie in `data/`"
        rule = _by_version(rules.NOT_PAYLOAD, strict=strict)
        text.fault(rule, entry.line, message, actual=entry.path)
        return False
    position = manifests.index.get(entry.path)
    lacking = [
        column.path
        for column in manifests.columns
        if position is None or not column.lists(position)
    ]
    # Before 1.0 one manifest sufficed; that others lack the file is told of the manifests.
    if lacking and (strict or position is None):
        message = f"{entry.path} is not in {', '.join(lacking)}"
        rule = _by_version(rules.NOT_LISTED, strict=strict)
        text.fault(rule, entry.line, message, actual=entry.path)
    return len(lacking) < len(manifests.columns)


def _by_version(rule: Rule, *, strict: bool) -> Rule:
    return rule if strict else rules.LENIENT_BEFORE_1_0
