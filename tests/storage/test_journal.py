"""Several files changed as one: what is on the disk before, while and after."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from muniment.model.errors import EnvironmentFault
from muniment.storage import journal as journal_module
from muniment.storage.journal import Journal, side_folder, sole_writer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder to change: two files at its top, one below."""
    folder = tmp_path / "folder"
    (folder / "inner").mkdir(parents=True)
    (folder / "a").write_bytes(b"old a")
    (folder / "b").write_bytes(b"old b")
    (folder / "inner" / "c").write_bytes(b"old c")
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def names_beside(folder: Path) -> list[str]:
    return [path.name for path in folder.parent.iterdir()]


OLD = {"a": b"old a", "b": b"old b", "inner/c": b"old c"}
NEW = {"a": b"new a", "b": b"old b", "fresh/d": b"new d"}


def write(new: Path) -> None:
    (new / "fresh").mkdir()
    (new / "a").write_bytes(b"new a")
    (new / "fresh" / "d").write_bytes(b"new d")


def test_nothing_changes_before_it_is_carried_out(folder: Path) -> None:
    journal = Journal(folder, "test")
    with journal.prepared() as new:
        write(new)
        swap = journal.seal(remove=("inner/c",), note={"who": "a test"})
        assert tree(folder) == OLD
        journal.carry_out(swap)
    assert tree(folder) == NEW
    assert not (folder / "inner").exists()
    assert names_beside(folder) == ["folder"]


def test_what_was_not_sealed_is_dropped(folder: Path) -> None:
    journal = Journal(folder, "test")
    with journal.prepared() as new:
        write(new)
    assert tree(folder) == OLD
    assert names_beside(folder) == ["folder"]
    assert journal.unfinished() is None


def test_what_was_sealed_is_found_and_finished_by_the_next_run(folder: Path) -> None:
    journal = Journal(folder, "test")
    with journal.prepared() as new:
        write(new)
        journal.seal(remove=("inner/c",), note={"who": "a test"})
    later = Journal(folder, "test")
    swap = later.unfinished()
    assert swap is not None
    assert swap.note == {"who": "a test"}
    later.carry_out(swap)
    assert tree(folder) == NEW
    assert later.unfinished() is None


@pytest.mark.parametrize("done", ["a", "fresh/d", "inner/c"])
def test_a_step_that_was_done_already_is_not_done_again(folder: Path, done: str) -> None:
    journal = Journal(folder, "test")
    with journal.prepared() as new:
        write(new)
        swap = journal.seal(remove=("inner/c",), note={})
    if done == "inner/c":
        (folder / done).unlink()
    else:
        (folder / done).parent.mkdir(exist_ok=True)
        (journal.new / done).replace(folder / done)
    journal.carry_out(swap)
    assert tree(folder) == NEW


def test_a_new_file_that_is_lost_stops_and_is_told(folder: Path) -> None:
    journal = Journal(folder, "test")
    with journal.prepared() as new:
        write(new)
        swap = journal.seal(remove=(), note={})
    (journal.new / "fresh" / "d").unlink()
    with pytest.raises(EnvironmentFault, match="the new file is lost"):
        journal.carry_out(swap)
    assert journal.unfinished() == swap


def test_a_new_file_that_was_spoilt_is_not_put_in_place(folder: Path) -> None:
    journal = Journal(folder, "test")
    with journal.prepared() as new:
        write(new)
        swap = journal.seal(remove=(), note={})
    (journal.new / "a").write_bytes(b"spoilt")
    with pytest.raises(EnvironmentFault, match="not as it was written"):
        journal.carry_out(swap)
    assert (folder / "a").read_bytes() == b"old a"


@pytest.mark.parametrize(
    "spoilt",
    [
        b"",
        b"{}",
        b"[]",
        b'{"format": 2, "put": [], "remove": [], "note": {}}',
        b'{"format": 1, "put": [["../x", "00"]], "remove": [], "note": {}}',
        b'{"format": 1, "put": [], "remove": ["/etc/passwd"], "note": {}}',
        b'{"format": 1, "put": [], "remove": [""], "note": {}}',
        b"\xff",
    ],
)
def test_a_journal_that_is_not_ours_is_told_and_nothing_done(folder: Path, spoilt: bytes) -> None:
    side = side_folder(folder, "test")
    side.mkdir()
    (side / "journal.json").write_bytes(spoilt)
    with pytest.raises(EnvironmentFault, match="not as it was written"):
        Journal(folder, "test").unfinished()
    assert tree(folder) == OLD


