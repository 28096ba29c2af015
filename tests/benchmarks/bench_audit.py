"""The audit of many small bags, beside the same digests by hashlib over the same files.

    python tests/benchmarks/bench_audit.py --folder /var/tmp/bench --json audit.json

Both use all cores and hot cache; ours is the whole command with its start-up, its self-test and
its checkpoint. What is left after the digests, by the bag and on all cores together, is its cost.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "support"))

from bagbuilder import Bag  # noqa: E402 - the path is set before
from measuring import machine, pairs, run  # noqa: E402

MUNIMENT = str(Path(sys.executable).parent / "muniment")
FILES = 20


def make_bags(folder: Path, count: int) -> list[str]:
    """So many bags of twenty files of 0.2-8 KB; those that are there already are used again."""
    chance = Random(count)
    paths = []
    for number in range(count):
        path = folder / f"bag-{number:05d}"
        paths.append(str(path))
        if not path.is_dir():
            payload = {
                f"data/{name:02d}.txt": chance.randbytes(chance.randrange(200, 8000))
                for name in range(FILES)
            }
            Bag(payload=payload, algorithms=("sha256", "sha512")).seal().write(path)
    return paths


def digest_bags(paths: list[str]) -> int:
    """Read every file of some bags and digest it by both algorithms."""
    import hashlib

    digested = 0
    for path in paths:
        for base, _, names in os.walk(path):
            for name in names:
                data = Path(base, name).read_bytes()
                hashlib.sha256(data).digest()
                hashlib.sha512(data).digest()
                digested += 1
    return digested


def digests_alone(paths: list[str]) -> float:
    """Seconds of all cores for the digests of all files."""
    cores = len(os.sched_getaffinity(0))
    started = time.perf_counter()
    with ProcessPoolExecutor(cores) as pool:
        sum(pool.map(digest_bags, [paths[start::cores] for start in range(cores)]))
    return time.perf_counter() - started


def main() -> None:
    """Measure and write what was measured."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--folder", type=Path, required=True)
    arguments.add_argument("--bags", type=int, default=10_000)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--json", type=Path, default=HERE / "audit.json")
    given = arguments.parse_args()
    paths = make_bags(given.folder / "audited", given.bags)
    os.environ["XDG_DATA_HOME"] = str(given.folder / f"data-{os.getpid()}")
    ledger = ("--ledger", str(given.folder / f"ledger-{os.getpid()}.sqlite"))
    run([MUNIMENT, "audit", "add", str(given.folder / "audited"), *ledger])
    peaks: list[int] = []

    def ours() -> float:
        result = run([MUNIMENT, "audit", "run", "--all", "--quiet", *ledger])
        peaks.append(result.peak_bytes)
        return result.seconds

    own, other, ratio = pairs(ours, lambda: digests_alone(paths), given.rounds)
    row = {
        "work": f"audit run, {given.bags:,} bags of {FILES} files",
        "beside": "the digests alone",
        "seconds": round(own, 2),
        "other_seconds": round(other, 2),
        "ratio": round(ratio, 2),
        "milliseconds_beyond_digests_per_bag": round(1000 * (own - other) / given.bags, 2),
        "wanted": 2.0,
        "peak_mib": round(max(peaks) / 2**20),
    }
    print(json.dumps(row))  # noqa: T201 - this is a command
    result = {"machine": machine(), "rounds": given.rounds, "rows": [row]}
    given.json.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
