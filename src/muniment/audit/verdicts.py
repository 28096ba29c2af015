"""What is to be told of a check: a finding for each fault, and a check left open where none ran."""

from __future__ import annotations

from collections.abc import Sequence

from muniment.audit.bodies import Check
from muniment.audit.canonical import decoded_name
from muniment.audit.holdings import Fault
from muniment.audit.outcomes import HoldingOutcome
from muniment.model.findings import Finding, JsonValue, Location, Rule, Skipped
from muniment.model.rules import audit as rules

RULES: dict[HoldingOutcome, Rule] = {
    HoldingOutcome.CORRUPT: rules.CORRUPT,
    HoldingOutcome.MISSING: rules.MISSING,
    HoldingOutcome.EXTRA: rules.EXTRA,
    HoldingOutcome.SWAPPED: rules.SWAPPED,
    HoldingOutcome.CHANGED: rules.CHANGED,
    HoldingOutcome.UNREACHABLE: rules.UNREACHABLE,
    HoldingOutcome.DENIED: rules.DENIED,
    HoldingOutcome.AUDITOR_FAULT: rules.AUDITOR_FAULT,
}
_WHOLE = {
    HoldingOutcome.CORRUPT: "its bytes are not what they were",
    HoldingOutcome.MISSING: "it is not there any more",
    HoldingOutcome.EXTRA: "it holds files that nobody recorded",
    HoldingOutcome.SWAPPED: "another package stands in its place",
    HoldingOutcome.CHANGED: "it was changed, and the change is recorded",
    HoldingOutcome.UNREACHABLE: "its place could not be reached",
    HoldingOutcome.DENIED: "it may not be read",
    HoldingOutcome.AUDITOR_FAULT: "the check itself went wrong",
}


def verdict_on(
    check: Check, faults: Sequence[Fault] | None = None
) -> tuple[tuple[Finding, ...], tuple[Skipped, ...]]:
    """The findings of a check, and the check "fixity" left open where nothing is known.

    `faults` are all of them, where the caller has read the document that holds them; else those
    that the check names, with the count of the others.
    """
    if check.outcome is HoldingOutcome.INTACT:
        return (), ()
    named = check.faults if faults is None else faults
    findings = [_finding(fault, check) for fault in named] or [_whole(check)]
    more = check.fault_count - len(named)
    if named and more > 0:
        message = f"and {more:,} more; `muniment audit history HOLDING` has all of them"
        findings.append(Finding(rule=RULES[check.outcome], message=message))
    return tuple(findings), _left_open(check)


def _finding(fault: Fault, check: Check) -> Finding:
    evidence: dict[str, JsonValue] = {}
    if fault.expected is not None or fault.actual is not None:
        evidence = {"expected": fault.expected, "actual": fault.actual}
    if check.first is not None:
        evidence["first"] = check.first
    path = None if fault.path is None else decoded_name(fault.path)
    return Finding(
        rule=RULES[HoldingOutcome(fault.kind)],
        message=fault.message,
        location=Location(path=path),
        evidence=evidence,
    )


def _whole(check: Check) -> Finding:
    """Where no fault is named: what the outcome says of the holding as a whole."""
    message = _WHOLE[check.outcome]
    if check.reason is not None:
        message = f"{message}: {check.reason}"
    evidence: dict[str, JsonValue] = {} if check.first is None else {"first": check.first}
    return Finding(rule=RULES[check.outcome], message=message, evidence=evidence)


def _left_open(check: Check) -> tuple[Skipped, ...]:
    if check.outcome.is_known:
        return ()
    reason = check.reason or _WHOLE[check.outcome]
    return (Skipped(check="fixity", reason=reason, asked=True),)
