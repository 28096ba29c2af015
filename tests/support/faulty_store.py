"""A proxy on loopback before a real S3 server, which harms what passes by as it is told."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

Harm = Callable[["Asked"], None]
SKEWED = (
    403,
    b"<Error><Code>RequestTimeTooSkewed</Code><Message>Too far apart.</Message></Error>",
)
STORM = (503, b"<Error><Code>SlowDown</Code><Message>Please reduce your rate.</Message></Error>")


@dataclass(slots=True)
class FaultyStore:
    """The proxy. `harm` decides what becomes of each request; without one, all pass."""

    endpoint: str
    harm: Harm | None = None
    asked: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request: `number` counts those of this proxy from 0."""

    store: FaultyStore
    handler: BaseHTTPRequestHandler
    target: str
    number: int

    def answer(self, status: int, body: bytes) -> None:
        """Answer in place of the server."""
        self.handler.send_response(status)
        self.handler.send_header("Content-Length", str(len(body)))
        self.handler.end_headers()
        self.handler.wfile.write(body)

    def pass_on(self, cut: int | None = None, then: Callable[[], object] | None = None) -> None:
        """Give the server's answer; with `cut`, only so many bytes, and then nothing more.

        `then` is done when the server has answered, and before the client knows it.
        """
        status, headers, body = self._from_server()
        if then is not None:
            then()
        self.handler.send_response(status)
        for name, value in headers:
            if name.lower() not in {"transfer-encoding", "connection", "date", "server"}:
                self.handler.send_header(name, value)
        if not any(name.lower() == "content-length" for name, _ in headers):
            self.handler.send_header("Content-Length", str(len(body)))
        self.handler.end_headers()
        self.handler.wfile.write(body if cut is None else body[:cut])
        if cut is not None:
            self.handler.wfile.flush()
            self.stall()

    def stall(self) -> None:
        """Say nothing, as long as the test goes on."""
        self.store.ended.wait()
        self.handler.close_connection = True

    def _from_server(self) -> tuple[int, list[tuple[str, str]], bytes]:
        length = int(self.handler.headers.get("Content-Length", "0"))
        given = self.handler.rfile.read(length)
        connection = http.client.HTTPConnection(self.target, timeout=30)
        try:
            # The signature speaks of the host that the client asked, so that is handed on.
            connection.putrequest(
                self.handler.command, self.handler.path, skip_host=True, skip_accept_encoding=True
            )
            for name, value in self.handler.headers.items():
                connection.putheader(name, value)
            connection.endheaders(given or None)
            response = connection.getresponse()
            return response.status, response.getheaders(), response.read()
        finally:
            connection.close()


@contextmanager
def faulty_store(endpoint: str) -> Iterator[FaultyStore]:
    """A proxy before the server at an endpoint."""
    target = urlsplit(endpoint).netloc

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            number = len(store.asked)
            store.asked.append(f"{self.command} {self.path}")
            asked = Asked(store=store, handler=self, target=target, number=number)
            try:
                (store.harm or Asked.pass_on)(asked)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        do_PUT = do_POST = do_HEAD = do_DELETE = do_GET  # noqa: N815 - the base class's names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    store = FaultyStore(endpoint=f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield store
    finally:
        store.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()
