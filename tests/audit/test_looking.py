"""One change anywhere in a holding: named as what it is, at its file, and nothing beside it."""

from __future__ import annotations

import random
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
