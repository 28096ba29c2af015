"""Is the package right? Judges a bag in a container: every fault, not the first.

The order, step by step (RFC 8493 section 3):

1. structure: the declaration, manifests, bag-info.txt and fetch.txt are read and judged;
2. the contents are walked once, and every listed payload file is read while the walk goes on;
3. completeness: what was found is held against what was listed;
4. fixity: every digest against every manifest, payload and tag files.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from muniment.bags.completeness import judge_completeness, same_but_for_normalisation
from muniment.bags.contents import Contents, survey, tell_of_oddities
from muniment.bags.fixity import Comparison, tell_of_renamed
from muniment.bags.manifests import PAYLOAD_PREFIX
from muniment.bags.structure import Structure, read_structure
from muniment.bags.verdicts import Findings
from muniment.model.findings import SubjectReport
from muniment.model.rules import bag as rules
from muniment.storage.containers import Container, Hashed
from muniment.storage.executors import Executor
from muniment.storage.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
    """What is asked of a check. `quick` leaves every checksum alone."""

    quick: bool = False


def check_bag(
    container: Container,
    *,
    subject: str,
    options: CheckOptions,
    executor: Executor,
    progress: Progress,
) -> SubjectReport:
    """Judge a bag. Raises UnreachableError where the container as a whole cannot be read."""
    findings = Findings()
    structure = read_structure(container, container.top(), findings)
    check = _Check(
        container=container,
        structure=structure,
        contents=Contents(present=bytearray(len(structure.payload.index))),
        findings=findings,
        executor=executor,
        progress=progress,
    )
    check.run(quick=options.quick)
    return findings.subject(subject)


@dataclass(slots=True, kw_only=True)
class _Check:
    """The steps after the structure is known."""

    container: Container
    structure: Structure
    contents: Contents
    findings: Findings
    executor: Executor
    progress: Progress

    def run(self, *, quick: bool) -> None:
        self.findings.skip("profile", "none was asked for")
        oxum = self.structure.info.oxum
        listed = survey(
            self.container.listings(), self.structure.payload, self.contents, self.findings
        )
        if quick:
            self.findings.skip("fixity", "not asked for: --quick reads no payload")
            self.progress.phase("looking", None)
            for _ in listed:
                pass
        else:
            self.progress.phase("verifying", oxum.octets if oxum else None)
            self._compare_payload(listed)
        self._follow_links(quick=quick)
        self._match_normalised(quick=quick)
        judge_completeness(self.structure, self.contents, self.findings)
        tell_of_oddities(self.contents, self.findings)
        if not quick:
            self._compare_tag_files()
            self._name_renamed()

    def _compare_payload(
        self, files: Iterable[tuple[str, int]], *, follow_links: bool = False
    ) -> None:
        payload = self.structure.payload
        comparison = Comparison(
            manifests=payload, changed=rules.PAYLOAD_CHANGED, findings=self.findings
        )
        read = self.container.digests(
            files, payload.algorithms, self.executor, follow_links=follow_links
        )
        comparison.compare(self._watched(read))

    def _watched(self, batches: Iterable[Hashed]) -> Iterator[Hashed]:
        for hashed in batches:
            self.progress.advance(sum(hashed.sizes))
            yield hashed

    def _follow_links(self, *, quick: bool) -> None:
        """A link that stays inside the bag stands for its file; any other stands for nothing."""
        index = self.structure.payload.index
        followed: list[tuple[str, int]] = []
        for entry in self.contents.links:
            if not self.container.resolves_inside(entry.path):
                message = f"{entry.path} leads to {entry.note!r} and was not followed"
                self.findings.add(rules.LINK_OUTSIDE, message, path=entry.path, target=entry.note)
                continue
            message = f"{entry.path} leads to {entry.note!r}, inside the bag"
            self.findings.add(rules.LINK_INSIDE, message, path=entry.path, target=entry.note)
            if not entry.path.startswith(PAYLOAD_PREFIX):
                self.contents.tag_files[entry.path] = 0
            elif entry.path in index:
                self.contents.present[index[entry.path]] = 1
                followed.append((entry.path, 0))
            else:
                self.contents.unlisted[entry.path] = 0
        if followed and not quick:
            self._compare_payload(followed, follow_links=True)

    def _match_normalised(self, *, quick: bool) -> None:
        """Take names for the same that differ in Unicode form only, with a warning."""
        same = same_but_for_normalisation(self.structure, self.contents)
        files = [(disk, self.contents.unlisted.pop(disk)) for disk in same]
        payload = self.structure.payload
        for disk, listed in same.items():
            self.contents.present[payload.index[listed]] = 1
            message = f"{disk} is {listed} in the manifest: the same name in another Unicode form"
            self.findings.add(rules.NORMALISATION, message, path=disk, expected=listed)
        if files and not quick:
            Comparison(
                manifests=payload,
                changed=rules.PAYLOAD_CHANGED,
                findings=self.findings,
                listed_as=same,
            ).compare(self.container.digests(files, payload.algorithms, self.executor))

    def _compare_tag_files(self) -> None:
        tags = self.structure.tags
        files = [
            (path, size) for path, size in self.contents.tag_files.items() if path in tags.index
        ]
        comparison = Comparison(
            manifests=tags, changed=rules.TAG_FILE_CHANGED, findings=self.findings
        )
        comparison.compare(
            self.container.digests(files, tags.algorithms, self.executor, follow_links=True)
        )

    def _name_renamed(self) -> None:
        """Where a file is missing and another is extra, say whether they are the same bytes."""
        payload = self.structure.payload
        missing = [f for f in self.findings.found if f.rule is rules.PAYLOAD_MISSING]
        paths = [f.location.path for f in missing if f.location.path is not None]
        if not paths or not self.contents.unlisted or not payload.algorithms:
            return
        extra = self.container.digests(
            self.contents.unlisted.items(), payload.algorithms[:1], self.executor
        )
        renamed = tell_of_renamed(extra, paths, payload)
        self.findings.found = [
            dataclasses.replace(
                finding,
                message=f"{finding.message}; its bytes are those of the missing {listed}: renamed?",
                evidence={**finding.evidence, "same_as": listed},
            )
            if finding.rule is rules.PAYLOAD_NOT_LISTED
            and (listed := renamed.get(finding.location.path or "")) is not None
            else finding
            for finding in self.findings.found
        ]
