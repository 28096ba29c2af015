"""Holey bags, and fetching into them in a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from bagbuilder import Bag
from web import Served, Web

from muniment.bags.fetching_crew import FetchSettings
from muniment.bags.fetching_http import Reach
from muniment.bags.fetching_one import Patience
from muniment.model.findings import Report
from muniment.workflow import FetchRequest, fetch

HASTE = Patience(tries=4, first_pause=0.01)


def reach(
    *,
    refused: Callable[[str], str | None] = lambda _address: None,
    timeout: float = 5,
    schemes: frozenset[str] = frozenset({"http", "https"}),
) -> Reach:
    """Where a test may go: everywhere, that is to loopback, unless it says otherwise."""
    return Reach(refused=refused, timeout=timeout, schemes=schemes)


def holey(
    folder: Path,
    web: Web,
    served: Mapping[str, Served | bytes],
    *,
    lengths: Mapping[str, str] | None = None,
    bag: Bag | None = None,
) -> Path:
    """A bag whose payload is served and not there; `lengths` replaces what fetch.txt says of it.

    The bag's manifests are those of its own payload, whatever is served.
    """
    bag = bag or Bag(algorithms=("md5", "sha256"))
    lines = []
    for path, what in served.items():
        url = web.put("/" + path.rpartition("/")[2], what)
        length = (lengths or {}).get(path, str(len(bag.files[path])))
        lines.append(f"{url} {length} {path}")
    return bag.write_lines("fetch.txt", lines).seal().drop(*served).write(folder)


def fetched(
    bag: Path,
    *,
    where: Reach | None = None,
    patience: Patience = HASTE,
    connections: int = 2,
    most_bytes: int | None = None,
) -> Report:
    """Fetch in haste."""
    settings = FetchSettings(
        reach=where or reach(),
        patience=patience,
        connections=connections,
        most_bytes=most_bytes,
    )
    return fetch(FetchRequest(bag=bag), settings=settings)


def aside(bag: Path) -> list[Path]:
    """What is kept of files beside the bag, without the notes on them."""
    kept = bag.parent / f".muniment-fetch-{bag.name}"
    return sorted(path for path in kept.glob("*") if path.suffix != ".json")
