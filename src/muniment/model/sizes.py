"""Sizes as people write them: `500MB`, `1.5 GiB`, `2000000`."""

from __future__ import annotations

import re
from decimal import Decimal

_UNITS = {"": 1, "B": 1}
for _power, _letter in enumerate("KMGTP", 1):
    _UNITS[f"{_letter}B"] = 1000**_power
    _UNITS[f"{_letter}IB"] = 1024**_power
_SIZE = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,9})?) ?([A-Za-z]{0,3})")


def octets_of(text: str) -> int:
    """Read a size of at least one byte. Raises ValueError with what would be right.

    KB, MB, GB, TB and PB go by thousands, KiB, MiB, GiB, TiB and PiB by 1024.
    """
    match = _SIZE.fullmatch(text.strip())
    unit = _UNITS.get(match[2].upper()) if match else None
    size = int(Decimal(match[1]) * unit) if match and unit else 0
    if size < 1:
        raise ValueError(f'"{text}" is no size; write 500MB, 4.7GB or 2GiB')
    return size
