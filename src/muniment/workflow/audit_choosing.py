"""Which holdings a run takes: those that are due by plan, all, or those that were named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from muniment.audit.aggregates import due_groups, past_runs
from muniment.audit.ledger import Ledger
from muniment.audit.pace import ASSUMED, measured, usual_gap
from muniment.audit.rhythm import Budget, Rhythm
from muniment.audit.schedule import Plan, plan
from muniment.audit.selection import selected, why_never
from muniment.audit.states import HoldingState
from muniment.model.errors import UsageError
from muniment.model.locations import LocationLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The holdings of a run, earliest deadline first, and how many of the due ones it meant.

    `planned` is None where the caller named the holdings, or wants all.
    """

    holdings: Iterator[HoldingState]
    meant: int
    planned: Plan | None = None


def choose(
    ledger: Ledger,
    *,
    names: Sequence[str],
    everything: bool,
    budget: Budget,
    limits: Mapping[str, LocationLimits],
    now: datetime,
    seconds_left: Callable[[], float] | None,
) -> Choice:
    """What the run takes. Raises UsageError for a holding that is not there, or is retired."""
    if names:
        named = [_active(ledger.find(name), name) for name in names]
        return Choice(holdings=iter(named), meant=len(named))
    with ledger.reading() as connection:
        groups, past = due_groups(connection), past_runs(connection)
    if everything:
        return Choice(
            holdings=ledger.due("9999-12-31T23:59:59Z"),
            meant=sum(group.holdings for group in groups),
        )
    planned = plan(
        groups,
        now=now,
        budget=budget,
        pace=measured(past.figures) or ASSUMED,
        rhythm=Rhythm(gap=usual_gap(past.begun)),
        limits=limits,
    )
    due = (state for state in ledger.due(planned.until) if _is_active(state))
    horizon = planned.latest(10**9)
    return Choice(
        holdings=selected(due, planned, seconds_left=seconds_left),
        meant=_due_by(ledger, horizon, planned),
        planned=planned,
    )


def _is_active(state: HoldingState) -> bool:
    return not state.retired


def _active(state: HoldingState, name: str) -> HoldingState:
    if state.retired:
        raise UsageError(f"{name} is retired: it is audited no longer; its history stays")
    return state


def _due_by(ledger: Ledger, until: str, planned: Plan) -> int:
    """How many are this run's in any case, with what no run can ever read."""
    return sum(
        state.due_at <= planned.latest(state.every) or why_never(state, planned) is not None
        for state in ledger.due(until)
    )
