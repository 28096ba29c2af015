"""What was found: a finding by a rule, at a place, with its evidence; and the verdict they make.

A finding speaks of the material. A check that could not be made is a value too: `Skipped`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

JsonValue = str | int | float | bool | None | Sequence["JsonValue"] | Mapping[str, "JsonValue"]


class Severity(IntEnum):
    """How much a finding weighs: MUST broken is an error, SHOULD a warning, MAY is info."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> str:
        """The word used in every output: `info`, `warning` or `error`."""
        return self.name.lower()


class Verdict(StrEnum):
    """What a judgement came to. Fail goes before unverified, unverified before pass."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    UNVERIFIED = "unverified"


class BagState(StrEnum):
    """RFC 8493 section 3's own word for a bag. `complete` means that no checksum was checked."""

    VALID = "valid"
    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecRef:
    """The place in a standard that a rule carries out."""

    document: str
    section: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that can be wrong. The id is stable and never used again for another meaning.

    `title` says what is wrong, `why` what it leads to, `hint` how to mend it.
    """

    id: str
    title: str
    severity: Severity
    why: str
    hint: str
    spec: SpecRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where in the material a finding lies. Lines, columns and rows count from 1."""

    path: str | None = None
    line: int | None = None
    column: int | None = None
    pointer: str | None = None
    xpath: str | None = None
    sheet: str | None = None
    row: int | None = None
    heading: str | None = None

    def describe(self) -> str:
        """The place in one line for a person: `record.yaml:12:3` or `sheet.csv row 4, Title`."""
        lines = (self.line, self.column) if self.row is None else ()
        place = ":".join(str(part) for part in (self.path, *lines) if part)
        if self.sheet is not None:
            place = f"{place} [{self.sheet}]" if place else self.sheet
        if self.row is not None:
            place = f"{place} row {self.row}".strip()
        if self.heading is not None:
            place = f"{place}, {self.heading}" if place else self.heading
        return place


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A fault of the material, or something worth knowing about it.

    `message` says for a person what stands there and what would be right. `evidence` carries the
    same as data; by custom `expected` and `actual` where both exist.
    """

    rule: Rule
    message: str
    location: Location = field(default_factory=Location)
    evidence: Mapping[str, JsonValue] = field(default_factory=dict)
    severity_override: Severity | None = None

    @property
    def severity(self) -> Severity:
        """The rule's severity, unless an institution's requirements set another."""
        return self.rule.severity if self.severity_override is None else self.severity_override


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A check that was not made, and why.

    `asked` says that it was asked for and could not be completed: the verdict is then
    `unverified`, never a pass.
    """

    check: str
    reason: str
    asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCount:
    """How many records a file holds, and in how many of them something is an error."""

    total: int
    faulty: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectReport:
    """Everything that was found out about one subject: a file, a bag, a holding.

    `records` counts those of a file that holds several: a sheet, a harvest.
    """

    subject: str
    kind: str
    findings: tuple[Finding, ...] = ()
    checks_run: tuple[str, ...] = ()
    checks_skipped: tuple[Skipped, ...] = ()
    state: BagState | None = None
    records: RecordCount | None = None

    def verdict(self, fail_on: Severity = Severity.ERROR) -> Verdict:
        """Fail if a finding weighs `fail_on` or more; else unverified if a check is open."""
        if any(finding.severity >= fail_on for finding in self.findings):
            return Verdict.FAIL
        if any(skipped.asked for skipped in self.checks_skipped):
            return Verdict.UNVERIFIED
        return Verdict.PASS


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one command found and made. `result` holds what it made, as JSON data."""

    command: str
    subjects: tuple[SubjectReport, ...] = ()
    result: Mapping[str, JsonValue] | None = None

    def verdict(self, fail_on: Severity = Severity.ERROR) -> Verdict:
        """The worst verdict of all subjects; a report without subjects passes."""
        return worst(subject.verdict(fail_on) for subject in self.subjects)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Fail before unverified before pass."""
    seen = set(verdicts)
    for verdict in (Verdict.FAIL, Verdict.UNVERIFIED):
        if verdict in seen:
            return verdict
    return Verdict.PASS
