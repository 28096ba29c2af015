"""An institution's own requirements: what it asks of a description beyond its schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from re import Pattern

from muniment.model.findings import Severity


class Level(StrEnum):
    """How much a property is asked for. Of an optional one, its values are judged if it stands."""

    REQUIRED = "required"
    RECOMMENDED = "recommended"
    OPTIONAL = "optional"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What a description says if it belongs to a collection."""

    property: str
    type: str | None = None
    values: tuple[str, ...] = ()
    pattern: Pattern[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """What is asked of one property. An empty tuple or None asks nothing.

    `type` narrows the requirement to values of that type; `severity` replaces the rule's own.
    """

    property: str
    level: Level = Level.OPTIONAL
    type: str | None = None
    at_least: int = 1
    at_most: int | None = None
    values: tuple[str, ...] = ()
    pattern: Pattern[str] | None = None
    example: str | None = None
    authority: tuple[str, ...] = ()
    encoding: tuple[str, ...] = ()
    uri: bool = False
    because: str | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """What is asked beside of the descriptions that say what `when` says."""

    title: str
    when: Condition
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """A requirements file. `severities` weighs rules anew, by their ids."""

    title: str
    requirements: tuple[Requirement, ...] = ()
    collections: tuple[Collection, ...] = ()
    severities: Mapping[str, Severity] = field(default_factory=dict)


NARROWER: Mapping[str, tuple[str, ...]] = {
    "coverage": ("spatial", "temporal"),
    "creator": (),
    "date": (
        "created",
        "issued",
        "available",
        "dateAccepted",
        "dateCopyrighted",
        "dateSubmitted",
        "modified",
        "valid",
    ),
    "description": ("abstract", "tableOfContents"),
    "format": ("extent", "medium"),
    "relation": (
        "source",
        "isPartOf",
        "hasPart",
        "isVersionOf",
        "hasVersion",
        "isFormatOf",
        "hasFormat",
        "replaces",
        "isReplacedBy",
        "references",
        "isReferencedBy",
        "requires",
        "isRequiredBy",
        "conformsTo",
    ),
    "rights": ("license", "accessRights"),
    "subject": ("subject.name", "subject.title", "spatial", "temporal"),
}
"""Properties that a narrower one fulfils: who says when a thing was created gives its date."""

_OTHERS = [
    "title",
    "alternative",
    "contributor",
    "publisher",
    "place",
    "edition",
    "type",
    "genre",
    "language",
    "digitalOrigin",
    "note",
    "audience",
    "educationLevel",
    "mediator",
    "instructionalMethod",
    "provenance",
    "accrualMethod",
    "accrualPeriodicity",
    "accrualPolicy",
    "bibliographicCitation",
    "classification",
    "identifier",
    "location",
    "location.url",
    "location.shelfMark",
    "rightsHolder",
    "issuance",
    "frequency",
    "recordInfo.contentSource",
    "recordInfo.created",
    "recordInfo.changed",
    "recordInfo.identifier",
    "recordInfo.language",
    "recordInfo.origin",
    "recordInfo.standard",
    "recordInfo.note",
]
PROPERTIES = frozenset(_OTHERS).union(NARROWER, *NARROWER.values())
"""Every property that a requirement may speak of."""
