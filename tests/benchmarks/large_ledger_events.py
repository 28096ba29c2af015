"""What happens in a ledger of years: which holdings, which runs, what each check finds.

A round is a check of every holding; it is spread over runs, one a night. Nothing is left to chance.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "support"))

from ledgers import added, baseline, check  # noqa: E402 - the path is set before

from muniment.audit.bodies import Check, RunBegun, RunEnded  # noqa: E402
from muniment.audit.descriptions import sha256_of  # noqa: E402
from muniment.audit.entries import Entry, EntryKind, instant  # noqa: E402
from muniment.audit.observations import Observation  # noqa: E402
from muniment.audit.outcomes import HoldingOutcome  # noqa: E402

BEGIN = datetime(2024, 1, 1, 20, tzinfo=UTC)
EVERY = 90 * 86400
BY = "archive"
SIZES = 1000  # so many sizes there are
LOCATIONS = 4
CORRUPT_OF = 10_007  # one holding in so many is found corrupt
_RUN_MINUTES = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How many holdings, how many checks of each, and over how many runs a round goes."""

    holdings: int
    rounds: int
    runs: int = 90

    def night(self, number: int) -> datetime:
        """When the run of this number begins, round by round; the additions are the first."""
        return BEGIN + number * timedelta(seconds=EVERY // self.runs)

    def of_run(self, run: int) -> range:
        """The holdings that a run of a round looks at."""
        first, end = (place * self.holdings // self.runs for place in (run, run + 1))
        return range(first, end)

    @property
    def events(self) -> int:
        """All of them, with the ledger's own first one."""
        return 1 + self.holdings * (1 + self.rounds) + 2 * self.runs * self.rounds


def holding_id(number: int) -> str:
    """The id of a holding."""
    return f"{number:016x}"


def addition(number: int, at: datetime) -> tuple[Entry, bytes]:
    """A holding taken in, one of two copies, and the document that describes it."""
    document = f"{number:064x} {octets_of(number)} tagmanifest-sha256.txt\n".encode()
    known = baseline(octets_of(number), sha256_of(document))
    location = f"/archive/{number % LOCATIONS}"
    entry = added(
        holding_id(number),
        at=at,
        every=EVERY,
        address=f"{location}/{number:08d}",
        location=location,
        object=holding_id(number // 2),
        copies=2,
        baseline=known,
        check=check(octets=octets_of(number)),
    )
    return entry, document


def octets_of(number: int) -> int:
    """The size of a holding in bytes, from 1 MB to 1 GB."""
    return (number % SIZES + 1) * 1_000_000


def observation(number: int, run: str, at: str) -> Observation:
    """What a run saw of a holding."""
    seen = check_of(number % SIZES, is_corrupt=number % CORRUPT_OF == CORRUPT_OF - 1)
    return Observation(run=run, holding=holding_id(number), attempt=1, at=at, by=BY, check=seen)


@cache
def check_of(size: int, *, is_corrupt: bool) -> Check:
    """A check of a holding of one of the sizes."""
    outcome = HoldingOutcome.CORRUPT if is_corrupt else HoldingOutcome.INTACT
    return check(outcome, octets=octets_of(size))


def run_name(begun: datetime) -> str:
    """The id of a run."""
    return f"{instant(begun)}-00000000"


def run_begun(begun: datetime) -> Entry:
    """A run that passed its self-test begins."""
    test = {kind: {"planted": 5, "found": 5} for kind in ("folder", "tar", "zip")}
    body = RunBegun(software="muniment", self_test=test)
    return Entry(
        kind=EntryKind.RUN_BEGUN, at=instant(begun), by=BY, run=run_name(begun), body=body.to_json()
    )


def run_ended(begun: datetime, numbers: range) -> Entry:
    """It ends when all its holdings were looked at."""
    corrupt = sum(number % CORRUPT_OF == CORRUPT_OF - 1 for number in numbers)
    body = RunEnded(
        outcomes={"corrupt": corrupt, "intact": len(numbers) - corrupt},
        not_reached=0,
        octets=sum(map(octets_of, numbers)),
        seconds=_RUN_MINUTES * 60,
    )
    at = instant(begun + timedelta(minutes=_RUN_MINUTES))
    return Entry(kind=EntryKind.RUN_ENDED, at=at, by=BY, run=run_name(begun), body=body.to_json())


def moments(begun: datetime, count: int) -> list[str]:
    """When each of so many checks of a run was made, spread over its time."""
    minutes = [instant(begun + timedelta(minutes=minute)) for minute in range(_RUN_MINUTES)]
    return [minutes[place * _RUN_MINUTES // count] for place in range(count)]
