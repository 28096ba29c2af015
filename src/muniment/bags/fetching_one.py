"""One file brought in: transferred, tried again, verified as a whole. Nothing is put in place here.

RFC 8493 section 5.3: a download that exceeds its length is stopped; no room is taken beforehand.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from muniment.bags.fetching_parts import Part
from muniment.bags.fetching_transfer import (
    Client,
    NotFollowedError,
    NothingThereError,
    TransferError,
)
from muniment.model.findings import JsonValue, Rule
from muniment.model.rules import fetch as rules

_ENOUGH_TO_GO_ON = 1 << 20
_LONGEST_PAUSE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A file to be fetched: where from, how long it is said to be, what its digests must be.

    `ceiling` is the most bytes that it can have where its length is not stated; None where nothing
    is known.
    """

    url: str
    path: str
    length: int | None
    digests: Mapping[str, tuple[bytes, ...]]
    ceiling: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How often to try, and how long to wait in between (seconds, doubled each time)."""

    tries: int = 4
    first_pause: float = 0.5


class GaveUpError(Exception):
    """A file that could not be fetched: by which rule, and why.

    `server_silent` says that it is the server that failed, time after time, not the file.
    """

    def __init__(
        self, rule: Rule, reason: str, *, server_silent: bool = False, **evidence: JsonValue
    ) -> None:
        """`evidence` is what the finding carries."""
        super().__init__(reason)
        self.rule = rule
        self.server_silent = server_silent
        self.evidence = evidence


class StoppedError(Exception):
    """The work was ended from outside."""


class Allowance(Protocol):
    """How many bytes may still be brought in, by all threads together."""

    def take(self, octets: int) -> bool:
        """Whether so many more bytes may come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """Fetches one file after the other in one thread.

    `arrived` is told of every byte that counts as done, and of those that were lost again as a
    negative number. `stop` ends the work.
    """

    client: Client
    patience: Patience
    allowance: Allowance
    arrived: Callable[[int], None]
    stop: threading.Event

    def bring(self, wanted: Wanted, part: Part) -> None:
        """Complete a part and verify it. Raises GaveUpError, StoppedError, OSError."""
        self.arrived(part.size)
        if part.size and not _differing(wanted, part):
            return
        self._transfer(wanted, part)
        differing = _differing(wanted, part)
        if differing and part.continued:
            # The joint may be the fault: once more, from the first byte.
            self._begin_again(part)
            self._transfer(wanted, part)
            differing = _differing(wanted, part)
        if differing:
            size = part.size
            self._begin_again(part)
            raise _differs(wanted, differing, size)

    def _transfer(self, wanted: Wanted, part: Part) -> None:
        """Try until all has arrived, as long as tries get further than those before them."""
        failed, furthest = 0, part.size
        while True:
            try:
                self._try(wanted, part)
            except NotFollowedError as error:
                raise _gave_up(wanted, error, rules.NOT_FOLLOWED) from error
            except TransferError as error:
                failed = 1 if part.size - furthest >= _ENOUGH_TO_GO_ON else failed + 1
                furthest = max(furthest, part.size)
                nothing_more = isinstance(error, NothingThereError) and part.size > 0
                if nothing_more:
                    self._begin_again(part)
                if failed >= self.patience.tries or not (error.again or nothing_more):
                    raise _gave_up(wanted, error, rules.NOT_FETCHED) from error
                self._pause(error, failed)
            else:
                return

    def _pause(self, error: TransferError, failed: int) -> None:
        pause = self.patience.first_pause * 2 ** (failed - 1) if error.wait is None else error.wait
        if self.stop.wait(min(pause, _LONGEST_PAUSE)):
            raise StoppedError

    def _try(self, wanted: Wanted, part: Part) -> None:
        """One request and its bytes. Raises what `Client.get` raises, GaveUpError, OSError."""
        answer = self.client.get(wanted.url, part.size, part.validator)
        with contextlib.closing(answer.chunks) as chunks:
            if answer.start != part.size:
                self._begin_again(part)
            if answer.start != part.size:
                raise TransferError("the server sends another part than was asked for", again=True)
            part.continued = part.continued or answer.start > 0
            if answer.validator != part.validator:
                part.expect(answer.validator)
            self._refuse_length(wanted, part, answer.total or 0)
            for chunk in chunks:
                self._take(wanted, part, chunk)

    def _take(self, wanted: Wanted, part: Part, chunk: bytes) -> None:
        if self.stop.is_set():
            raise StoppedError
        self._refuse_length(wanted, part, part.size + len(chunk))
        if not self.allowance.take(len(chunk)):
            reason = f"{wanted.path} was left out: no more bytes were allowed"
            raise GaveUpError(rules.LIMIT_REACHED, reason, url=wanted.url)
        part.write(chunk)
        self.arrived(len(chunk))

    def _refuse_length(self, wanted: Wanted, part: Part, octets: int) -> None:
        most = wanted.ceiling if wanted.length is None else wanted.length
        if most is None or octets <= most:
            return
        self._begin_again(part)
        stated = "Payload-Oxum leaves room for" if wanted.length is None else "fetch.txt says"
        raise GaveUpError(
            rules.FETCHED_TOO_LONG,
            f"{wanted.path} was not fetched: {wanted.url} gives {octets:,} bytes or more;"
            f" {stated} {most:,}",
            url=wanted.url,
            expected=most,
            actual=octets,
        )

    def _begin_again(self, part: Part) -> None:
        self.arrived(-part.size)
        part.begin_again()


def _gave_up(wanted: Wanted, error: Exception, rule: Rule) -> GaveUpError:
    silent = isinstance(error, TransferError) and error.again
    reason = f"{wanted.path} was not fetched: {error}"
    return GaveUpError(rule, reason, server_silent=silent, url=wanted.url)


def _differing(wanted: Wanted, part: Part) -> list[tuple[str, bytes, bytes]]:
    """Each algorithm whose stated digest is not that of what arrived: name, stated, actual."""
    actual = part.digests()
    return [
        (name, stated, actual[name])
        for name, several in wanted.digests.items()
        for stated in several
        if stated != actual[name]
    ]


def _differs(wanted: Wanted, differing: list[tuple[str, bytes, bytes]], size: int) -> GaveUpError:
    name, stated, actual = max(differing, key=lambda row: len(row[1]))
    return GaveUpError(
        rules.FETCHED_DIFFERS,
        f"{wanted.path} was not put into the bag: {wanted.url} gives {size:,} bytes whose {name}"
        f" is {actual.hex()[:12]}..., not {stated.hex()[:12]}...",
        url=wanted.url,
        algorithm=name,
        expected=stated.hex(),
        actual=actual.hex(),
    )
