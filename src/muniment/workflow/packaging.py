"""package: a record and its files become a bag, whole or not at all.

source -> record -> description -> plan -> written bag -> verified bag -> published bag.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from muniment.bags.baginfo import Oxum
from muniment.bags.checking import CheckOptions, check_bag
from muniment.bags.homes import open_bag
from muniment.bags.plan import Plan
from muniment.bags.second_opinion import second_opinion
from muniment.bags.serialising import Serialization, serialise_bag
from muniment.bags.writing import SourceChangedError, WrittenBag, write_bag
from muniment.model.findings import (
    Finding,
    Location,
    Report,
    Skipped,
    SubjectReport,
    Verdict,
)
from muniment.model.rules import bag as bag_rules
from muniment.storage.executors import Executor, ProcessPool
from muniment.storage.progress import Progress, Silent
from muniment.storage.space import check_room
from muniment.storage.staging import staged
from muniment.workflow.grouping import make_group
from muniment.workflow.made import bag_made
from muniment.workflow.planning import (
    BaggingDate,
    PackageRequest,
    Planned,
    SecondOpinion,
    bagging_date,
    check_options,
    plan_packaging,
    refused,
)
from muniment.workflow.preflight import octets_of, refuse_output_in_source

__all__ = [
    "BaggingDate",
    "PackageRequest",
    "SecondOpinion",
    "Serialization",
    "bagging_date",
    "package",
]

_LARGE_OCTETS = 256 << 20
_LARGE_FILES = 5000


def package(
    request: PackageRequest,
    *,
    now: Callable[[], datetime],
    workers: int = 1,
    progress: Progress | None = None,
) -> Report:
    """Make one bag, or those of a group.

    Faults of the record or the sources are findings, and nothing is then written. Raises
    UsageError, EnvironmentFault.
    """
    watch = progress or Silent()
    refuse_output_in_source(request.output, request.sources)
    planned = plan_packaging(request, now=now, progress=watch)
    if isinstance(planned, Report):
        return planned
    if request.split is None:
        return _build(planned, planned.plans[0], planned.findings, workers=workers, progress=watch)

    def make(plan: Plan) -> Report:
        return _build(planned, plan, (), workers=workers, progress=watch)

    with ProcessPool(workers) as executor:
        return make_group(planned, make, executor=executor, progress=watch)


def _build(
    planned: Planned,
    plan: Plan,
    findings: Sequence[Finding],
    *,
    workers: int,
    progress: Progress,
) -> Report:
    """Write aside, read back, publish."""
    request = planned.request
    destination = request.output / f"{plan.name}{request.ending}"
    check_room(request.output, octets_of(plan))
    with ProcessPool(workers) as executor, staged(destination) as staging:
        try:
            made, written = _write(
                planned, plan, staging.folder, executor=executor, progress=progress
            )
        except SourceChangedError as change:
            return refused(request, (*findings, *change.findings), not_read(change.findings))
        progress.phase("making durable", None)
        with staging.made_durable_meanwhile():
            judged = read_back(
                made,
                str(destination),
                check_options(planned.prescribed),
                executor=executor,
                progress=progress,
            )
        opinion = ask_for_opinion(request, plan.name, plan.oxum, made)
        subject = with_opinion(judged, findings, opinion)
        if judged.verdict() is not Verdict.PASS:
            return Report(command="package", subjects=(subject,))
        progress.phase("publishing", None)
        staging.publish(made)
    result = bag_made(destination, plan.name, plan.oxum, written.tag_manifests)
    return Report(command="package", subjects=(subject,), result=result)


def _write(
    planned: Planned,
    plan: Plan,
    folder: Path,
    *,
    executor: Executor,
    progress: Progress,
) -> tuple[Path, WrittenBag]:
    """Write the bag as the folder itself, or as one archive in it; returns what was made."""
    form = planned.request.serialize
    if form is None:
        return folder, write_bag(plan, folder, executor=executor, progress=progress)
    return serialise_bag(
        plan, folder, form, date=planned.date.text, executor=executor, progress=progress
    )


def not_read(findings: Sequence[Finding]) -> tuple[Skipped, ...]:
    """The open check of sources that could not be read as they were planned."""
    reason = findings[0].message
    if len(findings) > 1:
        reason += f"; and {len(findings) - 1} more"
    return (Skipped(check="source", reason=reason, asked=True),)


def read_back(
    made: Path, subject: str, options: CheckOptions, *, executor: Executor, progress: Progress
) -> SubjectReport:
    """Judge the bag as any receiver would, before it appears under its name."""
    return check_bag(
        open_bag(made),
        subject=subject,
        options=options,
        executor=executor,
        progress=progress,
    )


def ask_for_opinion(
    request: PackageRequest, name: str, oxum: Oxum, made: Path
) -> Finding | Skipped | None:
    """The Library of Congress's opinion: a finding, a reason why it was not asked, or consent."""
    check = "second opinion"
    wanted = request.second_opinion
    if request.serialize is not None:
        return Skipped(check=check, reason="the Library of Congress's bagit reads folders only")
    if wanted is SecondOpinion.NEVER:
        return Skipped(check=check, reason="not asked for: --second-opinion never")
    large = oxum.octets > _LARGE_OCTETS or oxum.files > _LARGE_FILES
    if wanted is SecondOpinion.AUTO and large:
        reason = "the payload is large; --second-opinion always asks all the same"
        return Skipped(check=check, reason=reason)
    against = second_opinion(made)
    if against is None:
        return None
    return Finding(
        rule=bag_rules.SECOND_OPINION,
        message=f"bagit-python refuses the bag: {against}",
        location=Location(path=name),
        evidence={"actual": against},
    )


def with_opinion(
    judged: SubjectReport, findings: Sequence[Finding], opinion: Finding | Skipped | None
) -> SubjectReport:
    """The bag's report, with what was found before it was written and what others say of it."""
    asked = () if isinstance(opinion, Skipped) else ("second opinion",)
    return SubjectReport(
        subject=judged.subject,
        kind="bag",
        findings=(
            *findings,
            *judged.findings,
            *([opinion] if isinstance(opinion, Finding) else []),
        ),
        checks_run=("record", "source", *judged.checks_run, *asked),
        checks_skipped=(
            *judged.checks_skipped,
            *([opinion] if isinstance(opinion, Skipped) else []),
        ),
        state=judged.state,
    )
