"""The user's own data folder: where ledger and key lie unless somebody says otherwise."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from muniment.model.errors import EnvironmentFault, UsageError

OWN_FOLDER_MODE = 0o700


def data_folder(environment: Mapping[str, str]) -> Path:
    """Where this system keeps a user's data (XDG Base Directory on Linux). Raises UsageError."""
    home = environment.get("HOME") or environment.get("USERPROFILE")
    if sys.platform == "win32":
        base = environment.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        base = f"{home}/Library/Application Support" if home else None
    else:
        base = environment.get("XDG_DATA_HOME") or (f"{home}/.local/share" if home else None)
    if not base:
        raise UsageError("this user has no home folder; name the file that is to be used")
    return Path(base) / "muniment"


def make_own_folder(folder: Path) -> None:
    """Make a folder that only its user may enter, where there is none. Raises EnvironmentFault."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=OWN_FOLDER_MODE, exist_ok=True)
    except OSError as error:
        raise EnvironmentFault(f"{folder} could not be made: {error.strerror}") from error
