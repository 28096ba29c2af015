"""Collects what the checks of a ledger find, so that a ruined one is told in a page, not in a book.

Findings are told in the order of the events that they are about. Of each rule the first ones are
named and all are counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from muniment.audit.canonical import coded_name
from muniment.model.findings import Finding, JsonValue, Location, Rule

MOST_NAMED = 20


class _Found(NamedTuple):
    order: int
    rule: str
    finding: Finding


class LedgerFindings:
    """What was found so far. Two workers' findings become one with `take_in`."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._named: dict[str, list[_Found]] = {}
        self._counts: Counter[str] = Counter()

    def add(
        self, rule: Rule, message: str, place: str, *, order: int = 0, **evidence: JsonValue
    ) -> None:
        """Enter a finding at a place, such as `event 17`; `order` is the event's number."""
        self._counts[rule.id] += 1
        shown = {name: _shown(value) for name, value in evidence.items()}
        where = Location(path=coded_name(place))
        finding = Finding(rule=rule, message=coded_name(message), location=where, evidence=shown)
        self._keep(_Found(order, rule.id, finding))

    def take_in(self, other: LedgerFindings) -> None:
        """Add what another worker found."""
        self._counts.update(other._counts)
        for found in other._named.values():
            for each in found:
                self._keep(each)

    def has(self, rule: Rule) -> bool:
        """Whether anything was found by this rule."""
        return bool(self._counts[rule.id])

    def findings(self) -> tuple[Finding, ...]:
        """The first of each rule, in the order of the events; what is not named is counted."""
        named = sorted(self._all(), key=lambda each: (each.rule, each.order))
        return tuple(each.finding for each in named) + tuple(self._rest())

    def _keep(self, found: _Found) -> None:
        kept = self._named.setdefault(found.rule, [])
        kept.append(found)
        kept.sort(key=lambda each: each.order)
        del kept[MOST_NAMED:]

    def _all(self) -> Iterable[_Found]:
        return (each for found in self._named.values() for each in found)

    def _rest(self) -> Iterable[Finding]:
        for rule_id, found in sorted(self._named.items()):
            more = self._counts[rule_id] - len(found)
            if more:
                message = f"and {more:,} more like the {len(found)} that are named"
                yield Finding(rule=found[0].finding.rule, message=message, evidence={"more": more})


def _shown(value: JsonValue) -> JsonValue:
    return coded_name(value) if isinstance(value, str) else value
