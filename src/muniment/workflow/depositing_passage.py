"""One bag on its way to a place for copies: compared, sent, read back, with a receipt at the end.

The declaration bagit.txt goes last: a copy that is not whole never looks like a bag.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from muniment.bags.declaration import PATH as DECLARATION
from muniment.bags.homes import archive_stem
from muniment.bags.manifests import manifest_name
from muniment.model.digests import Digest
from muniment.model.findings import Finding, JsonValue, Location, Rule, Skipped
from muniment.model.receipts import DepositedFile, Evidence, Receipt, ServiceChecks
from muniment.model.rules import deposit as rules
from muniment.storage.addresses import Home
from muniment.storage.containers import Stated
from muniment.storage.depots import AlreadyThereError, Depot
from muniment.storage.patience import Patience
from muniment.storage.progress import Progress
from muniment.storage.recording import ALGORITHM, Noted
from muniment.storage.staging import DestinationExistsError, already_there


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

    @property
    def name(self) -> str:
        """What the copy is called: the folder's or the archive's own name."""
        return self.bag.resolve().name

    @property
    def is_archive(self) -> bool:
        """Whether the bag goes as one file."""
        return self.bag.is_file()


@dataclass(slots=True, kw_only=True)
class Passage:
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
        name = self.request.name
        return Receipt(
            name=archive_stem(name) if self.request.is_archive else name,
            source=str(self.request.bag),
            target=self._target(),
            when=when,
            files=tuple(self._deposited(path) for path in sorted(self.files)),
            evidence=Evidence.CHECKED_ON_RECEIPT if self.trusted else Evidence.READ_BACK,
            service=service,
            digests=tuple(
                (path, Digest(algorithm=ALGORITHM, value=noted.sha256))
                for path, noted in sorted(self.files.items())
                if self.request.is_archive or _is_tag_manifest(path)
            ),
        )

    def _target(self) -> str:
        target, name = self.request.target, self.request.name
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
        whole = self.files.keys() if self.request.is_archive else {DECLARATION}
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
        if not self.request.is_archive:
            return self.depot.listing()
        found = {path: self.depot.find(path) for path in self.files}
        return {path: size for path, size in found.items() if size is not None}

    def _send(self, files: Mapping[str, Noted]) -> None:
        """Many at a time, with little waiting; the first that fails ends it."""
        self.progress.phase("depositing", sum(noted.size for noted in files.values()))
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
        return self.request.bag if self.request.is_archive else self.request.bag / path

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
        self.progress.phase("reading back", sum(size for _, size in listed))
        for path, noted, fault in self.depot.read_back(listed):
            expected = files[path]
            self.progress.advance(expected.size)
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


def _is_tag_manifest(path: str) -> bool:
    name = manifest_name(path)
    return name is not None and name.is_tag_manifest
