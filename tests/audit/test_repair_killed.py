"""A repair that is killed leaves each file old or new, and the same command finishes it."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cared_for import Copies, two_copies
from ledgers import opened

from muniment.audit.entries import EntryKind
from muniment.audit.outcomes import HoldingOutcome
from muniment.model.findings import Verdict

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
MOMENTS = 50


def hurt_folder(one: Path) -> None:
    (one / "data/a.txt").write_bytes(b"hurt")
    (one / "bag-info.txt").write_bytes(b"hurt too")
    (one / "data/inner/d.txt").unlink()


def hurt_archive(one: Path) -> None:
    one.write_bytes(one.read_bytes()[:900])


def killed_repair(url: str, one: Path, two: Path, moment: int) -> int:
    """Repair in a process that kills itself as it touches a file of the holding: its status."""
    child = os.fork()
    if child == 0:
        try:
            with opened(url) as ledger:
                left = moment
                beside = str(one.parent)

                def touched(_: str, arguments: tuple[object, ...]) -> None:
                    nonlocal left
                    if arguments and str(arguments[0]).startswith(beside):
                        left -= 1
                        if left == 0:
                            os.kill(os.getpid(), signal.SIGKILL)

                sys.addaudithook(touched)
                Copies(ledger=ledger, one=one, two=two).repair()
        finally:
            os._exit(0)
    return os.waitpid(child, 0)[1]


def moments(url: str, one: Path, two: Path, hurt: Callable[[Path], None]) -> list[int]:
    """Fifty moments from the first touch to the last, or all where there are fewer."""
    low, high = 0, 1
    while os.WIFSIGNALED(_again(url, one, two, hurt, high)):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        if os.WIFSIGNALED(_again(url, one, two, hurt, middle)):
            low = middle
        else:
            high = middle
    return sorted({1 + number * (low - 1) // (MOMENTS - 1) for number in range(MOMENTS)})


def _again(url: str, one: Path, two: Path, hurt: Callable[[Path], None], moment: int) -> int:
    restored(one, two)
    hurt(one)
    return killed_repair(url, one, two, moment)


def restored(one: Path, two: Path) -> None:
    shutil.rmtree(one.parent)
    shutil.copytree(two.parent, one.parent)


def contents(place: Path) -> dict[str, bytes]:
    if place.is_file():
        return {"": place.read_bytes()}
    found = (path for path in place.rglob("*") if path.is_file())
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in found}


@pytest.mark.parametrize(
    ("form", "hurt"),
    [("folder", hurt_folder), ("folder", shutil.rmtree), ("zip", hurt_archive)],
    ids=["folder", "folder-gone", "archive"],
)
def test_a_repair_killed_at_fifty_moments_is_finished(
    tmp_path: Path, form: str, hurt: Callable[[Path], None]
) -> None:
    url = str(tmp_path / "ledger.sqlite")
    with opened(url) as ledger:
        copies = two_copies(ledger, tmp_path, form)
    one, two = copies.one, copies.two
    whole = contents(two)
    found_at_rerun: set[HoldingOutcome] = set()
    for moment in moments(url, one, two, hurt):
        restored(one, two)
        hurt(one)
        old = contents(one)
        assert os.WIFSIGNALED(killed_repair(url, one, two, moment))
        left = contents(one)
        assert left.keys() <= whole.keys()
        assert all(content in {old.get(path), whole[path]} for path, content in left.items())
        with opened(url) as ledger:
            size = ledger.size()
            report = Copies(ledger=ledger, one=one, two=two).repair()
            assert report.verdict() is Verdict.PASS
            *_, before, mended = ledger.events(first=size)
            assert mended.entry.kind is EntryKind.HOLDING_REPAIRED
            found_at_rerun.add(HoldingOutcome(before.entry.body["outcome"]))
        assert contents(one) == whole
        assert [path.name for path in one.parent.iterdir()] == [one.name]
    assert HoldingOutcome.INTACT in found_at_rerun
    assert len(found_at_rerun) > 1
