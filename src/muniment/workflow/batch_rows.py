"""One row of a batch, packaged wherever there is a worker for it."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from muniment.model.errors import EnvironmentFault
from muniment.model.findings import Report
from muniment.storage.progress import Progress, Silent
from muniment.storage.staging import DestinationExistsError
from muniment.workflow.packaging import PackageRequest, package

_RECORD = "record.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowWork:
    """A row as whoever packages it needs it; `record` is its record as JSON text."""

    request: PackageRequest
    record: str
    at: datetime
    workers: int

    def done(self, watch: Progress) -> RowDone:
        """One bag; one that is there already is held against the row and kept."""
        with tempfile.TemporaryDirectory() as aside:
            record = Path(aside) / _RECORD
            record.write_text(self.record, encoding="utf-8")
            try:
                report = self._made_or_kept(replace(self.request, record=record), watch)
            except (EnvironmentFault, DestinationExistsError) as fault:
                return RowDone(record=str(record), reason=str(fault))
        return RowDone(record=str(record), report=report)

    def _made_or_kept(self, request: PackageRequest, watch: Progress) -> Report:
        try:
            return package(request, now=self._now, workers=self.workers, progress=watch)
        except DestinationExistsError:
            if request.split is not None:
                raise
        # A group of one bag: what an earlier run made is verified, held against the row, and kept.
        alone = replace(request, split=sys.maxsize)
        return package(alone, now=self._now, workers=self.workers, progress=watch)

    def _now(self) -> datetime:
        return self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDone:
    """What became of a row: a report, or why there is none. `record` was the record's place."""

    record: str
    report: Report | None = None
    reason: str = ""


def done_elsewhere(numbered: tuple[int, RowWork]) -> RowDone:
    """What a worker does with a row."""
    return numbered[1].done(Silent())
