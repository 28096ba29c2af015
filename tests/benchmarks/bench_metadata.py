"""muniment validate beside xmllint and xmlschema, on many MODS files and on one large spreadsheet.

    python tests/benchmarks/bench_metadata.py --folder /var/tmp/bench

xmllint is in Debian's package libxml2-utils (`apt-get install libxml2-utils`). It gets the house
schema and all files in one call, and judges by schema alone; muniment judges what the records mean
as well. xmlschema is slow, so it gets a sample, and its time without start-up is scaled up. Figures
are whole commands with their start-up, cache hot, alternating; ratios are medians of pairs.
`--records` and `--rows` make it smaller for a first look.
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import openpyxl
from measuring import machine, pairs, run, seconds
from mods_material import mods_files

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from planted_sheet import Sheet

from muniment.metadata.xml_formats import FORMATS, XmlKind
from muniment.metadata.xml_schemas import HOUSE

MUNIMENT = str(Path(sys.executable).parent / "muniment")
XMLLINT = shutil.which("xmllint")
SAMPLE = 200
XMLSCHEMA = """\
import sys, xmlschema
schema = xmlschema.XMLSchema(sys.argv[1])
for path in sys.argv[2:]:
    schema.validate(path)
"""
CSV_SECONDS, XLSX_SECONDS = 60, 90


class Bench:
    """All the measurements over one folder of material."""

    def __init__(self, folder: Path, records: int, rows: int, rounds: int) -> None:
        self.folder = folder
        self.records = records
        self.sheet_rows = rows
        self.rounds = rounds
        self.rows: list[dict[str, object]] = []

    def row(self, work: str, other: str, wanted: float, figures: Sequence[float]) -> None:
        ours, theirs, ratio = figures
        row = {
            "work": work,
            "beside": other,
            "wanted": wanted,
            "ratio": round(ratio, 2),
            "seconds": round(ours, 2),
            "other_seconds": round(theirs, 2),
        }
        self.rows.append(row)
        print(json.dumps(row), flush=True)  # noqa: T201 - this is a command

    def all(self) -> list[dict[str, object]]:
        """Measure everything; returns the peaks of memory, the rows are in `rows`."""
        schema = schema_files(self.folder / "schema")
        files = mods_files(self.folder / "mods", self.records)
        tenth = mods_files(self.folder / "mods-tenth", self.records // 10)
        self.mods(schema, files)
        sheets = [self.sheet(suffix, self.sheet_rows) for suffix in (".csv", ".xlsx")]
        tenths = [self.sheet(suffix, self.sheet_rows // 10) for suffix in (".csv", ".xlsx")]
        for sheet, allowed in zip(sheets, (CSV_SECONDS, XLSX_SECONDS), strict=True):
            taken = seconds(validate(sheet))
            work = f"validate, {self.sheet_rows:,} rows as {sheet.suffix}"
            self.row(work, "the time allowed", 1, (taken, allowed, allowed / taken))
        return [
            memory(f"{self.records:,} MODS files", files[0].parents[1], tenth[0].parents[1]),
            *(
                memory(f"{self.sheet_rows:,} rows as {whole.suffix}", whole, small)
                for whole, small in zip(sheets, tenths, strict=True)
            ),
        ]

    def mods(self, schema: Path, files: list[Path]) -> None:
        if XMLLINT is None:
            raise RuntimeError("xmllint is missing: apt-get install libxml2-utils")
        names = [str(path) for path in files]
        ours = validate(files[0].parents[1])
        lint = [XMLLINT, "--nonet", "--noout", "--schema", str(schema), *names]
        work = f"validate, {self.records:,} MODS files"
        figures = pairs(lambda: seconds(ours), lambda: seconds(lint), self.rounds)
        self.row(work, "xmllint --schema", 0.33, figures)
        sample = names[:: max(1, len(names) // SAMPLE)]

        def other() -> float:
            command = [sys.executable, "-c", XMLSCHEMA, str(schema)]
            start = seconds([*command, sample[0]])
            each = (seconds([*command, *sample]) - start) / (len(sample) - 1)
            return start + each * (len(names) - 1)

        figures = pairs(lambda: seconds(ours), other, self.rounds)
        self.row(work, f"xmlschema, from a sample of {len(sample)}", 8, figures)

    def sheet(self, suffix: str, rows: int) -> Path:
        """A sheet of so many items, right in all."""
        path = self.folder / f"items-{rows}{suffix}"
        if path.exists():
            return path
        lines = Sheet(rows, 1952).rows
        if suffix == ".csv":
            with path.open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream).writerows(lines)
        else:
            book = openpyxl.Workbook(write_only=True)
            table = book.create_sheet("Items")
            for line in lines:
                table.append(line)
            book.save(path)
        return path


def validate(path: Path) -> list[str]:
    """The command over a file or folder that is right in all."""
    return [MUNIMENT, "validate", str(path)]


def memory(work: str, whole: Path, tenth: Path) -> dict[str, object]:
    """Peak memory of the process tree, beside that of a tenth of the records."""
    peak, small = (run(validate(path)).peak_bytes / 2**20 for path in (whole, tenth))
    row = {"work": work, "peak_mib": round(peak), "tenth_peak_mib": round(small)}
    print(json.dumps(row), flush=True)  # noqa: T201 - this is a command
    return row


def schema_files(folder: Path) -> Path:
    """The house schema of MODS 3.7 and what it imports, as files; returns the main one."""
    mods = next(each for each in FORMATS if each.name == "mods")
    schema = HOUSE.schema(XmlKind(format=mods, version="3.7"))
    if schema is None:
        raise RuntimeError("there is no house schema for MODS 3.7")
    folder.mkdir(exist_ok=True)
    for name, document in schema.documents.items():
        document.getroottree().write(str(folder / name))
    return folder / next(iter(schema.documents))


def main() -> None:
    """Measure everything and write what was measured."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--folder", type=Path, required=True)
    arguments.add_argument("--records", type=int, default=10_000)
    arguments.add_argument("--rows", type=int, default=100_000)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--json", type=Path, default=Path(__file__).parent / "metadata.json")
    given = arguments.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    bench = Bench(given.folder, given.records, given.rows, given.rounds)
    peaks = bench.all()
    result = {
        "machine": machine(),
        "records": given.records,
        "sheet_rows": given.rows,
        "rounds": given.rounds,
        "rows": bench.rows,
        "memory": peaks,
    }
    given.json.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
