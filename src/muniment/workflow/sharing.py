"""Many bags among many workers: small ones in batches, one worker each; large ones on all workers.

Parallel at one level at a time: first the large bags, each by ranges of its files, then the rest,
the larger ones first, so that all workers end at about the same time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from muniment.storage.addresses import Home

LARGE_BYTES = 1 << 30
BATCH_BYTES = 64 << 20
BATCH_BAGS = 32
_OXUM = re.compile(rb"(?mi)^Payload-Oxum[ \t]*:[ \t]*(\d{1,18})\.")
_INFO_BYTES = 64 << 10


class Sized(NamedTuple):
    """A bag by its place in the list of all, and about how many bytes it has."""

    place: int
    home: Home
    octets: int


class Shares(NamedTuple):
    """Bags for all workers at once, and batches of bags for one worker each."""

    large: list[Sized]
    batches: list[list[Sized]]


def shares_of(bags: Sequence[Home], workers: int) -> Shares:
    """How the bags are shared out; few bags are all taken for large."""
    sized = [Sized(place, bag, about_bytes(bag)) for place, bag in enumerate(bags)]
    if workers < 2 or len(bags) < 2 * workers:  # noqa: PLR2004 - one worker shares with nobody
        return Shares(sized, [])
    large = [bag for bag in sized if bag.octets >= LARGE_BYTES]
    small = sorted((bag for bag in sized if bag.octets < LARGE_BYTES), key=_largest_first)
    most = max(1, min(BATCH_BAGS, len(small) // (4 * workers)))
    return Shares(large, list(_batched(small, most)))


def about_bytes(bag: Home) -> int:
    """About how many bytes a bag has: an archive's size, else what its Payload-Oxum says, else 0.

    Only for sharing the work out: nothing is judged by it.
    """
    if not isinstance(bag, Path):
        return 0
    try:
        if bag.is_file():
            return bag.stat().st_size
        with (bag / "bag-info.txt").open("rb") as stream:
            stated = _OXUM.search(stream.read(_INFO_BYTES))
    except OSError:
        return 0
    return int(stated[1]) if stated else 0


def _largest_first(bag: Sized) -> tuple[int, int]:
    return -bag.octets, bag.place


def _batched(bags: Iterable[Sized], most: int) -> Iterator[list[Sized]]:
    batch: list[Sized] = []
    load = 0
    for bag in bags:
        batch.append(bag)
        load += bag.octets
        if len(batch) >= most or load >= BATCH_BYTES:
            yield batch
            batch, load = [], 0
    if batch:
        yield batch
