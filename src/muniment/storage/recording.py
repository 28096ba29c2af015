"""Any container, with the SHA-256 and size of each file noted while others have them digested."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, NamedTuple

from muniment.storage.containers import Container, Entry, Hashed, Listing, Problem
from muniment.storage.executors import Executor

ALGORITHM = "sha256"


class Noted(NamedTuple):
    """What was read of a file: its size in bytes, and its raw SHA-256."""

    size: int
    sha256: bytes


class Recording:
    """The container that notes. One read serves both whoever asks for digests, and the note."""

    def __init__(self, inner: Container) -> None:
        """Nothing is noted yet."""
        self._inner = inner
        self.noted: dict[str, Noted] = {}

    @property
    def name(self) -> str:
        """As the container says."""
        return self._inner.name

    @property
    def problems(self) -> Sequence[Problem]:
        """As the container says."""
        return self._inner.problems

    def top(self) -> dict[str, Entry]:
        """As the container says."""
        return self._inner.top()

    def listings(self) -> Iterator[Listing]:
        """As the container says."""
        return self._inner.listings()

    def open(self, path: str) -> BinaryIO:
        """As the container does; this is not noted."""
        return self._inner.open(path)

    def resolves_inside(self, path: str) -> bool:
        """As the container says."""
        return self._inner.resolves_inside(path)

    def digests(
        self,
        files: Iterable[tuple[str, int]],
        algorithms: Sequence[str],
        executor: Executor,
        *,
        follow_links: bool = False,
    ) -> Iterator[Hashed]:
        """The digests asked for; each file's SHA-256 is noted by the way."""
        asked = len(algorithms)
        wanted = algorithms if ALGORITHM in algorithms else (*algorithms, ALGORITHM)
        column = wanted.index(ALGORITHM)
        for hashed in self._inner.digests(files, wanted, executor, follow_links=follow_links):
            for place, path in enumerate(hashed.paths):
                if place not in hashed.faults:
                    digest = hashed.digest(place, column)
                    self.noted[path] = Noted(hashed.sizes[place], digest)
            yield Hashed(hashed.paths, hashed.runs[:asked], hashed.sizes, hashed.faults)
