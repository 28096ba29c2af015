"""A proof as a file: one canonical JSON object, stated in schemas/proof.schema.json.

Every member is there, no other is, and each has one spelling: lower-case hex for hashes, signed
notes as text, events as the objects whose canonical bytes are the leaves of the tree. All of it is
hashed or signed; what is not, such as a time stamp, lies in a file of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from muniment.audit.canonical import NotCanonicalError, decode, encode

PROOF_VERSION = 1
LARGEST_PROOF = 64 << 20
MEMBERS = frozenset(
    {
        "consistency",
        "events",
        "first_checkpoint",
        "holding",
        "inclusion",
        "last_checkpoint",
        "version",
    }
)
_HASH = re.compile("[0-9a-f]{64}")
_HOLDING = re.compile("[0-9a-f]{16}")

Value = TypeVar("Value")
Fault: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a proof holds. `events` are the leaves, oldest first; hashes are raw bytes.

    `inclusion` leads from the newest event to the root of the last checkpoint, `consistency` from
    the first checkpoint to the last.
    """

    holding: str
    events: tuple[Mapping[str, Any], ...]
    first_checkpoint: str
    last_checkpoint: str
    inclusion: tuple[bytes, ...]
    consistency: tuple[bytes, ...]

    def to_bytes(self) -> bytes:
        """The file."""
        return encode(
            {
                "consistency": [each.hex() for each in self.consistency],
                "events": [dict(each) for each in self.events],
                "first_checkpoint": self.first_checkpoint,
                "holding": self.holding,
                "inclusion": [each.hex() for each in self.inclusion],
                "last_checkpoint": self.last_checkpoint,
                "version": PROOF_VERSION,
            }
        )


def read_proof(data: bytes) -> tuple[Proof | None, tuple[Fault, ...]]:
    """The proof, or everything that is wrong with its form: JSON pointer and message of each."""
    if len(data) > LARGEST_PROOF:
        return None, (("", f"it is larger than {LARGEST_PROOF:,} bytes"),)
    try:
        members = decode(data)
    except NotCanonicalError as fault:
        return None, (("", str(fault)),)
    reading = _Reading(members=members, faults=_membership(members))
    proof = Proof(
        holding=reading.take("holding", _holding, ""),
        events=reading.take("events", _events, ()),
        first_checkpoint=reading.take("first_checkpoint", _text, ""),
        last_checkpoint=reading.take("last_checkpoint", _text, ""),
        inclusion=reading.take("inclusion", _hashes, ()),
        consistency=reading.take("consistency", _hashes, ()),
    )
    reading.take("version", _version, None)
    return (None if reading.faults else proof), tuple(reading.faults)


def _membership(members: Mapping[str, Any]) -> list[Fault]:
    """Members that are missing, and members that nobody knows."""
    missing = [("", f'it has no member "{name}"') for name in sorted(MEMBERS - members.keys())]
    unknown = [(_pointer(name), "it is not known") for name in sorted(members.keys() - MEMBERS)]
    return missing + unknown


def _pointer(name: str) -> str:
    return "/" + name.replace("~", "~0").replace("/", "~1")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """The members, and what is wrong with them."""

    members: Mapping[str, Any]
    faults: list[Fault]

    def take(self, name: str, kind: Callable[[Any], Value], otherwise: Value) -> Value:
        """A member as what it is to be; `otherwise` where it is not, which is noted."""
        if name not in self.members:
            return otherwise
        try:
            return kind(self.members[name])
        except ValueError as fault:
            self.faults.append((_pointer(name), str(fault)))
            return otherwise


def _version(value: object) -> None:
    if value != PROOF_VERSION or isinstance(value, bool):
        raise ValueError(f"this is version {value!r}; known is {PROOF_VERSION}")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("it is no text")  # noqa: TRY004 - a fault of the material
    return value


def _holding(value: object) -> str:
    if not _HOLDING.fullmatch(_text(value)):
        raise ValueError("it is no identifier of a holding: 16 lower-case hex digits")
    return _text(value)


def _hashes(value: object) -> tuple[bytes, ...]:
    return tuple(map(_hash, _list(value)))


def _hash(value: object) -> bytes:
    if not _HASH.fullmatch(_text(value)):
        raise ValueError("a hash is 64 lower-case hex digits")
    return bytes.fromhex(_text(value))


def _events(value: object) -> tuple[Mapping[str, Any], ...]:
    events = _list(value)
    if not events or not all(isinstance(each, dict) for each in events):
        raise ValueError("it is no list of events, of which there is one at least")
    return tuple(events)


def _list(value: object) -> Sequence[Any]:
    if not isinstance(value, list):
        raise ValueError("it is no list")  # noqa: TRY004 - a fault of the material
    return value
