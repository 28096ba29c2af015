"""The Merkle tree over the ledger's events (RFC 6962 section 2.1, RFC 9162 section 2.1).

Hashes are SHA-256, 32 raw bytes. A tree is named by its size, the count of its leaves. The
frontier is what appending needs: the roots of the complete subtrees, the largest first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

# What gives the root of the complete subtree of leaves [first, first + count).
SubtreeRoot = Callable[[int, int], bytes]


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf: SHA-256(0x00 || data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """A tree that grows at its right end, in memory that is logarithmic in its size."""

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        """Go on from a tree of `size` leaves. Raises ValueError where the hashes are not its."""
        if size.bit_count() != len(hashes):
            raise ValueError(f"a tree of {size} leaves has not {len(hashes)} complete subtrees")
        self.size = size
        self.hashes = list(hashes)

    def append(self, leaf: bytes) -> None:
        """Take in one more leaf, given by its hash."""
        node, size = leaf, self.size
        while size & 1:
            node = node_hash(self.hashes.pop(), node)
            size >>= 1
        self.hashes.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The root of the tree as it is now; of no leaves, the hash of nothing."""
        if not self.hashes:
            return EMPTY_ROOT
        node = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            node = node_hash(left, node)
        return node


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes."""
    tree = Frontier()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


def inclusion_proof(place: int, size: int, root: SubtreeRoot) -> tuple[bytes, ...]:
    """PATH(place, D[size]) of RFC 6962 section 2.1.1, from the leaf upwards; `place` counts from 0.

    `root(first, count)` gives the Merkle tree hash of any run of leaves it is asked for.
    """
    if not 0 <= place < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {place}")
    return tuple(_path(place, 0, size, root))


def consistency_proof(old: int, size: int, root: SubtreeRoot) -> tuple[bytes, ...]:
    """PROOF(old, D[size]) of RFC 6962 section 2.1.2: the tree of `size` begins with the old one."""
    if not 0 < old <= size:
        raise ValueError(f"a tree of {size} leaves does not begin with one of {old}")
    return tuple(_subproof(old, 0, size, root, whole=True))


def root_from_inclusion(leaf: bytes, place: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root to which an inclusion proof leads (RFC 9162 section 2.1.3.2). Raises ValueError."""
    if not 0 <= place < size:
        raise ValueError("the leaf lies outside the tree")
    node, position, last = leaf, place, size - 1
    for sibling in path:
        if last == 0:
            raise ValueError("the path is longer than the tree is high")
        if position & 1 or position == last:
            node = node_hash(sibling, node)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        position, last = position >> 1, last >> 1
    if last:
        raise ValueError("the path is shorter than the tree is high")
    return node


def roots_from_consistency(
    old: int, size: int, old_root: bytes, proof: Sequence[bytes]
) -> tuple[bytes, bytes]:
    """The old and the new root to which a consistency proof leads (RFC 9162 section 2.1.4.2).

    They are to be compared with the roots that are known. Raises ValueError.
    """
    if not 0 < old <= size:
        raise ValueError("the old tree is empty, or larger than the new one")
    if old == size:
        if proof:
            raise ValueError("trees of the same size need no proof")
        return old_root, old_root
    hashes = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not hashes:
        raise ValueError("the proof is empty")
    position, last = old - 1, size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    return _climb(hashes, position, last)


def _climb(hashes: Sequence[bytes], position: int, last: int) -> tuple[bytes, bytes]:
    """Both roots, from the last complete subtree of the old tree upwards."""
    first = second = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            raise ValueError("the proof is longer than the tree is high")
        if position & 1 or position == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        position, last = position >> 1, last >> 1
    if last:
        raise ValueError("the proof is shorter than the tree is high")
    return first, second


def _split(count: int) -> int:
    """The largest power of two below a count of two or more."""
    return 1 << ((count - 1).bit_length() - 1)


def _path(place: int, first: int, count: int, root: SubtreeRoot) -> list[bytes]:
    if count == 1:
        return []
    left = _split(count)
    if place < left:
        return [*_path(place, first, left, root), root(first + left, count - left)]
    return [*_path(place - left, first + left, count - left, root), root(first, left)]


def _subproof(old: int, first: int, count: int, root: SubtreeRoot, *, whole: bool) -> list[bytes]:
    if old == count:
        return [] if whole else [root(first, count)]
    left = _split(count)
    if old <= left:
        return [*_subproof(old, first, left, root, whole=whole), root(first + left, count - left)]
    rest = _subproof(old - left, first + left, count - left, root, whole=False)
    return [*rest, root(first, left)]
