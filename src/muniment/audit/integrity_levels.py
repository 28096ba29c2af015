"""The integrity column of the NDSA Levels of Digital Preservation (version 2), line by line.

Each line in our words, with what the ledger shows for it, or nothing: what happens outside the
ledger, such as a virus check, it cannot know.
"""

from __future__ import annotations

from collections.abc import Mapping

from muniment.audit.entries import EntryKind
from muniment.audit.reporting import Amount, HeldOutside, IntegrityLine, Standing
from muniment.audit.reporting_figures import Deeds

NOT_EVIDENCED = "not evidenced here"


def integrity_lines(
    deeds: Deeds, standings: Mapping[Standing, Amount], outside: HeldOutside
) -> tuple[IntegrityLine, ...]:
    """All lines of the four levels, in their order."""
    told = (
        (1, "Verify the checksums that came with the content", _verified(deeds)),
        (1, "Make checksums where none came", _made(deeds)),
        (1, "Check all content for viruses; keep it in quarantine as needed", None),
        (2, "Verify checksums when content is moved or copied", _moved(deeds)),
        (2, "Use write blockers with original media", None),
        (2, "Keep a copy of the integrity information in a separate place", _apart(outside)),
        (3, "Verify at fixed intervals", _intervals(standings)),
        (3, "Document how integrity is verified, and with what outcome", _documented(deeds)),
        (3, "Audit integrity on demand", _on_demand(deeds)),
        (4, "Verify after particular events", _after_events(deeds)),
        (4, "Repair or replace what is damaged", _repaired(deeds, standings)),
    )
    return tuple(
        IntegrityLine(level=level, asked=asked, evidence=evidence or NOT_EVIDENCED)
        for level, asked, evidence in told
    )


def _verified(deeds: Deeds) -> str | None:
    count = deeds.bag_baselines
    if not count:
        return None
    bags = _counted(count, "bag")
    return f"{bags} kept now, verified against their own manifests when they were taken in"


def _made(deeds: Deeds) -> str | None:
    count = deeds.folder_baselines
    return f"SHA-256 of every file of {_counted(count, 'plain folder')}" if count else None


def _moved(deeds: Deeds) -> str | None:
    count = deeds.kinds.get(EntryKind.HOLDING_MOVED, 0)
    return f"{_counted(count, 'move')} recorded, both ends verified each time" if count else None


def _apart(outside: HeldOutside) -> str | None:
    """A checkpoint vouches for the digests in the history; it is no copy of them."""
    if outside.at is None:
        return None
    return (
        f"In part: a signed checkpoint over the first {outside.size:,} events left the house on"
        f" {outside.at[:10]}; it shows a change of the digests, and is no copy of them"
    )


def _intervals(standings: Mapping[Standing, Amount]) -> str | None:
    whole = sum(standings.values(), Amount()).holdings
    if not whole:
        return None
    late = sum(standings[each].holdings for each in (Standing.OVERDUE, Standing.UNKNOWN))
    return (
        f"{_counted(whole, 'holding')}, each with an interval of its own; {late:,} overdue or"
        " not known now"
    )


def _documented(deeds: Deeds) -> str | None:
    runs = deeds.runs
    if not runs:
        return None
    return (
        f"{_counted(deeds.events, 'event')} in a history that shows every later change;"
        f" {_counted(runs, 'run')}, each with its self-test"
    )


def _on_demand(deeds: Deeds) -> str | None:
    runs = deeds.kinds.get(EntryKind.RUN_ENDED, 0)
    return f"{_counted(runs, 'run')} ended and recorded" if runs else None


def _after_events(deeds: Deeds) -> str | None:
    kinds = {
        "taken in": EntryKind.HOLDING_ADDED,
        "moved": EntryKind.HOLDING_MOVED,
        "repaired": EntryKind.HOLDING_REPAIRED,
        "changed": EntryKind.CHANGE_ACCEPTED,
    }
    counts = {word: deeds.kinds.get(kind, 0) for word, kind in kinds.items()}
    told = ", ".join(f"{word} {count:,}" for word, count in counts.items() if count)
    return f"Checks recorded when holdings were: {told}" if told else None


def _repaired(deeds: Deeds, standings: Mapping[Standing, Amount]) -> str | None:
    count = deeds.kinds.get(EntryKind.HOLDING_REPAIRED, 0)
    if not count:
        return None
    damaged = standings[Standing.DAMAGED].holdings
    return f"{_counted(count, 'repair')} recorded, read again each time; {damaged:,} damaged now"


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
