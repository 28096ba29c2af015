"""What is told of a check: each fault at its place, and nothing that was not read passes."""

from __future__ import annotations

import pytest

from muniment.audit.bodies import Check
from muniment.audit.holdings import Fault
from muniment.audit.outcomes import Evidence, Extent, HoldingOutcome, Reader
from muniment.audit.verdicts import verdict_on
from muniment.model.findings import SubjectReport, Verdict

READ = Evidence(read_by=Reader.AUDITOR, extent=Extent.ALL_BYTES)
GONE = Fault(kind="missing", path="data/a%0Ab", message="it is not there")
FLIPPED = Fault(
    kind="corrupt", path="data/c", message="another checksum", expected="aa", actual="bb"
)


@pytest.mark.parametrize("outcome", HoldingOutcome)
def test_the_verdict_of_a_holding_is_that_of_its_outcome(outcome: HoldingOutcome) -> None:
    findings, skipped = verdict_on(Check(outcome=outcome, evidence=READ))
    told = SubjectReport(
        subject="x", kind="holding", findings=findings, checks_skipped=skipped
    ).verdict()
    expected = Verdict.UNVERIFIED if not outcome.is_known else Verdict.FAIL
    assert told is (Verdict.PASS if outcome.is_good else expected)


def test_each_fault_is_told_by_its_own_rule_at_its_place() -> None:
    check = Check(
        outcome=HoldingOutcome.CORRUPT,
        evidence=READ,
        faults=(GONE, FLIPPED),
        fault_count=2,
        first="missing",
    )
    findings, skipped = verdict_on(check)
    assert [(each.rule.id, each.location.path) for each in findings] == [
        ("AUD-102", "data/a\nb"),
        ("AUD-101", "data/c"),
    ]
    assert findings[1].evidence == {"expected": "aa", "actual": "bb", "first": "missing"}
    assert skipped == ()


def test_faults_that_are_not_named_are_counted() -> None:
    check = Check(
        outcome=HoldingOutcome.CORRUPT, evidence=READ, faults=(FLIPPED,), fault_count=1204
    )
    assert verdict_on(check)[0][-1].message.startswith("and 1,203 more; ")
    everything = [FLIPPED] * 1204
    assert len(verdict_on(check, everything)[0]) == 1204


def test_what_was_not_read_says_why() -> None:
    check = Check(
        outcome=HoldingOutcome.UNREACHABLE, evidence=READ, reason="/mnt/share is not mounted"
    )
    findings, skipped = verdict_on(check)
    assert findings[0].message == "its place could not be reached: /mnt/share is not mounted"
    assert [(each.check, each.asked) for each in skipped] == [("fixity", True)]
