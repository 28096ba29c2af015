"""The parts of a workbook beside its sheets: what cells share, their styles, how parts belong."""

from __future__ import annotations

import posixpath
import re
import tempfile
from array import array
from collections.abc import Callable, Iterable
from enum import Enum
from functools import lru_cache
from xml.parsers import expat

from muniment.metadata.sheets_table import LONGEST_CELL

_MOST_TEXTS = 2**26


class BrokenWorkbookError(Exception):
    """The file is no workbook that can be read; the text says why."""


def local(name: str) -> str:
    """A name without its namespace or prefix."""
    return name.rpartition(" ")[2].rpartition(":")[2]


def _ignore(*_: object) -> None:
    """Take no notice."""


class Parser:
    """Expat, without document types, told of local names."""

    def __init__(
        self,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] = _ignore,
        text: Callable[[str], None] = _ignore,
    ) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._names: dict[str, str] = {}
        self._start, self._end = start, end
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._finish
        self._parser.CharacterDataHandler = text
        self._parser.StartDoctypeDeclHandler = _refuse_doctype

    def _local(self, name: str) -> str:
        known = self._names.get(name)
        if known is None:
            known = name.rpartition(" ")[2]
            if len(self._names) < 1000:  # noqa: PLR2004 - a file has a few dozen
                self._names[name] = known
        return known

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._start(self._local(name), attributes)

    def _finish(self, name: str) -> None:
        self._end(self._local(name))

    def feed(self, data: bytes, *, last: bool = False) -> None:
        """Parse a piece. Raises ExpatError, ValueError."""
        self._parser.Parse(data, last)

    def read(self, chunks: Iterable[bytes]) -> None:
        """Parse all pieces; nothing at all is no fault here."""
        some = False
        for chunk in chunks:
            some = some or bool(chunk)
            self.feed(chunk)
        if some:
            self.feed(b"", last=True)


def _refuse_doctype(*_: object) -> None:
    raise ValueError("a part of it has a document type declaration (DOCTYPE)")


def read_relations(data: bytes, folder: str) -> dict[str, tuple[str, str]]:
    """By id: the kind of a part, and its name in the archive."""
    relations: dict[str, tuple[str, str]] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            path = target[1:] if target.startswith("/") else posixpath.join(folder, target)
            kind = attributes.get("Type", "").rpartition("/")[2]
            relations[attributes.get("Id", "")] = kind, posixpath.normpath(path)

    Parser(start).read([data])
    return relations


class SharedTexts:
    """The texts that cells refer to by number, on disk meanwhile."""

    def __init__(self) -> None:
        self._ends = array("Q", [0])
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._pieces: list[str] = []
        self._length = 0
        self._taking = self._phonetic = False
        self._cached = lru_cache(maxsize=4096)(self._read)

    def read(self, chunks: Iterable[bytes]) -> None:
        """Take all texts in."""
        Parser(self._start, self._end, self._take).read(chunks)
        self._file.flush()

    def text(self, number: int) -> str:
        """The text of this number, from 0. Raises ValueError."""
        if not 0 <= number < len(self._ends) - 1:
            raise ValueError(f"a cell refers to text {number}, which is not there")
        return self._cached(number)

    def _read(self, number: int) -> str:
        start, end = self._ends[number], self._ends[number + 1]
        self._file.seek(start)
        return self._file.read(end - start).decode()

    def close(self) -> None:
        """Let go of the temporary file."""
        self._file.close()

    def _start(self, name: str, _: dict[str, str]) -> None:
        if name == "si":
            self._pieces, self._length = [], 0
        elif name == "rPh":
            self._phonetic = True
        self._taking = name == "t" and not self._phonetic

    def _take(self, data: str) -> None:
        if self._taking:
            self._length += len(data)
            if self._length > LONGEST_CELL:
                raise ValueError(f"a cell has more than {LONGEST_CELL:,} characters")
            self._pieces.append(data)

    def _end(self, name: str) -> None:
        self._taking = False
        if name == "rPh":
            self._phonetic = False
        elif name == "si":
            from muniment.metadata.sheets_xlsx_cells import unescaped

            data = unescaped("".join(self._pieces)).encode("utf-8", "replace")
            if len(self._ends) > _MOST_TEXTS:
                raise ValueError("it has more texts than a workbook can have")
            self._file.write(data)
            self._ends.append(self._ends[-1] + len(data))


class DateForm(Enum):
    """How much of a day a cell shows."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    TIME = "time"


_BUILT_IN = {
    **dict.fromkeys((14, 15, 27, 30, 31, 36, 50, 51, 54, 57, 58), DateForm.DAY),
    **dict.fromkeys((17, 55), DateForm.MONTH),
    **dict.fromkeys((16,), DateForm.DAY),
    **dict.fromkeys((22,), DateForm.TIME),
}
_ASIDE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_ZEROS = re.compile("0{2,}")


class Styles:
    """The number formats of a workbook, by the number that cells carry."""

    def __init__(self, data: bytes) -> None:
        self._codes: dict[int, str] = {}
        self._formats: list[int] = []
        self._in_cells = False
        Parser(self._start, self._end).read([data])

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self._codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            self._formats.append(int(attributes.get("numFmtId", 0)))

    def _end(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cells = False

    def date_form(self, style: int) -> DateForm | None:
        """How much of a day cells of this style show; None where they show no day."""
        number = self._format(style)
        if number in self._codes:
            return date_form(self._codes[number])
        return _BUILT_IN.get(number)

    def leading_zeros(self, style: int) -> int:
        """How many digits cells of this style show at least: `0000` shows four."""
        code = self._codes.get(self._format(style), "")
        return len(code) if _ZEROS.fullmatch(code) else 0

    def _format(self, style: int) -> int:
        return self._formats[style] if 0 <= style < len(self._formats) else 0


@lru_cache(maxsize=1024)
def date_form(code: str) -> DateForm | None:
    """How much of a day a format code shows: `yyyy-mm-dd` a day, `mmm-yy` a month."""
    letters = _ASIDE.sub("", code.partition(";")[0]).lower()
    if "general" in letters or not set(letters) & set("ymd"):
        return None
    has_year, has_day = "y" in letters, "d" in letters
    if "h" in letters or "s" in letters:
        return DateForm.TIME if has_year or has_day else None
    if has_day:
        return DateForm.DAY
    return DateForm.MONTH if "m" in letters else DateForm.YEAR
