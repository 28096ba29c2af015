"""What is said of a promise that was not kept."""

from __future__ import annotations

from muniment.audit.states import HoldingState
from muniment.model.findings import Finding, Skipped
from muniment.model.intervals import spoken
from muniment.model.rules import promise


def broken_promise(state: HoldingState, at: str) -> tuple[Finding, Skipped] | None:
    """What is to be told of a holding whose deadline has passed by `at` (RFC 3339), else None.

    The check that was promised was not made: beside the finding stands a check that is open, so
    that such a holding never passes.
    """
    if state.retired or state.due_at >= at:
        return None
    finding = Finding(
        rule=promise.PROMISE_BROKEN,
        message=f"promised every {spoken(state.every)}, last checked {state.since}; "
        f"it was due by {state.due_at}",
        evidence={"due_at": state.due_at, "every": state.every, "since": state.since},
    )
    return finding, Skipped(check="fixity", reason=f"it was due by {state.due_at}", asked=True)
