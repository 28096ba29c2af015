"""The one table of every rule: stable id, title, severity, section of the standard, why, hint.

One module a family, `RULES` is all of them by id. Ids are never used again for another meaning.
"""

from __future__ import annotations

from types import ModuleType

from muniment.model.findings import Rule
from muniment.model.rules import (
    audit,
    bag,
    deposit,
    fetch,
    ledger,
    metadata,
    profile,
    promise,
    proof,
    record,
    requirement,
    source,
    xml,
)

FAMILIES: tuple[ModuleType, ...] = (
    source,
    record,
    xml,
    metadata,
    requirement,
    bag,
    profile,
    fetch,
    deposit,
    audit,
    promise,
    ledger,
    proof,
)


def _rules_of(family: ModuleType) -> list[Rule]:
    return [value for value in vars(family).values() if isinstance(value, Rule)]


def _table() -> dict[str, Rule]:
    rules = [rule for family in FAMILIES for rule in _rules_of(family)]
    table = {rule.id: rule for rule in sorted(rules, key=lambda rule: rule.id)}
    if len(table) != len(rules):
        ids = [rule.id for rule in rules]
        raise ValueError(f"a rule id is used twice: {sorted({i for i in ids if ids.count(i) > 1})}")
    return table


RULES: dict[str, Rule] = _table()
