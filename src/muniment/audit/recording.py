"""Observations on their way into the ledger: in groups, each durable within a fifth of a second."""

from __future__ import annotations

from collections.abc import Callable

from muniment.audit.ledger import Ledger
from muniment.audit.observations import Observation

_GROUP_SECONDS = 0.2
_GROUP_MOST = 400


class Recorder:
    """Gathers observations and writes them; what was written is an event at once.

    `elapsed` gives seconds of a clock that only goes forward.
    """

    def __init__(self, ledger: Ledger, elapsed: Callable[[], float]) -> None:
        """Begin with an empty group."""
        self._ledger = ledger
        self._elapsed = elapsed
        self._group: list[Observation] = []
        self._count = 0
        self._since = elapsed()

    def take(self, observation: Observation | None) -> None:
        """Take one in; write the group where it is old or large enough.

        None stands for one that its worker has written: it is only to be put in order.
        """
        if not self._count:
            self._since = self._elapsed()
        self._count += 1
        if observation is not None:
            self._group.append(observation)
        if self._count >= _GROUP_MOST or self._elapsed() - self._since >= _GROUP_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write what was gathered, and make events of all there is."""
        self._ledger.observe(self._group)
        self._group, self._count = [], 0
        self._ledger.sequence()
