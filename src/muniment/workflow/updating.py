"""update: a bag's tag files are made anew; its payload is read once and never changed.

request -> bag examined -> new tag files aside -> judged as they will stand -> journal -> in place.

Bagging-Date stays: it says when the content was prepared for transfer (RFC 8493 section 2.2.2),
and an update prepares none. The date of the update stands in its PREMIS event.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from muniment import __version__
from muniment.bags.checking import CheckOptions, check_bag, examine_bag
from muniment.bags.plan import SealedManifest
from muniment.bags.updating import Draft, wanted_algorithms
from muniment.bags.updating_aside import Aside
from muniment.bags.updating_refusal import obstacles, refuse_what_cannot_be
from muniment.bags.updating_views import RecordingFolder
from muniment.model.errors import UsageError
from muniment.model.findings import (
    Finding,
    JsonValue,
    Location,
    Report,
    Severity,
    Skipped,
    SubjectReport,
    Verdict,
)
from muniment.model.rules import bag as rules
from muniment.storage.containers import UnreachableError
from muniment.storage.executors import Executor, ProcessPool
from muniment.storage.folder import Folder
from muniment.storage.journal import Journal, sole_writer
from muniment.storage.progress import Progress, Silent
from muniment.workflow.describing import Description, describe
from muniment.workflow.planning import BaggingDate, bagging_date
from muniment.workflow.updating_changes import (
    UpdateRequest,
    changes_of,
    fingerprint,
    refuse_empty_request,
)
from muniment.workflow.updating_events import Account
from muniment.workflow.updating_premis import (
    BESIDE_PATH,
    OWN_PATH,
    PremisFile,
    premis_file,
    write_premis,
)
from muniment.workflow.verifying import unreachable

__all__ = ["UpdateRequest", "update"]

_COMMAND = "update"


def update(
    request: UpdateRequest,
    *,
    now: Callable[[], datetime],
    workers: int = 1,
    progress: Progress | None = None,
) -> Report:
    """Update one bag. A bag or a record that is not right is left as it is, with its findings.

    An update that an earlier run began is finished first. Raises UsageError, EnvironmentFault.
    """
    refuse_empty_request(request)
    if request.bag.is_file():
        raise UsageError(f"{request.bag} is a file; unpack the bag to update it, and pack it again")
    try:
        folder = Folder(request.bag)
    except UnreachableError as error:
        subject = unreachable(str(request.bag), "bag", "structure", str(error))
        return Report(command=_COMMAND, subjects=(subject,))
    with sole_writer(Path(folder.base)), ProcessPool(workers) as executor:
        run = _Run(
            request=request,
            folder=folder,
            date=bagging_date(request.date, now),
            journal=Journal(Path(folder.base), _COMMAND),
            executor=executor,
            progress=progress or Silent(),
        )
        return run.finish_or_begin()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """One update of one bag that nobody else changes meanwhile."""

    request: UpdateRequest
    folder: Folder
    date: BaggingDate
    journal: Journal
    executor: Executor
    progress: Progress

    def finish_or_begin(self) -> Report:
        """Finish what an earlier run began; if that was this very request, all is done."""
        asked = fingerprint(self.request)
        unfinished = self.journal.unfinished()
        if unfinished is None:
            return self._begin(asked, ())
        self.journal.carry_out(unfinished)
        finished = Finding(
            rule=rules.UPDATE_FINISHED,
            message="an update of this bag had been interrupted; it was finished",
            location=Location(path=None),
        )
        if unfinished.note.get("request") != asked:
            return self._begin(asked, (finished,))
        judged = self._judge(self.folder, self.progress)
        result = unfinished.note.get("result")
        return Report(
            command=_COMMAND,
            subjects=(_with(judged, (finished,)),),
            result=result if isinstance(result, Mapping) else None,
        )

    def _begin(self, asked: str, findings: tuple[Finding, ...]) -> Report:
        description: Description | None = None
        if self.request.record is not None:
            description, found = describe(
                self.request.record, date=self.date.text, version=__version__
            )
            findings = (*findings, *found)
            if description is None:
                return self._refused(findings, "the record is not as it should be")
        changes, found = changes_of(self.request, self.folder, description)
        findings = (*findings, *found)
        if any(finding.severity is Severity.ERROR for finding in findings):
            return self._refused(findings, "a file that was given is not as it should be")
        refuse_what_cannot_be(self.folder, changes, (OWN_PATH, BESIDE_PATH))
        recording = RecordingFolder(self.folder.path, wanted_algorithms(self.folder, changes))
        examined = examine_bag(
            recording,
            subject=str(self.request.bag),
            options=CheckOptions(),
            executor=self.executor,
            progress=self.progress,
        )
        against = obstacles(examined, changes)
        if against.reasons:
            judged = _with(examined.report, (*findings, *against.findings))
            return Report(command=_COMMAND, subjects=(_not_updated(judged, against.reasons),))
        with self.journal.prepared() as new:
            draft = Draft(recording, examined, changes, new=new, executor=self.executor)
            return self._build(draft, asked, findings)

    def _build(self, draft: Draft, asked: str, findings: tuple[Finding, ...]) -> Report:
        """Write aside, judge, seal, put in place."""
        self.progress.phase("sealing", None)
        draft.write()
        seal = draft.seal()
        before = seal.before()
        file = None if draft.aside.changes_nothing else premis_file(draft.aside)
        after = before
        if file is not None:
            self._tell(draft, file, before)
            after = seal.write()
            findings = (*findings, *file.findings())
        judged = _with(
            self._judge(draft.aside.as_updated(), Silent()), (*findings, *draft.findings())
        )
        if judged.verdict() is Verdict.FAIL:
            reason = "the bag would not be valid after this change; nothing was changed"
            return Report(command=_COMMAND, subjects=(_not_updated(judged, (reason,)),))
        result = self._result(draft, file, before, after)
        if file is not None:
            note: dict[str, JsonValue] = {"request": asked, "result": result}
            swap = self.journal.seal(remove=draft.aside.removed, note=note)
            self.progress.phase("putting in place", None)
            self.journal.carry_out(swap)
        return Report(command=_COMMAND, subjects=(judged,), result=result)

    def _tell(self, draft: Draft, file: PremisFile, before: Sequence[SealedManifest]) -> None:
        """Write the PREMIS document: why, by whom, what, and the digests before and after."""
        seal = draft.seal()
        account = Account(
            when=self.date.text,
            reason=self.request.reason,
            by=self.request.by,
            checked=draft.contents.files,
            tag_files=len(draft.structure.tags.index),
            unfetched=len(draft.to_fetch),
            described=self.request.record is not None,
            added=draft.added,
            changed=_changed(draft),
            before=before,
            after=seal.after_without(file.path),
            path=file.path,
        )
        supplied = self.date.supplied
        write_premis(draft, seal, account, file, name=self.folder.name, date_supplied=supplied)

    def _judge(self, bag: Folder, progress: Progress) -> SubjectReport:
        return check_bag(
            bag,
            subject=str(self.request.bag),
            options=CheckOptions(),
            executor=self.executor,
            progress=progress,
        )

    def _refused(self, findings: Sequence[Finding], reason: str) -> Report:
        subject = SubjectReport(subject=str(self.request.bag), kind="bag", findings=tuple(findings))
        reasons = (f"{reason}; nothing was changed",)
        return Report(command=_COMMAND, subjects=(_not_updated(subject, reasons),))

    def _result(
        self,
        draft: Draft,
        file: PremisFile | None,
        before: Sequence[SealedManifest],
        after: Sequence[SealedManifest],
    ) -> dict[str, JsonValue]:
        """What was changed: enough to know the bag before from the bag after."""
        aside: Aside = draft.aside
        return {
            "bag": str(self.request.bag),
            "name": self.folder.name,
            "changed": {
                "added": list(aside.added),
                "replaced": list(aside.replaced),
                "removed": list(aside.removed),
            },
            "event": None if file is None else file.path,
            "tag_manifests": {"before": _rows(before), "after": _rows(after)},
        }


def _changed(draft: Draft) -> dict[str, str]:
    """What the event says was changed; the tag manifests and the document itself always are."""
    rows = {
        "added": draft.aside.added,
        "replaced": draft.aside.replaced,
        "removed": draft.aside.removed,
    }
    changed = {name: ", ".join(paths) for name, paths in rows.items() if paths}
    if draft.modernised:
        major, minor = draft.structure.declaration.version
        declared = draft.structure.declaration.encoding.declared
        changed["brought to"] = f"BagIt 1.0 in UTF-8, from BagIt {major}.{minor} in {declared}"
    return changed


def _rows(manifests: Sequence[SealedManifest]) -> list[JsonValue]:
    return [
        {"path": each.path, "algorithm": each.digest.algorithm, "digest": each.digest.hex}
        for each in manifests
    ]


def _with(judged: SubjectReport, findings: Sequence[Finding]) -> SubjectReport:
    return dataclasses.replace(judged, findings=(*findings, *judged.findings))


def _not_updated(judged: SubjectReport, reasons: Sequence[str]) -> SubjectReport:
    """The bag's report, and why it was left as it is."""
    skipped = tuple(Skipped(check=_COMMAND, reason=reason, asked=True) for reason in reasons)
    return dataclasses.replace(judged, checks_skipped=(*judged.checks_skipped, *skipped))
