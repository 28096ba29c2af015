"""Is the package right? Judges a bag in a container: every fault, not the first.

The order, step by step (RFC 8493 section 3):

1. structure: the declaration, manifests, bag-info.txt and fetch.txt are read and judged;
2. the contents are walked once, and every listed payload file is read while the walk goes on;
3. completeness: what was found is held against what was listed;
4. fixity: every digest against every manifest, payload and tag files;
5. profiles: what a receiver asks beyond the standard, where one was asked for.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from muniment.bags import fetchlist
from muniment.bags.archive_problems import tell_of_problems
from muniment.bags.completeness import (
    judge_completeness,
    same_but_for_normalisation,
    same_but_for_percent,
)
from muniment.bags.contents import Contents, survey, tell_of_oddities
from muniment.bags.fetchlist import FetchEntry
from muniment.bags.fixity import Comparison, tell_of_renamed
from muniment.bags.manifests import PAYLOAD_PREFIX
from muniment.bags.profile_archivematica import JudgePremis
from muniment.bags.profile_judging import judge_asked
from muniment.bags.profile_shelf import Asked
from muniment.bags.profile_view import view_of_bag
from muniment.bags.structure import Structure, read_structure
from muniment.bags.verdicts import Findings
from muniment.model.findings import Finding, Location, Rule, SubjectReport
from muniment.model.rules import bag as rules
from muniment.model.rules import fetch as fetch_rules
from muniment.storage.containers import Container, Hashed, UnreachableError
from muniment.storage.executors import Executor
from muniment.storage.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
    """What is asked of a check. `quick` leaves every checksum alone.

    `form` is what the bag lies in, None for a folder, for the `profiles` that ask for one;
    `judge_premis` reads PREMIS for those that look into it.
    """

    quick: bool = False
    profiles: Asked = field(default_factory=Asked)
    form: str | None = None
    judge_premis: JudgePremis | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A bag that was judged, and what was learned of it for whoever goes on to change it."""

    report: SubjectReport
    structure: Structure
    contents: Contents


def check_bag(
    container: Container,
    *,
    subject: str,
    options: CheckOptions,
    executor: Executor,
    progress: Progress,
) -> SubjectReport:
    """Judge a bag. Raises UnreachableError where the container as a whole cannot be read.

    Where it fails midway and an error was found before, that is told, and the rest left open.
    """
    return examine_bag(
        container, subject=subject, options=options, executor=executor, progress=progress
    ).report


def examine_bag(
    container: Container,
    *,
    subject: str,
    options: CheckOptions,
    executor: Executor,
    progress: Progress,
) -> Examined:
    """Judge a bag as `check_bag` does, and keep what its tag files say and what lies in it."""
    findings = Findings()
    tell_of_problems(container.problems, findings)
    structure = read_structure(container, container.top(), findings)
    contents = Contents(present=bytearray(len(structure.payload.index)))
    check = _Check(
        container=container,
        structure=structure,
        contents=contents,
        findings=findings,
        executor=executor,
        progress=progress,
    )
    try:
        check.run(quick=options.quick)
    except UnreachableError as error:
        if not findings.has_errors:
            raise
        _break_off(str(error), options, findings)
        return Examined(report=findings.subject(subject), structure=structure, contents=contents)
    view = view_of_bag(container, structure, contents, form=options.form)
    judge_asked(options.profiles, view, findings, judge_premis=options.judge_premis)
    return Examined(report=findings.subject(subject), structure=structure, contents=contents)


def _break_off(reason: str, options: CheckOptions, findings: Findings) -> None:
    """Keep what was seen until now: a store may never show a broken file again."""
    asked = options.profiles.profiles or options.profiles.unknown
    findings.leave_open("completeness", reason)
    if not options.quick:
        findings.leave_open("fixity", reason)
    if asked:
        findings.leave_open("profile", reason)
    else:
        findings.skip("profile", "none was asked for")


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
        oxum = self.structure.info.oxum
        listed = self._lengths_compared(
            survey(self.container.listings(), self.structure.payload, self.contents, self.findings)
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

    def _lengths_compared(self, files: Iterator[tuple[str, int]]) -> Iterator[tuple[str, int]]:
        """Hold files that were fetched already against the lengths that fetch.txt states."""
        stated = {entry.path: entry for entry in self.structure.fetch if entry.length is not None}
        return self._held_against(stated, files) if stated else files

    def _held_against(
        self, stated: Mapping[str, FetchEntry], files: Iterator[tuple[str, int]]
    ) -> Iterator[tuple[str, int]]:
        for file in files:
            path, size = file
            entry = stated.get(path)
            if entry is not None and entry.length != size:
                message = f"{path} has {size:,} bytes; fetch.txt says {entry.length:,}"
                self.findings.report(
                    Finding(
                        rule=fetch_rules.SIZE_DIFFERS,
                        message=message,
                        location=Location(path=fetchlist.PATH, line=entry.line),
                        evidence={"expected": entry.length, "actual": size},
                    )
                )
            yield file

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
            size = self._size_of(entry.path)
            if not entry.path.startswith(PAYLOAD_PREFIX):
                self.contents.tag_files[entry.path] = size
                continue
            self.contents.files += 1
            self.contents.octets += size
            if entry.path in index:
                self.contents.present[index[entry.path]] = 1
                followed.append((entry.path, size))
            else:
                self.contents.unlisted[entry.path] = size
        if followed and not quick:
            self._compare_payload(followed, follow_links=True)

    def _size_of(self, link: str) -> int:
        """The bytes of the file that a link leads to; 0 where it cannot be opened."""
        try:
            with self.container.open(link) as stream:
                return stream.seek(0, os.SEEK_END)
        except OSError:
            return 0

    def _match_normalised(self, *, quick: bool) -> None:
        """Take names for the same that differ in form or coding only, with a warning."""
        same = same_but_for_normalisation(self.structure, self.contents)
        self._take_for_same(same, rules.NORMALISATION, "in another Unicode form", quick=quick)
        same = same_but_for_percent(self.structure, self.contents)
        rule = rules.PERCENT_TAKEN_AS_IT_STANDS
        self._take_for_same(same, rule, "with `%` coded otherwise", quick=quick)

    def _take_for_same(
        self, same: Mapping[str, str], rule: Rule, difference: str, *, quick: bool
    ) -> None:
        files = [(disk, self.contents.unlisted.pop(disk, 0)) for disk in same]
        payload = self.structure.payload
        for disk, listed in same.items():
            self.contents.present[payload.index[listed]] = 1
            message = f"{disk!r} is {listed!r} in the manifest: the same name, {difference}"
            self.findings.add(rule, message, path=disk, expected=listed)
        if files and not quick:
            Comparison(
                manifests=payload,
                changed=rules.PAYLOAD_CHANGED,
                findings=self.findings,
                listed_as=same,
            ).compare(self.container.digests(files, payload.algorithms, self.executor))

    def _compare_tag_files(self) -> None:
        tags, told = self.structure.tags, self.structure.unread
        there = [file for file in self.contents.tag_files.items() if file[0] not in told]
        files = [file for file in there if file[0] in tags.index]
        comparison = Comparison(
            manifests=tags, changed=rules.TAG_FILE_CHANGED, findings=self.findings
        )
        comparison.compare(
            self.container.digests(files, tags.algorithms, self.executor, follow_links=True)
        )
        left = [file for file in there if file[0] not in tags.index]
        comparison.tell_of_faults(
            self.container.digests(left, (), self.executor, follow_links=True)
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
