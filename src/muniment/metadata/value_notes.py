"""The notes on single values of a record, for formats that can only say them of the whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from muniment.metadata.record import Record


class _Noted(Protocol):
    """A part of a record that may carry a note."""

    @property
    def note(self) -> str | None: ...


def notes_on_values(record: Record) -> Iterator[str]:
    """The notes that MODS carries beside the elements they speak of, in its order."""
    groups: tuple[Iterable[_Noted], ...] = (
        record.titles,
        record.names,
        record.genres,
        record.places,
        record.publishers,
        record.editions,
        record.dates,
        record.languages,
        record.media,
        record.formats,
        record.extents,
        record.audiences,
        record.education_levels,
        record.subjects,
        record.classifications,
        record.identifiers,
        record.locations,
        record.rights,
    )
    yield from (part.note for group in groups for part in group if part.note is not None)
