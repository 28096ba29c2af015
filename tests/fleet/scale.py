"""Measured rates carried to sizes that no test has: what an audit of millions of bags would take.

    python tests/fleet/scale.py

`estimate` is arithmetic; `simulate` shares real-looking bags out among workers that die now and
then, bag by bag, and is what the tests hold the arithmetic to.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Sequence
from dataclasses import dataclass

HOURS = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """What one worker of two cores does, and what the parts that all share can bear.

    `octets` and `files` are per second and worker; `bag_seconds` is the overhead of a bag;
    `events` is what the ledger's one sequencer takes per second; `uplink` the bytes per second of
    a worker's network.
    """

    octets: float
    files: float
    bag_seconds: float
    events: float
    uplink: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """What is to be audited."""

    files: int
    octets: float
    bags: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """How long it may take: hours a night, for so many nights, of which a share is lost."""

    hours: float
    nights: int
    availability: float

    @property
    def seconds(self) -> float:
        """All the seconds that can be used."""
        return self.hours * HOURS * self.nights * self.availability


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What it takes: seconds of one worker, workers, bytes per second in all, requests, events."""

    worker_seconds: float
    workers: int
    octets_per_second: float
    requests: int
    sequencer_share: float

    @property
    def worker_hours(self) -> float:
        """The same in hours."""
        return self.worker_seconds / HOURS


def bag_seconds(octets: float, files: float, rates: Rates) -> float:
    """How long a worker needs for a bag: reading and digesting overlap, the slower one counts."""
    octet_rate = min(rates.octets, rates.uplink)
    return max(octets / octet_rate, files / rates.files) + rates.bag_seconds


def estimate(collection: Collection, rates: Rates, window: Window) -> Estimate:
    """Arithmetic: all bags alike, no worker idle."""
    octets, files = collection.octets / collection.bags, collection.files / collection.bags
    seconds = collection.bags * bag_seconds(octets, files, rates)
    workers = -(-int(seconds) // int(window.seconds))
    return Estimate(
        worker_seconds=seconds,
        workers=max(1, workers),
        octets_per_second=collection.octets / window.seconds,
        requests=collection.files + collection.bags * 8 + collection.files // 1000,
        sequencer_share=collection.bags / window.seconds / rates.events,
    )


def simulate(
    bags: Sequence[tuple[float, float]],
    rates: Rates,
    workers: int,
    *,
    mean_life: float,
    restart: float,
    seed: int,
) -> tuple[float, int]:
    """Seconds until the last bag is done, and how many were begun twice.

    Bags are (bytes, files), handed out largest first. A worker lives `mean_life` seconds on
    average; what it was at is lost and begun again by another, itself comes back after `restart`.
    """
    chance = random.Random(seed)
    pending = sorted((bag_seconds(*bag, rates) for bag in bags), reverse=True)
    pending.reverse()
    free = [(0.0, chance.expovariate(1 / mean_life)) for _ in range(workers)]
    heapq.heapify(free)
    end, again = 0.0, 0
    while pending:
        now, dies = heapq.heappop(free)
        work = pending.pop()
        if now + work > dies:
            pending.append(work)
            again += 1
            back = max(now, dies) + restart
            heapq.heappush(free, (back, back + chance.expovariate(1 / mean_life)))
            continue
        end = max(end, now + work)
        heapq.heappush(free, (now + work, dies))
    return end, again
