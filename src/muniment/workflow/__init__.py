"""The use cases, each a short story in the order in which it happens.

Here the rooms meet: `metadata` and `bags` do not know each other. Clock, parallelism and progress
are handed in. Each story is loaded when it is first asked for: verifying needs no XML.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from muniment.workflow.audit_accepting import accept
    from muniment.workflow.audit_adding import AddRequest, add
    from muniment.workflow.audit_checking_ledger import LedgerRequest, check_whole_ledger
    from muniment.workflow.audit_checking_proof import ProofRequest, check_proof_file
    from muniment.workflow.audit_checkpoint import attach_time_stamp, write_checkpoint
    from muniment.workflow.audit_depositing import Recording
    from muniment.workflow.audit_forecasting import ForecastOptions, forecast_of
    from muniment.workflow.audit_glancing import glance
    from muniment.workflow.audit_moving import move
    from muniment.workflow.audit_proving import prove
    from muniment.workflow.audit_repairing import RepairRequest, repair
    from muniment.workflow.audit_retiring import retire
    from muniment.workflow.audit_running import Means, RunRequest, run
    from muniment.workflow.audit_status import status
    from muniment.workflow.batch import BatchRequest, package_batch
    from muniment.workflow.crews import crew_for, crew_of
    from muniment.workflow.crosswalking import TargetFormat, bring
    from muniment.workflow.depositing import DepositRequest, deposit
    from muniment.workflow.fetching import FetchRequest, fetch
    from muniment.workflow.packaging import PackageRequest, SecondOpinion, Serialization, package
    from muniment.workflow.packaging_afar import package_afar
    from muniment.workflow.packaging_in_place import package_in_place, undo_in_place
    from muniment.workflow.updating import UpdateRequest, update
    from muniment.workflow.updating_recorded import update_and_record
    from muniment.workflow.validating import validate
    from muniment.workflow.verifying import verify

_HOMES = {
    "AddRequest": "audit_adding",
    "BatchRequest": "batch",
    "DepositRequest": "depositing",
    "FetchRequest": "fetching",
    "ForecastOptions": "audit_forecasting",
    "LedgerRequest": "audit_checking_ledger",
    "Means": "audit_running",
    "PackageRequest": "packaging",
    "ProofRequest": "audit_checking_proof",
    "Recording": "audit_depositing",
    "RepairRequest": "audit_repairing",
    "RunRequest": "audit_running",
    "SecondOpinion": "packaging",
    "Serialization": "packaging",
    "TargetFormat": "crosswalking",
    "UpdateRequest": "updating",
    "accept": "audit_accepting",
    "add": "audit_adding",
    "attach_time_stamp": "audit_checkpoint",
    "bring": "crosswalking",
    "check_proof_file": "audit_checking_proof",
    "check_whole_ledger": "audit_checking_ledger",
    "crew_for": "crews",
    "crew_of": "crews",
    "deposit": "depositing",
    "fetch": "fetching",
    "forecast_of": "audit_forecasting",
    "glance": "audit_glancing",
    "move": "audit_moving",
    "package": "packaging",
    "package_afar": "packaging_afar",
    "package_batch": "batch",
    "package_in_place": "packaging_in_place",
    "prove": "audit_proving",
    "repair": "audit_repairing",
    "retire": "audit_retiring",
    "run": "audit_running",
    "status": "audit_status",
    "undo_in_place": "packaging_in_place",
    "update": "updating",
    "update_and_record": "updating_recorded",
    "validate": "validating",
    "verify": "verifying",
    "write_checkpoint": "audit_checkpoint",
}

__all__ = [
    "AddRequest",
    "BatchRequest",
    "DepositRequest",
    "FetchRequest",
    "ForecastOptions",
    "LedgerRequest",
    "Means",
    "PackageRequest",
    "ProofRequest",
    "Recording",
    "RepairRequest",
    "RunRequest",
    "SecondOpinion",
    "Serialization",
    "TargetFormat",
    "UpdateRequest",
    "accept",
    "add",
    "attach_time_stamp",
    "bring",
    "check_proof_file",
    "check_whole_ledger",
    "crew_for",
    "crew_of",
    "deposit",
    "fetch",
    "forecast_of",
    "glance",
    "move",
    "package",
    "package_afar",
    "package_batch",
    "package_in_place",
    "prove",
    "repair",
    "retire",
    "run",
    "status",
    "undo_in_place",
    "update",
    "update_and_record",
    "validate",
    "verify",
    "write_checkpoint",
]


def __getattr__(name: str) -> object:
    """Load the module that holds a story (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
