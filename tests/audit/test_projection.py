"""How holdings stand is the same made event by event and made anew from the whole history."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from ledgers import NOON, added, baseline, check, observation, opened

from muniment.audit.bodies import Accepted, Moved, PromiseSet, Repaired, Retired
from muniment.audit.canonical import decode
from muniment.audit.checking_ledger import check_ledger
from muniment.audit.entries import Entry, EntryKind, instant
from muniment.audit.holdings import Place
from muniment.audit.ledger import Ledger
from muniment.audit.outcomes import HoldingOutcome
from muniment.audit.projection import Row, after, state_of
from muniment.storage.executors import InProcess

IDS = ("a", "b", "c")
NEW = b"a new description"
OLD = b"a description"
NAMES = {hashlib.sha256(each).hexdigest(): each for each in (NEW, OLD)}
NEW_NAME, OLD_NAME = NAMES

Step = tuple[str, str, HoldingOutcome, int, str | None]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["observe", "accept", "move", "repair", "promise", "retire", "sequence"]),
        st.sampled_from(IDS),
        st.sampled_from(list(HoldingOutcome)),
        st.integers(min_value=0, max_value=400),
        st.sampled_from([None, "run-1", "run-2"]),
    ),
    max_size=25,
)


def bodies(step: Step) -> dict[str, tuple[EntryKind, Callable[[], dict[str, object]]]]:
    _, holding, outcome, number, _ = step
    place = Place(address=f"/moved/{holding}/{number}", form="tar", location="/moved", mounted=True)
    found = check(outcome, files=number, octets=number * 7)
    accepted = Accepted(
        baseline=baseline(octets=number, document=NEW_NAME),
        before=OLD_NAME,
        reason="new title",
        check=found,
    )
    return {
        "accept": (EntryKind.CHANGE_ACCEPTED, accepted.to_json),
        "move": (EntryKind.HOLDING_MOVED, Moved(place=place, check=found).to_json),
        "repair": (
            EntryKind.HOLDING_REPAIRED,
            Repaired(source="c", paths=number, check=found).to_json,
        ),
        "promise": (EntryKind.PROMISE_SET, PromiseSet(every=number + 1, copies=2).to_json),
        "retire": (EntryKind.HOLDING_RETIRED, Retired(reason="r", authority="law").to_json),
    }


def take(ledger: Ledger, step: Step) -> None:
    what, holding, outcome, number, run = step
    if what == "observe":
        ledger.observe(
            [
                observation(
                    holding, run=run or "run-3", attempt=number % 3, outcome=outcome, days=number
                )
            ]
        )
    elif what == "sequence":
        ledger.sequence()
    else:
        kind, body = bodies(step)[what]
        at = instant(NOON + timedelta(days=number))
        ledger.record(
            [Entry(kind=kind, at=at, by="archive", holding=holding, run=run, body=body())]
        )


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_incrementally_and_from_scratch(steps: list[Step]) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        opened(str(Path(folder) / "ledger.sqlite")) as ledger,
    ):
        described = baseline(document=OLD_NAME)
        ledger.record([added(each, baseline=described) for each in IDS[:2]], NAMES)
        ledger.record([added("c", baseline=None, check=check(HoldingOutcome.UNREACHABLE))])
        for step in steps:
            take(ledger, step)
        ledger.sequence()
        rows: dict[str, Row] = {}
        for event in ledger.events():
            holding = event.entry.holding
            if holding is not None:
                leaf = event.leaf()
                rows[holding] = after(rows.get(holding), decode(leaf), event.leaf_hash())
        assert {state.id: state for state in ledger.holdings(include_retired=True)} == {
            holding: state_of(row) for holding, row in rows.items()
        }
        assert check_ledger(ledger, InProcess()).findings == ()
