"""The benchmark's figures as README.md shows them, from the JSON that the benchmark wrote.

python tests/benchmarks/table.py --write
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RESULTS = HERE / "bagit.json"
README = HERE.parents[1] / "README.md"
BEGIN, END = "<!-- benchmark -->", "<!-- end of benchmark -->"


def table(result: dict[str, Any]) -> str:
    """A row a measurement: the seconds of both, and how many times the other takes ours."""
    machine = result["machine"]
    size = f"{machine['cores']} cores and {machine['memory_gib']} GiB, Python {machine['python']}"
    pairs = "one pair each" if result["rounds"] == 1 else f"{result['rounds']} pairs each"
    lines = [
        f"One run on {size}; {pairs}, cache hot. The ratio is the other's time by ours.",
        "",
        "| work | seconds | beside | seconds | ratio |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {row['work']} | {row['seconds']} | {row['beside']} | {row['other_seconds']}"
        f" | {row['ratio']} |"
        for row in result["rows"]
    ]
    return "\n".join([*lines, "", *(_memory(row) for row in result["rows"] if "peak_mib" in row)])


def _memory(row: dict[str, Any]) -> str:
    share = f", {row['memory_share']} of {row['beside']}'s" if "memory_share" in row else ""
    return f"Peak memory of the process tree, {row['work']}: {row['peak_mib']} MiB{share}."


def shown(text: str) -> str:
    """What stands between the marks in README.md."""
    found = re.search(f"{BEGIN}\n(.*?){END}", text, re.DOTALL)
    if found is None:
        raise ValueError("README.md has no place for the benchmark")
    return found[1].rstrip("\n")


def main() -> None:
    """Write the table into README.md, or print it."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--write", action="store_true")
    made = table(json.loads(RESULTS.read_text("utf-8")))
    if not arguments.parse_args().write:
        print(made)  # noqa: T201 - this is a command
        return
    text = README.read_text("utf-8")
    before, _, rest = text.partition(f"{BEGIN}\n")
    after = rest.partition(END)[2]
    README.write_text(f"{before}{BEGIN}\n{made}\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
