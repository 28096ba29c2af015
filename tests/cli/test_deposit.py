"""Copies laid down elsewhere: whole or told of, never over something, and gone on with."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest
from bagbuilder import Bag
from buckets import TestBucket
from cli_helpers import document_of, muniment
from faulty_store import STORM, Asked, faulty_store
from object_servers import ObjectServer
from sftp_server import SftpServer, sftp_server

from muniment.storage.object_reading import RANGE_BYTES

BIG = bytes(range(251)) * (2 * RANGE_BYTES // 251 + 1)


def bag() -> Bag:
    """A bag with an odd name and a file of several parts."""
    payload = {"data/hello.txt": b"Hello\n", "data/a b/%41 \xe9.txt": b"odd\n", "data/big": BIG}
    return Bag(payload=payload).seal()


@dataclass(frozen=True, slots=True)
class Target:
    """A place for copies, and how to look into it."""

    address: str
    place: Path | TestBucket

    def files(self, name: str = "letter") -> dict[str, bytes]:
        """What lies below a name there."""
        if isinstance(self.place, TestBucket):
            return self.place.files(f"bags/{name}")
        root = self.place / name
        return {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in root.rglob("*")
            if path.is_file()
        }

    def put(self, path: str, content: bytes) -> None:
        """Lay something down there."""
        if isinstance(self.place, TestBucket):
            self.place.put("bags/letter", {path: content})
            return
        target = self.place / "letter" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


@pytest.fixture(scope="session")
def sftp(
    tmp_path_factory: pytest.TempPathFactory, missing: Callable[[str], NoReturn]
) -> Iterator[SftpServer]:
    if importlib.util.find_spec("asyncssh") is None:
        missing("asyncssh is not installed")
    with sftp_server(tmp_path_factory.mktemp("sftp")) as server:
        yield server


@pytest.fixture(params=["folder", "swift", "rclone", "sftp"])
def target(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Target:
    if request.param == "folder":
        return Target(str(tmp_path / "shelf"), tmp_path / "shelf")
    running = request.getfixturevalue(request.param)
    if isinstance(running, SftpServer):
        monkeypatch.setenv("HOME", str(running.home))
        own = running.folder / "bags" / tmp_path.name
        return Target(f"{running.address}/{tmp_path.name}", own)
    bucket = TestBucket(running, monkeypatch)
    return Target(f"{bucket.address}/bags", bucket)


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    return bag().write(tmp_path / "letter")


def deposited(letter: Path, target: Target, *options: str) -> tuple[int, dict[str, Any]]:
    result = muniment("deposit", letter, target.address, *options, "--format", "json")
    return result.exit_code, document_of(result)


def findings_of(document: dict[str, Any]) -> list[tuple[str, str | None]]:
    (subject,) = document["subjects"]
    return [(f["rule"], f["location"]["path"]) for f in subject["findings"]]


def test_a_copy_is_the_bag_and_has_a_receipt(letter: Path, target: Target) -> None:
    code, document = deposited(letter, target)
    files = bag().files
    assert (code, document["verdict"]) == (0, "pass")
    assert target.files() == files
    result = document["result"]
    octets = sum(map(len, files.values()))
    assert result["deposited"] == {"files": len(files), "octets": octets}
    assert result["kept"] == {"files": 0, "octets": 0}
    assert (result["name"], result["evidence"]) == ("letter", "read back")
    assert result["target"].endswith("/letter")
    sealed = hashlib.sha256(files["tagmanifest-sha256.txt"]).hexdigest()
    assert result["digests"] == [
        {"path": "tagmanifest-sha256.txt", "algorithm": "sha256", "digest": sealed}
    ]


def test_a_second_run_keeps_what_is_there_and_the_same(letter: Path, target: Target) -> None:
    files = bag().files
    for path in ("data/big", "manifest-sha256.txt"):
        target.put(path, files[path])
    code, document = deposited(letter, target)
    assert (code, document["result"]["kept"]["files"]) == (0, 2)
    assert target.files() == files
    code, document = deposited(letter, target)
    assert (code, document["result"]["deposited"]["files"]) == (0, 0)
    assert document["result"]["kept"]["files"] == len(files)


def test_what_is_there_and_different_is_told_and_left(letter: Path, target: Target) -> None:
    there = {
        "data/hello.txt": b"Hallo\n",  # of the same size
        "manifest-sha256.txt": b"shorter",
        "data/foreign.txt": b"of another bag",
    }
    for path, content in there.items():
        target.put(path, content)
    code, document = deposited(letter, target)
    assert (code, document["result"]) == (1, None)
    assert sorted(each for each in findings_of(document) if each[0] < "DEP-3") == [
        ("DEP-101", "data/hello.txt"),
        ("DEP-101", "manifest-sha256.txt"),
        ("DEP-102", "data/foreign.txt"),
    ]
    assert target.files() == there, "nothing was overwritten, and nothing sent"


def test_an_archive_is_one_file(letter: Path, target: Target, tmp_path: Path) -> None:
    archive = bag().write_zip(tmp_path / "letter.zip", "letter")
    code, document = deposited(archive, target)
    assert (code, document["result"]["name"]) == (0, "letter")
    assert document["result"]["target"].endswith("/letter.zip")
    (own,) = document["result"]["digests"]
    assert own["path"] == "letter.zip"
    assert own["digest"] == hashlib.sha256(archive.read_bytes()).hexdigest()
    code, document = deposited(archive, target)
    assert (code, document["result"]["kept"]["files"]) == (0, 1)
    if isinstance(target.place, TestBucket):
        assert target.place.files("bags") == {"letter.zip": archive.read_bytes()}
    else:
        assert (target.place / "letter.zip").read_bytes() == archive.read_bytes()
    assert letter.is_dir()


@pytest.mark.parametrize("harm", [("data/hello.txt", b"Hallo\n"), ("bag-info.txt", b"other: x\n")])
def test_a_bag_that_does_not_verify_never_goes(
    letter: Path, tmp_path: Path, harm: tuple[str, bytes]
) -> None:
    (letter / harm[0]).write_bytes(harm[1])
    target = Target(str(tmp_path / "shelf"), tmp_path / "shelf")
    code, document = deposited(letter, target)
    assert (code, document["result"]) == (1, None)
    assert not (tmp_path / "shelf").exists()


def test_what_a_service_checks_is_tried(
    letter: Path, swift: ObjectServer, rclone: ObjectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for server, checks, rules in (
        (swift, True, []),
        (rclone, False, [("DEP-301", None), ("DEP-302", None)]),
    ):
        bucket = TestBucket(server, monkeypatch)
        code, document = deposited(letter, Target(f"{bucket.address}/bags", bucket))
        assert code == 0
        assert document["result"]["service"] == {"checks_sha256": checks, "create_only": checks}
        assert findings_of(document) == rules
        assert set(bucket.files()) == {f"bags/letter/{path}" for path in bag().files}, (
            "the trial left something"
        )


def test_the_receipt_is_told_to_people(
    letter: Path, swift: ObjectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = TestBucket(swift, monkeypatch)
    result = muniment("deposit", letter, bucket.address)
    assert f"  target: {bucket.address}/letter\n" in result.stdout
    assert "  service:\n    checks sha256: yes\n    create only: yes\n" in result.stdout
    assert "  kept: 0 files, 0 octets\n" in result.stdout


def test_a_service_is_trusted_only_where_it_checks(
    letter: Path, swift: ObjectServer, rclone: ObjectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for server, evidence in (
        (swift, "checked by the service on receipt"),
        (rclone, "read back"),
    ):
        bucket = TestBucket(server, monkeypatch)
        target = Target(f"{bucket.address}/bags", bucket)
        code, document = deposited(letter, target, "--trust-service")
        assert (code, document["result"]["evidence"]) == (0, evidence)


def test_a_copy_cut_short_is_no_bag_and_is_gone_on_with(
    letter: Path, swift: ObjectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = TestBucket(swift, monkeypatch)
    target = Target(f"{bucket.address}/bags", bucket)
    with faulty_store(swift.endpoint) as store:
        monkeypatch.setenv("AWS_ENDPOINT_URL", store.endpoint)

        def harm(asked: Asked) -> None:
            if "hello.txt" in asked.handler.path:
                asked.answer(*STORM)
            else:
                asked.pass_on()

        store.harm = harm
        code, document = deposited(letter, target, "--timeout", "1")
    (subject,) = document["subjects"]
    assert (code, subject["verdict"], document["result"]) == (3, "unverified", None)
    (reason,) = [s["reason"] for s in subject["checks"]["skipped"] if s["check"] == "deposit"]
    assert "503 SlowDown" in reason
    assert "a second run goes on from there" in reason
    assert "bagit.txt" not in target.files(), "it looks like a bag"
    monkeypatch.setenv("AWS_ENDPOINT_URL", swift.endpoint)
    code, document = deposited(letter, target)
    assert (code, target.files()) == (0, bag().files)


def test_bytes_harmed_by_the_store_are_found_by_reading_back(
    letter: Path, rclone: ObjectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bytes are changed on the server's disk as soon as it has taken them in."""
    bucket = TestBucket(rclone, monkeypatch)
    with faulty_store(rclone.endpoint) as store:
        monkeypatch.setenv("AWS_ENDPOINT_URL", store.endpoint)

        def harm(asked: Asked) -> None:
            stored = rclone.data / bucket.name / "bags/letter/data/hello.txt"
            written = asked.handler.command == "PUT" and "hello.txt" in asked.handler.path
            asked.pass_on(then=lambda: written and stored.write_bytes(b"Jello\n"))

        store.harm = harm
        code, document = deposited(letter, Target(f"{bucket.address}/bags", bucket))
    assert (code, document["result"]) == (1, None)
    assert ("DEP-201", "data/hello.txt") in findings_of(document)
    assert "bags/letter/bagit.txt" not in bucket.files(), "what is harmed is no bag"


