"""A real SFTP server on loopback, in a process of its own, with keys made for it.

Run as a command it serves: `sftp_server.py PORT HOST_KEY AUTHORIZED_KEYS FOLDER`.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class SftpServer:
    """A server that runs. `folder` is what it serves, `home` that of a user who may log in."""

    port: int
    folder: Path
    home: Path

    @property
    def address(self) -> str:
        """Where copies may go."""
        return f"sftp://archive@127.0.0.1:{self.port}/bags"


@contextmanager
def sftp_server(place: Path) -> Iterator[SftpServer]:
    """A server, and a home with a key that it knows."""
    import asyncssh
    from object_servers import free_port, running

    folder, ssh, port = place / "served", place / "home" / ".ssh", free_port()
    folder.mkdir()
    ssh.mkdir(parents=True)
    host, user = asyncssh.generate_private_key("ssh-ed25519"), ssh / "id_ed25519"
    host.write_private_key(place / "host_key")
    own = asyncssh.generate_private_key("ssh-ed25519")
    own.write_private_key(user)
    own.write_public_key(place / "authorized")
    public = host.export_public_key().decode()
    (ssh / "known_hosts").write_text(f"[127.0.0.1]:{port} {public}")
    command = [
        sys.executable,
        __file__,
        str(port),
        str(place / "host_key"),
        str(place / "authorized"),
        str(folder),
    ]
    with running(command, port, place / "sftp.log"):
        yield SftpServer(port=port, folder=folder, home=place / "home")


async def _serve(port: str, host_key: str, authorized: str, folder: str) -> None:
    import asyncssh

    def factory(channel: asyncssh.SSHServerChannel[bytes]) -> asyncssh.SFTPServer:
        return asyncssh.SFTPServer(channel, chroot=folder.encode())

    await asyncssh.listen(
        "127.0.0.1",
        int(port),
        server_host_keys=[host_key],
        authorized_client_keys=authorized,
        sftp_factory=factory,
    )
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(*sys.argv[1:]))
