"""How long work tells that it goes on. What shows it to a person lives in the command line."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told of phases and bytes; must be cheap, for it is called once a batch."""

    def phase(self, name: str, total_bytes: int | None) -> None:
        """A phase begins; `total_bytes` is None where it is not known beforehand."""

    def advance(self, done_bytes: int) -> None:
        """So many more bytes of this phase are done."""


class Silent:
    """The progress of work that nobody watches."""

    def phase(self, name: str, total_bytes: int | None) -> None:
        """Say nothing."""

    def advance(self, done_bytes: int) -> None:
        """Say nothing."""
