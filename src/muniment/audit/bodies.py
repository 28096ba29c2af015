"""What each kind of entry carries, typed on the way in and on the way out.

An event names at most `MOST_FAULTS` faults; all of them stand in a document that the ledger keeps
by its SHA-256, so that an event stays small enough to be proven.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from muniment.audit.canonical import JsonObject
from muniment.audit.holdings import Baseline, Fault, HoldingKind, Place
from muniment.audit.outcomes import Evidence, HoldingOutcome

MOST_FAULTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """How a holding was found, and what that rests on.

    `files` and `octets` are what was really read. `fault_count` counts all faults;
    `faults_document` is the SHA-256 of the document with all of them, where there are more than
    the event names. `first` is the first observation, where a second read told otherwise.
    `reason` says why nothing is known, or which recorded change explains the difference.
    """

    outcome: HoldingOutcome
    evidence: Evidence
    files: int = 0
    octets: int = 0
    faults: tuple[Fault, ...] = ()
    fault_count: int = 0
    faults_document: str | None = None
    first: str | None = None
    reason: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As it stands in an event."""
        body: dict[str, Any] = {
            "evidence": self.evidence.to_json(),
            "files": self.files,
            "octets": self.octets,
            "outcome": str(self.outcome),
        }
        if self.faults:
            body["faults"] = [fault.to_json() for fault in self.faults]
            body["fault_count"] = self.fault_count
        optional = {
            "faults_document": self.faults_document,
            "first": self.first,
            "reason": self.reason,
        }
        return body | {name: value for name, value in optional.items() if value is not None}

    @classmethod
    def from_json(cls, body: JsonObject) -> Self:
        """As it was read from an event. Raises KeyError, ValueError, TypeError."""
        return cls(
            outcome=HoldingOutcome(body["outcome"]),
            evidence=Evidence.from_json(body["evidence"]),
            files=body["files"],
            octets=body["octets"],
            faults=tuple(Fault.from_json(each) for each in body.get("faults", ())),
            fault_count=body.get("fault_count", 0),
            faults_document=body.get("faults_document"),
            first=body.get("first"),
            reason=body.get("reason"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A holding taken in: what it is, what is promised of it, and how it was found.

    `every` is the promised interval in seconds. `object` names what it is a copy of, `copies` how
    many copies of that are required. A holding that could not be read has no baseline yet.
    """

    kind: HoldingKind
    name: str
    place: Place
    every: int
    object: str
    copies: int
    baseline: Baseline | None
    check: Check
    receipt: Mapping[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """As it stands in an event."""
        body = {
            "baseline": None if self.baseline is None else self.baseline.to_json(),
            "check": self.check.to_json(),
            "copies": self.copies,
            "every": self.every,
            "kind": str(self.kind),
            "name": self.name,
            "object": self.object,
            "place": self.place.to_json(),
        }
        return body if self.receipt is None else body | {"receipt": dict(self.receipt)}

    @classmethod
    def from_json(cls, body: JsonObject) -> Self:
        """As it was read from an event. Raises KeyError, ValueError, TypeError."""
        baseline = body["baseline"]
        return cls(
            kind=HoldingKind(body["kind"]),
            name=body["name"],
            place=Place.from_json(body["place"]),
            every=body["every"],
            object=body["object"],
            copies=body["copies"],
            baseline=None if baseline is None else Baseline.from_json(baseline),
            check=Check.from_json(body["check"]),
            receipt=body.get("receipt"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A change made outside, taken as right: the new baseline, who took it, and why.

    Also what `update` records when it names the ledger, and how a holding that could not be read
    when it was added gets its baseline.
    """

    baseline: Baseline
    before: str | None
    reason: str
    check: Check

    def to_json(self) -> dict[str, Any]:
        """As it stands in an event; `before` is the document of the baseline before."""
        return {
            "baseline": self.baseline.to_json(),
            "before": self.before,
            "check": self.check.to_json(),
            "reason": self.reason,
        }

    @classmethod
    def from_json(cls, body: JsonObject) -> Self:
        """As it was read from an event. Raises KeyError, ValueError, TypeError."""
        return cls(
            baseline=Baseline.from_json(body["baseline"]),
            before=body["before"],
            reason=body["reason"],
            check=Check.from_json(body["check"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseSet:
    """Another promise from now on: `every` in seconds, and how many copies of the object."""

    every: int
    copies: int

    def to_json(self) -> dict[str, Any]:
        """As it stands in an event."""
        return {"copies": self.copies, "every": self.every}

    @classmethod
    def from_json(cls, body: JsonObject) -> Self:
        """As it was read from an event. Raises TypeError."""
        return cls(**body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A holding lies elsewhere now; both ends were verified before."""

    place: Place
    check: Check

    def to_json(self) -> dict[str, Any]:
        """As it stands in an event."""
        return {"check": self.check.to_json(), "place": self.place.to_json()}

    @classmethod
    def from_json(cls, body: JsonObject) -> Self:
        """As it was read from an event. Raises KeyError, ValueError, TypeError."""
        return cls(place=Place.from_json(body["place"]), check=Check.from_json(body["check"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """A holding was made whole from a copy, and read again. `source` is the copy's holding id."""

    source: str
    paths: int
    check: Check

    def to_json(self) -> dict[str, Any]:
        """As it stands in an event; `paths` counts the files that were written."""
        return {"check": self.check.to_json(), "paths": self.paths, "source": self.source}

    @classmethod
    def from_json(cls, body: JsonObject) -> Self:
        """As it was read from an event. Raises KeyError, ValueError, TypeError."""
        return cls(source=body["source"], paths=body["paths"], check=Check.from_json(body["check"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Retired:
    """A holding is kept no longer: why, and on whose authority. Its history stays."""

    reason: str
    authority: str

    def to_json(self) -> dict[str, Any]:
        """As it stands in an event."""
        return {"authority": self.authority, "reason": self.reason}

    @classmethod
    def from_json(cls, body: JsonObject) -> Self:
        """As it was read from an event. Raises TypeError."""
        return cls(**body)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunBegun:
    """A run, and the self-test that it passed or failed: without a pass it is void.

    `self_test` gives, per kind of container, how many known faults were planted and how many of
    them were found. `limits` are what the run was given, as the command takes it.
    """

    software: str
    self_test: Mapping[str, Mapping[str, int]]
    limits: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_void(self) -> bool:
        """Whether a planted fault was not found."""
        return any(each["planted"] != each["found"] for each in self.self_test.values())

    def to_json(self) -> dict[str, Any]:
        """As it stands in an event."""
        return {
            "limits": dict(self.limits),
            "self_test": {kind: dict(counts) for kind, counts in self.self_test.items()},
            "software": self.software,
        }

    @classmethod
    def from_json(cls, body: JsonObject) -> Self:
        """As it was read from an event. Raises TypeError."""
        return cls(**body)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnded:
    """How a run ended: holdings by outcome, what was due and not reached, bytes and seconds."""

    outcomes: Mapping[str, int]
    not_reached: int
    octets: int
    seconds: int
    void: bool = False

    def to_json(self) -> dict[str, Any]:
        """As it stands in an event."""
        return {
            "not_reached": self.not_reached,
            "octets": self.octets,
            "outcomes": dict(self.outcomes),
            "seconds": self.seconds,
            "void": self.void,
        }

    @classmethod
    def from_json(cls, body: JsonObject) -> Self:
        """As it was read from an event. Raises TypeError."""
        return cls(**body)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointExported:
    """A signed checkpoint went where outsiders can hold it: its size, and its root as hex."""

    size: int
    root: str

    def to_json(self) -> dict[str, Any]:
        """As it stands in an event."""
        return {"root": self.root, "size": self.size}

    @classmethod
    def from_json(cls, body: JsonObject) -> Self:
        """As it was read from an event. Raises TypeError."""
        return cls(**body)
