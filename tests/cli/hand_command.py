"""A judging command that ends as it is told to: `python hand_command.py judge fail --quiet`.

It goes through everything that the real commands go through but the work itself.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable

import click

from muniment.cli.judging import judging
from muniment.cli.root import RootGroup
from muniment.cli.streams import hold_standard_descriptors
from muniment.model.errors import EnvironmentFault, MissingExtraError, UsageError
from muniment.model.findings import (
    Finding,
    Location,
    Report,
    Rule,
    Severity,
    Skipped,
    SubjectReport,
)
from muniment.storage.progress import Progress

SUBJECTS = {
    "pass": (),
    "warn": (Severity.WARNING,),
    "fail": (Severity.ERROR,),
}


def subject(ending: str, name: str = "deposits/x") -> SubjectReport:
    """A subject that comes to the verdict it is named after."""
    findings = tuple(
        Finding(
            rule=Rule(id="BAG-301", title="Changed", severity=severity, why="why", hint="hint"),
            message="it changed",
            location=Location(path="data/a"),
        )
        for severity in SUBJECTS.get(ending, ())
    )
    skipped = (Skipped(check="fixity", reason="no permission", asked=True),)
    return SubjectReport(
        subject=name,
        kind="bag",
        findings=findings,
        checks_run=("structure",),
        checks_skipped=skipped if "unverified" in ending else (),
    )


def fault(exception: BaseException) -> Callable[[], Report]:
    """A command that is ended by this exception."""

    def raising() -> Report:
        raise exception

    return raising


FAULTS: dict[str, Callable[[], Report]] = {
    "usage": fault(UsageError("no such setting\nno such key")),
    "extra": fault(MissingExtraError("verify s3://", "s3")),
    "environment": fault(EnvironmentFault("data/\x1b[31m: no space left")),
    "oserror": fault(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "data/x")),
    "pipe": fault(BrokenPipeError(errno.EPIPE, "a worker went away")),
    "memory": fault(MemoryError()),
    "bug": fault(KeyError("data/x")),
    "recursion": fault(RecursionError("too deep")),
    "interrupt": fault(KeyboardInterrupt()),
    "descriptors": lambda: Report(
        command="verify", result={"next": os.open(os.devnull, os.O_RDONLY)}
    ),
}


@click.command()
@click.argument("endings", nargs=-1)
@click.option("--times", default=1)
@judging
def command(endings: tuple[str, ...], times: int, progress: Progress) -> Report:
    """End as told."""
    progress.phase("judging", None)
    for ending in endings:
        if ending in FAULTS:
            return FAULTS[ending]()
    subjects = [subject(ending) for _ in range(times) for ending in endings]
    return Report(command="verify", subjects=tuple(subjects))


HAND_ROOT = RootGroup(name="muniment", modules={"judge": "hand_command"})

if __name__ == "__main__":
    import sys

    sys.modules["hand_command"] = sys.modules["__main__"]
    hold_standard_descriptors()
    HAND_ROOT.main(prog_name="muniment")
