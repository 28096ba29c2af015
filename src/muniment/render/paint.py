"""Calm colour for a terminal, or none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Style(StrEnum):
    """The few styles in use, as ANSI parameters (ECMA-48 section 8.3.117)."""

    BOLD = "1"
    GOOD = "32"
    BAD = "1;31"
    DOUBTFUL = "33"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paint:
    """Styles text where `colour` is on, and leaves it as it is where not."""

    colour: bool = False

    def __call__(self, text: str, style: Style) -> str:
        """The text in a style. The text must be free of controls (see `escaping.visible`)."""
        return f"\x1b[{style}m{text}\x1b[0m" if self.colour else text


PLAIN = Paint()
