"""Which files are taken for spreadsheets, by their names."""

from __future__ import annotations

import os

SHEET_SUFFIXES = frozenset({".csv", ".tsv", ".tab", ".xlsx", ".xlsm"})
STRANGE_SUFFIXES = frozenset({".xls", ".xlsb", ".ods", ".numbers"})
"""Spreadsheets that are not read, but must not be passed over."""
_TAKEN_FOR_SHEETS = SHEET_SUFFIXES | STRANGE_SUFFIXES


def is_sheet(name: str) -> bool:
    """Whether a file is taken for a spreadsheet, by the end of its name."""
    return os.path.splitext(name)[1].lower() in _TAKEN_FOR_SHEETS  # noqa: PTH122 - a name, no path
