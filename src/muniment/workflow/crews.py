"""Who does the work of a command: processes of this machine, or the workers of a cluster."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from muniment.model.errors import UsageError
from muniment.storage.attempts import Attempting
from muniment.storage.executors import Executor, ProcessPool

if TYPE_CHECKING:
    from muniment.audit.ledger import Ledger  # and with it a database's driver: not for `verify`


class Crew(Executor, Attempting, Protocol):
    """Does the files of one bag in order, and whole bags as they come."""


def crew_of(workers: int, cluster: str | None = None) -> AbstractContextManager[Crew]:
    """So many processes here, or the Dask cluster whose scheduler is at an address.

    Raises MissingExtraError, and EnvironmentFault where the scheduler does not answer.
    """
    if cluster is None:
        return ProcessPool(workers)
    from muniment.fleet.cluster import Cluster

    return Cluster(cluster)


def crew_for(
    ledger: Ledger, workers: int, cluster: str | None = None
) -> AbstractContextManager[Crew]:
    """A crew for work on a ledger. Raises UsageError where it could not write there, and as above.

    SQLite is written only from its own host: over a network its locks do not hold.
    """
    if cluster is not None and not ledger.is_served:
        from muniment.fleet.cluster import is_loopback

        if not is_loopback(cluster):
            raise UsageError(
                f"{ledger.place} is a file, written only from its own host; for the cluster at"
                f" {cluster} keep the ledger in PostgreSQL (--ledger postgresql://...), and give"
                " the workers its address in their own MUNIMENT_LEDGER"
            )
    return crew_of(workers, cluster)
