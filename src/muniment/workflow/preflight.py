"""What is looked at before the first byte is written, beside the record and the sources.

The bag's name, date, algorithms and bag-info.txt have been judged when there is a plan.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from muniment.bags.payload import PayloadFile
from muniment.bags.plan import Plan
from muniment.model.digests import Algorithm
from muniment.model.errors import UsageError
from muniment.model.findings import Finding, Location
from muniment.model.rules import source as rules
from muniment.storage.hashing import new_hasher

# What a tag file may take beside the manifests, and what one line of a manifest takes beside its
# path and digest.
_TAG_FILE_BYTES = 4096
_LINE_BYTES = 3
_LONGEST_NAME = 255
_LONGEST_PATH = 4095


def refuse_output_in_source(output: Path, sources: Sequence[Path]) -> None:
    """A bag that appears in its own source would be packaged with it the next time.

    Raises UsageError.
    """
    for source in sources:
        if source.is_dir() and output.resolve().is_relative_to(source.resolve()):
            message = (
                f"--output {output} lies in the source {source}; choose a folder outside of it"
            )
            raise UsageError(message)


def check_algorithms(algorithms: Sequence[Algorithm]) -> None:
    """Some installations of Python lack some. Raises UsageError."""
    for algorithm in algorithms:
        try:
            new_hasher(algorithm)
        except ValueError as error:
            raise UsageError(f"{algorithm} cannot be computed here: {error}") from error


def octets_of(plan: Plan, *, payload: bool = True) -> int:
    """The bytes that a bag will have, or its tag files alone, near enough to ask for room."""
    paths = sum(len(file.path) + _LINE_BYTES for file in plan.payload)
    digests = sum(2 * len(new_hasher(algorithm).digest()) for algorithm in plan.algorithms)
    manifests = len(plan.algorithms) * paths + len(plan.payload) * digests
    tag_files = sum(len(file.content) + _TAG_FILE_BYTES for file in plan.tag_files)
    return manifests + tag_files + (plan.oxum.octets if payload else 0)


def paths_too_long(files: Sequence[PayloadFile], folder: Path) -> Iterator[Finding]:
    """The files whose names or paths the file system cannot hold below a folder.

    The folder need not exist yet: its nearest existing parent is asked.
    """
    longest_name, longest_path = _limits(folder)
    base = len(os.fsencode(folder.absolute())) + 1
    # A character has four bytes at most: what is shorter than this needs no closer look.
    careless = min(longest_name, longest_path - base) // 4
    for file in files:
        if len(file.path) <= careless:
            continue
        path = os.fsencode(file.path)
        name = max(map(len, path.split(b"/")))
        if name > longest_name:
            yield _too_long(file, f"a name has {name} bytes", longest_name, name)
        elif base + len(path) > longest_path:
            length = base + len(path)
            yield _too_long(file, f"the whole path has {length} bytes", longest_path, length)


def _too_long(file: PayloadFile, what: str, limit: int, actual: int) -> Finding:
    return Finding(
        rule=rules.PATH_TOO_LONG,
        message=f"{file.path}: {what}; {limit} is the longest that can be written",
        location=Location(path=file.source),
        evidence={"expected": limit, "actual": actual},
    )


def _limits(folder: Path) -> tuple[int, int]:
    """The longest name and path in bytes, as the file system says where it says so."""
    existing = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    try:
        name = os.pathconf(existing, "PC_NAME_MAX")
    except (AttributeError, OSError, ValueError):
        name = _LONGEST_NAME
    return (name if name > 0 else _LONGEST_NAME), _LONGEST_PATH
