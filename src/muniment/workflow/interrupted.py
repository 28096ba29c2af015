"""Is a bag as it is because an update or a repair of it was interrupted?"""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

from muniment.model.findings import Finding, SubjectReport
from muniment.model.rules import bag as rules
from muniment.model.rules import promise
from muniment.storage.journal import is_unfinished

_CHANGES = (
    ("update", "an update", rules.UPDATE_INTERRUPTED),
    ("repair", "a repair", promise.REPAIR_INTERRUPTED),
)


def told_of_interruption(bag: Path, judged: SubjectReport) -> SubjectReport:
    """The report of a bag, with a word on the change that was begun and not ended, if any."""
    findings = tuple(
        Finding(rule=rule, message=f"{change} of {bag} was begun and not ended")
        for purpose, change, rule in _CHANGES
        if is_unfinished(Path(os.path.realpath(bag)), purpose)
    )
    return dataclasses.replace(judged, findings=(*findings, *judged.findings))
