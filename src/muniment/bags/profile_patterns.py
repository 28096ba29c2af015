"""The path patterns of a profile's `Tag-Files-Allowed` and `Payload-Files-Allowed`.

An asterisk stands for zero or more characters, `/` among them: the specification's default, `*`,
means all files wherever they lie. `?` and `[...]` are those of glob(7). An entry also stands for
itself, so that a path with brackets in it can be named; one that ends in `/` allows what is below.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable

from muniment.model.paths import normal_key

_MAGIC = re.compile(r"[*?[]")


class Patterns:
    """Tells whether a path is one that a list of paths and patterns allows."""

    def __init__(self, entries: Iterable[str]) -> None:
        """Compile the entries; a pattern takes time linear in the length of a path."""
        plain = [normal_key(entry) for entry in entries]
        self._exact = frozenset(plain)
        patterns = [f"{entry}*" if entry.endswith("/") else entry for entry in plain]
        expressions = [fnmatch.translate(each) for each in patterns if _MAGIC.search(each)]
        self._any = re.compile("|".join(expressions)) if expressions else None

    def match(self, path: str) -> bool:
        """Whether the path is allowed; Unicode forms of a name are taken for the same."""
        key = normal_key(path)
        return key in self._exact or (self._any is not None and self._any.match(key) is not None)
