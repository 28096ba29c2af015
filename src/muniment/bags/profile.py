"""A BagIt profile: what a receiver asks of bags beyond RFC 8493.

The values of BagIt Profiles 1.1.0 to 1.4.0. `profile_reading` makes them of a JSON document.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from muniment.model.findings import Rule

IDENTIFIER_LABEL = "BagIt-Profile-Identifier"


class SerializationRule(StrEnum):
    """Whether a bag must, may or must not be one file."""

    FORBIDDEN = "forbidden"
    REQUIRED = "required"
    OPTIONAL = "optional"


class Receiver(StrEnum):
    """A receiver with rules that a profile document cannot say; they stand beside its profile."""

    APTRUST = "aptrust"
    ARCHIVEMATICA = "archivematica"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRule:
    """What is asked of one label. `values` empty: any value will do."""

    label: str
    required: bool = False
    recommended: bool = False
    repeatable: bool = True
    values: tuple[str, ...] = ()
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something worth knowing about the profile document itself, at one of its keys."""

    rule: Rule
    key: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One profile. `None` for a list means that the profile does not restrict it.

    `name` is what a person calls it: the shipped name, or the file it came from. `identifiers` are
    the addresses it goes by, its own first. Manifests are named by algorithm, `sha256`. Paths are
    from the bag's top; those in the allowed lists may hold patterns.
    """

    name: str
    identifiers: tuple[str, ...] = ()
    receiver: Receiver | None = None
    bag_info: tuple[FieldRule, ...] = ()
    manifests_required: tuple[str, ...] = ()
    manifests_allowed: tuple[str, ...] | None = None
    tag_manifests_required: tuple[str, ...] = ()
    tag_manifests_allowed: tuple[str, ...] | None = None
    fetch_allowed: bool = True
    fetch_required: bool = False
    data_empty: bool = False
    serialization: SerializationRule = SerializationRule.OPTIONAL
    accept_serialization: tuple[str, ...] = ()
    accept_versions: tuple[str, ...] = ()
    tag_files_required: tuple[str, ...] = ()
    tag_files_allowed: tuple[str, ...] | None = None
    payload_files_required: tuple[str, ...] = ()
    payload_files_allowed: tuple[str, ...] | None = None
    notes: tuple[Note, ...] = ()

    @property
    def identifier(self) -> str | None:
        """The address that a conforming bag names."""
        return self.identifiers[0] if self.identifiers else None
