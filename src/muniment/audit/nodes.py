"""The inner nodes of the tree that the ledger keeps, so that a proof of ten million is quick.

Kept are the roots of complete subtrees of 256 leaves and of every power of two above. What lies
below is made of leaf hashes when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from muniment.audit.merkle import Frontier, node_hash, root_of

LOWEST_LEVEL = 8


class Node(NamedTuple):
    """The root of the leaves [place << level, (place + 1) << level)."""

    level: int
    place: int
    hash: bytes


class GrowingTree:
    """A tree that takes leaves and gives the nodes that they complete."""

    def __init__(self, size: int, frontier: Sequence[bytes]) -> None:
        """Go on from a tree of this size. Raises ValueError where the frontier is not its own."""
        self.frontier = Frontier(size, frontier)

    def append(self, leaf: bytes) -> list[Node]:
        """Take in one more leaf, by its hash; the kept nodes that are complete with it."""
        tree, made = self.frontier, []
        node, place, level = leaf, tree.size, 0
        while place & 1:
            node = node_hash(tree.hashes.pop(), node)
            place, level = place >> 1, level + 1
            if level >= LOWEST_LEVEL:
                made.append(Node(level, place, node))
        tree.hashes.append(node)
        tree.size += 1
        return made


def subtree_root(
    first: int,
    count: int,
    *,
    node: Callable[[int, int], bytes],
    leaves: Callable[[int, int], Sequence[bytes]],
) -> bytes:
    """The root over the leaves [first, first + count), from kept nodes and from leaf hashes.

    `node(level, place)` gives a kept node, `leaves(first, count)` leaf hashes. `first` is a
    multiple of the power of two that `count` needs, as all runs of leaves in proofs are.
    """
    level = count.bit_length() - 1
    if count == 1 << level and level >= LOWEST_LEVEL and first % count == 0:
        return node(level, first >> level)
    if count <= 1 << LOWEST_LEVEL:
        return root_of(leaves(first, count))
    left = 1 << ((count - 1).bit_length() - 1)
    return node_hash(
        subtree_root(first, left, node=node, leaves=leaves),
        subtree_root(first + left, count - left, node=node, leaves=leaves),
    )
