"""What has arrived of a file, kept aside until it is whole and verified.

A part is named by its address and its path in the bag, so that a later run finds it again. It is
trusted with nothing: its bytes are digested anew when it is taken up, and again from the first byte
where the whole does not verify.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from muniment.storage.hashing import CHUNK_BYTES, Hasher, new_hasher

_LONGEST_VALIDATOR = 1000


def part_name(url: str, path: str) -> str:
    """The file name under which a part is kept."""
    return hashlib.sha256(f"{url}\n{path}".encode()).hexdigest()[:40]


class Part:
    """One file that is arriving; digested as it grows.

    `continued` says that its bytes come from more than one answer.
    """

    def __init__(self, folder: Path, name: str, algorithms: Sequence[str]) -> None:
        """Take up what an earlier run left, or begin. Raises OSError."""
        self.path = folder / name
        self._validator_path = folder / f"{name}.json"
        self._algorithms = tuple(algorithms)
        self._stream = self.path.open("a+b")
        self._hashers: dict[str, Hasher] = {}
        self.size = 0
        self.continued = False
        self.validator: str | None = None
        self._take_up()

    def __enter__(self) -> Self:
        """A part is open from its making on."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close; what has arrived stays for a later run, unless it is nothing."""
        self._stream.close()
        if self.size == 0:
            self.discard()

    def begin_again(self) -> None:
        """Forget every byte that has arrived. Raises OSError."""
        self._stream.truncate(0)
        self._start_hashing()
        self.continued = False
        self.expect(None)

    def expect(self, validator: str | None) -> None:
        """Note what the server knows the bytes by that are to come. Raises OSError."""
        self.validator = validator
        if validator is None or len(validator) > _LONGEST_VALIDATOR:
            self._validator_path.unlink(missing_ok=True)
        else:
            self._validator_path.write_text(json.dumps(validator), encoding="utf-8")

    def write(self, chunk: bytes) -> None:
        """Take in more bytes. Raises OSError."""
        self._stream.write(chunk)
        for hasher in self._hashers.values():
            hasher.update(chunk)
        self.size += len(chunk)

    def digests(self) -> Mapping[str, bytes]:
        """The raw digests of all that has arrived, by algorithm."""
        return {name: hasher.digest() for name, hasher in self._hashers.items()}

    def finish(self) -> None:
        """Wait until every byte lies on the disk, and close. Raises OSError."""
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()

    def discard(self) -> None:
        """Remove the part."""
        for path in (self.path, self._validator_path):
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def _take_up(self) -> None:
        self._start_hashing()
        self._stream.seek(0)
        while chunk := self._stream.read(CHUNK_BYTES):
            for hasher in self._hashers.values():
                hasher.update(chunk)
            self.size += len(chunk)
        self.continued = self.size > 0
        with suppress(OSError, ValueError):
            noted = json.loads(self._validator_path.read_text(encoding="utf-8"))
            self.validator = noted if isinstance(noted, str) and noted.isprintable() else None

    def _start_hashing(self) -> None:
        self._hashers = {name: new_hasher(name) for name in self._algorithms}
        self.size = 0
