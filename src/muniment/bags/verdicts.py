"""Collects what the checks of one bag find, and says what it comes to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from muniment.model.findings import (
    BagState,
    Finding,
    JsonValue,
    Location,
    Rule,
    Severity,
    Skipped,
    SubjectReport,
)
from muniment.model.rules import bag as bag_rules
from muniment.model.rules import fetch as fetch_rules
from muniment.model.rules import profile as profile_rules

CHECKS = ("structure", "completeness", "fixity", "profile")
_OF_PROFILES = frozenset(rule for rule in vars(profile_rules).values() if isinstance(rule, Rule))
_MISSING = frozenset({bag_rules.PAYLOAD_MISSING, bag_rules.TAG_FILE_MISSING})


@dataclass(slots=True)
class Findings:
    """What was found so far, and which checks could not be completed and why."""

    found: list[Finding] = field(default_factory=list)
    open_checks: dict[str, list[str]] = field(default_factory=dict)
    not_asked: dict[str, str] = field(default_factory=dict)

    def add(self, rule: Rule, message: str, *, path: str | None, **evidence: JsonValue) -> None:
        """Enter a finding about a file of the bag."""
        self.found.append(
            Finding(rule=rule, message=message, location=Location(path=path), evidence=evidence)
        )

    def report(self, finding: Finding) -> None:
        """Enter a finding that was made elsewhere."""
        self.found.append(finding)

    def extend(self, findings: Iterable[Finding]) -> None:
        """Enter several findings that were made elsewhere."""
        self.found.extend(findings)

    @property
    def has_errors(self) -> bool:
        """Whether anything found is an error."""
        return any(finding.severity is Severity.ERROR for finding in self.found)

    def leave_open(self, check: str, reason: str) -> None:
        """A check that was asked for could not be completed."""
        self.open_checks.setdefault(check, []).append(reason)

    def skip(self, check: str, reason: str) -> None:
        """A check was not asked for."""
        self.not_asked[check] = reason

    def subject(self, name: str) -> SubjectReport:
        """The report of the bag, its findings in the order of their places."""
        skipped = [
            Skipped(check=check, reason=_joined(reasons), asked=True)
            for check, reasons in self.open_checks.items()
        ] + [Skipped(check=check, reason=reason) for check, reason in self.not_asked.items()]
        left = {one.check for one in skipped}
        return SubjectReport(
            subject=name,
            kind="bag",
            findings=tuple(sorted(self.found, key=_place)),
            checks_run=tuple(check for check in CHECKS if check not in left),
            checks_skipped=tuple(sorted(skipped, key=lambda one: CHECKS.index(one.check))),
            state=self.state(),
        )

    def state(self) -> BagState:
        """RFC 8493 section 3's word for the bag; what a profile asks besides does not change it."""
        errors = {f.rule for f in self.found if f.severity is Severity.ERROR} - _OF_PROFILES
        # What is missing is missing from Payload-Oxum too: that says nothing more.
        told_twice = {bag_rules.OXUM_MISMATCH} if errors & _MISSING else set()
        if errors - _MISSING - told_twice:
            return BagState.INVALID
        to_fetch = any(f.rule is fetch_rules.TO_BE_FETCHED for f in self.found)
        if errors or to_fetch or "completeness" in self.open_checks:
            return BagState.INCOMPLETE
        if "fixity" in self.open_checks or "fixity" in self.not_asked:
            return BagState.COMPLETE
        return BagState.VALID


def _joined(reasons: list[str]) -> str:
    shown = reasons[:3]
    more = len(reasons) - len(shown)
    return "; ".join(shown) + (f"; and {more} more" if more else "")


def _place(finding: Finding) -> tuple[str, int, str, str]:
    location = finding.location
    return (location.path or "", location.line or 0, finding.rule.id, finding.message)
