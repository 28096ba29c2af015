"""audit add: what is kept is taken into the ledger, with how it was found and what is promised.

paths -> holdings among them -> each looked at once -> baseline -> event.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from muniment.audit.bodies import Added, PromiseSet
from muniment.audit.entries import Entry, EntryKind, instant
from muniment.audit.holdings import Place
from muniment.audit.ledger import Ledger
from muniment.audit.looking import Looked, Task, fault_of_auditor, look
from muniment.audit.places import is_bag, kind_of, place_of
from muniment.audit.states import HoldingState
from muniment.bags.homes import ARCHIVE_ENDINGS, archive_stem, open_bag
from muniment.model.errors import EnvironmentFault, UsageError
from muniment.model.findings import Finding, JsonValue, Report, SubjectReport
from muniment.model.intervals import spoken
from muniment.model.rules import audit as rules
from muniment.storage.addresses import Address, Home
from muniment.storage.attempts import Lost, attempts_of_batches
from muniment.storage.containers import UnreachableError
from muniment.storage.executors import InProcess
from muniment.storage.progress import Progress
from muniment.workflow.audit_telling import KIND, shown, told
from muniment.workflow.crews import Crew
from muniment.workflow.sharing import Sized, shares_of

_GROUP = 200
_ID_BYTES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class AddRequest:
    """What is to be taken in, and what is promised of it.

    `every` is in seconds, None leaves what is promised already, or the default. `copy_of` names a
    holding of the same object; `copies` is how many copies of the object there must be. `receipt`
    is what the deposit that made the one copy left behind.
    """

    homes: tuple[Home, ...]
    every: int | None = None
    copy_of: str | None = None
    copies: int | None = None
    receipt: Mapping[str, JsonValue] | None = None
    by: str


def add(
    ledger: Ledger,
    request: AddRequest,
    *,
    default_every: int,
    crew: Crew,
    clock: Callable[[], datetime],
    randomness: Callable[[int], bytes],
    progress: Progress,
) -> Report:
    """Take holdings in. What is there already is told; with another interval, that is promised.

    A folder that holds bags is all those bags; one that holds none is plain files. Raises
    UsageError where there is nothing at a path or an object is not known, EnvironmentFault.
    """
    adding = _Adding(
        ledger=ledger,
        request=request,
        original=None if request.copy_of is None else ledger.find(request.copy_of).object,
        default_every=default_every,
        clock=clock,
        randomness=randomness,
    )
    homes = list(dict.fromkeys(home for given in request.homes for home in holdings_at(given)))
    known = {home: state for home in homes if (state := _known(ledger, home)) is not None}
    subjects = {home: adding.again(state) for home, state in known.items()}
    fresh = [home for home in homes if home not in known]
    subjects |= adding.take_in(fresh, crew, progress)
    return Report(
        command="audit add",
        subjects=tuple(subjects[home] for home in homes),
        result={"added": adding.made, "known": len(known)},
    )


def holdings_at(given: Home) -> Iterator[Home]:
    """The holdings at a path: a bag, every bag below a folder, else the folder itself.

    Raises UsageError where there is nothing, or a file that is no archive.
    """
    if isinstance(given, Address):
        yield given
        return
    path = Path(os.path.abspath(given))  # noqa: PTH100 - links stay as they are
    if not os.path.lexists(path):
        raise UsageError(f"there is nothing at {given}")
    if path.is_file() and not path.name.lower().endswith(ARCHIVE_ENDINGS):
        known = ", ".join(ARCHIVE_ENDINGS)
        raise UsageError(f"{given} is neither a folder nor an archive that is known ({known})")
    if is_bag(path):
        yield path
        return
    bags = list(_bags_below(path))
    yield from bags or [path]


def _bags_below(folder: Path) -> Iterator[Path]:
    """Every bag below a folder, none within another; archives of bags are known by their names.

    Raises EnvironmentFault where a folder cannot be looked into: bags in it would be passed over.
    """
    for base, folders, files in os.walk(folder, onerror=_stop):
        if "bagit.txt" in files:
            folders.clear()
            yield Path(base)
            continue
        folders.sort()
        for name in sorted(files):
            if name.lower().endswith(ARCHIVE_ENDINGS) and _holds_bag(Path(base, name)):
                yield Path(base, name)


def _stop(error: OSError) -> None:
    raise EnvironmentFault(
        f"{error.filename} cannot be looked into ({error.strerror}); nothing was taken in"
    ) from error


def _holds_bag(archive: Path) -> bool:
    try:
        return "bagit.txt" in open_bag(archive).top()
    except (UnreachableError, OSError):
        return False


def _known(ledger: Ledger, home: Home) -> HoldingState | None:
    return ledger.at_address(place_of(home).address)


@dataclass(slots=True, kw_only=True)
class _Adding:
    """The rest of the story, with what it goes by."""

    ledger: Ledger
    request: AddRequest
    original: str | None
    default_every: int
    clock: Callable[[], datetime]
    randomness: Callable[[int], bytes]
    made: list[JsonValue] = field(default_factory=list)

    def again(self, state: HoldingState) -> SubjectReport:
        """Tell of a holding that is there; promise what is asked for."""
        every = self.request.every or state.every
        copies = self.request.copies or state.copies
        message = f"it was taken in {state.added_at}, as {state.id}"
        if (every, copies) != (state.every, state.copies):
            body = PromiseSet(every=every, copies=copies)
            self.ledger.record([self._entry(EntryKind.PROMISE_SET, state.id, body.to_json())])
            message = f"{message}; promised every {spoken(every)} from now on"
        finding = Finding(rule=rules.ALREADY_ADDED, message=message, evidence={"holding": state.id})
        return SubjectReport(subject=shown(state.place), kind=KIND, findings=(finding,))

    def take_in(
        self, homes: Sequence[Home], crew: Crew, progress: Progress
    ) -> dict[Home, SubjectReport]:
        """Look at each and record it, in groups."""
        places = [place_of(home) for home in homes]
        shares = shares_of(homes, crew.workers)
        subjects: dict[Home, SubjectReport] = {}
        group: list[tuple[Sized, Place, Looked]] = []

        def record(bag: Sized, seen: Looked) -> None:
            group.append((bag, places[bag.place], seen))
            progress.advance(bag.octets)
            if len(group) >= _GROUP:
                subjects.update(self._record(group))
                group.clear()

        for bag in shares.large:
            record(bag, look(_task(bag.home), crew, progress))
        progress.phase(f"taking in {len(homes):,} holdings", None)
        for bag, seen in attempts_of_batches(crew, _look_all, shares.batches):
            record(bag, fault_of_auditor(seen.reason) if isinstance(seen, Lost) else seen)
        return subjects | self._record(group)

    def _record(self, group: Sequence[tuple[Sized, Place, Looked]]) -> dict[Home, SubjectReport]:
        entries: list[Entry] = []
        documents: dict[str, bytes] = {}
        for bag, place, seen in group:
            holding = self.randomness(_ID_BYTES).hex()
            added = self._added(bag.home, place, seen, holding)
            entries.append(self._entry(EntryKind.HOLDING_ADDED, holding, added.to_json()))
            documents |= seen.documents
            self.made.append(
                {"holding": holding, "address": shown(place), "outcome": str(seen.check.outcome)}
            )
        if entries:
            self.ledger.record(entries, documents)
        return {bag.home: told(place, seen) for bag, place, seen in group}

    def _added(self, home: Home, place: Place, seen: Looked, holding: str) -> Added:
        name = shown(place).rstrip("/").rpartition("/")[2]
        return Added(
            kind=kind_of(home),
            name=archive_stem(name) if place.form not in {"folder", "prefix"} else name,
            place=place,
            every=self.request.every or self.default_every,
            object=self.original or holding,
            copies=self.request.copies or 1,
            baseline=seen.baseline,
            check=seen.check,
            receipt=self.request.receipt,
        )

    def _entry(self, kind: EntryKind, holding: str, body: Mapping[str, Any]) -> Entry:
        return Entry(
            kind=kind, at=instant(self.clock()), by=self.request.by, holding=holding, body=body
        )


def _task(home: Home) -> Task:
    return Task(kind=kind_of(home), place=place_of(home), description=None)


def _look_all(batch: Sequence[Sized]) -> list[Looked]:
    """What a worker does with a batch."""
    return [look(_task(bag.home), InProcess()) for bag in batch]
