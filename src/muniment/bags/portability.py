"""Names that will not travel: twins, Windows names, files of the operating system (section 6.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from muniment.model.paths import normal_key, twin_key

_SYSTEM_NAME = re.compile(
    r"\._.*|\.ds_store|thumbs\.db|ehthumbs\.db|desktop\.ini|\.directory|\.apdisk|__macosx"
    r"|\.spotlight-v100|\.trashes|\.fseventsd|\$recycle\.bin|icon\r",
    re.IGNORECASE | re.DOTALL,
)
# One cheap look at a folder's names at once; only what it catches is looked at closely.
_WORTH_A_LOOK = re.compile(
    r"[<>:\"\\|?*\x00-\x09\x0b-\x1f]|[. ]$|/(?:con|prn|aux|nul|com.|lpt.) *(?:\.|$)|[^/\n]{256}"
    r"|/\._|/\.ds_store$|/\.directory$|/\.apdisk$|/(?:eh)?thumbs\.db$|/desktop\.ini$",
    re.IGNORECASE | re.MULTILINE,
)


def is_system_file(path: str) -> bool:
    """Whether a path is of the operating system's making, not of the content."""
    return _SYSTEM_NAME.fullmatch(path.rpartition("/")[2]) is not None


def twins_among(paths: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pairs of one folder's paths that differ by case or Unicode form only, in code-point order."""
    joined = "\n".join(paths)
    if joined.isascii() and len(set(joined.lower().split("\n"))) == len(paths):
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
    """The paths of one folder whose last name is worth a closer look."""
    joined = "".join([f"/{path}\n" for path in paths])
    if _WORTH_A_LOOK.search(joined) is None and joined.count("\n") == len(paths):
        return
    for path in paths:
        name = path.rpartition("/")[2]
        if "\n" in name or _WORTH_A_LOOK.search(f"/{name}"):
            yield path
