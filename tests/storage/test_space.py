"""Room is asked for before the first byte."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from muniment.model.errors import EnvironmentFault
from muniment.storage.space import check_room


def test_there_is_room_for_little(tmp_path: Path) -> None:
    check_room(tmp_path, 1)
    check_room(tmp_path / "not" / "yet" / "there", 1)


def test_more_than_the_disk_has_is_refused_with_both_figures(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    with pytest.raises(EnvironmentFault, match=r"no room to write: [\d,]+ bytes are needed"):
        check_room(tmp_path / "not-yet", free + 1)
