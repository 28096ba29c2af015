"""deposit --ledger: the copy becomes a holding, and its receipt the first event.

deposit -> receipt -> the copy looked at as any holding is -> holding-added, with the receipt.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from muniment.audit.ledger import Ledger
from muniment.audit.places import place_of
from muniment.model.errors import UsageError
from muniment.model.findings import JsonValue, Report
from muniment.model.receipts import Receipt
from muniment.storage.addresses import SFTP, Address, Home
from muniment.storage.executors import ProcessPool
from muniment.storage.progress import Progress
from muniment.workflow.audit_adding import AddRequest, add
from muniment.workflow.depositing_passage import DepositRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Where a deposit is recorded: in which ledger, in whose name, as a copy of which holding.

    `copy_of` None stands for the holding that lies where the bag does, if there is one.
    """

    ledger: Ledger
    by: str
    copy_of: str | None = None
    default_every: int

    def refuse_unfit(self, request: DepositRequest) -> None:
        """Raise UsageError for a copy that no audit could read, or an object that is not known."""
        if isinstance(request.target, Address) and request.target.scheme == SFTP:
            raise UsageError(
                f"{request.target}: an audit does not read over sftp://, so its copy cannot be a"
                " holding; deposit without --ledger"
            )
        if self.copy_of is not None:
            self.ledger.find(self.copy_of)

    def record(
        self,
        request: DepositRequest,
        report: Report,
        receipt: Receipt,
        *,
        clock: Callable[[], datetime],
        randomness: Callable[[int], bytes],
        workers: int,
        progress: Progress,
    ) -> Report:
        """Take the copy in; the report says as what. Raises UsageError, EnvironmentFault.

        A copy that is a holding already keeps its history as it is.
        """
        wanted = AddRequest(
            homes=(_copy_of(request),),
            copy_of=self.copy_of or self._at(request.bag),
            receipt=receipt.as_json(),
            by=self.by,
        )
        with ProcessPool(workers) as crew:
            added = add(
                self.ledger,
                wanted,
                default_every=self.default_every,
                crew=crew,
                clock=clock,
                randomness=randomness,
                progress=progress,
            )
        holding = self._at(wanted.homes[0])
        result: dict[str, JsonValue] = {**receipt.as_json(), "holding": holding}
        return dataclasses.replace(
            report, subjects=(*report.subjects, *added.subjects), result=result
        )

    def _at(self, home: Home) -> str | None:
        """The holding at a place, if there is one."""
        state = self.ledger.at_address(place_of(home).address)
        return None if state is None else state.id


def _copy_of(request: DepositRequest) -> Home:
    if isinstance(request.target, Address):
        return request.target.below(request.name)
    return (request.target / request.name).absolute()
