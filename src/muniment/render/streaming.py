"""JSON written piece by piece: a report of a million findings never stands in memory as a whole.

The pieces together are what `json.dumps` would have made of the whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from muniment.render.escaping import harmless_json
from muniment.render.shape import Data


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How JSON is laid out: indented for people, or on one line."""

    indented: bool

    def value(self, data: Data, level: int = 0) -> str:
        """A value whole, as it stands `level` steps deep in the document."""
        text = json.dumps(
            data, ensure_ascii=False, allow_nan=False, indent=2 if self.indented else None
        )
        return harmless_json(text).replace("\n", self._line(level))

    def holding(
        self, data: Data, key: str, members: Iterable[Iterable[str]], level: int = 0
    ) -> Iterator[str]:
        """An object whose last member, `key`, is a list that comes in pieces.

        The members of the list stand two levels deeper than the object.
        """
        closing = f"{self._line(level)}}}"
        yield self.value(data | {key: []}, level).removesuffix(f"]{closing}")
        before = self._line(level + 2)
        for member in members:
            yield before
            yield from member
            before = f",{self._line(level + 2) or ' '}"
        empty = before == self._line(level + 2)
        yield f"]{closing}" if empty else f"{self._line(level + 1)}]{closing}"

    def _line(self, level: int) -> str:
        return "\n" + "  " * level if self.indented else ""


INDENTED = Layout(indented=True)
ONE_LINE = Layout(indented=False)
