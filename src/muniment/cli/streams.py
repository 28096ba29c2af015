"""Standard output for results, standard error for everything else."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from typing import TextIO

from muniment.model.errors import EnvironmentFault
from muniment.render.escaping import visible

_WIDEST = 100
_STANDARD_DESCRIPTORS = (0, 1, 2)


def hold_standard_descriptors() -> None:
    """Open what the caller closed of 0, 1 and 2, so that no file of an archive gets that number.

    Whatever writes to "standard error" below Python would else write into that file.
    """
    for descriptor in _STANDARD_DESCRIPTORS:
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def write_result(pieces: Iterable[str], *, encoding: str | None = None) -> None:
    """Write a result to standard output, piece by piece.

    `encoding` None means the stream's own; what it cannot say is written out as an escape. A
    reader that went away is no fault. A full disk is: raises EnvironmentFault.
    """
    stream = sys.stdout
    if stream is None:
        return
    try:
        stream.flush()
        for piece in pieces:
            stream.buffer.write(piece.encode(encoding or stream.encoding, "backslashreplace"))
        stream.buffer.flush()
    except BrokenPipeError:
        _abandon(stream)
    except OSError as fault:
        _abandon(stream)
        reason = fault.strerror or str(fault)
        raise EnvironmentFault(f"the result could not be written out: {reason}") from fault


def say(line: str) -> None:
    """Write a line for a person to standard error; controls in it are shown, not obeyed."""
    stream = sys.stderr
    if stream is None:
        return
    try:
        text = "".join(f"{visible(part)}\n" for part in line.split("\n"))
        stream.write(text)
        stream.flush()
    except OSError:
        _abandon(stream)


def in_colour(stream: TextIO | None, environment: Mapping[str, str]) -> bool:
    """Whether to use colour: on a terminal that has it, unless NO_COLOR is set (no-color.org)."""
    if stream is None or not stream.isatty() or environment.get("NO_COLOR"):
        return False
    if environment.get("TERM") == "dumb":
        return False
    return os.name != "nt" or "WT_SESSION" in environment


def text_width() -> int:
    """Where prose is wrapped: the terminal's width, 100 at most, and 100 where there is none."""
    import shutil

    return min(shutil.get_terminal_size((_WIDEST, 24)).columns, _WIDEST)


def _abandon(stream: TextIO) -> None:
    """Let what is still buffered go nowhere, or Python complains of it again at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
