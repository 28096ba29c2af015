"""Checks a proof as an outsider would, from schemas/proof.schema.json and the standards it names.

    python check_proof.py PROOF PUBLIC_KEY

Exit codes: 0 it holds, 1 it does not, 3 it is by another signer. Needs Python and `cryptography`;
nothing of muniment.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MEMBERS = {
    "consistency",
    "events",
    "first_checkpoint",
    "holding",
    "inclusion",
    "last_checkpoint",
    "version",
}
EVENT = {"at", "body", "by", "holding", "kind", "number", "previous", "run", "v"}
KINDS = {
    "holding-added",
    "fixity-checked",
    "change-accepted",
    "promise-set",
    "holding-moved",
    "holding-repaired",
    "holding-retired",
}


class Refused(Exception):  # noqa: N818
    """The proof does not hold."""


class Stranger(Exception):  # noqa: N818
    """The proof is by another key."""


def need(condition: object, what: str) -> None:
    if not condition:
        raise Refused(what)


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def has_float(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(has_float, value.values()))
    return any(map(has_float, value)) if isinstance(value, list) else isinstance(value, float)


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def unbase64(text: str) -> bytes:
    data = base64.b64decode(text, validate=True)
    need(base64.b64encode(data).decode() == text, "base64 in another spelling")
    return data


def hashes(value: list[str]) -> list[bytes]:
    need(isinstance(value, list), "no list of hashes")
    need(all(re.fullmatch("[0-9a-f]{64}", each) for each in value), "no hash in lower-case hex")
    return [bytes.fromhex(each) for each in value]


def read(data: bytes) -> dict[str, Any]:
    proof: dict[str, Any] = json.loads(data)
    need(isinstance(proof, dict) and not has_float(proof), "no object without fractions")
    need(canonical(proof) == data, "not the canonical spelling")
    need(set(proof) == MEMBERS, "members are missing or unknown")
    need(proof["version"] == 1 and proof["version"] is not True, "another version")
    need(re.fullmatch("[0-9a-f]{16}", proof["holding"]), "no holding")
    need(isinstance(proof["events"], list) and proof["events"], "no events")
    return proof


def chain(events: list[Any], holding: str) -> tuple[bytes, int]:
    """The leaf hash and the number of the newest event."""
    previous, number = None, -1
    for event in events:
        need(isinstance(event, dict) and set(event) == EVENT and event["v"] == 1, "no event")
        need(event["kind"] in KINDS and event["holding"] == holding, "not of this holding")
        need((event["kind"] == "holding-added") == (previous is None), "no beginning")
        need(event["previous"] == previous, "the chain is broken")
        need(type(event["number"]) is int and event["number"] > number, "not in order")
        leaf = sha256(b"\x00", canonical(event))
        previous, number = leaf.hex(), event["number"]
    return leaf, number


def checkpoint(note: str, key: tuple[str, bytes, bytes]) -> tuple[str, int, bytes, bool]:
    """Origin, size and root of a checkpoint, and whether it is by this key.

    See C2SP signed-note and tlog-checkpoint.
    """
    name, key_id, public = key
    pattern = "([^\n]+)\n([1-9][0-9]*)\n([A-Za-z0-9+/=]+)\n\n— ([^ +\n]+) ([A-Za-z0-9+/=]+)\n"
    match = re.fullmatch(pattern, note)
    if match is None:
        raise Refused("no checkpoint with one signature")
    root, signature = unbase64(match[3]), unbase64(match[5])
    need(len(root) == 32, "no root")
    known = (match[4], signature[:4]) == (name, key_id)
    if known:
        text = note[: note.index("\n\n") + 1].encode()
        Ed25519PublicKey.from_public_bytes(public).verify(signature[4:], text)
    return match[1], int(match[2]), root, known


def included(leaf: bytes, number: int, size: int, path: list[bytes]) -> bytes:
    """The root that an inclusion proof leads to (RFC 6962 section 2.1.1), from the top down."""
    need(number < size, "the newest event lies after the checkpoint")
    if size == 1:
        need(not path, "the path is too long")
        return leaf
    need(path, "the path is too short")
    half = 1 << ((size - 1).bit_length() - 1)
    if number < half:
        return sha256(b"\x01", included(leaf, number, half, path[:-1]), path[-1])
    return sha256(b"\x01", path[-1], included(leaf, number - half, size - half, path[:-1]))


def grown(
    old: int, size: int, root: bytes, path: list[bytes], *, whole: bool = True
) -> tuple[bytes, bytes]:
    """The old and the new root of a consistency proof (RFC 6962 section 2.1.2), top down."""
    if old == size:
        need(len(path) == (0 if whole else 1), "the path has another length")
        return (root, root) if whole else (path[0], path[0])
    need(path, "the path is too short")
    half = 1 << ((size - 1).bit_length() - 1)
    if old <= half:
        before, now = grown(old, half, root, path[:-1], whole=whole)
        return before, sha256(b"\x01", now, path[-1])
    before, now = grown(old - half, size - half, root, path[:-1], whole=False)
    return sha256(b"\x01", path[-1], before), sha256(b"\x01", path[-1], now)


def check(data: bytes, verifier_key: str) -> None:
    """Raise Refused or Stranger unless the proof holds for this key."""
    name, key_id, encoded = verifier_key.strip().split("+", 2)
    key = (name, bytes.fromhex(key_id), base64.b64decode(encoded)[1:])
    try:
        proof = read(data)
        leaf, number = chain(proof["events"], proof["holding"])
        origin, old, old_root, known = checkpoint(proof["first_checkpoint"], key)
        last_origin, size, root, known_last = checkpoint(proof["last_checkpoint"], key)
        need(origin == last_origin and old <= size, "not two states of one log")
        path = hashes(proof["inclusion"])
        need(included(leaf, number, size, path) == root, "the newest event is not in the tree")
        roots = grown(old, size, old_root, hashes(proof["consistency"]))
        need(roots == (old_root, root), "the log did not only grow")
    except (InvalidSignature, ValueError, TypeError, KeyError, RecursionError) as fault:
        raise Refused(repr(fault)) from fault
    if not (known and known_last):
        raise Stranger("a checkpoint is not signed by this key")


def main() -> int:
    try:
        check(Path(sys.argv[1]).read_bytes(), Path(sys.argv[2]).read_text("utf-8"))
    except Refused as fault:
        print("refused:", fault)  # noqa: T201
        return 1
    except Stranger as stranger:
        print("by another signer:", stranger)  # noqa: T201
        return 3
    print("it holds")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
