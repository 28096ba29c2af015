"""Time and memory of whole commands, side by side: what a user would see."""

from __future__ import annotations

import os
import platform
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import IO

_SAMPLE_SECONDS = 0.02


def seconds(command: Sequence[str]) -> float:
    """Run a command to its end, undisturbed; it must succeed. Its wall time in seconds.

    Looking at the memory of several processes time and again takes time from them.
    """
    with tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=errors, check=False)
        taken = time.perf_counter() - started
        _must_succeed(command, done.returncode, errors)
    return taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One run: wall time in seconds, peak proportional set size of the process tree in bytes."""

    seconds: float
    peak_bytes: int


def run(command: Sequence[str], *, ends: Sequence[int] = (0,)) -> Measured:
    """Run a command to its end, which must be one of the exit codes."""
    # A file, for nobody reads a pipe meanwhile: xmllint names each file on standard error.
    with tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)
        peak = 0
        while process.poll() is None:
            peak = max(peak, _tree_pss(process.pid))
            time.sleep(_SAMPLE_SECONDS)
        taken = time.perf_counter() - started
        _must_succeed(command, process.returncode, errors, ends)
    return Measured(seconds=taken, peak_bytes=peak)


def _must_succeed(
    command: Sequence[str], code: int, errors: IO[bytes], ends: Sequence[int] = (0,)
) -> None:
    if code not in ends:
        errors.seek(0)
        said = errors.read().decode()[-500:]
        raise RuntimeError(f"{command[0]} ended with {code}: {said}")


def pairs(
    ours: Callable[[], float], theirs: Callable[[], float], rounds: int
) -> tuple[float, float, float]:
    """Medians of both in seconds, and the median of the ratios pair by pair (theirs / ours)."""
    rows = [(ours(), theirs()) for _ in range(rounds)]
    ratios = [other / own for own, other in rows]
    return median(own for own, _ in rows), median(other for _, other in rows), median(ratios)


def machine() -> dict[str, str | int]:
    """The size of the machine, for figures mean nothing without it."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(pages / 2**30),
        "python": platform.python_version(),
        "system": platform.system(),
    }


def _tree_pss(root: int) -> int:
    return sum(_pss(pid) for pid in _tree(root))


def _tree(root: int) -> list[int]:
    found, pending = [], [root]
    while pending:
        pid = pending.pop()
        found.append(pid)
        try:
            for task in Path(f"/proc/{pid}/task").iterdir():
                children = (task / "children").read_text().split()
                pending.extend(int(child) for child in children)
        except OSError:
            continue
    return found


def _pss(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0
