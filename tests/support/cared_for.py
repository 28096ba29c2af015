"""Two copies of one bag in a ledger, and what is done with them between the runs."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from ledgers import NOON
from planted_holdings import sound, write

from muniment.audit.ledger import Ledger
from muniment.audit.places import place_of
from muniment.audit.states import HoldingState
from muniment.model.findings import Report
from muniment.model.intervals import DAY
from muniment.storage.executors import InProcess
from muniment.storage.progress import Silent
from muniment.workflow.audit_accepting import accept
from muniment.workflow.audit_adding import AddRequest, add
from muniment.workflow.audit_moving import move
from muniment.workflow.audit_repairing import RepairRequest, repair
from muniment.workflow.audit_retiring import retire
from muniment.workflow.audit_status import status

HURT = "data/a.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """A bag at `one`, a copy of it at `two`, both in a ledger with two copies required."""

    ledger: Ledger
    one: Path
    two: Path

    def state(self, path: Path) -> HoldingState:
        """How the holding at a path stands."""
        return self.ledger.find(str(path))

    def status(self, *paths: Path) -> Report:
        """What is told of them, or of the whole ledger."""
        return status(self.ledger, [str(path) for path in paths], clock=lambda: NOON)

    def accept(self, path: Path) -> Report:
        """Take what lies at a path as right."""
        return accept(
            self.ledger,
            str(path),
            reason="so decided",
            by="archive",
            clock=lambda: NOON,
            executor=InProcess(),
        )

    def move(self, path: Path, to: Path) -> Report:
        """Have a holding lie elsewhere."""
        return move(
            self.ledger,
            str(path),
            place_of(to),
            by="archive",
            clock=lambda: NOON,
            executor=InProcess(),
        )

    def retire(self, path: Path) -> Report:
        """Keep a holding no longer."""
        return retire(
            self.ledger,
            str(path),
            reason="so decided",
            authority="schedule 7",
            by="archive",
            clock=lambda: NOON,
        )

    def repair(self, *, extra_to: Path | None = None) -> Report:
        """Mend `one` from `two`."""
        request = RepairRequest(
            holding=str(self.one), copy=str(self.two), by="archive", extra_to=extra_to
        )
        return repair(self.ledger, request, clock=lambda: NOON, executor=InProcess())


def taken_in(ledger: Ledger, path: Path, *, copy_of: str | None = None, seed: int = 0) -> Report:
    """Add what lies at a path, promised every 90 days, with two copies required."""
    request = AddRequest(homes=(path,), copy_of=copy_of, copies=2, by="archive")
    return add(
        ledger,
        request,
        default_every=90 * DAY,
        crew=InProcess(),
        clock=lambda: NOON,
        randomness=random.Random(f"{path}{seed}").randbytes,
        progress=Silent(),
    )


def two_copies(ledger: Ledger, home: Path, form: str = "folder") -> Copies:
    """Write a bag twice below a folder, and take both in."""
    ending = "" if form == "folder" else f".{form}"
    one, two = home / "one" / f"bag{ending}", home / "two" / f"bag{ending}"
    for path in (one, two):
        path.parent.mkdir()
        write(path, form, sound(random.Random(1)))
    taken_in(ledger, one)
    taken_in(ledger, two, copy_of=str(one))
    return Copies(ledger=ledger, one=one, two=two)


def rules_of(report: Report) -> list[str]:
    """The ids of all findings, in order."""
    return [finding.rule.id for subject in report.subjects for finding in subject.findings]
