"""package --output ADDRESS: a bag is made aside on this machine, and its copy is what remains.

source -> bag in a temporary folder -> deposited below the address -> read back -> folder removed.
"""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from muniment.model.findings import Report, Rule, SubjectReport
from muniment.model.rules import deposit as deposit_rules
from muniment.storage.addresses import Address
from muniment.storage.patience import Patience
from muniment.storage.progress import Progress
from muniment.workflow.depositing import DepositRequest, deposit
from muniment.workflow.packaging import package
from muniment.workflow.planning import PackageRequest

_OF_DEPOSIT = frozenset(rule for rule in vars(deposit_rules).values() if isinstance(rule, Rule))


def package_afar(
    request: PackageRequest,
    target: Address,
    *,
    now: Callable[[], datetime],
    token: Callable[[], str],
    workers: int = 1,
    patience: Patience | None = None,
    progress: Progress | None = None,
) -> Report:
    """Make one bag below an address; `request.output` does not count.

    It is written as `deposit` writes, bagit.txt last, and a bag that is there is left as it is.
    Raises UsageError, EnvironmentFault.
    """
    with tempfile.TemporaryDirectory(prefix="muniment-") as folder:
        local = dataclasses.replace(request, output=Path(folder))
        made = package(local, now=now, workers=workers, progress=progress)
        if made.result is None:
            return made
        sending = DepositRequest(
            bag=Path(str(made.result["bag"])),
            target=target,
            must_be_new=True,
            patience=patience or Patience(),
        )
        sent, receipt = deposit(sending, now=now, token=token, workers=workers, progress=progress)
        subject = _told(made.subjects[0], sent.subjects[0], str(target.below(sending.bag.name)))
        result = None if receipt is None else {**made.result, "bag": receipt.target}
    return Report(command="package", subjects=(subject,), result=result)


def _told(made: SubjectReport, sent: SubjectReport, where: str) -> SubjectReport:
    """What was found while the bag was made, and then of its copy."""
    own = [finding for finding in sent.findings if finding.rule in _OF_DEPOSIT]
    known = {each.check for each in made.checks_skipped}
    later = [each for each in sent.checks_skipped if each.check not in known]
    done = [check for check in sent.checks_run if check not in made.checks_run]
    return dataclasses.replace(
        made,
        subject=where,
        findings=(*made.findings, *own),
        checks_run=(*made.checks_run, *done),
        checks_skipped=(*made.checks_skipped, *later),
    )
