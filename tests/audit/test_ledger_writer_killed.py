"""A ledger whose writer is killed again and again loses nothing, doubles nothing, and goes on."""

from __future__ import annotations

import hashlib
import os
import signal
import time
from random import Random
from typing import NoReturn

from ledgers import added, baseline, observation, opened

from muniment.audit.checking_ledger import check_ledger
from muniment.audit.entries import EntryKind
from muniment.storage.executors import InProcess

MOMENTS = 32
DOCUMENT = b"a description"
NAME = hashlib.sha256(DOCUMENT).hexdigest()


def test_killed_at_many_moments_it_stays_whole(ledger_url: str) -> None:
    with opened(ledger_url):
        pass
    chance, told = Random(5), 0
    for moment in range(MOMENTS):
        told = max(told, killed(ledger_url, moment, seconds=chance.uniform(0.0, 0.25)))
    with opened(ledger_url) as ledger:
        ledger.sequence()
        assert ledger.size() >= told > MOMENTS
        numbers = [event.number for event in ledger.events()]
        assert numbers == list(range(ledger.size()))
        checks = [
            (event.entry.run, event.entry.holding)
            for event in ledger.events(kinds=[EntryKind.FIXITY_CHECKED])
        ]
        assert len(checks) == len(set(checks)) > 0
        assert check_ledger(ledger, InProcess()).findings == ()


def killed(url: str, moment: int, *, seconds: float) -> int:
    """Let a process write and kill it so long after its first words; how many events it told of."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        write_on(url, moment, write)
    os.close(write)
    told = os.read(read, 8)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while more := os.read(read, 8):
        told = more
    os.close(read)
    return int.from_bytes(told)


def write_on(url: str, moment: int, pipe: int) -> NoReturn:
    """Add holdings, observe them and make events of that, telling how many there are by now.

    Each observation is told twice, as by a worker that did not know that it was heard.
    """
    try:
        with opened(url) as ledger:
            os.write(pipe, ledger.size().to_bytes(8))
            for turn in range(10_000):
                ids = [f"{moment:04x}{turn:08x}{place:04x}" for place in range(20)]
                entries = [added(each, baseline=baseline(document=NAME)) for each in ids]
                ledger.record(entries, {NAME: DOCUMENT})
                for _ in range(2):
                    ledger.observe([observation(each, run=f"run-{turn}") for each in ids])
                    ledger.sequence()
                os.write(pipe, ledger.size().to_bytes(8))
    finally:
        os._exit(1)
