"""What a holding consists of, as a document that the ledger keeps: a line a file.

    muniment description 1; bag; BagIt 1.0; UTF-8
    01b70b0d...c9 2265 data/letter.txt

A line is the file's SHA-256, its size in bytes, its coded path; lines are in the order of their
paths. Of a bag the lines are its tag files, which state everything else; of a folder all its files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Self

from muniment.audit.canonical import coded_name, decoded_name
from muniment.audit.holdings import HoldingKind
from muniment.model.errors import EnvironmentFault

_HEAD = "muniment description 1; "
_PARTS_OF_HEAD = 3


class FileFacts(NamedTuple):
    """A file's SHA-256 (hex) and its size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """The files of a holding by path; of a bag, what its bagit.txt declared."""

    kind: HoldingKind
    files: dict[str, FileFacts]
    version: str = ""
    encoding: str = ""

    def to_bytes(self) -> bytes:
        """The document: the same for the same files."""
        head = f"{_HEAD}{self.kind}; BagIt {self.version}; {self.encoding}"
        lines = [
            f"{facts.sha256} {facts.size} {coded_name(path)}"
            for path, facts in sorted(self.files.items())
        ]
        return "\n".join([head.replace("\n", " "), *lines, ""]).encode()

    @classmethod
    def from_bytes(cls, document: bytes) -> Self:
        """Read a document back. Raises EnvironmentFault: the ledger keeps no other."""
        head, *lines = document.decode().split("\n")
        parts = head.removeprefix(_HEAD).split("; ", _PARTS_OF_HEAD - 1)
        if not head.startswith(_HEAD) or len(parts) != _PARTS_OF_HEAD:
            raise EnvironmentFault("a description in the ledger is none; run check-ledger")
        return cls(
            kind=HoldingKind(parts[0]),
            version=parts[1].removeprefix("BagIt "),
            encoding=parts[2],
            files=dict(_files(lines)),
        )


def sha256_of(document: bytes) -> str:
    """The name by which the ledger keeps a document."""
    return hashlib.sha256(document).hexdigest()


def _files(lines: Iterable[str]) -> Iterable[tuple[str, FileFacts]]:
    for line in lines:
        if line:
            digest, size, path = line.split(" ", 2)
            yield decoded_name(path), FileFacts(digest, int(size))
