"""The same bags verified by a local Dask cluster of two workers and by two local processes.

    python tests/benchmarks/bench_fleet.py --folder /var/tmp/bench --json fleet.json

The cluster is warm: its workers have loaded muniment. Figures are whole commands with their
start-up; the overhead of a bag is that of very small bags, start-up apart.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "support"))

from bagbuilder import Bag  # noqa: E402 - the path is set before
from dask_cluster import DaskCluster  # noqa: E402
from measuring import machine, pairs, run  # noqa: E402

MUNIMENT = str(Path(sys.executable).parent / "muniment")
WORKERS = 2


def bags(folder: Path, count: int, octets: int) -> list[str]:
    """So many bags of one file each; those that are there already are used again."""
    for number in range(count):
        bag = folder / f"bag-{number:05d}"
        if not bag.is_dir():
            payload = {"data/scan.tif": os.urandom(octets)}
            info = (("Payload-Oxum", f"{octets}.1"),)
            Bag(payload=payload, info=info, algorithms=("sha256", "sha512")).seal().write(bag)
    return [str(folder / f"bag-{number:05d}") for number in range(count)]


def seconds(bags: list[str], *hands: str) -> float:
    """One whole command."""
    return run([MUNIMENT, "verify", "--quiet", *bags, *hands]).seconds


def main() -> None:
    """Measure and write what was measured."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--folder", type=Path, required=True)
    arguments.add_argument("--bags", type=int, default=1000)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--json", type=Path, default=HERE / "fleet.json")
    given = arguments.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    large = bags(given.folder / "bags-4mb", given.bags, 4_000_000)
    small = bags(given.folder / "bags-tiny", given.bags, 100)
    with DaskCluster(given.folder, workers=WORKERS) as dask:
        fleet = ("--cluster", dask.address)
        local = ("--workers", str(WORKERS))
        seconds(large, *fleet)
        own, other, ratio = pairs(
            lambda: seconds(large, *fleet), lambda: seconds(large, *local), given.rounds
        )
        start = min(seconds(small[:1], *fleet) for _ in range(given.rounds))
        whole = min(seconds(small, *fleet) for _ in range(given.rounds))
    row = {
        "work": f"verify, {given.bags:,} bags of 4 MB, Dask cluster of {WORKERS} workers",
        "beside": f"{WORKERS} local processes",
        "seconds": round(own, 2),
        "other_seconds": round(other, 2),
        "ratio": round(ratio, 2),
        "wanted": 0.85,
        "milliseconds_per_small_bag": round(1000 * (whole - start) / given.bags, 2),
    }
    print(json.dumps(row))  # noqa: T201 - this is a command
    result = {"machine": machine(), "rounds": given.rounds, "rows": [row]}
    given.json.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
