"""README.md shows the figures of the committed runs, and no others."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from table import README, TABLES, shown, table


@pytest.mark.parametrize("mark", TABLES)
def test_the_readme_shows_what_was_measured(mark: str) -> None:
    result = json.loads(TABLES[mark].read_text("utf-8"))
    assert shown(README.read_text("utf-8"), mark) == table(result)
