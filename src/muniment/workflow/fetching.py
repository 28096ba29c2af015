"""fetch: a holey bag becomes complete, with what its fetch.txt names and its manifests verify.

bag -> what it lacks -> transferred aside -> verified -> put in place -> bag judged again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from muniment import __version__
from muniment.bags.checking import CheckOptions, Examined, examine_bag
from muniment.bags.fetching import FetchList, fetch_list
from muniment.bags.fetching_addresses import private_reason
from muniment.bags.fetching_crew import Brought, FetchSettings, bring_in, room_needed
from muniment.bags.fetching_http import WEB_SCHEMES, Reach
from muniment.bags.updating import unfetched
from muniment.model.errors import UsageError
from muniment.model.findings import Finding, JsonValue, Report, Skipped, SubjectReport
from muniment.storage.containers import UnreachableError
from muniment.storage.executors import InProcess
from muniment.storage.folder import Folder
from muniment.storage.journal import Journal, sole_writer
from muniment.storage.progress import Progress, Silent
from muniment.storage.space import check_room
from muniment.workflow.verifying import unreachable

__all__ = ["FetchRequest", "fetch"]

_COMMAND = "fetch"


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """Which bag is to be completed, and what may be reached for it.

    `schemes` are allowed beside http and https. `most_bytes` is the most that one run may bring in,
    `timeout` in seconds how long a server may give nothing.
    """

    bag: Path
    schemes: frozenset[str] = frozenset()
    allow_private: bool = False
    most_bytes: int | None = None
    connections: int = 4
    timeout: float = 30.0

    def settings(self) -> FetchSettings:
        """How to fetch."""
        return FetchSettings(
            reach=Reach(
                schemes=WEB_SCHEMES | self.schemes,
                refused=_nothing if self.allow_private else private_reason,
                timeout=self.timeout,
                agent=f"muniment/{__version__}",
            ),
            connections=self.connections,
            most_bytes=self.most_bytes,
        )


def fetch(
    request: FetchRequest,
    *,
    settings: FetchSettings | None = None,
    progress: Progress | None = None,
) -> Report:
    """Bring in what a bag's fetch.txt names. What is there already is left as it is.

    `settings` replace those of the request, for callers with their own. Raises UsageError,
    EnvironmentFault.
    """
    if request.bag.is_file():
        raise UsageError(f"{request.bag} is a file; unpack the bag to fetch into it")
    try:
        folder = Folder(request.bag)
    except UnreachableError as error:
        subject = unreachable(str(request.bag), "bag", "structure", str(error))
        return Report(command=_COMMAND, subjects=(subject,))
    with sole_writer(Path(folder.base)):
        run = _Run(
            request=request,
            folder=folder,
            settings=settings or request.settings(),
            progress=progress or Silent(),
        )
        return run.fetch()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """One run over one bag that nobody else changes meanwhile."""

    request: FetchRequest
    folder: Folder
    settings: FetchSettings
    progress: Progress

    def fetch(self) -> Report:
        """Look, fetch, look again."""
        journal = Journal(Path(self.folder.base), "update")
        unfinished = journal.unfinished()
        if unfinished is not None:
            journal.carry_out(unfinished)
        examined = self._examine()
        wanted = fetch_list(self.folder, examined, InProcess())
        if wanted.faults:
            return Report(command=_COMMAND, subjects=(_refused(examined.report, wanted.faults),))
        brought = self._bring_in(wanted)
        after = self._examine() if brought.files else examined
        subject = _judged(after.report, brought.findings)
        result = self._result(after, brought)
        return Report(command=_COMMAND, subjects=(subject,), result=result)

    def _examine(self) -> Examined:
        return examine_bag(
            self.folder,
            subject=str(self.request.bag),
            options=CheckOptions(quick=True),
            executor=InProcess(),
            progress=self.progress,
        )

    def _bring_in(self, wanted: FetchList) -> Brought:
        bag = Path(self.folder.base)
        check_room(bag, room_needed(bag, wanted.wanted, self.settings))
        self.progress.phase("fetching", wanted.octets if wanted.all_lengths_known else None)
        return bring_in(bag, wanted.wanted, self.settings, self.progress)

    def _result(self, after: Examined, brought: Brought) -> dict[str, JsonValue]:
        """What was brought in, and what is still to come."""
        missing = set(unfetched(after))
        lengths = [e.length for e in after.structure.fetch if e.path in missing]
        return {
            "bag": str(self.request.bag),
            "name": self.folder.name,
            "fetched": {"files": len(brought.files), "octets": sum(brought.files.values())},
            "to_be_fetched": {"files": len(lengths), "octets": _sum(lengths)},
            "kept_aside": None if brought.kept is None else str(brought.kept),
        }


def _nothing(_address: str) -> str | None:
    """Say nothing against any address."""
    return None


def _sum(lengths: Sequence[int | None]) -> int | None:
    """The bytes of all files, or None where one length is not known."""
    known = [length for length in lengths if length is not None]
    return sum(known) if len(known) == len(lengths) else None


def _refused(judged: SubjectReport, faults: Sequence[Finding]) -> SubjectReport:
    """The report of a bag whose tag files are not to be trusted; nothing was fetched."""
    reason = "the bag's own tag files are at fault; nothing was fetched"
    new = [each for each in faults if each not in judged.findings]
    return dataclasses.replace(
        judged,
        findings=(*judged.findings, *new),
        checks_skipped=(*judged.checks_skipped, Skipped(check="fetch", reason=reason, asked=True)),
    )


def _judged(judged: SubjectReport, findings: Sequence[Finding]) -> SubjectReport:
    """The bag as it is now; not all of its checksums were compared."""
    reason = "of the payload only what was fetched was verified; muniment verify checks all of it"
    skipped = tuple(
        Skipped(check="fixity", reason=reason)
        if each.check == "fixity" and not each.asked
        else each
        for each in judged.checks_skipped
    )
    ordered = sorted(findings, key=lambda each: (each.location.path or "", each.rule.id))
    return dataclasses.replace(
        judged, findings=(*judged.findings, *ordered), checks_skipped=skipped
    )
