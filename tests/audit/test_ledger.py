"""One contract for the ledger in every database."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from dask_cluster import wait_until
from ledgers import NOON, added, baseline, check, history, observation, opened

from muniment.audit.bodies import Accepted, Moved, PromiseSet, Retired
from muniment.audit.entries import Entry, EntryKind, instant
from muniment.audit.holdings import Place
from muniment.audit.ledger import Ledger
from muniment.audit.merkle import (
    consistency_proof,
    inclusion_proof,
    root_from_inclusion,
    root_of,
    roots_from_consistency,
)
from muniment.audit.outcomes import HoldingOutcome
from muniment.model.errors import EnvironmentFault, UsageError

LATER = instant(NOON + timedelta(days=30))


def entry(kind: EntryKind, holding: str, body: dict[str, object], at: str = LATER) -> Entry:
    return Entry(kind=kind, at=at, by="archive", holding=holding, body=body)


def test_a_new_ledger_says_so_in_its_first_event(ledger: Ledger) -> None:
    (event,) = ledger.events()
    assert (event.number, event.entry.kind) == (0, EntryKind.LEDGER_OPENED)
    assert event.entry.body == {"origin": ledger.origin}
    assert ledger.origin.startswith("muniment/")


def test_opened_again_it_is_the_same_ledger(ledger_url: str) -> None:
    with opened(ledger_url, seed=1) as first:
        first.record([added("a")])
        origin, root = first.origin, first.root()
    with opened(ledger_url, seed=2) as again:
        assert (again.origin, again.size(), again.root()) == (origin, 2, root)


def test_it_is_begun_once_by_many_at_a_time(ledger_url: str) -> None:
    together = threading.Barrier(6)

    def begin(seed: int) -> str:
        together.wait()
        with opened(ledger_url, seed=seed) as ledger:
            return ledger.origin

    with ThreadPoolExecutor(6) as pool:
        origins = set(pool.map(begin, range(6)))
    with opened(ledger_url, create=False) as ledger:
        assert origins == {ledger.origin}
        assert [event.entry.kind for event in ledger.events()] == [EntryKind.LEDGER_OPENED]


def test_events_are_numbered_without_gaps_and_chained_by_holding(ledger: Ledger) -> None:
    ledger.record([added("a"), added("b")])
    ledger.observe([observation("a"), observation("b")])
    assert ledger.sequence() == 2
    events = list(ledger.events())
    assert [event.number for event in events] == list(range(5))
    of_a = list(ledger.events(holding="a"))
    assert [event.previous for event in of_a] == [None, of_a[0].leaf_hash()]
    assert [ledger.leaf(event.number) for event in events] == [event.leaf() for event in events]


def test_an_equal_observation_changes_nothing(ledger: Ledger) -> None:
    ledger.record([added("a")])
    ledger.observe([observation("a", days=1)])
    ledger.sequence()
    ledger.observe([observation("a", days=2)])
    assert ledger.sequence() == 0
    assert ledger.size() == 3


@pytest.mark.parametrize("worse_first", [True, False])
def test_of_two_that_differ_both_are_kept_and_the_worse_counts(
    ledger: Ledger, *, worse_first: bool
) -> None:
    ledger.record([added("a")])
    both = [observation("a", outcome=HoldingOutcome.CORRUPT), observation("a")]
    for each in both if worse_first else reversed(both):
        ledger.observe([each])
        ledger.sequence()
    outcomes = {event.entry.body["outcome"] for event in ledger.events(run="run-1")}
    assert outcomes == {"corrupt", "intact"}
    assert ledger.holding("a").outcome is HoldingOutcome.CORRUPT


def test_the_next_run_counts_for_itself(ledger: Ledger) -> None:
    ledger.record([added("a")])
    ledger.observe([observation("a", outcome=HoldingOutcome.CORRUPT)])
    ledger.observe([observation("a", run="run-2", days=2)])
    ledger.sequence()
    assert ledger.holding("a").outcome is HoldingOutcome.INTACT


def test_what_is_not_known_moves_no_deadline(ledger: Ledger) -> None:
    ledger.record([added("a", every=86400)])
    before = ledger.holding("a")
    ledger.observe([observation("a", outcome=HoldingOutcome.UNREACHABLE, days=5)])
    ledger.sequence()
    after = ledger.holding("a")
    assert (after.since, after.due_at) == (before.since, before.due_at)
    assert (after.outcome, after.checked_at) == (
        HoldingOutcome.UNREACHABLE,
        instant(NOON + timedelta(days=5)),
    )
    ledger.observe([observation("a", run="run-2", outcome=HoldingOutcome.CORRUPT, days=6)])
    ledger.sequence()
    assert ledger.holding("a").due_at == instant(NOON + timedelta(days=7))


def test_every_change_of_a_holding_shows_in_its_state(ledger: Ledger) -> None:
    ledger.record([added("a")])
    place = Place(address="/elsewhere/a", form="folder", location="/elsewhere", mounted=True)
    new = baseline(octets=9, document="e" * 64)
    ledger.record(
        [
            entry(EntryKind.PROMISE_SET, "a", PromiseSet(every=3600, copies=2).to_json()),
            entry(EntryKind.HOLDING_MOVED, "a", Moved(place=place, check=check()).to_json()),
            entry(
                EntryKind.CHANGE_ACCEPTED,
                "a",
                Accepted(
                    baseline=new,
                    before="d" * 64,
                    reason="new title",
                    check=check(HoldingOutcome.CHANGED),
                ).to_json(),
            ),
            entry(EntryKind.HOLDING_RETIRED, "a", Retired(reason="r", authority="law").to_json()),
        ]
    )
    state = ledger.holding("a")
    assert (state.every, state.copies, state.place, state.baseline) == (3600, 2, place, new)
    assert (state.octets, state.outcome, state.retired) == (9, HoldingOutcome.CHANGED, True)
    assert state.due_at == instant(NOON + timedelta(days=30, hours=1))
    assert state.last_event == 5


def test_due_ones_come_earliest_deadline_first(ledger: Ledger) -> None:
    days = random.Random(3).sample(range(1, 3000), 2500)
    ledger.record([added(f"{day:016x}", every=day * 86400) for day in days])
    due = [state.every // 86400 for state in ledger.due(instant(NOON + timedelta(days=2000)))]
    assert due == sorted(day for day in days if day <= 2000)


def test_the_retired_are_not_due(ledger: Ledger) -> None:
    ledger.record([added("a"), added("b")])
    body = Retired(reason="duplicate", authority="schedule 7").to_json()
    ledger.record([entry(EntryKind.HOLDING_RETIRED, "a", body)])
    assert [state.id for state in ledger.due("9999-12-31T23:59:59Z")] == ["b"]
    assert [state.id for state in ledger.holdings()] == ["b"]
    assert [state.id for state in ledger.holdings(include_retired=True)] == ["a", "b"]


def test_a_holding_is_found_by_id_name_and_place(ledger: Ledger, tmp_path: Path) -> None:
    ledger.record([added("a", address=str(tmp_path / "a")), added("b", address="s3://box/b")])
    for asked in ("a", "bag-a", str(tmp_path / "x" / ".." / "a")):
        assert ledger.find(asked).id == "a"
    assert ledger.find("s3://box/b").id == "b"
    with pytest.raises(UsageError, match='there is no holding "bag-c"'):
        ledger.find("bag-c")


def test_a_name_of_several_is_refused_with_their_ids(ledger: Ledger) -> None:
    ledger.record([added("a", name="twin"), added("b", name="twin")])
    with pytest.raises(UsageError, match=r"a \(/archive/a\), b \(/archive/b\)"):
        ledger.find("twin")
    body = Retired(reason="duplicate", authority="schedule 7").to_json()
    ledger.record([entry(EntryKind.HOLDING_RETIRED, "a", body)])
    assert ledger.find("twin").id == "b"


def test_what_cannot_come_now_leaves_no_trace(ledger: Ledger) -> None:
    ledger.record([added("a")])
    root = ledger.root()
    with pytest.raises(UsageError, match="not there"):
        ledger.record([added("b"), entry(EntryKind.HOLDING_RETIRED, "c", {})])
    with pytest.raises(UsageError, match="is there"):
        ledger.record([added("a")])
    assert (ledger.size(), ledger.root()) == (2, root)
    assert [state.id for state in ledger.holdings()] == ["a"]


def test_documents_are_kept_once_and_found_by_digest(ledger: Ledger) -> None:
    ledger.record([added("a")], {"d" * 64: b"text"})
    ledger.record([added("b")], {"d" * 64: b"text"})
    assert ledger.document("d" * 64) == b"text"
    with pytest.raises(EnvironmentFault, match="lost the document eee"):
        ledger.document("e" * 64)


def test_roots_and_proofs_are_those_of_the_whole_tree(ledger: Ledger) -> None:
    history(ledger, holdings=120, checks=10)
    hashes = [event.leaf_hash() for event in ledger.events()]
    size = len(hashes)
    assert size == 1321
    root = root_of(hashes)
    assert ledger.root() == root
    for number in (0, 255, 256, 700, 1279, 1280, 1320):
        path = inclusion_proof(number, size, ledger.subtree_root)
        assert root_from_inclusion(hashes[number], number, size, path) == root
    for old in (1, 256, 257, 1024, 1300, 1321):
        proof = consistency_proof(old, size, ledger.subtree_root)
        old_root = ledger.root(old)
        assert old_root == root_of(hashes[:old])
        assert roots_from_consistency(old, size, old_root, proof) == (old_root, root)


def test_only_one_run_is_at_work(ledger: Ledger, ledger_url: str) -> None:
    with opened(ledger_url) as other:
        with (
            ledger.only_run(),
            pytest.raises(EnvironmentFault, match="another run is at work"),
            other.only_run(),
        ):
            pass
        with other.only_run():
            pass


def test_the_lock_of_a_killed_run_is_free_at_once(ledger: Ledger, ledger_url: str) -> None:
    child = os.fork()
    if child == 0:
        with opened(ledger_url) as own, own.only_run():
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    wait_until(lambda: _is_free(ledger))


def _is_free(ledger: Ledger) -> bool:
    try:
        with ledger.only_run():
            return True
    except EnvironmentFault:
        return False


def test_a_run_that_was_not_ended_is_found(ledger: Ledger) -> None:
    begun = Entry(kind=EntryKind.RUN_BEGUN, at=LATER, by="archive", run="r1", body={})
    ended = Entry(kind=EntryKind.RUN_ENDED, at=LATER, by="archive", run="r1", body={})
    assert ledger.unfinished_run() is None
    ledger.record([begun])
    assert ledger.unfinished_run() == "r1"
    ledger.record([ended])
    assert ledger.unfinished_run() is None


def test_checkpoints_are_kept_with_their_time_stamps(ledger: Ledger) -> None:
    ledger.keep_checkpoint(2, b"two")
    ledger.keep_checkpoint(1, b"one")
    ledger.keep_checkpoint(1, b"one")
    ledger.keep_timestamp(2, b"token")
    assert ledger.checkpoints() == [(1, b"one"), (2, b"two")]
    assert (ledger.timestamp(1), ledger.timestamp(2)) == (None, b"token")


def test_an_older_schema_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with opened(str(path)) as ledger:
        ledger.record([added("a")])
        ledger.keep_checkpoint(1, b"one")
        root = ledger.root()
    with sqlite3.connect(path) as old:
        old.execute("ALTER TABLE checkpoints DROP COLUMN timestamp")
        old.execute("UPDATE meta SET value = '1' WHERE key = 'schema'")
    old.close()
    with opened(str(path)) as ledger:
        ledger.keep_timestamp(1, b"token")
        assert (ledger.timestamp(1), ledger.root()) == (b"token", root)


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    opened(str(path)).close()
    with sqlite3.connect(path) as new:
        new.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    new.close()
    with pytest.raises(UsageError, match="written by a newer muniment"):
        opened(str(path))


def test_a_place_without_a_ledger_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no ledger at"):
        opened(str(tmp_path / "none.sqlite"), create=False)
    assert list(tmp_path.iterdir()) == []


def test_something_else_is_no_ledger(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("a letter, and not a database\n" * 200)
    with pytest.raises(EnvironmentFault, match="file is not a database"):
        opened(str(tmp_path / "text"))
    with sqlite3.connect(tmp_path / "other") as other:
        other.execute("CREATE TABLE songs (title TEXT)")
    other.close()
    with pytest.raises(UsageError, match="no ledger of muniment"):
        opened(str(tmp_path / "other"))
    with pytest.raises(UsageError, match="is no file"):
        opened(str(tmp_path))


def test_the_password_of_a_server_shows_nowhere() -> None:
    with pytest.raises(EnvironmentFault) as told:
        opened("postgresql://clerk:s3cr3t@127.0.0.1:9/ledger?connect_timeout=2")
    assert "127.0.0.1:9/ledger" in str(told.value)
    assert "s3cr3t" not in str(told.value)
    assert told.value.__cause__ is None


def test_the_file_is_its_users_own(tmp_path: Path) -> None:
    opened(str(tmp_path / "own" / "ledger.sqlite")).close()
    assert (tmp_path / "own" / "ledger.sqlite").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "own").stat().st_mode & 0o777 == 0o700
