"""muniment beside bagit-python, sha512sum and the limit, in one run on the same data.

    python tests/benchmarks/bench_bagit.py --folder /var/tmp/bench --json results.json

Figures are whole commands with their start-up, cache hot, alternating; ratios are medians of
pairs. `--files` makes it smaller for a first look. The limit is the same digests by hashlib over
buffers in memory on all cores. `--million` adds a bag of a million files, which takes 7 GiB of disk
and is made within some minutes.

What is written goes to a folder of its own each time, on a disk that has been synced, and is
removed at the end: for some minutes ext4 gives away no inode that was just freed, and searches for
others, which would slow whoever writes next.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from material import RECORD, bag_of, bag_of_small_files, big_files, small_files
from measuring import Measured, machine, pairs, run

BIN = Path(sys.executable).parent
MUNIMENT = str(BIN / "muniment")
BAGIT = str(BIN / "bagit.py")
BIG_COUNT, BIG_SIZE = 4, 256 << 20
MILLION = 1_000_000


class Bench:
    """All the measurements over one folder of material."""

    def __init__(self, folder: Path, files: int, rounds: int) -> None:
        self.folder = folder
        self.files = files
        self.rounds = rounds
        self.rows: list[dict[str, object]] = []
        self.memory: list[dict[str, object]] = []
        self.written: list[Path] = []

    def row(
        self,
        work: str,
        other: str,
        wanted: float,
        figures: tuple[float, float, float],
        **more: object,
    ) -> None:
        ours, theirs, ratio = figures
        row = {
            "work": work,
            "beside": other,
            "wanted": wanted,
            "ratio": round(ratio, 2),
            "seconds": round(ours, 2),
            "other_seconds": round(theirs, 2),
            **more,
        }
        self.rows.append(row)
        print(json.dumps(row), flush=True)  # noqa: T201 - this is a command

    def all(self) -> None:
        source = small_files(self.folder / "small", self.files)
        bag = bag_of(source, self.folder / "bag")
        try:
            self.package(source)
            self.verify(bag)
            self.quick(bag)
            self.big()
            self.archives(bag)
        finally:
            for path in self.written:
                shutil.rmtree(path, ignore_errors=True)

    def fresh(self) -> Path:
        """A path where nothing was before, on a disk that has nothing left to write."""
        path = self.folder / f"written-{os.getpid()}-{len(self.written)}"
        self.written.append(path)
        subprocess.run(["sync", "-f", str(self.folder)], check=True)
        return path

    def verify(self, bag: Path) -> None:
        memory: dict[str, list[int]] = {"ours": [], "theirs": []}

        def ours() -> float:
            return _noted(run([MUNIMENT, "verify", str(bag)]), memory["ours"])

        def theirs() -> float:
            command = [BAGIT, "--validate", "--quiet", "--processes", "2", str(bag)]
            return _noted(run(command), memory["theirs"])

        ours()
        figures = pairs(ours, theirs, self.rounds)
        share = max(memory["ours"]) / max(memory["theirs"])
        self.row(
            f"verify, {self.files:,} small files",
            "bagit-python",
            5,
            figures,
            memory_share=round(share, 2),
            peak_mib=round(max(memory["ours"]) / 2**20),
        )
        sums = f"cd {bag} && find data -type f -print0 | xargs -0 -P 2 -n 500 sha512sum"
        figures = pairs(ours, lambda: run(["sh", "-c", sums]).seconds, self.rounds)
        self.row(f"verify, {self.files:,} small files", "sha512sum by xargs -P 2", 0, figures)

    def million(self) -> None:
        """A million files beside ten times a tenth of them: time and memory grow with the files."""
        bag = bag_of_small_files(self.folder / "bag-million", MILLION)
        tenth = bag_of_small_files(self.folder / "bag-tenth", MILLION // 10)
        peaks: dict[Path, list[int]] = {bag: [], tenth: []}

        def verify(which: Path) -> float:
            return _noted(run([MUNIMENT, "verify", str(which)]), peaks[which])

        verify(tenth)
        figures = pairs(lambda: verify(bag), lambda: 10 * verify(tenth), self.rounds)
        work = f"verify, {MILLION:,} small files"
        self.row(work, "ten times verify of a tenth", 0.83, figures)
        peak, tenth_peak = (round(max(peaks[which]) / 2**20) for which in (bag, tenth))
        self.memory.append({"work": work, "peak_mib": peak, "tenth_peak_mib": tenth_peak})

    def quick(self, bag: Path) -> None:
        figures = pairs(
            lambda: run([MUNIMENT, "verify", "--quick", str(bag)]).seconds,
            lambda: run([BAGIT, "--validate", "--fast", "--quiet", str(bag)]).seconds,
            self.rounds,
        )
        self.row(f"verify --quick, {self.files:,} small files", "bagit-python --fast", 10, figures)

    def package(self, source: Path) -> None:
        record = self.folder / "record.yaml"
        record.write_text(RECORD)

        def ours() -> float:
            command = [
                MUNIMENT,
                "package",
                str(source),
                "--record",
                str(record),
                "--output",
                str(self.fresh()),
                "--date",
                "2024-05-17",
            ]
            return run(command).seconds

        def theirs() -> float:
            copy = self.fresh()
            script = (
                f"cp -a {source} {copy} && {BAGIT} --sha256 --sha512 --processes 2 --quiet"
                f" {copy} && sync -f {copy}"
            )
            return run(["sh", "-c", script]).seconds

        figures = pairs(ours, theirs, max(self.rounds, 3))
        self.row(
            f"package, {self.files:,} small files, durable (three pairs)",
            "cp -a, bagit-python, sync",
            2.5,
            figures,
        )

    def big(self) -> None:
        bag = bag_of(big_files(self.folder / "big", BIG_COUNT, BIG_SIZE), self.folder / "big-bag")
        empty = bag_of(small_files(self.folder / "one", 1), self.folder / "one-bag")
        run([MUNIMENT, "verify", str(bag)])

        def ours() -> float:
            start = run([MUNIMENT, "verify", str(empty)]).seconds
            return run([MUNIMENT, "verify", str(bag)]).seconds - start

        figures = pairs(ours, limit, self.rounds)
        self.row(f"verify, {BIG_COUNT} files of 256 MiB, start-up apart", "the limit", 0.9, figures)

    def archives(self, bag: Path) -> None:
        tar = self.folder / "bag.tar"
        if not tar.exists():
            subprocess.run(["tar", "cf", str(tar), bag.name], cwd=bag.parent, check=True)
        packed = self.folder / "bag.zip"
        if not packed.exists():
            shutil.make_archive(str(packed.with_suffix("")), "zip", bag.parent, bag.name)
        for archive, wanted in ((tar, 3), (packed, 6)):
            unpack = self._unpacking(archive)
            figures = pairs(self._verifying(archive), unpack, self.rounds)
            work = f"verify inside {archive.suffix}, {self.files:,} small files"
            self.row(work, "unpacking and bagit-python", wanted, figures)

    def _verifying(self, archive: Path) -> Callable[[], float]:
        return lambda: run([MUNIMENT, "verify", str(archive)]).seconds

    def _unpacking(self, archive: Path) -> Callable[[], float]:
        unpack = "tar xf" if archive.suffix == ".tar" else f"{sys.executable} -m zipfile -e"
        into = " -C" if archive.suffix == ".tar" else ""
        validate = f"{BAGIT} --validate --quiet --processes 2"

        def theirs() -> float:
            place = self.fresh()
            script = f"mkdir {place} && {unpack} {archive}{into} {place} && {validate} {place}/bag"
            return run(["sh", "-c", script]).seconds

        return theirs


def limit() -> float:
    """The same bytes and digests by hashlib over a buffer in memory, on all cores."""
    with ProcessPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        list(pool.map(_warm, range(4)))
        started = time.perf_counter()
        list(pool.map(_digest_buffer, [BIG_SIZE] * BIG_COUNT))
        return time.perf_counter() - started


def _warm(number: int) -> int:
    return number


def _digest_buffer(size: int) -> None:
    buffer = bytes(1 << 20)
    hashers = (hashlib.sha256(), hashlib.sha512())
    for _ in range(size >> 20):
        for hasher in hashers:
            hasher.update(buffer)


def _noted(measured: Measured, memory: list[int]) -> float:
    memory.append(measured.peak_bytes)
    return measured.seconds


def main() -> None:
    """Measure everything and write what was measured."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--folder", type=Path, required=True)
    arguments.add_argument("--files", type=int, default=100_000)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--million", action="store_true")
    arguments.add_argument("--json", type=Path, default=Path(__file__).parent / "bagit.json")
    given = arguments.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    bench = Bench(given.folder, given.files, given.rounds)
    bench.all()
    if given.million:
        bench.million()
    result = {
        "machine": machine(),
        "files": given.files,
        "rounds": given.rounds,
        "rows": bench.rows,
        "memory": bench.memory,
    }
    given.json.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
