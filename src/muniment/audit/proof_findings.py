"""Collects what the checks of a proof find, and says what it comes to."""

from __future__ import annotations

from dataclasses import dataclass, field

from muniment.model.findings import Finding, JsonValue, Location, Rule, Skipped, SubjectReport

# The checks that every proof goes through; without one of them it shows nothing.
CHECKS = ("form", "events", "chain", "checkpoints", "inclusion", "consistency", "signatures")
TIME_STAMP = "time stamp"
BAG = "bag"


@dataclass(slots=True)
class ProofFindings:
    """What was found so far, and which checks were made or left."""

    found: list[Finding] = field(default_factory=list)
    checks: set[str] = field(default_factory=set)
    skipped: list[Skipped] = field(default_factory=list)

    def made(self, check: str) -> None:
        """A check was made, whatever it found."""
        self.checks.add(check)

    def skip(self, check: str, reason: str) -> None:
        """A check was not asked for."""
        self.skipped.append(Skipped(check=check, reason=reason))

    def leave_open(self, check: str, reason: str) -> None:
        """A check that was asked for could not be completed."""
        self.skipped.append(Skipped(check=check, reason=reason, asked=True))

    def add(self, rule: Rule, message: str, pointer: str | None, **evidence: JsonValue) -> None:
        """Enter a finding at a JSON pointer of the proof."""
        place = Location(pointer=pointer)
        self.found.append(Finding(rule=rule, message=message, location=place, evidence=evidence))

    def compared(self, rule: Rule, pointer: str, what: str, expected: bytes, actual: bytes) -> None:
        """Enter a root (raw) that is not the signed one."""
        message = f"{what} leads to the root {actual.hex()}; signed is {expected.hex()}"
        self.add(rule, message, pointer, expected=expected.hex(), actual=actual.hex())

    def report(self, subject: str) -> SubjectReport:
        """The judgement; what every proof must show and could not be judged stays open."""
        closed = self.checks | {each.check for each in self.skipped}
        for check in CHECKS:
            if check not in closed:
                self.leave_open(check, "what it rests on is at fault")
        return SubjectReport(
            subject=subject,
            kind="proof",
            findings=tuple(self.found),
            checks_run=tuple(c for c in (*CHECKS, TIME_STAMP, BAG) if c in self.checks),
            checks_skipped=tuple(self.skipped),
        )
