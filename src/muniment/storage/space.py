"""Is there room for what will be written? Asked before the first byte."""

from __future__ import annotations

import shutil
from pathlib import Path

from muniment.model.errors import EnvironmentFault

_SPARE_BYTES = 1 << 20


def check_room(folder: Path, needed: int) -> None:
    """Raise EnvironmentFault where the disk has not so many bytes free.

    The folder need not exist yet: its nearest existing parent is asked.
    """
    existing = next((each for each in (folder, *folder.absolute().parents) if each.exists()), None)
    if existing is None:
        return
    free = shutil.disk_usage(existing).free
    if free < needed + _SPARE_BYTES:
        raise EnvironmentFault(
            f"{folder}: no room to write: {needed:,} bytes are needed, {free:,} are free"
        )
