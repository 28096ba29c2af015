"""The journal of an in-place packaging: what is to be moved, and how far it has come.

A line of JSON a step, each made durable before what it announces is done. A line that was not
written to its end says nothing. The journal lies in the folder that is packaged, where others may
write too: names in it that lead anywhere else are refused.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from muniment.model.errors import EnvironmentFault
from muniment.model.findings import Finding, JsonValue, Location
from muniment.model.rules import RULES
from muniment.storage.durable import fsync_path


class Phase(StrEnum):
    """How far it has come. `reading`: nothing was moved yet."""

    READING = "reading"
    MOVING = "moving"
    PUBLISHING = "publishing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """All that is to be moved and made. Times are in nanoseconds since 1970.

    `entries` are the names at the top of the folder. `record` is the record where it lies there
    too, and its path in the bag. `keepers` are the empty folders that get a `.keep`, by their paths
    in the bag, with their times.
    """

    entries: tuple[str, ...]
    record: tuple[str, str] | None = None
    keepers: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What the interrupted run would have told: its findings, and what it made."""

    findings: tuple[Finding, ...] = ()
    result: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(slots=True)
class Journal:
    """What the journal's lines come to. `published` names what goes to the top of the folder."""

    path: Path
    phase: Phase = Phase.READING
    moves: Moves = field(default_factory=lambda: Moves(entries=()))
    made: Made = field(default_factory=Made)
    published: tuple[str, ...] = ()

    def begin_moving(self, moves: Moves, made: Made) -> None:
        """Note what will be moved. Raises OSError."""
        self.moves, self.made = moves, made
        self.phase = Phase.MOVING
        self._append(
            {
                "phase": self.phase,
                "entries": moves.entries,
                "record": moves.record,
                "keepers": moves.keepers,
                "findings": [_finding_as_data(each) for each in made.findings],
                "result": made.result,
            }
        )

    def begin_publishing(self, names: tuple[str, ...]) -> None:
        """Note that the bag is whole, and these names at its top are to appear. Raises OSError."""
        self.phase, self.published = Phase.PUBLISHING, names
        self._append({"phase": self.phase, "published": names})

    def go_back(self, phase: Phase) -> None:
        """Note that an earlier phase is reached again. Raises OSError."""
        self.phase = phase
        self._append({"phase": phase})

    def _append(self, line: Mapping[str, Any]) -> None:
        with self.path.open("ab") as stream:
            stream.write(json.dumps(line, separators=(",", ":")).encode() + b"\n")
        fsync_path(self.path)
        fsync_path(self.path.parent)


def read_journal(path: Path) -> Journal:
    """The journal at a path; where there is none, nothing was done yet.

    A last line without its end is taken off. Raises EnvironmentFault, OSError.
    """
    journal = Journal(path)
    if not path.exists():
        return journal
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if whole != data:
        os.truncate(path, len(whole))
    try:
        for line in whole.splitlines():
            _take(json.loads(line), journal)
    except (ValueError, TypeError, KeyError, RecursionError) as fault:
        raise EnvironmentFault(
            f"{path} is not as it was written ({fault}); nothing done"
        ) from fault
    return journal


def _take(line: Mapping[str, Any], journal: Journal) -> None:
    journal.phase = Phase(line["phase"])
    if "entries" in line:
        record = line["record"]
        journal.moves = Moves(
            entries=tuple(map(_name, line["entries"])),
            record=(_name(record[0]), _path(record[1])) if record else None,
            keepers=tuple((_path(path), int(time)) for path, time in line["keepers"]),
        )
        findings = tuple(_finding_from_data(each) for each in line["findings"])
        journal.made = Made(findings=findings, result=dict(line["result"]))
    if "published" in line:
        journal.published = tuple(map(_name, line["published"]))


def _name(value: object) -> str:
    if not isinstance(value, str) or value in {"", ".", ".."} or "/" in value or os.sep in value:
        raise ValueError(f"{value!r} is no name")
    return value


def _path(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no path")
    return "/".join(map(_name, value.split("/")))


def _finding_as_data(finding: Finding) -> dict[str, JsonValue]:
    return {
        "rule": finding.rule.id,
        "message": finding.message,
        "path": finding.location.path,
        "line": finding.location.line,
        "evidence": dict(finding.evidence),
    }


def _finding_from_data(data: Mapping[str, Any]) -> Finding:
    return Finding(
        rule=RULES[data["rule"]],
        message=str(data["message"]),
        location=Location(path=data["path"], line=data["line"]),
        evidence=dict(data["evidence"]),
    )
