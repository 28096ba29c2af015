"""Judging a bag in a test, and what was found in a form that is short to compare."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from muniment.bags.checking import CheckOptions, check_bag
from muniment.model.findings import Finding, Severity, SubjectReport
from muniment.storage.containers import Container
from muniment.storage.executors import Executor, InProcess
from muniment.storage.folder import Folder
from muniment.storage.progress import Silent


class Found(NamedTuple):
    """Where a rule fired. `value` is a part of the message, or a piece of the evidence."""

    rule: str
    path: str | None = None
    line: int | None = None
    value: str | None = None


@contextmanager
def shelf() -> Iterator[Path]:
    """A folder for many small bags: in memory where the system has such a place."""
    memory = "/dev/shm"  # noqa: S108 - a folder of our own is made in it
    home = memory if os.access(memory, os.W_OK | os.X_OK) else None
    with tempfile.TemporaryDirectory(dir=home) as folder:
        yield Path(folder)


def check(
    home: Path | Container, *, quick: bool = False, executor: Executor | None = None
) -> SubjectReport:
    """Judge a bag, in this process unless told otherwise."""
    container = Folder(home) if isinstance(home, Path) else home
    return check_bag(
        container,
        subject=container.name,
        options=CheckOptions(quick=quick),
        executor=executor or InProcess(),
        progress=Silent(),
    )


def weighty(findings: Iterable[Finding]) -> list[Finding]:
    """The warnings and errors."""
    return [finding for finding in findings if finding.severity >= Severity.WARNING]


def rule_ids(findings: Iterable[Finding]) -> list[str]:
    """The rules that fired, as often as they did, in the order of their ids."""
    return sorted(finding.rule.id for finding in findings)


def holds(finding: Finding, expected: Found) -> bool:
    """Whether a finding is the one expected, in rule, place and value."""
    location = finding.location
    place = (finding.rule.id, location.path, location.line)
    if place != (expected.rule, expected.path, expected.line):
        return False
    values = [str(value) for value in finding.evidence.values()]
    wanted = expected.value
    return wanted is None or wanted in finding.message or wanted in values


def assert_found(findings: Sequence[Finding], expected: Sequence[Found]) -> None:
    """Every expected finding is there, and no warning or error beside them."""
    left = list(findings)
    for one in expected:
        match = next((finding for finding in left if holds(finding, one)), None)
        assert match is not None, f"{one} is not among\n{_shown(left)}"
        left.remove(match)
    assert not weighty(left), f"unexpected:\n{_shown(weighty(left))}"


def _shown(findings: Iterable[Finding]) -> str:
    return "\n".join(
        f"  {f.rule.id} {f.severity.label} {f.location.path}:{f.location.line} {f.message}"
        f" {dict(f.evidence)}"
        for f in findings
    )
