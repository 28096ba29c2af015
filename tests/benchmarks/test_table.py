"""README.md shows the figures of the committed run, and no others."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from table import README, RESULTS, shown, table


def test_the_readme_shows_what_was_measured() -> None:
    result = json.loads(RESULTS.read_text("utf-8"))
    assert shown(README.read_text("utf-8")) == table(result)
