"""audit report: one report on a whole ledger, for a director and for a program alike."""

from __future__ import annotations

from muniment.audit.reporting import AuditReport, Due, PastRun, Standing
from muniment.model.findings import JsonValue, Report

_COMMAND = "audit report"


def report_of(told: AuditReport, *, page: str | None) -> Report:
    """The same for programs: what is not safe as subjects, the figures as the result.

    `page` is the path of the page that was written.
    """
    holdings = tuple(each.told for each in told.not_safe)
    objects = tuple(each.told for each in told.short_objects)
    return Report(command=_COMMAND, subjects=holdings + objects, result=_result(told, page))


def _result(told: AuditReport, page: str | None) -> dict[str, JsonValue]:
    outside = told.outside
    return {
        "at": told.at,
        "ledger": told.origin,
        "page": page,
        "kept": {
            "holdings": told.whole.holdings,
            "octets": told.whole.octets,
            "retired": told.retired,
        },
        "standings": {str(each): told.standings[each].holdings for each in Standing},
        "octets": {str(each): told.standings[each].octets for each in Standing},
        "deadlines": {str(each): told.deadlines[each].holdings for each in Due},
        "unlisted": told.unlisted,
        "objects_short": told.short_count,
        "locations": [
            {
                "location": each.location,
                "standings": {str(kind): each.standings[kind].holdings for kind in Standing},
                "octets": each.whole.octets,
            }
            for each in told.locations
        ],
        "months": [
            {
                "month": each.month,
                "figures": {
                    "checked": each.checked,
                    "holdings": each.holdings,
                    "octets": each.octets,
                },
            }
            for each in told.months
        ],
        "evidence": [
            {
                "read_by": str(each.read_by),
                "extent": str(each.extent),
                "compared_with": [str(one) for one in each.compared_with],
                "nonced": each.nonced,
                "holdings": each.holdings,
            }
            for each in told.grades
        ],
        "run_count": told.run_count,
        "runs": [_run(each) for each in told.runs],
        "checkpoint": {"at": outside.at, "size": outside.size, "events": outside.events},
        "integrity": [
            {"level": each.level, "asked": each.asked, "evidence": each.evidence}
            for each in told.integrity
        ],
    }


def _run(run: PastRun) -> dict[str, JsonValue]:
    ended = run.ended
    return {
        "run": run.run,
        "begun_at": run.begun_at,
        "ended_at": run.ended_at,
        "software": run.begun.software,
        "self_test": {"planted": run.planted, "found": run.found},
        "void": run.begun.is_void,
        "outcomes": {} if ended is None else dict(ended.outcomes),
        "not_reached": None if ended is None else ended.not_reached,
        "octets": None if ended is None else ended.octets,
        "seconds": None if ended is None else ended.seconds,
    }
