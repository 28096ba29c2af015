"""The arithmetic of large fleets, held to a simulation of smaller ones."""

from __future__ import annotations

import math
import random
from pathlib import Path

import pytest
from scale import Collection, Rates, Window, bag_seconds, estimate, simulate, table

RATES = Rates(octets=9e8, files=5000, bag_seconds=0.005, events=2000, uplink=1.25e9)


def many_bags(count: int, seed: int) -> list[tuple[float, float]]:
    """Bags as they are: most small, a few very large (log-normal), a file per 4 MB or so."""
    chance = random.Random(seed)
    sizes = [chance.lognormvariate(math.log(2e8), 1.5) for _ in range(count)]
    return [(size, 1 + size / 4e6) for size in sizes]


@pytest.mark.parametrize("workers", [2, 16, 64])
@pytest.mark.parametrize("seed", range(3))
def test_a_fleet_that_is_kept_busy_ends_when_the_arithmetic_says(workers: int, seed: int) -> None:
    bags = many_bags(20_000, seed)
    alone = sum(bag_seconds(*bag, RATES) for bag in bags)
    end, again = simulate(bags, RATES, workers, mean_life=1e12, restart=0, seed=seed)
    assert again == 0
    longest = max(bag_seconds(*bag, RATES) for bag in bags)
    assert alone / workers <= end <= alone / workers + longest


@pytest.mark.parametrize("seed", range(3))
def test_workers_that_die_cost_what_they_were_at_and_no_more(seed: int) -> None:
    bags = many_bags(20_000, seed)
    alone = sum(bag_seconds(*bag, RATES) for bag in bags)
    mean_life = 200 * alone / len(bags)
    end, again = simulate(bags, RATES, 16, mean_life=mean_life, restart=5, seed=seed)
    assert again > 50
    assert end < 1.35 * alone / 16 + max(bag_seconds(*bag, RATES) for bag in bags)


def test_a_bag_longer_than_a_workers_life_is_what_ranges_are_for() -> None:
    """One bag of 5 TB among small ones: the fleet waits for it, unless its files are shared out."""
    bags = [(1e8, 25.0)] * 2000
    huge = (5e12, 1e6)
    whole, _ = simulate([*bags, huge], RATES, 16, mean_life=1e12, restart=0, seed=1)
    parts = [(huge[0] / 1000, huge[1] / 1000)] * 1000
    shared, _ = simulate([*bags, *parts], RATES, 16, mean_life=1e12, restart=0, seed=1)
    assert whole > 10 * shared


def test_the_estimate_counts_workers_requests_and_the_sequencer() -> None:
    collection = Collection(files=100_000_000, octets=10e15, bags=1_000_000)
    window = Window(hours=8, nights=90, availability=0.8)
    told = estimate(collection, RATES, window)
    assert told.worker_hours == pytest.approx(10e15 / 9e8 / 3600, rel=0.01)
    assert told.workers == math.ceil(told.worker_seconds / window.seconds)
    assert told.requests == 12 * 100_000_000 + 8_000_000 + 100_000  # of 100 MB: 12 ranges
    assert told.sequencer_share == pytest.approx(1_000_000 / window.seconds / 2000)
    slow = Rates(octets=9e8, files=5000, bag_seconds=0.005, events=2000, uplink=1.25e8)
    assert estimate(collection, slow, window).worker_hours > 7 * told.worker_hours


def test_the_page_carries_the_table_as_it_comes_out(repository: Path) -> None:
    assert table() in (repository / "CONTRIBUTING.md").read_text("utf-8")
