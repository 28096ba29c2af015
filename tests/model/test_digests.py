"""Algorithms by the names that manifests carry."""

from __future__ import annotations

import hashlib

import pytest

from muniment.model.digests import (
    DEFAULT_ALGORITHMS,
    Algorithm,
    Digest,
    digest_bytes,
    hashlib_name,
)


@pytest.mark.parametrize(
    ("manifest", "name", "size"),
    [
        ("md5", "md5", 16),
        ("sha1", "sha1", 20),
        ("sha256", "sha256", 32),
        ("sha512", "sha512", 64),
        ("sha3256", "sha3_256", 32),
        ("blake2b", "blake2b", 64),
    ],
)
def test_a_name_of_a_manifest_is_one_of_hashlibs(manifest: str, name: str, size: int) -> None:
    assert hashlib_name(manifest) == name
    assert digest_bytes(manifest) == size


@pytest.mark.parametrize("unknown", ["sha3_256", "SHA256", "sha-256", "shake128", "crc32", ""])
def test_other_names_are_unknown(unknown: str) -> None:
    assert hashlib_name(unknown) is None
    assert digest_bytes(unknown) is None


def test_everything_that_hashlib_guarantees_is_read_but_for_shake() -> None:
    read = {hashlib_name("".join(filter(str.isalnum, n))) for n in hashlib.algorithms_guaranteed}
    assert read - {None} == {n for n in hashlib.algorithms_guaranteed if "shake" not in n}


@pytest.mark.parametrize("algorithm", Algorithm)
def test_what_we_write_we_read(algorithm: Algorithm) -> None:
    assert hashlib_name(algorithm) == algorithm.value


def test_new_bags_have_what_the_standard_asks_for() -> None:
    assert set(DEFAULT_ALGORITHMS) == {Algorithm.SHA256, Algorithm.SHA512}


def test_a_digest_shows_lower_case_digits() -> None:
    assert Digest(algorithm="md5", value=b"\xab\xcd").hex == "abcd"
