"""Is a bag that lies there already the one that would be written now?"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from muniment.bags import baginfo
from muniment.bags.checking import CheckOptions, check_bag
from muniment.bags.homes import open_bag
from muniment.bags.plan import Plan, SealedManifest
from muniment.bags.writing import SourceChangedError, WrittenBag, write_bag
from muniment.model.digests import Digest
from muniment.model.findings import JsonValue, SubjectReport, Verdict
from muniment.storage.containers import Container, UnreachableError
from muniment.storage.executors import Executor
from muniment.storage.hashing import digest_of
from muniment.storage.progress import Progress
from muniment.workflow.describing import MODS_PATH
from muniment.workflow.made import bag_made

# What another day or another version of muniment writes otherwise.
_OF_THE_DAY = ("Bagging-Date:", "Bag-Software-Agent:")


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeBefore:
    """A bag that was made before: how it was judged now, and what it is."""

    subject: SubjectReport
    result: Mapping[str, JsonValue]


def made_before(
    plan: Plan, bag: Path, options: CheckOptions, *, executor: Executor, progress: Progress
) -> MadeBefore | None:
    """Verify a bag, and hold it against the sources as they are; None where it is another.

    The payload manifests must be the same to the byte, and so must the description and
    bag-info.txt but for what the day changes. Raises OSError.
    """
    try:
        subject = check_bag(
            open_bag(bag),
            subject=str(bag),
            options=options,
            executor=executor,
            progress=progress,
        )
        if subject.verdict() is not Verdict.PASS:
            return None
        with tempfile.TemporaryDirectory() as aside:
            written = write_bag(plan, Path(aside), executor=executor, progress=progress, copy=False)
            if not _agree(plan, written, open_bag(bag)):
                return None
    except (SourceChangedError, UnreachableError):
        return None
    sealed = _sealed(plan, open_bag(bag))
    return MadeBefore(subject=subject, result=bag_made(bag, plan.name, plan.oxum, sealed))


def _agree(plan: Plan, written: WrittenBag, container: Container) -> bool:
    """Whether what was written aside lies in the bag too."""
    fixed = [file.path for file in plan.tag_files if file.path != MODS_PATH]
    paths = [*(each.path for each in written.payload_manifests), *fixed]
    if any(_read(container, path) != (written.folder / path).read_bytes() for path in paths):
        return False
    now = (written.folder / baginfo.PATH).read_bytes()
    return _lasting(_read(container, baginfo.PATH)) == _lasting(now)


def _read(container: Container, path: str) -> bytes | None:
    try:
        with container.open(path) as stream:
            return stream.read()
    except OSError:
        return None


def _lasting(bag_info: bytes | None) -> list[str]:
    lines = (bag_info or b"").decode("utf-8", "replace").splitlines()
    return [line for line in lines if not line.startswith(_OF_THE_DAY)]


def _sealed(plan: Plan, container: Container) -> list[SealedManifest]:
    sealed = []
    for algorithm in plan.algorithms:
        path = f"tagmanifest-{algorithm}.txt"
        value = digest_of(_read(container, path) or b"", algorithm)
        sealed.append(SealedManifest(path=path, digest=Digest(algorithm=algorithm, value=value)))
    return sealed
