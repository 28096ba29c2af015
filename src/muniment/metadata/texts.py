"""The bytes of a record -> its text, or findings that say why they are none."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator

from muniment.metadata.nodes import ListNode, Node, ScalarNode, finding_at
from muniment.model.findings import Finding, Location
from muniment.model.rules import record as rules

LARGEST_RECORD = 512 * 1024
# XML 1.0 section 2.2: what is no Char, and so can stand in no XML document, escaped or not.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WINDOWS_ONLY = re.compile(rb"[\x80-\x9f]")
_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


def decode(data: bytes, name: str) -> tuple[str | None, tuple[Finding, ...]]:
    """The text of a record, without a byte order mark; None where the bytes are none."""
    if len(data) > LARGEST_RECORD:
        return None, (too_large(name),)
    if _is_wide(data):
        return None, (_not_utf8(data, data.index(0), name),)
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError as fault:
        # After a byte order mark the offset is counted from behind it.
        skipped = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
        return None, (_not_utf8(data, fault.start + skipped, name),)


def too_large(name: str) -> Finding:
    """The finding on a record of more than `LARGEST_RECORD` bytes, of which more may follow."""
    message = f"the file has more than {LARGEST_RECORD:,} bytes, which a record has at most"
    return Finding(
        rule=rules.TOO_LARGE,
        message=message,
        location=Location(path=name),
        evidence={"expected": LARGEST_RECORD},
    )


def _is_wide(data: bytes) -> bool:
    """Whether the bytes look like UTF-16 without a mark: every other byte is NUL."""
    return data.count(0) * 4 > len(data)


def _not_utf8(data: bytes, offset: int, name: str) -> Finding:
    before = data[:offset].decode("utf-8", errors="replace")
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    encoding = _likely_encoding(data)
    if encoding.startswith("UTF"):
        # Every byte is off, not this one.
        line, column = 1, 1
    message = f"the byte 0x{data[offset]:02X} is not UTF-8; the file looks like {encoding}"
    return Finding(
        rule=rules.NOT_UTF8,
        message=message,
        location=Location(path=name, line=line, column=column),
        evidence={"expected": "UTF-8", "actual": encoding, "byte": data[offset]},
    )


def _likely_encoding(data: bytes) -> str:
    marked = next((label for mark, label in _MARKS if data.startswith(mark)), None)
    if marked is not None:
        return marked
    if _is_wide(data):
        return "UTF-16"
    try:
        data.decode("windows-1252")
    except UnicodeDecodeError:
        return "another encoding"
    # ISO-8859-1 has control codes where Windows-1252 has quotes, dashes and the euro sign.
    return "Windows-1252" if _WINDOWS_ONLY.search(data) else "ISO-8859-1"


def impossible_in_source(text: str, name: str) -> tuple[Finding, ...]:
    """Control characters that stand in the file itself: each kind once, at its first place."""
    kinds = Counter(match[0] for match in _IMPOSSIBLE.finditer(text))
    return tuple(_impossible(text, character, count, name) for character, count in kinds.items())


def _impossible(text: str, character: str, count: int, name: str) -> Finding:
    offset = text.index(character)
    code = f"U+{ord(character):04X}"
    times = "" if count == 1 else f", and {count - 1} times more below"
    return Finding(
        rule=rules.IMPOSSIBLE_CHARACTER,
        message=f"the character {code} stands here{times}; XML cannot hold it",
        location=Location(
            path=name,
            line=text.count("\n", 0, offset) + 1,
            column=offset - text.rfind("\n", 0, offset),
        ),
        evidence={"actual": code, "count": count},
    )


def impossible_codes(value: str) -> list[str]:
    """The characters of a text that XML cannot hold, as `U+0001`, each once."""
    return sorted({f"U+{ord(match[0]):04X}" for match in _IMPOSSIBLE.finditer(value)})


def without_impossible(value: str) -> str:
    """The text with U+FFFD in the place of what XML cannot hold."""
    return _IMPOSSIBLE.sub("\ufffd", value)


def blank_findings(node: Node, name: str, path: tuple[str | int, ...] = ()) -> Iterator[Finding]:
    """Values of a record that begin or end with blanks."""
    if isinstance(node, ScalarNode):
        yield from _blanks_of(node, name, path)
    elif isinstance(node, ListNode):
        for number, item in enumerate(node.items):
            yield from blank_findings(item, name, (*path, number))
    else:
        for key, value in node.entries:
            yield from blank_findings(value, name, (*path, str(key.value)))


def _blanks_of(node: ScalarNode, name: str, path: tuple[str | int, ...]) -> Iterator[Finding]:
    if not isinstance(node.value, str):
        return
    # One line end comes with every block of YAML, and is no fault of the writer.
    value = node.value.removesuffix("\n")
    if value.strip() and value != value.strip():
        side = "begins" if value[0].isspace() else "ends"
        message = f"the value {side} with a blank; it is read without"
        yield finding_at(
            rules.STRAY_BLANKS,
            message,
            name=name,
            node=node,
            path=path,
            expected=value.strip(),
            actual=node.value,
        )
