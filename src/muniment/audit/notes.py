"""Signed notes: a text with the signatures of one or more keys (C2SP signed-note).

    text, ending in a line end
    (empty line)
    — NAME BASE64(key id || signature)      one line a signature

There is one spelling of a note: what is read is written again as the same bytes.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from muniment.model.errors import MunimentError

KEY_ID_BYTES = 4
# The standard asks for 16 at least, and for a limit.
MOST_SIGNATURES = 100
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f]")
_LINE = re.compile("— ([^\\s+]+) ([A-Za-z0-9+/]+={0,2})")


class NotANoteError(MunimentError):
    """Text that is no signed note; the message says why."""


class Signing(StrEnum):
    """What a note's signatures come to for one key."""

    VERIFIED = "verified"
    UNKNOWN = "unknown"  # no signature claims to be by this key
    WRONG = "wrong"  # one claims to be, and is not


class Verifier(Protocol):
    """A public key, as notes see it."""

    @property
    def name(self) -> str:
        """The key's name, in every signature line."""

    @property
    def id(self) -> bytes:
        """The four bytes that tell keys of one name apart."""

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Whether the signature of this message is by this key."""


class Signer(Protocol):
    """A private key, as notes see it."""

    @property
    def public(self) -> Verifier:
        """The public key that belongs to it."""

    def sign(self, message: bytes) -> bytes:
        """The signature of a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSignature:
    """One signature line: who claims to have signed, and the signature."""

    name: str
    key_id: bytes
    signature: bytes

    def line(self) -> str:
        """The line without its end."""
        return f"— {self.name} {base64.b64encode(self.key_id + self.signature).decode()}"

    def is_claimed_by(self, key: Verifier) -> bool:
        """Whether it says that it is by this key: name and id together say so."""
        return (self.name, self.key_id) == (key.name, key.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A text, with its last line end, and its signatures in their order."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def to_bytes(self) -> bytes:
        """The note as it is written."""
        lines = "".join(f"{each.line()}\n" for each in self.signatures)
        return f"{self.text}\n{lines}".encode()

    def signing(self, key: Verifier) -> Signing:
        """Whether this key signed the text. Signatures by other keys are not looked at."""
        claimed = [each for each in self.signatures if each.is_claimed_by(key)]
        if not claimed:
            return Signing.UNKNOWN
        message = self.text.encode()
        right = all(key.verifies(message, each.signature) for each in claimed)
        return Signing.VERIFIED if right else Signing.WRONG

    def only_by(self, key: Verifier) -> Note:
        """The same note without the signatures of others."""
        own = tuple(each for each in self.signatures if each.is_claimed_by(key))
        return Note(text=self.text, signatures=own[:1])


def sign_note(text: str, key: Signer) -> Note:
    """Sign a text, which ends in a line end."""
    signature = NoteSignature(
        name=key.public.name, key_id=key.public.id, signature=key.sign(text.encode())
    )
    return Note(text=text, signatures=(signature,))


def read_note(data: bytes) -> Note:
    """The note that the bytes are. Raises NotANoteError; nobody has verified it yet."""
    try:
        whole = data.decode()
    except UnicodeDecodeError as fault:
        raise NotANoteError("it is not UTF-8") from fault
    if _CONTROLS.search(whole):
        raise NotANoteError("it holds a control character")
    text, blank, lines = whole.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise NotANoteError("it has no signature lines after an empty line")
    signed = lines.removesuffix("\n").split("\n")
    if len(signed) > MOST_SIGNATURES:
        raise NotANoteError(f"it has more than {MOST_SIGNATURES} signatures")
    return Note(text=f"{text}\n", signatures=tuple(map(_signature, signed)))


def exact_base64(text: str) -> bytes:
    """The bytes of base64 in its one spelling (RFC 4648 section 4). Raises ValueError."""
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as fault:
        raise ValueError(f"it is not base64: {fault}") from fault
    if base64.b64encode(data).decode() != text:
        raise ValueError("it is base64 in another spelling")
    return data


def _signature(line: str) -> NoteSignature:
    match = _LINE.fullmatch(line)
    if match is None:
        raise NotANoteError(f'"{line[:80]}" is no signature line')
    try:
        data = exact_base64(match[2])
    except ValueError as fault:
        raise NotANoteError(f"the signature of {match[1]}: {fault}") from fault
    if len(data) <= KEY_ID_BYTES:
        raise NotANoteError(f"the signature of {match[1]} is too short")
    return NoteSignature(name=match[1], key_id=data[:KEY_ID_BYTES], signature=data[KEY_ID_BYTES:])
