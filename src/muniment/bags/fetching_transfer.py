"""What every way of transfer has in common: how it answers, and how it fails. Local files too."""

from __future__ import annotations

import os
import stat
from collections.abc import Generator
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import unquote, urlsplit

CHUNK_BYTES = 1 << 18
_READ = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_READ |= getattr(os, "O_NONBLOCK", 0)


class NotFollowedError(Exception):
    """An address that must not be followed; the text says why."""


class TransferError(Exception):
    """An address did not give what was asked for; the text says why."""

    def __init__(self, reason: str, *, again: bool, wait: float | None = None) -> None:
        """`again`: another try may help, after so many seconds where the server said so."""
        super().__init__(reason)
        self.again = again
        self.wait = wait


class NothingThereError(TransferError):
    """The server says that there are no bytes from the offset on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The bytes of a file from `start` on; `total` are the bytes of the whole file, if known.

    `validator` is what the server knows these very bytes by. `chunks` raises TransferError.
    """

    start: int
    total: int | None
    validator: str | None
    chunks: Generator[bytes, None, None]


class Client(Protocol):
    """Gives files by their addresses. One for each thread."""

    def get(self, url: str, offset: int, validator: str | None) -> Answer:
        """Ask for a file from an offset on. Raises NotFollowedError, TransferError."""

    def close(self) -> None:
        """Give back what is held open."""


def local_file(url: str, offset: int) -> Answer:
    """A file of this machine, named by a `file:` address. Raises TransferError."""
    parts = urlsplit(url)
    if parts.netloc not in {"", "localhost"}:
        raise TransferError(f"{url!r} names another machine", again=False)
    path = unquote(parts.path)
    try:
        status = os.stat(path)
    except (OSError, ValueError) as error:
        raise TransferError(f"{url}: {_said(error)}", again=False) from error
    if not stat.S_ISREG(status.st_mode):
        raise TransferError(f"{url} is no regular file", again=False)
    start = min(offset, status.st_size)
    chunks = _local_chunks(path, start)
    return Answer(start=start, total=status.st_size, validator=None, chunks=chunks)


def _local_chunks(path: str, start: int) -> Generator[bytes, None, None]:
    try:
        with os.fdopen(os.open(path, _READ), "rb", buffering=0) as stream:
            stream.seek(start)
            while chunk := stream.read(CHUNK_BYTES):
                yield chunk
    except OSError as error:
        raise TransferError(f"{path}: {_said(error)}", again=False) from error


def _said(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
