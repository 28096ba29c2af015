"""Judges a proof: bytes and a key in, findings out. No ledger, no network, no clock.

In this order: (1) its form, (2) its events, (3) their chain, (4) the two checkpoints, (5) their
signatures by the key that the checker trusts, (6) the newest event's inclusion, (7) the last
checkpoint's consistency with the first; where asked (8) the time stamp, (9) the bag in hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from muniment.audit.checkpoints import Checkpoint, NotACheckpointError, read_checkpoint
from muniment.audit.holdings import TagManifest
from muniment.audit.keys import PublicKey
from muniment.audit.merkle import root_from_inclusion, roots_from_consistency
from muniment.audit.notes import Note, Signing
from muniment.audit.proof_findings import BAG, TIME_STAMP, ProofFindings
from muniment.audit.proof_form import Proof, read_proof
from muniment.audit.proof_history import Recorded, chain_faults, recorded
from muniment.audit.timestamps import StampError, stamped_by
from muniment.model.findings import SubjectReport, Verdict
from muniment.model.rules import proof as rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What the checker trusts and holds, none of which may come from the proof.

    `stamp` is an RFC 3161 response for the last checkpoint, with the `certificates` of its
    authority as PEM. `bag` are the tag manifests of the bag in hand.
    """

    key: PublicKey | None
    stamp: bytes | None = None
    certificates: bytes = b""
    bag: Sequence[TagManifest] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a proof that holds shows. `no_later_than` is None where no time stamp was verified."""

    holding: str
    history: tuple[Recorded, ...]
    first: Checkpoint
    last: Checkpoint
    signer: PublicKey
    no_later_than: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The judgement, and what the proof shows; None unless it holds in every part."""

    subject: SubjectReport
    shown: Shown | None


def check_proof(data: bytes, subject: str, trust: Trust) -> Checked:
    """Judge a proof. `subject` is what the report calls it. Raises MissingExtraError."""
    judging = _Judging(trust=trust)
    proof = judging.form(data)
    if proof is None:
        return Checked(subject=judging.found.report(subject), shown=None)
    history = judging.events(proof)
    first = judging.checkpoint(proof.first_checkpoint, "/first_checkpoint")
    last = judging.checkpoint(proof.last_checkpoint, "/last_checkpoint")
    if history is not None:
        judging.chain(history, proof.holding)
    if first is not None and last is not None:
        judging.consistency(proof, first[1], last[1])
        judging.signatures(first[0], last[0])
    if history is not None and last is not None:
        judging.inclusion(proof, history[-1], last[1])
        judging.outcome(history)
    judging.time_stamp(proof)
    judging.bag(history)
    report = judging.found.report(subject)
    shown = None
    if report.verdict() is Verdict.PASS and history and first and last and trust.key:
        shown = Shown(
            holding=proof.holding,
            history=history,
            first=first[1],
            last=last[1],
            signer=trust.key,
            no_later_than=judging.stamped,
        )
    return Checked(subject=report, shown=shown)


