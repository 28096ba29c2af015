"""deposit: a copy of a bag is laid down elsewhere, and somebody sees that it arrived whole.

bag -> verified -> compared with what lies at the target -> sent -> read back -> receipt.
The declaration bagit.txt goes last: a copy that is not whole never looks like a bag.
"""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from muniment.bags.checking import CheckOptions, check_bag
from muniment.bags.declaration import PATH as DECLARATION
from muniment.bags.homes import archive_stem, open_bag
from muniment.bags.manifests import PAYLOAD_PREFIX, manifest_name
from muniment.model.digests import Digest
from muniment.model.errors import EnvironmentFault, UsageError
from muniment.model.findings import (
    Finding,
    JsonValue,
    Location,
    Report,
    Rule,
    Skipped,
    SubjectReport,
    Verdict,
)
from muniment.model.receipts import DepositedFile, Evidence, Receipt, ServiceChecks
from muniment.model.rules import deposit as rules
from muniment.storage.addresses import SFTP, Home
from muniment.storage.containers import Container, Stated
from muniment.storage.depot_folder import FolderDepot
from muniment.storage.depot_objects import ObjectDepot
from muniment.storage.depots import AlreadyThereError, Depot
from muniment.storage.executors import Executor, ProcessPool
from muniment.storage.hashing import hash_file, hasher_maker
from muniment.storage.object_store import open_bucket
from muniment.storage.patience import Patience
from muniment.storage.progress import Progress, Silent
from muniment.storage.recording import ALGORITHM, Noted, Recording
from muniment.storage.staging import DestinationExistsError, already_there
from muniment.workflow.verifying import unreachable

_COMMAND = "deposit"


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositRequest:
    """Which bag goes where. The copy lies below `target` under the bag's own name.

    `must_be_new`: a whole copy that is there already is refused, not kept.
    `trust_service`: what the service has checked by SHA-256 when it took it in is not read back.
    """

    bag: Path
    target: Home
    must_be_new: bool = False
    trust_service: bool = False
    patience: Patience = field(default_factory=Patience)


def deposit(
    request: DepositRequest,
    *,
    now: Callable[[], datetime],
    token: Callable[[], str],
    workers: int = 1,
    progress: Progress | None = None,
) -> tuple[Report, Receipt | None]:
    """Lay down a copy; the receipt is None where there is none, and the report says why.

    `token` gives letters and digits that nobody has used, for what is written to try a service.
    Raises UsageError, EnvironmentFault.
    """
    if not request.bag.exists():
        missing = unreachable(str(request.bag), "bag", "structure", "there is no such file")
        return Report(command=_COMMAND, subjects=(missing,)), None
    watch = progress or Silent()
    with ProcessPool(workers) as executor:
        judged, files = _verified(request.bag, executor, watch)
    if judged.verdict() is not Verdict.PASS:
        reason = "only a bag that verifies is deposited; nothing was sent"
        return _report(judged, (), (Skipped(check="deposit", reason=reason),)), None
    _refuse_unfit(request, files)
    try:
        run, service = _carried_out(request, files, token=token, progress=watch)
    except EnvironmentFault as fault:
        reason = f"{fault}; what has arrived is kept, and a second run goes on from there"
        return _report(judged, (), (Skipped(check="deposit", reason=reason, asked=True),)), None
    findings = (*run.findings, *_of_service(service, request))
    report = _report(judged, findings, run.skipped)
    if report.verdict() is not Verdict.PASS:
        return report, None
    receipt = run.receipt(now().strftime("%Y-%m-%dT%H:%M:%SZ"), service)
    return dataclasses.replace(report, result=receipt.as_json()), receipt


def _verified(
    bag: Path, executor: Executor, progress: Progress
) -> tuple[SubjectReport, dict[str, Noted]]:
    """Judge the bag; the files to be sent, as they were when that was done."""
    container: Container = open_bag(bag)
    if bag.is_file():
        (digest,), size = hash_file(str(bag), 0, (hasher_maker(ALGORITHM),))
        noted = {bag.name: Noted(size, digest)}
    else:
        container = recording = Recording(container)
        noted = recording.noted
    options = CheckOptions()
    judged = check_bag(
        container, subject=str(bag), options=options, executor=executor, progress=progress
    )
    return judged, noted


