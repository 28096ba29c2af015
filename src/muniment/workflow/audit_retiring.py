"""audit retire: a holding is kept no longer. Its deadlines end, its history stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from muniment.audit.bodies import Retired
from muniment.audit.canonical import decoded_name
from muniment.audit.copies import copies_told
from muniment.audit.entries import Entry, EntryKind, instant
from muniment.audit.ledger import Ledger
from muniment.model.errors import UsageError
from muniment.model.findings import Report, Severity, SubjectReport


def retire(
    ledger: Ledger,
    asked: str,
    *,
    reason: str,
    authority: str,
    by: str,
    clock: Callable[[], datetime],
) -> Report:
    """End what is promised of a holding. The files are not touched.

    What that leaves of its object's copies is told, as a warning: it was meant. Raises UsageError
    where there is no such holding, or it is retired already.
    """
    state = ledger.find(asked)
    if state.retired:
        raise UsageError(f"{asked} is retired already")
    entry = Entry(
        kind=EntryKind.HOLDING_RETIRED,
        at=instant(clock()),
        by=by,
        holding=state.id,
        body=Retired(reason=reason, authority=authority).to_json(),
    )
    event = ledger.record([entry])[0]
    short, open_check = copies_told(ledger.copies(state.object))
    findings = () if short is None else (replace(short, severity_override=Severity.WARNING),)
    subject = SubjectReport(
        subject=decoded_name(state.place.address),
        kind="holding",
        findings=findings,
        checks_run=("copies",),
        checks_skipped=() if open_check is None else (open_check,),
    )
    return Report(
        command="audit retire",
        subjects=(subject,),
        result={"holding": state.id, "event": event.number},
    )
