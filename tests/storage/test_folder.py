"""A folder as a container: walked once, read without following a link out of it."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from privileges import without_privileges

from muniment.storage.containers import Entry, EntryKind, UnreachableError
from muniment.storage.executors import InProcess
from muniment.storage.folder import Folder, walk
from muniment.storage.hashing import digest_of


def fill(folder: Path, *paths: str) -> Path:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(path.encode())
    return folder


def files(folder: Path) -> list[tuple[str, int]]:
    return [file for listing in Folder(folder).listings() for file in listing.files]


def others(folder: Path) -> list[Entry]:
    return [entry for listing in Folder(folder).listings() for entry in listing.others]


def content(folder: Folder, path: str) -> bytes:
    with folder.open(path) as stream:
        return stream.read()


def test_files_come_folder_by_folder_in_code_point_order(tmp_path: Path) -> None:
    fill(tmp_path, "b", "a/z", "a/B", "a/\xe9", "a/a/deep", "a-b", ".hidden", "c/x")
    assert [path for path, _ in files(tmp_path)] == [
        ".hidden",
        "a-b",
        "b",
        "a/B",
        "a/z",
        "a/\xe9",
        "a/a/deep",
        "c/x",
    ]


def test_sizes_are_in_bytes(tmp_path: Path) -> None:
    fill(tmp_path, "one", "sub/\xe9")
    assert files(tmp_path) == [("one", 3), ("sub/\xe9", 6)]


def test_a_listing_holds_one_folder_and_every_folder_is_listed(tmp_path: Path) -> None:
    fill(tmp_path, "a/b/c")
    (tmp_path / "empty").mkdir()
    listings = list(walk(str(tmp_path)))
    assert [[path for path, _ in each.files] for each in listings] == [[], [], ["a/b/c"], []]
    assert [entry.path for each in listings for entry in each.others] == ["a", "empty", "a/b"]


def test_links_pipes_and_sockets_are_told_apart(tmp_path: Path) -> None:
    fill(tmp_path, "file", "folder/x")
    (tmp_path / "to-file").symlink_to("file")
    (tmp_path / "to-folder").symlink_to("folder")
    (tmp_path / "nowhere").symlink_to("gone")
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(tmp_path)  # a socket's path must be short
        try:
            server.bind("socket")
        finally:
            os.chdir(here)
        found = {entry.path: (entry.kind, entry.note) for entry in others(tmp_path)}
    assert found == {
        "folder": (EntryKind.FOLDER, None),
        "to-file": (EntryKind.LINK, "file"),
        "to-folder": (EntryKind.LINK, "folder"),
        "nowhere": (EntryKind.LINK, "gone"),
        "pipe": (EntryKind.SPECIAL, "a named pipe"),
        "socket": (EntryKind.SPECIAL, "a socket"),
    }
    assert [path for path, _ in files(tmp_path)] == ["file", "folder/x"], "no link was followed"


def test_a_folder_that_cannot_be_read_is_told_of_and_the_rest_is_read(tmp_path: Path) -> None:
    fill(tmp_path, "a/x", "locked/y", "z/z")
    (tmp_path / "locked").chmod(0o000)
    try:
        with without_privileges(tmp_path):
            assert [path for path, _ in files(tmp_path)] == ["a/x", "z/z"]
            unreadable = [e for e in others(tmp_path) if e.kind is EntryKind.UNREADABLE]
    finally:
        (tmp_path / "locked").chmod(0o755)
    assert unreadable == [Entry("locked", EntryKind.UNREADABLE, 0, os.strerror(13))]


def test_names_that_are_not_utf_8_are_kept_byte_for_byte(tmp_path: Path) -> None:
    name = os.fsdecode(b"f\xfcr")
    fill(tmp_path)
    (tmp_path / name).touch()
    [(path, _)] = files(tmp_path)
    assert os.fsencode(path) == b"f\xfcr"


def test_the_top_by_name(tmp_path: Path) -> None:
    fill(tmp_path, "bagit.txt", "data/x")
    (tmp_path / "link").symlink_to("bagit.txt")
    top = Folder(tmp_path).top()
    assert {name: entry.kind for name, entry in top.items()} == {
        "bagit.txt": EntryKind.FILE,
        "data": EntryKind.FOLDER,
        "link": EntryKind.LINK,
    }


@pytest.mark.parametrize("kind", ["nothing", "file"])
def test_what_is_no_folder_cannot_be_reached(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "bag"
    if kind == "file":
        path.touch()
    with pytest.raises(UnreachableError, match="bag"):
        Folder(path)


def test_a_folder_reached_through_a_link_is_the_folder(tmp_path: Path) -> None:
    fill(tmp_path / "real", "x")
    (tmp_path / "link").symlink_to("real")
    folder = Folder(tmp_path / "link")
    assert folder.name == "real"
    assert content(folder, "x") == b"x"
    assert folder.holds(str(tmp_path / "link" / "x"))


@pytest.mark.parametrize(
    ("target", "inside"),
    [
        ("file", True),
        ("sub/../file", True),
        ("to-file", True),
        ("sub", False),
        ("gone", False),
        ("loop", False),
        ("..", False),
        ("../outside", False),
        ("/etc/passwd", False),
        ("../bag-evil/file", False),
    ],
)
def test_a_link_is_followed_only_inside_and_only_to_a_file(
    target: str,
    inside: bool,  # noqa: FBT001 - pytest gives it
    tmp_path: Path,
) -> None:
    bag = fill(tmp_path / "bag", "file", "sub/x")
    fill(tmp_path, "outside", "bag-evil/file")
    (bag / "to-file").symlink_to("file")
    (bag / "loop").symlink_to("link")
    (bag / "link").symlink_to(target)
    folder = Folder(bag)
    assert folder.resolves_inside("link") is inside
    if inside:
        assert content(folder, "link") == b"file"
    else:
        with pytest.raises(OSError, match=r".+"):
            folder.open("link")


@pytest.mark.parametrize("path", ["../outside", "/etc/passwd", "sub/../../outside"])
def test_no_path_leads_out(path: str, tmp_path: Path) -> None:
    bag = fill(tmp_path / "bag", "sub/x")
    fill(tmp_path, "outside")
    with pytest.raises(PermissionError, match="out of the bag"):
        Folder(bag).open(path)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="not a regular file"):
        Folder(tmp_path).open("pipe")


def test_digests_come_in_the_order_of_the_files(tmp_path: Path) -> None:
    names = [f"f{number:04}" for number in range(600)]
    fill(tmp_path, *names)
    asked = [(name, 5) for name in reversed(names)] + [("gone", 1)]
    batches = list(Folder(tmp_path).digests(asked, ["md5"], InProcess()))
    paths = [path for hashed in batches for path in hashed.paths]
    assert paths == [name for name, _ in asked]
    for hashed in batches:
        for place, path in enumerate(hashed.paths):
            if path != "gone":
                assert hashed.digest(place, 0) == digest_of(path.encode(), "md5")
    assert batches[-1].faults[len(batches[-1].paths) - 1].reason == os.strerror(2)
    assert not batches[-1].faults[len(batches[-1].paths) - 1].damaged
