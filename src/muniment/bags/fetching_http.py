"""Files from addresses over http and https, by connections that are checked one by one.

Every connection, also that of a redirect, goes to a numeric address that was judged after its name
was resolved, and to that very address: a name that resolves otherwise a moment later changes
nothing. Python's own client suffices, for it lets its caller make the connection.
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from muniment.bags.fetching_addresses import Resolve, private_reason, resolve
from muniment.bags.fetching_transfer import (
    CHUNK_BYTES,
    Answer,
    NotFollowedError,
    NothingThereError,
    TransferError,
)

WEB_SCHEMES = frozenset({"http", "https"})
LEAST_BYTES = 1024
_PORTS = {"http": 80, "https": 443}
_OK, _PARTIAL, _NOTHING_THERE = 200, 206, 416
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 10
_WORTH_ANOTHER_TRY = frozenset({408, 425, 429, 500, 502, 503, 504})
_RANGE = re.compile(r"bytes (\d{1,19})-\d{1,19}/(?:(\d{1,19})|\*)")
_SECONDS = re.compile(r"\d{1,6}")
_UNCODED = "%/:=&?~+!$,;'@()*[]-._"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What may be reached, and how patiently (`timeout` in seconds).

    `refused` says why a numeric address must not be connected to, or None where it may be.
    """

    schemes: frozenset[str] = WEB_SCHEMES
    refused: Callable[[str], str | None] = private_reason
    resolve: Resolve = resolve
    timeout: float = 30.0
    agent: str = "muniment"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """An address taken apart: whom to connect to, and what to ask for there."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def server(self) -> tuple[str, str, int]:
        """What a connection can be used again for."""
        return self.scheme, self.host, self.port


class WebClient:
    """One thread's connections, each kept open for the next file of its server."""

    def __init__(self, reach: Reach) -> None:
        """Nothing is connected yet."""
        self._reach = reach
        self._open: dict[tuple[str, str, int], http.client.HTTPConnection] = {}
        self._sockets: dict[tuple[str, str, int], socket.socket] = {}

    def get(self, url: str, offset: int, validator: str | None) -> Answer:
        """Ask for a file from an offset on; the answer may begin at 0 all the same.

        `validator` is what an earlier answer gave to know the same bytes by. Raises
        NotFollowedError, TransferError.
        """
        for _ in range(_MOST_REDIRECTS):
            place = self._place(url)
            response = self._ask(place, offset, validator)
            if response.status not in _REDIRECTS:
                return self._answer(place, response)
            location = response.headers.get("Location", "")
            self._forget(place)
            try:
                url = urljoin(url, location)
            except ValueError as error:
                raise TransferError(f"a redirect to {location!r}", again=False) from error
        raise TransferError(f"more than {_MOST_REDIRECTS} redirects", again=False)

    def abort(self) -> None:
        """End every conversation at once; for another thread to call."""
        for sock in list(self._sockets.values()):
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close every connection."""
        for connection in self._open.values():
            connection.close()
        self._open.clear()
        self._sockets.clear()

    def _place(self, url: str) -> _Place:
        try:
            parts = urlsplit(url)
            host = (parts.hostname or "").encode("idna").decode()
            port = parts.port or _PORTS.get(parts.scheme, 0)
        except ValueError as error:  # UnicodeError too
            raise TransferError(f"{url!r} is no address: {error}", again=False) from error
        if parts.scheme not in self._reach.schemes & WEB_SCHEMES:
            raise NotFollowedError(f"{url!r}: the scheme {parts.scheme!r} is not allowed")
        if parts.username is not None or parts.password is not None:
            raise NotFollowedError(f"the address at {host} holds a user name or a password")
        if not host:
            raise TransferError(f"{url!r} names no server", again=False)
        query = f"?{quote(parts.query, safe=_UNCODED)}" if parts.query else ""
        target = quote(parts.path or "/", safe=_UNCODED) + query
        return _Place(scheme=parts.scheme, host=host, port=port, target=target)

    def _ask(self, place: _Place, offset: int, validator: str | None) -> http.client.HTTPResponse:
        """Send the request; over a new connection where the server has closed the old one."""
        headers = {"Accept-Encoding": "identity", "User-Agent": self._reach.agent}
        if offset:
            headers["Range"] = f"bytes={offset}-"
        if offset and validator is not None:
            headers["If-Range"] = validator
        kept = self._open.get(place.server)
        if kept is not None:
            with suppress(OSError, http.client.HTTPException):
                return self._send(kept, place, headers)
            self._forget(place)
        connection = self._connected(place)
        self._open[place.server] = connection
        try:
            return self._send(connection, place, headers)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._forget(place)
            raise TransferError(f"{place.host}: {_said(error)}", again=True) from error

    def _send(
        self, connection: http.client.HTTPConnection, place: _Place, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        with _ended_after(self._reach.timeout, connection.sock):
            connection.request("GET", place.target, headers=headers)
            return connection.getresponse()

    def _connected(self, place: _Place) -> http.client.HTTPConnection:
        secure = place.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        sock = self._socket(place)
        connection = kind(place.host, place.port)
        # It must never connect by itself: it would go to whatever the name resolves to by then.
        connection.auto_open = 0
        connection.sock = self._secured(sock, place) if secure else sock
        self._sockets[place.server] = connection.sock
        return connection

    def _socket(self, place: _Place) -> socket.socket:
        """A connection to the first address of the host that may be reached and answers."""
        try:
            addresses = self._reach.resolve(place.host, place.port)
        except (OSError, UnicodeError) as error:
            again = getattr(error, "errno", None) == socket.EAI_AGAIN
            raise TransferError(f"{place.host}: {_said(error)}", again=again) from error
        refused = {each: self._reach.refused(each) for each in addresses}
        allowed = [address for address, reason in refused.items() if reason is None]
        if not allowed:
            shown = "; ".join(f"{address}: {reason}" for address, reason in refused.items())
            raise NotFollowedError(f"{place.host} lies at {shown or 'no address'}")
        fault: OSError | None = None
        for address in allowed:
            try:
                return socket.create_connection((address, place.port), self._reach.timeout)
            except OSError as error:
                fault = error
        raise TransferError(f"{place.host}: {_said(fault)}", again=True) from fault

    def _secured(self, sock: socket.socket, place: _Place) -> ssl.SSLSocket:
        secured: socket.socket = sock
        try:
            secured = ssl.create_default_context().wrap_socket(
                sock, server_hostname=place.host, do_handshake_on_connect=False
            )
            with _ended_after(self._reach.timeout, secured):
                secured.do_handshake()
        except (OSError, ValueError) as error:
            secured.close()
            again = not isinstance(error, ssl.SSLCertVerificationError)
            raise TransferError(f"{place.host}: {_said(error)}", again=again) from error
        return secured

    def _answer(self, place: _Place, response: http.client.HTTPResponse) -> Answer:
        status = response.status
        if status not in {_OK, _PARTIAL}:
            wait = _SECONDS.fullmatch(response.headers.get("Retry-After", ""))
            self._forget(place)
            kind = NothingThereError if status == _NOTHING_THERE else TransferError
            raise kind(
                f"{place.host} answers {status} {response.reason}".rstrip(),
                again=status in _WORTH_ANOTHER_TRY,
                wait=float(wait[0]) if wait else None,
            )
        start, total = 0, response.length
        if status == _PARTIAL:
            match = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
            if match is None:
                self._forget(place)
                raise TransferError(f"{place.host} sends an unnamed part of the file", again=False)
            start, total = int(match[1]), int(match[2]) if match[2] else None
        return Answer(
            start=start,
            total=total,
            validator=_validator(response),
            chunks=self._chunks(place, response),
        )

    def _chunks(
        self, place: _Place, response: http.client.HTTPResponse
    ) -> Generator[bytes, None, None]:
        """The bytes as they come; a server that gives nearly nothing is taken for stalled."""
        timeout = self._reach.timeout
        since, some = time.monotonic(), 0
        ended = False
        try:
            while chunk := response.read1(CHUNK_BYTES):
                some += len(chunk)
                now = time.monotonic()
                if now - since >= timeout:
                    if some < LEAST_BYTES:
                        raise TimeoutError(f"fewer than {LEAST_BYTES:,} bytes in {timeout:g} s")
                    since, some = now, 0
                yield chunk
            ended = not response.length
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise TransferError(f"{place.host}: {_said(error)}", again=True) from error
        finally:
            response.close()  # else the connection would not take another request
            if not ended or response.will_close:
                self._forget(place)
        if not ended:
            raise TransferError(f"{place.host} ended in the middle of the file", again=True)

    def _forget(self, place: _Place) -> None:
        self._sockets.pop(place.server, None)
        connection = self._open.pop(place.server, None)
        if connection is not None:
            connection.close()


def _validator(response: http.client.HTTPResponse) -> str | None:
    """What a server knows the same bytes by: a strong entity tag (RFC 9110 section 13.1.5)."""
    tag = response.headers.get("ETag")
    return tag if tag is not None and tag.isascii() and tag.startswith('"') else None


@contextmanager
def _ended_after(seconds: float, sock: socket.socket | None) -> Iterator[None]:
    """End a conversation that takes longer in all, however often a byte of it arrives."""
    late = threading.Event()

    def end() -> None:
        late.set()
        with suppress(OSError):
            if sock is not None:
                sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    message = f"no answer within {seconds:g} s"
    try:
        yield
    except (OSError, http.client.HTTPException, ValueError) as error:
        if late.is_set():
            raise TimeoutError(message) from error
        raise
    finally:
        timer.cancel()
    if late.is_set():  # headers that were cut off look like headers that ended
        raise TimeoutError(message)


def _said(error: BaseException | None) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    text = getattr(error, "strerror", None) or str(error)
    return text or type(error).__name__
