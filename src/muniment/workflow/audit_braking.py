"""Reading no faster than allowed: whoever reads is held back until the bytes before are paid for.

Time that was not used gives no right to read faster later.
"""

from __future__ import annotations

from collections.abc import Callable

from muniment.storage.progress import Progress


class Brake:
    """Holds back to `rate` bytes a second; None lets everything pass. Times are in seconds."""

    def __init__(
        self, rate: int | None, elapsed: Callable[[], float], pause: Callable[[float], None]
    ) -> None:
        """Begin with nothing read."""
        self._rate = rate
        self._elapsed = elapsed
        self._pause = pause
        self._free_at = 0.0

    def hold(self, octets: int) -> None:
        """Wait until so many more bytes may be taken up."""
        if self._rate is None:
            return
        now = self._elapsed()
        begin = max(self._free_at, now)
        self._free_at = begin + octets / self._rate
        if begin > now:
            self._pause(begin - now)

    def over(self, progress: Progress) -> Progress:
        """Progress that holds back the one who tells of it."""
        return _Braked(progress, self)


class _Braked:
    """Passes everything on, and waits."""

    def __init__(self, progress: Progress, brake: Brake) -> None:
        self._progress = progress
        self._brake = brake

    def phase(self, name: str, total_bytes: int | None) -> None:
        """Pass it on."""
        self._progress.phase(name, total_bytes)

    def advance(self, done_bytes: int) -> None:
        """Pass it on, and wait for the bytes that were read."""
        self._progress.advance(done_bytes)
        self._brake.hold(done_bytes)
