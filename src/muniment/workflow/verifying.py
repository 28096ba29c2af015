"""verify: is each bag what it says it is?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from muniment.bags.checking import CheckOptions, check_bag
from muniment.model.findings import Report, Skipped, SubjectReport
from muniment.storage.containers import UnreachableError
from muniment.storage.executors import Executor, ProcessPool
from muniment.storage.folder import Folder
from muniment.storage.progress import Progress, Silent


def verify(
    bags: Sequence[Path], *, quick: bool = False, workers: int = 1, progress: Progress | None = None
) -> Report:
    """Judge every bag; one that cannot be reached does not stop the others.

    `quick` reads no payload: structure, completeness and Payload-Oxum only. `workers` is the number
    of processes that read files.
    """
    options = CheckOptions(quick=quick)
    with ProcessPool(workers) as executor:
        subjects = tuple(
            verify_one(bag, options=options, executor=executor, progress=progress or Silent())
            for bag in bags
        )
    return Report(command="verify", subjects=subjects)


def verify_one(
    bag: Path, *, options: CheckOptions, executor: Executor, progress: Progress
) -> SubjectReport:
    """Judge one bag; where it cannot be reached, say so in its report."""
    try:
        return check_bag(
            Folder(bag), subject=str(bag), options=options, executor=executor, progress=progress
        )
    except UnreachableError as error:
        return unreachable(str(bag), "bag", "structure", str(error))


def unreachable(subject: str, kind: str, check: str, reason: str) -> SubjectReport:
    """The report of something that could not be looked at: unverified, never a pass."""
    skipped = Skipped(check=check, reason=reason, asked=True)
    return SubjectReport(subject=subject, kind=kind, checks_skipped=(skipped,))
