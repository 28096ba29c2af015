"""One contract for all who do the work: this process, a pool of processes, a Dask cluster."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import fleet_work as work
import pytest
from dask_cluster import DaskCluster, wait_until

from muniment.fleet.cluster import Cluster
from muniment.model.errors import EnvironmentFault
from muniment.storage.attempts import Attempting, Lost, attempts_of_batches
from muniment.storage.executors import Executor, InProcess, ProcessPool
from muniment.workflow.holding_back import HoldingBack

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS = ("in process", "pool", "cluster")
SEPARATE = ("pool", "cluster")


@pytest.fixture
def crew(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Attempting]:
    """Each kind of crew, with two workers where it has several."""
    with ExitStack() as stack:
        if request.param == "in process":
            yield InProcess()
        elif request.param == "pool":
            yield stack.enter_context(ProcessPool(2))
        else:
            once = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
            dask = DaskCluster(tmp_path, workers=2, nannies=True, environment=once)
            stack.enter_context(dask)
            cluster = stack.enter_context(Cluster(dask.address))
            wait_until(lambda: cluster.workers == 2)
            yield cluster


@pytest.mark.parametrize("crew", KINDS, indirect=True)
def test_every_piece_comes_back_once_with_its_result(crew: Attempting) -> None:
    assert sorted(crew.attempts(work.doubled, range(100))) == [(n, 2 * n) for n in range(100)]


@pytest.mark.parametrize("crew", KINDS, indirect=True)
def test_results_of_map_come_in_the_order_of_the_work(crew: Executor) -> None:
    assert list(crew.map(work.doubled, range(100))) == [(n, 2 * n) for n in range(100)]


@pytest.mark.parametrize("crew", KINDS, indirect=True)
def test_no_work_is_no_result(crew: Attempting) -> None:
    assert list(crew.attempts(work.doubled, ())) == []


@pytest.mark.parametrize("crew", KINDS, indirect=True)
def test_what_the_function_raises_is_raised_here(crew: Attempting) -> None:
    with pytest.raises(ValueError, match="3 is refused"):
        list(crew.attempts(work.refused, [3]))


@pytest.mark.parametrize("crew", SEPARATE, indirect=True)
def test_the_piece_that_kills_its_workers_is_lost_and_no_other(crew: Attempting) -> None:
    results = dict(crew.attempts(work.deadly_at_seven, range(20)))
    assert isinstance(results.pop(7), Lost)
    assert results == {n: 2 * n for n in range(20) if n != 7}


@pytest.mark.parametrize("crew", SEPARATE, indirect=True)
def test_of_a_batch_that_kills_only_the_piece_itself_is_lost(crew: Attempting) -> None:
    batches = [range(start, start + 5) for start in range(0, 20, 5)]
    results = dict(attempts_of_batches(crew, work.doubled_all, batches))
    assert isinstance(results.pop(7), Lost)
    assert results == {n: 2 * n for n in range(20) if n != 7}


@pytest.mark.parametrize("crew", SEPARATE, indirect=True)
def test_what_is_held_back_is_done_in_the_end_and_what_kills_is_lost(crew: Attempting) -> None:
    held = HoldingBack(crew, kind=lambda number: "odd" if number % 2 else "even", most={"odd": 1})
    results = dict(held.attempts(work.deadly_at_seven, range(20)))
    assert isinstance(results.pop(7), Lost)
    assert results == {n: 2 * n for n in range(20) if n != 7}


def test_once_it_is_over_nothing_that_waits_is_begun() -> None:
    done: list[int] = []
    with ProcessPool(2) as pool:
        held = HoldingBack(pool, kind=str, most={"1": 1}, is_over=lambda: bool(done))
        for piece, _ in held.attempts(work.slow, [1] * 50):
            done.append(piece)
    assert len(done) == 1


@pytest.mark.parametrize("kind", ["map", "attempts"])
def test_work_is_taken_up_little_by_little(kind: str) -> None:
    taken: list[int] = []

    def pieces() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    with ProcessPool(2) as pool:
        done: Callable[..., Iterator[object]] = getattr(pool, kind)
        next(iter(done(work.doubled, pieces())))
        assert len(taken) < 20


def test_nobody_at_the_address_is_told_as_such() -> None:
    with pytest.raises(
        EnvironmentFault, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"
    ):
        Cluster("tcp://127.0.0.1:9", connect_seconds=1)


def test_a_scheduler_without_workers_is_told_as_such(tmp_path: Path) -> None:
    with (
        DaskCluster(tmp_path, workers=0) as dask,
        Cluster(dask.address, patience_seconds=2) as cluster,
        pytest.raises(EnvironmentFault, match="has no workers"),
    ):
        list(cluster.attempts(work.doubled, [1]))


def test_a_worker_killed_over_innocent_work_costs_nothing(tmp_path: Path) -> None:
    with DaskCluster(tmp_path, workers=2) as dask, Cluster(dask.address) as cluster:
        wait_until(lambda: cluster.workers == 2)
        results = []
        for piece, result in cluster.attempts(work.slow, range(60)):
            results.append((piece, result))
            if len(results) == 10:
                dask.crew[0].kill()
        assert sorted(results) == [(n, n) for n in range(60)]


@pytest.mark.parametrize("kind", ["map", "attempts"])
def test_a_scheduler_that_is_lost_ends_the_work_with_a_clear_word(
    tmp_path: Path, kind: str
) -> None:
    with DaskCluster(tmp_path, workers=2) as dask, Cluster(dask.address) as cluster:
        wait_until(lambda: cluster.workers == 2)
        done = getattr(cluster, kind)(work.slow, range(500))
        for _ in range(10):
            next(done)
        dask.kill_scheduler()
        with pytest.raises(
            EnvironmentFault, match=f"the Dask scheduler at {dask.address} was lost"
        ):
            list(done)


def test_a_worker_without_the_same_program_is_told_as_such(tmp_path: Path) -> None:
    elsewhere = {"PYTHONPATH": os.pathsep.join(p for p in sys.path if not p.endswith("fleet"))}
    with (
        DaskCluster(tmp_path, workers=1, environment=elsewhere) as dask,
        Cluster(dask.address) as cluster,
    ):
        wait_until(lambda: cluster.workers == 1)
        with pytest.raises(EnvironmentFault, match="install the same version of muniment"):
            list(cluster.attempts(work.doubled, [1]))


def test_a_cluster_whose_last_worker_is_gone_is_told_as_such(tmp_path: Path) -> None:
    with (
        DaskCluster(tmp_path, workers=1) as dask,
        Cluster(dask.address, patience_seconds=2) as cluster,
    ):
        wait_until(lambda: cluster.workers == 1)
        done = cluster.attempts(work.slow, range(500))
        next(done)
        dask.crew[0].kill()
        with pytest.raises(EnvironmentFault, match="has no workers"):
            list(done)
