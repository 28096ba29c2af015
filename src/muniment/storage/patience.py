"""How long to wait for what lies on a network."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a store may give nothing, in seconds, before a request is tried again.

    All tries of a request together may take six times that.
    """

    seconds: float = 30.0

    @property
    def in_all(self) -> float:
        """Seconds for all tries of a request together."""
        return 6 * self.seconds
