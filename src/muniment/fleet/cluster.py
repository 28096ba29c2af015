"""A Dask cluster as the one who does the work.

The scheduler and its workers are the user's own. Who may connect, and how, is set the way Dask has
it set (its configuration files and DASK_ variables, TLS among them).
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from ipaddress import ip_address
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import urlsplit

import muniment
from muniment.model.errors import EnvironmentFault, MissingExtraError
from muniment.storage.attempts import CrewLostError, Lost

if TYPE_CHECKING:
    from distributed import Client, Future

Work = TypeVar("Work")
Result = TypeVar("Result")

_AHEAD = 3  # pieces under way or waiting, for each worker: enough that none is ever idle
_CONNECT_SECONDS = 20
_PATIENCE_SECONDS = 60
_LOOK_SECONDS = 1
_UNKNOWN_THERE = "Error during deserialization"  # as distributed says it


class Cluster:
    """An executor over the workers of a Dask scheduler; close it with a `with` block."""

    def __init__(
        self,
        address: str,
        *,
        connect_seconds: float = _CONNECT_SECONDS,
        patience_seconds: float = _PATIENCE_SECONDS,
    ) -> None:
        """Connect. Raises MissingExtraError, and EnvironmentFault where nobody answers.

        `patience_seconds` is how long the work waits for workers when the last one is gone.
        """
        self.address = address
        self._patience = patience_seconds
        self._client = _connected(address, connect_seconds)

    def __enter__(self) -> Self:
        """It is connected already."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the cluster; work of ours that has not begun is dropped."""
        self._client.close()  # type: ignore[no-untyped-call]

    @property
    def workers(self) -> int:
        """How many pieces the cluster does at once: the threads of all its workers."""
        return sum(self._asked(self._client.nthreads).values())

    @property
    def dashboard(self) -> str | None:
        """The address of Dask's own page of what the cluster does, where it shows one."""
        link = self._client.dashboard_link
        return str(link) if link else None

    def map(
        self, function: Callable[[Work], Result], work: Iterable[Work]
    ) -> Iterator[tuple[Work, Result]]:
        """The results in the order of the work: the files of one bag, on all workers."""
        pieces = iter(work)
        waiting: deque[tuple[Work, Future[Any]]] = deque()
        ahead = self._ahead()
        for piece in itertools.chain(itertools.islice(pieces, ahead), pieces):
            waiting.append((piece, self._submitted(function, piece)))
            if len(waiting) >= ahead:
                yield self._finished(*waiting.popleft())
        while waiting:
            yield self._finished(*waiting.popleft())

    def attempts(
        self, function: Callable[[Work], Result], work: Iterable[Work]
    ) -> Iterator[tuple[Work, Result | Lost]]:
        """Each piece with its result as they come; a piece that kills its workers is lost.

        The scheduler blames all that a dead worker had before it: so what it gives up is tried once
        more, alone, before it counts as lost.
        """
        pieces = iter(work)
        suspects: list[Work] = []
        under_way: dict[Future[Any], Work] = {}
        ahead = self._ahead()
        while True:
            for piece in itertools.islice(pieces, ahead - len(under_way)):
                under_way[self._submitted(function, piece)] = piece
            if not under_way:
                break
            for future in self._done_of(under_way):
                piece, result = under_way.pop(future), self._result(future)
                if isinstance(result, Lost):
                    suspects.append(piece)
                else:
                    yield piece, result
        for piece in suspects:
            yield piece, self._alone(function, piece)

    def _alone(self, function: Callable[[Work], Result], piece: Work) -> Result | Lost:
        future = self._submitted(function, piece)
        self._done_of([future])
        result: Result | Lost = self._result(future)
        return result

    def _ahead(self) -> int:
        """How many pieces are handed over at a time; some, too, while the workers are away."""
        return max(1, self.workers) * _AHEAD

    def _submitted(self, function: Callable[[Work], Result], piece: Work) -> Future[Any]:
        # Never `pure`: the same bag verified again is work to be done again.
        future: Future[Any] = self._asked(self._client.submit, function, piece, pure=False)
        return future

    def _finished(self, piece: Work, future: Future[Any]) -> tuple[Work, Any]:
        self._done_of([future])
        result = self._result(future)
        if isinstance(result, Lost):
            raise EnvironmentFault(result.reason)
        return piece, result

    def _done_of(self, futures: Iterable[Future[Any]]) -> list[Future[Any]]:
        """Wait for one future at least. Raises CrewLostError where nobody is left to do it."""
        from distributed import wait

        in_time: Callable[..., Any] = wait
        waited = 0.0
        while True:
            try:
                with self._client.as_current():
                    return list(in_time(list(futures), _LOOK_SECONDS, "FIRST_COMPLETED").done)
            except TimeoutError:
                waited = 0.0 if self.workers else waited + _LOOK_SECONDS
            except CancelledError as lost:
                raise self._gone() from lost
            if waited >= self._patience:
                raise CrewLostError(f"the Dask cluster at {self.address} has no workers")

    def _result(self, future: Future[Any]) -> Any:  # noqa: ANN401 - what the function gives
        """A future's result; Lost where workers died over it. Raises EnvironmentFault."""
        from distributed import KilledWorker
        from distributed.comm.core import CommClosedError

        try:
            return future.result()
        except KilledWorker as lost:
            return Lost(f"{lost.allowed_failures + 1} workers were lost over it")
        except (CancelledError, CommClosedError) as lost:
            raise self._gone() from lost
        except RuntimeError as fault:
            if _UNKNOWN_THERE not in str(fault):
                raise
            raise EnvironmentFault(
                f"a worker of {self.address} has not what this work needs: install the same"
                f" version of muniment there ({muniment.__version__})"
            ) from fault
        finally:
            future.release()  # type: ignore[no-untyped-call]

    def _asked(self, ask: Callable[..., Any], *about: Any, **how: Any) -> Any:  # noqa: ANN401
        """Ask the scheduler. Raises EnvironmentFault where it does not answer."""
        try:
            return ask(*about, **how)
        except (OSError, TimeoutError, RuntimeError) as lost:
            raise self._gone() from lost

    def _gone(self) -> CrewLostError:
        return CrewLostError(
            f"the Dask scheduler at {self.address} was lost; run again once it is there: what was"
            " recorded stays"
        )


def is_loopback(address: str) -> bool:
    """Whether a scheduler's address is on this machine, such as `tcp://127.0.0.1:8786`."""
    host = urlsplit(address if "://" in address else f"tcp://{address}").hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _connected(address: str, seconds: float) -> Client:
    try:
        from distributed import Client
    except ImportError as missing:
        raise MissingExtraError("--cluster", "dask") from missing
    try:
        connect: Callable[..., Client] = Client
        return connect(address, timeout=seconds, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as fault:
        raise EnvironmentFault(f"no Dask scheduler answers at {address}: {fault}") from fault
