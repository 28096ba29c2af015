"""The ledger that a command of the audit works on, opened."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from muniment.cli.clock import clock
from muniment.configuration import house_configuration

if TYPE_CHECKING:
    from muniment.audit.exporting import Shelf
    from muniment.audit.ledger import Ledger


class Opened(NamedTuple):
    """A ledger, and the shelf that takes copies of its checkpoints."""

    ledger: Ledger
    shelf: Shelf


@contextmanager
def opened_ledger(given: str | None, *, create: bool = False) -> Iterator[Opened]:
    """The ledger given, else that of the settings, else this user's own; closed at the end.

    Raises UsageError where there is none and `create` does not allow to begin one, else what
    `open_ledger` raises.
    """
    from muniment.audit.exporting import checkpoint_shelf
    from muniment.audit.ledger import open_ledger
    from muniment.audit.opening import ledger_url

    house = house_configuration()
    url = ledger_url(given, house.ledger, os.environ)
    shelf = checkpoint_shelf(url, house.checkpoints, os.environ)
    now = clock(os.environ)
    with open_ledger(url, clock=now, randomness=os.urandom, create=create) as ledger:
        yield Opened(ledger, shelf)
