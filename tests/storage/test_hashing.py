"""One read, many digests."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.storage.batches import BATCH_BYTES, BATCH_FILES
from muniment.storage.hashing import (
    CHUNK_BYTES,
    HashBatch,
    batched,
    digest_of,
    hash_batch,
    hash_file,
    hasher_maker,
)
from muniment.storage.opening import Opener

ALGORITHMS = ("md5", "sha1", "sha256", "sha512", "sha3256")
NAMES = {"sha3256": "sha3_256"}


def expected(data: bytes) -> tuple[bytes, ...]:
    return tuple(hashlib.new(NAMES.get(name, name), data).digest() for name in ALGORITHMS)


MAKERS = [hasher_maker(name) for name in ALGORITHMS]


@pytest.mark.parametrize(
    "size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES + 7]
)
def test_files_around_the_size_of_a_read(size: int, tmp_path: Path) -> None:
    data = os.urandom(size)
    path = tmp_path / "file"
    path.write_bytes(data)
    assert hash_file(str(path), size, MAKERS, Opener()) == (expected(data), size)


@pytest.mark.parametrize("listed", [0, 3, 10, 11, CHUNK_BYTES, 2 * CHUNK_BYTES])
def test_a_file_of_another_size_than_it_was_listed_with_is_read_whole(
    listed: int, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    assert hash_file(str(path), listed, MAKERS, Opener()) == (expected(b"0123456789"), 10)


def test_a_large_file_listed_as_small_is_read_whole(tmp_path: Path) -> None:
    data = os.urandom(CHUNK_BYTES + 5)
    path = tmp_path / "file"
    path.write_bytes(data)
    assert hash_file(str(path), 5, MAKERS, Opener()) == (expected(data), len(data))


def test_an_answer_that_is_short_is_not_taken_for_the_files_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    read = os.read
    monkeypatch.setattr(os, "read", lambda descriptor, size: read(descriptor, min(size, 4)))
    assert hash_file(str(path), 10, MAKERS, Opener()) == (expected(b"0123456789"), 10)


def test_a_batch_keeps_its_order_and_tells_of_what_could_not_be_read(tmp_path: Path) -> None:
    for name in ("a", "c"):
        (tmp_path / name).write_bytes(name.encode())
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("a")
    batch = HashBatch(
        base=str(tmp_path),
        paths=("c", "gone", "a", "folder", "link"),
        sizes=(1, 1, 1, 1, 1),
        algorithms=("md5", "sha256"),
    )
    hashed = hash_batch(batch)
    assert hashed.sizes == (1, 0, 1, 0, 0)
    assert sorted(hashed.faults) == [1, 3, 4]
    assert hashed.faults[1] == os.strerror(2)
    md5, sha256 = hashed.runs
    empty = bytes(16)
    assert md5 == b"".join((digest_of(b"c", "md5"), empty, digest_of(b"a", "md5"), empty, empty))
    assert sha256[64:96] == digest_of(b"a", "sha256")


def test_a_link_is_followed_only_when_asked(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    (tmp_path / "link").symlink_to("a")
    batch = HashBatch(
        base=str(tmp_path), paths=("link",), sizes=(0,), algorithms=("md5",), follow_links=True
    )
    assert hash_batch(batch).runs == (digest_of(b"a", "md5"),)


@given(st.lists(st.integers(0, BATCH_BYTES), max_size=60))
def test_batches_hold_everything_in_order_and_are_not_too_large(sizes: list[int]) -> None:
    files = [(f"f{number}", size) for number, size in enumerate(sizes)]
    batches = list(batched("/base", files, ["md5"]))
    joined = [pair for each in batches for pair in zip(each.paths, each.sizes, strict=True)]
    assert joined == files
    assert all(sum(each.sizes[:-1]) < BATCH_BYTES for each in batches)
    assert all(each.paths for each in batches)


def test_batches_of_small_files_are_cut_by_their_number() -> None:
    files = ((f"f{number}", 1) for number in range(BATCH_FILES * 2 + 1))
    assert [len(each.paths) for each in batched("/b", files, ["md5"])] == [
        BATCH_FILES,
        BATCH_FILES,
        1,
    ]


def test_an_unknown_algorithm_is_no_silent_choice() -> None:
    with pytest.raises(ValueError, match="madeup"):
        hasher_maker("madeup")
