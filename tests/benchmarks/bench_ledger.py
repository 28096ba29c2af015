"""A ledger of a million holdings and ten million events: status, forecast, check and a proof of it.

    python tests/benchmarks/bench_ledger.py --folder /var/tmp/bench --json ledger.json

The ledger is filled as it would be after two years of runs (12 GB, with the observations that the
events were made of), or used again with --keep. Figures are whole commands with their start-up, but
for the check of a proof in the library.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from datetime import timedelta
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "support"))

from large_ledger import build  # noqa: E402 - the path is set before
from large_ledger_events import Shape, holding_id, observation  # noqa: E402
from measuring import machine, run  # noqa: E402

from muniment import workflow  # noqa: E402
from muniment.audit.entries import instant  # noqa: E402
from muniment.audit.keys import FILE_NAME, SigningKey  # noqa: E402
from muniment.audit.ledger import open_ledger  # noqa: E402

MUNIMENT = str(Path(sys.executable).parent / "muniment")
KEY = SigningKey(seed=b"k" * 32)
ROUNDS = 9
PROVEN = 0  # the holding that is proven, by its number
PROVEN_EVENTS = 20
CHECKS = 20
TOLD = (0, 1)  # a status with corrupt holdings is a failure


def at_home(folder: Path) -> Path:
    """A data folder of the benchmark's own, with the key that signed; the file of the key."""
    os.environ["XDG_DATA_HOME"] = str(folder / "data")
    path = folder / "data" / "muniment" / FILE_NAME
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    path.write_bytes(KEY.to_pem())
    return path


def filled(path: Path, shape: Shape) -> float:
    """Fill the ledger where there is none, and check one holding time and again; seconds."""
    started = time.perf_counter()
    if not path.exists():
        build(path, shape, KEY)
        with open_ledger(str(path), clock=lambda: shape.night(0), randomness=os.urandom) as ledger:
            now = shape.night(shape.runs * (shape.rounds + 1)) - timedelta(hours=3)
            for place in range(PROVEN_EVENTS - 1 - shape.rounds):
                ledger.observe([observation(PROVEN, f"extra-{place:02d}", instant(now))])
            ledger.sequence()
    return time.perf_counter() - started


def commands(ledger: Path, folder: Path) -> list[dict[str, object]]:
    """Seconds and peak memory of each command on the ledger."""
    proof = folder / "holding.proof"
    proof.unlink(missing_ok=True)
    wanted = (
        ("audit status", 2.0, ["status"]),
        ("audit forecast --time-limit 5h", 2.0, ["forecast", "--time-limit", "5h"]),
        ("audit check-ledger", 100.0, ["check-ledger"]),
        (
            f"audit prove, {PROVEN_EVENTS} events",
            None,
            ["prove", holding_id(PROVEN), "--output", str(proof)],
        ),
    )
    rows: list[dict[str, object]] = []
    for work, most, words in wanted:
        took = run([MUNIMENT, "audit", *words, "--quiet", "--ledger", str(ledger)], ends=TOLD)
        rows.append(
            {
                "work": work,
                "seconds": round(took.seconds, 2),
                "wanted": most,
                "peak_mib": round(took.peak_bytes / 2**20),
            }
        )
        print(json.dumps(rows[-1]), flush=True)  # noqa: T201 - this is a command
    return rows


def proof_checked(folder: Path, key: Path) -> dict[str, object]:
    """How large the proof is, and the median time of its check."""
    proof = folder / "holding.proof"
    request = workflow.ProofRequest(proof=proof, own_key=key)
    times = []
    for _ in range(CHECKS):
        started = time.perf_counter()
        report = workflow.check_proof_file(request)
        times.append(time.perf_counter() - started)
        if report.verdict != "pass":
            raise RuntimeError(f"the proof is not good: {report.subjects}")
    return {
        "bytes": proof.stat().st_size,
        "wanted_bytes": 20_000,
        "milliseconds": round(1000 * statistics.median(times), 1),
        "wanted_milliseconds": 100,
    }


def main() -> None:
    """Measure and write what was measured."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--folder", type=Path, required=True)
    arguments.add_argument("--holdings", type=int, default=1_000_000)
    arguments.add_argument("--keep", action="store_true", help="leave the ledger for another time")
    arguments.add_argument("--json", type=Path, default=HERE / "ledger.json")
    given = arguments.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    key = at_home(given.folder)
    shape = Shape(holdings=given.holdings, rounds=ROUNDS)
    os.environ["SOURCE_DATE_EPOCH"] = str(
        int(shape.night(shape.runs * (shape.rounds + 1)).timestamp())
    )
    path = given.folder / f"ledger-{given.holdings}.sqlite"
    taken = filled(path, shape)
    with open_ledger(str(path), clock=lambda: shape.night(0), randomness=os.urandom) as ledger:
        events = ledger.size()
    result = {
        "machine": machine(),
        "holdings": given.holdings,
        "events": events,
        "gib": round(path.stat().st_size / 2**30, 1),
        "filled_in_seconds": round(taken),
        "rows": commands(path, given.folder),
        "proof": proof_checked(given.folder, key),
    }
    given.json.write_text(json.dumps(result, indent=2) + "\n")
    if not given.keep:
        path.unlink()


if __name__ == "__main__":
    main()
