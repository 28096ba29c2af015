"""What fires each DEP rule, and what nearly does: deposits to folders and to real S3 servers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bagbuilder import Bag
from buckets import TestBucket
from fixture_forms import Fixture, Pair
from object_servers import ObjectServer, rclone_server, swift_server

from muniment.model.findings import Finding
from muniment.storage.addresses import Home, home_of
from muniment.storage.depot_folder import FolderDepot
from muniment.storage.recording import Noted
from muniment.workflow import DepositRequest, deposit

HELLO = "data/hello.txt"


def findings(bag: Path, target: Home) -> Iterable[Finding]:
    """What a deposit finds."""
    request = DepositRequest(bag=bag, target=target)
    report, _ = deposit(request, now=lambda: datetime(2026, 11, 23, tzinfo=UTC), token=lambda: "x")
    return report.subjects[0].findings


def after(path: str, content: bytes) -> Fixture:
    """A deposit to a folder that holds one file already."""

    def found(home: Path) -> Iterable[Finding]:
        there = home / "shelf" / "bag" / path
        there.parent.mkdir(parents=True)
        there.write_bytes(content)
        return findings(Bag().seal().write(home / "bag"), home / "shelf")

    return found


def stored_as(change: Callable[[bytes], bytes]) -> Fixture:
    """A deposit to a disk that changes what is written to it."""

    def found(home: Path) -> Iterable[Finding]:
        put = FolderDepot.put

        def harmed(self: FolderDepot, path: str, source: Path, expected: Noted) -> None:
            put(self, path, source, expected)
            if path == HELLO:
                laid_down = home / "shelf" / "bag" / path
                laid_down.write_bytes(change(laid_down.read_bytes()))

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(FolderDepot, "put", harmed)
            return findings(Bag().seal().write(home / "bag"), home / "shelf")

    return found


@contextmanager
def bucket_of(server: AbstractContextManager[ObjectServer]) -> Iterator[Home]:
    """A new bucket of a new server."""
    with server as running, pytest.MonkeyPatch.context() as patch:
        yield home_of(TestBucket(running, patch).address)


def at(server: Callable[[Path], AbstractContextManager[ObjectServer]]) -> Fixture:
    """A deposit to a service."""

    def found(home: Path) -> Iterable[Finding]:
        with bucket_of(server(_made(home / "server"))) as target:
            return findings(Bag().seal().write(home / "bag"), target)

    return found


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


FIXTURES = {
    "DEP-101": Pair(after(HELLO, b"Hallo\n"), after(HELLO, b"Hello\n")),
    "DEP-102": Pair(after("data/other.txt", b""), after(HELLO, b"Hello\n")),
    "DEP-201": Pair(stored_as(lambda data: data[:-1] + b"!"), stored_as(lambda data: data)),
    # Swift does both; rclone does neither.
    "DEP-301": Pair(at(rclone_server), at(swift_server)),
    "DEP-302": Pair(at(rclone_server), at(swift_server)),
}
