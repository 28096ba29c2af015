"""The Merkle tree against its definition, written down plainly (RFC 6962 section 2.1)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.audit.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_from_inclusion,
    root_of,
    roots_from_consistency,
)

LARGEST = 70
LEAVES = [leaf_hash(bytes([number])) for number in range(LARGEST)]


def plain_root(leaves: Sequence[bytes]) -> bytes:
    """MTH of the standard, word by word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return node_hash(plain_root(leaves[:half]), plain_root(leaves[half:]))


def subtree(leaves: Sequence[bytes]) -> Callable[[int, int], bytes]:
    """The root of any run of the leaves."""
    return lambda first, count: plain_root(leaves[first : first + count])


ROOTS = [plain_root(LEAVES[:size]) for size in range(LARGEST + 1)]


def test_leaves_and_nodes_are_hashed_apart() -> None:
    assert leaf_hash(b"").hex() == (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    )
    assert leaf_hash(LEAVES[0] + LEAVES[1]) != node_hash(LEAVES[0], LEAVES[1])


# The tree that the implementations of certificate transparency are tried on: eight leaves.
VECTOR = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
VECTOR += ["606162636465666768696a6b6c6d6e6f"]
VECTOR_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_known_tree_of_eight_leaves(size: int) -> None:
    leaves = [leaf_hash(bytes.fromhex(each)) for each in VECTOR[:size]]
    assert root_of(leaves).hex() == VECTOR_ROOTS[size - 1]


def test_the_frontier_grows_as_the_definition_says() -> None:
    tree = Frontier()
    assert tree.root() == EMPTY_ROOT == ROOTS[0]
    for size, leaf in enumerate(LEAVES, 1):
        tree.append(leaf)
        assert tree.size == size
        assert tree.root() == ROOTS[size]
        assert len(tree.hashes) == size.bit_count()
        assert Frontier(size, tree.hashes).root() == ROOTS[size]


def test_a_frontier_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="complete subtrees"):
        Frontier(3, [ROOTS[1]])


@pytest.mark.parametrize("size", range(1, LARGEST + 1))
def test_every_leaf_is_proven_and_nothing_else(size: int) -> None:
    for place in range(size):
        path = inclusion_proof(place, size, subtree(LEAVES))
        assert len(path) <= (size - 1).bit_length()
        assert root_from_inclusion(LEAVES[place], place, size, path) == ROOTS[size]
        assert root_from_inclusion(leaf_hash(b"x"), place, size, path) != ROOTS[size]


@pytest.mark.parametrize("size", range(1, 20))
def test_a_leaf_is_proven_at_its_own_place_only(size: int) -> None:
    for place in range(size):
        path = inclusion_proof(place, size, subtree(LEAVES))
        for claimed in set(range(size)) - {place}:
            assert leads_elsewhere(LEAVES[place], claimed, size, path)


def leads_elsewhere(leaf: bytes, place: int, size: int, path: Sequence[bytes]) -> bool:
    try:
        return root_from_inclusion(leaf, place, size, path) != ROOTS[size]
    except ValueError:
        return True


@pytest.mark.parametrize("size", range(1, LARGEST + 1))
def test_every_smaller_tree_is_proven_to_be_its_beginning(size: int) -> None:
    for old in range(1, size + 1):
        proof = consistency_proof(old, size, subtree(LEAVES))
        roots = roots_from_consistency(old, size, ROOTS[old], proof)
        assert roots == (ROOTS[old], ROOTS[size])


@pytest.mark.parametrize("size", range(2, 24))
def test_a_tree_that_was_changed_does_not_go_on_from_the_old_one(size: int) -> None:
    for old in range(1, size):
        for changed in range(old):
            leaves = [*LEAVES[:changed], leaf_hash(b"x"), *LEAVES[changed + 1 : size]]
            proof = consistency_proof(old, size, subtree(leaves))
            roots = roots_from_consistency(old, size, ROOTS[old], proof)
            assert roots != (ROOTS[old], plain_root(leaves))


@given(st.data())
def test_a_path_with_one_hash_more_less_or_changed_is_refused(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, LARGEST))
    place = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size - 1))
    path = list(inclusion_proof(place, size, subtree(LEAVES)))
    proof = list(consistency_proof(old, size, subtree(LEAVES)))
    for hashes, judge in (
        (path, lambda given: root_from_inclusion(LEAVES[place], place, size, given)),
        (proof, lambda given: roots_from_consistency(old, size, ROOTS[old], given)),
    ):
        right = judge(hashes)
        at = data.draw(st.integers(0, len(hashes) - 1))
        less, more = hashes[:at] + hashes[at + 1 :], [*hashes[:at], leaf_hash(b"x"), *hashes[at:]]
        changed = [*hashes[:at], leaf_hash(b"x"), *hashes[at + 1 :]]
        assert judge(changed) != right
        for given_hashes in (less, more):
            with pytest.raises(ValueError, match=r"path|proof"):
                judge(given_hashes)


@pytest.mark.parametrize(("place", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_a_leaf_outside_the_tree_has_no_proof(place: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_proof(place, size, subtree(LEAVES))
    with pytest.raises(ValueError, match="outside"):
        root_from_inclusion(LEAVES[0], place, size, ())


@pytest.mark.parametrize(("old", "size"), [(0, 3), (4, 3)])
def test_a_tree_does_not_begin_with_an_empty_or_a_larger_one(old: int, size: int) -> None:
    with pytest.raises(ValueError, match="does not begin"):
        consistency_proof(old, size, subtree(LEAVES))
    with pytest.raises(ValueError, match="larger"):
        roots_from_consistency(old, size, ROOTS[1], ())


def test_trees_of_one_size_need_no_proof() -> None:
    assert roots_from_consistency(3, 3, ROOTS[3], ()) == (ROOTS[3], ROOTS[3])
    with pytest.raises(ValueError, match="no proof"):
        roots_from_consistency(3, 3, ROOTS[3], (ROOTS[1],))
    with pytest.raises(ValueError, match="empty"):
        roots_from_consistency(3, 4, ROOTS[3], ())
