"""Plan -> bag: the payload is copied and digested in one read, then sealed by its tag files."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from muniment.bags import baginfo, declaration
from muniment.bags.manifests import PAYLOAD_PREFIX, write_manifest
from muniment.bags.payload import PayloadFile
from muniment.bags.plan import Plan, SealedManifest, TagFile
from muniment.model.digests import Algorithm, Digest
from muniment.model.findings import Finding, Location
from muniment.model.paths import encode_path
from muniment.model.rules import source as rules
from muniment.storage.batches import in_batches
from muniment.storage.copying import CHANGED, CopyBatch, CopyJob, copy_batch
from muniment.storage.executors import Executor
from muniment.storage.hashing import Hasher, digest_of, new_hasher
from muniment.storage.progress import Progress


class SourceChangedError(Exception):
    """Source files could not be read as they were planned; `findings` name each."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        """Carry the findings to whoever reports them."""
        super().__init__(f"{len(findings)} source files could not be read as they were planned")
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenBag:
    """A bag on disk, not yet read back. The digests are those of its tag manifests."""

    folder: Path
    tag_manifests: tuple[SealedManifest, ...]
    payload_manifests: tuple[SealedManifest, ...]


def write_bag(
    plan: Plan, folder: Path, *, executor: Executor, progress: Progress, copy: bool = True
) -> WrittenBag:
    """Write everything that the plan says into an empty folder.

    Without `copy` the payload is digested where it lies, and only the tag files are written.
    Raises SourceChangedError, OSError.
    """
    if copy:
        _make_folders(plan.payload, folder)
    progress.phase("copying" if copy else "reading", plan.oxum.octets)
    manifests = _copy_payload(plan, folder, executor=executor, progress=progress, copy=copy)
    progress.phase("sealing", None)
    tag_files = [
        TagFile(path=declaration.PATH, content=declaration.write_declaration()),
        TagFile(path=baginfo.PATH, content=baginfo.write_bag_info(plan.bag_info)),
        *plan.tag_files,
        *plan.seal(manifests),
    ]
    for tag_file in tag_files:
        _write(folder, tag_file)
    tag_manifests = [
        _write_tag_manifest(folder, algorithm, tag_files, manifests)
        for algorithm in plan.algorithms
    ]
    return WrittenBag(
        folder=folder, tag_manifests=tuple(tag_manifests), payload_manifests=tuple(manifests)
    )


def _make_folders(payload: Sequence[PayloadFile], folder: Path) -> None:
    """Every folder of the payload, before the workers write into them."""
    (folder / PAYLOAD_PREFIX).mkdir()
    for name in sorted({file.path.rpartition("/")[0] for file in payload}):
        (folder / name).mkdir(parents=True, exist_ok=True)


def _copy_payload(
    plan: Plan, folder: Path, *, executor: Executor, progress: Progress, copy: bool
) -> list[SealedManifest]:
    """Copy and digest; each manifest grows line by line, in code-point order of the paths."""
    faults: list[Finding] = []
    with ExitStack() as stack:
        writers = [
            stack.enter_context(_ManifestWriter(folder, algorithm)) for algorithm in plan.algorithms
        ]
        for batch, copied in executor.map(copy_batch, _batches(plan, folder if copy else None)):
            faults.extend(
                source_fault(batch.jobs[position], reason)
                for position, reason in copied.faults.items()
            )
            if not faults:
                paths = [encode_path(file.path) for file in batch.jobs]
                for writer, digests in zip(writers, zip(*copied.digests, strict=True), strict=True):
                    writer.lines(paths, digests)
            progress.advance(sum([file.size for file in batch.jobs]))
    if faults:
        raise SourceChangedError(faults)
    return [writer.sealed() for writer in writers]


def _batches(plan: Plan, folder: Path | None) -> Iterator[CopyBatch]:
    target = None if folder is None else str(folder)
    algorithms = tuple(str(name) for name in plan.algorithms)
    for files in in_batches(plan.payload, operator.attrgetter("size")):
        yield CopyBatch(jobs=tuple(files), target=target, algorithms=algorithms)


def source_fault(file: CopyJob, reason: str) -> Finding:
    """A source file that is not what it was, or could not be read."""
    rule = rules.CHANGED_WHILE_READ if reason == CHANGED else rules.UNREADABLE
    return Finding(
        rule=rule, message=f"{file.source}: {reason}", location=Location(path=file.source)
    )


class _ManifestWriter:
    """One payload manifest, written and digested as its lines come."""

    def __init__(self, folder: Path, algorithm: Algorithm) -> None:
        self._path = f"manifest-{algorithm}.txt"
        self._stream = (folder / self._path).open("xb")
        self._algorithm = algorithm
        self._hasher: Hasher = new_hasher(algorithm)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def lines(self, coded: Sequence[str], digests: Sequence[bytes]) -> None:
        """The lines of many files at once, their paths coded as RFC 8493 section 2.1.3 asks."""
        pairs = zip(digests, coded, strict=True)
        data = "".join([f"{digest.hex()}  {path}\n" for digest, path in pairs]).encode()
        self._hasher.update(data)
        self._stream.write(data)

    def sealed(self) -> SealedManifest:
        digest = Digest(algorithm=self._algorithm, value=self._hasher.digest())
        return SealedManifest(path=self._path, digest=digest)


def _write(folder: Path, tag_file: TagFile) -> None:
    target = folder / tag_file.path
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as stream:
        stream.write(tag_file.content)


def _write_tag_manifest(
    folder: Path,
    algorithm: Algorithm,
    tag_files: Sequence[TagFile],
    manifests: Sequence[SealedManifest],
) -> SealedManifest:
    """Every tag file but the tag manifests themselves (RFC 8493 section 2.2.1)."""
    lines = [(file.path, digest_of(file.content, algorithm)) for file in tag_files]
    for manifest in manifests:
        if manifest.digest.algorithm == algorithm:
            lines.append((manifest.path, manifest.digest.value))
        else:
            lines.append(
                (manifest.path, digest_of((folder / manifest.path).read_bytes(), algorithm))
            )
    content = write_manifest(lines)
    path = f"tagmanifest-{algorithm}.txt"
    _write(folder, TagFile(path=path, content=content))
    digest = Digest(algorithm=algorithm, value=digest_of(content, algorithm))
    return SealedManifest(path=path, digest=digest)
