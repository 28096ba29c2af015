"""Holdings and deadlines for tests, as a ledger would give them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from muniment.audit.demand import DueGroup
from muniment.audit.holdings import HoldingKind, Place
from muniment.audit.outcomes import Evidence, Extent, HoldingOutcome, Reader, Reference
from muniment.audit.states import HoldingState
from muniment.model.intervals import DAY

NOW = datetime(2026, 11, 28, 22, 0, tzinfo=UTC)
WHOLE = Evidence(
    read_by=Reader.AUDITOR, extent=Extent.ALL_BYTES, compared_with=(Reference.BAG_MANIFESTS,)
)


def held(
    name: str,
    *,
    outcome: HoldingOutcome = HoldingOutcome.INTACT,
    due_at: str = "2027-01-01T00:00:00Z",
    copies: int = 1,
    retired: bool = False,
) -> HoldingState:
    """A bag in a folder, promised every 90 days."""
    return HoldingState(
        id=name.rjust(16, "0"),
        kind=HoldingKind.BAG,
        name=name,
        place=Place(address=f"/shelf/{name}", form="folder", location="/"),
        object="0" * 16,
        copies=copies,
        every=90 * DAY,
        added_at="2026-01-01T00:00:00Z",
        since="2026-10-03T00:00:00Z",
        due_at=due_at,
        checked_at="2026-10-03T00:00:00Z",
        outcome=outcome,
        evidence=WHOLE,
        files=3,
        octets=1_000,
        baseline=None,
        retired=retired,
        last_event=0,
    )


def due_group(days: int, holdings: int, *, every: int = 90, size: int = 10**9) -> DueGroup:
    """So many holdings of one size, due in so many days."""
    return DueGroup(
        location="/disk",
        every=every * DAY,
        day=(NOW + timedelta(days=days)).date().isoformat(),
        holdings=holdings,
        octets=holdings * size,
        largest=size,
    )
