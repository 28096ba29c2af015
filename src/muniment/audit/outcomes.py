"""What a fixity check of a holding can come to, and what it rests on.

The kinds are kept apart: a share that is not mounted is not a missing bag, and a missing bag is
not a corrupt one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from muniment.audit.canonical import JsonObject


class HoldingOutcome(StrEnum):
    """How a holding was found. In the order of weight: the worst of several counts."""

    INTACT = "intact"  # all that was to be there is there, every byte as it was
    CHANGED = "changed"  # not as it was, and the change is recorded with its reason
    UNREACHABLE = "unreachable"  # its place could not be reached: nothing is known
    DENIED = "denied"  # it is there, and may not be read
    AUDITOR_FAULT = "auditor-fault"  # the check itself went wrong, or two reads disagree
    EXTRA = "extra"  # files that nobody recorded
    MISSING = "missing"  # files, or all of it, are gone; their place is there
    SWAPPED = "swapped"  # a sound package, and not the one that was recorded
    CORRUPT = "corrupt"  # bytes are not what they were

    @property
    def weight(self) -> int:
        """Greater is worse."""
        return list(HoldingOutcome).index(self)

    @property
    def is_known(self) -> bool:
        """Whether the check came to a result about the material, good or bad."""
        return self not in _UNKNOWN

    @property
    def is_good(self) -> bool:
        """Whether the holding is as it is recorded."""
        return self in _GOOD


_UNKNOWN = frozenset(
    {HoldingOutcome.UNREACHABLE, HoldingOutcome.DENIED, HoldingOutcome.AUDITOR_FAULT}
)
_GOOD = frozenset({HoldingOutcome.INTACT, HoldingOutcome.CHANGED})


class Reader(StrEnum):
    """Who read the bytes."""

    AUDITOR = "auditor"
    PROVIDER = "provider"
    NOBODY = "nobody"


class Extent(StrEnum):
    """How much was looked at."""

    NOTHING = "nothing"
    EXISTENCE = "existence"
    SIZE = "size"
    STATED_CHECKSUM = "stated-checksum"  # one that the provider keeps, not computed now
    RECOMPUTED_CHECKSUM = "recomputed-checksum"  # one that the provider computed now
    ALL_BYTES = "all-bytes"


class Reference(StrEnum):
    """What was held against what was read."""

    BAG_MANIFESTS = "bag-manifests"
    BASELINE = "baseline"  # what the ledger itself keeps


@dataclass(frozen=True, slots=True, kw_only=True)
class Nonce:
    """What binds a read to a checkpoint: SHA-256(root of the checkpoint || bytes), as hex.

    Only who holds the same bytes can check it.
    """

    checkpoint_size: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The grade of a check: who read, how much, compared with what. Never one "OK"."""

    read_by: Reader
    extent: Extent
    compared_with: tuple[Reference, ...] = ()
    nonce: Nonce | None = None

    def to_json(self) -> dict[str, Any]:
        """As it stands in an event."""
        body: dict[str, Any] = {
            "compared_with": [str(each) for each in self.compared_with],
            "extent": str(self.extent),
            "read_by": str(self.read_by),
        }
        if self.nonce is not None:
            body["nonce"] = {
                "checkpoint_size": self.nonce.checkpoint_size,
                "digest": self.nonce.digest,
            }
        return body

    @classmethod
    def from_json(cls, body: JsonObject) -> Self:
        """As it was read from an event. Raises KeyError, ValueError."""
        nonce = body.get("nonce")
        return cls(
            read_by=Reader(body["read_by"]),
            extent=Extent(body["extent"]),
            compared_with=tuple(Reference(each) for each in body["compared_with"]),
            nonce=None if nonce is None else Nonce(**nonce),
        )
