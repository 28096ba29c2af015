"""What a deposit leaves behind: what went where, when, and who saw that it arrived whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from muniment.model.digests import Digest
from muniment.model.findings import JsonValue


class Evidence(StrEnum):
    """Who saw that the copy holds the right bytes.

    A reading of our own weighs more than what a service did when it took the bytes in.
    """

    READ_BACK = "read back"
    CHECKED_ON_RECEIPT = "checked by the service on receipt"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceChecks:
    """What an upload that was wrong on purpose showed of a service.

    `sha256`: it refused bytes that were not those of the SHA-256 sent with them. `create_only`: it
    refused a second object under one key where only a new one was asked for.
    """

    sha256: bool
    create_only: bool

    def as_json(self) -> Mapping[str, JsonValue]:
        """As it stands in a report."""
        return {"checks_sha256": self.sha256, "create_only": self.create_only}


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositedFile:
    """One file of the copy: its size in bytes, our SHA-256, and what the service says of it.

    `e_tag` and `version` are the service's word and are never taken for a digest of ours. `kept`:
    it lay there already, with the same bytes.
    """

    path: str
    size: int
    sha256: bytes
    kept: bool
    e_tag: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A copy of a bag that was laid down. `when` is ISO 8601 in UTC; `target` shows no secret.

    `service` is None where there is none to try: a folder, a server of one's own. `digests` are
    those of the tag manifests, or of the archive: who knows one can tell whether anything changed.
    """

    name: str
    source: str
    target: str
    when: str
    files: tuple[DepositedFile, ...]
    evidence: Evidence
    service: ServiceChecks | None
    digests: tuple[tuple[str, Digest], ...]

    def as_json(self) -> Mapping[str, JsonValue]:
        """The receipt as a report's result: the files by their number."""
        kept = [file for file in self.files if file.kept]
        sent = [file for file in self.files if not file.kept]
        return {
            "bag": self.source,
            "name": self.name,
            "target": self.target,
            "when": self.when,
            "deposited": _count(sent),
            "kept": _count(kept),
            "evidence": str(self.evidence),
            "service": None if self.service is None else self.service.as_json(),
            "digests": [
                {"path": path, "algorithm": digest.algorithm, "digest": digest.hex}
                for path, digest in self.digests
            ],
        }


def _count(files: list[DepositedFile]) -> Mapping[str, JsonValue]:
    return {"files": len(files), "octets": sum(file.size for file in files)}
