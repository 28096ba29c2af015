"""Checkpoints leave the house: signed, kept, and copied to where others can hold them.

Only a checkpoint that lies out of reach of whoever has ledger and key shows that the history was
not rebuilt; so every run exports one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from muniment.audit.bodies import CheckpointExported
from muniment.audit.checkpoints import (
    Checkpoint,
    NotACheckpointError,
    read_checkpoint,
    sign_checkpoint,
)
from muniment.audit.data_folder import data_folder
from muniment.audit.entries import Entry, EntryKind, Event, instant
from muniment.audit.keys import SigningKey
from muniment.audit.proof import signed_checkpoints
from muniment.model.errors import EnvironmentFault
from muniment.storage.staging import DestinationExistsError, write_new_file

FOLDER = "checkpoints"
AGENT = "muniment"
_IN_FILE = "sqlite:///"


class Exportable(Protocol):
    """What a checkpoint is made of and kept in; a ledger is one."""

    @property
    def origin(self) -> str:
        """The ledger's name."""

    def size(self) -> int:
        """How many events it holds."""

    def root(self, size: int | None = None) -> bytes:
        """The root over its first `size` events."""

    def checkpoints(self) -> Sequence[tuple[int, bytes]]:
        """The signed notes that were kept, with their sizes, the smallest first."""

    def keep_checkpoint(self, size: int, note: bytes) -> None:
        """Keep a signed note."""

    def record(self, entries: Sequence[Entry]) -> list[Event]:
        """Make events of entries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The folder that takes a copy of each checkpoint.

    `outside` says that the house named it, so that a copy there counts as exported; the folder
    beside the ledger does not count: whoever has the one has the other.
    """

    folder: Path
    outside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A checkpoint as it was signed, and the file of it."""

    checkpoint: Checkpoint
    note: bytes
    path: Path


def checkpoint_shelf(ledger: str, configured: Path | None, environment: Mapping[str, str]) -> Shelf:
    """Where copies go: the folder of the settings, else one beside the ledger or the user's data.

    `ledger` is a path or a URL. Raises UsageError.
    """
    if configured is not None:
        return Shelf(folder=configured, outside=True)
    path = ledger.removeprefix(_IN_FILE)
    beside = data_folder(environment) if "://" in path else Path(path).parent
    return Shelf(folder=beside / FOLDER, outside=False)


def sign_and_keep(ledger: Exportable, key: SigningKey) -> tuple[Checkpoint, bytes]:
    """The checkpoint of the ledger as it is now; the kept note where this key signed it before.

    Raises EnvironmentFault where the ledger does not go on from what this key signed last: who
    signs two states of which neither begins with the other has signed two histories.
    """
    size = ledger.size()
    checkpoint = Checkpoint(origin=ledger.origin, size=size, root=ledger.root(size))
    newest = next(signed_checkpoints(reversed(ledger.checkpoints()), key.public), None)
    if newest is not None:
        _refuse_another_history(ledger, newest.checkpoint, checkpoint)
        if newest.checkpoint.size == size:
            return checkpoint, newest.note.to_bytes()
    note = sign_checkpoint(checkpoint, key).to_bytes()
    ledger.keep_checkpoint(size, note)
    return checkpoint, note


def _refuse_another_history(ledger: Exportable, before: Checkpoint, now: Checkpoint) -> None:
    same = before.origin == now.origin and before.size <= now.size
    if not same or ledger.root(before.size) != before.root:
        raise EnvironmentFault(
            f"nothing was signed: the ledger is not what was signed at {before.size:,} events; see:"
            " muniment audit check-ledger"
        )


def export_checkpoint(
    ledger: Exportable, key: SigningKey, shelf: Shelf, clock: Callable[[], datetime]
) -> Exported:
    """Sign the ledger's state, keep it, and put a copy on the shelf: what every run ends with.

    Where the shelf is outside, an event says that a copy went there; it lies after the checkpoint.
    Raises EnvironmentFault; also where another state of the same size lies there already, which a
    ledger that only grew cannot have.
    """
    checkpoint, note = sign_and_keep(ledger, key)
    path = shelf.folder / f"{checkpoint.origin.replace('/', '-')}-{checkpoint.size}.checkpoint"
    exported = Exported(checkpoint=checkpoint, note=note, path=path)
    try:
        write_new_file(path, note)
    except DestinationExistsError:
        _refuse_another(path, checkpoint)
        return exported
    if shelf.outside:
        record_export(ledger, checkpoint, clock())
    return exported


def record_export(ledger: Exportable, checkpoint: Checkpoint, now: datetime) -> None:
    """Let the ledger say when a checkpoint left; this event itself lies after the checkpoint."""
    body = CheckpointExported(size=checkpoint.size, root=checkpoint.root.hex())
    ledger.record(
        [Entry(kind=EntryKind.CHECKPOINT_EXPORTED, at=instant(now), by=AGENT, body=body.to_json())]
    )


def _refuse_another(path: Path, checkpoint: Checkpoint) -> None:
    """Raise EnvironmentFault unless the file holds this very checkpoint, by whatever key."""
    try:
        _, there = read_checkpoint(path.read_bytes())
    except OSError as error:
        raise EnvironmentFault(f"{path} cannot be read: {error.strerror}") from error
    except NotACheckpointError as fault:
        raise EnvironmentFault(f"{path} is no checkpoint any more: {fault}") from fault
    if there != checkpoint:
        raise EnvironmentFault(
            f"{path} holds another state of {checkpoint.origin} with {checkpoint.size:,} events, so"
            " this ledger did not only grow; see:"
            f' muniment audit check-ledger --checkpoint "{path}"'
        )
