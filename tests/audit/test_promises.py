"""What is told of broken promises and of copies: never a pass where something is owed."""

from __future__ import annotations

import pytest
from holdings_made import held

from muniment.audit.copies import copies_told
from muniment.audit.outcomes import HoldingOutcome
from muniment.audit.promises import broken_promise

INTACT, CORRUPT, AWAY = HoldingOutcome.INTACT, HoldingOutcome.CORRUPT, HoldingOutcome.UNREACHABLE
CHANGED, DENIED = HoldingOutcome.CHANGED, HoldingOutcome.DENIED


def test_a_broken_promise_is_told_and_leaves_its_check_open() -> None:
    told = broken_promise(held("a", due_at="2026-11-01T00:00:00Z"), "2026-11-28T22:00:00Z")
    assert told is not None
    finding, skipped = told
    assert finding.rule.id == "AUD-201"
    assert finding.evidence["due_at"] == "2026-11-01T00:00:00Z"
    assert "every 90 days" in finding.message
    assert (skipped.check, skipped.asked) == ("fixity", True)


def test_of_a_retired_holding_nothing_is_owed() -> None:
    gone = held("a", due_at="2026-11-01T00:00:00Z", retired=True)
    assert broken_promise(gone, "2026-11-28T22:00:00Z") is None


@pytest.mark.parametrize(
    ("outcomes", "verdict"),
    [
        ((INTACT, INTACT), "enough"),
        ((INTACT, CHANGED), "enough"),
        ((INTACT, INTACT, CORRUPT), "enough"),
        ((INTACT, CORRUPT), "short"),
        ((INTACT,), "short"),
        ((CORRUPT, AWAY), "short"),
        ((INTACT, AWAY), "open"),
        ((AWAY, DENIED, CORRUPT), "open"),
    ],
)
def test_copies_are_enough_short_or_not_known(
    outcomes: tuple[HoldingOutcome, ...], verdict: str
) -> None:
    states = [held(str(n), outcome=each, copies=2) for n, each in enumerate(outcomes)]
    finding, skipped = copies_told(states)
    assert (finding is not None) == (verdict == "short")
    assert (skipped is not None) == (verdict == "open")
    if finding is not None:
        assert finding.rule.id == "AUD-203"
        assert finding.evidence == {"expected": 2, "actual": sum(o.is_good for o in outcomes)}
    if skipped is not None:
        assert skipped.asked


def test_what_is_wrong_with_the_others_is_said() -> None:
    finding, _ = copies_told(
        [held("a", copies=2), held("b", outcome=CORRUPT), held("c", retired=True)]
    )
    assert finding is not None
    assert finding.message == "1 sound copy is there, and 2 must be; /shelf/b is corrupt"
