"""How holdings stand, as data: what a status says of each in its result."""

from __future__ import annotations

from collections.abc import Sequence

from muniment.audit.canonical import decoded_name
from muniment.audit.outcomes import Evidence
from muniment.audit.states import HoldingState
from muniment.model.findings import JsonValue


def standing(state: HoldingState, copies: Sequence[HoldingState]) -> dict[str, JsonValue]:
    """One holding with its evidence, its promise, and the other copies of its object."""
    baseline = state.baseline
    kept = [each for each in copies if not each.retired]
    return {
        "holding": state.id,
        "name": state.name,
        "kind": str(state.kind),
        "address": decoded_name(state.place.address),
        "location": state.place.location,
        "outcome": str(state.outcome),
        "evidence": evidence(state.evidence),
        "checked_at": state.checked_at,
        "added_at": state.added_at,
        "every": state.every,
        "since": state.since,
        "due_at": None if state.retired else state.due_at,
        "retired": state.retired,
        "files": state.files,
        "octets": state.octets,
        "baseline": None if baseline is None else baseline.document,
        "object": state.object,
        "copies": {
            "required": max((each.copies for each in kept), default=0),
            "sound": sum(each.outcome.is_good for each in kept),
            "others": [_copy(each) for each in copies if each.id != state.id],
        },
    }


def evidence(grade: Evidence) -> dict[str, JsonValue]:
    """Who read, how much, compared with what."""
    return {
        "read_by": str(grade.read_by),
        "extent": str(grade.extent),
        "compared_with": [str(each) for each in grade.compared_with],
        "nonce_of_checkpoint": None if grade.nonce is None else grade.nonce.checkpoint_size,
    }


def _copy(state: HoldingState) -> dict[str, JsonValue]:
    return {
        "holding": state.id,
        "address": decoded_name(state.place.address),
        "outcome": str(state.outcome),
        "checked_at": state.checked_at,
        "retired": state.retired,
    }
