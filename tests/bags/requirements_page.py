"""The requirement table as a page for readers; run this file to write it anew."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from all_cases import BY_NAME
from requirements import Case

PAGE = Path(__file__).with_name("requirements.md")
HEAD = """\
# RFC 8493, requirement by requirement

Written by `requirements_page.py` from the rows in `cases_*.py`. Each row is a bag with one defect,
or a sound one; the rules are all errors and warnings that are found in it, and where.

| section | what is asked | bag | 1.0 | 0.93 to 0.97 |
|---|---|---|---|---|
"""


def page() -> str:
    """The table, in the order of the sections."""
    rows = sorted(BY_NAME.values(), key=lambda cases: _section(cases[0].section))
    return HEAD + "".join(_row(cases) for cases in rows)


def _section(section: str) -> list[int]:
    return [int(part) for part in section.split(".")]


def _row(cases: list[Case]) -> str:
    first = cases[0]
    strict = [case for case in cases if case.version == "1.0"]
    older = [case for case in cases if case.version != "1.0"]
    cells = (first.section, first.asks, first.name, _found(strict[:1]), _found(older[-1:]))
    return "| " + " | ".join(_shown(cell) for cell in cells) + " |\n"


def _found(cases: Iterable[Case]) -> str:
    for case in cases:
        places = [f"{each.rule} {each.path or ''}{_line(each.line)}" for each in case.expected]
        return ", ".join(place.strip() for place in places) or "right"
    return "-"


def _line(line: int | None) -> str:
    return "" if line is None else f":{line}"


def _shown(text: str) -> str:
    printable = "".join(c if c.isprintable() else f"<{ord(c):02X}>" for c in text)
    return printable.replace("\\", "\\\\").replace("|", "\\|").replace("*", "\\*")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
