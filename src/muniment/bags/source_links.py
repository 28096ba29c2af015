"""Symbolic links among the sources: refused, left out, or followed where that is safe.

A link is followed to what lies in the sources only. One that leads to a folder which holds the link
itself would never end; folders that many links lead to are followed a limited number of times, for
a few links can make a payload of any size.
"""

from __future__ import annotations

import os
import stat
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from muniment.bags.payload import Payload
from muniment.model.rules import source as rules

# As many links on the way to one file as Linux follows.
_MOST_LINKS_ON_A_WAY = 40
_MOST_VISITS = 64


class LinkPolicy(StrEnum):
    """What becomes of a symbolic link."""

    REFUSE = "refuse"
    FOLLOW = "follow"
    SKIP = "skip"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedFolder:
    """A folder that a link leads to: the folder itself, and the path below which it is packaged.

    `way` are the folders of the links that led here.
    """

    target: str
    path: str
    way: tuple[str, ...]


class Links:
    """Deals with the links of the sources as they are met."""

    def __init__(self, *, policy: LinkPolicy, roots: Iterable[str]) -> None:
        """`roots` are the folders that a link may lead into."""
        self._policy = policy
        self._roots = [os.path.realpath(root) for root in roots]
        self._folders: deque[FollowedFolder] = deque()
        self._way: tuple[str, ...] = ()
        self._visits: Counter[str] = Counter()
        self._through: dict[tuple[str, str], bool] = {}

    def next_folder(self) -> FollowedFolder | None:
        """The next folder to walk; links met from now on are met in it."""
        folder = self._folders.popleft() if self._folders else None
        self._way = folder.way if folder else ()
        return folder

    def leads_through(self, full: str, path: str) -> bool:
        """Whether a folder's path, the last part `path` of `full`, has links in it."""
        if (full, path) not in self._through:
            base = full[: len(full) - len(path)] or os.curdir
            real = os.path.join(os.path.realpath(base), path)
            self._through[full, path] = os.path.realpath(full or os.curdir) != real.rstrip(os.sep)
        return self._through[full, path]

    def met(self, full: str, path: str, target: str | None, payload: Payload) -> None:
        """Deal with one link: `full` is where it lies, `path` its place in the bag."""
        shown = f"{full} is a symbolic link to {target!r}"
        if self._policy is LinkPolicy.REFUSE:
            payload.add(rules.SYMBOLIC_LINK, shown, path=full, target=target)
        elif self._policy is LinkPolicy.SKIP:
            payload.add(rules.LINK_SKIPPED, f"{shown}: left out", path=full, target=target)
        else:
            self._follow(full, path, target, payload)

    def _follow(self, full: str, path: str, target: str | None, payload: Payload) -> None:
        try:
            real = os.path.realpath(full, strict=True)
            status = os.stat(real)
        except OSError as error:
            message = f"{full} leads to {target!r}: {error.strerror}"
            payload.add(rules.LINK_LEADS_NOWHERE, message, path=full, target=target)
            return
        if not any(_holds(root, real) for root in self._roots):
            message = f"{full} leads to {real}, which is not in the source"
            payload.add(rules.LINK_LEADS_OUT, message, path=full, target=target)
        elif stat.S_ISDIR(status.st_mode):
            self._follow_folder(full, path, real, payload)
        elif stat.S_ISREG(status.st_mode):
            payload.add(rules.LINK_FOLLOWED, f"{full} leads to {real}", path=full, target=target)
            payload.keep(real, path, status)
        else:
            message = f"{full} leads to {real}, which is neither a file nor a folder"
            payload.add(rules.SPECIAL_FILE, message, path=full)

    def _follow_folder(self, full: str, path: str, real: str, payload: Payload) -> None:
        way = (*self._way, os.path.realpath(os.path.dirname(full)))
        self._visits[real] += 1
        circle = any(_holds(real, step) for step in way)
        if circle or len(way) > _MOST_LINKS_ON_A_WAY or self._visits[real] > _MOST_VISITS:
            why = "the link itself lies in it" if circle else "too many links lead to it"
            message = f"{full} leads to {real}: {why}"
            payload.add(rules.LINKS_IN_A_CIRCLE, message, path=full, target=real)
            return
        payload.add(rules.LINK_FOLLOWED, f"{full} leads to {real}", path=full, target=real)
        self._folders.append(FollowedFolder(target=real, path=f"{path}/", way=way))


def _holds(folder: str, path: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
