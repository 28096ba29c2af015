"""A full disk, a missing permission: said as such with exit 3, nothing half-made, nothing lost."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NoReturn

import pytest
from packaging_process import State, package_command, rules_of, run


@pytest.fixture
def small_disk(
    request: pytest.FixtureRequest, tmp_path: Path, missing: Callable[[str], NoReturn]
) -> Iterator[Path]:
    """A disk of its own, mounted with the options that the test gives."""
    folder = tmp_path / "small disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", request.param, "tmpfs", str(folder)]
    if shutil.which("mount") is None or os.geteuid() != 0 or run(mount).returncode != 0:
        missing("no small disk can be mounted here: it takes root and a mount namespace")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A thousand files of one byte: on a disk they take more room than their bytes."""
    source = tmp_path / "many"
    source.mkdir()
    for number in range(1_000):
        (source / f"{number}.txt").write_text("x")
    return source


@pytest.fixture
def big(tmp_path: Path) -> Path:
    """One file of three million bytes."""
    source = tmp_path / "big"
    source.mkdir()
    (source / "big.bin").write_bytes(bytes(3_000_000))
    return source


@pytest.mark.parametrize("small_disk", ["size=2m", "size=64m,nr_inodes=300"], indirect=True)
def test_a_disk_that_fills_up(
    small_disk: Path, many: Path, record: Path, state_of: Callable[[Path], State]
) -> None:
    before = state_of(many)
    done = run(package_command(many, record, small_disk))
    assert (done.returncode, done.stdout) == (3, "")
    assert "no room to write (No space left on device); nothing was left at" in done.stderr
    assert list(small_disk.iterdir()) == []
    assert state_of(many) == before


@pytest.mark.parametrize("small_disk", ["size=2m"], indirect=True)
def test_a_disk_that_is_too_small_is_told_before_the_first_byte(
    small_disk: Path, big: Path, record: Path
) -> None:
    done = run(package_command(big, record, small_disk / "new" / "folder"))
    assert done.returncode == 3
    said = r"no room to write: 3,0\d\d,\d\d\d bytes are needed, 2,097,152 are free"
    assert re.search(said, done.stderr), done.stderr
    assert list(small_disk.iterdir()) == []


@pytest.mark.parametrize("small_disk", ["size=8m,ro"], indirect=True)
def test_a_disk_that_is_read_only(small_disk: Path, big: Path, record: Path) -> None:
    done = run(package_command(big, record, small_disk))
    assert (done.returncode, "Read-only file system" in done.stderr) == (3, True)


def test_a_limit_to_the_size_of_files(tmp_path: Path, big: Path, record: Path) -> None:
    limited = ["sh", "-c", 'ulimit -f 1024; exec "$@"', "sh"]
    done = run([*limited, *package_command(big, record, tmp_path / "output")])
    assert (done.returncode, "no room to write (File too large)" in done.stderr) == (3, True)
    assert list((tmp_path / "output").iterdir()) == []


@pytest.fixture
def as_nobody_special(missing: Callable[[str], NoReturn]) -> Sequence[str]:
    """What to put before a command so that permissions bind it, though it be run by root."""
    if os.geteuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        missing("setpriv (util-linux) is not installed, and root is bound by no permission")
    return ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")


@pytest.fixture
def forbid() -> Iterator[Callable[[Path, int], None]]:
    """Take permissions away until the end of the test."""
    taken: list[tuple[Path, int]] = []

    def forbid(path: Path, mode: int) -> None:
        taken.append((path, path.stat().st_mode))
        path.chmod(mode)

    yield forbid
    for path, mode in reversed(taken):
        path.chmod(mode)


PERMISSIONS = {
    "a file": ("source/sub/secret.txt", 0o000, [("SRC-107", "source/sub/secret.txt")]),
    "a folder": ("source/sub", 0o000, [("SRC-107", "source/sub")]),
    "a folder that lists but does not open": ("source/sub", 0o400, [("SRC-107", "source/sub")]),
    "the source": ("source", 0o000, [("SRC-107", "source")]),
    "the record": ("record.yaml", 0o000, None),
    "the output": ("output", 0o500, None),
    "the output, not to be looked into": ("output", 0o000, None),
    "the output's parent": (".", 0o500, None),
}


@pytest.mark.parametrize("name", PERMISSIONS)
def test_no_permission(
    tmp_path: Path,
    record: Path,
    as_nobody_special: Sequence[str],
    forbid: Callable[[Path, int], None],
    state_of: Callable[[Path], State],
    name: str,
) -> None:
    place, mode, rules = PERMISSIONS[name]
    sub = tmp_path / "source" / "sub"
    sub.mkdir(parents=True)
    for file in ("open.txt", "secret.txt"):
        (sub / file).write_text(file)
    shutil.copy(record, tmp_path / "record.yaml")
    if place == "output":
        (tmp_path / "output").mkdir()
    forbid(tmp_path / place, mode)
    before = state_of(tmp_path / "source") if os.geteuid() == 0 else {}

    line = package_command(tmp_path / "source", tmp_path / "record.yaml", tmp_path / "output")
    done = run([*as_nobody_special, *line])

    assert done.returncode == 3, (done.stdout, done.stderr)
    if rules is None:
        assert "Permission denied" in done.stderr
        assert str(tmp_path / place) in done.stderr
    else:
        found = [(rule, str(path)) for rule, path in rules_of(done.stdout)]
        assert found == [(rule, str(tmp_path / path)) for rule, path in rules]
    if before:
        assert state_of(tmp_path / "source") == before
    assert not list((tmp_path / "output").glob("*"))
