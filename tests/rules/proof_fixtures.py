"""Fixtures of what is wrong with proofs: a proof that holds, altered at one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from fixture_forms import Fixture, Pair
from histories import (
    KEY,
    LETTER,
    ORIGIN,
    STRANGER,
    TAG_MANIFEST,
    Memory,
    added,
    checked,
    entry,
    opened,
    short_history,
    short_proof,
)

from muniment.audit.canonical import decode, encode
from muniment.audit.checkpoints import Checkpoint, sign_checkpoint
from muniment.audit.entries import EntryKind
from muniment.audit.holdings import TagManifest
from muniment.audit.keys import PublicKey
from muniment.audit.outcomes import HoldingOutcome
from muniment.audit.proof import make_proof
from muniment.audit.proof_checking import Trust, check_proof
from muniment.model.findings import Finding

Change = Callable[[dict[str, Any]], Mapping[str, Any]]


def _found(data: bytes, **trust: Any) -> Iterable[Finding]:  # noqa: ANN401
    given = Trust(**{"key": KEY.public, **trust})
    return check_proof(data, "letter.proof", given).subject.findings


def _altered(change: Change) -> Fixture:
    """The findings about a proof whose members were changed, canonical still."""
    proof = decode(short_proof())
    return lambda _: _found(encode({**proof, **change(proof)}))


def _good(_: Path) -> Iterable[Finding]:
    return _found(short_proof())


def _signed_nonsense(body: Mapping[str, Any]) -> Fixture:
    memory = Memory()
    memory.record([opened(), added(), entry(EntryKind.FIXITY_CHECKED, body)])
    memory.sign()
    return lambda _: _found(make_proof(memory, LETTER, KEY.public).to_bytes())


def _by(key: PublicKey) -> Fixture:
    return lambda _: _found(short_proof(), key=key)


def _resigned(claimed: PublicKey) -> Fixture:
    """The last checkpoint signed by a stranger, who claims to be whoever is given."""
    note = sign_checkpoint(Checkpoint(origin=ORIGIN, size=7, root=short_history().root()), STRANGER)
    (line,) = note.signatures
    text = note.to_bytes().decode().replace(line.line(), _claiming(claimed, line.signature))
    return _altered(lambda _: {"last_checkpoint": text})


def _claiming(key: PublicKey, signature: bytes) -> str:
    from muniment.audit.notes import NoteSignature

    return NoteSignature(name=key.name, key_id=key.id, signature=signature).line()


def _in_hand(digest: str) -> Fixture:
    bag = (TagManifest(path=TAG_MANIFEST.path, algorithm="sha256", digest=digest),)
    return lambda _: _found(short_proof(), bag=bag)


def _last_found(outcome: HoldingOutcome) -> Fixture:
    memory = short_history(outcome)
    return lambda _: _found(make_proof(memory, LETTER, KEY.public).to_bytes())


def _without_event(place: int) -> Fixture:
    return _altered(lambda proof: {"events": proof["events"][:place]})


FIXTURES = {
    "LED-201": Pair(fires=lambda _: _found(short_proof() + b"\n"), near_miss=_good),
    "LED-202": Pair(
        fires=_signed_nonsense(dict(checked().body) | {"outcome": "fine"}),
        near_miss=_signed_nonsense(dict(checked().body) | {"remark": "fine"}),
    ),
    "LED-203": Pair(
        fires=_altered(lambda proof: {"events": [proof["events"][0], proof["events"][2]]}),
        near_miss=_without_event(2),
    ),
    "LED-204": Pair(
        fires=_altered(lambda proof: {"last_checkpoint": proof["last_checkpoint"] + "\n"}),
        near_miss=_altered(lambda proof: {"last_checkpoint": proof["first_checkpoint"]}),
    ),
    "LED-205": Pair(fires=_resigned(KEY.public), near_miss=_resigned(STRANGER.public)),
    "LED-206": Pair(fires=_by(STRANGER.public), near_miss=_by(KEY.public)),
    "LED-207": Pair(
        fires=_altered(lambda proof: {"inclusion": proof["consistency"]}), near_miss=_good
    ),
    "LED-208": Pair(
        fires=_altered(lambda proof: {"consistency": proof["inclusion"]}), near_miss=_good
    ),
    "LED-209": Pair(fires=lambda _: _found(short_proof(), stamp=b"noon"), near_miss=_good),
    "LED-210": Pair(fires=_in_hand("ac" * 32), near_miss=_in_hand(TAG_MANIFEST.digest)),
    "LED-211": Pair(
        fires=_last_found(HoldingOutcome.CORRUPT), near_miss=_last_found(HoldingOutcome.CHANGED)
    ),
}
