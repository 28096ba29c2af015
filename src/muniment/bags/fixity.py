"""Does every checksum hold? (RFC 8493 section 3, "valid")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from muniment.bags.manifests import Column, ManifestSet
from muniment.bags.verdicts import Findings
from muniment.model.findings import Rule
from muniment.model.rules import bag as rules
from muniment.storage.containers import Fault, Hashed


@dataclass(slots=True, kw_only=True)
class Comparison:
    """Compares files, as they are read, with what the manifests of a kind state.

    `listed_as` gives the manifest's path for a file that lies under another name. `unmatched`
    keeps the digests of missing files' stand-ins: files that no manifest lists.
    """

    manifests: ManifestSet
    changed: Rule
    findings: Findings
    listed_as: Mapping[str, str] = field(default_factory=dict)

    def compare(self, batches: Iterable[Hashed]) -> None:
        """Hold every file's digests against every manifest, telling of each that differs."""
        algorithms = self.manifests.algorithms
        columns = [
            (column, algorithms.index(column.algorithm))
            for column in self.manifests.columns
            if column.size
        ]
        for hashed in batches:
            positions = [self._position(path) for path in hashed.paths]
            if hashed.faults or not all(
                column.holds_all(positions, hashed.runs[place]) for column, place in columns
            ):
                for place, position in enumerate(positions):
                    self._compare_one(hashed, place, position, columns)

    def tell_of_faults(self, batches: Iterable[Hashed]) -> None:
        """Of files that no manifest lists, say at least which cannot be read."""
        for hashed in batches:
            for place, fault in hashed.faults.items():
                self._unreadable(hashed.paths[place], fault)

    def _position(self, path: str) -> int:
        return self.manifests.index[self.listed_as.get(path, path)]

    def _compare_one(
        self, hashed: Hashed, place: int, position: int, columns: Sequence[tuple[Column, int]]
    ) -> None:
        path = hashed.paths[place]
        if place in hashed.faults:
            self._unreadable(path, hashed.faults[place])
            return
        differing = [
            (column, expected, actual)
            for column, algorithm in columns
            if (expected := column.expected(position)) is not None
            and (actual := hashed.digest(place, algorithm)) != expected
        ]
        if differing:
            self._differs(path, position, differing)

    def _differs(
        self, path: str, position: int, differing: Sequence[tuple[Column, bytes, bytes]]
    ) -> None:
        """One finding a file, with the strongest checksum that differs as its evidence."""
        column, expected, actual = max(differing, key=lambda row: row[0].size)
        stated = expected.hex()
        against = [row[0].path for row in differing]
        holds = [
            other.path
            for other in self.manifests.columns
            if other.path not in against and other.expected(position) is not None
        ]
        but = f", though {' and '.join(holds)} holds: was the manifest changed?" if holds else ""
        say = "says" if len(against) == 1 else "say"
        self.findings.add(
            self.changed,
            f"{path} is not what {' and '.join(against)} {say}: its {column.algorithm} is"
            f" {_short(actual.hex())}, not {_short(stated)}{but}",
            path=path,
            algorithm=column.algorithm,
            expected=stated,
            actual=actual.hex(),
            differs_from=against,
            agrees_with=holds,
        )

    def _unreadable(self, path: str, fault: Fault) -> None:
        message = f"{path} could not be read: {fault.reason}"
        if fault.damaged:
            self.findings.add(rules.FILE_DAMAGED, message, path=path, reason=fault.reason)
            return
        self.findings.add(rules.FILE_UNREADABLE, message, path=path, reason=fault.reason)
        self.findings.leave_open("fixity", message)


def _short(digest: str) -> str:
    return f"{digest[:12]}..." if len(digest) > 16 else digest  # noqa: PLR2004 - a line's length


def tell_of_renamed(
    extra: Iterable[Hashed], missing: Iterable[str], manifests: ManifestSet
) -> dict[str, str]:
    """Unlisted files whose bytes are those of a missing one: found path to listed path."""
    algorithms = manifests.algorithms
    listed: dict[bytes, str] = {}
    for path in missing:
        for column in manifests.columns:
            expected = column.expected(manifests.index[path])
            if expected is not None and column.algorithm == algorithms[0]:
                listed[expected] = path
    found: dict[str, str] = {}
    for hashed in extra:
        for place, path in enumerate(hashed.paths):
            same = listed.get(hashed.digest(place, 0))
            if place not in hashed.faults and same is not None:
                found[path] = same
    return found
