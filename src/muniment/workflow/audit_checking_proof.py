"""audit check-proof: does a proof hold, and what exactly does it show?

file, key -> judged by itself -> what it shows and what it does not. No ledger, no network.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from muniment.audit.checkpoints import Checkpoint
from muniment.audit.entries import instant
from muniment.audit.holdings import TagManifest
from muniment.audit.keys import PublicKey, existing_key, given_public_key
from muniment.audit.proof_checking import Shown, Trust, check_proof, digests_shown
from muniment.audit.proof_form import LARGEST_PROOF
from muniment.audit.proof_history import Recorded
from muniment.audit.timestamps import LARGEST_CERTIFICATES, LARGEST_STAMP
from muniment.model.errors import EnvironmentFault, UsageError
from muniment.model.findings import JsonValue, Report

__all__ = ["ProofRequest", "check_proof_file"]

_COMMAND = "audit check-proof"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofRequest:
    """A proof, and what the checker holds against it.

    `key` is a public key or a file of it; where it is None, `own_key` is the file of this user's
    signing key. `stamp` and `certificates` go together: an RFC 3161 response for the proof's last
    checkpoint, and its authority's certificates in PEM. `bag` is the bag in hand.
    """

    proof: Path
    own_key: Path
    key: str | None = None
    stamp: Path | None = None
    certificates: Path | None = None
    bag: Path | None = None


def check_proof_file(request: ProofRequest) -> Report:
    """Judge a proof; `result` says what it shows, and is None unless it holds.

    Raises UsageError, EnvironmentFault, MissingExtraError.
    """
    if (request.stamp is None) != (request.certificates is None):
        raise UsageError(
            "a time stamp and the certificate of its authority go together:"
            " give --timestamp and --tsa-certificate"
        )
    data = _read(request.proof, LARGEST_PROOF)
    checked = check_proof(data, str(request.proof), _trust(request))
    result = None if checked.shown is None else _result(request.proof, checked.shown)
    return Report(command=_COMMAND, subjects=(checked.subject,), result=result)


def _trust(request: ProofRequest) -> Trust:
    stamp, certificates = request.stamp, request.certificates
    return Trust(
        key=_trusted_key(request),
        stamp=None if stamp is None else _read(stamp, LARGEST_STAMP),
        certificates=b"" if certificates is None else _read(certificates, LARGEST_CERTIFICATES),
        bag=None if request.bag is None else _tag_manifests(request.bag),
    )


def _trusted_key(request: ProofRequest) -> PublicKey | None:
    """The key given, else this user's own where there is one; never one that the proof names."""
    if request.key is not None:
        return given_public_key(request.key)
    own = existing_key(request.own_key)
    return None if own is None else own.public


def _read(path: Path, most: int) -> bytes:
    """A file, one byte more than `most` at the most."""
    try:
        with path.open("rb") as stream:
            return stream.read(most + 1)
    except OSError as error:
        raise EnvironmentFault(f"{path}: {error.strerror}") from error


def _tag_manifests(bag: Path) -> tuple[TagManifest, ...]:
    """The digests of a bag's tag manifests, each by its own algorithm. Raises EnvironmentFault."""
    from muniment.bags.homes import open_bag
    from muniment.model.digests import Algorithm, hashlib_name

    container = open_bag(bag)
    found = []
    for algorithm in Algorithm:
        path, name = f"tagmanifest-{algorithm}.txt", hashlib_name(algorithm)
        if name is None or path not in container.top():
            continue
        try:
            with container.open(path) as stream:
                digest = hashlib.new(name, stream.read()).hexdigest()
        except OSError as error:
            raise EnvironmentFault(f"{bag}: {path}: {error.strerror or error}") from error
        found.append(TagManifest(path=path, algorithm=str(algorithm), digest=digest))
    return tuple(found)


def _result(path: Path, shown: Shown) -> dict[str, JsonValue]:
    """What a proof that holds shows, in words and as data; and what it does not."""
    stamped = shown.no_later_than
    no_later_than = None if stamped is None else instant(stamped)
    return {
        "proof": str(path),
        "holding": shown.holding,
        "name": shown.history[0].name,
        "shows": _shows(shown, no_later_than),
        "does_not_show": _does_not_show(shown, no_later_than),
        "signer": shown.signer.label,
        "ledger": shown.last.origin,
        "checkpoints": [_checkpoint(each) for each in (shown.first, shown.last)],
        "no_later_than": no_later_than,
        "digests": _digests(shown.history),
        "events": [_event(each) for each in shown.history],
    }


def _shows(shown: Shown, no_later_than: str | None) -> str:
    grew = (
        f"in a log that only grew from its {shown.first.size:,} to its {shown.last.size:,} events"
        if shown.first != shown.last
        else f"in its log of {shown.last.size:,} events"
    )
    digests = " with these digests" if digests_shown(shown.history) else ""
    said = (
        f"The holder of the key {shown.signer.label} recorded these events for this"
        f" holding{digests}, at times by its own clock, {grew}; none was left out of them up to"
        f" event {shown.history[-1].event.number:,}."
    )
    stamped = f" All of it was there no later than {no_later_than}, as the authority says."
    return said if no_later_than is None else said + stamped


def _does_not_show(shown: Shown, no_later_than: str | None) -> Sequence[JsonValue]:
    """What a reader might take from it, and must not."""
    newest = shown.history[-1].event.number
    not_shown = [
        f"that nothing was recorded after event {newest:,}",
        "that everything that happened was recorded or that what was recorded is true",
        "that the log holds no second history of the same holding",
    ]
    if no_later_than is None:
        not_shown.append("when it was recorded other than by its holder's clock")
    if shown.first == shown.last:
        not_shown.append("that the log only grew: there is one checkpoint to go by")
    return not_shown


def _checkpoint(checkpoint: Checkpoint) -> dict[str, JsonValue]:
    return {"size": checkpoint.size, "root": checkpoint.root.hex()}


def _digests(history: Sequence[Recorded]) -> Sequence[JsonValue]:
    return [
        {"path": each.path, "algorithm": each.algorithm, "digest": each.digest}
        for each in digests_shown(history)
    ]


def _event(each: Recorded) -> dict[str, JsonValue]:
    """One line of the history. What was not checked has no outcome."""
    entry, check = each.event.entry, each.check
    return {
        "number": each.event.number,
        "at": entry.at,
        "kind": str(entry.kind),
        "outcome": None if check is None else str(check.outcome),
        "read_by": None if check is None else str(check.evidence.read_by),
        "extent": None if check is None else str(check.evidence.extent),
    }
