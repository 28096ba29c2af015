"""What is wrong with a bag's archive as an archive, as findings."""

from __future__ import annotations

from collections.abc import Sequence

from muniment.bags.verdicts import Findings
from muniment.model.rules import bag as rules
from muniment.storage.containers import Problem, ProblemKind

_RULES = {
    ProblemKind.UNSAFE_PATH: rules.PATH_UNSAFE,
    ProblemKind.DUPLICATE: rules.ARCHIVE_DUPLICATE,
    ProblemKind.OUTSIDE_TOP_FOLDER: rules.ARCHIVE_OUTSIDE,
    ProblemKind.NO_TOP_FOLDER: rules.ARCHIVE_NO_TOP_FOLDER,
    ProblemKind.NAME_DIFFERS: rules.ARCHIVE_NAME,
    ProblemKind.DAMAGED: rules.ARCHIVE_DAMAGED,
}


def tell_of_problems(problems: Sequence[Problem], findings: Findings) -> None:
    """What is wrong with the archive as an archive."""
    for problem in problems:
        where = "the archive" if problem.path is None else repr(problem.path)
        findings.add(_RULES[problem.kind], f"{where}: {problem.detail}", path=problem.path)
