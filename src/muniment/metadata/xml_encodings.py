"""In which encoding an XML file says that it is, and in which it is (XML 1.0, 4.3.3 and F)."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_MARKS = (
    (codecs.BOM_UTF8, "UTF-8"),
    (codecs.BOM_UTF32_LE, "UTF-32LE"),
    (codecs.BOM_UTF32_BE, "UTF-32BE"),
    (codecs.BOM_UTF16_LE, "UTF-16LE"),
    (codecs.BOM_UTF16_BE, "UTF-16BE"),
)
_FIRST_BYTES = (
    (b"<\0\0\0", "UTF-32LE"),
    (b"\0\0\0<", "UTF-32BE"),
    (b"<\0", "UTF-16LE"),
    (b"\0<", "UTF-16BE"),
)
_DECLARED = re.compile(r"""<\?xml\b[^>]*?\bencoding\s*=\s*["']\s*([^"'\s>]*)""")
_DECLARATION_BYTES = 1024
_WINDOW = 65536
_LONGEST_CHARACTER = 4
_CONTEXT = 12
_NO_CHARACTER_SETS = {"idna", "punycode", "raw-unicode-escape", "unicode-escape"}
_ONE_BYTE_NAMES = re.compile(r"^(iso-?8859|windows-125|cp125|latin|l1$|mac)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """What an XML file's first bytes say.

    `declared` is the name in the XML declaration, `shown` the encoding that a byte order mark or
    the pattern of zero bytes shows; `used` is the one that a reader must take.
    """

    declared: str | None
    shown: str | None

    @property
    def used(self) -> str:
        """What the bytes show goes before the declaration; without both it is UTF-8."""
        return self.shown or self.declared or "UTF-8"

    @property
    def is_known(self) -> bool:
        """Whether this machine can decode it."""
        return _codec(self.used) is not None

    @property
    def is_contradicted(self) -> bool:
        """Whether the declaration names another encoding than the bytes show."""
        if self.declared is None or self.shown is None:
            return False
        declared = (_codec(self.declared) or self.declared.lower()).replace("_", "-")
        shown = (_codec(self.shown) or "").replace("_", "-")
        return not shown.startswith(declared)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadBytes:
    """Bytes that an encoding does not have; `line` and `column` count characters from 1."""

    line: int
    column: int
    hexadecimal: str
    line_around: bytes


def read_encoding(data: bytes) -> Encoding:
    """What the first bytes of a file say about its encoding."""
    shown = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if shown is None:
        shown = next((name for first, name in _FIRST_BYTES if data.startswith(first)), None)
    head = data[:_DECLARATION_BYTES].decode(shown or "latin-1", errors="ignore")
    found = _DECLARED.match(head.lstrip("\ufeff \t\r\n"))
    declared = found[1] if found and found[1] else None
    if shown is None and declared is not None and _is_wide(declared):
        shown = "UTF-8"  # a declaration that can be read byte by byte is not in a wide encoding
    return Encoding(declared=declared, shown=shown)


def _is_wide(name: str) -> bool:
    return (_codec(name) or "").startswith(("utf-16", "utf-32"))


def bad_bytes(data: bytes, encoding: str) -> Iterator[BadBytes]:
    """Every place where bytes do not exist in the encoding, in order.

    Read in windows, so that the cost of a place does not grow with the file.
    """
    position, line, column = 0, 1, 1
    while position < len(data):
        window = data[position : position + _WINDOW]
        start, end = _first_fault(window, encoding)
        line, column = _advance(window[:start].decode(encoding), line, column)
        is_cut = position + len(window) < len(data) and start > len(window) - _LONGEST_CHARACTER
        if start < len(window) and not is_cut:
            yield BadBytes(
                line=line,
                column=column,
                hexadecimal=window[start:end].hex(" ").upper(),
                line_around=_line_around(data, position + start, position + end),
            )
            column += 1
            position += end
        else:
            position += start


def _line_around(data: bytes, start: int, end: int) -> bytes:
    """What stands on the same line just before and after some bytes."""
    before = data[max(0, start - _CONTEXT) : start].rpartition(b"\n")[2]
    after = data[end : end + _CONTEXT].partition(b"\n")[0]
    return before + data[start:end] + after


def _first_fault(window: bytes, encoding: str) -> tuple[int, int]:
    """Where the first undecodable bytes begin and end; the window's length if there are none."""
    try:
        window.decode(encoding)
    except UnicodeDecodeError as error:
        return error.start, error.end
    return len(window), len(window)


def _advance(text: str, line: int, column: int) -> tuple[int, int]:
    """The place after a text that began at a place."""
    newlines = text.count("\n")
    if newlines:
        return line + newlines, len(text) - text.rfind("\n")
    return line, column + len(text)


def to_utf8(data: bytes, encoding: str) -> bytes:
    """The same document in UTF-8, bad bytes replaced by U+FFFD, the declaration by blanks."""
    text = data.decode(encoding, errors="replace").removeprefix("\ufeff")
    return re.sub(r"^<\?xml\b[^>]*\?>", _blanks, text).encode("utf-8")


def _blanks(declaration: re.Match[str]) -> str:
    """As many blanks as there were characters, so that lines and columns stay what they were."""
    return re.sub(r"[^\n]", " ", declaration[0])


def is_utf8_in_disguise(data: bytes, encoding: Encoding) -> bool:
    """Whether a file declares a one-byte encoding while its text can only be meant as UTF-8.

    Text beyond ASCII that happens to be valid UTF-8 throughout is hardly ever anything else.
    """
    codec = (_codec(encoding.used) or "").replace("_", "-")
    if not _ONE_BYTE_NAMES.match(codec) or data.isascii():
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@lru_cache
def _codec(name: str) -> str | None:
    """Python's own name for an encoding; None if it knows none, or no encoding of text."""
    try:
        codec = codecs.lookup(name).name
        bytes(4).decode(codec)
    except (LookupError, ValueError):
        return None
    return None if codec.replace("_", "-") in _NO_CHARACTER_SETS else codec
