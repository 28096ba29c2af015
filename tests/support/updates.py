"""Updating bags in a test."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from muniment.model.findings import Report
from muniment.workflow import UpdateRequest, update

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


def updated(bag: Path, *, workers: int = 1, **changes: Any) -> Report:  # noqa: ANN401
    """Update a bag, for a reason and by an office of ours."""
    asked = {"reason": "A test", "by": "City Archive", **changes}
    return update(UpdateRequest(bag=bag, **asked), now=lambda: NOON, workers=workers)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def changed(report: Report) -> dict[str, list[str]]:
    """The files that were added, replaced and removed, without those that always are."""
    assert report.result is not None
    rows: Any = report.result["changed"]
    always = ("metadata/premis.xml", "tagmanifest-")
    return {
        name: [path for path in paths if not path.startswith(always)]
        for name, paths in rows.items()
    }
