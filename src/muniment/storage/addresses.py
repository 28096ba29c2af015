"""Addresses of what lies beyond this machine's disks: `s3://bucket/key` and its like.

An address carries no secret: credentials come from the environment, profiles and roles alone, so
what an address shows may stand in any report.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias
from urllib.parse import unquote

from muniment.model.errors import UsageError

OBJECT_SCHEMES = ("s3", "gs", "az", "https")
SFTP = "sftp"
_FORM = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?:(?P<user>[^/]*)@)?(?P<place>[^/?#@]*)"
    r"(?P<key>[^?#]*)(?P<more>[?#].*)?",
    re.DOTALL,
)
_WITH_AUTHORITY = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A place in an object store or on a server.

    `place` is the bucket, the container, or the host with its port; `key` is the rest, without
    slashes at its ends. `user` is who logs in over SFTP; it is not shown.
    """

    scheme: str
    place: str
    key: str
    user: str | None = None

    def __str__(self) -> str:
        """The address as it may be shown."""
        return f"{self.scheme}://{self.place}/{self.key}".rstrip("/")

    @property
    def name(self) -> str:
        """The last part, as a folder's or a file's own name."""
        return self.key.rpartition("/")[2] or self.place

    def below(self, path: str) -> Address:
        """The address of something that lies below this one."""
        return replace(self, key=f"{self.key}/{path}".lstrip("/"))

    @property
    def is_object(self) -> bool:
        """Whether it lies in an object store."""
        return self.scheme in OBJECT_SCHEMES


Home: TypeAlias = Path | Address


def home_of(text: str) -> Home:
    """A path, or an address where the text begins as one. Raises UsageError."""
    return address_of(text) if _WITH_AUTHORITY.match(text) else Path(text)


def address_of(text: str) -> Address:
    """Take an address apart. What is refused is never repeated whole. Raises UsageError."""
    parts = _FORM.fullmatch(text)
    scheme = text.partition("://")[0].lower()
    if parts is None or scheme not in {*OBJECT_SCHEMES, SFTP}:
        known = ", ".join(f"{each}://" for each in (*OBJECT_SCHEMES, SFTP))
        raise UsageError(f"{scheme}:// is no address that is known here; known are {known}")
    key = parts["key"].strip("/") if scheme != SFTP else parts["key"].rstrip("/").removeprefix("/")
    address = Address(scheme=scheme, place=parts["place"], key=key, user=parts["user"])
    _refuse_secrets(address, signed=parts["more"] is not None)
    if not address.place:
        raise UsageError(f"{scheme}:// names no bucket or host")
    if set(key.split("/")) & {".", ".."} or "//" in key:
        raise UsageError(f"{address} is no plain address: it has `.`, `..` or `//` in it")
    return replace(address, key=unquote(key)) if scheme == "https" else address


def _refuse_secrets(address: Address, *, signed: bool) -> None:
    shown = replace(address, user=None)
    if signed:
        raise UsageError(
            f"{shown}: what follows ? or # is not taken; an address carries no credentials, they"
            " come from the environment, a profile or a role"
        )
    if address.user is not None and (address.scheme != SFTP or ":" in address.user):
        raise UsageError(
            f"{shown}: a user or password in an address is not taken; credentials come from the"
            " environment, a profile, a role, or for SFTP from your own ssh configuration"
        )
