"""Lists of what to package: one path after another, parted by NUL or by line ends.

A list with a NUL in it is parted by NULs (`find -print0`), any other by LF or CRLF; empty lines and
a byte order mark say nothing. Paths are relative to the list's folder, and are kept below `data/`
as they stand: `letters/1952/a.txt` becomes `data/letters/1952/a.txt`.
"""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from muniment.model.errors import EnvironmentFault


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceList:
    """A list as it was given: the folder its paths start from, and its bytes.

    `file` is where it was read, None for standard input.
    """

    base: Path
    data: bytes
    file: Path | None = None

    @property
    def name(self) -> str:
        """What to call the list."""
        return "standard input" if self.file is None else str(self.file)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One path of a list, from its folder, with `/`; None where it leads out of that folder.

    `number` counts from 1: lines, or paths where NULs part them. The folder itself is "".
    """

    number: int
    given: str
    path: str | None


def read_source_list(path: Path) -> SourceList:
    """Read a list from a file. Raises EnvironmentFault."""
    try:
        return SourceList(base=path.parent, data=path.read_bytes(), file=path)
    except OSError as error:
        raise EnvironmentFault(f"{path}: {error.strerror}") from error


def listed(source_list: SourceList) -> Iterator[Listed]:
    """The paths of a list, in its order."""
    base = os.path.abspath(source_list.base)
    data = source_list.data.removeprefix(codecs.BOM_UTF8)
    separator = b"\0" if b"\0" in data else b"\n"
    for number, entry in enumerate(data.split(separator), 1):
        given = os.fsdecode(entry if separator == b"\0" else entry.removesuffix(b"\r"))
        if given:
            yield Listed(number=number, given=given, path=_below(base, given))


def _below(base: str, given: str) -> str | None:
    if ".." in given.split(os.sep):
        return None
    full = os.path.normpath(os.path.join(base, given))
    if full == base:
        return ""
    inside = base.rstrip(os.sep) + os.sep
    return full.removeprefix(inside).replace(os.sep, "/") if full.startswith(inside) else None
