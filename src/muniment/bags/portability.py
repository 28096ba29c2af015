"""Names that will not travel: twins, Windows names, files of the operating system (section 6.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from muniment.model.paths import LONGEST_NAME, normal_key, twin_key, windows_fault

_SYSTEM_NAME = re.compile(
    r"\._.*|\.ds_store|thumbs\.db|ehthumbs\.db|desktop\.ini|\.directory|\.apdisk|__macosx"
    r"|\.spotlight-v100|\.trashes|\.fseventsd|\$recycle\.bin|icon\r",
    re.IGNORECASE | re.DOTALL,
)
_ILLEGAL = re.compile(r"[<>:\"\\|?*\x00-\x09\x0b-\x1f]")
# Parts of names, in lower case between line ends, that are worth a closer look.
_SUSPECT_PARTS = (
    ".\n", " \n", "\ncon", "\nprn", "\naux", "\nnul", "\ncom", "\nlpt", "\n._", "\n.d", "\n.a",
    "\n.s", "\n.t", "\n.f", "\n$recycle", "\nthumbs", "\nehthumbs", "\ndesktop", "\n__macosx",
)  # fmt: skip


def is_system_file(path: str) -> bool:
    """Whether a path is of the operating system's making, not of the content."""
    return _SYSTEM_NAME.fullmatch(path.rpartition("/")[2]) is not None


def twins_among(paths: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pairs of one folder's paths that differ by case or Unicode form only, in code-point order."""
    joined = "\n".join(paths)
    one_line_each = joined.isascii() and joined.count("\n") < len(paths)
    if one_line_each and len(set(joined.lower().split("\n"))) == len(paths):
        return
    seen: dict[str, str] = {}
    for path in sorted(paths):
        first = seen.setdefault(twin_key(path), path)
        if first != path:
            yield first, path


def twin_difference(first: str, second: str) -> str:
    """What two twins differ by, in words."""
    return "Unicode form" if normal_key(first) == normal_key(second) else "case"


def odd_names(paths: Sequence[str]) -> Iterator[str]:
    """The paths of one folder whose last name Windows refuses or an operating system made.

    A folder's names are first looked at all at once, which is cheap; most folders have none.
    """
    if not paths:
        return
    names = [path.rpartition("/")[2] for path in paths]
    joined = "\n".join(["", *names, ""]).lower()
    plain = joined.count("\n") == len(names) + 1 and len(max(names, key=len)) <= LONGEST_NAME
    if plain and not _ILLEGAL.search(joined) and not any(p in joined for p in _SUSPECT_PARTS):
        return
    for path, name in zip(paths, names, strict=True):
        if windows_fault(name) is not None or is_system_file(name):
            yield path
