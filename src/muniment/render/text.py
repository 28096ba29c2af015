"""A report as text for a person: the verdict first, then what was found, rule by rule.

What is the same in several places is said once, and so is how to mend it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from muniment.model.findings import (
    BagState,
    Report,
    Rule,
    Severity,
    SubjectReport,
    Verdict,
)
from muniment.render.escaping import visible
from muniment.render.grouping import (
    Found,
    RuleGroup,
    by_column,
    by_rule,
    found_in,
    row_ranges,
    shared,
)
from muniment.render.made import made_lines
from muniment.render.paint import PLAIN, Paint, Style
from muniment.render.shape import severity_counts, verdict_counts

_VERDICT_STYLES = {
    Verdict.PASS: Style.GOOD,
    Verdict.FAIL: Style.BAD,
    Verdict.UNVERIFIED: Style.DOUBTFUL,
}
_SEVERITY_STYLES = {
    Severity.ERROR: Style.BAD,
    Severity.WARNING: Style.DOUBTFUL,
    Severity.INFO: Style.BOLD,
}
_PASSED = {Verdict.PASS: "passed", Verdict.FAIL: "failed", Verdict.UNVERIFIED: "unverified"}
_STATES = {BagState.COMPLETE: "complete, not verified"}
_BELOW_VERDICT = " " * 6
_BELOW_RULE = " " * 4
_BELOW_PLACE = " " * 6

Block = list[str]


def render(
    report: Report,
    *,
    fail_on: Severity = Severity.ERROR,
    quiet: bool = False,
    paint: Paint = PLAIN,
    width: int = 100,
) -> Iterator[str]:
    """The text line by line, or nothing where there is nothing to say.

    `quiet` leaves only the verdict lines of subjects that did not pass. `width` is where hints are
    wrapped; messages and places are not, for their blanks may matter.
    """
    page = _Page(report=report, fail_on=fail_on, paint=paint, width=width)
    for line in page.open_verdicts() if quiet else page.lines():
        yield f"{line}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What every part of the text needs to know; `explained` holds rules whose hint was given."""

    report: Report
    fail_on: Severity
    paint: Paint
    width: int
    explained: set[str] = field(default_factory=set)

    def open_verdicts(self) -> list[str]:
        """The verdict lines of what did not pass."""
        subjects = self.report.subjects
        return [
            self._verdict_line(one)
            for one in subjects
            if one.verdict(self.fail_on) is not Verdict.PASS
        ]

    def lines(self) -> Iterator[str]:
        """All lines; blocks of more than one line stand apart."""
        before: Block = []
        for block in self._blocks():
            if before and (len(block) > 1 or len(before) > 1):
                yield ""
            yield from block
            before = block

    def _blocks(self) -> Iterator[Block]:
        common = shared(self.report)
        same_checks = _same_checks(self.report.subjects)
        for one in self.report.subjects:
            yield self._subject(one, {each.sameness for each in common}, checks=not same_checks)
        if common:
            yield ["The same in several:", *self._groups(common, name_subject=True)]
        if self.report.result:
            yield made_lines(self.report.result)
        if len(self.report.subjects) > 1:
            checks = self._checks(self.report.subjects[0]) if same_checks else []
            yield [self._total(), *checks]

    def _subject(
        self, one: SubjectReport, common: set[tuple[str, Severity, str]], *, checks: bool
    ) -> Block:
        found = found_in(one)
        own = [each for each in found if each.sameness not in common]
        below = sorted({each.finding.rule.id for each in found if each.sameness in common})
        block = [self._verdict_line(one, below), *_not_completed(one)]
        if checks:
            block += self._checks(one)
        return block + self._groups(own, name_subject=False)

    def _verdict_line(self, one: SubjectReport, below: Sequence[str] = ()) -> str:
        verdict = one.verdict(self.fail_on)
        word = self.paint(str(verdict).upper(), _VERDICT_STYLES[verdict])
        kind = _kind(one)
        open_checks = [f"{s.check} not completed" for s in one.checks_skipped if s.asked]
        faults = ", ".join([*_counted(severity_counts([one])), *open_checks])
        line = f"{word}  {visible(one.subject)} ({kind})" + (f": {faults}" if faults else "")
        return f"{line}; see {', '.join(below)} below" if below else line

    def _checks(self, one: SubjectReport) -> Block:
        made = ", ".join(one.checks_run)
        left = [f"{s.check} ({visible(s.reason)})" for s in one.checks_skipped if not s.asked]
        sentences = [f"checked: {made}"] if made else []
        sentences += [f"not checked: {', '.join(left)}"] if left else []
        return self._wrapped("; ".join(sentences), _BELOW_VERDICT)

    def _groups(self, found: Sequence[Found], *, name_subject: bool) -> Block:
        return [
            line
            for group in by_rule(found)
            for line in ["", *self._group(group, name_subject=name_subject)]
        ]

    def _group(self, group: RuleGroup, *, name_subject: bool) -> Block:
        word = self.paint(group.severity.label, _SEVERITY_STYLES[group.severity])
        lines = [f"  {word} {self.paint(group.rule.id, Style.BOLD)}  {group.rule.title}"]
        for message, found in group.messages.items():
            places = _places(found, name_subject=name_subject)
            lines += self._message(visible(message), places, _number(found))
        return lines + self._explanation(group.rule)

    def _message(self, said: str, places: Sequence[str], number: str) -> Block:
        shown = [self.paint(place, Style.BOLD) for place in places if place]
        if len(places) > 1 or (number.endswith(" records") and not number.startswith("1 ")):
            listed = [f"{_BELOW_PLACE}{place}" for place in shown]
            return [f"{_BELOW_RULE}the same in {number}: {said}", *listed]
        if not shown:
            return [f"{_BELOW_RULE}{said}"]
        if said.startswith(places[0]):
            return [f"{_BELOW_RULE}{shown[0]}{said.removeprefix(places[0])}"]
        return [f"{_BELOW_RULE}{shown[0]}", f"{_BELOW_PLACE}{said}"]

    def _explanation(self, rule: Rule) -> Block:
        if rule.id in self.explained:
            return []
        self.explained.add(rule.id)
        spec = "" if rule.spec is None else f"{rule.spec.document} section {rule.spec.section}; "
        more = f"{_BELOW_RULE}{spec}more: muniment rules {rule.id}"
        return [*self._wrapped(f"To mend: {rule.hint}", _BELOW_RULE), more]

    def _wrapped(self, text: str, indent: str) -> Block:
        return textwrap.wrap(
            text,
            max(self.width, 40),
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )

    def _total(self) -> str:
        verdicts = verdict_counts(self.report, self.fail_on).items()
        parts = [f"{n:,} {_PASSED[verdict]}" for verdict, n in verdicts if n]
        findings = ", ".join(_counted(severity_counts(self.report.subjects)))
        total = f"In all: {len(self.report.subjects):,} subjects; {', '.join(parts)}"
        return f"{total}; {findings}" if findings else total


