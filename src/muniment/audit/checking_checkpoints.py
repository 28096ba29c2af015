"""Holds a ledger's tree against checkpoints: those that it keeps, and those that others hold.

What the ledger keeps can be replaced with it. Only a checkpoint from outside shows that a ledger
was rolled back or exchanged for another that is consistent in itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from muniment.audit.checking_events import Exported
from muniment.audit.checkpoints import Checkpoint, NotACheckpointError, read_checkpoint
from muniment.audit.keys import PublicKey
from muniment.audit.ledger_findings import LedgerFindings
from muniment.audit.notes import Note, Signing
from muniment.model.rules import ledger as rules
from muniment.model.rules import proof as proof_rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A checkpoint as somebody holds it: `place` names the file, `note` is what is in it."""

    place: str
    note: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A checkpoint as the ledger keeps it, by its size and its SHA-256 (hex)."""

    size: int
    sha256: str
    note: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A checkpoint that could be read, and where it came from."""

    place: str
    checkpoint: Checkpoint


class CheckpointsCheck:
    """Reads checkpoints, oldest last or first, and says which of them the ledger leads to."""

    def __init__(self, findings: LedgerFindings, origin: str, key: PublicKey | None) -> None:
        """`key` is the one whose signatures count; without one none is checked."""
        self._findings = findings
        self._origin = origin
        self._key = key
        self.named: list[Named] = []

    def take_held(self, held: Iterable[Held]) -> None:
        """Read those that others hold."""
        for each in held:
            self._read(each.place, each.note)

    def take_kept(self, kept: Iterable[Kept]) -> None:
        """Read those that the ledger keeps, and compare what stands beside them."""
        for each in kept:
            place = f"kept checkpoint {each.size}"
            checkpoint = self._read(place, each.note)
            size = None if checkpoint is None else checkpoint.size
            digest = hashlib.sha256(each.note).hexdigest()
            if (each.size, each.sha256) != (size, digest):
                message = f"it stands under {each.size} and {each.sha256}; it is {size}, {digest}"
                self._findings.add(rules.KEPT_NOTE, f"{place}: {message}", place, order=each.size)

    def take_exported(self, exported: Iterable[Exported], kept: Iterable[Kept]) -> None:
        """Read what events say of checkpoints; each of them is to be kept."""
        sizes = {each.size for each in kept}
        for each in exported:
            place = f"event {each.event}"
            if each.size not in sizes:
                message = f"{place}: the checkpoint of {each.size:,} events is not kept any more"
                self._findings.add(rules.KEPT_NOTE, message, place, order=each.event)
            root = bytes.fromhex(each.root)
            checkpoint = Checkpoint(origin=self._origin, size=each.size, root=root)
            self.named.append(Named(place=place, checkpoint=checkpoint))

    def _read(self, place: str, data: bytes) -> Checkpoint | None:
        try:
            note, checkpoint = read_checkpoint(data)
        except NotACheckpointError as fault:
            self._findings.add(proof_rules.CHECKPOINT, f"{place}: {fault}", place)
            return None
        self._judge_signature(place, note)
        if checkpoint.origin == self._origin:
            self.named.append(Named(place=place, checkpoint=checkpoint))
        else:
            self._findings.add(
                rules.OTHER_LEDGER,
                f"{place} is of the ledger {checkpoint.origin}; this one is {self._origin}",
                place,
                expected=checkpoint.origin,
                actual=self._origin,
            )
        return checkpoint

    def _judge_signature(self, place: str, note: Note) -> None:
        if self._key is None:
            return
        signing = note.signing(self._key)
        if signing is Signing.WRONG:
            message = f"{place}: the signature is not by {self._key.label}, which it names"
            self._findings.add(proof_rules.SIGNATURE, message, place)
        elif signing is Signing.UNKNOWN:
            names = ", ".join(each.name for each in note.signatures)
            message = f"{place} is signed by {names}; known is {self._key.label}"
            self._findings.add(proof_rules.UNKNOWN_SIGNER, message, place)


def compare_roots(
    findings: LedgerFindings, named: Sequence[Named], roots: Sequence[bytes | None], size: int
) -> Checkpoint | None:
    """Compare checkpoints, the smallest first, with the roots that the events lead to.

    None stands for a root that no events lead to: some of them are missing. `size` is how many
    events there are. Gives the last good checkpoint before the first that fails.
    """
    good: Checkpoint | None = None
    failed = False
    for each, root in zip(named, roots, strict=True):
        if each.checkpoint.root == root:
            good = good if failed else each.checkpoint
        else:
            failed = True
            _told(findings, each, root, size, good)
    return good


def _told(
    findings: LedgerFindings, each: Named, root: bytes | None, size: int, good: Checkpoint | None
) -> None:
    checkpoint, first = each.checkpoint, 0 if good is None else good.size
    order, signed = checkpoint.size, checkpoint.root.hex()
    if checkpoint.size > size:
        message = f"{each.place} is of {checkpoint.size:,} events; the ledger holds {size:,}"
        evidence = {"expected": checkpoint.size, "actual": size}
        findings.add(rules.ROLLED_BACK, message, each.place, order=order, **evidence)
        return
    leads = "some are missing" if root is None else f"they lead to the root {root.hex()}"
    findings.add(
        rules.CHECKPOINT,
        f"{each.place}: signed is the root {signed} over {checkpoint.size:,} events; {leads}."
        f" What differs lies in the events {first:,} to {checkpoint.size - 1:,}",
        each.place,
        order=order,
        expected=signed,
        actual=None if root is None else root.hex(),
        first=first,
        last=checkpoint.size - 1,
    )
