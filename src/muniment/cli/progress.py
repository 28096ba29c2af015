"""Progress of long work, on standard error, and only where a person looks at it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from muniment.render.escaping import visible
from muniment.storage.progress import Progress, Silent

if TYPE_CHECKING:
    import rich.progress

# Work that ends sooner shows nothing: a bar that flashes up helps nobody.
_PATIENCE_SECONDS = 0.7
_SECONDS_BETWEEN_DRAWINGS = 0.1
# Work of this size is long for certain, and may be one file, which tells of itself at its end.
_LONG_WORK_BYTES = 1 << 28


@contextmanager
def progress_shown(*, quiet: bool) -> Iterator[Progress]:
    """Progress for the work inside: a bar on a terminal, silence elsewhere. Cleared at the end."""
    stream = sys.stderr
    if quiet or stream is None or not stream.isatty() or os.environ.get("TERM") == "dumb":
        yield Silent()
        return
    bar = TerminalProgress(time.monotonic)
    try:
        yield bar
    finally:
        bar.close()


class TerminalProgress:
    """A bar a phase, by bytes, shown once the work has taken a moment.

    It draws itself when it is told of bytes, and starts no thread: a process with one thread can
    fork its workers, which is the fastest way to have them.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` gives seconds, from any origin."""
        self._clock = clock
        self._draw_at = clock() + _PATIENCE_SECONDS
        self._name = ""
        self._total: int | None = None
        self._done = 0
        self._bar: rich.progress.Progress | None = None
        self._task: rich.progress.TaskID | None = None

    def phase(self, name: str, total_bytes: int | None) -> None:
        """Begin a phase: the bar before it goes, the next one takes its place."""
        self._name, self._total, self._done = name, total_bytes, 0
        if total_bytes is not None and total_bytes >= _LONG_WORK_BYTES:
            self._draw_at = self._clock()
        if self._bar is not None:
            self._begin(self._bar)
        self._draw_if_due()

    def advance(self, done_bytes: int) -> None:
        """So many more bytes are done."""
        self._done += done_bytes
        self._draw_if_due()

    def close(self) -> None:
        """Clear the bar and give the terminal back."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _draw_if_due(self) -> None:
        now = self._clock()
        if now < self._draw_at:
            return
        self._draw_at = now + _SECONDS_BETWEEN_DRAWINGS
        if self._bar is None:
            self._bar = _bar(self._clock)
            self._begin(self._bar)
            self._bar.start()
        if self._task is not None:
            self._bar.update(self._task, completed=self._done, refresh=True)

    def _begin(self, bar: rich.progress.Progress) -> None:
        if self._task is not None:
            bar.remove_task(self._task)
        self._task = bar.add_task(visible(self._name), total=self._total)


def _bar(clock: Callable[[], float]) -> rich.progress.Progress:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        auto_refresh=False,
        get_time=clock,
        transient=True,
    )
