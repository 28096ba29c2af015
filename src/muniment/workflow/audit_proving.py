"""audit prove: one file that shows an outsider the recorded history of one holding.

holding -> covered by a signed checkpoint -> proof -> checked as an outsider would -> written.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from muniment.audit.checkpoints import Checkpoint
from muniment.audit.exporting import Exportable, Shelf, export_checkpoint
from muniment.audit.keys import SigningKey
from muniment.audit.proof import History, NotCoveredError, make_proof
from muniment.audit.proof_checking import Shown, Trust, check_proof
from muniment.audit.proof_form import Proof
from muniment.audit.states import HoldingState
from muniment.model.findings import JsonValue, Report
from muniment.storage.staging import refuse_existing, write_new_file

__all__ = ["STAMP_ENDING", "ProvableLedger", "prove"]

# A time stamp is signed by others and lies beside the proof, of which all is hashed or signed.
STAMP_ENDING = ".tsr"


class ProvableLedger(History, Exportable, Protocol):
    """What proving needs of a ledger."""

    def find(self, asked: str) -> HoldingState:
        """A holding by its id, name or place."""


def prove(
    ledger: ProvableLedger,
    asked: str,
    output: Path,
    *,
    key: SigningKey,
    shelf: Shelf,
    clock: Callable[[], datetime],
) -> Report:
    """Write the proof of a holding, and beside it the time stamp of its checkpoint, if any.

    A checkpoint is signed where none covers the holding's newest event yet. A proof that would
    not hold is not written: its faults are the report's. Raises UsageError, EnvironmentFault.
    """
    beside = output.with_name(output.name + STAMP_ENDING)
    refuse_existing(output)
    refuse_existing(beside)
    holding = ledger.find(asked)
    proof = _proof(ledger, holding.id, key, shelf, clock)
    data = proof.to_bytes()
    checked = check_proof(data, str(output), Trust(key=key.public))
    if checked.shown is None:
        return Report(command="audit prove", subjects=(checked.subject,))
    write_new_file(output, data)
    stamp = ledger.timestamp(checked.shown.last.size)
    if stamp is not None:
        write_new_file(beside, stamp)
    result = _result(output, data, None if stamp is None else beside, checked.shown)
    return Report(command="audit prove", subjects=(checked.subject,), result=result)


def _proof(
    ledger: ProvableLedger,
    holding: str,
    key: SigningKey,
    shelf: Shelf,
    clock: Callable[[], datetime],
) -> Proof:
    try:
        return make_proof(ledger, holding, key.public)
    except NotCoveredError:
        export_checkpoint(ledger, key, shelf, clock)
        return make_proof(ledger, holding, key.public)


def _result(output: Path, data: bytes, stamp: Path | None, shown: Shown) -> dict[str, JsonValue]:
    return {
        "proof": str(output),
        "octets": len(data),
        "holding": shown.holding,
        "name": shown.history[0].name,
        "events": len(shown.history),
        "signer": shown.signer.label,
        "ledger": shown.last.origin,
        "checkpoints": [_checkpoint(each) for each in (shown.first, shown.last)],
        "time_stamp": None if stamp is None else str(stamp),
    }


def _checkpoint(checkpoint: Checkpoint) -> dict[str, JsonValue]:
    return {"size": checkpoint.size, "root": checkpoint.root.hex()}
