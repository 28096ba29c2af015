"""The key that signs checkpoints: Ed25519 (RFC 8032), and its public half as outsiders get it.

A public key's text is a verifier key of C2SP signed-note: `NAME+ID+BASE64(0x01 || key)`. One key
serves all ledgers of its holder, so its name is not a ledger's origin.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from muniment.audit.data_folder import data_folder, make_own_folder
from muniment.audit.notes import KEY_ID_BYTES, exact_base64
from muniment.model.errors import EnvironmentFault, UsageError
from muniment.storage.durable import fsync_path, rename_without_replacing

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY_NAME = "muniment"
FILE_NAME = "signing-key"
KEY_BYTES = 32
_ED25519 = b"\x01"
_KEY_FILE_MODE = 0o600
_FOR_OTHERS = 0o077
_VERIFIER_KEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """What outsiders check signatures with: a name, and the 32 bytes of the key."""

    name: str
    raw: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that tell keys of one name apart in signature lines."""
        told = self.name.encode() + b"\n" + _ED25519 + self.raw
        return hashlib.sha256(told).digest()[:KEY_ID_BYTES]

    @property
    def label(self) -> str:
        """Name and id, for people: enough to tell keys apart, too short to check with."""
        return f"{self.name}+{self.id.hex()}"

    @property
    def text(self) -> str:
        """The verifier key, one line without its end."""
        return f"{self.label}+{base64.b64encode(_ED25519 + self.raw).decode()}"

    @classmethod
    def of(cls, text: str) -> Self:
        """Read a verifier key. Raises UsageError."""
        match = _VERIFIER_KEY.fullmatch(text.strip())
        if match is None:
            raise UsageError(f'"{text.strip()[:80]}" is no public key; one is NAME+ID+BASE64')
        try:
            encoded = exact_base64(match[3])
        except ValueError as fault:
            raise UsageError(f"the public key of {match[1]}: {fault}") from fault
        if encoded[:1] != _ED25519 or len(encoded) != 1 + KEY_BYTES:
            raise UsageError(f"the public key of {match[1]} is not an Ed25519 key")
        key = cls(name=match[1], raw=encoded[1:])
        if key.id.hex() != match[2]:
            raise UsageError(
                f"the public key of {match[1]} is mistyped: its id is not {match[2]} as it says"
            )
        return key

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Whether the signature of this message is by this key."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """The private key; its seed is 32 bytes that nobody else may know."""

    seed: bytes
    name: str = KEY_NAME

    @property
    def public(self) -> PublicKey:
        """What outsiders get."""
        return PublicKey(name=self.name, raw=self._key().public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """The signature of a message, 64 bytes, always the same."""
        return self._key().sign(message)

    def to_pem(self) -> bytes:
        """The key as its file holds it: PKCS #8 in PEM, without a password."""
        from cryptography.hazmat.primitives import serialization

        return self._key().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    def _key(self) -> Ed25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.seed)

    def __repr__(self) -> str:
        """Without the seed, which no log may hold."""
        return f"SigningKey({self.public.label})"


def key_file(environment: Mapping[str, str]) -> Path:
    """Where this user's key lies: MUNIMENT_KEY, else in the data folder. Raises UsageError."""
    given = environment.get("MUNIMENT_KEY")
    return Path(given) if given else data_folder(environment) / FILE_NAME


def signing_key(path: Path, randomness: Callable[[int], bytes]) -> SigningKey:
    """This user's key, made where there is none yet. Raises UsageError, EnvironmentFault."""
    key = existing_key(path)
    if key is not None:
        return key
    make_own_folder(path.parent)
    try:
        _write(path, randomness)
    except FileExistsError:
        pass  # another process was faster; its key is this user's key
    except OSError as error:
        raise EnvironmentFault(f"the key {path} could not be made: {error.strerror}") from error
    made = existing_key(path)
    if made is None:
        raise EnvironmentFault(f"the key {path} was made, and is gone again")
    return made


def existing_key(path: Path) -> SigningKey | None:
    """The key in this file; None where there is no file. Raises UsageError, EnvironmentFault.

    A file that others may read is refused: whoever read it can sign in its owner's name.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY)
        with os.fdopen(descriptor, "rb") as stream:
            mode = os.fstat(descriptor).st_mode
            content = stream.read(1 << 14)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise EnvironmentFault(f"the key {path} cannot be read: {error.strerror}") from error
    if os.name == "posix" and mode & _FOR_OTHERS:
        raise UsageError(
            f"the key {path} may be read or written by others (mode {mode & 0o777:04o}), who could"
            f' sign in your name; if nobody did: chmod 600 "{path}"'
        )
    return SigningKey(seed=_seed(content, path))


def given_public_key(given: str) -> PublicKey:
    """A public key given as text, or as the file that holds it. Raises UsageError."""
    path = Path(given)
    if _VERIFIER_KEY.fullmatch(given.strip()) or not path.is_file():
        return PublicKey.of(given)
    try:
        return PublicKey.of(path.read_bytes()[: 1 << 14].decode())
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{given} is no file of a public key: {error}") from error


def _write(path: Path, randomness: Callable[[int], bytes]) -> None:
    """Write a new key aside and let it appear whole, never over another. Raises OSError."""
    content = SigningKey(seed=randomness(KEY_BYTES)).to_pem()
    aside = path.with_name(f".{path.name}-{randomness(8).hex()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _KEY_FILE_MODE)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(descriptor)
        rename_without_replacing(aside, path)
        fsync_path(path.parent)
    finally:
        aside.unlink(missing_ok=True)


def _seed(content: bytes, path: Path) -> bytes:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        key = serialization.load_pem_private_key(content, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as fault:
        raise UsageError(f"{path} is no private key in PEM, or one with a password") from fault
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError(f"{path} is no Ed25519 key")
    return key.private_bytes_raw()
