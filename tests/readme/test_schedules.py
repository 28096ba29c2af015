"""What README.md gives to systemd and cron is what they take, and what muniment takes."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from click.testing import CliRunner
from transcript import README, sessions

from muniment.cli.root import root

UNITS = ("muniment-audit.service", "muniment-audit.timer")
FIELD = re.compile(r"\*|[0-9]{1,2}")
HIGHEST = (59, 23, 31, 12, 7)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """The files that README.md has its readers write."""
    commands = [each.command for each in sessions(README.read_text("utf-8"))]
    wanted = [each for each in commands if re.match(r"cat > (muniment-audit\.|audit\.cron)", each)]
    assert len(wanted) == 3
    path = f"{sysconfig.get_path('scripts')}:{os.environ['PATH']}"
    for command in wanted:
        environment = {"PATH": path, "HOME": str(tmp_path)}
        subprocess.run(["sh", "-c", command], cwd=tmp_path, env=environment, check=True)
    return tmp_path


def test_systemd_takes_the_units(written: Path, missing: Callable[[str], NoReturn]) -> None:
    program = shutil.which("systemd-analyze") or missing("systemd is not installed")
    done = subprocess.run(
        [program, "verify", "--man=no", *(str(written / unit) for unit in UNITS)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert [line for line in done.stderr.splitlines() if "muniment-audit" in line] == []
    assert done.returncode == 0, done.stderr


def test_systemd_would_refuse_a_wrong_one(
    written: Path, missing: Callable[[str], NoReturn]
) -> None:
    program = shutil.which("systemd-analyze") or missing("systemd is not installed")
    timer = written / UNITS[1]
    timer.write_text(timer.read_text().replace("22:00", "25:00"))
    done = subprocess.run(
        [program, "verify", "--man=no", str(timer)], capture_output=True, text=True, check=False
    )
    assert "calendar" in done.stderr


def test_a_run_of_the_units_never_starts_twice(written: Path) -> None:
    """systemd starts a oneshot service that still runs no second time."""
    assert "\nType=oneshot\n" in (written / UNITS[0]).read_text()


def commands_of(written: Path) -> list[list[str]]:
    unit = (written / UNITS[0]).read_text()
    lines = re.findall(r"^Exec\w+=(.+)$", unit, re.MULTILINE)
    lines += [
        line.split(maxsplit=5)[5].partition(" >")[0]
        for line in (written / "audit.cron").read_text().splitlines()
    ]
    return [shlex.split(line) for line in lines]


def test_muniment_takes_the_commands(written: Path) -> None:
    """Each is a command with options that it has: click reads all of them before it gives help."""
    commands = commands_of(written)
    assert len(commands) == 4
    for program, *arguments in commands:
        assert Path(program).name == "muniment"
        assert os.access(program, os.X_OK)
        told = CliRunner().invoke(root, [*arguments, "--help"])
        assert told.exit_code == 0, told.stderr
    program, *arguments = commands[0]
    assert CliRunner().invoke(root, [*arguments, "--nightly", "--help"]).exit_code == 2


def test_cron_takes_the_lines(written: Path) -> None:
    lines = (written / "audit.cron").read_text().splitlines()
    assert len(lines) == 2
    for line in lines:
        *fields, command = line.split(maxsplit=5)
        assert all(map(FIELD.fullmatch, fields)), line
        numbers = zip(fields, HIGHEST, strict=True)
        assert all(field == "*" or int(field) <= highest for field, highest in numbers), line
        assert "%" not in command, "cron makes a line end of it"
