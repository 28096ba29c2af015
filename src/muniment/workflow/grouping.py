"""package --split: the bags of a group, each whole or not at all, the group told as it is.

All bags are planned before the first byte is written. What an earlier run has made is read again,
and kept where it is what would be written now; anything else in the way is refused.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from muniment.bags.plan import Plan
from muniment.model.errors import EnvironmentFault, UsageError
from muniment.model.findings import Finding, JsonValue, Location, Report, Skipped, SubjectReport
from muniment.model.rules import source as rules
from muniment.storage.executors import Executor
from muniment.storage.progress import Progress
from muniment.storage.space import check_room
from muniment.storage.staging import DestinationExistsError, already_there, remove_abandoned
from muniment.workflow.comparing import MadeBefore, made_before
from muniment.workflow.planning import Planned, check_options, looked_at
from muniment.workflow.preflight import octets_of


def make_group(
    planned: Planned,
    make: Callable[[Plan], Report],
    *,
    executor: Executor,
    progress: Progress,
) -> Report:
    """Make every bag that is not there yet; after one that fails, no other is begun.

    Raises UsageError where other bags are in the way, EnvironmentFault where there is no room.
    """
    _refuse_other_groups(planned)
    before = _made_before(planned, executor=executor, progress=progress)
    left = [plan for plan in planned.plans if plan.name not in before]
    if not left:  # else the first that is made does it
        remove_abandoned(planned.request.output)
    check_room(planned.request.output, sum(map(octets_of, left)))
    subjects: list[SubjectReport] = [_source(planned)]
    bags: list[JsonValue] = []
    failed: str | None = None
    for plan in planned.plans:
        destination = _destination(planned, plan)
        if plan.name in before:
            subjects.append(_told(before[plan.name].subject, destination))
            bags.append(before[plan.name].result)
        elif failed is not None:
            reason = f"not begun, because {failed} could not be made"
            subjects.append(_not_made(destination, reason))
        else:
            report = _tried(plan, destination, make)
            subjects += report.subjects
            bags += [report.result] if report.result is not None else []
            failed = None if report.result is not None else str(destination)
    result: dict[str, JsonValue] = {"group": _identifier(planned.plans), "bags": bags}
    return Report(command="package", subjects=tuple(subjects), result=result if bags else None)


def _tried(plan: Plan, destination: Path, make: Callable[[Plan], Report]) -> Report:
    """One bag; where the surroundings stood in the way, that is told as its report."""
    try:
        return make(plan)
    except EnvironmentFault as fault:
        return Report(command="package", subjects=(_not_made(destination, str(fault)),))


def _not_made(destination: Path, reason: str) -> SubjectReport:
    skipped = Skipped(check="package", reason=reason, asked=True)
    return SubjectReport(subject=str(destination), kind="bag", checks_skipped=(skipped,))


def _destination(planned: Planned, plan: Plan) -> Path:
    return planned.request.output / f"{plan.name}{planned.request.ending}"


def _source(planned: Planned) -> SubjectReport:
    """What was found before is told of the sources: it concerns all bags."""
    profiled = bool(planned.prescribed.profiles)
    return looked_at(planned.request, planned.findings, (), profiled=profiled)


def _identifier(plans: Sequence[Plan]) -> str | None:
    """Bag-Group-Identifier; a single bag is no group."""
    info = plans[0].bag_info if len(plans) > 1 else ()
    return next((value for label, value in info if label == "Bag-Group-Identifier"), None)


def _refuse_other_groups(planned: Planned) -> None:
    """Bags of another division under the same name would be taken for parts of this one."""
    output, ending = planned.request.output, re.escape(planned.request.ending)
    names = {_destination(planned, plan).name for plan in planned.plans}
    part = re.compile(rf"{re.escape(planned.name)}-[0-9]+of[0-9]+{ending}")
    there = [each.name for each in output.iterdir()] if output.is_dir() else []
    others = sorted(name for name in there if part.fullmatch(name) and name not in names)
    if others:
        raise UsageError(
            f"{output} holds {others[0]}, which is of another group of the same name;"
            " choose another --name or --output, or move it away"
        )


def _made_before(
    planned: Planned, *, executor: Executor, progress: Progress
) -> dict[str, MadeBefore]:
    """The bags that are there already, by name. Raises DestinationExistsError for any other."""
    options = check_options(planned.prescribed)
    found: dict[str, MadeBefore] = {}
    for plan in planned.plans:
        destination = _destination(planned, plan)
        if not os.path.lexists(destination):
            continue
        same = made_before(plan, destination, options, executor=executor, progress=progress)
        if same is None:
            raise DestinationExistsError(
                f"{already_there(destination)} (it is not what would be written now)"
            )
        found[plan.name] = same
    return found


def _told(subject: SubjectReport, destination: Path) -> SubjectReport:
    finding = Finding(
        rule=rules.MADE_BEFORE,
        message=f"{destination} was made before: it was verified, and is kept",
        location=Location(path=str(destination)),
    )
    return SubjectReport(
        subject=subject.subject,
        kind=subject.kind,
        findings=(finding, *subject.findings),
        checks_run=subject.checks_run,
        checks_skipped=subject.checks_skipped,
        state=subject.state,
    )
