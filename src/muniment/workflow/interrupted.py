"""Is a bag as it is because an update of it was interrupted?"""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

from muniment.model.findings import Finding, SubjectReport
from muniment.model.rules import bag as rules
from muniment.storage.journal import is_unfinished


def told_of_interruption(bag: Path, judged: SubjectReport) -> SubjectReport:
    """The report of a bag, with a word on the update that was begun and not ended, if any."""
    if not is_unfinished(Path(os.path.realpath(bag)), "update"):
        return judged
    finding = Finding(
        rule=rules.UPDATE_INTERRUPTED,
        message=f"an update of {bag} was begun and not ended",
    )
    return dataclasses.replace(judged, findings=(finding, *judged.findings))
