"""audit add and run on a real cluster: whoever is killed, each holding gets its one outcome."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from dask_cluster import DaskCluster
from ledgers import PostgreSQL, opened
from planted_holdings import PLANTS, path_of, sound, write

from muniment.audit.entries import EntryKind
from muniment.audit.ledger import Ledger

BAGS = 500
KILLS = 10
BETWEEN = 35  # observations from one kill to the next
KINDS = {"AUD-101": "corrupt", "AUD-102": "missing", "AUD-103": "extra", "AUD-104": "swapped"}


def started(folder: Path, ledger: str, *line: str | Path, **more: str) -> subprocess.Popen[bytes]:
    """A command of the audit, at work in a process of its own."""
    command = [sys.executable, "-m", "muniment", "audit", *map(str, line), "--format", "json"]
    environment = {
        **os.environ,
        "MUNIMENT_LEDGER": ledger,
        "XDG_DATA_HOME": str(folder / "data-home"),
        **more,
    }
    with (folder / "report.json").open("wb") as output, (folder / "said.txt").open("wb") as said:
        return subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=said)


def audit(folder: Path, ledger: str, *line: str | Path, **more: str) -> tuple[int, dict[str, Any]]:
    """The same, waited for: its exit code and its report."""
    return ended(started(folder, ledger, *line, **more), folder)


def ended(process: subprocess.Popen[bytes], folder: Path) -> tuple[int, dict[str, Any]]:
    code, output = process.wait(), (folder / "report.json").read_text()
    said = {"said": (folder / "said.txt").read_text()}
    return code, json.loads(output) if output else said


def outcomes(ledger: Ledger, run: str | None = None) -> dict[str, list[str]]:
    """What each place was found to be, check by check."""
    places = {state.id: state.place.address for state in ledger.holdings()}
    found: dict[str, list[str]] = {place: [] for place in places.values()}
    for event in ledger.events(run=run, kinds=[EntryKind.FIXITY_CHECKED]):
        found[places[event.entry.holding or ""]].append(event.entry.body["outcome"])
    return found


def disturbing(folder: Path, ledger: str) -> DaskCluster:
    """Workers that poisonous and slow bags disturb; the slow ones wait for 24 others."""
    (folder / "seen").mkdir()
    return DaskCluster(
        folder,
        workers=2,
        nannies=True,
        environment={
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
            "DASK_DISTRIBUTED__WORKER__PRELOAD": "['worker_preload']",
            "MUNIMENT_LEDGER": ledger,
            "MUNIMENT_TEST_OTHERS": "24",
            "MUNIMENT_TEST_SEEN": str(folder / "seen"),
        },
    )


def bags(folder: Path, count: int, name: str = "bag") -> dict[Path, dict[str, bytes]]:
    kept = {}
    for number in range(count):
        path = path_of(folder, number, "folder")
        path = path.with_name(path.name.replace("bag", name))
        kept[path] = sound(random.Random(number))
        write(path, "folder", kept[path])
    return kept


class Fleet:
    """A cluster that is being killed piece by piece while it works."""

    def __init__(self, dask: DaskCluster, database: str) -> None:
        self.dask = dask
        self.kills = 0
        self.has_lost_its_scheduler = False
        self._database = database

    def disturb(self) -> None:
        """Kill what is next to be killed, if as much has been observed."""
        observed = self._observed()
        if not self.has_lost_its_scheduler and observed >= BETWEEN * KILLS / 2:
            self.has_lost_its_scheduler = True
            self.dask.kill_scheduler()
        elif self.kills < KILLS and observed >= BETWEEN * (self.kills + 1):
            self.kills += 1
            self.dask.crew[-2].kill()
            self.dask.start_worker()

    def recover(self) -> None:
        """A scheduler where the old one was, and two workers."""
        self.dask.start_scheduler()
        for _ in range(2):
            self.dask.start_worker()

    def _observed(self) -> int:
        import psycopg

        with psycopg.connect(self._database) as connection:
            row = connection.execute("SELECT count(*) FROM observations").fetchone()
        return int(row[0]) if row else 0


def test_whoever_is_killed_each_bag_has_one_outcome_and_the_right_one(
    postgresql_server: PostgreSQL, tmp_path: Path
) -> None:
    url = postgresql_server.database()
    archive = tmp_path / "archive"
    kept = bags(archive, BAGS)
    assert audit(tmp_path, url, "add", archive)[0] == 0
    chance = random.Random(1)
    expected = dict.fromkeys(map(str, kept), frozenset[str]())
    for turn, path in enumerate(chance.sample(sorted(kept), 50)):
        faults = PLANTS[turn % len(PLANTS)].change(kept[path], chance)
        write(path, "folder", kept[path])
        expected[str(path)] = frozenset(kind for kind, _ in faults)

    codes: list[int] = []
    with DaskCluster(tmp_path, workers=2, environment={"MUNIMENT_LEDGER": url}) as dask:
        fleet = Fleet(dask, url)
        while len(codes) < 2:
            process = started(tmp_path, url, "run", "--all", "--cluster", dask.address)
            while process.poll() is None:
                fleet.disturb()
                time.sleep(0.02)
            code, report = ended(process, tmp_path)
            codes.append(code)
            if code == 3:
                assert "scheduler" in report["said"]
                fleet.recover()
    assert (codes, fleet.kills) == ([3, 1], KILLS)
    with opened(url, create=False) as ledger:
        (begun,) = ledger.events(kinds=[EntryKind.RUN_BEGUN])
        found = outcomes(ledger, begun.entry.run)
        assert ledger.unfinished_run() is None
    assert {len(checks) for checks in found.values()} == {1}
    wrong = {place for place, (outcome,) in found.items() if outcome != "intact"}
    assert wrong == {place for place, kinds in expected.items() if kinds}
    assert all(found[place][0] in expected[place] for place in wrong)


def test_the_same_outcomes_with_and_without_a_cluster(ledger_url: str, tmp_path: Path) -> None:
    kept = bags(tmp_path / "archive", 40)
    with DaskCluster(tmp_path, workers=2, environment={"MUNIMENT_LEDGER": ledger_url}) as dask:
        code, report = audit(
            tmp_path, ledger_url, "add", tmp_path / "archive", "--cluster", dask.address
        )
        assert (code, len(report["result"]["added"])) == (0, 40)
        broken = sorted(kept)[7]
        (broken / "data" / "a.txt").write_bytes(b"?")
        code, there = audit(tmp_path, ledger_url, "run", "--all", "--cluster", dask.address)
    alone, here = audit(tmp_path, ledger_url, "run", "--all", "--workers", "2")
    assert (code, alone) == (1, 1)
    assert there["result"]["outcomes"] == here["result"]["outcomes"] == {"corrupt": 1, "intact": 39}
    (wrong,) = [each for each in there["subjects"] if each["findings"]]
    assert (wrong["subject"], wrong["findings"][0]["rule"]) == (str(broken), "AUD-101")
    with opened(ledger_url, create=False) as ledger:
        assert Counter(len(checks) for checks in outcomes(ledger).values()) == {2: 40}
        for event in ledger.events(kinds=[EntryKind.RUN_BEGUN]):
            each = {"planted": 9, "found": 9}
            assert event.entry.body["self_test"] == {
                "folder": each,
                "tar": each,
                "tar.gz": each,
                "zip": each,
                "plain folder": each,
            }


def test_a_bag_that_kills_its_workers_is_the_auditors_fault_and_no_other(
    ledger_url: str, tmp_path: Path
) -> None:
    bags(tmp_path / "archive", 30)
    bags(tmp_path / "archive", 1, "poison")
    assert audit(tmp_path, ledger_url, "add", tmp_path / "archive")[0] == 0
    with disturbing(tmp_path, ledger_url) as dask:
        code, report = audit(tmp_path, ledger_url, "run", "--all", "--cluster", dask.address)
    assert code == 3
    assert report["result"]["outcomes"] == {"auditor-fault": 1, "intact": 30}
    (left,) = [each for each in report["subjects"] if each["checks"]["skipped"]]
    assert left["subject"].endswith("poison-0000")
    assert "workers were lost over it" in left["checks"]["skipped"][0]["reason"]


@pytest.mark.parametrize("ledger_url", ["sqlite"], indirect=True)
def test_a_slow_disk_does_not_hold_back_the_others(ledger_url: str, tmp_path: Path) -> None:
    """One worker at /dev/shm: its bags, due first, can only be read after all the others."""
    with ExitStack() as stack:
        slow = Path(stack.enter_context(tempfile.TemporaryDirectory(dir="/dev/shm")))
        (tmp_path / "muniment.toml").write_text('[locations."/dev/shm"]\nworkers = 1\n')
        bags(slow, 12, "slow")
        bags(tmp_path / "archive", 24)
        year = {"SOURCE_DATE_EPOCH": "1750000000"}
        assert audit(tmp_path, ledger_url, "add", slow, **year)[0] == 0
        assert audit(tmp_path, ledger_url, "add", tmp_path / "archive")[0] == 0
        dask = stack.enter_context(disturbing(tmp_path, ledger_url))
        code, report = audit(tmp_path, ledger_url, "run", "--all", "--cluster", dask.address)
    assert (code, report["result"]["outcomes"]) == (0, {"intact": 36})


@pytest.mark.parametrize("command", [("run",), ("add", "bag")])
def test_a_file_is_no_ledger_for_a_cluster_elsewhere(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    url = str(tmp_path / "ledger.sqlite")
    bags(tmp_path / "archive", 1)
    audit(tmp_path, url, "add", tmp_path / "archive")
    code, report = audit(tmp_path, url, *command, "--cluster", "tcp://192.0.2.1:8786")
    assert code == 2
    assert "keep the ledger in PostgreSQL" in report["said"]
