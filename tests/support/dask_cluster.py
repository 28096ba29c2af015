"""A real Dask cluster on loopback: a scheduler and workers, each a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

_PATIENCE_SECONDS = 60


@dataclass(slots=True)
class DaskCluster:
    """A `with` block in which a scheduler runs at `address`, with workers of one thread each."""

    folder: Path
    workers: int = 2
    nannies: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    scheduler: subprocess.Popen[bytes] | None = None
    crew: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __enter__(self) -> Self:
        """Start everything, and wait until the scheduler answers."""
        self.start_scheduler()
        for _ in range(self.workers):
            self.start_worker()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End every process that was started here."""
        for process in [*self.crew, *([self.scheduler] if self.scheduler else [])]:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM if self.nannies else signal.SIGKILL)
            process.wait()

    def start_scheduler(self) -> None:
        """A scheduler on a free port of 127.0.0.1; after a loss, on the port it had."""
        told = self.folder / "scheduler.json"
        told.unlink(missing_ok=True)
        place = self.address or "tcp://127.0.0.1:0"
        line = ["scheduler", "--host", place, "--no-dashboard", "--no-show"]
        self.scheduler = self._started([*line, "--scheduler-file", str(told)])
        wait_until(lambda: bool(told.is_file() and told.read_text()))
        self.address = json.loads(told.read_text())["address"]

    def start_worker(self) -> subprocess.Popen[bytes]:
        """One more worker; with a nanny, another comes when it is killed."""
        nanny = "--nanny" if self.nannies else "--no-nanny"
        line = ["worker", self.address, "--nthreads", "1", "--no-dashboard", nanny]
        worker = self._started([*line, "--local-directory", str(self.folder / "scratch")])
        self.crew.append(worker)
        return worker

    def kill_scheduler(self) -> None:
        """SIGKILL to the scheduler; its workers end when they notice."""
        assert self.scheduler is not None
        self.scheduler.kill()
        self.scheduler.wait()

    def _started(self, line: list[str]) -> subprocess.Popen[bytes]:
        module = f"distributed.cli.dask_{line[0]}"
        log = (self.folder / f"{line[0]}.log").open("ab")
        with log:
            return subprocess.Popen(
                [sys.executable, "-m", module, *line[1:]],
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **self.environment},
            )


def wait_until(is_so: Callable[[], bool]) -> None:
    """Look again and again, for a minute at most."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < until, "it did not come about within a minute"
        time.sleep(0.02)
