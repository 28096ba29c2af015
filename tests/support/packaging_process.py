"""Packaging in another process: packager.py, which can be disturbed, and the command itself."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PACKAGER = Path(__file__).with_name("packager.py")
KILL = "os.kill(os.getpid(), signal.SIGKILL)"
DATE = "2026-11-23"
PATIENCE_SECONDS = 120

State = dict[str, tuple[int, int, int, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Packager:
    """A running packager.py; `ask` has it package a source, and returns its answer."""

    process: subprocess.Popen[str]
    record: Path

    def ask(
        self, source: Path, output: Path, *, name: str = "bag", workers: int = 1, **moment: object
    ) -> dict[str, Any]:
        self.send(source, output, name=name, workers=workers, **moment)
        assert self.process.stdout is not None
        limit = threading.Timer(PATIENCE_SECONDS, os.killpg, (self.process.pid, signal.SIGKILL))
        limit.start()
        try:
            line = self.process.stdout.readline()
        finally:
            limit.cancel()
        assert line, f"no answer in {PATIENCE_SECONDS} seconds, or the packager broke down"
        answer = json.loads(line)
        assert isinstance(answer, dict)
        return answer

    def send(self, source: Path, output: Path, **rest: object) -> None:
        assert self.process.stdin is not None
        sent = {"sources": [str(source)], "record": str(self.record), "output": str(output)}
        self.process.stdin.write(json.dumps({**sent, **rest}) + "\n")
        self.process.stdin.flush()

    def stop(self) -> None:
        """Let it come to its end."""
        self.process.communicate(timeout=60)


def start_packager(
    record: Path, folder: Path, environment: Mapping[str, str] | None = None, umask: int = -1
) -> Packager:
    """Start packager.py and warm it up in a folder of its own."""
    process = subprocess.Popen(
        [sys.executable, str(PACKAGER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        umask=umask,
        start_new_session=True,
        env={**os.environ, **(environment or {})},
    )
    packager = Packager(process=process, record=record)
    packager.send(record, folder, name="warm", workers=1)
    return packager


def command(*arguments: str | Path) -> list[str]:
    """The command line `muniment ...`, by this very Python."""
    return [sys.executable, "-m", "muniment", *map(str, arguments)]


def package_command(source: Path, record: Path, output: Path) -> list[str]:
    """The command that packages a source as `bag`, in JSON, without asking anybody else."""
    options = ("--name", "bag", "--date", DATE, "--format", "json", "--second-opinion", "never")
    return command("package", source, "--record", record, "--output", output, *options)


def run(line: Sequence[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command line and keep what it says."""
    return subprocess.run(
        line,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment},
    )


def rules_of(report: str) -> list[tuple[str, str | None]]:
    """Rule and path of each finding of a report in JSON."""
    return [
        (finding["rule"], finding["location"]["path"])
        for subject in json.loads(report)["subjects"]
        for finding in subject["findings"]
    ]
