"""A mismatch is read again, by another way than the first, before anything is called corrupt.

In a folder the system's copy of the file in memory is dropped first, and the file is read anew in
this process; an archive or a store is opened anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from muniment.bags.homes import open_bag
from muniment.storage.addresses import Home
from muniment.storage.containers import UnreachableError
from muniment.storage.executors import InProcess
from muniment.storage.hashing import new_hasher

_PIECE = 1 << 18


class Mismatch(NamedTuple):
    """A file whose digest (hex) is not the one expected; `actual` None where it was damaged."""

    path: str
    size: int
    algorithm: str
    expected: str
    actual: str | None


class SecondReading(NamedTuple):
    """What the second read gave: a digest (hex), or why it gave none."""

    digest: str | None
    reason: str | None = None


def read_again(home: Home, mismatches: Iterable[Mismatch]) -> dict[str, SecondReading]:
    """Read every file a second time; by path, what that gave."""
    if isinstance(home, Path) and home.is_dir():
        return {each.path: _read_file(home / each.path, each.algorithm) for each in mismatches}
    return dict(_read_in_container(home, list(mismatches)))


def _read_file(path: Path, algorithm: str) -> SecondReading:
    hasher = new_hasher(algorithm)
    try:
        with path.open("rb", buffering=0) as stream:
            with suppress(OSError, AttributeError):
                os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            while piece := stream.read(_PIECE):
                hasher.update(piece)
    except OSError as error:
        return SecondReading(None, error.strerror or str(error))
    return SecondReading(hasher.digest().hex())


def _read_in_container(
    home: Home, mismatches: list[Mismatch]
) -> Iterator[tuple[str, SecondReading]]:
    by_algorithm: dict[str, list[Mismatch]] = {}
    for each in mismatches:
        by_algorithm.setdefault(each.algorithm, []).append(each)
    for algorithm, some in by_algorithm.items():
        yield from _digests(home, algorithm, some)


def _digests(
    home: Home, algorithm: str, mismatches: list[Mismatch]
) -> Iterator[tuple[str, SecondReading]]:
    files = [(each.path, each.size) for each in mismatches]
    try:
        for hashed in open_bag(home).digests(files, (algorithm,), InProcess(), follow_links=True):
            for place, path in enumerate(hashed.paths):
                fault = hashed.faults.get(place)
                if fault is not None:
                    yield path, SecondReading(None, fault.reason)
                else:
                    yield path, SecondReading(hashed.digest(place, 0).hex())
    except (UnreachableError, OSError) as error:
        for each in mismatches:
            yield each.path, SecondReading(None, str(error))
