"""Ways to alter a proof: every byte, and every member of its structure."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

from muniment.audit.canonical import encode

Path = tuple[str | int, ...]


def changed_bytes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each byte changed in turn, its lowest bit and its case."""
    for place in range(len(data)):
        for change in (0x01, 0x20):
            yield place, data[:place] + bytes([data[place] ^ change]) + data[place + 1 :]


def cut_and_longer(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each byte left out in turn, doubled in turn, and all that follows cut off."""
    for place in range(len(data)):
        yield place, data[:place] + data[place + 1 :]
        yield place, data[:place] + data[place : place + 1] + data[place:]
        yield place, data[:place]


def structural(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Each value replaced, each member removed, renamed or added, each list reordered.

    All are canonical: only what they say is wrong.
    """
    proof = json.loads(data)
    for path, value in _values(proof, ()):
        for what, change in _changes(value):
            altered = copy.deepcopy(proof)
            _set(altered, path, change)
            yield f"{'/'.join(map(str, path))}: {what}", encode(altered)
        if path:
            altered = copy.deepcopy(proof)
            _parent(altered, path).__delitem__(path[-1])
            yield f"{'/'.join(map(str, path))}: removed", encode(altered)


def _values(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:  # noqa: ANN401
    yield path, value
    members = list(value.items()) if isinstance(value, dict) else []
    members += enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        yield from _values(member, (*path, name))


def _changes(value: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    match value:
        case dict():
            yield "a member more", value | {"more": 1}
            yield "a member of a strange name", value | {"": None, "~/": []}
        case list():
            yield "doubled", [*value, *value] if value else [None]
            yield "reversed", value[::-1] if value != value[::-1] else [*value, ""]
            yield "one less", value[1:] if value else ["00" * 32]
        case str():
            yield "longer", f"{value}a"
            yield "with a line end", f"{value}\n"
            yield "upper case", value.upper() if value != value.upper() else f"{value} "
            yield "empty", "" if value else "a"
        case bool() | None:
            yield "zero", 0
            yield "a text", "a"
        case int():
            yield "one more", value + 1
            yield "as a truth", True
            yield "as text", str(value)
            yield "negative", -value - 1
    others: dict[str, Any] = {"null": None, "a list": [], "an object": {}, "huge": 10**40}
    for name, other in others.items():
        if other != value:
            yield name, other


def _parent(proof: Any, path: Path) -> Any:  # noqa: ANN401
    for name in path[:-1]:
        proof = proof[name]
    return proof


def _set(proof: dict[str, Any], path: Path, value: Any) -> None:  # noqa: ANN401
    if path:
        _parent(proof, path)[path[-1]] = value
    else:
        proof.clear()
        proof.update(value if isinstance(value, dict) else {"proof": value})
