"""Ten thousand single-byte changes of a bag: each is found, or what is kept is still the same.

A change that is not found must leave every payload and tag file as it was, byte for byte, for an
independent reader of the container: then it changed nothing that the standard protects.
"""

from __future__ import annotations

import random
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from bagbuilder import Bag

from muniment.bags.checking import CheckOptions, check_bag
from muniment.bags.homes import open_bag
from muniment.model.findings import Severity, SubjectReport, Verdict
from muniment.storage.executors import InProcess
from muniment.storage.progress import Silent

CHANGES = 3_400
TOP = "letters"


def judge(path: Path) -> SubjectReport:
    return check_bag(
        open_bag(path),
        subject=str(path),
        options=CheckOptions(),
        executor=InProcess(),
        progress=Silent(),
    )


def in_folder(path: Path) -> dict[str, bytes]:
    files = (each for each in path.rglob("*") if each.is_file())
    return {str(each.relative_to(path)): each.read_bytes() for each in files}


def in_tar(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as archive:
        members = [member for member in archive if member.isfile()]
        return {member.name: _content(archive, member) for member in members}


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    stream = archive.extractfile(member)
    assert stream is not None
    return stream.read()


def in_zip(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        return {member.filename: archive.read(member) for member in members}


def changed_at_random(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data))
    other = (data[place] + chance.randrange(1, 256)) % 256
    return data[:place] + bytes([other]) + data[place + 1 :]


def letters() -> Bag:
    return Bag(algorithms=("sha256", "sha512")).put_listed("data/a%b.txt", b"percent\n").seal()


def test_every_change_of_a_folder_is_found(tmp_path: Path) -> None:
    folder = letters().write(tmp_path / TOP)
    before = in_folder(folder)
    chance = random.Random(1952)
    names = sorted(before)
    assert judge(folder).verdict() is Verdict.PASS
    for _ in range(CHANGES):
        name = chance.choice(names)
        (folder / name).write_bytes(changed_at_random(before[name], chance))
        # A tag manifest itself is listed nowhere: a digit's case in it is no change.
        same = folder_means_the_same(folder, before, name)
        assert judge(folder).verdict() is Verdict.FAIL or same, name
        (folder / name).write_bytes(before[name])


def folder_means_the_same(folder: Path, before: dict[str, bytes], name: str) -> bool:
    """Whether only a tag manifest changed, and only in what says the same: case and blanks."""
    if not name.startswith("tagmanifest-"):
        return False
    lines = (folder / name).read_bytes().replace(b"\r", b"\n").splitlines()
    return [line.lower().split() for line in lines] == [
        line.lower().split() for line in before[name].splitlines()
    ]


@pytest.mark.parametrize(
    ("name", "write", "read"),
    [
        (f"{TOP}.tar", lambda bag, path: bag.write_tar(path, TOP), in_tar),
        (f"{TOP}.zip", lambda bag, path: bag.write_zip(path, TOP), in_zip),
    ],
    ids=["tar", "zip"],
)
def test_every_change_of_an_archive_is_found(
    tmp_path: Path,
    name: str,
    write: Callable[[Bag, Path], Path],
    read: Callable[[Path], dict[str, bytes]],
) -> None:
    archive = write(letters(), tmp_path / name)
    data, before = archive.read_bytes(), read(archive)
    chance = random.Random(1952)
    assert judge(archive).verdict() is Verdict.PASS
    for _ in range(CHANGES):
        changed = changed_at_random(data, chance)
        archive.write_bytes(changed)
        if judge(archive).verdict(Severity.WARNING) is Verdict.PASS:
            place = next(i for i, (a, b) in enumerate(zip(data, changed, strict=True)) if a != b)
            assert same_but_for_tag_manifests(read(archive), before), f"byte {place}"


def same_but_for_tag_manifests(after: dict[str, bytes], before: dict[str, bytes]) -> bool:
    def meant(files: dict[str, bytes]) -> dict[str, object]:
        return {
            name: data.lower().split() if "/tagmanifest-" in name else data
            for name, data in files.items()
        }

    return meant(after) == meant(before)
