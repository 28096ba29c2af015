"""No more than so many pieces of a kind at a time: a tape drive, a share that is in use by day."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Generic, Self, TypeVar

from muniment.storage.attempts import Attempting, Lost

Work = TypeVar("Work")
Result = TypeVar("Result")

_MOST_WAITING = 1000


class HoldingBack:
    """A crew of which at most `most[kind]` work at pieces of a kind; others go ahead of them.

    Held back on this side, so it holds for processes and clusters alike. Once `is_over`, what
    still waits is not begun.
    """

    def __init__(
        self,
        crew: Attempting,
        *,
        kind: Callable[[Any], str],  # of whatever the work is
        most: Mapping[str, int],
        is_over: Callable[[], bool] = lambda: False,
    ) -> None:
        """Stand before a crew."""
        self._crew = crew
        self._kind = kind
        self._most = most
        self._is_over = is_over

    @property
    def workers(self) -> int:
        """How many pieces are done at once, where none is held back."""
        return self._crew.workers

    def attempts(
        self, function: Callable[[Work], Result], work: Iterable[Work]
    ) -> Iterator[tuple[Work, Result | Lost]]:
        """Each piece once with its result, in the order in which they are done."""
        gate = _Gate(iter(work), self._kind, self._most, self._is_over)
        while not gate.is_empty:
            for piece, result in self._crew.attempts(function, gate):
                gate.back(piece)
                yield piece, result


class _Gate(Generic[Work]):
    """Lets pieces out in their order, but for those held back.

    It ends while nothing may go out, and goes on when something has come back: whoever works asks
    again as long as anything is under way.
    """

    def __init__(
        self,
        work: Iterator[Work],
        kind: Callable[[Work], str],
        most: Mapping[str, int],
        is_over: Callable[[], bool],
    ) -> None:
        self._work = work
        self._kind = kind
        self._most = most
        self._is_over = is_over
        self._out: Counter[str] = Counter()
        self._waiting: dict[str, deque[Work]] = {kind: deque() for kind in most}
        self.is_empty = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Work:
        if self._is_over():
            for queue in self._waiting.values():
                queue.clear()
        for kind, queue in self._waiting.items():
            if queue and self._is_open(kind):
                return self._let_out(kind, queue.popleft())
        while sum(map(len, self._waiting.values())) < _MOST_WAITING:
            try:
                piece = next(self._work)
            except StopIteration:
                self.is_empty = not any(self._waiting.values())
                raise
            kind = self._kind(piece)
            if self._is_open(kind):
                return self._let_out(kind, piece)
            self._waiting[kind].append(piece)
        raise StopIteration

    def back(self, piece: Work) -> None:
        """A piece is done."""
        self._out[self._kind(piece)] -= 1

    def _is_open(self, kind: str) -> bool:
        return kind not in self._most or self._out[kind] < self._most[kind]

    def _let_out(self, kind: str, piece: Work) -> Work:
        self._out[kind] += 1
        return piece
