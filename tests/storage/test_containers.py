"""One contract for every home of a bag: folder, archives, a prefix, an archive in one object."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from bagbuilder import Bag
from buckets import TestBucket
from object_servers import ObjectServer

from muniment.bags.homes import open_bag
from muniment.storage.addresses import Home, home_of
from muniment.storage.containers import Container, EntryKind, GoneError, Problem, ProblemKind
from muniment.storage.executors import InProcess
from muniment.storage.object_reading import RANGE_BYTES

ODD = "data/maps/a b %41 \xe9+&#.txt"
BIG = bytes(range(256)) * ((2 * RANGE_BYTES + 1000) // 256)


def bag() -> Bag:
    """A bag with names that must be coded, an empty file, and one of several ranges."""
    payload = {"data/hello.txt": b"Hello\n", ODD: b"odd\n", "data/empty": b"", "data/big": BIG}
    return Bag(payload=payload).seal()


def folder(at: Path, _bucket: Callable[[], TestBucket]) -> Home:
    return bag().write(at / "letter")


def tar(at: Path, _bucket: Callable[[], TestBucket]) -> Home:
    return bag().write_tar(at / "letter.tar", "letter")


def packed_tar(at: Path, _bucket: Callable[[], TestBucket]) -> Home:
    return bag().write_tar(at / "letter.tar.gz", "letter", "w:gz")


def zipped(at: Path, _bucket: Callable[[], TestBucket]) -> Home:
    return bag().write_zip(at / "letter.zip", "letter")


def prefix(_at: Path, bucket: Callable[[], TestBucket]) -> Home:
    return home_of(bucket().put("deep/letter", bag().files))


def in_object(make: Callable[[Path, Callable[[], TestBucket]], Home]) -> Callable[..., Home]:
    """An archive, stored as one object."""

    def stored(at: Path, bucket: Callable[[], TestBucket]) -> Home:
        archive = make(at, bucket)
        assert isinstance(archive, Path)
        return home_of(bucket().put_file(f"deep/{archive.name}", archive))

    return stored


HOMES = {
    "folder": folder,
    "tar": tar,
    "tar.gz": packed_tar,
    "zip": zipped,
    "prefix": prefix,
    "tar object": in_object(tar),
    "tar.gz object": in_object(packed_tar),
    "zip object": in_object(zipped),
}
SERVERS = [
    (server, home)
    for home in HOMES
    for server in (("swift", "rclone") if "object" in home or home == "prefix" else ("none",))
    # rclone gives no ranges of objects, and a big zip is read in ranges.
    if (server, home) != ("rclone", "zip object")
]


@pytest.fixture(params=SERVERS, ids=" ".join)
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    server, kind = request.param

    def bucket() -> TestBucket:
        running: ObjectServer = request.getfixturevalue(server)
        return TestBucket(running, monkeypatch)

    return HOMES[kind](tmp_path, bucket)


@pytest.fixture
def container(home: Home) -> Container:
    return open_bag(home)


def test_it_keeps_the_contract(container: Container) -> None:
    """All of it at once: a home may be a server, and starting and filling it takes long."""
    expected = bag().files
    assert (container.name, list(container.problems)) == ("letter", [])
    top = {name: entry.kind for name, entry in container.top().items()}
    assert top.pop("data") is EntryKind.FOLDER
    assert top == {path: EntryKind.FILE for path in expected if "/" not in path}

    listings = list(container.listings())
    found = [file for listing in listings for file in listing.files]
    assert sorted(found) == sorted((path, len(content)) for path, content in expected.items())
    homes = [{path.rpartition("/")[0] for path, _ in listing.files} for listing in listings]
    folders = [folder for several in homes for folder in several]
    assert len(folders) == len(set(folders)), "a folder came twice"
    assert all(len(several) <= 1 for several in homes), "two folders in one listing"

    with container.open("bagit.txt") as stream:
        assert stream.read() == expected["bagit.txt"]
    wanted = ("sha512", "md5", "sha256")
    batches = list(container.digests(found, wanted, InProcess()))
    read = [
        (path, batch.sizes[place], *(batch.digest(place, number) for number in range(3)))
        for batch in batches
        for place, path in enumerate(batch.paths)
    ]
    assert [batch.faults for batch in batches if batch.faults] == []
    assert read == [
        (path, size, *(hashlib.new(name, expected[path]).digest() for name in wanted))
        for path, size in found
    ]


def test_what_is_not_there_is_told(container: Container) -> None:
    assert not container.resolves_inside("data/none.txt")
    with pytest.raises(OSError, match=r"none\.txt|No such file"):
        container.open("data/none.txt")


@pytest.mark.parametrize("path", ["letter", "letter.tar", "letter.tar.gz", "letter.zip"])
@pytest.mark.parametrize("server", ["swift", "rclone"])
def test_nothing_at_an_address_is_gone_not_empty(
    path: str, server: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = TestBucket(request.getfixturevalue(server), monkeypatch)
    with pytest.raises(GoneError, match=bucket.name):
        open_bag(home_of(f"{bucket.address}/{path}"))


def test_nothing_at_a_path_is_gone(tmp_path: Path) -> None:
    with pytest.raises(GoneError, match="No such file"):
        open_bag(tmp_path / "letter")


def test_a_member_without_a_name_is_told_and_passed_over(tmp_path: Path) -> None:
    path = bag().write_zip(tmp_path / "letter.zip", "letter")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("x", b"x")
        archive.filelist[-1].filename = ""
    container = open_bag(path)
    assert list(container.problems) == [Problem(ProblemKind.UNSAFE_PATH, "", "it has no name")]
    assert set(container.top()) == set(open_bag(bag().write(tmp_path / "letter")).top())
