"""Which addresses may be reached: those of the public internet, unless others are allowed.

RFC 8493 section 5.2: the addresses in fetch.txt are not to be trusted. A bag could else make its
receiver read from machines that only the receiver can see.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence

Resolve = Callable[[str, int], Sequence[str]]
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def resolve(host: str, port: int) -> tuple[str, ...]:
    """The numeric addresses of a host, each once, in the system's order. Raises socket.gaierror."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(row[4][0]) for row in found))


def private_reason(address: str) -> str | None:
    """Why a numeric address is none of the public internet's; None where it is one.

    IPv4 addresses that are wrapped in IPv6 ones (mapped, 6to4, Teredo, NAT64) are looked into.
    """
    try:
        outer = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "it is no numeric address"
    for each in (outer, *_wrapped(outer)):
        reason = _reason(each)
        if reason is not None:
            return reason
    return None


def _wrapped(address: _Address) -> list[_Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found: list[_Address | None] = [address.ipv4_mapped, address.sixtofour]
    if address.teredo is not None:
        found.append(address.teredo[1])
    if address in _NAT64:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [each for each in found if each is not None]


def _reason(address: _Address) -> str | None:
    kinds = (
        (address.is_unspecified, "it is the unspecified address"),
        (address.is_loopback, "it is a loopback address"),
        (address.is_link_local, "it is a link-local address"),
        (address.is_multicast, "it is a multicast address"),
        (not _is_mapped(address) and not address.is_global, "it is a private or reserved address"),
    )
    return next((reason for holds, reason in kinds if holds), None)


def _is_mapped(address: _Address) -> bool:
    """A mapped address is judged by the one it wraps."""
    return isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None
