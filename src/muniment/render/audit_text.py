"""A report on the audit as text for a terminal: the same words and figures as on its page."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from muniment.audit.canonical import decoded_name
from muniment.audit.reporting import AuditReport, NotSafe, Standing
from muniment.model.findings import Finding, Rule
from muniment.render.audit_words import (
    MEANINGS,
    MOST_FILES,
    by_rule,
    counted,
    given_away,
    grade,
    in_short,
    last_run,
    share,
    size,
    spoken,
)
from muniment.render.escaping import visible
from muniment.render.paint import PLAIN, Paint, Style

LAST_MONTHS = 12
_STYLES = {
    Standing.SAFE: Style.GOOD,
    Standing.OVERDUE: Style.DOUBTFUL,
    Standing.UNKNOWN: Style.DOUBTFUL,
    Standing.DAMAGED: Style.BAD,
}

Row = Sequence[str]


def audit_text(report: AuditReport, *, paint: Paint = PLAIN, width: int = 100) -> Iterator[str]:
    """The text line by line; prose is wrapped at `width`, names and messages are not."""
    page = _Page(report=report, paint=paint, width=width)
    for line in page.lines():
        yield f"{line}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What every part needs to know; `explained` holds rules whose hint was given."""

    report: AuditReport
    paint: Paint
    width: int
    explained: set[str] = field(default_factory=set)

    def lines(self) -> Iterator[str]:
        """All parts, with a blank line between."""
        yield from self._summary()
        yield from self._not_safe()
        yield from self._copies()
        yield from self._due()
        yield from self._months()
        yield from self._locations()
        yield from self._evidence()
        yield from self._runs()
        yield from self._levels()

    def _summary(self) -> Iterator[str]:
        report = self.report
        yield self.paint(f"Fixity report, {spoken(report.at)}", Style.BOLD)
        yield from self._prose(f"{in_short(report)} {last_run(report)}", "")
        yield ""
        rows = [
            (str(each), f"{amount.holdings:,}", size(amount.octets))
            for each, amount in report.standings.items()
        ]
        for standing, line in zip(Standing, _table(rows), strict=True):
            yield f"{self.paint(line, _STYLES[standing])}  {MEANINGS[standing]}"
        if report.retired:
            yield f"  {counted(report.retired, 'holding')} kept no longer"

    def _not_safe(self) -> Iterator[str]:
        for one in self.report.not_safe:
            yield from ("", *self._holding(one))
        if self.report.unlisted > 0:
            more = counted(self.report.unlisted, "holding")
            yield from ("", f"And {more} more; more of them: muniment audit report --format jsonl")

    def _holding(self, one: NotSafe) -> Iterator[str]:
        word = self.paint(str(one.standing).upper(), _STYLES[one.standing])
        checked = spoken(one.state.checked_at)
        yield f"{word}  {visible(one.told.subject)} (last checked {checked})"
        for rule, findings in by_rule(one):
            yield f"  {self.paint(rule.id, Style.BOLD)}  {rule.title}"
            yield from (
                f"    {_place(each)}{visible(each.message)}" for each in findings[:MOST_FILES]
            )
            if len(findings) > MOST_FILES:
                yield f"    and {len(findings) - MOST_FILES:,} more"
            yield from self._hint(rule)

    def _hint(self, rule: Rule) -> Iterator[str]:
        if rule.id not in self.explained:
            self.explained.add(rule.id)
            yield from self._prose(f"To mend: {rule.hint}", "    ")

    def _copies(self) -> Iterator[str]:
        report = self.report
        if not report.short_count:
            return
        yield from self._heading("Too few sound copies")
        for each in report.short_objects:
            told = [one.message for one in each.told.findings]
            told += [one.reason for one in each.told.checks_skipped]
            yield f"  {visible(each.name)}: {visible('; '.join(told))}"
        if more := report.short_count - len(report.short_objects):
            yield f"  and {counted(more, 'object')} more"

    def _due(self) -> Iterator[str]:
        yield from self._heading("What is due")
        yield from _table(
            [
                (str(due).replace("_", " "), f"{amount.holdings:,}", size(amount.octets))
                for due, amount in self.report.deadlines.items()
            ]
        )

    def _months(self) -> Iterator[str]:
        yield from self._heading("Coverage over time")
        rows = [("", "checked", "of holdings", "", "read")]
        rows += [
            (
                each.month,
                f"{each.checked:,}",
                f"{each.holdings:,}",
                share(each.checked, each.holdings),
                size(each.octets),
            )
            for each in reversed(self.report.months[-LAST_MONTHS:])
        ]
        yield from _table(rows)

    def _locations(self) -> Iterator[str]:
        if not self.report.locations:
            return
        yield from self._heading("Location by location")
        rows = [("", "holdings", "size", *map(str, Standing))]
        rows += [
            (
                visible(decoded_name(each.location)),
                f"{each.whole.holdings:,}",
                size(each.whole.octets),
                *(f"{each.standings[one].holdings:,}" for one in Standing),
            )
            for each in self.report.locations
        ]
        yield from _table(rows)

    def _evidence(self) -> Iterator[str]:
        yield from self._heading("What this rests on")
        yield from _table([(grade(each), f"{each.holdings:,}") for each in self.report.grades])
        yield from self._prose(given_away(self.report), "  ")

    def _runs(self) -> Iterator[str]:
        if not self.report.runs:
            return
        yield from self._heading(f"Runs, the last of {self.report.run_count:,}")
        rows = [("", "self-test", "checked", "not reached", "read")]
        for each in self.report.runs:
            test = f"{each.found} of {each.planted}" + (", void" if each.begun.is_void else "")
            if each.ended is None:
                rows.append((spoken(each.begun_at), test, "not ended", "", ""))
                continue
            rows.append(
                (
                    spoken(each.begun_at),
                    test,
                    f"{sum(each.ended.outcomes.values()):,}",
                    f"{each.ended.not_reached:,}",
                    size(each.ended.octets),
                )
            )
        yield from _table(rows)

    def _levels(self) -> Iterator[str]:
        yield from self._heading("NDSA Levels (version 2), integrity")
        for each in self.report.integrity:
            yield f"  {each.level}  {each.asked}"
            yield from self._prose(each.evidence, "       ")

    def _heading(self, text: str) -> tuple[str, str]:
        return "", self.paint(text, Style.BOLD)

    def _prose(self, text: str, indent: str) -> list[str]:
        return textwrap.wrap(
            text,
            max(self.width, 40),
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )


def _place(finding: Finding) -> str:
    path = finding.location.path
    return "" if path is None else f"{visible(path)}: "


def _table(rows: Sequence[Row]) -> list[str]:
    """Rows in columns: names to the left, figures to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  "
        + "  ".join(
            [
                row[0].ljust(widths[0]),
                *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)),
            ]
        ).rstrip()
        for row in rows
    ]