@pytest.mark.parametrize("path", ["data/hello.txt", "data/big"])
def test_a_bag_that_changes_after_it_was_verified_is_not_sent(
    letter: Path, swift: ObjectServer, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """What arrives is what was verified, though it may be read a while later."""
    bucket = TestBucket(swift, monkeypatch)
    target = Target(f"{bucket.address}/bags", bucket)

    def harm(asked: Asked) -> None:
        if asked.number == 0:  # the bag has been verified by now
            content = (letter / path).read_bytes()
            (letter / path).write_bytes(content[:-1] + b"!")
        asked.pass_on()

    with faulty_store(swift.endpoint) as store:
        store.harm = harm
        monkeypatch.setenv("AWS_ENDPOINT_URL", store.endpoint)
        code, document = deposited(letter, target)
    (subject,) = document["subjects"]
    assert (code, subject["verdict"], subject["findings"]) == (3, "unverified", [])
    assert f"{letter / path} changed while it was deposited" in str(subject["checks"]["skipped"])
    assert not {path, "bagit.txt"} & target.files().keys()


def test_a_host_that_is_not_known_is_refused(
    letter: Path, sftp: SftpServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home" / ".ssh").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    code, document = deposited(letter, Target(sftp.address, sftp.folder))
    (subject,) = document["subjects"]
    assert code == 3
    assert "the host's key is not the one that is known" in str(subject["checks"]["skipped"])


def test_a_key_that_is_not_known_is_refused(
    letter: Path, sftp: SftpServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ssh = tmp_path / "home" / ".ssh"
    ssh.mkdir(parents=True)
    (ssh / "known_hosts").write_bytes((sftp.home / ".ssh" / "known_hosts").read_bytes())
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    code, document = deposited(letter, Target(sftp.address, sftp.folder))
    (subject,) = document["subjects"]
    assert code == 3
    assert "login is refused" in str(subject["checks"]["skipped"])


def test_a_copy_beside_itself_is_wrong_usage(letter: Path, tmp_path: Path) -> None:
    for target in (tmp_path, letter):
        result = muniment("deposit", letter, target)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "a copy belongs elsewhere" in result.stderr


def test_a_bag_without_payload_goes_as_an_archive_only(tmp_path: Path) -> None:
    empty = Bag(payload={}).seal().write(tmp_path / "empty")
    result = muniment("deposit", empty, tmp_path / "shelf")
    assert result.exit_code == 2
    assert "deposit it as an archive" in result.stderr
    archive = Bag(payload={}).seal().write_tar(tmp_path / "empty.tar", "empty")
    assert muniment("deposit", archive, tmp_path / "shelf").exit_code == 0


def test_nothing_to_deposit_is_unverified(tmp_path: Path) -> None:
    result = muniment("deposit", tmp_path / "none", tmp_path / "shelf", "--format", "json")
    assert (result.exit_code, document_of(result)["verdict"]) == (3, "unverified")
