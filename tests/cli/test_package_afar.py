"""`package --output s3://...`: the same bag as in a folder, whole or not called a bag."""

from __future__ import annotations

from pathlib import Path

import pytest
from buckets import TestBucket
from cli_helpers import document_of, muniment
from click.testing import Result
from faulty_store import STORM, Asked, faulty_store
from object_servers import ObjectServer

DATE = ("--date", "2026-11-23", "--name", "letter")


@pytest.fixture(params=["swift", "rclone"])
def bucket(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> TestBucket:
    return TestBucket(request.getfixturevalue(request.param), monkeypatch)


@pytest.fixture
def text(letter: Path) -> Path:
    return letter / "1952-12-27-stalin-to-mao.txt"


def packaged(text: Path, record: Path, output: str | Path, *more: str) -> Result:
    options = ("--record", record, "--output", output, *DATE, "--format", "json", *more)
    return muniment("package", text, *options)


def test_the_objects_are_the_files_of_the_same_bag(
    bucket: TestBucket, text: Path, record: Path, tmp_path: Path
) -> None:
    result = packaged(text, record, f"{bucket.address}/bags")
    document = document_of(result)
    (subject,) = document["subjects"]
    where = f"{bucket.address}/bags/letter"
    assert (result.exit_code, subject["subject"], subject["state"]) == (0, where, "valid")
    assert document["result"]["bag"] == where
    assert "deposit" in subject["checks"]["run"]
    assert packaged(text, record, tmp_path).exit_code == 0
    local = {
        path.relative_to(tmp_path).as_posix(): path.read_bytes()
        for path in tmp_path.rglob("*")
        if path.is_file()
    }
    assert bucket.files("bags") == local
    assert muniment("verify", where).exit_code == 0


@pytest.mark.parametrize("form", ["tar", "tar.gz", "zip"])
def test_an_archive_is_one_object(bucket: TestBucket, text: Path, record: Path, form: str) -> None:
    assert packaged(text, record, bucket.address, "--serialize", form).exit_code == 0
    assert set(bucket.files()) == {f"letter.{form}"}
    assert muniment("verify", f"{bucket.address}/letter.{form}").exit_code == 0


@pytest.mark.parametrize("more", [(), ("--serialize", "zip")])
def test_a_bag_that_is_there_is_left(
    bucket: TestBucket, text: Path, record: Path, more: tuple[str, ...]
) -> None:
    assert packaged(text, record, bucket.address, *more).exit_code == 0
    before = bucket.files()
    result = packaged(text, record, bucket.address, *more)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "exists already and is left as it is" in result.stderr
    assert bucket.files() == before


def test_what_cannot_be_packaged_reaches_no_store(
    bucket: TestBucket, tmp_path: Path, record: Path
) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "link").symlink_to("/etc/passwd")
    result = packaged(tmp_path / "source", record, bucket.address)
    assert (result.exit_code, document_of(result)["result"]) == (1, None)
    assert bucket.files() == {}


def test_a_store_that_fails_midway_holds_no_bag_and_a_second_run_ends_it(
    swift: ObjectServer, text: Path, record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = TestBucket(swift, monkeypatch)

    def harm(asked: Asked) -> None:
        if "mods.xml" in asked.handler.path:
            asked.answer(400, STORM[1])
        else:
            asked.pass_on()

    with faulty_store(swift.endpoint) as store:
        store.harm = harm
        monkeypatch.setenv("AWS_ENDPOINT_URL", store.endpoint)
        result = packaged(text, record, bucket.address)
    (subject,) = document_of(result)["subjects"]
    assert (result.exit_code, subject["verdict"]) == (3, "unverified")
    assert "the store refuses (400 SlowDown)" in str(subject["checks"]["skipped"])
    assert "letter/bagit.txt" not in bucket.files()
    monkeypatch.setenv("AWS_ENDPOINT_URL", swift.endpoint)
    assert packaged(text, record, bucket.address).exit_code == 0
    assert muniment("verify", f"{bucket.address}/letter").exit_code == 0


@pytest.mark.parametrize("more", [("--split", "1GB"), ("--batch", "items.csv")])
def test_one_bag_a_run(text: Path, record: Path, more: tuple[str, ...]) -> None:
    result = packaged(text, record, "s3://bucket/bags", *more)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "takes one bag" in result.stderr
