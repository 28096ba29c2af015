"""A run: void where it finds no faults, gone on with where it was killed, honest where unsure."""

from __future__ import annotations

import itertools
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from ledgers import NOON, opened
from planted_holdings import path_of, sound, write

from muniment.audit import looking, recording
from muniment.audit.bag_reading import read_bag
from muniment.audit.entries import Entry, EntryKind, instant
from muniment.audit.exporting import checkpoint_shelf
from muniment.audit.keys import SigningKey
from muniment.audit.ledger import Ledger
from muniment.audit.merkle import root_of
from muniment.audit.outcomes import HoldingOutcome
from muniment.audit.second_reading import Mismatch, SecondReading, read_again
from muniment.bags.fixity import Comparison
from muniment.model.findings import Report, Verdict
from muniment.storage.addresses import Home
from muniment.storage.executors import InProcess, ProcessPool
from muniment.storage.progress import Silent
from muniment.workflow import audit_running
from muniment.workflow.audit_adding import AddRequest, add
from muniment.workflow.audit_running import Means, RunRequest, VoidRunError, run
from muniment.workflow.crews import Crew

KEY = SigningKey(seed=bytes(range(32)))
DAY = 86400


def means(ledger: Ledger, crew: Crew | None = None, *, seed: int = 1) -> Means:
    chance = random.Random(seed)
    return Means(
        crew=crew or InProcess(),
        clock=lambda: NOON,
        elapsed=time.monotonic,
        pause=time.sleep,
        randomness=chance.randbytes,
        key=KEY,
        shelf=checkpoint_shelf(str(ledger_folder(ledger) / "ledger.sqlite"), None, {}),
        progress=Silent(),
    )


def ledger_folder(ledger: Ledger) -> Path:
    """A folder of the ledger's own, whatever it lies in."""
    return Path(os.environ["PYTEST_LEDGER_FOLDER"]) / ledger.origin.rpartition("/")[2]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTEST_LEDGER_FOLDER", str(tmp_path))
    return tmp_path


def taken_in(ledger: Ledger, paths: list[Path]) -> Report:
    return add(
        ledger,
        AddRequest(homes=tuple(paths), by="archive"),
        default_every=90 * DAY,
        crew=InProcess(),
        clock=lambda: NOON,
        randomness=random.Random(7).randbytes,
        progress=Silent(),
    )


def everything(ledger: Ledger, crew: Crew | None = None, *, seed: int = 1, **more: Any) -> Report:  # noqa: ANN401 - of the request
    request = RunRequest(everything=True, by="archive", **more)
    return run(ledger, request, means(ledger, crew, seed=seed))


def some_bags(folder: Path, count: int) -> list[Path]:
    paths = [path_of(folder, number, "folder") for number in range(count)]
    for number, path in enumerate(paths):
        write(path, "folder", sound(random.Random(number)))
    return paths


def always_equal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Comparison, "_differs", lambda *_: None)


def skips_the_last_file(monkeypatch: pytest.MonkeyPatch) -> None:
    from muniment.bags import checking

    real: Callable[..., Iterator[tuple[str, int]]] = vars(checking)["survey"]

    def all_but_the_last(*arguments: Any) -> Iterator[tuple[str, int]]:  # noqa: ANN401
        files = list(real(*arguments))
        yield from files[:-1]

    monkeypatch.setattr(checking, "survey", all_but_the_last)


def stops_after_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Comparison._differs

    def first_only(self: Comparison, *arguments: Any) -> None:  # noqa: ANN401
        if not any(finding.rule is self.changed for finding in self.findings.found):
            real(self, *arguments)

    monkeypatch.setattr(Comparison, "_differs", first_only)


def _breaks_plain_folders(
    monkeypatch: pytest.MonkeyPatch, differing: Callable[[list[Any]], list[Any]]
) -> None:
    from muniment.audit import folder_reading

    real: Callable[..., Iterator[Any]] = vars(folder_reading)["_differing"]
    monkeypatch.setattr(
        folder_reading, "_differing", lambda *given: iter(differing(list(real(*given))))
    )


def always_equal_in_plain_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    _breaks_plain_folders(monkeypatch, lambda _: [])


def stops_after_the_first_in_plain_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    _breaks_plain_folders(monkeypatch, lambda found: found[:1])


def skips_the_last_file_of_plain_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    _breaks_plain_folders(
        monkeypatch, lambda found: [each for each in found if each[0].path != "data/last.txt"]
    )


BAG_FORMS = {"folder", "tar", "tar.gz", "zip"}


