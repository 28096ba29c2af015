"""One contract, held by every executor: order, laziness, errors."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from muniment.storage.executors import Executor, InProcess, ProcessPool


def square(number: int) -> int:
    return number * number


def slow_then_fast(number: int) -> int:
    time.sleep(0.05 if number == 0 else 0)
    return number


def refuse_three(number: int) -> int:
    if number == 3:
        raise ValueError("three is refused")
    return number


def process_id(_: int) -> int:
    return os.getpid()


@pytest.fixture(params=["in process", "two processes", "a pool of one"])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    if request.param == "in process":
        yield InProcess()
        return
    with ProcessPool(2 if request.param == "two processes" else 1) as pool:
        yield pool


def test_results_come_with_their_work_in_its_order(executor: Executor) -> None:
    assert list(executor.map(square, range(40))) == [(n, n * n) for n in range(40)]


def test_a_slow_piece_does_not_change_the_order(executor: Executor) -> None:
    assert [result for _, result in executor.map(slow_then_fast, range(8))] == list(range(8))


@pytest.mark.parametrize("count", [0, 1, 2])
def test_little_work(count: int, executor: Executor) -> None:
    assert [result for _, result in executor.map(square, range(count))] == [0, 1][:count]


def test_what_the_function_raises_is_raised_here(executor: Executor) -> None:
    results = executor.map(refuse_three, range(20))
    assert [next(results)[0] for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="three is refused"):
        next(results)


def test_an_executor_is_used_again_after_an_error(executor: Executor) -> None:
    with pytest.raises(ValueError, match="three"):
        list(executor.map(refuse_three, range(5)))
    assert [result for _, result in executor.map(square, range(3))] == [0, 1, 4]


def test_work_is_taken_as_it_is_needed(executor: Executor) -> None:
    taken = 0

    def work() -> Iterator[int]:
        nonlocal taken
        for number in range(10_000):
            taken += 1
            yield number

    results = executor.map(square, work())
    assert taken == 0, "nothing begins before a result is asked for"
    for _ in range(5):
        next(results)
    assert taken < 40


def test_an_error_of_the_work_itself_is_raised(executor: Executor) -> None:
    def work() -> Iterator[int]:
        yield 1
        yield 2
        raise OSError("the listing broke off")

    with pytest.raises(OSError, match="broke off"):
        list(executor.map(square, work()))


def test_a_pool_works_in_other_processes() -> None:
    with ProcessPool(2) as pool:
        workers = {result for _, result in pool.map(process_id, range(20))}
    assert os.getpid() not in workers
    assert 1 <= len(workers) <= 2


def test_a_single_piece_starts_no_process() -> None:
    with ProcessPool(8) as pool:
        assert [result for _, result in pool.map(process_id, [1])] == [os.getpid()]


def test_leaving_a_pool_ends_its_processes() -> None:
    with ProcessPool(2) as pool:
        [worker, *_] = {result for _, result in pool.map(process_id, range(8))}
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends orphans on Linux only")
def test_workers_end_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        textwrap.dedent(
            """
            import os, signal, time
            from muniment.storage.executors import ProcessPool

            def work(number):
                time.sleep(0.01)
                return os.getpid()

            if __name__ == "__main__":
                with ProcessPool(2) as pool:
                    for _, worker in pool.map(work, range(10_000)):
                        print(worker, flush=True)
                        os.kill(os.getpid(), signal.SIGKILL)
            """
        )
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    worker = int(done.stdout.split()[0])
    for _ in range(100):
        status = Path(f"/proc/{worker}/stat")
        if not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z":
            return
        time.sleep(0.05)
    pytest.fail(f"worker {worker} lives on")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers are never forked")
def test_workers_are_not_forked_beside_threads_that_python_does_not_know() -> None:
    """A library's own threads may hold locks that a forked process would wait for for ever."""
    program = (
        "from muniment.storage import executors as e\n"
        "import obstore, obstore.store\n"
        "print(e._context().get_start_method())\n"
        "store = obstore.store.MemoryStore(); obstore.put(store, 'a', b'a')\n"
        "print(e._context().get_start_method())\n"
    )
    pytest.importorskip("obstore")
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert told.stdout.split() == [b"fork", b"spawn"]
