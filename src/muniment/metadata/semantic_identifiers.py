"""Identifiers by the form and the check digit of their type."""

from __future__ import annotations

from collections.abc import Iterator

from muniment.metadata.identifiers import identifier_fault, scheme_of, scheme_spoken
from muniment.metadata.semantic_addresses import faults_of_address
from muniment.metadata.semantic_faults import Fault, fault
from muniment.metadata.statements import IdentifierField
from muniment.model.rules import metadata as rules

_FREE_ADDRESSES = frozenset({"ark", "doi", "handle", "hdl", "urn"})


def faults_of_identifier(field: IdentifierField, value: str) -> Iterator[Fault]:
    """An identifier that cannot be right; one that is recorded as invalid is left alone."""
    if field.is_invalid:
        return
    kind = (field.type or "").strip().lower()
    if kind in {"uri", "url"}:
        yield from faults_of_address(field, value)
        return
    scheme = scheme_of(kind) if kind else scheme_spoken(value)
    if scheme is None or (scheme in _FREE_ADDRESSES and _leads_elsewhere(value)):
        return
    found = identifier_fault(scheme, value)
    if found is None:
        return
    rule = rules.CHECK_DIGIT if found.is_check_digit else rules.IDENTIFIER_FORM
    if found.expected is not None and not found.is_check_digit:
        rule = rules.IDENTIFIER_OLD_FORM
    yield fault(rule, field, value, found.reason, found.expected, type=field.type or scheme)


def _leads_elsewhere(value: str) -> bool:
    """Whether an address of the web stands for the identifier: a resolver of the house's own."""
    is_web = value.lower().startswith(("http://", "https://"))
    return is_web and not any(mark in value for mark in ("doi.org/", "handle.net/", "ark:", "urn:"))
