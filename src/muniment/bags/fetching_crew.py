"""Several threads that fetch, verify, and put in place; one watches, tells progress, and stops all.

What has arrived of a file stays in a folder beside the bag until it is whole and verified. From
there it is renamed to its place, never over something: at no moment does the bag hold a byte that
was not verified.
"""

from __future__ import annotations

import errno
import threading
from collections.abc import Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from muniment.bags.fetching_http import Reach, WebClient
from muniment.bags.fetching_one import Errand, GaveUpError, Patience, StoppedError, Wanted
from muniment.bags.fetching_parts import Part, part_name
from muniment.bags.fetching_transfer import Answer, NotFollowedError, local_file
from muniment.model.errors import EnvironmentFault
from muniment.model.findings import Finding, Location
from muniment.model.rules import fetch as rules
from muniment.storage.durable import fsync_path, rename_without_replacing
from muniment.storage.journal import (
    existing_parent,
    make_folders,
    make_side_folder,
    side_folder,
)
from muniment.storage.progress import Progress

_PURPOSE = "fetch"
_LOOK_SECONDS = 0.1
# A server that failed, try after try, for so many files in a row is not asked for more of them.
_SILENT_ENOUGH = 3
# What a file system says against one name, not about itself.
_ABOUT_THE_NAME = frozenset(
    {errno.EEXIST, errno.EILSEQ, errno.EINVAL, errno.EISDIR, errno.ENAMETOOLONG, errno.ENOTDIR}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """How to fetch. `most_bytes` is the most that one run may bring in; None is no limit."""

    reach: Reach = field(default_factory=Reach)
    patience: Patience = field(default_factory=Patience)
    connections: int = 4
    most_bytes: int | None = None


@dataclass(slots=True)
class Brought:
    """What came of it: the files put in place with their bytes, and a finding for each other one.

    `kept` is the folder in which parts of files wait for the next run.
    """

    files: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    kept: Path | None = None


def bring_in(
    bag: Path, wanted: Sequence[Wanted], settings: FetchSettings, progress: Progress
) -> Brought:
    """Fetch files into a bag, given by its absolute path and locked by the caller.

    What an earlier run left of files that are no longer wanted is removed. Raises EnvironmentFault
    where the disk or the rights do not allow it; what arrived is kept.
    """
    if not wanted and not side_folder(bag, _PURPOSE).exists():
        return Brought()
    side = make_side_folder(bag, _PURPOSE)
    _drop_stale(side, wanted)
    crew = _Crew(bag, side, wanted, settings)
    try:
        crew.work(progress)
    except OSError as error:
        where = error.filename or bag
        reason = f"{where}: {error.strerror or error}; what has arrived is kept in {side}"
        raise EnvironmentFault(reason) from error
    finally:
        with suppress(OSError):  # not empty: something waits there for the next run
            side.rmdir()
    crew.brought.kept = side if side.exists() else None
    return crew.brought


def room_needed(bag: Path, wanted: Sequence[Wanted], settings: FetchSettings) -> int:
    """The bytes that a run will write, as far as they are stated and have not arrived yet."""
    side = side_folder(bag, _PURPOSE)
    needed = 0
    for each in wanted:
        part = side / part_name(each.url, each.path)
        arrived = part.stat().st_size if part.is_file() else 0
        needed += max((each.length or 0) - arrived, 0)
    return needed if settings.most_bytes is None else min(needed, settings.most_bytes)


def _drop_stale(side: Path, wanted: Sequence[Wanted]) -> None:
    """Remove parts of files that are no longer wanted from there."""
    names = {part_name(each.url, each.path) for each in wanted}
    for path in side.iterdir():
        if path.name.removesuffix(".json") not in names:
            path.unlink()


class _Crew:
    """The threads' common ground."""

    def __init__(
        self, bag: Path, side: Path, wanted: Sequence[Wanted], settings: FetchSettings
    ) -> None:
        self.brought = Brought()
        self._bag = bag
        self._side = side
        self._settings = settings
        self._jobs = iter(wanted)
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._arrived = 0
        self._left = settings.most_bytes
        self._touched: set[Path] = set()
        self._silent: dict[str, int] = {}
        self._clients: list[_AnyClient] = []
        self._threads = max(1, min(settings.connections, len(wanted)))

    def work(self, progress: Progress) -> None:
        """Do all jobs; ends early where a thread fails or the caller is interrupted."""
        with ThreadPoolExecutor(self._threads) as pool:
            futures = [pool.submit(self._run) for _ in range(self._threads)]
            try:
                self._watch(futures, progress)
            finally:
                self._stop.set()
                for client in list(self._clients):
                    client.abort()
        for folder in sorted(self._touched):
            fsync_path(folder)
        for future in futures:
            future.result()

    def _watch(self, futures: Sequence[Future[None]], progress: Progress) -> None:
        pending = set(futures)
        while pending:
            done, pending = wait(pending, _LOOK_SECONDS, FIRST_EXCEPTION)
            with self._lock:
                arrived, self._arrived = self._arrived, 0
            progress.advance(arrived)
            if any(future.exception() for future in done):
                return

    def _run(self) -> None:
        """One thread's work."""
        client = _AnyClient(self._settings.reach)
        self._clients.append(client)
        errand = Errand(
            client=client,
            patience=self._settings.patience,
            allowance=self,
            arrived=self._count,
            stop=self._stop,
        )
        try:
            while (wanted := self._next()) is not None:
                self._do(errand, wanted)
        except StoppedError:
            return
        finally:
            client.close()

    def _next(self) -> Wanted | None:
        with self._lock:
            return None if self._stop.is_set() else next(self._jobs, None)

    def _do(self, errand: Errand, wanted: Wanted) -> None:
        server = _server(wanted.url)
        try:
            size = self._fetch(errand, wanted, server)
        except GaveUpError as error:
            self._note_silence(server, silent=error.server_silent)
            finding = Finding(
                rule=error.rule,
                message=str(error),
                location=Location(path=wanted.path),
                evidence=error.evidence,
            )
            with self._lock:
                self.brought.findings.append(finding)
        else:
            self._note_silence(server, silent=False)
            with self._lock:
                self.brought.files[wanted.path] = size

    def _note_silence(self, server: str, *, silent: bool) -> None:
        with self._lock:
            self._silent[server] = self._silent.get(server, 0) + 1 if silent else 0

    def _fetch(self, errand: Errand, wanted: Wanted, server: str) -> int:
        if not wanted.digests:
            raise _given_up(wanted, "no manifest has a checksum that could be checked here")
        if self._silent.get(server, 0) >= _SILENT_ENOUGH:
            reason = f"{server} failed for {_SILENT_ENOUGH} files before it, and was left alone"
            raise GaveUpError(
                rules.NOT_FETCHED,
                f"{wanted.path} was not fetched: {reason}",
                server_silent=True,
                url=wanted.url,
            )
        name = part_name(wanted.url, wanted.path)
        with Part(self._side, name, tuple(wanted.digests)) as part:
            errand.bring(wanted, part)
            part.finish()
            self._put(part, wanted)
            return part.size

    def _put(self, part: Part, wanted: Wanted) -> None:
        """Put a verified file in its place."""
        try:
            existing_parent(self._bag, wanted.path)
            touched = make_folders(self._bag, wanted.path)
            rename_without_replacing(part.path, self._bag / wanted.path)
        except EnvironmentFault as error:
            raise _given_up(wanted, str(error)) from error
        except OSError as error:
            if error.errno not in _ABOUT_THE_NAME:
                raise
            raise _given_up(wanted, error.strerror or str(error)) from error
        part.discard()
        with self._lock:
            self._touched |= touched

    def _count(self, octets: int) -> None:
        with self._lock:
            self._arrived += octets

    def take(self, octets: int) -> bool:
        """Whether so many more bytes may be brought in."""
        with self._lock:
            if self._left is None:
                return True
            self._left -= octets
            return self._left >= 0


def _server(url: str) -> str:
    """The server that an address names, as it is written there."""
    return url.partition("://")[2].partition("/")[0].rpartition("@")[2]


def _given_up(wanted: Wanted, reason: str) -> GaveUpError:
    message = f"{wanted.path} was not put in its place: {reason}"
    return GaveUpError(rules.NOT_FETCHED, message, url=wanted.url)


class _AnyClient:
    """Gives files by addresses of every scheme that is allowed."""

    def __init__(self, reach: Reach) -> None:
        self._web = WebClient(reach)
        self._files_allowed = "file" in reach.schemes

    def get(self, url: str, offset: int, validator: str | None) -> Answer:
        """Ask for a file from an offset on."""
        if url[:5].lower() != "file:":
            return self._web.get(url, offset, validator)
        if not self._files_allowed:
            raise NotFollowedError(f"{url!r}: the scheme 'file' is not allowed")
        return local_file(url, offset)

    def abort(self) -> None:
        """End what another thread is waiting for."""
        self._web.abort()

    def close(self) -> None:
        """Close every connection."""
        self._web.close()
