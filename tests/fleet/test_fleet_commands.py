"""verify and package --batch on a real cluster: the same verdicts, the same bags."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bagbuilder import Bag
from dask_cluster import DaskCluster, wait_until


def run(*line: str | Path, folder: Path) -> tuple[int, dict[str, Any]]:
    """The command in a process of its own; its exit code and its report."""
    command = [sys.executable, "-m", "muniment", *map(str, line), "--format", "json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return done.returncode, json.loads(done.stdout) if done.stdout else {"said": done.stderr}


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    with DaskCluster(tmp_path_factory.mktemp("dask"), workers=2) as cluster:
        yield cluster


def fifty_bags(folder: Path) -> list[str]:
    """Forty-seven sound bags, one changed, one short of a file, one that is no bag."""
    for number in range(50):
        bag = Bag(payload={"data/page.txt": b"page %d" % number}).seal()
        if number == 11:
            bag = bag.put("data/page.txt", b"page XI")
        bag.write(folder / f"bag-{number:02d}")
    (folder / "bag-22" / "data" / "page.txt").unlink()
    shutil.rmtree(folder / "bag-33")
    return [f"bag-{number:02d}" for number in range(50)]


def told(report: dict[str, Any]) -> list[tuple[str, str, list[str]]]:
    """Subject, verdict and rules of each subject."""
    return [
        (each["subject"], each["verdict"], [finding["rule"] for finding in each["findings"]])
        for each in report["subjects"]
    ]


@pytest.mark.parametrize("who", ["two processes", "a cluster"])
def test_verify_gives_each_bag_its_own_verdict_in_the_order_given(
    dask: DaskCluster, tmp_path: Path, who: str
) -> None:
    bags = fifty_bags(tmp_path)
    hands = ["--workers", "2"] if who == "two processes" else ["--cluster", dask.address]
    code, report = run("verify", *bags, *hands, folder=tmp_path)
    alone, expected = run("verify", *bags, "--workers", "1", folder=tmp_path)
    assert (code, alone) == (1, 1)
    assert told(report) == told(expected)
    wrong = {subject: (verdict, rules) for subject, verdict, rules in told(report) if rules}
    assert wrong == {"bag-11": ("fail", ["BAG-301"]), "bag-22": ("fail", ["BAG-201"])}
    assert told(report)[33] == ("bag-33", "unverified", [])


def test_one_bag_is_shared_out_by_its_files(dask: DaskCluster, tmp_path: Path) -> None:
    payload = {f"data/{number}.txt": b"%d" % number for number in range(1500)}
    Bag(payload=payload).seal().put("data/1234.txt", b"4321").write(tmp_path / "bag")
    code, report = run("verify", "bag", "--cluster", dask.address, folder=tmp_path)
    found = [(f["rule"], f["location"]["path"]) for f in report["subjects"][0]["findings"]]
    assert (code, found) == (1, [("BAG-301", "data/1234.txt")])


def test_a_batch_gives_the_same_bags_as_without_a_cluster(
    dask: DaskCluster, tmp_path: Path
) -> None:
    rows = ["identifier,title,created,files"]
    for number in range(12):
        (tmp_path / f"{number}.txt").write_text(f"page {number}")
        created = "1874-13" if number == 5 else "1874"
        rows.append(f"page-{number},Page {number},{created},{number}.txt")
    (tmp_path / "items.csv").write_text("\n".join(rows) + "\n")
    line = ("package", "--batch", "items.csv", "--date", "2026-11-23")
    code, report = run(*line, "--output", "here", "--workers", "1", folder=tmp_path)
    fleet = ("--output", "there", "--cluster", dask.address)
    code_of_fleet, report_of_fleet = run(*line, *fleet, folder=tmp_path)
    assert (code, code_of_fleet) == (1, 1)
    assert [each["verdict"] for each in report_of_fleet["subjects"]] == [
        each["verdict"] for each in report["subjects"]
    ]
    assert [bag["made"]["name"] for bag in report_of_fleet["result"]["bags"]] == [
        f"page-{number}" for number in range(12) if number != 5
    ]
    same = subprocess.run(["diff", "-r", "here", "there"], cwd=tmp_path, check=False)
    assert same.returncode == 0


def test_no_scheduler_is_exit_3(tmp_path: Path) -> None:
    Bag().seal().write(tmp_path / "bag")
    line = ("verify", "bag", "--cluster", "tcp://127.0.0.1:9")
    code, report = run(*line, folder=tmp_path)
    assert code == 3
    assert b"no Dask scheduler answers at tcp://127.0.0.1:9" in report["said"]


def test_a_single_bag_has_no_rows_to_share_out(tmp_path: Path) -> None:
    line = ("package", "x", "--record", "y", "--output", "z", "--cluster", "tcp://127.0.0.1:9")
    code, report = run(*line, folder=tmp_path)
    assert code == 2
    assert b"--batch" in report["said"]


def test_workers_that_come_late_are_waited_for(tmp_path: Path) -> None:
    Bag().seal().write(tmp_path / "bag")
    with DaskCluster(tmp_path, workers=0) as late:
        command = [sys.executable, "-m", "muniment", "verify", "bag", "--cluster", late.address]
        process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE)
        late.start_worker()
        wait_until(lambda: process.poll() is not None)
        output, _ = process.communicate()
        assert (process.returncode, output[:4]) == (0, b"PASS")


@pytest.mark.parametrize("who", ["two processes", "a cluster"])
def test_a_batch_that_is_killed_leaves_whole_bags_and_goes_on(
    dask: DaskCluster, tmp_path: Path, who: str
) -> None:
    rows = ["identifier,title,created,files"]
    for number in range(40):
        (tmp_path / f"{number}.txt").write_text(f"page {number}")
        rows.append(f"page-{number},Page {number},1874,{number}.txt")
    (tmp_path / "items.csv").write_text("\n".join(rows) + "\n")
    hands = ["--workers", "2"] if who == "two processes" else ["--cluster", dask.address]
    line = ("package", "--batch", "items.csv", "--date", "2026-11-23", "--output", "out", *hands)
    killed = subprocess.Popen([sys.executable, "-m", "muniment", *line], cwd=tmp_path)
    wait_until(lambda: len(list(tmp_path.glob("out/page-*"))) > 5)
    killed.kill()
    killed.wait()
    made = sorted(path.name for path in tmp_path.glob("out/page-*"))
    assert run("verify", *(f"out/{name}" for name in made), folder=tmp_path)[0] == 0
    code, report = run(*line, folder=tmp_path)
    assert (code, report["summary"]["pass"]) == (0, 40)