@pytest.mark.parametrize(
    ("break_it", "blind"),
    [
        (always_equal, BAG_FORMS),
        (skips_the_last_file, BAG_FORMS),
        (stops_after_the_first, BAG_FORMS),
        (always_equal_in_plain_folders, {"plain folder"}),
        (skips_the_last_file_of_plain_folders, {"plain folder"}),
        (stops_after_the_first_in_plain_folders, {"plain folder"}),
    ],
)
def test_a_run_that_cannot_find_faults_is_void(
    ledger: Ledger,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    break_it: Callable[[pytest.MonkeyPatch], None],
    blind: set[str],
) -> None:
    taken_in(ledger, some_bags(tmp_path, 2))
    size = ledger.size()
    break_it(monkeypatch)
    with pytest.raises(VoidRunError, match="the self-test did not find what was planted"):
        everything(ledger)
    begun, ended = ledger.events(first=size)
    assert (begun.entry.kind, ended.entry.kind) == (EntryKind.RUN_BEGUN, EntryKind.RUN_ENDED)
    assert ended.entry.body["void"] is True
    found = begun.entry.body["self_test"]
    assert set(found) == {*BAG_FORMS, "plain folder"}
    assert {form for form, each in found.items() if each["found"] < each["planted"]} == blind
    monkeypatch.undo()
    os.environ["PYTEST_LEDGER_FOLDER"] = str(tmp_path)
    assert everything(ledger, seed=2).verdict() is Verdict.PASS


