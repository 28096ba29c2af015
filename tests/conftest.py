"""What all tests share: a clean house, and one rule for parts that are not there."""

from __future__ import annotations

import importlib.util
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from object_servers import RCLONE, ObjectServer, rclone_server, swift_server
from packaging_process import Packager, State, start_packager

pytest_plugins = ["ledger_fixtures"]
REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True, scope="session")
def _house_without_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the settings of whoever runs the tests out of them."""
    os.environ["XDG_CONFIG_HOME"] = str(tmp_path_factory.mktemp("no-settings"))
    for name in ("SOURCE_DATE_EPOCH", "MUNIMENT_DEBUG", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        os.environ.pop(name, None)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout that is tested."""
    return REPOSITORY


@pytest.fixture(scope="session")
def missing() -> Callable[[str], NoReturn]:
    """Say that a part which a test needs is not here: a failure in CI, elsewhere a skip."""

    def missing(reason: str) -> NoReturn:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI has every part, but {reason}")
        pytest.skip(reason)

    return missing


@pytest.fixture(scope="session")
def letter(repository: Path) -> Path:
    """The folder that holds the letter and its record."""
    return repository / "bags" / "sources" / "1952-12-27-stalin-to-mao"


@pytest.fixture(scope="session")
def record(letter: Path) -> Path:
    """A record that is as it should be."""
    return letter / "record.yaml"


@pytest.fixture(scope="session")
def packager(record: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Packager]:
    """One packager for all tests of a session."""
    running = start_packager(record, tmp_path_factory.mktemp("warm"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def in_memory() -> Iterator[Path]:
    """A folder whose disk is memory, where there is one: making durable then takes no time."""
    shared = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    with tempfile.TemporaryDirectory(dir=shared if os.access(shared, os.W_OK) else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def swift(
    missing: Callable[[str], NoReturn], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ObjectServer]:
    """An S3 server that checks what it is sent."""
    for module in ("obstore", "swift"):
        if importlib.util.find_spec(module) is None:
            missing(f"{module} is not installed")
    with swift_server(tmp_path_factory.mktemp("swift")) as server:
        yield server


@pytest.fixture(scope="session")
def rclone(
    missing: Callable[[str], NoReturn], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ObjectServer]:
    """An S3 server that is fast, and believes what it is sent."""
    if importlib.util.find_spec("obstore") is None or not RCLONE.exists():
        missing("obstore or rclone is not installed")
    with rclone_server(tmp_path_factory.mktemp("rclone")) as server:
        yield server


@pytest.fixture(scope="session")
def state_of() -> Callable[[Path], State]:
    """All that can be seen of a tree: names, kinds and rights, inodes, times, bytes."""

    def state_of(root: Path) -> State:
        state: State = {}
        for path in [root, *root.rglob("*")]:
            status = path.lstat()
            content = path.read_bytes() if stat.S_ISREG(status.st_mode) else b""
            name = os.fsencode(path).decode("latin-1")
            state[name] = (status.st_mode, status.st_ino, status.st_mtime_ns, content)
        return state

    return state_of


@pytest.fixture(scope="session")
def strace(missing: Callable[[str], NoReturn]) -> str:
    """The command strace, which shows and disturbs system calls."""
    return shutil.which("strace") or missing("strace is not installed")
