"""The order in which a bag reaches the disk, read from the system calls, and faults in them.

Written, then made durable in bulk while it is read back, then named, then the name made durable.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from packaging_process import State, package_command, rules_of, run

from muniment.model.findings import Verdict
from muniment.workflow import verify

CHANGING = "write,pwrite64,writev,mkdir,mkdirat,utimensat,copy_file_range,sendfile,ftruncate"
TRACED = f"{CHANGING},openat,syncfs,fsync,rename,renameat,renameat2"


class Call(NamedTuple):
    """One system call: when it began and ended (lines of the trace), what it did."""

    began: int
    ended: int
    name: str
    arguments: str
    result: str


def calls_of(trace: Path) -> Iterator[Call]:
    """The calls of a trace by `strace -f -y`, those in two halves joined."""
    begun: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(trace.read_text().splitlines()):
        process, _, rest = line.partition(" ")
        text = rest.strip()
        if text.endswith("<unfinished ...>"):
            begun[process] = (number, text.removesuffix("<unfinished ...>").rstrip())
            continue
        began = number
        resumed = re.match(r"<\.\.\. \w+ resumed>", text)
        if resumed:
            began, head = begun.pop(process)
            text = head + text[resumed.end() :]
        call = re.fullmatch(r"(\w+)\((.*)\)\s+= (.*)", text)
        if call:
            yield Call(began, number, *call.groups())


@pytest.mark.parametrize("files", [1, 1_200], ids=["one process", "a pool of workers"])
def test_what_is_named_is_durable(tmp_path: Path, record: Path, strace: str, files: int) -> None:
    source, output, trace = tmp_path / "source", tmp_path / "output", tmp_path / "trace"
    source.mkdir()
    for number in range(files):
        (source / f"{number}.txt").write_text(f"file {number}\n")
    watch = [strace, "-f", "-y", "-s", "0", "-e", f"trace={TRACED}", "-o", str(trace)]
    done = run([*watch, *package_command(source, record, output)])
    assert done.returncode == 0, done.stderr

    calls = list(calls_of(trace))
    staging = f"{output}/.muniment-staging-"
    inside = [
        call for call in calls if staging in call.arguments and "RDONLY" not in call.arguments
    ]
    written = [call for call in inside if call.name in CHANGING.split(",")]
    created = [call for call in inside if call.name == "openat"]
    (sync,) = (call for call in calls if call.name == "syncfs")
    (rename,) = (call for call in calls if call.name.startswith("rename"))
    (fsync,) = (call for call in calls if call.name == "fsync")

    payload = [call for call in written if "/bag/data/" in call.arguments]
    assert sum(call.name == "write" for call in payload) == files
    assert sum(call.name == "utimensat" for call in payload) == files
    assert len(created) == files + 10  # 2 manifests and 2 tag manifests, 2 tag files, 4 of metadata
    # The descriptor that syncfs is asked on was opened first, so that it is told of any lost write.
    opened = next(
        call for call in calls if call.name == "openat" and call.result == _descriptor(sync)
    )
    assert opened.ended < min(call.began for call in created)
    assert max(call.ended for call in [*written, *created]) < sync.began
    assert sync.result == "0"
    assert sync.ended < rename.began
    assert '/bag", ' in rename.arguments
    assert f'"{output}/bag", RENAME_NOREPLACE' in rename.arguments
    assert rename.result == "0"
    assert rename.ended < fsync.began
    assert fsync.arguments.endswith(f"<{output}>")
    assert fsync.result == "0"


def _descriptor(call: Call) -> str:
    return call.arguments


@pytest.mark.parametrize("call", ["utimensat", "syncfs", "renameat2", "fsync"])
def test_a_kill_in_a_system_call_leaves_a_whole_bag_or_none(
    tmp_path: Path,
    letter: Path,
    record: Path,
    strace: str,
    call: str,
    state_of: Callable[[Path], State],
) -> None:
    before, output = state_of(letter), tmp_path / "output"
    line = package_command(letter, record, output)
    killed = run([strace, "-f", "-o", "/dev/null", f"--inject={call}:signal=KILL", *line])
    assert killed.returncode in {-signal.SIGKILL, 128 + signal.SIGKILL}
    assert (output / "bag").exists() == (call == "fsync")
    if call == "fsync":
        assert verify([output / "bag"]).verdict() is Verdict.PASS
    else:
        assert run(line).returncode == 0
        assert [path.name for path in output.iterdir()] == ["bag"]
    assert state_of(letter) == before


FAULTS = [
    ("write", "ENOSPC", ":when=2", "no room to write"),
    ("write", "EDQUOT", ":when=6", "no room to write"),
    ("write", "EIO", ":when=4", "Input/output error"),
    ("mkdir", "EACCES", ":when=3+", "Permission denied"),
    ("syncfs", "EIO", "", "Input/output error"),
    ("syncfs", "ENOSPC", "", "no room to write"),
    ("renameat2", "EIO", "", "Input/output error"),
]


@pytest.mark.parametrize(("call", "error", "when", "said"), FAULTS)
def test_a_fault_of_the_disk_is_told_and_nothing_appears(
    tmp_path: Path,
    letter: Path,
    record: Path,
    strace: str,
    call: str,
    error: str,
    when: str,
    said: str,
) -> None:
    output = tmp_path / "output"
    done = _disturbed(strace, f"{call}:error={error}{when}", letter, record, output)
    assert (done.returncode, said in done.stderr) == (3, True), done.stderr
    assert "nothing was left" in done.stderr
    assert list(output.iterdir()) == []


def test_a_name_that_cannot_be_made_durable_is_told_and_the_bag_is_not_denied(
    tmp_path: Path, letter: Path, record: Path, strace: str
) -> None:
    """The bag lies at its place then: to say that nothing does would be false."""
    output = tmp_path / "output"
    done = _disturbed(strace, "fsync:error=EIO", letter, record, output)
    assert done.returncode == 3, done.stderr
    assert "nothing was left" not in done.stderr
    assert str(output / "bag") in done.stderr
    assert verify([output / "bag"]).verdict() is Verdict.PASS


def test_where_the_kernel_offers_no_such_rename_the_bag_appears_all_the_same(
    tmp_path: Path, letter: Path, record: Path, strace: str
) -> None:
    output = tmp_path / "output"
    done = _disturbed(strace, "renameat2:error=EINVAL", letter, record, output)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in output.iterdir()] == ["bag"]


def test_a_source_that_cannot_be_read_to_its_end_is_unverified(
    tmp_path: Path, letter: Path, record: Path, strace: str
) -> None:
    source, output = letter / f"{letter.name}.txt", tmp_path / "output"
    line = package_command(source, record, output)
    bad_disk = [strace, "-f", "-o", "/dev/null", "-P", str(source), "-e", "inject=read:error=EIO"]
    done = run([*bad_disk, *line])
    assert done.returncode == 3, done.stderr
    assert rules_of(done.stdout) == [("SRC-107", str(source))]
    assert json.loads(done.stdout)["verdict"] == "unverified"
    assert list(output.iterdir()) == []


def _disturbed(
    strace: str, injected: str, source: Path, record: Path, output: Path
) -> subprocess.CompletedProcess[str]:
    line = package_command(source, record, output)
    return run([strace, "-f", "-o", "/dev/null", "-e", f"inject={injected}", *line])
