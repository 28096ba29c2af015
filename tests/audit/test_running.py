"""A run: void where it finds no faults, gone on with where it was killed, honest where unsure."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ledgers import NOON, opened
from planted_holdings import path_of, sound, write

from muniment.audit import looking
from muniment.audit.bag_reading import read_bag
from muniment.audit.entries import EntryKind
from muniment.audit.exporting import checkpoint_shelf
from muniment.audit.keys import SigningKey
from muniment.audit.ledger import Ledger
from muniment.audit.outcomes import HoldingOutcome
from muniment.audit.second_reading import Mismatch, SecondReading, read_again
from muniment.bags.fixity import Comparison
from muniment.model.findings import Report, Verdict
from muniment.storage.addresses import Home
from muniment.storage.executors import InProcess, ProcessPool
from muniment.storage.progress import Silent
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


@pytest.mark.parametrize("break_it", [always_equal, skips_the_last_file, stops_after_the_first])
def test_a_run_that_cannot_find_faults_is_void(
    ledger: Ledger,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    break_it: Callable[[pytest.MonkeyPatch], None],
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
    assert set(found) == {"folder", "tar", "tar.gz", "zip"}
    assert all(each["found"] < each["planted"] for each in found.values())
    monkeypatch.undo()
    os.environ["PYTEST_LEDGER_FOLDER"] = str(tmp_path)
    assert everything(ledger, seed=2).verdict() is Verdict.PASS


def test_a_sound_run_says_what_its_self_test_found(ledger: Ledger, tmp_path: Path) -> None:
    taken_in(ledger, some_bags(tmp_path, 1))
    everything(ledger)
    (begun,) = ledger.events(kinds=[EntryKind.RUN_BEGUN])
    assert begun.entry.body["self_test"] == {
        form: {"planted": 9, "found": 9} for form in ("folder", "tar", "tar.gz", "zip")
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


def killed_at(delay: float, url: str, folder: Path, seed: int) -> None:
    """A run in a process of its own, with two workers, killed after a while."""
    child = os.fork()
    if child == 0:
        try:
            os.environ["PYTEST_LEDGER_FOLDER"] = str(folder)
            with opened(url) as ledger, ProcessPool(2) as pool:
                everything(ledger, pool, seed=seed)
        finally:
            os._exit(0)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


MOMENTS = 50
BAGS = 60


def test_a_run_killed_at_any_moment_is_gone_on_with(ledger_url: str, tmp_path: Path) -> None:
    """Fifty kills: no event lost or doubled, and the next run goes on under the same id."""
    chance = random.Random(11)
    with opened(ledger_url) as ledger:
        taken_in(ledger, some_bags(tmp_path, BAGS))
        ids = {state.id for state in ledger.holdings()}
    interrupted = 0
    for moment in range(MOMENTS):
        killed_at(chance.uniform(0.01, 0.4), ledger_url, tmp_path, seed=moment)
        with opened(ledger_url) as ledger:
            unfinished = ledger.unfinished_run()
            if unfinished is None:
                continue
            before = Counter(
                event.entry.holding
                for event in ledger.events(run=unfinished, kinds=[EntryKind.FIXITY_CHECKED])
            )
            interrupted += 0 < len(before) < BAGS
            report = everything(ledger, seed=1000 + moment)
            assert report.result is not None
            assert report.result["run"] == unfinished
            after = Counter(
                event.entry.holding
                for event in ledger.events(run=unfinished, kinds=[EntryKind.FIXITY_CHECKED])
            )
            assert after == Counter(ids)
            assert len(report.subjects) <= BAGS - len(before)
            assert ledger.unfinished_run() is None
    with opened(ledger_url) as ledger:
        events = list(ledger.events())
        assert [event.number for event in events] == list(range(len(events)))
        assert all(state.outcome is HoldingOutcome.INTACT for state in ledger.holdings())
    assert interrupted > 3
