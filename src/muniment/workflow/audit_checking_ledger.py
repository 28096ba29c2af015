"""audit check-ledger: is the history still the one that was written?

ledger, checkpoints held outside -> everything compared -> what differs, and up to where it holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from muniment.audit.checking_checkpoints import Held
from muniment.audit.checking_ledger import Crew, LedgerChecked, check_ledger
from muniment.audit.checkpoints import Checkpoint
from muniment.audit.keys import existing_key, given_public_key
from muniment.audit.ledger import Ledger
from muniment.model.errors import EnvironmentFault
from muniment.model.findings import JsonValue, Report, Skipped, SubjectReport

__all__ = ["LedgerRequest", "check_whole_ledger"]

_COMMAND = "audit check-ledger"
_CHECKS = ("events", "chains", "tree", "checkpoints", "holdings", "documents", "observations")
_SIGNATURES = "signatures"
_HELD = "checkpoints held outside"
_LARGEST_NOTE = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRequest:
    """What the ledger is held against.

    `checkpoints` are files that somebody keeps apart from it. `key` is a public key or a file of
    it; where it is None, `own_key` is the file of this user's signing key.
    """

    own_key: Path
    checkpoints: Sequence[Path] = ()
    key: str | None = None


def check_whole_ledger(ledger: Ledger, request: LedgerRequest, *, executor: Crew) -> Report:
    """Check a ledger. Raises UsageError, EnvironmentFault, MissingExtraError."""
    own = None if request.key is not None else existing_key(request.own_key)
    key = own.public if own is not None else None
    if request.key is not None:
        key = given_public_key(request.key)
    held = [Held(place=str(path), note=_read(path)) for path in request.checkpoints]
    checked = check_ledger(ledger, executor, held=held, key=key)
    made = (*_CHECKS, *([_SIGNATURES] if key else []), *([_HELD] if held else []))
    subject = SubjectReport(
        subject=ledger.place,
        kind="ledger",
        findings=checked.findings,
        checks_run=made,
        checks_skipped=tuple(_skipped(with_key=key is not None, with_held=bool(held))),
    )
    return Report(command=_COMMAND, subjects=(subject,), result=_result(ledger.origin, checked))


def _skipped(*, with_key: bool, with_held: bool) -> Sequence[Skipped]:
    skipped = []
    if not with_key:
        reason = "there is no key of your own, and --key names none"
        skipped.append(Skipped(check=_SIGNATURES, reason=reason))
    if not with_held:
        reason = (
            "--checkpoint names none: that the ledger was replaced as a whole would not be noticed"
        )
        skipped.append(Skipped(check=_HELD, reason=reason))
    return skipped


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(_LARGEST_NOTE)
    except OSError as error:
        raise EnvironmentFault(f"{path}: {error.strerror}") from error


def _result(origin: str, checked: LedgerChecked) -> dict[str, JsonValue]:
    counts = checked.counts
    return {
        "ledger": origin,
        "events": counts.events,
        "holdings": counts.holdings,
        "observations": counts.observations,
        "documents": counts.documents,
        "checkpoints": counts.checkpoints,
        "root": None if checked.root is None else checked.root.hex(),
        "last_good_checkpoint": None if checked.good is None else _checkpoint(checked.good),
    }


def _checkpoint(checkpoint: Checkpoint) -> dict[str, JsonValue]:
    return {"size": checkpoint.size, "root": checkpoint.root.hex()}
