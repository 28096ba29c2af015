"""Who does the work: this process, or a pool of processes. Results come in the order of the work.

Parallel at one level only: many bags one core each, or one bag on all cores.
"""

from __future__ import annotations

import ctypes
import itertools
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import BaseContext
from types import TracebackType
from typing import Protocol, Self, TypeVar

from muniment.model.errors import EnvironmentFault
from muniment.storage.attempts import Lost

Work = TypeVar("Work")
Result = TypeVar("Result")

_PR_SET_PDEATHSIG = 1
_AHEAD = 4


class Executor(Protocol):
    """Runs a function over work, lazily and in order, with little of it waiting at a time."""

    def map(
        self, function: Callable[[Work], Result], work: Iterable[Work]
    ) -> Iterator[tuple[Work, Result]]:
        """The results in the order of the work. What the function raises is raised here."""


class InProcess:
    """Everything here and now; nothing is ever lost."""

    workers = 1

    def map(
        self, function: Callable[[Work], Result], work: Iterable[Work]
    ) -> Iterator[tuple[Work, Result]]:
        """Call the function on each piece of work when its result is asked for."""
        for piece in work:
            yield piece, function(piece)

    def attempts(
        self, function: Callable[[Work], Result], work: Iterable[Work]
    ) -> Iterator[tuple[Work, Result | Lost]]:
        """As `map`: each is done before the next."""
        yield from self.map(function, work)


class ProcessPool:
    """As many processes as told; the function and the work must be picklable.

    The processes start with the first piece of work and end with the `with` block; they die with
    their parent, even by SIGKILL (on Linux).
    """

    def __init__(self, workers: int) -> None:
        """Prepare a pool of so many workers."""
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        """Nothing starts before there is work."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the workers; work that has not begun is dropped."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def map(
        self, function: Callable[[Work], Result], work: Iterable[Work]
    ) -> Iterator[tuple[Work, Result]]:
        """Keep every worker busy and a few pieces waiting, whatever the length of the work.

        A single piece is done here: no process is worth starting for it.
        """
        pieces = iter(work)
        head = list(itertools.islice(pieces, 2))
        if len(head) < 2 or self.workers < 2:  # noqa: PLR2004 - two make a pool
            yield from InProcess().map(function, itertools.chain(head, pieces))
            return
        pool = self._started()
        waiting: deque[tuple[Work, Future[Result]]] = deque()
        for piece in itertools.chain(head, pieces):
            waiting.append((piece, pool.submit(function, piece)))
            if len(waiting) > self.workers * _AHEAD:
                yield _finished(*waiting.popleft())
        while waiting:
            yield _finished(*waiting.popleft())

    def attempts(
        self, function: Callable[[Work], Result], work: Iterable[Work]
    ) -> Iterator[tuple[Work, Result | Lost]]:
        """Each piece with its result as they come.

        Where a process dies, its pool ends with it: what was under way is then tried again, each
        piece alone, so that only the one that kills is lost.
        """
        if self.workers < 2:  # noqa: PLR2004 - two make a pool
            yield from InProcess().attempts(function, work)
            return
        pieces = iter(work)
        suspects: list[Work] = []
        while True:
            yield from self._until_broken(function, pieces, suspects)
            if not suspects:
                return
            while suspects:
                piece = suspects.pop()
                yield piece, self._alone(function, piece)

    def _until_broken(
        self,
        function: Callable[[Work], Result],
        pieces: Iterator[Work],
        suspects: list[Work],
    ) -> Iterator[tuple[Work, Result]]:
        """Results as they come; what a broken pool leaves undone goes to the suspects."""
        under_way: dict[Future[Result], Work] = {}
        try:
            while True:
                for piece in itertools.islice(pieces, self.workers * _AHEAD - len(under_way)):
                    suspects.append(piece)  # should the pool be broken by now
                    future = self._started().submit(function, piece)
                    under_way[future] = suspects.pop()
                if not under_way:
                    return
                for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                    result = future.result()
                    yield under_way.pop(future), result
        except BrokenProcessPool:
            self._pool = None
            suspects.extend(under_way.values())

    def _alone(self, function: Callable[[Work], Result], piece: Work) -> Result | Lost:
        try:
            return self._started().submit(function, piece).result()
        except BrokenProcessPool:
            self._pool = None
            return Lost("the process that worked on it was ended from outside, or crashed")

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self.workers,
                mp_context=_context(),
                initializer=_follow_parent,
                initargs=(os.getpid(),),
            )
        return self._pool


def _finished(piece: Work, future: Future[Result]) -> tuple[Work, Result]:
    try:
        return piece, future.result()
    except BrokenProcessPool as broken:
        raise EnvironmentFault(
            "a worker process was ended from outside; was there too little memory?"
        ) from broken


def _context() -> BaseContext:
    """Fork where it is safe (no other thread runs) and cheap, else start afresh."""
    alone = threading.active_count() == 1 and _one_thread_in_all()
    return multiprocessing.get_context("fork" if sys.platform == "linux" and alone else "spawn")


def _one_thread_in_all() -> bool:
    """Whether no library runs threads that Python does not know of (on Linux)."""
    try:
        return len(os.listdir("/proc/self/task")) == 1
    except OSError:
        return True


def _follow_parent(parent: int) -> None:
    """Let a worker end when its parent does, and leave Ctrl-C to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
