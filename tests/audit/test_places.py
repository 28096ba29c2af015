"""What cannot be reached, may not be read, or is gone: told apart, on real mounts and rights."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from planted_holdings import sound, write
from privileges import without_privileges

from muniment.audit.holdings import HoldingKind
from muniment.audit.looking import Looked, Task, look
from muniment.audit.outcomes import Extent, HoldingOutcome, Reader
from muniment.audit.places import mount_point, place_of
from muniment.storage.executors import InProcess


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    path = tmp_path / "archive" / "bag"
    write(path, "folder", sound(random.Random(1)))
    return path


def task_for(path: Path, kind: HoldingKind = HoldingKind.BAG) -> Task:
    """What a later run is told of what lies at a path now."""
    place = place_of(path)
    seen = look(Task(kind=kind, place=place, description=None), InProcess())
    assert seen.baseline is not None
    return Task(kind=kind, place=place, description=seen.documents[seen.baseline.document])


def again(task: Task) -> Looked:
    return look(task, InProcess())


def test_a_share_that_is_not_mounted_is_unreachable_not_missing(
    tmp_path: Path, missing: Callable[[str], NoReturn]
) -> None:
    share = tmp_path / "share"
    share.mkdir()
    if os.geteuid() != 0 or shutil.which("mount") is None:
        missing("only root can mount")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", share], check=False)
    if mounted.returncode != 0:
        missing("nothing can be mounted here")
    try:
        write(share / "bag", "folder", sound(random.Random(1)))
        task = task_for(share / "bag")
        assert (task.place.location, task.place.mounted) == (str(share), True)
        shutil.rmtree(share / "bag")
        assert again(task).check.outcome is HoldingOutcome.MISSING
    finally:
        subprocess.run(["umount", share], check=True)
    seen = again(task)
    assert seen.check.outcome is HoldingOutcome.UNREACHABLE
    assert seen.check.reason == f"{share} is not mounted"
    assert seen.check.evidence.extent is Extent.NOTHING
    assert seen.check.evidence.read_by is Reader.NOBODY


def test_a_bag_that_is_gone_from_a_folder_that_is_there_is_missing(bag: Path) -> None:
    task = task_for(bag)
    shutil.rmtree(bag)
    seen = again(task)
    assert seen.check.outcome is HoldingOutcome.MISSING
    assert [(fault.kind, fault.path) for fault in seen.faults] == [("missing", None)]


def test_a_bag_whose_folder_is_gone_too_is_unreachable(bag: Path) -> None:
    task = task_for(bag)
    shutil.rmtree(bag.parent)
    seen = again(task)
    assert seen.check.outcome is HoldingOutcome.UNREACHABLE
    assert seen.check.reason == f"{bag.parent}: No such file or directory"


@pytest.mark.parametrize("hidden", ["data/a.txt", "data", "manifest-sha256.txt", "."])
def test_what_may_not_be_read_is_denied(bag: Path, hidden: str) -> None:
    task = task_for(bag)
    (bag / hidden).chmod(0)
    with without_privileges(bag.parent):
        seen = again(task)
    (bag / hidden).chmod(0o755)
    assert seen.check.outcome is HoldingOutcome.DENIED


def test_what_lies_above_only_has_to_be_entered(bag: Path) -> None:
    task = task_for(bag)
    bag.parent.chmod(0o711)
    with without_privileges(bag.parent.parent):
        seen = again(task)
    assert seen.check.outcome is HoldingOutcome.INTACT


def test_what_lies_behind_a_closed_folder_is_denied(bag: Path) -> None:
    task = task_for(bag)
    bag.parent.chmod(0o700)
    os.chown(bag.parent, 0, 0)
    with without_privileges(bag.parent.parent):
        seen = again(task)
    assert seen.check.outcome is HoldingOutcome.DENIED


@pytest.mark.parametrize("kind", [HoldingKind.BAG, HoldingKind.FOLDER])
def test_a_file_in_the_place_of_a_folder_is_corrupt(bag: Path, kind: HoldingKind) -> None:
    task = task_for(bag, kind)
    shutil.rmtree(bag)
    bag.write_bytes(b"?")
    seen = again(task)
    assert [(fault.kind, fault.path) for fault in seen.faults] == [("corrupt", None)]


def test_a_fault_beside_what_may_not_be_read_still_counts(bag: Path) -> None:
    task = task_for(bag)
    (bag / "data" / "a.txt").chmod(0)
    (bag / "data" / "b.txt").write_bytes(b"?")
    with without_privileges(bag.parent):
        seen = again(task)
    assert (seen.check.outcome, seen.baseline) == (HoldingOutcome.CORRUPT, None)
    assert seen.check.evidence.extent is Extent.EXISTENCE
    kinds = [(fault.kind, fault.path) for fault in seen.faults]
    assert kinds == [("denied", "data/a.txt"), ("corrupt", "data/b.txt")]


def test_the_nearest_mount_point_is_the_location(tmp_path: Path) -> None:
    assert os.path.ismount(mount_point(tmp_path / "not" / "there"))
    assert mount_point(Path("/proc/self")) == "/proc"
