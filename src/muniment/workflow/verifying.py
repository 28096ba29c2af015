"""verify: is each bag what it says it is?"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from muniment.bags.checking import CheckOptions, check_bag
from muniment.bags.homes import archive_form, open_bag
from muniment.bags.profile_shelf import Asked, profiles_asked
from muniment.configuration import house_configuration
from muniment.model.findings import Report, Skipped, SubjectReport
from muniment.storage.addresses import Address, Home
from muniment.storage.attempts import Lost, attempts_of_batches
from muniment.storage.containers import UnreachableError
from muniment.storage.executors import Executor, InProcess
from muniment.storage.patience import Patience
from muniment.storage.progress import Progress, Silent
from muniment.workflow.crews import Crew, crew_of
from muniment.workflow.interrupted import told_of_interruption
from muniment.workflow.sharing import Sized, shares_of


def verify(
    bags: Sequence[Home],
    *,
    quick: bool = False,
    profiles: Sequence[str] = (),
    workers: int = 1,
    cluster: str | None = None,
    patience: Patience | None = None,
    progress: Progress | None = None,
) -> Report:
    """Judge every bag, at a path or an address; one out of reach does not stop the others.

    `quick` reads no payload: structure, completeness and Payload-Oxum only. `profiles` are shipped
    names, files or addresses. `workers` is the number of processes that read; `cluster` the
    address of a Dask scheduler whose workers read instead. `patience` is for object stores. Raises
    UsageError where a profile cannot be used, EnvironmentFault where it cannot be read or the
    cluster is lost.
    """
    options = CheckOptions(
        quick=quick, profiles=asked_profiles(profiles), judge_premis=judge_premis
    )
    judging = _Judging(options=options, patience=patience)
    with crew_of(workers, cluster) as crew:
        subjects = _judged_by(crew, bags, judging, progress or Silent())
    return Report(command="verify", subjects=subjects)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judging:
    """How each bag is judged, wherever that is done."""

    options: CheckOptions
    patience: Patience | None

    def one(self, bag: Home, executor: Executor, progress: Progress) -> SubjectReport:
        """Judge one bag with the files shared out by an executor."""
        return verify_one(
            bag,
            options=self.options,
            executor=executor,
            patience=self.patience,
            progress=progress,
        )

    def batch(self, batch: Sequence[Sized]) -> list[SubjectReport]:
        """Judge a batch of bags one after another: what a worker does."""
        return [self.one(bag.home, InProcess(), Silent()) for bag in batch]


def _judged_by(
    crew: Crew, bags: Sequence[Home], judging: _Judging, progress: Progress
) -> tuple[SubjectReport, ...]:
    """The reports in the order of the bags."""
    shares = shares_of([_from_anywhere(bag) for bag in bags], crew.workers)
    judged = {bag.place: judging.one(bag.home, crew, progress) for bag in shares.large}
    if shares.batches:
        octets = sum(bag.octets for batch in shares.batches for bag in batch)
        progress.phase(f"verifying {sum(map(len, shares.batches)):,} bags", octets or None)
    for bag, report in attempts_of_batches(crew, judging.batch, shares.batches):
        progress.advance(bag.octets)
        judged[bag.place] = _lost(bag, report) if isinstance(report, Lost) else report
    return tuple(
        dataclasses.replace(judged[place], subject=str(bag)) for place, bag in enumerate(bags)
    )


def _lost(bag: Sized, lost: Lost) -> SubjectReport:
    return unreachable(str(bag.home), "bag", "structure", f"the check was not ended: {lost.reason}")


def _from_anywhere(bag: Home) -> Home:
    """A place that means the same to a worker elsewhere."""
    return bag.absolute() if isinstance(bag, Path) else bag


def verify_one(
    bag: Home,
    *,
    options: CheckOptions,
    executor: Executor,
    patience: Patience | None = None,
    progress: Progress,
) -> SubjectReport:
    """Judge one bag; where it cannot be reached, say so in its report."""
    try:
        options = dataclasses.replace(options, form=archive_form(bag))
        judged = check_bag(
            open_bag(bag, patience),
            subject=str(bag),
            options=options,
            executor=executor,
            progress=progress,
        )
    except UnreachableError as error:
        return unreachable(str(bag), "bag", "structure", str(error))
    return judged if isinstance(bag, Address) else told_of_interruption(bag, judged)


def asked_profiles(references: Sequence[str]) -> Asked:
    """The profiles by the names given; those that the house has set go by their address too."""
    if not references:
        return Asked()
    return profiles_asked(references, configured=house_configuration().profile_files)


def judge_premis(
    data: bytes, in_payload: Callable[[str], bool]
) -> Sequence[tuple[int | None, str]]:
    """Why a receiver would not import PREMIS; XML is loaded only when a bag has some."""
    from muniment.metadata.xml_premis import archivematica_faults

    return archivematica_faults(data, in_payload)


def unreachable(subject: str, kind: str, check: str, reason: str) -> SubjectReport:
    """The report of something that could not be looked at: unverified, never a pass."""
    skipped = Skipped(check=check, reason=reason, asked=True)
    return SubjectReport(subject=subject, kind=kind, checks_skipped=(skipped,))
