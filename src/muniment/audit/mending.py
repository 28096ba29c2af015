"""A damaged holding made whole from a sound copy: only what differs is written, and it lasts.

What is new is written aside and digested again, a journal makes it final, and then it takes its
place: a kill at any moment leaves the old or the new, and the next repair goes on.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from muniment.model.errors import EnvironmentFault
from muniment.storage.containers import Container, EntryKind
from muniment.storage.durable import fsync_path
from muniment.storage.executors import Executor
from muniment.storage.hashing import CHUNK_BYTES
from muniment.storage.journal import Journal, sole_writer
from muniment.storage.staging import remove_abandoned, staged

PURPOSE = "repair"
_ALGORITHM = "sha256"


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """What a holding lacks against a sound copy, and has beside it. Paths in code-point order.

    `digests` are the SHA-256 (raw) of every file of the copy.
    """

    missing: tuple[str, ...]
    different: tuple[str, ...]
    extra: tuple[str, ...]
    digests: Mapping[str, bytes]

    @property
    def to_write(self) -> tuple[str, ...]:
        """The files that the copy has to give."""
        return tuple(sorted((*self.missing, *self.different)))


def differences(copy: Container, held: Container | None, executor: Executor) -> Differences:
    """Read both whole and compare every byte by SHA-256; `held` None is a holding that is gone.

    Raises EnvironmentFault where a file of the copy cannot be read, or something else than a file
    stands in its place in the holding.
    """
    wanted = _digests(copy, executor)
    unread = [path for path, digest in wanted.items() if digest is None]
    if unread:
        raise EnvironmentFault(f"{min(unread)} of the copy could not be read; nothing was changed")
    present = {} if held is None else _digests(held, executor)
    if held is not None:
        _refuse_obstacles(held, wanted)
    return Differences(
        missing=tuple(sorted(wanted.keys() - present.keys())),
        different=tuple(
            sorted(path for path in wanted.keys() & present.keys() if wanted[path] != present[path])
        ),
        extra=tuple(sorted(present.keys() - wanted.keys())),
        digests={path: digest for path, digest in wanted.items() if digest is not None},
    )


def mend_folder(folder: Path, copy: Container, found: Differences) -> None:
    """Write what is missing or different into a folder, as one change. Raises EnvironmentFault."""
    folder = folder.absolute()
    with sole_writer(folder):
        journal = Journal(folder, PURPOSE)
        unfinished = journal.unfinished()
        if unfinished is not None:
            journal.carry_out(unfinished)
        with journal.prepared() as new:
            _write(new, copy, found.to_write, found.digests)
            swap = journal.seal(remove=(), note={})
            if dict(swap.put) != {path: found.digests[path].hex() for path in found.to_write}:
                journal.drop()
                raise EnvironmentFault(f"what was written beside {folder} is not what was read")
            journal.carry_out(swap)


def finish_interrupted(folder: Path) -> bool:
    """Carry out a repair that was sealed and not ended; whether there was one.

    What a killed one had written aside and not sealed is removed.
    """
    folder = folder.absolute()
    remove_abandoned(folder.parent)
    if not folder.is_dir():
        return False
    with sole_writer(folder):
        journal = Journal(folder, PURPOSE)
        swap = journal.unfinished()
        if swap is None:
            journal.drop()
            return False
        journal.carry_out(swap)
        return True


def make_anew(folder: Path, copy: Container, found: Differences) -> None:
    """Make a folder that is gone, whole or not at all. Raises EnvironmentFault, UsageError."""
    with staged(folder) as staging:
        _write(staging.folder, copy, found.to_write, found.digests)
        staging.make_durable()
        staging.publish()


def replace_archive(archive: Path, copy: Path) -> None:
    """Put a copy's bytes in an archive's place, whole or not at all. Raises EnvironmentFault."""
    draft = archive.with_name(f".muniment-{PURPOSE}-{archive.name}")
    with sole_writer(archive.parent):
        _replace(archive, draft, copy)


def _replace(archive: Path, draft: Path, copy: Path) -> None:
    try:
        with copy.open("rb") as source, draft.open("wb") as target:
            read = _copied(iter(lambda: source.read(CHUNK_BYTES), b""), target.fileno())
        fsync_path(draft)
        with draft.open("rb") as written:
            if hashlib.file_digest(written, _ALGORITHM).digest() != read:
                raise EnvironmentFault(f"what was written to {draft} is not what was read")
        if archive.exists():
            shutil.copymode(archive, draft)
        draft.replace(archive)
        fsync_path(archive.parent)
    except OSError as error:
        reason = f"{error.filename or archive}: {error.strerror or error}"
        raise EnvironmentFault(f"{reason}; {archive} is as it was") from error
    finally:
        draft.unlink(missing_ok=True)


def move_aside(folder: Path, paths: Iterable[str], aside: Path) -> None:
    """Move files out of a folder into another one, never over something. Raises EnvironmentFault.

    What links cannot tell apart from a loss is not risked: both must lie on one disk.
    """
    try:
        for path in paths:
            target = aside / path
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(folder / path, target, follow_symlinks=False)
            fsync_path(target.parent)
            (folder / path).unlink()
    except OSError as error:
        raise EnvironmentFault(f"{error.filename}: {error.strerror}") from error


def _digests(container: Container, executor: Executor) -> dict[str, bytes | None]:
    """SHA-256 of every file; None where it could not be read."""
    found: dict[str, bytes | None] = {}
    for hashed in container.digests(_files(container), (_ALGORITHM,), executor):
        for place, path in enumerate(hashed.paths):
            found[path] = None if place in hashed.faults else hashed.digest(place, 0)
    return found


def _files(container: Container) -> Iterator[tuple[str, int]]:
    for listing in container.listings():
        yield from listing.files


def _refuse_obstacles(held: Container, wanted: Mapping[str, object]) -> None:
    for listing in held.listings():
        for entry in listing.others:
            if entry.path in wanted and entry.kind is not EntryKind.LINK:
                raise EnvironmentFault(
                    f"{entry.path} is a {entry.kind.value}, not a file; nothing was changed"
                )


def _write(
    folder: Path, copy: Container, paths: Iterable[str], digests: Mapping[str, bytes]
) -> None:
    """Copy files; each is digested on its way. Raises EnvironmentFault."""
    for path in paths:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with copy.open(path) as source, target.open("xb") as written:
                read = _copied(iter(lambda: source.read(CHUNK_BYTES), b""), written.fileno())
        except OSError as error:
            raise EnvironmentFault(
                f"{path}: {error.strerror or error}; nothing was changed"
            ) from error
        if read != digests[path]:
            raise EnvironmentFault(
                f"{path} of the copy changed while it was read; nothing was changed"
            )


def _copied(pieces: Iterable[bytes], descriptor: int) -> bytes:
    """Write pieces to a descriptor; their SHA-256."""
    hasher = hashlib.sha256()
    for piece in pieces:
        hasher.update(piece)
        view = memoryview(piece)
        while view:
            view = view[os.write(descriptor, view) :]
    return hasher.digest()
