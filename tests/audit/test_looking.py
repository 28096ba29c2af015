"""One change anywhere in a holding: named as what it is, at its file, and nothing beside it."""

from __future__ import annotations

import os
import random
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from bagbuilder import Bag
from planted_holdings import sound, write

from muniment.audit.holdings import HoldingKind
from muniment.audit.looking import Looked, Task, look
from muniment.audit.outcomes import HoldingOutcome
from muniment.audit.places import place_of
from muniment.storage.executors import InProcess

FLIPS = 250


def recorded(path: Path) -> Task:
    place = place_of(path)
    seen = look(Task(kind=HoldingKind.BAG, place=place, description=None), InProcess())
    assert seen.check.outcome is HoldingOutcome.INTACT, seen.faults
    assert seen.baseline is not None
    document = seen.documents[seen.baseline.document]
    return Task(kind=HoldingKind.BAG, place=place, description=document)


def found(seen: Looked) -> set[tuple[str, str | None]]:
    return {(fault.kind, fault.path) for fault in seen.faults}


BAGS = {
    "1.0": Bag(
        payload={
            "data/a.txt": b"a",
            "data/50%.txt": b"b",
            "data/\u00e9.txt": b"c",
            "data/inner/d": b"d",
        },
        algorithms=("sha256", "sha512"),
    ),
    "0.97 in UTF-16": Bag(version="0.97", encoding="UTF-16", codec="utf-16"),
    "one algorithm": Bag(algorithms=("md5",)),
}
UNSEALED = Bag(algorithms=("sha256", "sha512"))


@pytest.mark.parametrize("name", [*BAGS, "no tag manifest"])
def test_a_flipped_bit_is_named_at_its_file_and_nowhere_else(tmp_path: Path, name: str) -> None:
    made = BAGS[name].seal() if name in BAGS else UNSEALED
    made.write(tmp_path / "bag")
    task = recorded(tmp_path / "bag")
    chance = random.Random(name)
    for _ in range(FLIPS):
        path = chance.choice(sorted(path for path, data in made.files.items() if data))
        data = bytearray(made.files[path])
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        (tmp_path / "bag" / path).write_bytes(data)
        seen = look(task, InProcess())
        (tmp_path / "bag" / path).write_bytes(made.files[path])
        told = (path, bytes(data), seen.faults)
        assert seen.check.outcome is HoldingOutcome.CORRUPT, told
        assert found(seen) == {("corrupt", path.replace("%", "%25"))}, told


@pytest.mark.parametrize("form", ["tar", "zip"])
def test_a_flipped_bit_of_an_archive_is_corrupt_or_harmless(tmp_path: Path, form: str) -> None:
    """Never missing or extra files, for none was taken out or put in; never a traceback."""
    archive = tmp_path / f"bag.{form}"
    write(archive, form, sound(random.Random(1)))
    task = recorded(archive)
    right = archive.read_bytes()
    chance = random.Random(form)
    outcomes = set()
    for _ in range(FLIPS):
        data = bytearray(right)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        archive.write_bytes(data)
        seen = look(task, InProcess())
        outcomes.add(seen.check.outcome)
        assert seen.check.outcome is not HoldingOutcome.AUDITOR_FAULT, seen.check.reason
        assert seen.check.outcome is not HoldingOutcome.SWAPPED
    assert {HoldingOutcome.CORRUPT, HoldingOutcome.INTACT} <= outcomes


def _as_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _as_link_out(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/passwd")


@pytest.mark.parametrize("become", [_as_pipe, _as_folder, _as_link_out])
def test_what_a_file_has_become_is_told_once(
    tmp_path: Path, become: Callable[[Path], None]
) -> None:
    write(tmp_path / "bag", "folder", sound(random.Random(1)))
    task = recorded(tmp_path / "bag")
    become(tmp_path / "bag" / "data" / "a.txt")
    seen = look(task, InProcess())
    assert [(fault.kind, fault.path) for fault in seen.faults] == [("corrupt", "data/a.txt")]


def test_a_payload_that_is_gone_altogether_is_missing(tmp_path: Path) -> None:
    files = sound(random.Random(1))
    write(tmp_path / "bag", "folder", files)
    task = recorded(tmp_path / "bag")
    shutil.rmtree(tmp_path / "bag" / "data")
    payload = {path for path in files if path.startswith("data/")}
    assert found(look(task, InProcess())) == {("missing", path) for path in {"data", *payload}}


def test_a_damaged_archive_that_is_nonced_is_still_corrupt(tmp_path: Path) -> None:
    archive = tmp_path / "bag.zip"
    write(archive, "zip", sound(random.Random(1)))
    task = replace(recorded(archive), nonce=(5, bytes(32)))
    sound_nonce = look(task, InProcess()).check.evidence.nonce
    assert sound_nonce is not None
    assert sound_nonce.checkpoint_size == 5
    with zipfile.ZipFile(archive) as opened:
        (member,) = (each for each in opened.infolist() if each.filename.endswith("data/a.txt"))
    data = bytearray(archive.read_bytes())
    data[member.header_offset + 30 + len(member.filename) + 10] ^= 0x10
    archive.write_bytes(data)
    seen = look(task, InProcess())
    assert found(seen) == {("corrupt", "data/a.txt")}
    assert seen.check.evidence.nonce is None


def test_a_renamed_file_of_a_plain_folder_is_told_as_such(tmp_path: Path) -> None:
    write(tmp_path / "files", "folder", sound(random.Random(1)))
    place = place_of(tmp_path / "files")
    task = Task(kind=HoldingKind.FOLDER, place=place, description=None)
    seen = look(task, InProcess())
    assert seen.baseline is not None
    task = replace(task, description=seen.documents[seen.baseline.document])
    (tmp_path / "files" / "data" / "a.txt").rename(tmp_path / "files" / "data" / "z.txt")
    seen = look(task, InProcess())
    assert found(seen) == {("missing", "data/a.txt"), ("extra", "data/z.txt")}
    assert seen.faults[1].message.endswith(
        "its bytes are those of the missing data/a.txt: renamed?"
    )
