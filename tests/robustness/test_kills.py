"""Killed at any moment: a whole bag or none, the source as it was, and a rerun that succeeds."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from packaging_process import KILL, Packager, State

from muniment.model.findings import Verdict
from muniment.storage.staging import STAGING_PREFIX
from muniment.workflow import verify

FILES = 2_000
PHASES = ("looking", "copying", "sealing", "making durable", "verifying", "publishing")
# How many moments of each phase, spread evenly: with one process, and with two workers beside it.
ALONE = dict(zip(PHASES, (8, 14, 8, 7, 9, 7), strict=True))
WITH_WORKERS = dict(zip(PHASES, (1, 5, 1, 1, 4, 2), strict=True))
MOMENTS = [
    pytest.param(workers, phase, nth, count, id=f"{phase}-{nth + 1}-of-{count}-workers-{workers}")
    for workers, plan in ((1, ALONE), (2, WITH_WORKERS))
    for phase, count in plan.items()
    for nth in range(count)
]


class Ground(NamedTuple):
    """Two thousand files, what they are, and the events of an undisturbed packaging."""

    source: Path
    state: State
    events: dict[int, dict[str, int]]


@pytest.fixture(scope="session")
def ground(in_memory: Path, packager: Packager, state_of: Callable[[Path], State]) -> Ground:
    source = in_memory / "source"
    for number in range(FILES):
        file = source / f"{number // 50:02}" / f"{number:04}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"the text of file {number}\n" * (number % 40))
    events = {}
    for workers in (1, 2):
        answer = packager.ask(source, in_memory / "rehearsal", workers=workers)
        assert answer["code"] == 0, answer["said"]
        shutil.rmtree(in_memory / "rehearsal")
        events[workers] = answer["events"]
    return Ground(source, state_of(source), events)


def test_the_moments_lie_in_every_phase(ground: Ground) -> None:
    assert sum(ALONE.values()) >= 50
    for workers, plan in ((1, ALONE), (2, WITH_WORKERS)):
        assert tuple(ground.events[workers]) == PHASES
        for phase, count in plan.items():
            assert 0 < count <= ground.events[workers][phase], phase


@pytest.mark.parametrize(("workers", "phase", "nth", "count"), MOMENTS)
def test_a_kill_leaves_a_whole_bag_or_none(
    ground: Ground,
    packager: Packager,
    in_memory: Path,
    state_of: Callable[[Path], State],
    workers: int,
    phase: str,
    nth: int,
    count: int,
) -> None:
    moment = (phase, int((nth + 0.5) / count * ground.events[workers][phase]))
    output = in_memory / "killed"
    shutil.rmtree(output, ignore_errors=True)

    killed = packager.ask(ground.source, output, workers=workers, moment=moment, act=KILL)

    assert killed == {"signal": 9, "outlived": False}
    assert state_of(ground.source) == ground.state
    published = (output / "bag").exists()
    assert not published or phase == "publishing"
    if published:
        assert verify([output / "bag"]).verdict() is Verdict.PASS
    rerun = packager.ask(ground.source, output, name="rerun" if published else "bag")
    assert rerun["code"] == 0, rerun["said"]
    assert sorted(path.name for path in output.iterdir()) == ["bag"] + ["rerun"] * published
    assert state_of(ground.source) == ground.state


def test_after_the_bag_appeared_a_rerun_says_so_and_leaves_nothing_behind(
    ground: Ground, packager: Packager, in_memory: Path
) -> None:
    output = in_memory / "appeared"
    last = ("publishing", ground.events[1]["publishing"] - 1)
    assert packager.ask(ground.source, output, moment=last, act=KILL)["signal"] == 9
    rerun = packager.ask(ground.source, output)
    assert (rerun["code"], "exists already" in rerun["said"]) == (2, True)
    assert [path.name for path in output.iterdir()] == ["bag"]


def test_a_worker_that_is_killed_fails_the_packaging_and_nothing_appears(
    ground: Ground, packager: Packager, in_memory: Path, state_of: Callable[[Path], State]
) -> None:
    output = in_memory / "worker"
    answer = packager.ask(ground.source, output, workers=2, opening="/20/1000.txt", act=KILL)
    assert (answer["code"], answer["outlived"]) == (3, False), answer["said"]
    assert list(output.iterdir()) == []
    assert state_of(ground.source) == ground.state


def test_a_running_packaging_keeps_its_staging_folder(
    ground: Ground, packager: Packager, in_memory: Path
) -> None:
    """Another run beside it removes what is abandoned, and only that."""
    output = in_memory / "beside"
    abandoned = output / f"{STAGING_PREFIX}abandoned"
    abandoned.mkdir(parents=True)
    beside = (
        "import subprocess, sys; subprocess.run([sys.executable, '-m', 'muniment', 'package',"
        f" {str(packager.record)!r}, '--record', {str(packager.record)!r},"
        f" '--output', {str(output)!r}, '--name', 'beside'], check=True, capture_output=True)"
    )
    answer = packager.ask(ground.source, output, moment=("verifying", 100), act=beside)
    assert answer["code"] == 0, answer["said"]
    assert sorted(path.name for path in output.iterdir()) == ["bag", "beside"]
    assert verify([output / "bag", output / "beside"]).verdict() is Verdict.PASS
