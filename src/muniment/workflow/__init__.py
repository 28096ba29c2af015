"""The use cases, each a short story in the order in which it happens.

Here the rooms meet: `metadata` and `bags` do not know each other. Clock, parallelism and progress
are handed in. Each story is loaded when it is first asked for: verifying needs no XML.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from muniment.workflow.audit_adding import AddRequest, add
    from muniment.workflow.audit_checking_proof import ProofRequest, check_proof_file
    from muniment.workflow.audit_checkpoint import attach_time_stamp, write_checkpoint
    from muniment.workflow.audit_depositing import Recording
    from muniment.workflow.audit_proving import prove
    from muniment.workflow.audit_running import Means, RunRequest, run
    from muniment.workflow.audit_updating import RecordedUpdate
    from muniment.workflow.batch import BatchRequest, package_batch
    from muniment.workflow.crews import crew_for, crew_of
    from muniment.workflow.crosswalking import TargetFormat, bring
    from muniment.workflow.depositing import DepositRequest, deposit
    from muniment.workflow.fetching import FetchRequest, fetch
    from muniment.workflow.packaging import PackageRequest, SecondOpinion, Serialization, package
    from muniment.workflow.packaging_afar import package_afar
    from muniment.workflow.packaging_in_place import package_in_place, undo_in_place
    from muniment.workflow.updating import UpdateRequest, update
    from muniment.workflow.validating import validate
    from muniment.workflow.verifying import verify

_HOMES = {
    "AddRequest": "audit_adding",
    "BatchRequest": "batch",
    "DepositRequest": "depositing",
    "FetchRequest": "fetching",
    "Means": "audit_running",
    "PackageRequest": "packaging",
    "ProofRequest": "audit_checking_proof",
    "RecordedUpdate": "audit_updating",
    "Recording": "audit_depositing",
    "RunRequest": "audit_running",
    "SecondOpinion": "packaging",
    "Serialization": "packaging",
    "TargetFormat": "crosswalking",
    "UpdateRequest": "updating",
    "add": "audit_adding",
    "attach_time_stamp": "audit_checkpoint",
    "bring": "crosswalking",
    "check_proof_file": "audit_checking_proof",
    "crew_for": "crews",
    "crew_of": "crews",
    "deposit": "depositing",
    "fetch": "fetching",
    "package": "packaging",
    "package_afar": "packaging_afar",
    "package_batch": "batch",
    "package_in_place": "packaging_in_place",
    "prove": "audit_proving",
    "run": "audit_running",
    "undo_in_place": "packaging_in_place",
    "update": "updating",
    "validate": "validating",
    "verify": "verifying",
    "write_checkpoint": "audit_checkpoint",
}

__all__ = [
    "AddRequest",
    "BatchRequest",
    "DepositRequest",
    "FetchRequest",
    "Means",
    "PackageRequest",
    "ProofRequest",
    "RecordedUpdate",
    "Recording",
    "RunRequest",
    "SecondOpinion",
    "Serialization",
    "TargetFormat",
    "UpdateRequest",
    "add",
    "attach_time_stamp",
    "bring",
    "check_proof_file",
    "crew_for",
    "crew_of",
    "deposit",
    "fetch",
    "package",
    "package_afar",
    "package_batch",
    "package_in_place",
    "prove",
    "run",
    "undo_in_place",
    "update",
    "validate",
    "verify",
    "write_checkpoint",
]


def __getattr__(name: str) -> object:
    """Load the module that holds a story (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
