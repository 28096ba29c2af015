"""Which files a person means by the paths that were given: files, folders, patterns."""

from __future__ import annotations

import glob
from collections.abc import Iterator
from pathlib import Path

from muniment.metadata.sheets import SHEET_SUFFIXES

METADATA_SUFFIXES = frozenset({".json", ".xml", ".yaml", ".yml"})
_TAKEN = METADATA_SUFFIXES | SHEET_SUFFIXES
# What a spreadsheet program lays beside a workbook that is open.
_LOCK = "~$"


def metadata_files(path: Path) -> Iterator[Path]:
    """The files to judge: a file itself, all metadata below a folder, what fits a pattern.

    A path that exists is never a pattern, whatever marks it has. Where nothing fits, the path
    itself is given back, so that it is told as missing.
    """
    if path.is_dir():
        yield from _below(path)
    elif not path.exists() and glob.has_magic(str(path)):
        yield from _fitting(path)
    else:
        yield path


def _fitting(pattern: Path) -> Iterator[Path]:
    found = sorted(glob.glob(str(pattern), recursive=True))  # noqa: PTH207 - patterns may be absolute
    if not found:
        yield pattern
    for name in found:
        path = Path(name)
        if path.is_dir():
            yield from _below(path)
        else:
            yield path


def _below(folder: Path) -> Iterator[Path]:
    for found in sorted(folder.rglob("*")):
        is_taken = found.suffix.lower() in _TAKEN and not found.name.startswith(_LOCK)
        if is_taken and found.is_file():
            yield found
