"""The words and figures of a report, the same on a page and in a terminal."""

from __future__ import annotations

from itertools import groupby

from muniment.audit.narrating import evidence_told
from muniment.audit.reporting import AuditReport, Grade, NotSafe, Standing
from muniment.model.findings import Finding, Rule

MOST_FILES = 20  # of one holding, by one rule
MEANINGS = {
    Standing.SAFE: "found as recorded, within the promised time",
    Standing.OVERDUE: "last found as recorded; the next check is late",
    Standing.UNKNOWN: "could not be checked: not reached, not readable",
    Standing.DAMAGED: "found not as recorded",
}
_UNITS = ("kB", "MB", "GB", "TB", "PB")
_STEP = 1000


def in_short(report: AuditReport) -> str:
    """How many holdings are safe."""
    whole, safe = report.whole, report.standings[Standing.SAFE].holdings
    if not whole.holdings:
        return "Nothing is kept under audit yet."
    if safe < whole.holdings:
        are = "is" if safe == 1 else "are"
        whole_told = counted(whole.holdings, "holding")
        return f"{safe:,} of {whole_told} ({share(safe, whole.holdings)}) {are} safe."
    if safe == 1:
        return "The one holding was found as it is recorded, within its promised time."
    return (
        f"All {counted(safe, 'holding')}, {size(whole.octets)}, were found as they are recorded,"
        " within their promised time."
    )


def size(octets: int) -> str:
    """Bytes for a person: `2,265 bytes`, `1.2 TB`."""
    amount, word = float(octets), "bytes"
    for unit in _UNITS:
        if amount < _STEP:
            break
        amount, word = amount / _STEP, unit
    return f"{octets:,} bytes" if word == "bytes" else f"{amount:,.1f} {word}"


def share(part: int, whole: int) -> str:
    """A part in hundredths, rounded down, so that only all of it is 100 %."""
    tenths = 1000 * part // whole if whole else 0
    return f"{tenths // 10} %" if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10} %"


def counted(number: int, what: str) -> str:
    """`1 holding`, `1,204 holdings`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def spoken(moment: str) -> str:
    """A moment for a person: `2026-11-28 07:00 UTC`."""
    return f"{moment[:10]} {moment[11:16]} UTC"


def grade(each: Grade) -> str:
    """What a check rests on, in words."""
    told = evidence_told(each.read_by, each.extent, each.compared_with)
    return f"{told}; bound to a checkpoint by a nonce" if each.nonced else told


def by_rule(one: NotSafe) -> list[tuple[Rule, list[Finding]]]:
    """The findings of a holding, rule by rule."""
    ordered = sorted(one.told.findings, key=lambda finding: finding.rule.id)
    groups = groupby(ordered, key=lambda finding: finding.rule.id)
    return [(group[0].rule, group) for group in (list(found) for _, found in groups)]


def last_run(report: AuditReport) -> str:
    """When the last run was, whether it was of worth, and what it left."""
    if not report.runs:
        return "No run has been made yet."
    run = report.runs[0]
    found = f"its self-test found {run.found:,} of {counted(run.planted, 'planted fault')}"
    began = f"The last run began on {spoken(run.begun_at)}"
    if run.begun.is_void:
        return f"{began} and is void: {found}."
    if run.ended is None:
        return f"{began} and has not ended; {found}."
    if run.ended.not_reached:
        left = counted(run.ended.not_reached, "holding")
        return f"{began} and did not reach {left} of those that were due; {found}."
    return f"{began}; {found}."


def given_away(report: AuditReport) -> str:
    """What an outsider can vouch for."""
    outside = report.outside
    if outside.at is None:
        return (
            "No checkpoint has left the house yet. Until an outsider holds one, whoever has the"
            f" ledger and the key could rewrite its {counted(outside.events, 'event')} unseen."
            " `muniment audit checkpoint --output FILE` makes one to give away."
        )
    return (
        f"A signed checkpoint over the first {counted(outside.size, 'event')} of this history left"
        f" the house on {spoken(outside.at)}. Whoever holds it can show a later change of any of"
        f" them; {outside.events - outside.size:,} came after it."
    )
