"""Work cut into batches: enough to keep a worker busy for a while, little enough to share out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

File = TypeVar("File")

BATCH_FILES = 512
BATCH_BYTES = 32 << 20


def in_batches(files: Iterable[File], size_of: Callable[[File], int]) -> Iterator[list[File]]:
    """Cut files into batches by their number and their size in bytes, in the order given."""
    batch: list[File] = []
    load = 0
    for file in files:
        batch.append(file)
        load += size_of(file)
        if len(batch) >= BATCH_FILES or load >= BATCH_BYTES:
            yield batch
            batch, load = [], 0
    if batch:
        yield batch
