"""A deposit killed at any moment: no half copy is called a bag, and a second run ends it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from bagbuilder import Bag
from buckets import TestBucket
from object_servers import ObjectServer
from web import wait_until

from muniment.bags.homes import open_bag
from muniment.model.findings import Verdict
from muniment.storage.addresses import home_of
from muniment.storage.containers import Container, GoneError
from muniment.storage.depots import PART
from muniment.workflow import verify

FILES = 200


def bag() -> Bag:
    payload = {f"data/{number:03}.txt": f"file {number}\n".encode() for number in range(FILES)}
    return Bag(payload=payload).seal()


def started(letter: Path, target: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "muniment", "deposit", str(letter), target]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def killed_when(process: subprocess.Popen[bytes], holds: Callable[[], bool]) -> None:
    """SIGKILL as soon as something is so, or when it is over already."""
    wait_until(lambda: process.poll() is not None or holds(), 60)
    process.kill()
    process.wait()


def is_complete(container: Container) -> bool:
    """Whether every file of the bag is there."""
    found = {path for listing in container.listings() for path, _ in listing.files}
    return bag().files.keys() <= found


@pytest.mark.parametrize("least", [1, 60, 150, FILES + 3])
def test_a_killed_deposit_to_a_folder(tmp_path: Path, least: int) -> None:
    letter, copy = bag().write(tmp_path / "letter"), tmp_path / "shelf" / "letter"
    process = started(letter, str(tmp_path / "shelf"))
    killed_when(process, lambda: len([p for p in copy.rglob("*") if p.is_file()]) >= least)
    if (copy / "bagit.txt").exists():
        assert is_complete(open_bag(copy))
    assert started(letter, str(tmp_path / "shelf")).wait(60) == 0
    assert verify([copy]).verdict() is Verdict.PASS
    assert [path for path in copy.rglob("*") if path.name.startswith(PART)] == []


@pytest.mark.parametrize("least", [1, 100])
def test_a_killed_deposit_to_an_object_store(
    rclone: ObjectServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, least: int
) -> None:
    bucket = TestBucket(rclone, monkeypatch)
    letter = bag().write(tmp_path / "letter")
    process = started(letter, bucket.address)
    stored = rclone.data / bucket.name / "letter"
    killed_when(process, lambda: sum(len(files) for *_, files in os.walk(stored)) >= least)
    copy = home_of(f"{bucket.address}/letter")
    try:
        container = open_bag(copy)
    except GoneError:
        assert least == 1
    else:
        assert "bagit.txt" not in container.top() or is_complete(container)
    assert started(letter, bucket.address).wait(60) == 0
    assert verify([copy]).verdict() is Verdict.PASS
