"""A report is made of a ledger: the sums by the database, what is not safe one by one."""

from __future__ import annotations

import sqlalchemy as sa

from muniment.audit import reporting_figures as figures
from muniment.audit.canonical import decoded_name
from muniment.audit.copies import copies_told
from muniment.audit.histories import all_faults, check_of
from muniment.audit.integrity_levels import integrity_lines
from muniment.audit.ledger import Ledger
from muniment.audit.promises import broken_promise
from muniment.audit.reporting import Amount, AuditReport, NotSafe, ShortObject, Standing, total
from muniment.audit.states import HoldingState
from muniment.audit.verdicts import verdict_on
from muniment.model.findings import SubjectReport

# More are counted, not listed: whoever has lost a whole store needs no million lines.
MOST_LISTED = 10_000


def make_report(ledger: Ledger, *, at: str) -> AuditReport:
    """Everything that is to be said of a ledger at a moment (RFC 3339), now as a rule.

    Raises EnvironmentFault.
    """
    with ledger.reading() as connection:
        locations = figures.location_figures(connection, at)
        standings = dict.fromkeys(Standing, Amount()) | total(each.standings for each in locations)
        deeds = figures.deeds(connection)
        outside = figures.held_outside(connection)
        short = figures.short_objects(connection)
        states = figures.not_safe(connection, at, MOST_LISTED)
        return AuditReport(
            at=at,
            origin=ledger.origin,
            retired=figures.retired(connection),
            locations=locations,
            months=figures.months(connection, at),
            grades=figures.grades(connection),
            runs=figures.last_runs(connection),
            run_count=deeds.runs,
            outside=outside,
            not_safe=tuple(_not_safe(ledger, connection, each, at) for each in states),
            short_objects=tuple(_short(ledger.copies(each)) for each in short[:MOST_LISTED]),
            short_count=len(short),
            integrity=integrity_lines(deeds, standings, outside),
        )


def _not_safe(ledger: Ledger, connection: sa.Connection, state: HoldingState, at: str) -> NotSafe:
    """What the holding's last check found, and that it is late."""
    event = figures.last_check(connection, state)
    check = check_of(event)
    findings, skipped = verdict_on(check, all_faults(ledger, check))
    late = broken_promise(state, at)
    if late is not None:
        findings, skipped = (*findings, late[0]), (*skipped, late[1])
    told = SubjectReport(
        subject=decoded_name(state.place.address),
        kind="holding",
        findings=findings,
        checks_run=() if skipped else ("fixity",),
        checks_skipped=skipped,
    )
    standing = figures.standing_of(state.outcome, overdue=late is not None)
    return NotSafe(state=state, standing=standing, told=told)


def _short(copies: list[HoldingState]) -> ShortObject:
    """An object by the name of its first copy."""
    finding, skipped = copies_told(copies)
    name = decoded_name(copies[0].name)
    told = SubjectReport(
        subject=name,
        kind="object",
        findings=() if finding is None else (finding,),
        checks_run=("copies",) if skipped is None else (),
        checks_skipped=() if skipped is None else (skipped,),
    )
    return ShortObject(object=copies[0].object, name=name, told=told)
