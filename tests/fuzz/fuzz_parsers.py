"""Random bytes led by the code they reach, for as long as one likes; needs `pip install atheris`.

    python tests/fuzz/fuzz_parsers.py manifest --seconds 300

A traceback, five seconds for one input or a gibibyte of memory is a fault; the input that shows it
is kept as `crash-...`, and goes to `targets.py` once it is mended.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["muniment"]):
    from targets import TARGETS


def main() -> None:
    """Fuzz one parser."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("parser", choices=sorted(TARGETS))
    arguments.add_argument("--seconds", type=int, default=60)
    given = arguments.parse_args()
    target, seeds = TARGETS[given.parser]
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(seeds):
            (Path(corpus) / f"seed-{number}").write_bytes(seed)
        limits = [f"-max_total_time={given.seconds}", "-timeout=5", "-rss_limit_mb=1024"]
        atheris.Setup([sys.argv[0], *limits, "-max_len=4096", corpus], target)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
