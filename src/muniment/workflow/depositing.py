"""deposit: a copy of a bag is laid down elsewhere, and somebody sees that it arrived whole.

bag -> verified -> compared with what lies at the target -> sent -> read back -> receipt.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

from muniment.bags.checking import CheckOptions, check_bag
from muniment.bags.homes import open_bag
from muniment.bags.manifests import PAYLOAD_PREFIX
from muniment.model.errors import EnvironmentFault, UsageError
from muniment.model.findings import Finding, Report, Skipped, SubjectReport, Verdict
from muniment.model.receipts import Receipt, ServiceChecks
from muniment.model.rules import deposit as rules
from muniment.storage.addresses import SFTP
from muniment.storage.containers import Container, UnreachableError
from muniment.storage.depot_folder import FolderDepot
from muniment.storage.depot_objects import ObjectDepot
from muniment.storage.depots import Depot
from muniment.storage.executors import Executor, ProcessPool
from muniment.storage.hashing import hash_file, hasher_maker
from muniment.storage.object_store import open_bucket
from muniment.storage.opening import Opener
from muniment.storage.progress import Progress, Silent
from muniment.storage.recording import ALGORITHM, Noted, Recording
from muniment.workflow.depositing_passage import DepositRequest, Passage
from muniment.workflow.interrupted import told_of_interruption
from muniment.workflow.verifying import unreachable

__all__ = ["DepositRequest", "deposit"]

_COMMAND = "deposit"


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
    watch = progress or Silent()
    try:
        with ProcessPool(workers) as executor:
            judged, files = _verified(request.bag, executor, watch)
    except UnreachableError as error:
        missing = unreachable(str(request.bag), "bag", "structure", str(error))
        return Report(command=_COMMAND, subjects=(missing,)), None
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
        (digest,), size = hash_file(
            str(bag), 0, (hasher_maker(ALGORITHM),), Opener(follow_links=True)
        )
        noted = {bag.name: Noted(size, digest)}
    else:
        container = recording = Recording(container)
        noted = recording.noted
    options = CheckOptions()
    judged = check_bag(
        container, subject=str(bag), options=options, executor=executor, progress=progress
    )
    return told_of_interruption(bag, judged), noted


def _refuse_unfit(request: DepositRequest, files: Mapping[str, Noted]) -> None:
    """Bags that would not arrive whole, and copies that would be none. Raises UsageError."""
    bag, target = request.bag.resolve(), request.target
    if bag.is_dir() and not any(path.startswith(PAYLOAD_PREFIX) for path in files):
        raise UsageError(
            f"{request.bag} has no payload, and its empty folder data/ would be lost on the way;"
            " deposit it as an archive"
        )
    if not isinstance(target, Path):
        _refuse_unspeakable(files)
    elif (target.resolve() / bag.name).is_relative_to(bag):
        raise UsageError(f"{target} is where {request.bag} lies; a copy belongs elsewhere")


def _refuse_unspeakable(files: Mapping[str, Noted]) -> None:
    """Keys and remote names are UTF-8; a name on a disk may be any bytes. Raises UsageError."""
    for path in files:
        try:
            path.encode()
        except UnicodeEncodeError as error:
            raise UsageError(
                f"{path!r} is no UTF-8, and has no name at such a target; deposit an archive"
            ) from error


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
) -> tuple[Passage, ServiceChecks | None]:
    """Try the service, then lay down the copy. Raises UsageError, EnvironmentFault."""
    depot, service = _reached(request, token)
    with closing(depot):
        trusted = request.trust_service and service is not None and service.sha256
        run = Passage(request=request, depot=depot, files=files, trusted=trusted, progress=progress)
        run.carry_out()
    return run, service


def _reached(
    request: DepositRequest, token: Callable[[], str]
) -> tuple[Depot, ServiceChecks | None]:
    """The place for the copy, and what its service was found to check."""
    target = request.target
    if isinstance(target, Path):
        return FolderDepot(target if request.is_archive else target / request.name), None
    root = target if request.is_archive else target.below(request.name)
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
