"""A real server on loopback whose files behave, or misbehave, as a test wants."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@dataclass(slots=True, kw_only=True)
class Served:
    """One file and how it is served.

    `failures` are statuses that come before the file is given. `cuts` are numbers of bytes after
    which the connection breaks, one for each answer. `drip` is the pause after each byte, `stall`
    the one before the first, in seconds. `stated` replaces Content-Length. `later` takes the
    content's place from the second answer on.
    """

    content: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    ranges: bool = True
    failures: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    cuts: list[int] = field(default_factory=list)
    drip: float = 0
    stall: float = 0
    stated: int | None = None
    chunked: bool = False
    endless: bool = False
    close: bool = False
    header_drip: float = 0
    later: bytes | None = None


@dataclass(slots=True)
class Web:
    """The server: `files` by path, and every request that came, as (path, headers)."""

    url: str
    files: dict[str, Served] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    connections: list[Any] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [path for path, _ in self.requests]

    def put(self, path: str, served: Served | bytes) -> str:
        """Serve a file; returns its address."""
        self.files[path] = Served(content=served) if isinstance(served, bytes) else served
        return self.url + path


@contextmanager
def serving(host: str = "127.0.0.1", *, certificate: Path | None = None) -> Iterator[Web]:
    """A server for as long as the block lasts; with a certificate and its key, over TLS."""
    server = ThreadingHTTPServer((host, 0), BaseHTTPRequestHandler)
    server.daemon_threads = True
    scheme = "http"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    web = Web(f"{scheme}://{host}:{server.server_address[1]}")
    server.RequestHandlerClass = _handler(web)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield web
    finally:
        web.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(web: Web) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            web.connections.append(self.client_address)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def handle(self) -> None:
            with suppress(ConnectionError):  # the other side may go at any time
                super().handle()

        def do_GET(self) -> None:
            web.requests.append((self.path, dict(self.headers)))
            served = web.files.get(self.path, Served(status=404))
            try:
                _Answer(self, web, served).give()
            except OSError:
                self.close_connection = True

    return Handler


@dataclass(slots=True)
class _Answer:
    handler: BaseHTTPRequestHandler
    web: Web
    served: Served

    def give(self) -> None:
        """Answer one request."""
        served, handler = self.served, self.handler
        if served.stall:
            self.web.ended.wait(served.stall)
        if served.failures:
            self._fail(*served.failures.pop(0))
            return
        content = served.content
        if served.later is not None:
            served.content, served.later = served.later, None
        start = self._start(content)
        if start is None:
            self._fail(416, {"Content-Range": f"bytes */{len(content)}"})
            return
        partial = start > 0
        handler.send_response(206 if partial else served.status)
        if partial:
            last = len(content) - 1
            handler.send_header("Content-Range", f"bytes {start}-{last}/{len(content)}")
        self._headers(len(content) - start)
        if served.header_drip:
            self._drip_headers()
        handler.end_headers()
        self._body(content[start:])
        if served.close or served.stated is not None:
            handler.close_connection = True

    def _start(self, content: bytes) -> int | None:
        asked = self.handler.headers.get("Range")
        if asked is None or not self.served.ranges:
            return 0
        tag = self.handler.headers.get("If-Range")
        if tag is not None and tag != self.served.headers.get("ETag"):
            return 0
        start = int(asked.removeprefix("bytes=").removesuffix("-"))
        return start if start < len(content) else None

    def _fail(self, status: int, headers: dict[str, str]) -> None:
        self.handler.send_response(status)
        for name, value in {"Content-Length": "0", **headers}.items():
            self.handler.send_header(name, value)
        self.handler.end_headers()

    def _headers(self, length: int) -> None:
        served = self.served
        headers = dict(served.headers)
        if served.chunked or served.endless:
            headers["Transfer-Encoding"] = "chunked"
        else:
            headers["Content-Length"] = str(length if served.stated is None else served.stated)
        if served.close:
            headers["Connection"] = "close"
        for name, value in headers.items():
            self.handler.send_header(name, value)

    def _drip_headers(self) -> None:
        for number in range(10_000):
            self.handler.send_header(f"X-Drip-{number}", "x")
            self.handler.flush_headers()
            if self.web.ended.wait(self.served.header_drip):
                return

    def _body(self, content: bytes) -> None:
        served, write = self.served, self.handler.wfile.write
        if served.cuts:
            content = content[: served.cuts.pop(0)]
            self.handler.close_connection = True
        if served.drip:
            for byte in content:
                write(bytes([byte]))
                if self.web.ended.wait(served.drip):
                    return
        elif served.chunked or served.endless:
            self._chunks(content)
        else:
            write(content)

    def _chunks(self, content: bytes) -> None:
        write = self.handler.wfile.write
        while True:
            write(f"{len(content):x}\r\n".encode() + content + b"\r\n")
            if not self.served.endless or self.web.ended.is_set():
                break
        write(b"0\r\n\r\n")


def wait_until(holds: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for something that another thread or process does."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)
