"""What findings and open checks come to."""

from __future__ import annotations

import itertools

import pytest

from muniment.model.findings import (
    Finding,
    Location,
    Report,
    Rule,
    Severity,
    Skipped,
    SubjectReport,
    Verdict,
    worst,
)
from muniment.model.rules import RULES, _table

RULE = {
    severity: Rule(id=f"BAG-00{severity}", title="t", severity=severity, why="w", hint="h")
    for severity in Severity
}


def subject(*severities: Severity, asked: bool | None = None) -> SubjectReport:
    return SubjectReport(
        subject="x",
        kind="bag",
        findings=tuple(Finding(rule=RULE[each], message="m") for each in severities),
        checks_skipped=() if asked is None else (Skipped(check="c", reason="r", asked=asked),),
    )


@pytest.mark.parametrize(
    ("report", "by_error", "by_warning"),
    [
        (subject(), Verdict.PASS, Verdict.PASS),
        (subject(Severity.INFO), Verdict.PASS, Verdict.PASS),
        (subject(Severity.WARNING), Verdict.PASS, Verdict.FAIL),
        (subject(Severity.INFO, Severity.ERROR), Verdict.FAIL, Verdict.FAIL),
        (subject(asked=False), Verdict.PASS, Verdict.PASS),
        (subject(asked=True), Verdict.UNVERIFIED, Verdict.UNVERIFIED),
        (subject(Severity.WARNING, asked=True), Verdict.UNVERIFIED, Verdict.FAIL),
        (subject(Severity.ERROR, asked=True), Verdict.FAIL, Verdict.FAIL),
    ],
)
def test_a_verdict(report: SubjectReport, by_error: Verdict, by_warning: Verdict) -> None:
    assert report.verdict() is by_error
    assert report.verdict(Severity.WARNING) is by_warning


def test_a_severity_that_an_institution_sets_counts() -> None:
    finding = Finding(rule=RULE[Severity.INFO], message="m", severity_override=Severity.ERROR)
    report = SubjectReport(subject="x", kind="bag", findings=(finding,))
    assert report.verdict() is Verdict.FAIL


def test_fail_goes_before_unverified_before_pass() -> None:
    order = [Verdict.FAIL, Verdict.UNVERIFIED, Verdict.PASS]
    for several in itertools.product(order, repeat=3):
        assert worst(several) is min(several, key=order.index)
    assert worst([]) is Verdict.PASS
    assert Report(command="verify").verdict() is Verdict.PASS


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        (Location(), ""),
        (Location(path="a.yaml"), "a.yaml"),
        (Location(path="a.yaml", line=3), "a.yaml:3"),
        (Location(path="a.yaml", line=3, column=7), "a.yaml:3:7"),
        (Location(path="a.csv", row=4, heading="Title"), "a.csv row 4, Title"),
        (Location(path="a.xlsx", sheet="Letters", row=4), "a.xlsx [Letters] row 4"),
    ],
)
def test_a_place_is_shown(location: Location, shown: str) -> None:
    assert location.describe() == shown


def test_rules_lie_by_their_ids_in_order() -> None:
    assert list(RULES) == sorted(RULES)
    assert all(rule.id == key for key, rule in RULES.items())
    assert len({(rule.id[:3], rule.title) for rule in RULES.values()}) == len(RULES)


def test_an_id_stands_for_one_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    from muniment.model.rules import bag

    monkeypatch.setattr(bag, "ONE_MORE", RULES["BAG-101"], raising=False)
    with pytest.raises(ValueError, match="BAG-101"):
        _table()
