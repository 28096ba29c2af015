"""Manifests written anew for a bag of any version, in its encoding, in flat memory.

RFC 8493 sections 2.1.3 and 2.2.1; before 1.0 only CR and LF of a path were coded.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from muniment.bags.structure import Structure
from muniment.bags.updating_text import Script
from muniment.bags.updating_views import KnownDigests
from muniment.model.paths import encode_path

_LINES_AT_ONCE = 4096


def manifest_bytes(
    lines: Iterable[tuple[str, bytes]], script: Script, *, is_1_0: bool, path: str
) -> Iterator[bytes]:
    """The bytes of a manifest of (path, raw digest) lines, piece by piece.

    Raises UsageError where the encoding cannot say a path.
    """
    yield script.mark
    plain = Script(codec=script.codec, line_end=script.line_end)
    pending = iter(lines)
    while some := list(itertools.islice(pending, _LINES_AT_ONCE)):
        text = "".join([f"{digest.hex()}  {_coded(name, is_1_0)}\n" for name, digest in some])
        yield plain.encode(text, path)


def _coded(path: str, is_1_0: bool) -> str:  # noqa: FBT001 - called for every line
    if is_1_0:
        return encode_path(path)
    return path.replace("\r", "%0D").replace("\n", "%0A")


def payload_lines(
    structure: Structure, known: KnownDigests, to_fetch: Iterable[str], algorithm: str
) -> Iterator[tuple[str, bytes]]:
    """Every payload file with its digest, in code-point order; unfetched ones as they stand.

    Raises KeyError where an unfetched file has no digest by the algorithm.
    """
    unfetched = set(to_fetch)
    here = (path for path in known.positions if path.startswith("data/"))
    for path in sorted(itertools.chain(here, unfetched)):
        if path in unfetched:
            yield path, stated_digest(structure, path, algorithm)
        else:
            yield path, known.digest(path, algorithm)


def stated_digest(structure: Structure, path: str, algorithm: str) -> bytes:
    """The digest that the bag's own manifests state for a path. Raises KeyError."""
    position = structure.payload.index[path]
    for column in structure.payload.columns:
        stated = column.expected(position) if column.algorithm == algorithm else None
        if stated is not None:
            return stated
    raise KeyError(path)
