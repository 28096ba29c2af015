"""What has been read and digested, noted as it is done, so that it need not be done again.

A log holds, line by line, a key of each batch of files (their paths, sizes and times) and what was
found by reading them. A later run takes from it what stands at its beginning and is still so.
Nothing rests on the log alone: a bag is read back whole before it appears.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, TypeVar, cast

from muniment.storage.copying import CopiedBatch, CopyBatch
from muniment.storage.executors import Executor

Work = TypeVar("Work")
Result = TypeVar("Result")


class LoggedExecutor:
    """An executor for batches of files that remembers what it has done."""

    def __init__(self, executor: Executor, log: Path, *, base: str) -> None:
        """What the log does not know is given to the executor, and noted.

        `base` is the folder of all files; the log knows their paths from there.
        """
        self._executor = executor
        self._log = log
        self._base = base

    def map(
        self, function: Callable[[Work], Result], work: Iterable[Work]
    ) -> Iterator[tuple[Work, Result]]:
        """Results in the order of the work, from the log first."""
        pieces = iter(work)
        with self._log.open("a+b") as log:
            log.seek(0)
            left: list[Work] = []
            for piece in pieces:
                known = self._remembered(log, piece)
                if known is None:
                    left.append(piece)
                    break
                yield piece, cast("Result", known)
            for piece, result in self._executor.map(function, itertools.chain(left, pieces)):
                log.write(self._line(piece, result))
                log.flush()
                yield piece, result

    def _remembered(self, log: BinaryIO, piece: object) -> CopiedBatch | None:
        """What the log's next line says of a batch; the log is cut where it says nothing of it."""
        start = log.tell()
        batch = _batch(piece)
        known = _parsed(log.readline(), self._key(batch))
        if known is None or not _fits(known, batch):
            log.truncate(start)
            log.seek(start)
            return None
        return known

    def _line(self, piece: object, result: object) -> bytes:
        """A line of the log; a batch with a fault is not remembered, it is to be read again."""
        if not isinstance(result, CopiedBatch) or result.faults:
            return b"\n"
        rows = [[digest.hex() for digest in row] for row in result.digests]
        return json.dumps([self._key(_batch(piece)), rows], separators=(",", ":")).encode() + b"\n"

    def _key(self, batch: CopyBatch) -> str:
        jobs = [[job.source.removeprefix(self._base), job.size, job.modified] for job in batch.jobs]
        return hashlib.sha256(json.dumps([batch.algorithms, jobs]).encode()).hexdigest()


def _batch(piece: object) -> CopyBatch:
    if not isinstance(piece, CopyBatch):
        raise TypeError(f"no batch of files: {piece!r}")
    return piece


def _parsed(line: bytes, wanted: str) -> CopiedBatch | None:
    try:
        key, rows = json.loads(line)
        digests = tuple(tuple(map(bytes.fromhex, row)) for row in rows)
    except (ValueError, TypeError, RecursionError):
        return None
    return CopiedBatch(digests=digests) if key == wanted else None


def _fits(known: CopiedBatch, batch: CopyBatch) -> bool:
    rows = known.digests
    return len(rows) == len(batch.jobs) and all(len(row) == len(batch.algorithms) for row in rows)
