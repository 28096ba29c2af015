"""Which files are wanted, by patterns, and a count of those that are not.

Patterns are those of gitignore(5), matched against paths below `data/`: `*.tmp` and `cache/` at any
depth, `/drafts` at the top only, `**` for any folders; a folder takes all in it; of several
patterns the last that matches decides, and `!` turns one round. Letters must agree in case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pathspec import GitIgnoreSpec

from muniment.bags.portability import is_system_file
from muniment.model.errors import UsageError
from muniment.model.findings import Finding, Location
from muniment.model.rules import source as rules

_INCLUDE = "--include"
_EXCLUDE = "--exclude"
_SYSTEM_FILES = "--exclude-system-files"


@dataclass(slots=True)
class _Count:
    files: int = 0
    folders: int = 0
    octets: int = 0

    def __str__(self) -> str:
        folders = f" and {_counted(self.folders, 'folder')}" if self.folders else ""
        return f"{_counted(self.files, 'file')}{folders} left out, {_counted(self.octets, 'byte')}"


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


@dataclass(slots=True)
class _PatternList:
    """The patterns of one option, and those of them that have matched nothing so far."""

    option: str
    patterns: Sequence[str]
    spec: GitIgnoreSpec = field(init=False)
    unmatched: set[int] = field(init=False)

    def __post_init__(self) -> None:
        for pattern in self.patterns:
            _judge(self.option, pattern)
        self.spec = GitIgnoreSpec.from_lines(self.patterns)
        self.unmatched = set(range(len(self.patterns)))

    def deciding(self, path: str) -> str | None:
        """The pattern that takes the path in, or None where none does."""
        for place in tuple(self.unmatched):
            if self.spec.patterns[place].match_file(path) is not None:
                self.unmatched.discard(place)
        result = self.spec.check_file(path)
        return self.patterns[result.index or 0] if result.include else None


def _judge(option: str, pattern: str) -> None:
    try:
        understood = GitIgnoreSpec.from_lines([pattern]).patterns
    except ValueError:
        understood = []
    if not understood or understood[0].include is None:
        hint = " (a `#` at its beginning is written `\\#`)" if pattern.startswith("#") else ""
        raise UsageError(f"{option} {pattern!r} is no pattern that could match a path{hint}")


class Selection:
    """What to leave out. Counts as it is asked."""

    def __init__(
        self, *, include: Sequence[str], exclude: Sequence[str], system_files: bool
    ) -> None:
        """`system_files` leaves out what operating systems make. Raises UsageError."""
        self._include = _PatternList(_INCLUDE, include)
        self._exclude = _PatternList(_EXCLUDE, exclude)
        self._system_files = system_files
        self._left_out: dict[tuple[str, str | None], _Count] = {}
        self.is_everything = not (include or exclude or system_files)

    def leaves_out(self, path: str, size: int) -> bool:
        """Whether a path below `data/` is left out, and if so count it.

        A folder ends in `/`; only those that hold nothing, or cannot be read, are asked for.
        """
        cause = self._cause(path)
        if cause is None:
            return False
        count = self._left_out.setdefault(cause, _Count())
        if path.endswith("/"):
            count.folders += 1
        else:
            count.files += 1
            count.octets += size
        return True

    def _cause(self, path: str) -> tuple[str, str | None] | None:
        included = not self._include.patterns or self._include.deciding(path) is not None
        pattern = self._exclude.deciding(path)
        if not included:
            return (_INCLUDE, None)
        if pattern is not None:
            return (_EXCLUDE, pattern)
        if self._system_files and any(map(is_system_file, path.rstrip("/").split("/"))):
            return (_SYSTEM_FILES, None)
        return None

    def findings(self, where: str) -> list[Finding]:
        """What was left out, and which patterns matched nothing. `where` names the sources."""
        found = [
            _left_out(where, option, pattern, count)
            for (option, pattern), count in sorted(
                self._left_out.items(), key=lambda item: (item[0][0], item[0][1] or "")
            )
        ]
        for given in (self._include, self._exclude):
            found += [
                _matches_nothing(where, given.option, given.patterns[place])
                for place in sorted(given.unmatched)
            ]
        return found


def _left_out(where: str, option: str, pattern: str | None, count: _Count) -> Finding:
    if option == _INCLUDE:
        message = f"{count}: no {option} takes them in"
    else:
        message = f"{count}, by {option}" + ("" if pattern is None else f" {pattern!r}")
    evidence = {
        "option": option,
        "pattern": pattern,
        "files": count.files,
        "folders": count.folders,
        "octets": count.octets,
    }
    location = Location(path=where)
    return Finding(rule=rules.LEFT_OUT, message=message, location=location, evidence=evidence)


def _matches_nothing(where: str, option: str, pattern: str) -> Finding:
    return Finding(
        rule=rules.PATTERN_MATCHES_NOTHING,
        message=f"{option} {pattern!r} matches no path in {where}",
        location=Location(path=where),
        evidence={"option": option, "pattern": pattern},
    )
