"""The cells of a workbook: numbers, dates, texts, faults and formulas as values."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from muniment.metadata.sheets_table import LONGEST_CELL, Cell, CellKind, TypedCell
from muniment.metadata.sheets_xlsx_parts import DateForm, SharedTexts, Styles

_EPOCH_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet's days have no zone
_EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001 - the same
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_DIGITS_KEPT = 15
_FIRST_RIGHT_DAY = 60  # spreadsheet programs count a 29 February 1900


class CellReader:
    """Takes a cell's elements and makes its value."""

    def __init__(self, texts: SharedTexts, styles: Styles, *, from_1904: bool) -> None:
        self._texts = texts
        self._styles = styles
        self._epoch = _EPOCH_1904 if from_1904 else _EPOCH_1900
        self._from_1904 = from_1904
        self._kind, self._style = "n", 0
        self._formula = False
        self._taking = False
        self._phonetic = False
        self._pieces: list[str] = []
        self._length = 0

    def begin(self, attributes: dict[str, str]) -> None:
        """A cell begins."""
        self._kind = attributes.get("t", "n")
        self._style = int(attributes.get("s", 0))
        self._formula = self._phonetic = self._taking = False
        self._pieces, self._length = [], 0

    def start(self, name: str) -> None:
        """An element within a cell begins."""
        if name == "f":
            self._formula = True
        elif name == "rPh":
            self._phonetic = True
        self._taking = name in {"v", "t"} and not self._phonetic

    def end(self, name: str) -> None:
        """An element within a cell ends."""
        self._taking = False
        if name == "rPh":
            self._phonetic = False

    def text(self, data: str) -> None:
        """Text within an element."""
        if self._taking:
            self._length += len(data)
            if self._length > LONGEST_CELL:
                raise ValueError(f"a cell has more than {LONGEST_CELL:,} characters")
            self._pieces.append(data)

    def finish(self) -> Cell:
        """The value of the cell."""
        raw = "".join(self._pieces)
        if not raw and not self._formula:
            return ""
        match self._kind:
            case "s":
                return self._text(self._texts.text(int(raw)))
            case "inlineStr" | "str":
                return self._text(unescaped(raw))
            case "b":
                word = "true" if raw == "1" else "false"
                return TypedCell(kind=CellKind.BOOLEAN, text=word, formula=self._formula)
            case "e":
                return TypedCell(kind=CellKind.ERROR, text=raw, formula=self._formula)
            case "d":
                day = raw.removesuffix("T00:00:00")
                return TypedCell(kind=CellKind.DATE, text=day, formula=self._formula)
        return self._number(raw) if raw else self._text("")

    def _text(self, text: str) -> Cell:
        if self._formula:
            return TypedCell(kind=CellKind.TEXT, text=text, formula=True)
        return text

    def _number(self, raw: str) -> Cell:
        form = self._styles.date_form(self._style)
        if form is not None:
            day = self._day(float(raw), form)
            if day is not None:
                exact = form in {DateForm.DAY, DateForm.TIME}
                return TypedCell(kind=CellKind.DATE, text=day, exact=exact, formula=self._formula)
        text = plain_number(raw)
        zeros = self._styles.leading_zeros(self._style)
        text = text.zfill(zeros) if text.isdigit() else text
        exact = sum(map(str.isdigit, text.strip("0"))) <= _DIGITS_KEPT
        return TypedCell(kind=CellKind.NUMBER, text=text, exact=exact, formula=self._formula)

    def _day(self, serial: float, form: DateForm) -> str | None:
        """A day as EDTF, no more exact than the cell shows it."""
        if 0 < serial < _FIRST_RIGHT_DAY and not self._from_1904:
            serial += 1
        try:
            moment = self._epoch + timedelta(seconds=round(serial * 86400))
        except OverflowError:
            return None
        if form is DateForm.TIME and serial % 1:
            return moment.isoformat()
        day = moment.date().isoformat()
        return {DateForm.YEAR: day[:4], DateForm.MONTH: day[:7]}.get(form, day)


def plain_number(raw: str) -> str:
    """A number as a person writes it: `1952`, not `1952.0` or `1.952E3`."""
    value = float(raw)
    if value.is_integer() and abs(value) < 1e21:  # noqa: PLR2004 - beyond that, all is zeros
        return str(int(value)) if not raw.lstrip("-").isdigit() else str(int(raw))
    return repr(value)


def unescaped(text: str) -> str:
    """A text without the format's own escapes of control characters: `_x000D_`."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
