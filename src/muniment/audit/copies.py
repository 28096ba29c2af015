"""The copies of one object: how many are sound, against how many must be."""

from __future__ import annotations

from collections.abc import Sequence

from muniment.audit.canonical import decoded_name
from muniment.audit.outcomes import HoldingOutcome
from muniment.audit.states import HoldingState
from muniment.model.findings import Finding, Skipped
from muniment.model.rules import promise


def copies_told(copies: Sequence[HoldingState]) -> tuple[Finding | None, Skipped | None]:
    """The verdict on one object from all its holdings: sound copies against the number required.

    Copies of which nothing is known now count neither way: where they would decide, the check of
    the copies is open.
    """
    kept = [each for each in copies if not each.retired]
    required = max((each.copies for each in kept), default=0)
    sound = [each for each in kept if each.outcome.is_good]
    unknown = [each for each in kept if not each.outcome.is_known]
    if len(sound) >= required:
        return None, None
    if len(sound) + len(unknown) >= required:
        reason = f"{len(sound)} of {required} copies are known to be sound; " + _listed(unknown)
        return None, Skipped(check="copies", reason=reason, asked=True)
    others = [each for each in kept if not each.outcome.is_good]
    message = f"{len(sound)} sound {_copies(len(sound))}, and {required} must be"
    finding = Finding(
        rule=promise.COPIES_SHORT,
        message=f"{message}; {_listed(others)}" if others else message,
        evidence={"expected": required, "actual": len(sound)},
    )
    return finding, None


def _copies(count: int) -> str:
    return "copy is there" if count == 1 else "copies are there"


def _listed(states: Sequence[HoldingState]) -> str:
    return ", ".join(
        f"{decoded_name(each.place.address)} is {said(each.outcome)}" for each in states
    )


def said(outcome: HoldingOutcome) -> str:
    """An outcome in a sentence: "unreachable", "not checked for a fault of the auditor"."""
    if outcome is HoldingOutcome.AUDITOR_FAULT:
        return "not checked, by a fault of the audit"
    return "with extra files" if outcome is HoldingOutcome.EXTRA else str(outcome)
