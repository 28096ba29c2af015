"""Commands in a process of their own, which can be killed at an exact moment.

A request is one JSON line on standard input: the arguments of a command, and at which event to be
killed by SIGKILL. Each is served by a fork, so that Python and muniment are loaded once. Events are
what Python audits of the file system: files opened, renamed and removed, folders made and read.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_WATCHED = ("open", "os.", "shutil.", "fcntl.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Disturber:
    """The running process."""

    process: subprocess.Popen[str]

    def run(
        self, *arguments: object, kill: int | None = None, also: Sequence[str] = ()
    ) -> dict[str, Any]:
        """How the command ended: `code` and `events`, or `signal`.

        `also` are the beginnings of further events that count.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        request = {"arguments": list(map(str, arguments)), "kill": kill, "also": also}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


@contextmanager
def disturber() -> Iterator[Disturber]:
    """A process for as long as the block lasts."""
    process = subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield Disturber(process=process)
    finally:
        process.communicate(timeout=60)


@contextmanager
def in_memory() -> Iterator[Path]:
    """A folder whose disk is memory, where there is one: making durable then takes no time."""
    shared = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    with tempfile.TemporaryDirectory(dir=shared if os.access(shared, os.W_OK) else None) as folder:
        yield Path(folder)


def _serve(request: dict[str, Any]) -> dict[str, Any]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _run(request, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as answers:
        answer: dict[str, Any] = json.loads(answers.read() or b"{}")
    return {**answer, "signal": os.WTERMSIG(os.waitpid(child, 0)[1])}


def _run(request: dict[str, Any], writing: int) -> None:
    """Run the command in this fork, what it says thrown away, and answer."""
    from muniment.cli.root import root

    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    seen = 0
    watched = (*_WATCHED, *request["also"])

    def audit(event: str, _arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if event.startswith(watched) and event != "os.kill":
            if request["kill"] == seen:
                os.kill(os.getpid(), signal.SIGKILL)
            seen += 1

    sys.addaudithook(audit)
    code: object = None
    try:
        root.main(request["arguments"], prog_name="muniment")
    except SystemExit as end:
        code = int(end.code or 0)
    os.write(writing, json.dumps({"code": code, "events": seen}).encode())
    os._exit(0)


def _main() -> None:
    # Loaded before the forks, so that none of them reads a module and counts that.
    from muniment import workflow

    for name in ("update", "fetch", "verify", "package_in_place"):
        getattr(workflow, name)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_serve(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _main()
