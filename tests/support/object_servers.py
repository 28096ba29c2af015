"""Real S3 servers on loopback: OpenStack Swift, which checks what it is sent; rclone, for speed.

Each is started for a session and ends with the tests, even where they are killed (on Linux).
"""

from __future__ import annotations

import ctypes
import getpass
import itertools
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

BIN = Path(sys.executable).parent
RCLONE = BIN / "rclone"
_PR_SET_PDEATHSIG = 1
_PATIENCE = 60.0
# Below the ports that the system gives out of its own; each process begins somewhere else.
_FIRST, _PAST_LAST = 20_000, 32_000
_PORTS = itertools.chain(
    range(_FIRST + os.getpid() * 37 % 11_000, _PAST_LAST), range(_FIRST, _PAST_LAST)
)
_SWIFT_SECRET = "testing"  # noqa: S105 - of a server that lives as long as the tests
_RCLONE_SECRET = "not-a-real-one"  # noqa: S105 - the same


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectServer:
    """A server that runs. `data` is the folder in which its objects lie as files."""

    endpoint: str
    key: str
    secret: str
    data: Path

    @property
    def environment(self) -> dict[str, str]:
        """How users of S3 tell their programs where to go and who they are."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": self.key,
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_REGION": "us-east-1",
        }


def free_port() -> int:
    """A port of loopback that nobody listens on, and that no other process of tests is given."""
    for port in _PORTS:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise AssertionError("no port is free")


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


@contextmanager
def running(
    command: Sequence[str], port: int, log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[None]:
    """A server as a process, from when it listens until it is ended."""
    with log.open("wb") as output:
        process = _started(command, output, environment)
        try:
            _wait_for(port, process, log)
            yield
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _started(
    command: Sequence[str], output: IO[bytes], environment: Mapping[str, str] | None
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env={**os.environ, **(environment or {})},
        preexec_fn=_die_with_parent,  # noqa: PLW1509 - nothing but a system call
    )


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text("utf-8", "replace")[-2000:]
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"it does not listen: {log.read_text('utf-8', 'replace')[-2000:]}")


@contextmanager
def rclone_server(home: Path) -> Iterator[ObjectServer]:
    """`rclone serve s3` over a folder: its buckets are folders, its objects plain files."""
    data = home / "data"
    data.mkdir(parents=True)
    port = free_port()
    server = ObjectServer(
        endpoint=f"http://127.0.0.1:{port}", key="reader", secret=_RCLONE_SECRET, data=data
    )
    command = [
        str(RCLONE),
        "serve",
        "s3",
        str(data),
        "--copy-links",
        "--addr",
        f"127.0.0.1:{port}",
        "--auth-key",
        f"{server.key},{server.secret}",
        "--vfs-cache-mode",
        "off",
        "--config",
        str(home / "none.conf"),
    ]
    with running(command, port, home / "rclone.log"):
        yield server


_SWIFT_CONF = """[swift-hash]
swift_hash_path_prefix = tests
swift_hash_path_suffix = tests
[storage-policy:0]
name = only
default = yes
[swift-constraints]
max_file_size = 5368709122
"""

_SERVER_CONF = """[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {home}
devices = {devices}
mount_check = false
disable_fallocate = true
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
[filter:recon]
use = egg:swift#recon
"""

_PROXY_CONF = """[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {home}
[pipeline:main]
pipeline = catch_errors proxy-logging cache listing_formats bulk tempurl s3api tempauth copy slo \
dlo versioned_writes symlink proxy-logging proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = {secret} .admin
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:proxy-logging]
use = egg:swift#proxy_logging
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:1
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:bulk]
use = egg:swift#bulk
[filter:tempurl]
use = egg:swift#tempurl
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_object_versioning = true
[filter:symlink]
use = egg:swift#symlink
"""


@contextmanager
def swift_server(home: Path) -> Iterator[ObjectServer]:
    """OpenStack Swift with its S3 interface: one proxy, one server each of three kinds."""
    devices = home / "devices"
    (devices / "sdb1").mkdir(parents=True)
    (home / "swift.conf").write_text(_SWIFT_CONF)
    ports = {kind: free_port() for kind in ("account", "container", "object")}
    for kind, port in ports.items():
        _make_ring(home, kind, port)
    proxy = free_port()
    with ExitStack() as stack:
        for kind, port in ports.items():
            conf = _SERVER_CONF.format(
                kind=kind, port=port, user=getpass.getuser(), home=home, devices=devices
            )
            stack.enter_context(_swift(home, kind, conf, port))
        conf = _PROXY_CONF.format(
            port=proxy, user=getpass.getuser(), home=home, secret=_SWIFT_SECRET
        )
        stack.enter_context(_swift(home, "proxy", conf, proxy))
        yield ObjectServer(
            endpoint=f"http://127.0.0.1:{proxy}",
            key="test:tester",
            secret=_SWIFT_SECRET,
            data=devices,
        )


def _make_ring(home: Path, kind: str, port: int) -> None:
    builder = str(home / f"{kind}.builder")
    for arguments in (
        ["create", "4", "1", "1"],
        ["add", f"r1z1-127.0.0.1:{port}/sdb1", "1"],
        ["rebalance"],
    ):
        command = [str(BIN / "swift-ring-builder"), builder, *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd=home)


@contextmanager
def _swift(home: Path, kind: str, conf: str, port: int) -> Iterator[None]:
    path = home / f"{kind}.conf"
    path.write_text(conf)
    command = [str(BIN / f"swift-{kind}-server"), str(path), "-v"]
    # Each has a root of its own, as a Python that it forks would else warn of.
    with running(command, port, home / f"{kind}.log", {"PYTHONWARNINGS": "ignore"}):
        yield
