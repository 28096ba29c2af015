"""Makes proofs: all events of one holding, and what ties them to two signed checkpoints.

What is tied: each event names the one before it, the newest lies in the tree of the last
checkpoint, and that tree begins with the tree of the first. So of the recorded history nothing is
left out up to the newest event shown; whether more was recorded later, a proof cannot show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from muniment.audit.canonical import decode
from muniment.audit.checkpoints import Checkpoint, NotACheckpointError, read_checkpoint
from muniment.audit.entries import Event
from muniment.audit.keys import PublicKey
from muniment.audit.merkle import consistency_proof, inclusion_proof
from muniment.audit.notes import Note, Signing
from muniment.audit.proof_form import Proof


class History(Protocol):
    """What a proof is made of; a ledger has it."""

    def events(self, *, holding: str) -> Iterator[Event]:
        """The events of one holding, oldest first."""

    def subtree_root(self, first: int, count: int) -> bytes:
        """The root over the leaves [first, first + count)."""

    def checkpoints(self) -> Sequence[tuple[int, bytes]]:
        """The signed notes that were kept, with their sizes, the smallest first."""

    def timestamp(self, size: int) -> bytes | None:
        """The RFC 3161 response for the checkpoint of this size, where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedCheckpoint:
    """A checkpoint that this key signed, as its note alone."""

    note: Note
    checkpoint: Checkpoint


class NotCoveredError(Exception):
    """No checkpoint by this key covers the holding's newest event yet: sign one, and try again."""


def make_proof(history: History, holding: str, key: PublicKey) -> Proof:
    """The proof of one holding, from the first checkpoint that this key signed to a last one.

    The last is the first that has a time stamp, of those that cover the newest event; else the
    newest. Raises NotCoveredError.
    """
    events = list(history.events(holding=holding))
    newest = events[-1].number
    kept = history.checkpoints()
    covering = list(signed_checkpoints([each for each in kept if each[0] > newest], key))
    if not covering:
        raise NotCoveredError
    stamped = (each for each in covering if history.timestamp(each.checkpoint.size))
    first, last = next(signed_checkpoints(kept, key)), next(stamped, covering[-1])
    old, size = first.checkpoint.size, last.checkpoint.size
    return Proof(
        holding=holding,
        events=tuple(decode(event.leaf()) for event in events),
        first_checkpoint=first.note.to_bytes().decode(),
        last_checkpoint=last.note.to_bytes().decode(),
        inclusion=inclusion_proof(newest, size, history.subtree_root),
        consistency=consistency_proof(old, size, history.subtree_root),
    )


def signed_checkpoints(
    kept: Iterable[tuple[int, bytes]], key: PublicKey
) -> Iterator[SignedCheckpoint]:
    """Those of the kept notes that this key signed, in their order; others' signatures are left.

    They are verified as they are asked for: there may be one of every night.
    """
    for size, data in kept:
        try:
            note, checkpoint = read_checkpoint(data)
        except NotACheckpointError:
            continue  # `check-ledger` tells of it
        if checkpoint.size == size and note.signing(key) is Signing.VERIFIED:
            yield SignedCheckpoint(note=note.only_by(key), checkpoint=checkpoint)
