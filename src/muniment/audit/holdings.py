"""A holding: one bag, or one plain folder, at one place; and what is recorded of it.

Copies of one object are holdings that name the same object. Sizes are in bytes, intervals in
seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from muniment.audit.canonical import JsonObject


class HoldingKind(StrEnum):
    """What a holding is."""

    BAG = "bag"
    FOLDER = "folder"  # plain files; the ledger itself keeps their digests


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a holding lies.

    `address` is an absolute path or a URL without credentials, its name coded by `coded_name`.
    `form` is `folder`, `tar`, `tar.gz`, `zip`, `prefix`. `location` groups places that share a
    device or a store, and with it limits: the mount point, or scheme and bucket. `mounted` says
    that `location` was a mount point of its own when the holding was added; where it is none any
    more, the holding is unreachable, not missing.
    """

    address: str
    form: str
    location: str
    mounted: bool = False

    def to_json(self) -> dict[str, Any]:
        """As it stands in an event."""
        return {
            "address": self.address,
            "form": self.form,
            "location": self.location,
            "mounted": self.mounted,
        }

    @classmethod
    def from_json(cls, body: JsonObject) -> Self:
        """As it was read from an event. Raises TypeError."""
        return cls(**body)


@dataclass(frozen=True, slots=True, kw_only=True)
class TagManifest:
    """A tag manifest's own digest, as the packaging reported it."""

    path: str
    algorithm: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What a holding was when it was recorded: enough to know it from any other.

    `document` is the SHA-256 (hex) of the description, a document that the ledger keeps: of a bag,
    a line per tag file; of a folder, a line per file: its SHA-256, its size, its coded path.
    """

    document: str
    algorithms: tuple[str, ...]
    files: int
    octets: int
    tag_manifests: tuple[TagManifest, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As it stands in an event."""
        return {
            "algorithms": list(self.algorithms),
            "document": self.document,
            "files": self.files,
            "octets": self.octets,
            "tag_manifests": [
                {"algorithm": each.algorithm, "digest": each.digest, "path": each.path}
                for each in self.tag_manifests
            ],
        }

    @classmethod
    def from_json(cls, body: JsonObject) -> Self:
        """As it was read from an event. Raises KeyError, TypeError."""
        return cls(
            document=body["document"],
            algorithms=tuple(body["algorithms"]),
            files=body["files"],
            octets=body["octets"],
            tag_manifests=tuple(TagManifest(**each) for each in body["tag_manifests"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong with a holding: `kind` is the outcome it stands for, `path` where it lies.

    `path` is None where it is the holding as a whole.
    """

    kind: str
    path: str | None
    message: str
    expected: str | None = None
    actual: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As it stands in an event."""
        return {
            "actual": self.actual,
            "expected": self.expected,
            "kind": self.kind,
            "message": self.message,
            "path": self.path,
        }

    @classmethod
    def from_json(cls, body: JsonObject) -> Self:
        """As it was read from an event. Raises TypeError."""
        return cls(**body)