def _kind(one: SubjectReport) -> str:
    """`bag, valid`; `sheet, 500 records, 3 of them with errors`."""
    kind = one.kind if one.state is None else f"{one.kind}, {_STATES.get(one.state, one.state)}"
    if one.records is None:
        return kind
    faulty = f", {one.records.faulty:,} of them with errors" if one.records.faulty else ""
    noun = "record" if one.records.total == 1 else "records"
    return f"{kind}, {one.records.total:,} {noun}{faulty}"


def _same_checks(subjects: Sequence[SubjectReport]) -> bool:
    """Whether several subjects had the same checks made and left, so that it is said once."""
    if len(subjects) < 2:  # noqa: PLR2004 - one is not several
        return False
    kinds = {
        (one.checks_run, tuple(s for s in one.checks_skipped if not s.asked)) for one in subjects
    }
    return len(kinds) == 1


def _not_completed(one: SubjectReport) -> Block:
    return [
        f"{_BELOW_VERDICT}not completed: {skipped.check}: {visible(skipped.reason)}"
        for skipped in one.checks_skipped
        if skipped.asked
    ]


def _counted(counts: Mapping[Severity, int]) -> list[str]:
    return [
        f"{number:,} {severity.label}"
        + ("s" if number > 1 and severity is not Severity.INFO else "")
        for severity, number in counts.items()
        if number
    ]


def _place(found: Found, *, name_subject: bool) -> str:
    """Where a finding lies, in one line: path, line, column; the node where that says more."""
    location = found.finding.location
    if location.path is None and (name_subject or location.line or location.row):
        location = replace(location, path=found.subject)
    place = location.describe()
    node = location.xpath or location.pointer
    if node and not location.heading:
        place = f"{place} ({node})" if place else node
    if name_subject and location.path != found.subject:
        place = f"{found.subject}: {place}"
    return visible(place)


def _places(found: Sequence[Found], *, name_subject: bool) -> list[str]:
    """The places of a message; rows of one column in one line: `a.csv rows 4-9, 12, title`."""
    lines: list[str] = []
    for column in by_column(found):
        first = column[0]
        if len(column) == 1:
            lines.append(_place(first, name_subject=name_subject))
            continue
        rows = row_ranges([each.finding.location.row or 0 for each in column])
        whole = replace(first.finding.location, row=None, line=None, heading=None)
        place = _place(
            replace(first, finding=replace(first.finding, location=whole)),
            name_subject=name_subject,
        )
        heading = visible(first.finding.location.heading or "")
        lines.append(f"{place} rows {rows}" + (f", {heading}" if heading else ""))
    return lines


def _number(found: Sequence[Found]) -> str:
    if all(each.finding.location.row for each in found):
        return f"{len(found):,} records"
    paths = {(each.subject, each.finding.location.path) for each in found}
    noun = "files" if len(paths) == len(found) else "places"
    return f"{len(found):,} {noun}"