def test_a_run_that_is_gone_on_with_is_tried_again(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken_in(ledger, some_bags(tmp_path, 2))
    begun = Entry(kind=EntryKind.RUN_BEGUN, at=instant(NOON), by="archive", run="one", body={})
    ledger.record([begun])
    size = ledger.size()
    always_equal(monkeypatch)
    with pytest.raises(VoidRunError):
        everything(ledger)
    (ended,) = ledger.events(first=size)
    assert (ended.entry.run, ended.entry.body["void"]) == ("one", True)


class Hours:
    """A clock that goes on by a second whenever it is asked, and by every pause."""

    def __init__(self) -> None:
        self.now = 0.0
        self.paused: list[float] = []

    def elapsed(self) -> float:
        self.now += 1
        return self.now

    def pause(self, seconds: float) -> None:
        self.paused.append(seconds)
        self.now += seconds


@pytest.mark.parametrize("large", [1 << 30, 1])
def test_no_more_time_is_used_than_allowed(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: int
) -> None:
    monkeypatch.setattr(audit_running, "LARGE_BYTES", large)
    taken_in(ledger, some_bags(tmp_path, 40))
    hours = Hours()
    request = RunRequest(everything=True, seconds=100, by="archive")
    report = run(ledger, request, replace(means(ledger), elapsed=hours.elapsed))
    reached = len(report.subjects)
    assert 0 < reached < 40
    result = dict(report.result or {})
    assert (result["not_reached"], result["outcomes"]) == (40 - reached, {"intact": reached})
    assert hours.now < 150


@pytest.mark.parametrize("large", [1 << 30, 1])
def test_no_more_bytes_a_second_are_read_than_allowed(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: int
) -> None:
    monkeypatch.setattr(audit_running, "LARGE_BYTES", large)
    taken_in(ledger, some_bags(tmp_path, 8))
    hours = Hours()
    request = RunRequest(everything=True, rate=1, by="archive")
    with_hours = replace(means(ledger), elapsed=hours.elapsed, pause=hours.pause)
    report = run(ledger, request, with_hours)
    assert report.verdict() is Verdict.PASS
    payload = sum(
        path.stat().st_size for path in tmp_path.glob("bag-*/data/**/*") if path.is_file()
    )
    assert sum(hours.paused) > 0.7 * payload


def test_a_sound_run_says_what_its_self_test_found(ledger: Ledger, tmp_path: Path) -> None:
    taken_in(ledger, some_bags(tmp_path, 1))
    everything(ledger)
    (begun,) = ledger.events(kinds=[EntryKind.RUN_BEGUN])
    assert begun.entry.body["self_test"] == {
        form: {"planted": 9, "found": 9} for form in (*BAG_FORMS, "plain folder")
    }


def test_two_reads_that_disagree_are_no_fault_of_the_holding(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bag,) = some_bags(tmp_path, 1)
    taken_in(ledger, [bag])
    right = (bag / "data" / "a.txt").read_bytes()
    (bag / "data" / "a.txt").write_bytes(b"?" * len(right))

    def restored(home: Home, mismatches: Iterable[Mismatch]) -> dict[str, SecondReading]:
        if home == bag:
            (bag / "data" / "a.txt").write_bytes(right)
        return read_again(home, mismatches)

    monkeypatch.setattr(looking, "read_again", restored)
    report = everything(ledger)
    assert report.verdict() is Verdict.UNVERIFIED
    (checked,) = ledger.events(kinds=[EntryKind.FIXITY_CHECKED])
    assert checked.entry.body["outcome"] == "auditor-fault"
    assert checked.entry.body["first"].startswith("data/a.txt: sha512 ")
    assert "two reads disagree" in report.subjects[0].findings[0].message


def test_what_a_second_read_no_longer_finds_stays_corrupt(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bag,) = some_bags(tmp_path, 1)
    taken_in(ledger, [bag])
    (bag / "data" / "a.txt").write_bytes(b"?")

    def quarantined(home: Home, mismatches: Iterable[Mismatch]) -> dict[str, SecondReading]:
        if home == bag:
            (bag / "data" / "a.txt").unlink()
        return read_again(home, mismatches)

    monkeypatch.setattr(looking, "read_again", quarantined)
    everything(ledger)
    (checked,) = ledger.events(kinds=[EntryKind.FIXITY_CHECKED])
    assert checked.entry.body["outcome"] == "corrupt"
    assert checked.entry.body["first"].startswith("data/a.txt: sha512 ")


def test_one_bad_holding_never_stops_the_others(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = some_bags(tmp_path, 5)
    taken_in(ledger, paths)

    def broken(home: Path, *arguments: Any, **more: Any) -> Any:  # noqa: ANN401
        if home == paths[2]:
            raise ZeroDivisionError("a bug")
        return read_bag(home, *arguments, **more)

    monkeypatch.setattr(looking, "read_bag", broken)
    report = everything(ledger)
    assert report.result is not None
    assert report.result["outcomes"] == {"auditor-fault": 1, "intact": 4}
    (left,) = [skipped for subject in report.subjects for skipped in subject.checks_skipped]
    assert left.reason == "ZeroDivisionError: a bug"


def test_a_nonced_read_is_bound_to_a_checkpoint(ledger: Ledger, tmp_path: Path) -> None:
    taken_in(ledger, some_bags(tmp_path, 1))
    everything(ledger, nonced=True)
    everything(ledger, nonced=True, seed=2)
    first, second = (
        event.entry.body["evidence"]["nonce"]
        for event in ledger.events(kinds=[EntryKind.FIXITY_CHECKED])
    )
    assert first["checkpoint_size"] < second["checkpoint_size"]
    assert first["digest"] != second["digest"]


BAGS = 12
MOMENTS = 50


def child_run(url: str, folder: Path, prepare: Callable[[Ledger], None], *, workers: int) -> int:
    """A run in a process of its own, which writes each observation by itself; its id."""
    child = os.fork()
    if child == 0:
        try:
            os.environ["PYTEST_LEDGER_FOLDER"] = str(folder)
            recording._GROUP_SECONDS = 0.0
            with opened(url) as ledger, ProcessPool(workers) as pool:
                prepare(ledger)
                everything(ledger, pool, seed=time.monotonic_ns())
        finally:
            os._exit(0)
    return child


def dies_at_statement(number: int) -> Callable[[Ledger], None]:
    """SIGKILL to itself before the statement of this number is sent to the database."""

    def prepare(ledger: Ledger) -> None:
        statements = itertools.count(1)

        def count(*_: object) -> None:
            if next(statements) == number:
                os.kill(os.getpid(), signal.SIGKILL)

        sa.event.listen(ledger._engine, "before_cursor_execute", count)

    return prepare


def checked_in(ledger: Ledger, run_id: str) -> Counter[str | None]:
    kinds = [EntryKind.FIXITY_CHECKED]
    return Counter(event.entry.holding for event in ledger.events(run=run_id, kinds=kinds))


def gone_on_with(url: str, ids: set[str]) -> int | None:
    """Run again; how many holdings the killed run had recorded, None where it had not begun."""
    with opened(url) as ledger:
        unfinished = ledger.unfinished_run()
        if unfinished is None:
            return None
        before = checked_in(ledger, unfinished)
        report = everything(ledger, seed=time.monotonic_ns())
        assert report.result is not None
        assert report.result["run"] == unfinished
        assert checked_in(ledger, unfinished) == Counter(ids)
        assert len(report.subjects) <= len(ids) - len(before)
        assert ledger.unfinished_run() is None
        return len(before)


def ledger_is_whole(url: str) -> None:
    with opened(url) as ledger:
        events = list(ledger.events())
        assert [event.number for event in events] == list(range(len(events)))
        assert ledger.root() == root_of(event.leaf_hash() for event in events)
        assert all(state.outcome is HoldingOutcome.INTACT for state in ledger.holdings())


def test_a_run_killed_at_fifty_moments_is_gone_on_with(ledger_url: str, tmp_path: Path) -> None:
    """No event lost or doubled, and the next run goes on under the same id."""
    with opened(ledger_url) as ledger:
        taken_in(ledger, some_bags(tmp_path, BAGS))
        ids = {state.id for state in ledger.holdings()}
    recorded = set()
    for statement in range(5, 5 + 3 * MOMENTS, 3):
        child = child_run(ledger_url, tmp_path, dies_at_statement(statement), workers=1)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), f"the run has not {statement} statements"
        recorded.add(gone_on_with(ledger_url, ids))
    ledger_is_whole(ledger_url)
    assert {None, 0, 1, BAGS // 2, BAGS - 1} <= recorded


def test_a_run_with_workers_killed_at_random_is_gone_on_with(
    ledger_url: str, tmp_path: Path
) -> None:
    chance = random.Random(11)
    with opened(ledger_url) as ledger:
        taken_in(ledger, some_bags(tmp_path, 3 * BAGS))
        ids = {state.id for state in ledger.holdings()}
    for _ in range(6):
        child = child_run(ledger_url, tmp_path, lambda _: None, workers=2)
        time.sleep(chance.uniform(0.05, 0.5))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        gone_on_with(ledger_url, ids)
    ledger_is_whole(ledger_url)