def _refuse_unfit(request: DepositRequest, files: Mapping[str, Noted]) -> None:
    """Bags that would not arrive whole, and copies that would be none. Raises UsageError."""
    bag, target = request.bag.resolve(), request.target
    if bag.is_dir() and not any(path.startswith(PAYLOAD_PREFIX) for path in files):
        raise UsageError(
            f"{request.bag} has no payload, and its empty folder data/ would be lost on the way;"
            " deposit it as an archive"
        )
    if isinstance(target, Path) and (target.resolve() / bag.name).is_relative_to(bag):
        raise UsageError(f"{target} is where {request.bag} lies; a copy belongs elsewhere")


def _report(
    judged: SubjectReport, findings: Sequence[Finding], skipped: Sequence[Skipped]
) -> Report:
    """What was found of the bag, and then of its copy."""
    done = () if skipped else ("deposit",)
    subject = dataclasses.replace(
        judged,
        findings=(*judged.findings, *findings),
        checks_run=(*judged.checks_run, *done),
        checks_skipped=(*judged.checks_skipped, *skipped),
    )
    return Report(command=_COMMAND, subjects=(subject,))


def _carried_out(
    request: DepositRequest,
    files: Mapping[str, Noted],
    *,
    token: Callable[[], str],
    progress: Progress,
) -> tuple[_Run, ServiceChecks | None]:
    """Try the service, then lay down the copy. Raises UsageError, EnvironmentFault."""
    depot, service = _reached(request, token)
    with closing(depot):
        trusted = request.trust_service and service is not None and service.sha256
        run = _Run(request=request, depot=depot, files=files, trusted=trusted, progress=progress)
        run.carry_out()
    return run, service


def _reached(
    request: DepositRequest, token: Callable[[], str]
) -> tuple[Depot, ServiceChecks | None]:
    """The place for the copy, and what its service was found to check."""
    target, is_archive = request.target, request.bag.is_file()
    if isinstance(target, Path):
        return FolderDepot(target if is_archive else target / request.bag.resolve().name), None
    root = target if is_archive else target.below(request.bag.resolve().name)
    if target.scheme == SFTP:
        from muniment.storage.depot_sftp import SftpDepot

        return SftpDepot(root, request.patience), None
    bucket = open_bucket(target, request.patience)
    service = None
    if target.scheme == "s3":
        from muniment.storage.object_probe import try_service

        scratch = target.below(f".muniment-trial-{token()}")
        service = try_service(bucket, scratch, request.patience)
    return ObjectDepot(bucket, root), service


def _of_service(service: ServiceChecks | None, request: DepositRequest) -> Iterator[Finding]:
    where = str(request.target)
    if service is not None and not service.sha256:
        message = f"{where} took in bytes that were not those of the SHA-256 sent with them"
        yield Finding(rule=rules.CHECKS_NOTHING, message=message)
    if service is not None and not service.create_only:
        message = f"{where} put a second object in the place of the first, asked for a new one only"
        yield Finding(rule=rules.REPLACES, message=message)


