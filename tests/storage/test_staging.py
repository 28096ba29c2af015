"""All or nothing: what is built aside appears whole, or not at all."""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path

import pytest
from privileges import without_privileges

from muniment.model.errors import EnvironmentFault
from muniment.storage.staging import (
    STAGING_PREFIX,
    DestinationExistsError,
    refuse_existing,
    remove_abandoned,
    staged,
)


def leftovers(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name.startswith(STAGING_PREFIX)]


def test_what_is_published_appears_whole(tmp_path: Path) -> None:
    destination = tmp_path / "deep" / "er" / "bag"
    with staged(destination) as staging:
        (staging.folder / "x").write_bytes(b"x")
        assert not destination.exists()
        staging.make_durable()
        staging.publish()
        assert (destination / "x").read_bytes() == b"x"
    assert leftovers(destination.parent) == []


def test_what_is_not_published_leaves_nothing(tmp_path: Path) -> None:
    with staged(tmp_path / "bag") as staging:
        (staging.folder / "x").write_bytes(b"x")
    assert list(tmp_path.iterdir()) == []


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail_half_way() -> None:
        with staged(tmp_path / "bag") as staging:
            (staging.folder / "x").write_bytes(b"x")
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        fail_half_way()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["folder", "empty folder", "file", "dangling link"])
def test_what_is_there_already_is_refused_and_left(kind: str, tmp_path: Path) -> None:
    destination = tmp_path / "bag"
    if kind == "file":
        destination.write_bytes(b"mine")
    elif kind == "dangling link":
        destination.symlink_to("nowhere")
    else:
        destination.mkdir()
        if kind == "folder":
            (destination / "x").touch()
    with pytest.raises(DestinationExistsError, match="exists already"), staged(destination):
        pytest.fail("nothing may be built")
    assert os.path.lexists(destination)
    assert leftovers(tmp_path) == []
    with pytest.raises(DestinationExistsError):
        refuse_existing(destination)


@pytest.mark.parametrize("full", [True, False])
def test_what_appears_meanwhile_is_not_replaced(full: bool, tmp_path: Path) -> None:  # noqa: FBT001
    destination = tmp_path / "bag"

    def build() -> None:
        with staged(destination) as staging:
            (staging.folder / "x").write_bytes(b"x")
            destination.mkdir()
            if full:
                (destination / "theirs").touch()
            staging.publish()

    with pytest.raises(DestinationExistsError):
        build()
    assert [path.name for path in destination.iterdir()] == (["theirs"] if full else [])
    assert leftovers(tmp_path) == []


def test_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    abandoned = tmp_path / f"{STAGING_PREFIX}abc"
    (abandoned / "bag").mkdir(parents=True)
    (abandoned / "bag/x").write_bytes(b"x")
    with staged(tmp_path / "bag"):
        assert not abandoned.exists()


def test_what_a_running_one_holds_is_left(tmp_path: Path) -> None:
    with staged(tmp_path / "one") as first:
        (first.folder / "x").write_bytes(b"x")
        with staged(tmp_path / "two") as second:
            assert first.folder != second.folder
            second.publish()
        assert (first.folder / "x").exists()
        first.publish()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"]


def test_a_lock_held_by_another_process_counts(tmp_path: Path) -> None:
    held = tmp_path / f"{STAGING_PREFIX}held"
    held.mkdir()
    descriptor = os.open(held, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    remove_abandoned(tmp_path)
    assert held.exists()
    os.close(descriptor)
    remove_abandoned(tmp_path)
    assert not held.exists()


def test_other_things_are_never_removed(tmp_path: Path) -> None:
    (tmp_path / ".muniment-other").mkdir()
    (tmp_path / "muniment-staging-x").mkdir()
    remove_abandoned(tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_no_permission_is_said_with_its_place(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(0o555)
    with (
        without_privileges(tmp_path),
        pytest.raises(EnvironmentFault, match=f"{locked}.*nothing was left"),
        staged(locked / "bag"),
    ):
        pytest.fail("nothing can be built")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_said_as_such(code: int, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="no room to write"), staged(tmp_path / "bag"):
        raise OSError(code, os.strerror(code), "x")
    assert list(tmp_path.iterdir()) == []


def test_the_folder_gets_the_rights_that_the_user_gives(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with staged(tmp_path / "bag") as staging:
            staging.publish()
    finally:
        os.umask(before)
    assert (tmp_path / "bag").stat().st_mode & 0o777 == 0o755
