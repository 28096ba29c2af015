"""What a report says of a holding that was looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from muniment.audit.canonical import decoded_name
from muniment.audit.holdings import Place
from muniment.audit.looking import Looked
from muniment.audit.verdicts import verdict_on
from muniment.model.findings import Finding, Skipped, SubjectReport

KIND = "holding"


def told(
    place: Place,
    look: Looked,
    *,
    findings: Iterable[Finding] = (),
    skipped: Iterable[Skipped] = (),
    before: Sequence[str] = (),
    check: str = "fixity",
) -> SubjectReport:
    """One subject: what the look came to, and what else is to be said of the holding.

    `before` are checks that were made before the holding's own, such as the self-test; `check` is
    the holding's own.
    """
    of_look, left_open = verdict_on(look.check, look.faults)
    run = () if left_open else (check,)
    return SubjectReport(
        subject=shown(place),
        kind=KIND,
        findings=(*of_look, *findings),
        checks_run=(*before, *run),
        checks_skipped=(*left_open, *skipped),
    )


def shown(place: Place) -> str:
    """A place as a person knows it."""
    return decoded_name(place.address)
