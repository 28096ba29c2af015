"""How a holding stands now: what the events of its history add up to.

States are a projection: the ledger keeps them for speed, and `check-ledger` makes them anew from
the events and compares.
"""

from __future__ import annotations

from dataclasses import dataclass

from muniment.audit.holdings import Baseline, HoldingKind, Place
from muniment.audit.outcomes import Evidence, HoldingOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingState:
    """A holding as of its last event. Moments are RFC 3339 in UTC, intervals in seconds.

    `since` is when what is promised last began to run: when the holding was last found in a known
    state, else when it was added; the deadline is `since` + `every`. `checked_at` is the last
    check of any outcome. `outcome` and `evidence` are those of the last check; of several in one
    run, the worst. `last_event` is the number of the holding's newest event.
    """

    id: str
    kind: HoldingKind
    name: str
    place: Place
    object: str
    copies: int
    every: int
    added_at: str
    since: str
    due_at: str
    checked_at: str
    outcome: HoldingOutcome
    evidence: Evidence
    files: int
    octets: int
    baseline: Baseline | None
    retired: bool
    last_event: int
