"""A damaged holding made whole from a copy: only what differs, from proven bytes, and lastingly."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pytest
from bagbuilder import Bag

from muniment.audit.mending import (
    Differences,
    differences,
    finish_interrupted,
    make_anew,
    mend_folder,
    move_aside,
    replace_archive,
)
from muniment.bags.homes import open_bag
from muniment.model.errors import EnvironmentFault
from muniment.storage.containers import Fault, Hashed
from muniment.storage.executors import Executor, InProcess
from muniment.storage.folder import Folder
from muniment.storage.journal import Journal

HELLO, NORTH = "data/hello.txt", "data/maps/north.txt"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Bag().seal().write(tmp_path / "copy")


@pytest.fixture
def held(tmp_path: Path) -> Path:
    return Bag().seal().write(tmp_path / "held")


def compared(copy: Path, held: Path | None) -> Differences:
    home = None if held is None else open_bag(held)
    return differences(open_bag(copy), home, InProcess())


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def state(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_every_kind_of_difference_is_told_apart(copy: Path, held: Path) -> None:
    (held / HELLO).write_bytes(b"Hallo\n")
    (held / NORTH).unlink()
    (held / "data/maps/extra.txt").write_bytes(b"new")
    (held / "bag-info.txt").write_bytes(b"")
    found = compared(copy, held)
    assert found.missing == (NORTH,)
    assert found.different == ("bag-info.txt", HELLO)
    assert found.extra == ("data/maps/extra.txt",)


def test_only_what_differs_is_written(copy: Path, held: Path) -> None:
    (held / HELLO).write_bytes(b"Hallo\n")
    (held / NORTH).unlink()
    (held / "note.txt").write_bytes(b"mine")
    untouched = (held / "bagit.txt").stat().st_mtime_ns, (held / "bagit.txt").stat().st_ino
    mend_folder(held, open_bag(copy), compared(copy, held))
    assert state(held) == state(copy) | {"note.txt": b"mine"}
    assert (
        (held / "bagit.txt").stat().st_mtime_ns,
        (held / "bagit.txt").stat().st_ino,
    ) == untouched
    assert names(held.parent) == ["copy", "held"]


@pytest.mark.parametrize("form", ["tar", "zip"])
def test_an_archive_can_give(form: str, held: Path, tmp_path: Path) -> None:
    archive = Path(shutil.make_archive(str(tmp_path / "packed"), form, tmp_path, "held"))
    whole = state(held)
    (held / HELLO).unlink()
    mend_folder(held, open_bag(archive), compared(archive, held))
    assert state(held) == whole


def test_a_folder_that_is_gone_is_made_whole(copy: Path, tmp_path: Path) -> None:
    gone = tmp_path / "shelf" / "gone"
    gone.parent.mkdir()
    make_anew(gone, open_bag(copy), compared(copy, None))
    assert state(gone) == state(copy)
    assert names(gone.parent) == ["gone"]


class OneUnreadable(Folder):
    """A copy of which one file cannot be read."""

    def digests(
        self,
        files: Iterable[tuple[str, int]],
        algorithms: Sequence[str],
        executor: Executor,
        *,
        follow_links: bool = False,
    ) -> Iterator[Hashed]:
        for hashed in super().digests(files, algorithms, executor, follow_links=follow_links):
            yield hashed._replace(faults={0: Fault("it cannot be read")})


class ChangedWhileRead(Folder):
    """A copy of which one file gives other bytes when it is read again."""

    def open(self, path: str) -> BinaryIO:
        return BytesIO(b"Hallo\n") if path == HELLO else super().open(path)


def test_a_copy_that_changes_on_the_way_leaves_all_as_it_was(copy: Path, held: Path) -> None:
    (held / HELLO).write_bytes(b"hurt")
    (held / NORTH).unlink()
    found, before = compared(copy, held), state(held)
    with pytest.raises(EnvironmentFault, match=f"{HELLO} of the copy changed"):
        mend_folder(held, ChangedWhileRead(copy), found)
    assert state(held) == before
    assert names(held.parent) == ["copy", "held"]


def test_a_file_of_the_copy_that_cannot_be_read_refuses(copy: Path, held: Path) -> None:
    with pytest.raises(EnvironmentFault, match="of the copy could not be read"):
        differences(OneUnreadable(copy), open_bag(held), InProcess())


def test_a_folder_where_a_file_belongs_is_told_before_anything_is_written(
    copy: Path, held: Path
) -> None:
    (held / HELLO).unlink()
    (held / HELLO).mkdir()
    with pytest.raises(EnvironmentFault, match=f"{HELLO} is a folder"):
        compared(copy, held)


def test_a_link_where_a_file_belongs_gives_way_to_the_file(
    copy: Path, held: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_bytes(b"keep me")
    (held / HELLO).unlink()
    (held / HELLO).symlink_to(outside)
    mend_folder(held, open_bag(copy), compared(copy, held))
    assert not (held / HELLO).is_symlink()
    assert (held / HELLO).read_bytes() == b"Hello\n"
    assert outside.read_bytes() == b"keep me"


def test_what_a_killed_repair_sealed_is_carried_out(copy: Path, held: Path) -> None:
    (held / HELLO).write_bytes(b"hurt")
    journal = Journal(held, "repair")
    with journal.prepared() as new:
        (new / "data").mkdir()
        (new / HELLO).write_bytes(b"Hello\n")
        journal.seal(remove=(), note={})
    assert (held / HELLO).read_bytes() == b"hurt"
    assert finish_interrupted(held)
    assert state(held) == state(copy)
    assert not finish_interrupted(held)


def test_an_archive_is_replaced_whole(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.tar", tmp_path / "bad.tar"
    good.write_bytes(b"right" * 1_000)
    bad.write_bytes(b"wrong")
    bad.chmod(0o640)
    replace_archive(bad, good)
    assert bad.read_bytes() == good.read_bytes()
    assert bad.stat().st_mode & 0o777 == 0o640
    assert names(tmp_path) == ["bad.tar", "good.tar"]


def test_an_archive_stays_where_its_copy_cannot_be_read(tmp_path: Path) -> None:
    bad = tmp_path / "bad.tar"
    bad.write_bytes(b"wrong")
    with pytest.raises(EnvironmentFault, match=r"good\.tar.* is as it was"):
        replace_archive(bad, tmp_path / "good.tar")
    assert names(tmp_path) == ["bad.tar"]


def test_extra_files_are_moved_and_nothing_is_overwritten(held: Path, tmp_path: Path) -> None:
    (held / "data/maps/extra.txt").write_bytes(b"new")
    aside = tmp_path / "aside"
    move_aside(held, ["data/maps/extra.txt"], aside)
    assert state(aside) == {"data/maps/extra.txt": b"new"}
    assert not (held / "data/maps/extra.txt").exists()
    (held / "data/maps/extra.txt").write_bytes(b"another")
    with pytest.raises(EnvironmentFault, match=r"extra\.txt"):
        move_aside(held, ["data/maps/extra.txt"], aside)
    assert (held / "data/maps/extra.txt").read_bytes() == b"another"
