"""The benchmarks' figures as README.md shows them, from the JSON that the benchmarks wrote.

python tests/benchmarks/table.py --write
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
README = HERE.parents[1] / "README.md"
# The marks in README.md between which a table stands, and where its figures come from.
TABLES = {"benchmark": HERE / "bagit.json", "benchmark metadata": HERE / "metadata.json"}


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
    return "\n".join([*lines, "", *_memory(result)])


def _memory(result: dict[str, Any]) -> list[str]:
    """Peaks beside another program's, or beside those of a tenth of the material."""
    beside = [
        f"Peak memory of the process tree, {row['work']}: {row['peak_mib']} MiB,"
        f" {row['memory_share']} of {row['beside']}'s."
        for row in result["rows"]
        if "memory_share" in row
    ]
    grown = [
        f"{row['peak_mib']} MiB for {row['work']} ({row['tenth_peak_mib']} for a tenth)"
        for row in result.get("memory", ())
    ]
    return [*beside, *([f"Peak memory of the process tree: {'; '.join(grown)}."] if grown else [])]


def shown(text: str, mark: str) -> str:
    """What stands between the marks of one table in README.md."""
    found = re.search(f"<!-- {mark} -->\n(.*?)<!-- end of {mark} -->", text, re.DOTALL)
    if found is None:
        raise ValueError(f"README.md has no place for the {mark}")
    return found[1].rstrip("\n")


def main() -> None:
    """Write the tables into README.md, or print them."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--write", action="store_true")
    is_writing = arguments.parse_args().write
    text = README.read_text("utf-8")
    for mark, results in TABLES.items():
        made = table(json.loads(results.read_text("utf-8")))
        text = text.replace(f"<!-- {mark} -->\n{shown(text, mark)}", f"<!-- {mark} -->\n{made}")
        if not is_writing:
            print(made)  # noqa: T201 - this is a command
    if is_writing:
        README.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
