"""Makes the tree anew from the stored leaf hashes, and compares what the ledger keeps of it.

The roots of 256 leaves are made in parallel from aligned ranges; all above is made of them here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa

from muniment.audit.checking_share import snapshot
from muniment.audit.ledger_findings import LedgerFindings
from muniment.audit.merkle import node_hash
from muniment.audit.nodes import LOWEST_LEVEL, subtree_root
from muniment.audit.opening import faults_told
from muniment.audit.tables import events
from muniment.model.rules import ledger as rules

RANGE = 1 << 16
# Gives the stored hashes of the leaves [first, first + count).
StoredLeaves: TypeAlias = Callable[[int, int], Sequence[bytes]]
_BLOCK = 1 << LOWEST_LEVEL


class Range(NamedTuple):
    """The events [first, first + length); `first` is a multiple of `RANGE`."""

    url: str
    first: int
    length: int


class Leaves(NamedTuple):
    """The roots of a range's whole blocks of 256, the leaf hashes after them, and what lacks.

    Where `missing` names a number, nothing after it can be told.
    """

    roots: list[bytes]
    rest: list[bytes]
    missing: int | None


def ranges(url: str, size: int) -> list[Range]:
    """All events, in aligned ranges."""
    return [Range(url, first, min(RANGE, size - first)) for first in range(0, size, RANGE)]


def read_leaves(wanted: Range) -> Leaves:
    """The tree's lowest part over a range. Raises EnvironmentFault."""
    query = (
        sa.select(events.c.number, events.c.leaf_hash)
        .where(events.c.number >= wanted.first, events.c.number < wanted.first + wanted.length)
        .order_by(events.c.number)
    )
    with faults_told(wanted.url), snapshot(wanted.url) as connection:
        cursor = connection.execute(query).cursor
        rows = [] if cursor is None else cursor.fetchall()
    return leaves_of(rows, wanted.first, wanted.length)


def leaves_of(rows: Sequence[Sequence[Any]], first: int, count: int) -> Leaves:
    """The same of rows of number and leaf hash, the smallest number first."""
    numbers = [row[0] for row in rows]
    missing = None
    if numbers != list(range(first, first + count)):
        there = set(numbers)
        missing = next(number for number in range(first, first + count) if number not in there)
    hashes = [row[1] for row in rows[: count if missing is None else missing - first]]
    whole = len(hashes) - len(hashes) % _BLOCK
    roots = [_block_root(hashes[at : at + _BLOCK]) for at in range(0, whole, _BLOCK)]
    return Leaves(roots, hashes[whole:], missing)


def _block_root(hashes: Sequence[bytes]) -> bytes:
    """The root over a power of two of leaf hashes, a level at a time."""
    sha256 = hashlib.sha256
    level = list(hashes)
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=True)
        level = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
    return level[0]


class Tree:
    """The tree over the first `whole` events: all of them, unless numbers are missing."""

    def __init__(self, parts: Iterable[Leaves]) -> None:
        """Put the parts together, in their order, up to the first number that is missing."""
        self._nodes: dict[tuple[int, int], bytes] = {}
        self.missing: int | None = None
        self._rest: list[bytes] = []
        roots: list[bytes] = []
        for part in parts:
            roots += part.roots
            self._rest = part.rest
            self.missing = part.missing
            if part.missing is not None:
                break
        self._blocks = len(roots)
        self.whole = self._blocks * _BLOCK + len(self._rest)
        self._grow(roots)

    def _grow(self, roots: list[bytes]) -> None:
        level = LOWEST_LEVEL
        while roots:
            self._nodes |= {(level, place): root for place, root in enumerate(roots)}
            pairs = zip(roots[::2], roots[1::2], strict=False)
            roots, level = [node_hash(left, right) for left, right in pairs], level + 1

    def nodes(self) -> dict[tuple[int, int], bytes]:
        """The complete subtrees of 256 leaves and more, by level and place."""
        return self._nodes

    def frontier(self) -> bytes:
        """What the head keeps: the roots of the complete subtrees, the largest first."""
        first, found = 0, []
        for level in reversed(range(self.whole.bit_length())):
            count = 1 << level
            if self.whole & count:
                found.append(self._root(first, count, self._last_leaves))
                first += count
        return b"".join(found)

    def root(self, size: int, leaves: StoredLeaves) -> bytes:
        """The root over the first `size` events, of one at least and `whole` at most."""
        return self._root(0, size, leaves)

    def compare(self, stored: Mapping[tuple[int, int], bytes], findings: LedgerFindings) -> None:
        """Tell of stored nodes that differ, lack, or stand there without events.

        After a gap in the numbers nothing of the kind can be told.
        """
        for (level, place), root in self._nodes.items():
            if stored.get((level, place)) != root:
                state = "is another" if (level, place) in stored else "lacks"
                first, last = place << level, (place + 1 << level) - 1
                message = f"the node over the events {first:,} to {last:,} {state}"
                findings.add(rules.TREE, message, f"node {level}/{place}", order=first)
        for level, place in stored.keys() - self._nodes.keys() if self.missing is None else ():
            message = f"the node {level}/{place} stands there, and there are no such events"
            findings.add(rules.TREE, message, f"node {level}/{place}")

    def _root(self, first: int, count: int, leaves: StoredLeaves) -> bytes:
        return subtree_root(
            first, count, node=lambda level, place: self._nodes[level, place], leaves=leaves
        )

    def _last_leaves(self, first: int, count: int) -> Sequence[bytes]:
        start = first - self._blocks * _BLOCK
        return self._rest[start : start + count]
