"""audit checkpoint: the ledger's signed state, to leave with an outsider; and its time stamp.

ledger -> signed and kept -> written out -> said in the ledger itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from muniment.audit.checkpoints import Checkpoint
from muniment.audit.exporting import Exportable, record_export, sign_and_keep
from muniment.audit.keys import PublicKey, SigningKey
from muniment.audit.proof import signed_checkpoints
from muniment.audit.timestamps import LARGEST_STAMP, StampError, is_for
from muniment.model.errors import EnvironmentFault
from muniment.model.findings import Finding, JsonValue, Report, SubjectReport
from muniment.model.rules import proof as rules
from muniment.storage.staging import refuse_existing, write_new_file

__all__ = ["StampedLedger", "attach_time_stamp", "write_checkpoint"]

_COMMAND = "audit checkpoint"


class StampedLedger(Exportable, Protocol):
    """A ledger that keeps time stamps of its checkpoints."""

    def keep_timestamp(self, size: int, token: bytes) -> None:
        """Keep the RFC 3161 response for the checkpoint of this size."""


def write_checkpoint(
    ledger: Exportable, output: Path, *, key: SigningKey, clock: Callable[[], datetime]
) -> Report:
    """Sign the ledger's state and write it out; an event then says that it left the house.

    That event lies after the checkpoint: the ledger is larger by one than what was signed. Raises
    UsageError, EnvironmentFault.
    """
    refuse_existing(output)
    checkpoint, note = sign_and_keep(ledger, key)
    write_new_file(output, note)
    record_export(ledger, checkpoint, clock())
    return Report(command=_COMMAND, result=_result(checkpoint, key.public, output, None))


def attach_time_stamp(ledger: StampedLedger, stamp: Path, *, key: PublicKey) -> Report:
    """Keep a time stamp with the checkpoint that it was made for.

    Whether its authority is to be trusted is for those to judge who check a proof. Raises
    EnvironmentFault, MissingExtraError.
    """
    data = _read(stamp)
    try:
        found = _stamped(ledger, data, key)
    except StampError as fault:
        return _attached(stamp, (Finding(rule=rules.TIME_STAMP, message=str(fault)),), None)
    if found is None:
        message = "it is for none of the checkpoints that the ledger keeps"
        return _attached(stamp, (Finding(rule=rules.TIME_STAMP, message=message),), None)
    ledger.keep_timestamp(found.size, data)
    return _attached(stamp, (), _result(found, key, None, stamp))


def _stamped(ledger: StampedLedger, stamp: bytes, key: PublicKey) -> Checkpoint | None:
    """The kept checkpoint that a stamp speaks of. Raises StampError."""
    for each in signed_checkpoints(ledger.checkpoints(), key):
        if is_for(stamp, each.note.to_bytes()):
            return each.checkpoint
    return None


def _attached(
    stamp: Path, findings: tuple[Finding, ...], result: dict[str, JsonValue] | None
) -> Report:
    subject = SubjectReport(
        subject=str(stamp), kind="time stamp", findings=findings, checks_run=("message",)
    )
    return Report(command=_COMMAND, subjects=(subject,), result=result)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(LARGEST_STAMP)
    except OSError as error:
        raise EnvironmentFault(f"{path}: {error.strerror}") from error


def _result(
    checkpoint: Checkpoint, key: PublicKey, output: Path | None, stamp: Path | None
) -> dict[str, JsonValue]:
    return {
        "ledger": checkpoint.origin,
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
        "signer": key.label,
        "output": None if output is None else str(output),
        "time_stamp": None if stamp is None else str(stamp),
    }
