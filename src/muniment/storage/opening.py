"""Files opened for reading so that nothing shows they were read."""

from __future__ import annotations

import os

_READ = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NOT_THROUGH_A_LINK = getattr(os, "O_NOFOLLOW", 0)
_TIME_OF_ACCESS_KEPT = getattr(os, "O_NOATIME", 0)


class Opener:
    """Opens one file after another, and leaves the time of last access as it was.

    Linux allows that to a file's owner. Where it is refused, files are opened as usual.
    """

    def __init__(self, flags: int = 0, *, follow_links: bool = False) -> None:
        """Open with these flags of `os.open` beside those for reading."""
        self._plain = _READ | flags | (0 if follow_links else _NOT_THROUGH_A_LINK)
        self._flags = self._plain | _TIME_OF_ACCESS_KEPT

    def __call__(self, path: str) -> int:
        """The descriptor of a file open for reading. Raises OSError."""
        try:
            return os.open(path, self._flags)
        except PermissionError:
            if self._flags == self._plain:
                raise
        descriptor = os.open(path, self._plain)
        self._flags = self._plain  # the next files are likely to be the same owner's
        return descriptor
