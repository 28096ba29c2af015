"""Work of which some may be lost: a worker that is killed over one piece does not stop the others.

Where `Executor.map` gives results in the order of the work, and ends with the first loss, attempts
give them as they come, and a loss is a value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol, TypeVar

from muniment.model.errors import EnvironmentFault

Work = TypeVar("Work")
Result = TypeVar("Result")


class CrewLostError(EnvironmentFault):
    """All who do the work are gone: it ends here, and nothing is said of its matter."""


class Lost(NamedTuple):
    """A piece of work whose workers were lost over it, and what is known of why."""

    reason: str


class Attempting(Protocol):
    """Who does such work: this process, processes of this machine, a cluster."""

    @property
    def workers(self) -> int:
        """How many pieces are done at once."""

    def attempts(
        self, function: Callable[[Work], Result], work: Iterable[Work]
    ) -> Iterator[tuple[Work, Result | Lost]]:
        """Each piece once with its result, in the order in which they are done.

        What the function raises is raised here. Raises CrewLostError where there are no workers any
        more.
        """


def attempts_of_batches(
    crew: Attempting,
    function: Callable[[Sequence[Work]], Sequence[Result]],
    batches: Iterable[Sequence[Work]],
) -> Iterator[tuple[Work, Result | Lost]]:
    """Pieces handed over in batches, for what is small; a batch that is lost is tried one by one.

    `function` gives a result for each piece, in their order.
    """
    alone: list[Sequence[Work]] = []
    for batch, results in crew.attempts(function, batches):
        if not isinstance(results, Lost):
            yield from zip(batch, results, strict=True)
        elif len(batch) == 1:
            yield batch[0], results
        else:
            alone.extend([piece] for piece in batch)
    for single, results in crew.attempts(function, alone):
        yield single[0], results if isinstance(results, Lost) else results[0]
