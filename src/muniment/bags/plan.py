"""All that will be written, decided before a byte is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from muniment.bags.baginfo import RESERVED, Oxum
from muniment.bags.payload import PayloadFile
from muniment.model.digests import Algorithm, Digest
from muniment.model.errors import UsageError

_NAME = re.compile(r"[A-Za-z0-9._][A-Za-z0-9._-]*")
_LONGEST_NAME = 200
_KILO = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class TagFile:
    """A tag file as it will be written."""

    path: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedManifest:
    """A payload manifest as it was written, with the digest of its own bytes."""

    path: str
    digest: Digest


Seal = Callable[[Sequence[SealedManifest]], Sequence[TagFile]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One bag, decided. `seal` makes the tag files that speak of the payload manifests."""

    name: str
    payload: tuple[PayloadFile, ...]
    tag_files: tuple[TagFile, ...]
    bag_info: tuple[tuple[str, str], ...]
    algorithms: tuple[Algorithm, ...]
    seal: Seal

    @property
    def oxum(self) -> Oxum:
        """The bytes and files of the payload."""
        return oxum_of(self.payload)


def oxum_of(payload: Sequence[PayloadFile]) -> Oxum:
    """The bytes and files of a payload (RFC 8493 section 2.2.2)."""
    return Oxum(octets=sum([file.size for file in payload]), files=len(payload))


def bag_name(given: str | None, identifiers: Iterable[str]) -> str:
    """The bag's name: as given, else made of the record's first identifier.

    Letters, digits, `.`, `_` and `-`, no leading dash. Raises UsageError.
    """
    if given is not None:
        if not _is_name(given):
            raise UsageError(
                f"--name {given!r}: a bag's name has letters, digits, `.`, `_` and `-` only,"
                f" does not begin with `-`, and has {_LONGEST_NAME} characters at most"
            )
        return given
    for identifier in identifiers:
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", identifier).strip("-")[:_LONGEST_NAME]
        if _is_name(name):
            return name
    raise UsageError("the record has no identifier that could name the bag; give it with --name")


def _is_name(name: str) -> bool:
    within = len(name) <= _LONGEST_NAME and name not in {".", ".."}
    return within and _NAME.fullmatch(name) is not None


def human_size(octets: int) -> str:
    """An approximate size for Bag-Size, in units of 1000: `2.3 KB`."""
    size = float(octets)
    for unit in ("B", "KB", "MB", "GB", "TB"):
        if round(size, 1) < _KILO:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= _KILO
    return f"{size:.1f} PB"


def bag_info_fields(
    derived: Sequence[tuple[str, str]],
    house: Sequence[tuple[str, str]],
    given: Sequence[tuple[str, str]],
) -> tuple[tuple[str, str], ...]:
    """The fields of bag-info.txt in their order: the reserved labels first, then all others.

    What was given for this bag goes before what the house says, and that before what is derived.
    """
    chosen: dict[str, list[tuple[str, str]]] = {}
    for fields in (derived, house, given):
        by_label: dict[str, list[tuple[str, str]]] = {}
        for label, value in fields:
            by_label.setdefault(label.lower(), []).append((_as_reserved(label), value))
        chosen.update(by_label)
    order = [label.lower() for label in RESERVED]
    others = [label for label in chosen if label not in order]
    return tuple(field for label in (*order, *others) for field in chosen.get(label, ()))


def _as_reserved(label: str) -> str:
    return next((known for known in RESERVED if known.lower() == label.lower()), label)
