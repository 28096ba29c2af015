"""What can be said of an XML file before its elements count: size, kind, encoding, DOCTYPE."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from lxml import etree

from muniment.metadata.xml_encodings import Encoding, bad_bytes, is_utf8_in_disguise
from muniment.metadata.xml_findings import file_finding, line_of, lines_of
from muniment.model.findings import Finding, JsonValue
from muniment.model.rules import xml as rules

_HEAD_BYTES = 4096
_PLACES_AT_MOST = 1000
_EXCERPT = 40
_UNKNOWN_ENCODING = {"ERR_UNSUPPORTED_ENCODING", "ERR_UNKNOWN_ENCODING"}
_DOCTYPE = re.compile(r"<!--.*?-->|(<!DOCTYPE)", re.DOTALL)

_SUBSET = re.compile(r"<!DOCTYPE[^>\[]*\[")

_STRANGERS = (
    (b"PK\x03\x04", "a ZIP archive, as XLSX, DOCX and ODS files are"),
    (b"\x1f\x8b", "a file compressed with gzip"),
    (b"%PDF", "a PDF document"),
    (b"\xd0\xcf\x11\xe0", "an old Microsoft Office document"),
    (b"{", "JSON"),
    (b"[", "JSON"),
    (b"---", "YAML"),
)


def too_large(limit: int, path: str | None) -> Finding:
    """The finding for a file of more bytes than are judged."""
    message = f"The file is larger than {limit // 2**20} MiB, which is the most that is judged."
    return file_finding(rules.TOO_LARGE, message, path, limit=limit)


def not_xml(data: bytes, encoding: Encoding, path: str | None) -> Finding | None:
    """The finding for a file that is empty or does not begin as XML does; None if it does."""
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        size = f"{len(data)} bytes, none of them text" if data else "it has no bytes at all"
        return file_finding(rules.EMPTY, f"The file is empty: {size}.", path, bytes=len(data))
    head = data[:_HEAD_BYTES].decode(encoding.shown or "utf-8", errors="replace")
    text = head.removeprefix("\ufeff").lstrip()
    if not text or text.startswith("<"):
        return None
    kind = next((what for first, what in _STRANGERS if data.startswith(first)), None)
    told = f"; it looks like {kind}" if kind else ""
    start = text[:_EXCERPT].split("\n")[0]
    message = f"XML begins with `<`, but this file begins with {start!r}{told}."
    return file_finding(rules.NOT_XML, message, path, 1, 1, expected="<", actual=start)


def encoding_findings(
    data: bytes, encoding: Encoding, log: Iterable[etree._LogEntry], path: str | None
) -> Iterator[Finding]:
    """Unknown, contradicted, doubtful encodings, and bytes that do not exist in one."""
    errors = {entry.type_name for entry in log}
    if not encoding.is_known or errors & _UNKNOWN_ENCODING:
        message = f"The encoding {encoding.used!r} that the file declares is not known."
        rule = rules.ENCODING_UNKNOWN
        yield file_finding(rule, message, path, 1, 1, actual=encoding.used)
    elif encoding.is_contradicted:
        yield _contradicted(encoding, path)
    elif is_utf8_in_disguise(data, encoding):
        yield _doubtful(encoding, path)
    if "ERR_INVALID_ENCODING" in errors and encoding.is_known:
        yield from _outside_encoding(data, encoding, path)


def _contradicted(encoding: Encoding, path: str | None) -> Finding:
    message = (
        f"The declaration says {encoding.declared}, but the first bytes show {encoding.shown},"
        " by which the file was read."
    )
    rule, declared = rules.ENCODING_CONTRADICTED, encoding.declared
    return file_finding(rule, message, path, 1, 1, expected=encoding.shown, actual=declared)


def _doubtful(encoding: Encoding, path: str | None) -> Finding:
    message = (
        f"The declaration says {encoding.declared}, but every character beyond ASCII is written"
        " as UTF-8 writes it."
    )
    rule, declared = rules.ENCODING_DOUBTFUL, encoding.declared
    return file_finding(rule, message, path, 1, 1, expected="UTF-8", actual=declared)


def _outside_encoding(data: bytes, encoding: Encoding, path: str | None) -> Iterator[Finding]:
    """One finding for all the bad bytes of a file: they have one cause and one cure."""
    places = list(islice(bad_bytes(data, encoding.used), _PLACES_AT_MOST))
    if not places:
        return
    first = places[0]
    declared = "declares" if encoding.declared else "is in unless it declares another"
    excerpt = first.line_around.decode("windows-1252", errors="replace").strip()
    count = f"at least {len(places)}" if len(places) == _PLACES_AT_MOST else str(len(places))
    message = (
        f"Byte {first.hexadecimal} does not exist in {encoding.used}, which the file {declared}."
        f" Such places in the file: {count}. As Windows-1252 the first would read {excerpt!r}."
    )
    evidence: dict[str, JsonValue] = {
        "encoding": encoding.used,
        "actual": first.hexadecimal,
        "places": len(places),
        "lines": sorted({place.line for place in places}),
    }
    rule = rules.BYTES_OUTSIDE_ENCODING
    yield file_finding(rule, message, path, first.line, first.column, **evidence)


def doctype_findings(root: etree._Element, data: bytes, path: str | None) -> Iterator[Finding]:
    """The finding for a document type declaration, if there is one."""
    docinfo: Any = root.getroottree().docinfo  # the stubs know only half of it
    if not docinfo.doctype:
        return
    message = "The file has a document type declaration (DOCTYPE)."
    if docinfo.system_url:
        message += f" It names {docinfo.system_url}, which was not fetched."
    line, outside = _doctype_line(data), docinfo.system_url
    yield file_finding(rules.DOCTYPE, message, path, line, actual=docinfo.doctype, names=outside)


def _doctype_line(data: bytes) -> int | None:
    text = "\n".join(lines_of(data))
    found = _find_doctype(text)
    return text.count("\n", 0, found.start()) + 1 if found else None


def declares_something(data: bytes) -> bool:
    """Whether a document type holds declarations of its own (an internal subset)."""
    text = "\n".join(lines_of(data))
    found = _find_doctype(text)
    return bool(found and _SUBSET.match(text, found.start()))


def _find_doctype(text: str) -> re.Match[str] | None:
    return next((found for found in _DOCTYPE.finditer(text) if found[1]), None)


def entity_findings(root: etree._Element, path: str | None) -> Iterator[Finding]:
    """One finding for each reference to an entity that the document type declares."""
    for entity in root.iter(etree.Entity):
        message = f"`{entity.text}` was not resolved; what it stands for is missing here."
        rule, line = rules.ENTITY_NOT_RESOLVED, line_of(entity)
        yield file_finding(rule, message, path, line, actual=entity.text)
