"""Bags verified from an S3 server on loopback, beside what obstore alone reads and digests.

    python tests/benchmarks/bench_objects.py --folder /var/tmp/bench --json objects.json

The server is rclone's. Both sides list the objects, read each once and digest it by sha256 and
sha512, obstore by 32 threads or, for the big object, as one stream; figures are whole commands with
their start-up. muniment compares with the manifests besides.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "support"))

from material import bag_of, big_files, small_files  # noqa: E402 - the path is set before
from measuring import machine, pairs, run  # noqa: E402
from object_servers import ObjectServer, rclone_server  # noqa: E402

MUNIMENT = str(Path(sys.executable).parent / "muniment")
ALONE = """
import hashlib, sys
from concurrent.futures import ThreadPoolExecutor
import obstore
from obstore.store import S3Store
bucket, prefix = sys.argv[1:]
store = S3Store(bucket, client_options={"allow_http": True, "timeout": "600s"})
paths = [
    (meta["path"], meta["size"])
    for page in obstore.list(store, prefix, chunk_size=1000)
    for meta in page
]
def read(item):
    path, size = item
    hashers = hashlib.sha256(), hashlib.sha512()
    result = obstore.get(store, path)
    for piece in [result.bytes()] if size < 8 << 20 else result.stream(8 << 20):
        for hasher in hashers:
            hasher.update(piece)
    return [hasher.digest() for hasher in hashers]
with ThreadPoolExecutor(32) as pool:
    print(len(list(pool.map(read, paths))))
"""


def measured(prefix: str, rounds: int) -> dict[str, object]:
    """Both over the same objects, in turn."""
    peaks: list[int] = []

    def ours() -> float:
        result = run([MUNIMENT, "verify", f"s3://bench/{prefix}"])
        peaks.append(result.peak_bytes)
        return result.seconds

    def alone() -> float:
        return run([sys.executable, "-c", ALONE, "bench", prefix]).seconds

    ours()
    own, other, ratio = pairs(ours, alone, rounds)
    return {
        "beside": "obstore alone",
        "seconds": round(own, 2),
        "other_seconds": round(other, 2),
        "ratio": round(ratio, 2),
        "peak_mib": round(max(peaks) / 2**20),
    }


def fill(server: ObjectServer, folder: Path, files: int) -> dict[str, tuple[str, float]]:
    """Bags as the server's own files; what each is called, and the ratio that is wanted."""
    bucket = server.data / "bench"
    bucket.mkdir()
    wanted = {}
    for name, source, work, ratio in (
        ("small", small_files(folder / "small", files), f"{files:,} small objects", 0.8),
        ("big", big_files(folder / "big-one", 1, 1 << 30), "one object of 1 GiB", 0.9),
    ):
        bag = bag_of(source, folder / f"{name}-bag")
        (bucket / name).symlink_to(bag.resolve())
        wanted[name] = (f"verify from S3, {work}", ratio)
    return wanted


def main() -> None:
    """Measure and write what was measured."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--folder", type=Path, required=True)
    arguments.add_argument("--files", type=int, default=20_000)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--json", type=Path, default=HERE / "objects.json")
    given = arguments.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    rows = []
    home = given.folder / f"server-{os.getpid()}"
    with rclone_server(home) as server:
        os.environ |= server.environment
        for name, (work, wanted) in fill(server, given.folder, given.files).items():
            rows.append({"work": work, "wanted": wanted, **measured(name, given.rounds)})
            print(json.dumps(rows[-1]), flush=True)  # noqa: T201 - this is a command
    result = {"machine": machine(), "files": given.files, "rounds": given.rounds, "rows": rows}
    given.json.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
