"""Tag files as numbered lines, in their declared encoding, in flat memory (RFC 8493 section 2.3).

CR, LF and CRLF end a line, mixed too; nothing else does: not U+2028, U+0085, VT or FF.
"""

from __future__ import annotations

import codecs
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from muniment.bags.encodings import Encoding
from muniment.model.findings import Finding, Location, Rule
from muniment.model.rules import bag as rules

LONGEST_LINE = 1 << 20
MOST_FAULTS = 1_000
_BLOCK = 1 << 18
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_LOST = "muniment.lost"

Report = Callable[[Finding], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TagText:
    """A tag file to be read: where it lies, how it is encoded, and whom to tell of faults.

    `told` counts the faults by rule: a file made to do harm could fill the memory with them.
    """

    path: str
    encoding: Encoding
    report: Report
    told: Counter[str] = field(default_factory=Counter)

    def fault(self, rule: Rule, line: int | None, message: str, **evidence: str | int) -> None:
        """Tell of a fault in a line; of many like it in one file, that there are more."""
        self.told[rule.id] += 1
        if self.told[rule.id] > MOST_FAULTS + 1:
            return
        if self.told[rule.id] > MOST_FAULTS:
            line, evidence = None, {}
            message = f"more than {MOST_FAULTS:,} lines are so; the others are not listed"
        self.report(
            Finding(
                rule=rule,
                message=message,
                location=Location(path=self.path, line=line),
                evidence=evidence,
            )
        )

    def lines(self, stream: BinaryIO) -> Iterator[tuple[int, str]]:
        """The lines with their numbers from 1, without their ends."""
        for first, lines in self.blocks(stream):
            yield from enumerate(lines, first)

    def blocks(self, stream: BinaryIO) -> Iterator[tuple[int, list[str]]]:
        """The lines without their ends, many at a time, with the number of the first.

        The stream is closed at the end of the last one.
        """
        with self._text(stream) as text:
            yield from self._blocks(text)

    def _blocks(self, text: io.TextIOWrapper) -> Iterator[tuple[int, list[str]]]:
        number = 1
        rest = ""
        while block := text.read(_BLOCK):
            pure = block.isascii() and rest.isascii()
            lines = (rest + block).split("\n")
            rest = lines.pop()
            if not pure:
                self._check_decoded(number, lines)
            if lines:
                yield number, lines
            number += len(lines)
            if len(rest) > LONGEST_LINE:
                message = f"the line has more than {LONGEST_LINE:,} characters; not read further"
                self.fault(rules.LINE_TOO_LONG, number, message)
                return
        if rest:
            self._check_decoded(number, [rest])
            yield number, [rest]
            self.fault(rules.NO_LAST_LINE_END, number, "the last line has no line end")

    def _text(self, stream: BinaryIO) -> io.TextIOWrapper:
        """Open in the encoding, a byte order mark told of and taken off."""
        buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream)  # type: ignore[type-var]
        start = buffered.peek(4)[:4]
        codec = self.encoding.codec
        mark, family = next(
            ((mark, family) for mark, family in _MARKS if start.startswith(mark)), (b"", "")
        )
        if mark and (family == "utf-8" or codec.startswith(f"{family}-")):
            self._tell_of_mark(mark)
            buffered.read(len(mark))
        if self.encoding.needs_mark and family != codec:
            codec += "-be"  # RFC 2781: big-endian where nothing says otherwise
        errors = "surrogateescape" if codec == "utf-8" else _LOST
        return io.TextIOWrapper(buffered, encoding=codec, errors=errors, newline=None)

    def _tell_of_mark(self, mark: bytes) -> None:
        self.fault(
            rules.BYTE_ORDER_MARK,
            1,
            f"the file begins with the bytes {mark.hex(' ').upper()}, a byte order mark;"
            f" {self.encoding.declared} has none here",
        )

    def _check_decoded(self, first: int, lines: Sequence[str]) -> None:
        for number, line in enumerate(lines, first):
            lost = None if line.isascii() else _lost_character(line)
            if lost is None:
                continue
            shown = f" (byte {ord(lost) - 0xDC00:02X})" if self.encoding.is_utf8 else ""
            self.fault(
                rules.NOT_IN_ENCODING,
                number,
                f"the line has bytes that {self.encoding.declared} does not allow{shown}",
                expected=self.encoding.declared,
            )


def _lost_character(line: str) -> str | None:
    return next((c for c in line if "\udc80" <= c <= "\udcff"), None)


def _lost(error: UnicodeError) -> tuple[str, int]:
    """Put a lone surrogate, which no text has, where bytes could not be decoded."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\udc80", error.end


codecs.register_error(_LOST, _lost)
