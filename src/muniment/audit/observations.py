"""What a worker saw of one holding, on its way to the sequencer.

Observations are written by anyone, in any order, and twice where a worker died: the key is the
run, the holding and the attempt. An equal repeat changes nothing; a different one is kept, and the
worse counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from muniment.audit.bodies import Check
from muniment.audit.canonical import encode
from muniment.audit.entries import Entry, EntryKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A fixity check as it was made. `at` is RFC 3339 in UTC, by the worker's clock.

    `documents` are what the check refers to by SHA-256 (hex), such as the list of all faults.
    """

    run: str
    holding: str
    attempt: int
    at: str
    by: str
    check: Check
    documents: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """The same for what says the same: SHA-256 (hex) of the check, whenever it was made."""
        return hashlib.sha256(encode(self.check.to_json())).hexdigest()

    def entry(self) -> Entry:
        """What becomes an event."""
        return Entry(
            kind=EntryKind.FIXITY_CHECKED,
            at=self.at,
            by=self.by,
            holding=self.holding,
            run=self.run,
            body=self.check.to_json() | {"attempt": self.attempt},
        )
