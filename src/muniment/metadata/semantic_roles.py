"""Roles: MARC relators by code and by name, and the two agreeing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from muniment.metadata.relators import RELATORS
from muniment.metadata.relators import relator_for as _relator_for
from muniment.metadata.semantic_faults import Fault, fault, quoted
from muniment.metadata.statements import RelatorField, Statement
from muniment.model.rules import metadata as rules

_AUTHORITIES = frozenset({"marcrelator", "marcrelators", "marcrelatorterm"})
_ADDRESS = re.compile(r"https?://id\.loc\.gov/vocabulary/relators/(?P<code>[a-z]{3})(?:\.html)?")
_CODE = re.compile(r"[a-z]{3}")
# Codes that were withdrawn, and what took their place.
_RETIRED = {"clb": "ctb", "voc": "sng", "grt": "art"}


def relator_for(label: str) -> str | None:
    """The code of a role by its name, which catalogues often end with a stop, as `author.` has."""
    return _relator_for(label.rstrip(" .,;:"))


def faults_of_relator(field: RelatorField, value: str) -> Iterator[Fault]:
    """A code or a name that the MARC relators do not have, where they are the authority."""
    is_marc = (field.authority or "").lower() in _AUTHORITIES
    if field.form == "code" and (is_marc or field.authority is None):
        yield from _faults_of_code(field, value, is_marc=is_marc)
    elif is_marc and not _is_term(value):
        if field.form is None and value in RELATORS:
            return
        nearest = _nearest_term(value)
        reason = "it is not a term of the MARC relators"
        yield fault(rules.RELATOR_TERM_UNKNOWN, field, value, reason, nearest=nearest)


def _faults_of_code(field: RelatorField, value: str, *, is_marc: bool) -> Iterator[Fault]:
    if value in _RETIRED:
        right = _RETIRED[value]
        reason = "the code was withdrawn"
        yield fault(rules.RELATOR_RETIRED, field, value, reason, f"{right} ({RELATORS[right]})")
    elif value not in RELATORS:
        rule = rules.RELATOR_CODE_UNKNOWN if is_marc else rules.RELATOR_TERM_UNKNOWN
        reason = "it is not a code of the MARC relators"
        yield fault(rule, field, value, reason, nearest=_nearest_code(value))


def _is_term(value: str) -> bool:
    return relator_for(value) is not None


def _nearest_code(value: str) -> str | None:
    code = value.lower() if value.lower() in RELATORS else relator_for(value)
    if code is None and _CODE.fullmatch(value.lower()) is None:
        term = _nearest_term(value)
        near = get_close_matches(value.lower(), RELATORS, n=1, cutoff=0.75)
        code = relator_for(term) if term else next(iter(near), None)
    return None if code is None else f"{code} ({RELATORS[code]})"


def _nearest_term(value: str) -> str | None:
    if value.lower() in RELATORS:
        return RELATORS[value.lower()]
    terms = {term.lower(): term for term in RELATORS.values()}
    close = get_close_matches(" ".join(value.lower().split()), terms, n=1, cutoff=0.8)
    return terms[close[0]] if close else None


def faults_among_relators(relators: list[Statement]) -> Iterator[tuple[Statement, Fault]]:
    """In one `role`: a name, or an address, that is another relator's than the code."""
    codes: dict[int, str] = {}
    for statement in relators:
        if _is_code(statement) and statement.value in RELATORS:
            codes[statement.group] = statement.value
    for statement in relators:
        if statement.field.uri is not None:
            yield from _address_disagrees(statement)
        if statement.group in codes and not _is_code(statement):
            code, named = codes[statement.group], relator_for(statement.value)
            if named not in {None, code}:
                reason = f"the code beside it is {code}"
                yield statement, _disagrees(statement, str(named), reason)


def _address_disagrees(statement: Statement) -> Iterator[tuple[Statement, Fault]]:
    found = _ADDRESS.fullmatch(statement.field.uri or "")
    if found is None:
        return
    said = statement.value.strip() if _is_code(statement) else relator_for(statement.value)
    if said in RELATORS and said != found["code"] and found["code"] in RELATORS:
        reason = f"its address is that of {found['code']}"
        yield statement, _disagrees(statement, str(said), reason)


def _disagrees(statement: Statement, said: str, reason: str) -> Fault:
    other = reason.rpartition(" ")[2]
    message = f"{reason} ({RELATORS[other]}), but {quoted(statement.value)} is {said}"
    return fault(rules.RELATOR_CONTRADICTED, statement.field, statement.value, message, code=other)


def _is_code(statement: Statement) -> bool:
    field = statement.field
    return isinstance(field, RelatorField) and field.form == "code"
