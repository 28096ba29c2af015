"""How many processes may work at once."""

from __future__ import annotations

import os
import sys


def usable_cores() -> int:
    """The cores that this process may use: those of its container or job, not of the machine."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
