"""Packages in a process of its own, which can be killed or disturbed at an exact moment.

A request is one JSON line on standard input, its answer one on standard output. Each request is
served by a fork, so that Python and muniment are loaded once; the first request of all is served
without, so that what is imported late is loaded too.

A moment is the n-th event in a phase of the packaging, or the opening of a file, by a worker too.
Events are a phase beginning, bytes done, and what Python audits (files opened, folders made and
read, names removed, functions of the C library looked up). What happens at a moment is the test's
own line of Python.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from muniment import workflow
from muniment.model.errors import EnvironmentFault, UsageError
from muniment.model.findings import Verdict

EXITS = {Verdict.PASS: 0, Verdict.FAIL: 1, Verdict.UNVERIFIED: 3}
_PR_SET_CHILD_SUBREAPER = 36
_WATCHED = ("open", "os.", "shutil.", "ctypes.dlsym", "fcntl.")
_PATIENCE_SECONDS = 20


@dataclass(slots=True, kw_only=True)
class Watch:
    """Counts the events of each phase, and acts once, at the moment it was given."""

    moment: tuple[str, int] | None = None
    opening: str | None = None
    act: str | None = None
    main: int = field(default_factory=os.getpid)
    now: str = "starting"
    seen: Counter[str] = field(default_factory=Counter)

    def phase(self, name: str, _total: int | None) -> None:
        self.now = name
        self._event()

    def advance(self, _done: int) -> None:
        self._event()

    def audit(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and self.opening and str(arguments[0]).endswith(self.opening):
            self._act()
        if event.startswith(_WATCHED) and os.getpid() == self.main:
            self._event()

    def _event(self) -> None:
        is_now = self.moment == (self.now, self.seen[self.now])
        self.seen[self.now] += 1
        if is_now:
            self._act()

    def _act(self) -> None:
        if self.act is not None:
            act, self.act = self.act, None  # what is done next makes events of its own
            exec(act, {"Path": Path, "os": os, "signal": signal})  # noqa: S102


def package(request: dict[str, Any], watch: Watch) -> dict[str, Any]:
    """Run the use case; its exit code as the command line has it."""
    wanted = workflow.PackageRequest(
        sources=tuple(map(Path, request["sources"])),
        record=Path(request["record"]),
        output=Path(request["output"]),
        name=request["name"],
        date="2026-11-23",
        second_opinion=workflow.SecondOpinion.NEVER,
    )
    try:
        report = workflow.package(
            wanted, now=lambda: datetime.now(UTC), workers=request["workers"], progress=watch
        )
    except (UsageError, EnvironmentFault) as fault:
        return {"code": 2 if isinstance(fault, UsageError) else 3, "said": str(fault), "rules": []}
    found = [[each.rule.id, each.location.path] for one in report.subjects for each in one.findings]
    return {"code": EXITS[report.verdict()], "said": "", "rules": found}


def serve(request: dict[str, Any]) -> dict[str, Any]:
    """Fork, package, and tell how it ended, even if it was killed, and who outlived it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        moment = request.get("moment")
        watch = Watch(
            moment=tuple(moment) if moment else None,
            opening=request.get("opening"),
            act=request.get("act"),
        )
        sys.addaudithook(watch.audit)
        try:
            answer = package(request, watch)
        except BaseException:  # noqa: BLE001 - told to the test
            answer = {"code": 4, "said": traceback.format_exc(), "rules": []}
        os.write(writing, json.dumps({**answer, "events": watch.seen}).encode())
        os._exit(0)
    os.close(writing)
    status = os.waitpid(child, 0)[1]
    with os.fdopen(reading, "rb") as answers:
        os.set_blocking(reading, False)  # a worker that stayed holds it open too
        answer = json.loads(answers.read() or b"{}")
    return {**answer, "signal": os.WTERMSIG(status), "outlived": outlived()}


def outlived() -> bool:
    """Whether a process of the packaging is still there after a while of waiting for its end."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.01)
        except ChildProcessError:
            return False
    return True


def main() -> None:
    """Serve until the test closes the pipe."""
    if sys.platform == "linux":  # orphans come to us, so that none goes unnoticed
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)
    package(json.loads(sys.stdin.readline()), Watch())
    for line in sys.stdin:
        sys.stdout.write(json.dumps(serve(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
