"""Countries and areas by their codes."""

from __future__ import annotations

from collections.abc import Iterator

from muniment.metadata.country_codes import (
    is_former_iso_country,
    is_former_marc_country,
    is_geographic_area,
    is_iso_country,
    is_marc_country,
)
from muniment.metadata.semantic_faults import Fault, fault
from muniment.metadata.statements import PlaceCodeField
from muniment.model.rules import metadata as rules


def faults_of_place_code(field: PlaceCodeField, value: str) -> Iterator[Fault]:
    """A code that its list does not have; of a list that is not known here, nothing is said."""
    match field.authority:
        case "marccountry":
            yield from _marc_country(field, value)
        case "iso3166":
            yield from _iso_country(field, value)
        case "marcgac":
            yield from _geographic_area(field, value)


def _marc_country(field: PlaceCodeField, value: str) -> Iterator[Fault]:
    if is_marc_country(value):
        return
    plain = value.strip("#|- ").lower()
    if is_former_marc_country(value):
        reason = "MARC's list of countries uses it no more"
        yield fault(rules.PLACE_CODE_DOUBTFUL, field, value, reason)
    elif is_marc_country(plain):
        reason = "MARC's codes are two or three lower-case letters"
        yield fault(rules.PLACE_CODE_DOUBTFUL, field, value, reason, plain)
    else:
        reason = "it is not in MARC's list of countries"
        yield fault(rules.PLACE_CODE_UNKNOWN, field, value, reason)


def _iso_country(field: PlaceCodeField, value: str) -> Iterator[Fault]:
    if is_iso_country(value):
        return
    if is_former_iso_country(value):
        reason = "ISO 3166-1 has it no more"
        yield fault(rules.PLACE_CODE_DOUBTFUL, field, value, reason)
    elif is_iso_country(value.upper()):
        reason = "the codes of ISO 3166 are capitals"
        yield fault(rules.PLACE_CODE_DOUBTFUL, field, value, reason, value.upper())
    else:
        yield fault(rules.PLACE_CODE_UNKNOWN, field, value, "it is not in ISO 3166")


def _geographic_area(field: PlaceCodeField, value: str) -> Iterator[Fault]:
    if not is_geographic_area(value):
        reason = "MARC's codes of areas are lower-case letters and hyphens, as e-uk--- or n-us-ca"
        yield fault(rules.PLACE_CODE_DOUBTFUL, field, value, reason)