@dataclass(slots=True, kw_only=True)
class _Judging:
    """The checks, one after the other, and what they found so far."""

    trust: Trust
    found: ProofFindings = field(default_factory=ProofFindings)
    stamped: datetime | None = None

    def form(self, data: bytes) -> Proof | None:
        """(1) One canonical form, every member known and of its kind."""
        self.found.made("form")
        proof, faults = read_proof(data)
        for pointer, message in faults:
            self.found.add(rules.FORM, message, pointer)
        return proof

    def events(self, proof: Proof) -> tuple[Recorded, ...] | None:
        """(2) Each event is one of a holding's history; None where one is not."""
        self.found.made("events")
        history: list[Recorded] = []
        for place, member in enumerate(proof.events):
            try:
                history.append(recorded(member))
            except ValueError as fault:
                self.found.add(rules.EVENT, str(fault), f"/events/{place}")
        return tuple(history) if len(history) == len(proof.events) else None

    def chain(self, history: Sequence[Recorded], holding: str) -> None:
        """(3) Each event names the one before it by its leaf hash; the first names none."""
        self.found.made("chain")
        for place, message in chain_faults(history, holding):
            self.found.add(rules.CHAIN, message, f"/events/{place}")

    def checkpoint(self, text: str, pointer: str) -> tuple[Note, Checkpoint] | None:
        """(4) A note with one signature, and a ledger's state in it; None where it is not."""
        self.found.made("checkpoints")
        try:
            note, checkpoint = read_checkpoint(text.encode())
        except NotACheckpointError as fault:
            self.found.add(rules.CHECKPOINT, str(fault), pointer)
            return None
        if len(note.signatures) != 1:
            message = "in a proof it carries one signature, that of the ledger's own key"
            self.found.add(rules.CHECKPOINT, message, pointer)
        return note, checkpoint

    def signatures(self, first: Note, last: Note) -> None:
        """(5) Both checkpoints are signed by the key that the checker trusts."""
        notes = ((first, "/first_checkpoint"), (last, "/last_checkpoint"))
        if Signing.UNKNOWN in [self._signing(note, pointer) for note, pointer in notes]:
            self.found.leave_open("signatures", "the signer is not known here")
        else:
            self.found.made("signatures")

    def _signing(self, note: Note, pointer: str) -> Signing:
        """What a checkpoint's signature comes to; said where it is not what it must be."""
        key = self.trust.key
        signing = Signing.UNKNOWN if key is None else note.signing(key)
        claimed = note.signatures[0]
        name = f"{claimed.name}+{claimed.key_id.hex()}"
        if signing is Signing.WRONG:
            message = f"it names {name}, whose signature is another"
            self.found.add(rules.SIGNATURE, message, pointer)
        elif signing is Signing.UNKNOWN:
            trusted = None if key is None else key.label
            told = "no key was given" if trusted is None else f"the key to trust is {trusted}"
            message = f"it is signed by {name}; {told}"
            self.found.add(rules.UNKNOWN_SIGNER, message, pointer, expected=trusted, actual=name)
        return signing

    def inclusion(self, proof: Proof, newest: Recorded, last: Checkpoint) -> None:
        """(6) The newest event lies in the tree of the last checkpoint, at its number."""
        self.found.made("inclusion")
        event = newest.event
        try:
            root = root_from_inclusion(newest.leaf_hash, event.number, last.size, proof.inclusion)
        except ValueError as fault:
            self.found.add(rules.INCLUSION, str(fault), "/inclusion")
            return
        if root != last.root:
            self.found.compared(rules.INCLUSION, "/inclusion", "the newest event", last.root, root)

    def consistency(self, proof: Proof, first: Checkpoint, last: Checkpoint) -> None:
        """(7) The tree of the last checkpoint begins with that of the first, of the same ledger."""
        self.found.made("consistency")
        if first.origin != last.origin:
            message = f"the ledger of the first is {first.origin}, of the last {last.origin}"
            self.found.add(rules.CONSISTENCY, message, "/last_checkpoint")
        try:
            old, new = roots_from_consistency(first.size, last.size, first.root, proof.consistency)
        except ValueError as fault:
            self.found.add(rules.CONSISTENCY, str(fault), "/consistency")
            return
        if old != first.root:
            self.found.compared(rules.CONSISTENCY, "/consistency", "the old tree", first.root, old)
        if new != last.root:
            self.found.compared(rules.CONSISTENCY, "/consistency", "the new tree", last.root, new)

    def outcome(self, history: Sequence[Recorded]) -> None:
        """Say it where what the proof shows is no good news."""
        place, newest = next(
            ((n, each) for n, each in reversed(list(enumerate(history))) if each.check), (0, None)
        )
        if newest is not None and newest.check is not None and not newest.check.outcome.is_good:
            outcome, at = str(newest.check.outcome), newest.event.entry.at
            message = f"the newest outcome, of {at}, is {outcome}"
            self.found.add(rules.NOT_WELL, message, f"/events/{place}", actual=outcome)

    def time_stamp(self, proof: Proof) -> None:
        """(8) The time stamp is by the authority whose certificate the checker gave."""
        if self.trust.stamp is None:
            self.found.skip(TIME_STAMP, "none was given")
            return
        self.found.made(TIME_STAMP)
        message = proof.last_checkpoint.encode()
        try:
            self.stamped = stamped_by(self.trust.stamp, message, self.trust.certificates)
        except StampError as fault:
            self.found.add(rules.TIME_STAMP, str(fault), "/last_checkpoint")

    def bag(self, history: Sequence[Recorded] | None) -> None:
        """(9) The bag in hand has the tag manifests that were recorded last."""
        if self.trust.bag is None:
            self.found.skip(BAG, "no bag to compare with was given")
            return
        known = digests_shown(history or ())
        in_hand = {each.path: each for each in self.trust.bag}
        if not known:
            self.found.leave_open(BAG, "the proof shows no digest of a tag manifest")
            return
        self.found.made(BAG)
        for each in known:
            given = in_hand.get(each.path)
            if given != each:
                actual = None if given is None else given.digest
                message = f"{each.path} is recorded with {each.algorithm} {each.digest}, " + (
                    "and is not there" if actual is None else f"and has {actual}"
                )
                self.found.add(rules.OTHER_BAG, message, None, expected=each.digest, actual=actual)


def digests_shown(history: Sequence[Recorded]) -> tuple[TagManifest, ...]:
    """The tag manifests' digests as they were recorded last; none for a plain folder."""
    baselines = [each.baseline for each in history if each.baseline is not None]
    return baselines[-1].tag_manifests if baselines else ()
