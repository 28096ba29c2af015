"""Measured rates carried to sizes that no test has: what an audit of millions of bags would take.

    python tests/fleet/scale.py

prints the table that CONTRIBUTING carries, of the rates in tests/benchmarks/bagit.json and of the
assumptions below.

`estimate` is arithmetic; `simulate` shares real-looking bags out among workers that die now and
then, bag by bag, and is what the tests hold the arithmetic to.
"""

from __future__ import annotations

import heapq
import json
import math
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from muniment.storage.object_reading import RANGE_BYTES, REQUESTS

HOURS = 3600.0

_BENCHMARK = Path(__file__).resolve().parents[1] / "benchmarks" / "bagit.json"
_SMALL = "verify, 100,000 small files"
_LARGE = "verify, 4 files of 256 MiB, start-up apart"

# Assumptions, not measured.
ANSWER_SECONDS = 0.020  # until a store answers; REQUESTS wait at a time
UPLINK = 1.25e9  # 10 Gbit/s a worker
BAG_SECONDS = 0.005  # the most that a bag may cost beside its bytes
EVENTS = 1000.0  # a second, of one sequencer
DOLLARS_A_THOUSAND_REQUESTS = 0.0004
DOLLARS_A_GIGABYTE = 0.09  # out of the provider's network; nothing within it


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
        requests=_requests(collection),
        sequencer_share=collection.bags / window.seconds / rates.events,
    )


def _requests(collection: Collection) -> int:
    """A file's ranges, the tag files of a bag once more, and a thousand names a listing."""
    ranges = max(1, math.ceil(collection.octets / collection.files / RANGE_BYTES))
    return collection.files * ranges + collection.bags * 8 + collection.files // 1000


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


def measured_rates() -> Rates:
    """What one worker of two cores was measured to do on a local disk."""
    rows = json.loads(_BENCHMARK.read_text())["rows"]
    seconds = {row["work"]: row["seconds"] for row in reversed(rows)}
    return Rates(
        octets=(4 * 256 << 20) / seconds[_LARGE],
        files=100_000 / seconds[_SMALL],
        bag_seconds=BAG_SECONDS,
        events=EVENTS,
        uplink=UPLINK,
    )


def of_store(rates: Rates) -> Rates:
    """The same from an object store, where each file is a request that is waited for."""
    files = min(rates.files, REQUESTS / ANSWER_SECONDS)
    return replace(rates, files=files)


def table() -> str:
    """The page's table: one pass over 100 million files and 10 PB in a million bags."""
    collection = Collection(files=100_000_000, octets=10e15, bags=1_000_000)
    window = Window(hours=8, nights=90, availability=0.8)
    disk = estimate(collection, measured_rates(), window)
    store = estimate(collection, of_store(measured_rates()), window)
    small = replace(collection, octets=1e12)
    disk_small = estimate(small, measured_rates(), window)
    store_small = estimate(small, of_store(measured_rates()), window)
    asked = store.requests / 1000 * DOLLARS_A_THOUSAND_REQUESTS
    carried = collection.octets / 1e9 * DOLLARS_A_GIGABYTE
    rows = (
        ("", "on disks", "in an object store"),
        ("---", "---:", "---:"),
        ("hours of one worker", f"{disk.worker_hours:,.0f}", f"{store.worker_hours:,.0f}"),
        ("workers for it in the window", f"{disk.workers}", f"{store.workers}"),
        (
            "hours of one worker, were it 1 TB",
            f"{disk_small.worker_hours:,.1f}",
            f"{store_small.worker_hours:,.1f}",
        ),
        (
            "gigabytes a second in all",
            f"{disk.octets_per_second / 1e9:.1f}",
            f"{store.octets_per_second / 1e9:.1f}",
        ),
        ("requests", "none", f"{store.requests:,}"),
        ("dollars for requests", "none", f"{asked:,.0f}"),
        ("dollars for bytes, read from outside", "none", f"{carried:,.0f}"),
        (
            "share of what one sequencer takes",
            f"{disk.sequencer_share:.2%}",
            f"{store.sequencer_share:.2%}",
        ),
    )
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


if __name__ == "__main__":
    sys.stdout.write(table())