@dataclass(slots=True, kw_only=True)
class _Run:
    """One bag on its way. `trusted`: what is sent now need not be read back."""

    request: DepositRequest
    depot: Depot
    files: Mapping[str, Noted]
    trusted: bool
    progress: Progress
    findings: list[Finding] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    stated: dict[str, Stated] = field(default_factory=dict)

    def carry_out(self) -> None:
        """Compare, send, read back; what is found ends it before the next step."""
        self._compare_what_is_there()
        if self.findings or self.skipped:
            return
        self.progress.phase("depositing", sum(noted.size for noted in self._left().values()))
        for last in (False, True):
            left = self._left().items()
            files = {path: noted for path, noted in left if (path == DECLARATION) is last}
            self._send(files)
            if not self.trusted:
                self._read_back(files, rules.READS_BACK_OTHERWISE)
            if self.findings or self.skipped:
                return

    def receipt(self, when: str, service: ServiceChecks | None) -> Receipt:
        """What is left to the keeper of the copy."""
        bag = self.request.bag
        return Receipt(
            name=archive_stem(bag.name) if bag.is_file() else bag.resolve().name,
            source=str(bag),
            target=self._target(),
            when=when,
            files=tuple(self._deposited(path) for path in sorted(self.files)),
            evidence=Evidence.CHECKED_ON_RECEIPT if self.trusted else Evidence.READ_BACK,
            service=service,
            tag_manifests=tuple(
                (path, Digest(algorithm=ALGORITHM, value=noted.sha256))
                for path, noted in sorted(self.files.items())
                if (name := manifest_name(path)) is not None and name.is_tag_manifest
            ),
        )

    def _target(self) -> str:
        target, name = self.request.target, self.request.bag.resolve().name
        return str(target / name if isinstance(target, Path) else target.below(name))

    def _deposited(self, path: str) -> DepositedFile:
        size, sha256 = self.files[path]
        e_tag, version = self.stated.get(path, Stated(None, None))
        return DepositedFile(
            path=path,
            size=size,
            sha256=sha256,
            kept=path in self.kept,
            e_tag=e_tag,
            version=version,
        )

    def _left(self) -> dict[str, Noted]:
        return {path: noted for path, noted in self.files.items() if path not in self.kept}

    def _compare_what_is_there(self) -> None:
        """What lies at the target already is right, or in the way."""
        here = self._here()
        whole = {DECLARATION} if self.request.bag.is_dir() else self.files.keys()
        if self.request.must_be_new and whole & here.keys():
            raise DestinationExistsError(already_there(self._target()))
        for path in sorted(here.keys() - self.files.keys()):
            message = f"{path} lies at the target, and is no file of the bag"
            self._found(rules.NOT_OF_THE_BAG, path, message)
        same = {path: self.files[path] for path in here.keys() & self.files.keys()}
        for path in [path for path in sorted(same) if same[path].size != here[path]]:
            expected = same.pop(path).size
            message = f"{path} has {here[path]:,} bytes at the target; the bag's has {expected:,}"
            self._found(rules.OTHER_BYTES, path, message, expected=expected, actual=here[path])
        self._read_back(same, rules.OTHER_BYTES)
        self.kept = set(same)

    def _here(self) -> dict[str, int]:
        if self.request.bag.is_dir():
            return self.depot.listing()
        found = {path: self.depot.find(path) for path in self.files}
        return {path: size for path, size in found.items() if size is not None}

    def _send(self, files: Mapping[str, Noted]) -> None:
        """Many at a time, with little waiting; the first that fails ends it."""
        pool = ThreadPoolExecutor(self.depot.requests, thread_name_prefix="deposit")
        waiting: deque[tuple[str, Future[Stated | None]]] = deque()
        try:
            for path, noted in files.items():
                source = self._source(path)
                waiting.append((path, pool.submit(self.depot.put, path, source, noted)))
                if len(waiting) > 2 * self.depot.requests:
                    self._sent(*waiting.popleft())
            while waiting:
                self._sent(*waiting.popleft())
        finally:
            pool.shutdown(cancel_futures=True)

    def _source(self, path: str) -> Path:
        return self.request.bag / path if self.request.bag.is_dir() else self.request.bag

    def _sent(self, path: str, future: Future[Stated | None]) -> None:
        try:
            stated = future.result()
        except AlreadyThereError:
            message = f"{path} appeared at the target meanwhile, and was left as it is"
            self._found(rules.OTHER_BYTES, path, message)
            return
        if stated is not None:
            self.stated[path] = stated
        self.progress.advance(self.files[path].size)

    def _read_back(self, files: Mapping[str, Noted], rule: Rule) -> None:
        """Read and compare; `rule` is what other bytes mean."""
        listed = [(path, noted.size) for path, noted in files.items()]
        for path, noted, fault in self.depot.read_back(listed):
            expected = files[path]
            if noted is None:
                reason = f"{path} could not be read back: {fault}"
                self.skipped.append(Skipped(check="read back", reason=reason, asked=True))
            elif noted != expected:
                actual, wanted = noted.sha256.hex(), expected.sha256.hex()
                message = f"{path} is another at the target: its sha256 is {actual[:12]}..., not"
                message += f" {wanted[:12]}..."
                self._found(
                    rule, path, message, algorithm=ALGORITHM, expected=wanted, actual=actual
                )

    def _found(self, rule: Rule, path: str, message: str, **evidence: JsonValue) -> None:
        self.findings.append(
            Finding(rule=rule, message=message, location=Location(path=path), evidence=evidence)
        )
