"""Which files a person means by the paths that were given: files, folders, patterns."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from pathlib import Path

from muniment.metadata.sheet_names import SHEET_SUFFIXES

METADATA_SUFFIXES = frozenset({".json", ".xml", ".yaml", ".yml"})
_TAKEN = METADATA_SUFFIXES | SHEET_SUFFIXES
# What a spreadsheet program lays beside a workbook that is open.
_LOCK = "~$"


def metadata_files(path: Path) -> Iterator[str]:
    """The files to judge: a file itself, all metadata below a folder, what fits a pattern.

    A path that exists is never a pattern, whatever marks it has. Where nothing fits, the path
    itself is given back, so that it is told as missing.
    """
    if path.is_dir():
        yield from _below(str(path))
    elif not path.exists() and glob.has_magic(str(path)):
        yield from _fitting(str(path))
    else:
        yield str(path)


def _fitting(pattern: str) -> Iterator[str]:
    found = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 - patterns may be absolute
    if not found:
        yield pattern
    for name in found:
        if os.path.isdir(name):  # noqa: PTH112
            yield from _below(name)
        else:
            yield name


def _below(folder: str) -> Iterator[str]:
    """All metadata below a folder, in the order of paths, and each folder that cannot be read."""
    shut: list[OSError] = []
    # Names by the ten thousand: texts are several times faster and smaller than Paths.
    walk = os.walk(folder, onerror=shut.append)
    names = (os.path.join(inner, name) for inner, _, names in walk for name in names)  # noqa: PTH118
    found = [name for name in names if _is_taken(name)]
    found += [str(error.filename) for error in shut]
    yield from sorted(found, key=lambda name: name.replace(os.sep, "\0"))


def _is_taken(name: str) -> bool:
    suffix = os.path.splitext(name)[1].lower()  # noqa: PTH122
    is_named_so = suffix in _TAKEN and not os.path.basename(name).startswith(_LOCK)  # noqa: PTH119
    return is_named_so and os.path.isfile(name)  # noqa: PTH113
