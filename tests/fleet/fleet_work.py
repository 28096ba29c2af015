"""Work for workers of other processes: importable by name, as theirs must be."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence


def doubled(number: int) -> int:
    """Something that works."""
    return 2 * number


def doubled_all(numbers: Sequence[int]) -> list[int]:
    """A batch of it."""
    return [deadly_at_seven(number) for number in numbers]


def deadly_at_seven(number: int) -> int:
    """Kills the process that does it, for one number of all."""
    if number == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def refused(number: int) -> int:
    """Something that raises."""
    raise ValueError(f"{number} is refused")


def slow(number: int) -> int:
    """Long enough to be interrupted."""
    time.sleep(0.05)
    return number
