"""Histories in memory, made by hand: what proofs are made of, without a ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from muniment.audit.bodies import Added, Check
from muniment.audit.checkpoints import Checkpoint, sign_checkpoint
from muniment.audit.entries import Entry, EntryKind, Event
from muniment.audit.holdings import Baseline, HoldingKind, Place, TagManifest
from muniment.audit.keys import SigningKey
from muniment.audit.merkle import root_of
from muniment.audit.outcomes import Evidence, Extent, HoldingOutcome, Reader, Reference
from muniment.audit.proof import make_proof

LETTER = "00000000000000aa"
OTHER = "00000000000000bb"
ORIGIN = "muniment/0123456789abcdef"
KEY = SigningKey(seed=bytes(range(32)))
STRANGER = SigningKey(seed=bytes(range(1, 33)))
TAG_MANIFEST = TagManifest(path="tagmanifest-sha256.txt", algorithm="sha256", digest="ab" * 32)
READ = Evidence(
    read_by=Reader.AUDITOR,
    extent=Extent.ALL_BYTES,
    compared_with=(Reference.BAG_MANIFESTS, Reference.BASELINE),
)


@dataclass
class Memory:
    """An append-only history in a list."""

    origin: str = ORIGIN
    log: list[Event] = field(default_factory=list)
    kept: list[tuple[int, bytes]] = field(default_factory=list)
    stamps: dict[int, bytes] = field(default_factory=dict)

    def size(self) -> int:
        return len(self.log)

    def root(self, size: int | None = None) -> bytes:
        return self.subtree_root(0, self.size() if size is None else size)

    def subtree_root(self, first: int, count: int) -> bytes:
        return root_of(event.leaf_hash() for event in self.log[first : first + count])

    def events(self, *, holding: str) -> Iterator[Event]:
        return (event for event in self.log if event.entry.holding == holding)

    def checkpoints(self) -> list[tuple[int, bytes]]:
        return self.kept

    def keep_checkpoint(self, size: int, note: bytes) -> None:
        self.kept.append((size, note))

    def timestamp(self, size: int) -> bytes | None:
        return self.stamps.get(size)

    def record(self, entries: Sequence[Entry]) -> list[Event]:
        for entry in entries:
            before = None if entry.holding is None else list(self.events(holding=entry.holding))
            self.log.append(
                Event(
                    number=self.size(),
                    entry=entry,
                    previous=before[-1].leaf_hash() if before else None,
                )
            )
        return self.log[-len(entries) :]

    def sign(self, key: SigningKey = KEY) -> None:
        """Sign and keep the state as it is."""
        checkpoint = Checkpoint(origin=self.origin, size=self.size(), root=self.root())
        self.keep_checkpoint(self.size(), sign_checkpoint(checkpoint, key).to_bytes())


def check(outcome: HoldingOutcome = HoldingOutcome.INTACT) -> Check:
    """A check that read three files."""
    return Check(outcome=outcome, evidence=READ, files=3, octets=52)


def entry(kind: EntryKind, body: Mapping[str, Any], holding: str | None = LETTER) -> Entry:
    """Something that happened on the same day as all the rest."""
    return Entry(kind=kind, at="2026-11-28T07:00:00Z", by="auditor", holding=holding, body=body)


def added(holding: str = LETTER, kind: HoldingKind = HoldingKind.BAG) -> Entry:
    """A holding that was taken in, found intact."""
    tag_manifests = (TAG_MANIFEST,) if kind is HoldingKind.BAG else ()
    body = Added(
        kind=kind,
        name="letter",
        place=Place(address="/archive/letter", form="folder", location="/archive"),
        every=7776000,
        object=holding,
        copies=1,
        baseline=Baseline(
            document="cd" * 32,
            algorithms=("sha256",),
            files=3,
            octets=52,
            tag_manifests=tag_manifests,
        ),
        check=check(),
    )
    return entry(EntryKind.HOLDING_ADDED, body.to_json(), holding)


def checked(outcome: HoldingOutcome = HoldingOutcome.INTACT, holding: str = LETTER) -> Entry:
    """A fixity check of a holding."""
    return entry(EntryKind.FIXITY_CHECKED, check(outcome).to_json() | {"attempt": 1}, holding)


def opened() -> Entry:
    """How every ledger begins."""
    return entry(EntryKind.LEDGER_OPENED, {}, None)


def short_history(last: HoldingOutcome = HoldingOutcome.INTACT) -> Memory:
    """Two holdings, seven events, signed after three and after seven."""
    memory = Memory()
    memory.record([opened(), added(), added(OTHER)])
    memory.sign()
    memory.record([checked(), checked(holding=OTHER), checked(last)])
    memory.record([checked(holding=OTHER)])
    memory.sign()
    return memory


def short_proof() -> bytes:
    """The proof of the letter in that history."""
    return make_proof(short_history(), LETTER, KEY.public).to_bytes()
