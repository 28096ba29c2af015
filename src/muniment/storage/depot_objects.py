"""A prefix of an object store as a place for copies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from muniment.storage.addresses import Address
from muniment.storage.containers import Stated
from muniment.storage.depots import AlreadyThereError, ReadBack, checked_chunks
from muniment.storage.object_faults import ObjectGoneError
from muniment.storage.object_prefix import listed_below
from muniment.storage.object_reading import RANGE_BYTES, ObjectFile, hash_objects
from muniment.storage.object_store import Bucket, Stored
from muniment.storage.recording import ALGORITHM, Noted

# S3 takes 10,000 parts an object.
_MOST_PARTS = 9_000
_NOTHING_STATED = Stated(None, None)


class ObjectDepot:
    """Small files are one create-only request each, with their SHA-256 for the service to check.

    A big file goes in parts, each with its SHA-256; the store's interface knows no create-only
    there, so it is looked for first.
    """

    requests = 8

    def __init__(self, bucket: Bucket, root: Address) -> None:
        """`root` is the address that the copy's paths lie below."""
        self._bucket = bucket
        self._root = root

    def listing(self) -> dict[str, int]:
        """What lies below the address, listed once."""
        return {path: stored.size for path, stored in listed_below(self._bucket, self._root.key)}

    def find(self, path: str) -> int | None:
        """The size of one object in bytes."""
        try:
            return self._bucket.look(self._key(path)).size
        except ObjectGoneError:
            return None

    def put(self, path: str, source: Path, expected: Noted) -> Stated | None:
        """Lay down one file as an object."""
        key = self._key(path)
        chunks = checked_chunks(source, expected, RANGE_BYTES)
        if expected.size <= RANGE_BYTES:
            return self._bucket.create(key, b"".join(chunks))
        if self.find(path) is not None:
            raise AlreadyThereError(path)
        part = max(RANGE_BYTES, expected.size // _MOST_PARTS + 1)
        return self._bucket.create_in_parts(key, chunks, part)

    def read_back(self, files: Iterable[tuple[str, int]]) -> Iterator[ReadBack]:
        """Read each object whole, many at a time."""
        objects = (
            ObjectFile(path=path, stored=Stored(self._key(path), size, _NOTHING_STATED))
            for path, size in files
        )
        for hashed in hash_objects(self._bucket, objects, (ALGORITHM,)):
            for place, path in enumerate(hashed.paths):
                fault = hashed.faults.get(place)
                noted = Noted(hashed.sizes[place], hashed.digest(place, 0))
                yield ReadBack(path, None, fault.reason) if fault else ReadBack(path, noted)

    def close(self) -> None:
        """Nothing is kept open."""

    def _key(self, path: str) -> str:
        return self._root.below(path).key
