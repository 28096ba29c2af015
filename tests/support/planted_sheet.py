"""A spreadsheet of many items, right in all, and faults planted in it one by one."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from typing import NamedTuple

HEADINGS = [
    "identifier",
    "title",
    "title.lang",
    "alternative",
    "creator",
    "creator.role",
    "creator",
    "creator.role",
    "created",
    "created.display",
    "language",
    "type",
    "subject",
    "subject.authority",
    "spatial",
    "extent",
    "identifier.2",
    "identifier.2.type",
    "identifier.2.invalid",
    "abstract",
    "rights.uri",
    "location.shelfMark",
    "isPartOf",
]
_TITLES = [
    "Letter to the parish council",
    "Карта приходских земель",
    "«Le grand livre» des comptes",
    "戰前書信",
    "Plan of the tower, north side",
    'The "great" fire',
    "Gruß aus Köln – Ansichtskarte",  # noqa: RUF001 - a dash, as people type it
    "Minutes, second series; with index",
]
_NAMES = ["Weber, Anna", "García Márquez, José", "Ivanov, Petr", "毛, 文", "O'Brien, Máire"]
_OTHERS = ["Parish of St Mary", "Schmidt, Karl", "東京府"]
_DATES = ["1952", "1952-12", "1952-12-27", "1952~", "195X", "1914/1918", "1880-02-29", "-0044", ""]
_LANGUAGES = ["deu", "ger", "eng||fra", "rus", "zh-Hant", "zxx"]
_TYPES = ["Text", "Image", "StillImage", "PhysicalObject", "Text||Image"]
_SUBJECTS = ["Bells", "Bells||Towers", "Parish councils -- Minutes", "Brände||Köln"]


class Expected(NamedTuple):
    """What is to be found: the rule, the row as spreadsheets count, the heading."""

    rule: str
    row: int
    heading: str | None


class Sheet:
    """Rows of cells; the first has the headings."""

    def __init__(self, items: int, seed: int) -> None:
        self.random = random.Random(seed)
        self.rows = [list(HEADINGS), *(self._item(number) for number in range(1, items + 1))]
        self.expected: list[Expected] = []
        self.raw: dict[int, Callable[[str], str]] = {}

    def _item(self, number: int) -> list[str]:
        pick = self.random.choice
        two = pick([True, False])
        return [
            f"item-{number:04}",
            f"{pick(_TITLES)} {number}",
            pick(["", "en", "de", "zh-Hant"]),
            pick(["", f"Other title {number}"]),
            pick(_NAMES),
            pick(["", "aut", "pht"]),
            pick(_OTHERS) if two else "",
            pick(["rcp", ""]) if two else "",
            pick(_DATES[:-1]),
            pick(["", "about Christmas"]),
            pick(_LANGUAGES),
            pick(_TYPES),
            pick(_SUBJECTS),
            pick(["", "lcsh"]),
            pick(["", "Köln", "Москва"]),
            pick(["1 leaf", "12 pages; 20 × 30 cm", "2 items\n1 box"]),  # noqa: RUF001 - a sign, as people type it
            f"{number:013}",
            "local",
            pick(["", "false", "FALSE"]),
            pick(["", "A long account, with commas, “quotes” and a\nsecond line."]),
            pick(["http://rightsstatements.org/vocab/InC/1.0/", ""]),
            pick(["", f"A {number}", f"007/{number}"]),
            pick(["", "Parish papers"]),
        ]

    def column(self, heading: str, nth: int = 1) -> int:
        """The column of a heading, of several alike the nth."""
        return [i for i, each in enumerate(HEADINGS) if each == heading][nth - 1]

    def put(self, rule: str, row: int, heading: str, value: str, **others: str) -> None:
        """Put a fault into a cell. `others` are cells of the row it needs, dots as `__`."""
        for name, text in others.items():
            self.rows[row - 1][self.column(name.replace("__", "."))] = text
        self.rows[row - 1][self.column(heading)] = value
        self.expected.append(Expected(rule, row, heading))

    def csv(self, delimiter: str = ",") -> bytes:
        """The sheet as CSV in UTF-8."""
        lines = []
        for number, row in enumerate(self.rows, 1):
            text = io.StringIO()
            csv.writer(text, delimiter=delimiter).writerow(row)
            lines.append(self.raw.get(number, str)(text.getvalue()))
        return "".join(lines).encode("utf-8", "surrogateescape")


CELL_FAULTS: list[tuple[str, str, str, dict[str, str]]] = [
    ("REC-206", "created", "27 December 1952", {}),
    ("REC-206", "created", "1951-02-29", {}),
    ("REC-206", "created", "27.12.1952", {}),
    ("REC-206", "created", "2008/2004", {}),
    ("REC-206", "created", "ca. 1952", {}),
    ("REC-208", "language", "German", {}),
    ("REC-208", "language", "deu||ENG", {}),
    ("REC-208", "title.lang", "deutsch und englisch", {}),
    ("REC-205", "type", "Txt", {}),
    ("REC-205", "type", "Text||image", {}),
    ("REC-205", "creator.role", "Author", {}),
    ("REC-412", "creator.role", "aut||pht", {"creator": "Weber, Anna||Ivanov, Petr||毛, 文"}),
    ("REC-411", "subject", "Bells||", {"subject__authority": ""}),
    ("REC-411", "subject", "||Bells", {"subject__authority": ""}),
    ("REC-211", "title", " Letter with a blank before", {}),
    ("REC-211", "spatial", "Köln\u00a0", {}),
    ("REC-211", "identifier", "item-x\t", {}),
    ("REC-414", "extent", "#REF!", {}),
    ("REC-414", "abstract", "#NAME?", {}),
    ("REC-414", "location.shelfMark", "########", {}),
    ("REC-416", "identifier.2", "9.78E+12", {}),
    ("REC-416", "identifier.2", "9,78346E+12", {}),
    ("REC-210", "abstract", "A bell\x0b in the text", {}),
    ("REC-207", "rights.uri", "InC 1.0", {}),
    ("REC-207", "rights.uri", "rightsstatements.org/vocab/InC/1.0/", {}),
    ("REC-202", "title", "", {"title__lang": ""}),
    ("REC-203", "identifier.2.invalid", "perhaps", {}),
    ("REC-209", "subject.authority", "lc sh", {}),
]
