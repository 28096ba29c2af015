"""A folder on another machine, over SFTP, as a place for copies.

Who logs in, with which key, and which hosts are known is what the user's own ssh configuration
says; no password is ever asked for.
"""

from __future__ import annotations

import asyncio
import posixpath
import stat
import threading
from collections.abc import AsyncIterator, Coroutine, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from muniment.model.errors import MissingExtraError, MunimentError, UsageError
from muniment.storage.addresses import Address
from muniment.storage.containers import DeniedError, GoneError, SilentError, UnreachableError
from muniment.storage.depots import (
    PART,
    AlreadyThereError,
    ReadBack,
    checked_chunks,
    read_as_noted,
)
from muniment.storage.hashing import CHUNK_BYTES
from muniment.storage.patience import Patience
from muniment.storage.recording import Noted

if TYPE_CHECKING:
    import asyncssh

Result = TypeVar("Result")


class SftpDepot:
    """Each file is written beside its place and renamed; SFTP's rename refuses to replace."""

    requests = 8

    def __init__(self, root: Address, patience: Patience) -> None:
        """Connect. `root` is the copy's own folder, which need not exist.

        Raises MissingExtraError, UsageError, UnreachableError.
        """
        try:
            import asyncssh
        except ImportError as error:
            raise MissingExtraError("sftp://", "sftp") from error
        self._ssh = asyncssh
        self._root = root
        self._patience = patience
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="sftp")
        self._thread.start()
        self._made: set[str] = set()
        try:
            self._connection, self._sftp = self._wait(self._connect())
        except BaseException:
            self._stop()
            raise

    def listing(self) -> dict[str, int]:
        """What lies there. What is neither file nor folder counts as a file of no bytes."""
        return self._wait(self._list(), bounded=False)

    def find(self, path: str) -> int | None:
        """The size of one file in bytes."""
        return self._wait(self._find(self._at(path)))

    def put(self, path: str, source: Path, expected: Noted) -> None:
        """Lay down one file."""
        self._wait(self._put(path, source, expected), bounded=False)

    def read_back(self, files: Iterable[tuple[str, int]]) -> Iterator[ReadBack]:
        """Read each file from the server."""
        for path, _ in files:
            try:
                chunks = self._chunks(self._wait(self._open(self._at(path))))
                yield read_as_noted(path, chunks)
            except GoneError:
                yield ReadBack(path, None, "it is not there any more")

    def close(self) -> None:
        """End the connection."""
        self._connection.close()
        try:
            self._wait(self._connection.wait_closed())
        finally:
            self._stop()

    def _stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _at(self, path: str) -> str:
        return posixpath.join("/", self._root.key, path)

    def _wait(self, work: Coroutine[Any, Any, Result], *, bounded: bool = True) -> Result:
        """Run something on the connection's own thread, and tell what goes wrong as ours."""
        seconds = self._patience.seconds if bounded else None
        with told_of_sftp(self._root, self._ssh):
            return asyncio.run_coroutine_threadsafe(
                asyncio.wait_for(work, seconds), self._loop
            ).result()

    async def _connect(self) -> tuple[asyncssh.SSHClientConnection, asyncssh.SFTPClient]:
        host, _, port = self._root.place.partition(":")
        options: dict[str, Any] = {"password": None, "keepalive_interval": self._patience.seconds}
        if port:
            if not port.isdecimal():
                raise UsageError(f"{self._root}: {port!r} is no port")
            options["port"] = int(port)
        if self._root.user is not None:
            options["username"] = self._root.user
        connection = await self._ssh.connect(host, **options)
        return connection, await connection.start_sftp_client()

    async def _list(self) -> dict[str, int]:
        if await self._find(self._at("")) is None:
            return {}
        return {path: size async for path, size in self._below("")}

    async def _below(self, folder: str) -> AsyncIterator[tuple[str, int]]:
        for entry in await self._sftp.readdir(self._at(folder)):
            name = str(entry.filename)
            if name in {".", ".."} or name.startswith(PART):
                continue
            path = f"{folder}/{name}".lstrip("/")
            mode = entry.attrs.permissions or 0
            if stat.S_ISDIR(mode):
                async for found in self._below(path):
                    yield found
            else:
                yield path, (entry.attrs.size or 0) if stat.S_ISREG(mode) else 0

    async def _find(self, full: str) -> int | None:
        try:
            return (await self._sftp.lstat(full)).size or 0
        except self._ssh.SFTPNoSuchFile:
            return None

    async def _put(self, path: str, source: Path, expected: Noted) -> None:
        target = self._at(path)
        folder, name = posixpath.split(target)
        if folder not in self._made:
            await self._sftp.makedirs(folder, exist_ok=True)
            self._made.add(folder)
        if await self._find(target) is not None:
            raise AlreadyThereError(path)
        part = posixpath.join(folder, f"{PART}{name}")
        async with await self._sftp.open(part, "wb") as stream:
            for data in checked_chunks(source, expected):
                await stream.write(data)
            with suppress(self._ssh.SFTPOpUnsupported):
                await stream.fsync()
        try:
            await self._sftp.rename(part, target)
        except self._ssh.SFTPError as error:
            if await self._find(target) is not None:
                raise AlreadyThereError(path) from error
            raise

    async def _open(self, full: str) -> asyncssh.SFTPClientFile:
        return await self._sftp.open(full, "rb")

    def _chunks(self, stream: asyncssh.SFTPClientFile) -> Iterator[bytes]:
        try:
            while data := self._wait(_read(stream)):
                yield data
        finally:
            self._wait(stream.close())


async def _read(stream: asyncssh.SFTPClientFile) -> bytes:
    data = await stream.read(CHUNK_BYTES)
    return data if isinstance(data, bytes) else data.encode()


@contextmanager
def told_of_sftp(where: Address, ssh: Any) -> Iterator[None]:  # noqa: ANN401 - the module
    """Tell what the connection raises as our own error, in our own words."""
    try:
        yield
    except (MunimentError, AlreadyThereError):
        raise
    except (ssh.PermissionDenied, ssh.HostKeyNotVerifiable) as error:
        raise DeniedError(
            f"{where}: {_DENIED[isinstance(error, ssh.HostKeyNotVerifiable)]}"
        ) from None
    except ssh.SFTPNoSuchFile:
        raise GoneError(f"{where}: there is no such file or folder") from None
    except ssh.SFTPPermissionDenied:
        raise DeniedError(f"{where}: the server does not allow it; look at its rights") from None
    except ssh.SFTPError as error:
        raise UnreachableError(f"{where}: the server refuses ({type(error).__name__})") from None
    except (OSError, TimeoutError, ssh.Error) as error:
        raise SilentError(
            f"{where}: no connection, or one that does not go on ({type(error).__name__}); look at"
            " the network and the host's name, then try again"
        ) from None


_DENIED: dict[bool, str] = {
    False: "login is refused; check the user and the key that your ssh configuration names",
    True: "the host's key is not the one that is known; check it, and your known_hosts",
}
