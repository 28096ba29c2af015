"""What the events of a history carry, read back: the check that each tells of, and its faults."""

from __future__ import annotations

from typing import Protocol

from muniment.audit.bodies import Check
from muniment.audit.canonical import decode
from muniment.audit.entries import Event
from muniment.audit.holdings import Fault


class Documents(Protocol):
    """Where documents are kept; a ledger is one."""

    def document(self, sha256: str) -> bytes:
        """A document by its SHA-256 (hex)."""


def check_of(event: Event) -> Check:
    """The check of an event that tells of one. Raises KeyError for any other."""
    body = event.entry.body
    return Check.from_json(body.get("check", body))


def all_faults(documents: Documents, check: Check) -> tuple[Fault, ...]:
    """All faults of a check: what it names, or what stands in the document that it refers to."""
    if check.faults_document is None:
        return check.faults
    listed = decode(documents.document(check.faults_document))["faults"]
    return tuple(Fault.from_json(each) for each in listed)
