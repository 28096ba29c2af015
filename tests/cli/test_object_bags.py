"""Bags in object stores by the command: right ones, harmed ones, and addresses that are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from bagbuilder import Bag
from buckets import TestBucket
from cli_helpers import document_of, muniment

SERVERS = ("swift", "rclone")


@pytest.fixture(params=SERVERS)
def bucket(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> TestBucket:
    return TestBucket(request.getfixturevalue(request.param), monkeypatch)


def found_in(address: str, *options: str) -> tuple[int, list[tuple[str, str]]]:
    """The exit code, and rule and path of each finding."""
    result = muniment("verify", address, *options, "--format", "json")
    (subject,) = document_of(result)["subjects"]
    assert subject["subject"] == address
    return result.exit_code, [(f["rule"], f["location"]["path"]) for f in subject["findings"]]


def own_bag() -> Bag:
    """No two of its files have the same bytes, nor any other bag's of the server."""
    own_bag.number += 1  # type: ignore[attr-defined]
    number = own_bag.number  # type: ignore[attr-defined]
    payload = {f"data/{name}": f"{name} of bag {number}\n".encode() for name in ("a", "b", "c")}
    return Bag(payload=payload, info=(("External-Identifier", f"bag {number}"),)).seal()


own_bag.number = 0  # type: ignore[attr-defined]


def test_the_state_of_a_whole_bag_is_valid_and_quick_reads_no_payload(bucket: TestBucket) -> None:
    address = bucket.put("some/letter", own_bag().files)
    (subject,) = document_of(muniment("verify", address, "--format", "json"))["subjects"]
    assert (subject["state"], subject["verdict"]) == ("valid", "pass")
    (subject,) = document_of(muniment("verify", address, "--quick", "--format", "json"))["subjects"]
    assert (subject["state"], subject["verdict"]) == ("complete", "pass")


@pytest.mark.parametrize("path", ["data/a", "bag-info.txt"])
def test_a_flipped_byte_in_a_stored_object_is_found(bucket: TestBucket, path: str) -> None:
    bag = own_bag()
    address = bucket.put("letter", bag.files)
    bucket.flip(bag.files[path])
    rule = "BAG-301" if path.startswith("data/") else "BAG-302"
    code, found = found_in(address)
    assert (code, (rule, path) in found) == (1, True)


def test_each_of_several_flipped_bytes_is_found_at_the_first_look(bucket: TestBucket) -> None:
    """Swift gives the harmed bytes once and hides the object then: the first look must suffice."""
    bag = own_bag()
    address = bucket.put("letter", bag.files)
    harmed = ["data/a", "data/c", "manifest-sha256.txt"]
    for path in harmed:
        bucket.flip(bag.files[path])
    code, found = found_in(address)
    assert code == 1
    assert {("BAG-301", "data/c"), ("BAG-302", "manifest-sha256.txt")} <= set(found)
    # The first digit of the manifest's first line was the flipped byte, so data/a differs twice.
    assert ("BAG-301", "data/a") in found
    code, _ = found_in(address)
    assert code != 0, "what was corrupt once never passes"


def test_what_the_store_hides_afterwards_is_not_called_missing(
    swift: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = TestBucket(swift, monkeypatch)  # type: ignore[arg-type]
    bag = own_bag()
    address = bucket.put("letter", bag.files)
    bucket.flip(bag.files["data/b"])
    assert found_in(address) == (1, [("BAG-301", "data/b")])
    assert found_in(address) == (3, [("BAG-303", "data/b")])


@pytest.mark.parametrize("ending", ["tar", "tar.gz", "zip"])
def test_a_flipped_byte_in_an_archive_object_is_found(
    bucket: TestBucket, tmp_path: Path, ending: str
) -> None:
    bag = own_bag()
    whole = bag.files["data/b"]
    bag.put("data/b", bytes([whole[0] ^ 1]) + whole[1:])
    path = tmp_path / f"letter.{ending}"
    if ending == "zip":
        bag.write_zip(path, "letter")
    else:
        bag.write_tar(path, "letter", "w:gz" if ending == "tar.gz" else "w")
    assert found_in(bucket.put_file(path.name, path)) == (1, [("BAG-301", "data/b")])


def test_a_truncated_archive_object_is_damaged(bucket: TestBucket, tmp_path: Path) -> None:
    path = own_bag().write_tar(tmp_path / "letter.tar.gz", "letter", "w:gz")
    path.write_bytes(path.read_bytes()[:-20])
    code, found = found_in(bucket.put_file(path.name, path))
    assert code == 1
    assert any(rule == "BAG-424" or rule.startswith("BAG-4") for rule, _ in found)


def test_missing_and_added_objects_are_found(bucket: TestBucket) -> None:
    bag = own_bag().drop("data/b").put("data/d", b"added")
    code, found = found_in(bucket.put("letter", bag.files))
    assert (code, sorted(found)) == (
        1,
        [("BAG-201", "data/b"), ("BAG-202", "data/d")],
    )


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://host.invalid/bag.zip?X-Amz-Signature=s3cr3t", "what follows ? or #"),
        ("https://me:s3cr3t@host.invalid/bag.zip", "a user or password in an address"),
        ("s3://key:s3cr3t@bucket/bag", "a user or password in an address"),
        ("s3:///bag", "names no bucket or host"),
        ("s3://bucket/a/../b", "no plain address"),
        ("ftp://me:s3cr3t@host.invalid/bag", "ftp:// is no address that is known here"),
        ("sftp://me:s3cr3t@host.invalid/bag", "a user or password in an address"),
        ("sftp://me@host.invalid/bag", "a bag is not read over sftp://"),
    ],
)
def test_an_address_that_is_refused_is_wrong_usage_and_not_repeated(
    address: str, said: str
) -> None:
    result = muniment("verify", address)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert "s3cr3t" not in result.stderr


def test_without_obstore_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "obstore", None)
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    result = muniment("verify", "s3://bucket/bag")
    assert result.exit_code == 2
    assert 's3:// needs an optional part: pip install "muniment[s3]"' in result.stderr
