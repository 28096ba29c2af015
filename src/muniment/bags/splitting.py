"""One payload in several bags of a group (RFC 8493 section 2.2.2, Bag-Group-Identifier, Bag-Count).

Files are taken in the order of their paths, so that neighbours stay together, and a new bag begins
where the next file would make the payload larger than the limit. Files are never cut: one that is
larger than the limit has a bag of its own. The same files and limit give the same bags.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from muniment.bags.payload import PayloadFile
from muniment.model.errors import UsageError
from muniment.model.findings import Finding, Location
from muniment.model.rules import source as rules

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The payload of one bag of a group, and which of how many it is, from 1."""

    number: int
    total: int
    files: tuple[PayloadFile, ...]

    @property
    def count(self) -> str:
        """What Bag-Count says of it."""
        return f"{self.number} of {self.total}"

    def name(self, group: str) -> str:
        """The bag's name: `letters-02of11`; a single bag keeps the name. Raises UsageError."""
        if self.total == 1:
            return group
        name = f"{group}-{self.number:0{len(str(self.total))}}of{self.total}"
        if len(name) > LONGEST_NAME:
            raise UsageError(f"{name} is longer than {LONGEST_NAME} characters; give a --name")
        return name


def split_payload(files: Sequence[PayloadFile], limit: int | None) -> tuple[Part, ...]:
    """The parts, each with at most so many bytes of payload; at least one, empty or not.

    Without a limit all is one part.
    """
    shares = [tuple(files)] if limit is None else list(_shares(files, limit)) or [()]
    return tuple(
        Part(number=number, total=len(shares), files=share)
        for number, share in enumerate(shares, 1)
    )


def _shares(files: Sequence[PayloadFile], limit: int) -> Iterator[tuple[PayloadFile, ...]]:
    start = load = 0
    for place, file in enumerate(files):
        if place > start and load + file.size > limit:
            yield tuple(files[start:place])
            start, load = place, 0
        load += file.size
    if start < len(files):
        yield tuple(files[start:])


def larger_than(files: Sequence[PayloadFile], limit: int) -> list[Finding]:
    """The files that are larger than a bag was to be."""
    return [
        Finding(
            rule=rules.LARGER_THAN_A_BAG,
            message=f"{file.source} has {file.size:,} bytes; a bag was to have {limit:,} at most",
            location=Location(path=file.source),
            evidence={"expected": limit, "actual": file.size},
        )
        for file in files
        if file.size > limit
    ]
