"""Sums over the ledger: what a status and a forecast say of a million holdings at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from muniment.audit.outcomes import HoldingOutcome
from muniment.audit.pace import RunFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How the active holdings stand. `overdue` and `due` count deadlines: passed, and soon."""

    outcomes: Mapping[HoldingOutcome, int]
    octets: int
    overdue: int
    due: int
    retired: int

    @property
    def holdings(self) -> int:
        """All active ones."""
        return sum(self.outcomes.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRuns:
    """The last runs: when they began (RFC 3339, in order), and what the ended ones got through."""

    begun: tuple[str, ...]
    figures: tuple[RunFigures, ...]
