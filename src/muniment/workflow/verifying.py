"""verify: is each bag what it says it is?"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from muniment.bags.checking import CheckOptions, check_bag
from muniment.bags.homes import archive_form, open_bag
from muniment.bags.profile_shelf import Asked, profiles_asked
from muniment.configuration import house_configuration
from muniment.model.findings import Report, Skipped, SubjectReport
from muniment.storage.addresses import Address, Home
from muniment.storage.containers import UnreachableError
from muniment.storage.executors import Executor, ProcessPool
from muniment.storage.patience import Patience
from muniment.storage.progress import Progress, Silent
from muniment.workflow.interrupted import told_of_interruption


def verify(
    bags: Sequence[Home],
    *,
    quick: bool = False,
    profiles: Sequence[str] = (),
    workers: int = 1,
    patience: Patience | None = None,
    progress: Progress | None = None,
) -> Report:
    """Judge every bag, at a path or an address; one out of reach does not stop the others.

    `quick` reads no payload: structure, completeness and Payload-Oxum only. `profiles` are shipped
    names, files or addresses. `workers` is the number of processes that read files;
    `patience` is for object stores. Raises UsageError where a profile cannot be used, and
    EnvironmentFault where it cannot be read.
    """
    options = CheckOptions(
        quick=quick, profiles=asked_profiles(profiles), judge_premis=judge_premis
    )
    with ProcessPool(workers) as executor:
        subjects = tuple(
            verify_one(
                bag,
                options=options,
                executor=executor,
                patience=patience,
                progress=progress or Silent(),
            )
            for bag in bags
        )
    return Report(command="verify", subjects=subjects)


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
