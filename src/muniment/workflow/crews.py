"""Who does the work of a command: processes of this machine, or the workers of a cluster."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from muniment.storage.attempts import Attempting
from muniment.storage.executors import Executor, ProcessPool


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
