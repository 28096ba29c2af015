"""Doing something as a user who may not read everything; tests in CI run as root."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65534
_READ_AND_PASS = 0o055
_PASS = 0o011


@contextmanager
def without_privileges(home: Path) -> Iterator[None]:
    """Act as nobody, who may read the folder `home`; as oneself where one is not root.

    The folders above it, which pytest made for root alone, may be passed through, not listed.
    """
    if os.geteuid() != 0:
        yield
        return
    home.chmod(home.stat().st_mode | _READ_AND_PASS)
    for folder in home.parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | _PASS)
    os.setresgid(NOBODY, NOBODY, 0)
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)
        os.setresgid(0, 0, 0)
