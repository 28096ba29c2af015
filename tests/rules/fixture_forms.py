"""How a rule's fixtures are written where a file alone does not do.

A module `<family>_fixtures.py` beside this one holds `FIXTURES`: by rule id, what fires the rule
and a near miss, which looks like it and does not. Each is given an empty folder to work in and
gives the findings. Rules that judge one file have their fixtures as files in `<RULE-ID>/` instead:
`fires*` and `near-miss*`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from muniment.model.findings import Finding

Fixture = Callable[[Path], Iterable[Finding]]


class Pair(NamedTuple):
    """What fires a rule, and what nearly does."""

    fires: Fixture
    near_miss: Fixture
