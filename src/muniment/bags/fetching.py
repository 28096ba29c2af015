"""What fetch.txt names is brought into a bag: in parallel, verified, and only then put in place.

RFC 8493 section 2.2.3. fetch.txt stays in the bag: it is a tag file that the tag manifests list, a
complete bag may have one, and it says where the files came from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from muniment.bags.checking import Examined
from muniment.bags.fetching_one import Wanted
from muniment.bags.fixity import Comparison
from muniment.bags.manifests import PAYLOAD_PREFIX
from muniment.bags.structure import Structure
from muniment.bags.updating import unfetched
from muniment.bags.verdicts import Findings
from muniment.model.findings import Finding, Severity
from muniment.model.rules import bag as rules
from muniment.storage.executors import Executor
from muniment.storage.folder import Folder


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchList:
    """What a bag still lacks, and why its word for it is not to be taken (`faults`)."""

    wanted: tuple[Wanted, ...]
    faults: tuple[Finding, ...]

    @property
    def octets(self) -> int:
        """The bytes to come, as far as fetch.txt states them."""
        return sum(each.length or 0 for each in self.wanted)

    @property
    def all_lengths_known(self) -> bool:
        """Whether that is all of them."""
        return all(each.length is not None for each in self.wanted)


def fetch_list(folder: Folder, examined: Examined, executor: Executor) -> FetchList:
    """What is to be fetched, with the digests that it must have.

    The tag files' checksums are compared first, for what is fetched is verified by the manifests.
    """
    return FetchList(
        wanted=tuple(_wanted(examined)), faults=tuple(_faults(folder, examined, executor))
    )


def _wanted(examined: Examined) -> Iterator[Wanted]:
    structure = examined.structure
    missing = set(unfetched(examined))
    oxum = structure.info.oxum
    ceiling = None if oxum is None else max(oxum.octets - examined.contents.octets, 0)
    for entry in structure.fetch:
        if entry.path in missing:
            yield Wanted(
                url=entry.url,
                path=entry.path,
                length=entry.length,
                digests=_digests(structure, entry.path),
                ceiling=ceiling,
            )


def _digests(structure: Structure, path: str) -> dict[str, tuple[bytes, ...]]:
    """What every manifest of a known algorithm states for a path."""
    position = structure.payload.index[path]
    found: dict[str, tuple[bytes, ...]] = {}
    for column in structure.payload.columns:
        stated = column.expected(position)
        if stated is not None:
            found[column.algorithm] = (*found.get(column.algorithm, ()), stated)
    return found


def _faults(folder: Folder, examined: Examined, executor: Executor) -> Iterator[Finding]:
    """Every error in the tag files, and every one of them that could not be read."""
    findings = Findings()
    tags = examined.structure.tags
    files = [(p, size) for p, size in examined.contents.tag_files.items() if p in tags.index]
    comparison = Comparison(manifests=tags, changed=rules.TAG_FILE_CHANGED, findings=findings)
    comparison.compare(folder.digests(files, tags.algorithms, executor, follow_links=True))
    for finding in (*examined.report.findings, *findings.found):
        of_payload = (finding.location.path or "").startswith(PAYLOAD_PREFIX)
        grave = finding.severity is Severity.ERROR or finding.rule is rules.FILE_UNREADABLE
        if grave and not of_payload:
            yield finding
