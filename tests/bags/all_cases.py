"""Every row of the table, by its name."""

from __future__ import annotations

import cases_bag_info
import cases_contents
import cases_declaration
import cases_fetch
import cases_manifests
import cases_text
from requirements import CASES, Case

# Importing a module enters its rows.
MODULES = (
    cases_declaration,
    cases_manifests,
    cases_bag_info,
    cases_fetch,
    cases_text,
    cases_contents,
)

BY_NAME: dict[str, list[Case]] = {}
for _case in CASES:
    BY_NAME.setdefault(f"{_case.section}: {_case.name}", []).append(_case)
