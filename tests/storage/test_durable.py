"""Names that appear whole and last, and never over something."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from muniment.storage import durable
from muniment.storage.durable import durability, fsync_path, rename_without_replacing


@pytest.fixture(params=["by the kernel", "where the kernel does not offer it"])
def _each_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param != "by the kernel":
        monkeypatch.setattr(durable, "_rename_no_replace", lambda *_: False)


def made(folder: Path) -> Path:
    folder.mkdir()
    (folder / "inside.txt").write_bytes(b"x")
    return folder


@pytest.mark.usefixtures("_each_way")
class TestRename:
    def test_a_free_name_is_taken(self, tmp_path: Path) -> None:
        rename_without_replacing(made(tmp_path / "a"), tmp_path / "b")
        assert (tmp_path / "b/inside.txt").read_bytes() == b"x"
        assert not (tmp_path / "a").exists()

    @pytest.mark.parametrize(
        "occupy",
        [
            lambda path: path.mkdir(),
            lambda path: path.write_bytes(b"mine"),
            lambda path: path.symlink_to("nowhere"),
            made,
        ],
        ids=["an empty folder", "a file", "a dangling link", "a full folder"],
    )
    def test_a_taken_name_is_left_as_it_is(
        self, occupy: Callable[[Path], object], tmp_path: Path
    ) -> None:
        source, taken = made(tmp_path / "a"), tmp_path / "b"
        occupy(taken)
        before = taken.lstat()
        with pytest.raises(FileExistsError) as raised:
            rename_without_replacing(source, taken)
        assert raised.value.filename == str(taken)
        after = taken.lstat()
        assert (before.st_ino, before.st_mode) == (after.st_ino, after.st_mode)
        assert (source / "inside.txt").exists()

    def test_a_missing_source_is_an_error_of_its_own(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            rename_without_replacing(tmp_path / "gone", tmp_path / "b")

    def test_names_that_are_not_utf_8(self, tmp_path: Path) -> None:
        target = tmp_path / os.fsdecode(b"f\xfcr")
        rename_without_replacing(made(tmp_path / "a"), target)
        assert (target / "inside.txt").exists()


def test_what_is_below_a_folder_is_made_durable(tmp_path: Path) -> None:
    with durability(tmp_path) as watch:
        made(tmp_path / "a")
        watch.make_durable()
    fsync_path(tmp_path)
    fsync_path(tmp_path / "a/inside.txt")


def test_an_error_of_the_disk_is_not_swallowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing:
        def syncfs(self, _: int) -> int:
            return -1

    monkeypatch.setattr(durable, "_libc", Failing)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("ctypes.get_errno", lambda: errno.EIO)
    with durability(tmp_path) as watch, pytest.raises(OSError, match=os.strerror(errno.EIO)):
        watch.make_durable()


def test_where_there_is_no_syncfs_every_file_and_folder_is_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(tmp_path / "a")
    made(tmp_path / "a/b")
    synced: list[str] = []
    fsync = durable.fsync_path

    def syncing(path: Path | str) -> None:
        synced.append(str(path))
        fsync(path)

    monkeypatch.setattr(durable, "fsync_path", syncing)
    durable._fsync_tree(tmp_path)
    names = {str(Path(path).relative_to(tmp_path)) for path in synced}
    assert names == {".", "a", "a/b", "a/inside.txt", "a/b/inside.txt"}
    files = [Path(path).is_file() for path in synced]
    assert files == sorted(files, reverse=True), "folders come after the files in them"
