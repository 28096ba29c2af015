"""`bagit.txt`: the version of BagIt and the encoding of the tag files (RFC 8493 section 2.1.1)."""

from __future__ import annotations

import codecs
import difflib
import re
from dataclasses import dataclass

from muniment.bags.encodings import UTF_8, Encoding, find_encoding
from muniment.bags.tagtext import Report
from muniment.model.findings import Finding, JsonValue, Location, Rule
from muniment.model.rules import bag as rules

PATH = "bagit.txt"
VERSIONS = ((0, 93), (0, 94), (0, 95), (0, 96), (0, 97), (1, 0))
_LABELS = ("BagIt-Version", "Tag-File-Character-Encoding")
_LINE = re.compile(r"([^:]*?)([ \t]*):([ \t]*)(.*?)([ \t]*)")
_NUMBER = re.compile(r"([0-9]+)\.([0-9]+)")
_LARGEST = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What a bag says of itself. Where it says nothing usable, 1.0 and UTF-8 are taken."""

    version: tuple[int, int] = (1, 0)
    encoding: Encoding = UTF_8

    @property
    def is_1_0(self) -> bool:
        """Whether the strict rules of RFC 8493 apply."""
        return self.version >= (1, 0)


def write_declaration() -> bytes:
    """The only declaration that we write."""
    return b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def read_declaration(data: bytes, report: Report) -> Declaration:
    """Read the two lines, telling of every fault."""
    text = _decode(data, report)
    lines = re.split(r"\r\n|\n|\r", text)
    if lines[-1] == "":
        lines.pop()
    else:
        _fault(report, rules.NO_LAST_LINE_END, len(lines), "the last line has no line end")
    values = _values(lines, report)
    return Declaration(
        version=_version(values.get(_LABELS[0]), report),
        encoding=_encoding(values.get(_LABELS[1]), report),
    )


def _decode(data: bytes, report: Report) -> str:
    if len(data) > _LARGEST:
        message = f"the file has {len(data):,} bytes; two short lines are expected"
        _fault(report, rules.DECLARATION_MALFORMED, None, message)
        data = data[:_LARGEST]
    if data.startswith(codecs.BOM_UTF8):
        message = "the file begins with a byte order mark (EF BB BF)"
        _fault(report, rules.DECLARATION_NOT_UTF8, 1, message)
        data = data[len(codecs.BOM_UTF8) :]
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"byte {data[error.start]:02X} at offset {error.start} is not UTF-8"
        _fault(report, rules.DECLARATION_NOT_UTF8, line, message)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    return data.decode("utf-8", errors="replace")


def _values(lines: list[str], report: Report) -> dict[str, tuple[int, str]]:
    """The values by label as they were meant, with their lines, every deviation told."""
    values: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(lines, 1):
        # What is wrong with a third line is that it is there: that is told once, below.
        found = _read_line(number, line, report if number <= len(_LABELS) else _untold)
        if found is not None and found[0] not in values:
            values[found[0]] = (number, found[1])
    for label in _LABELS:
        if label not in values:
            _fault(report, rules.DECLARATION_MALFORMED, None, f"there is no line `{label}: ...`")
    if list(values) == list(reversed(_LABELS)):
        _fault(report, rules.DECLARATION_MALFORMED, 1, "the two lines stand in reverse order")
    if len(lines) > len(_LABELS):
        message = f"the file has {len(lines)} lines; it must have exactly two"
        _fault(report, rules.DECLARATION_MALFORMED, 3, message)
    return values


def _read_line(number: int, line: str, report: Report) -> tuple[str, str] | None:
    match = _LINE.fullmatch(line)
    label = _meant_label(match[1].strip() if match else line)
    if match is None or label is None:
        message = f"{line[:80]!r} is none of the two lines"
        _fault(report, rules.DECLARATION_MALFORMED, number, message, actual=line[:200])
        return None
    right = f"{label}: {match[4]}"
    if line != right:
        message = f"{line[:80]!r} stands where {right!r} would be right"
        _fault(
            report, rules.DECLARATION_MALFORMED, number, message, expected=right, actual=line[:200]
        )
    return label, match[4]


def _meant_label(written: str) -> str | None:
    if written in _LABELS:
        return written
    by_case = {label.lower(): label for label in _LABELS}
    near = difflib.get_close_matches(written.lower(), by_case, n=1, cutoff=0.8)
    return by_case[near[0]] if near else None


def _version(value: tuple[int, str] | None, report: Report) -> tuple[int, int]:
    if value is None:
        return Declaration().version
    line, text = value
    match = _NUMBER.fullmatch(text)
    version = (int(match[1]), int(match[2])) if match else None
    if version is not None and version in VERSIONS and text == f"{version[0]}.{version[1]}":
        return version
    message = f"{text[:80]!r} is no version of BagIt; 0.93 to 0.97 and 1.0 exist"
    _fault(report, rules.VERSION_UNKNOWN, line, message, actual=text)
    return (0, 97) if version is not None and version < (1, 0) else (1, 0)


def _encoding(value: tuple[int, str] | None, report: Report) -> Encoding:
    if value is None:
        return UTF_8
    line, text = value
    encoding = find_encoding(text)
    if encoding is None:
        message = f"{text[:80]!r} is no character set that is known here"
        _fault(report, rules.ENCODING_UNKNOWN, line, message, actual=text)
        return UTF_8
    if not encoding.registered:
        message = f"{text!r} was taken for {encoding.codec}, but is not a registered name"
        _fault(report, rules.ENCODING_NAME_UNREGISTERED, line, message, actual=text)
    if not encoding.is_utf8:
        message = f"the tag files are in {text}; UTF-8 should be used"
        _fault(report, rules.ENCODING_NOT_UTF8, line, message, expected="UTF-8", actual=text)
    return encoding


def _untold(_: Finding) -> None:
    """Tell nobody."""


def _fault(
    report: Report, rule: Rule, line: int | None, message: str, **evidence: JsonValue
) -> None:
    report(
        Finding(
            rule=rule,
            message=message,
            location=Location(path=PATH, line=line),
            evidence=evidence,
        )
    )