def test_the_journal_tells_what_it_does(folder: Path) -> None:
    journal = Journal(folder, "test")
    with journal.prepared() as new:
        write(new)
        journal.seal(remove=("inner/c",), note={"n": 1})
    written = json.loads((journal.side / "journal.json").read_text())
    assert [path for path, _ in written["put"]] == ["a", "fresh/d"]
    assert (written["remove"], written["note"]) == (["inner/c"], {"n": 1})


def test_a_new_file_has_the_rights_of_the_one_it_replaces(folder: Path) -> None:
    (folder / "a").chmod(0o640)
    journal = Journal(folder, "test")
    with journal.prepared() as new:
        write(new)
        journal.carry_out(journal.seal(remove=(), note={}))
    assert stat.S_IMODE((folder / "a").stat().st_mode) == 0o640


def test_nothing_is_put_through_a_link(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (folder / "fresh").symlink_to(outside)
    journal = Journal(folder, "test")
    with journal.prepared() as new:
        write(new)
        with pytest.raises(EnvironmentFault, match="is not a folder"):
            journal.seal(remove=(), note={})
    assert (list(outside.iterdir()), (folder / "a").read_bytes()) == ([], b"old a")


def test_a_file_in_the_way_of_a_folder_is_told_beforehand(folder: Path) -> None:
    (folder / "fresh").write_bytes(b"")
    journal = Journal(folder, "test")
    with journal.prepared() as new:
        write(new)
        with pytest.raises(EnvironmentFault, match="nothing was changed"):
            journal.seal(remove=(), note={})
    assert (folder / "a").read_bytes() == b"old a"


def test_a_long_name_has_a_side_folder_too(tmp_path: Path) -> None:
    folder = tmp_path / ("n" * 255)
    folder.mkdir()
    journal = Journal(folder, "test")
    with journal.prepared() as new:
        (new / "x").write_bytes(b"x")
        journal.carry_out(journal.seal(remove=(), note={}))
    assert tree(folder) == {"x": b"x"}


def test_the_work_of_others_beside_is_left_alone(folder: Path, tmp_path: Path) -> None:
    other = side_folder(tmp_path / "other", "test")
    other.mkdir()
    with Journal(folder, "test").prepared():
        pass
    assert other.exists()


def test_a_folder_has_one_writer_at_a_time(folder: Path) -> None:
    with (
        sole_writer(folder),
        pytest.raises(EnvironmentFault, match="another run is at work"),
        sole_writer(folder),
    ):
        pass
    with sole_writer(folder):
        pass


def test_each_step_lies_on_the_disk_before_the_next(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[tuple[str, str]] = []
    replace, unlink = Path.replace, Path.unlink

    def synced(path: str | Path) -> None:
        done.append(("sync", Path(path).name))

    def replaced(self: Path, target: Path) -> Path:
        done.append(("rename", self.name))
        return replace(self, target)

    def unlinked(self: Path, *, missing_ok: bool = False) -> None:
        done.append(("unlink", self.name))
        unlink(self, missing_ok=missing_ok)

    monkeypatch.setattr(journal_module, "fsync_path", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    monkeypatch.setattr(Path, "unlink", unlinked)
    journal = Journal(folder, "test")
    with journal.prepared() as new:
        write(new)
        journal.carry_out(journal.seal(remove=("b",), note={}))
    side = journal.side.name
    sealed = done.index(("rename", "journal.draft"))
    ended = done.index(("unlink", "journal.json"))
    before, between = done[:sealed], done[sealed + 1 : ended]
    assert {("sync", name) for name in ("a", "d", "fresh", "new", "journal.draft")} <= set(before)
    assert between[:2] == [("sync", side), ("sync", folder.parent.name)]
    assert between[2:5] == [("rename", "a"), ("rename", "d"), ("unlink", "b")]
    assert set(between[5:]) == {("sync", "folder"), ("sync", "fresh")}
    assert done[ended + 1] == ("sync", side)
