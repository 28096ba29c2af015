"""Checkpoints: what a signed note says of a tree (C2SP tlog-checkpoint).

    ORIGIN          the name of the ledger
    SIZE            how many events it holds, in decimal
    BASE64(ROOT)    the root of the Merkle tree over them

No time stands in it: the standard advises against further lines, and a time by the signer's own
clock says no more than the last event does. What shows a time to an outsider is a time stamp.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

from muniment.audit.merkle import HASH_BYTES
from muniment.audit.notes import NotANoteError, Note, Signer, exact_base64, read_note, sign_note
from muniment.model.errors import MunimentError

_SIZE = re.compile("[1-9][0-9]{0,18}")


class NotACheckpointError(MunimentError):
    """A note's text that is no checkpoint of a ledger; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The state of a ledger: its name, how many events it holds, and the root over them (raw)."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The note's text, three lines."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def sign_checkpoint(checkpoint: Checkpoint, key: Signer) -> Note:
    """The checkpoint as a note by this key. The same checkpoint gives the same note."""
    return sign_note(checkpoint.text(), key)


def checkpoint_of(note: Note) -> Checkpoint:
    """What a note says of a ledger. Raises NotACheckpointError; no signature is looked at."""
    lines = note.text.removesuffix("\n").split("\n")
    if len(lines) != 3:  # noqa: PLR2004 - origin, size, root
        raise NotACheckpointError(f"it has {len(lines)} lines instead of origin, size and root")
    origin, size, encoded = lines
    if not origin:
        raise NotACheckpointError("it names no ledger")
    if not _SIZE.fullmatch(size):
        raise NotACheckpointError(f'"{size[:30]}" is no number of events')
    try:
        root = exact_base64(encoded)
    except ValueError as fault:
        raise NotACheckpointError(f"the root: {fault}") from fault
    if len(root) != HASH_BYTES:
        raise NotACheckpointError(f"the root has {len(root)} bytes instead of {HASH_BYTES}")
    return Checkpoint(origin=origin, size=int(size), root=root)


def read_checkpoint(data: bytes) -> tuple[Note, Checkpoint]:
    """A checkpoint from a file of it. Raises NotACheckpointError; no signature is looked at."""
    try:
        note = read_note(data)
    except NotANoteError as fault:
        raise NotACheckpointError(f"it is no signed note: {fault}") from fault
    return note, checkpoint_of(note)
