"""Workers that write the same observations at once, and are killed: nothing is lost or doubled."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter

from ledgers import added, observation, opened

from muniment.audit.entries import EntryKind
from muniment.audit.ledger import Ledger
from muniment.audit.merkle import root_of
from muniment.audit.observations import Observation
from muniment.audit.outcomes import HoldingOutcome

HOLDINGS = 40
ROUNDS = 12
WRITERS = 3


def seen_in(turn: int) -> list[Observation]:
    """Of each holding one observation, and of some a worse one of the same attempt."""
    ids = [f"{number:016x}" for number in range(HOLDINGS)]
    run = f"run-{turn}"
    worse = [
        observation(each, run=run, outcome=HoldingOutcome.CORRUPT, days=turn + 1)
        for each in ids[turn::7]
    ]
    return [observation(each, run=run, days=turn + 1) for each in ids] + worse


def writer(url: str, observations: list[Observation], seed: int) -> int:
    """A process that tells all of it in its own order, one by one, until it is killed; its id."""
    child = os.fork()
    if child == 0:
        try:
            random.Random(seed).shuffle(observations)
            with opened(url, create=False) as ledger:
                for each in observations:
                    ledger.observe([each])
                    ledger.sequence()
        finally:
            os._exit(0)
    return child


def events_of(ledger: Ledger) -> Counter[tuple[str | None, str | None, str]]:
    checked = ledger.events(kinds=[EntryKind.FIXITY_CHECKED])
    return Counter(
        (each.entry.run, each.entry.holding, each.entry.body["outcome"]) for each in checked
    )


def test_writers_killed_at_any_moment_lose_and_double_nothing(ledger_url: str) -> None:
    chance = random.Random(5)
    with opened(ledger_url) as ledger:
        ledger.record([added(f"{number:016x}") for number in range(HOLDINGS)])
    told: list[Observation] = []
    partly = 0
    for turn in range(ROUNDS):
        seen = seen_in(turn)
        children = [writer(ledger_url, list(seen), 10 * turn + each) for each in range(WRITERS)]
        told += seen
        for child in children:
            time.sleep(0.01 * (turn + 1) * chance.random())
            os.kill(child, signal.SIGKILL)
        for child in children:
            os.waitpid(child, 0)
        with opened(ledger_url, create=False) as ledger:
            events = events_of(ledger)
            partly += 0 < sum(each[0] == f"run-{turn}" for each in events) < len(seen)
            ledger.observe(seen)
            ledger.sequence()
    with opened(ledger_url, create=False) as ledger:
        events = events_of(ledger)
        wanted = {(each.run, each.holding, str(each.check.outcome)) for each in told}
        history = list(ledger.events())
        states = {state.id: state.outcome for state in ledger.holdings()}
        assert events == Counter(wanted)
        assert [event.number for event in history] == list(range(len(history)))
        assert ledger.root() == root_of(event.leaf_hash() for event in history)
    assert partly, "no writer was killed in the middle of its work"
    worse = {each.holding for each in seen_in(ROUNDS - 1) if not each.check.outcome.is_good}
    assert {holding for holding, outcome in states.items() if not outcome.is_good} == worse
