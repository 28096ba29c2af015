"""package --in-place: a folder becomes a bag where it lies, for collections too big to copy.

source -> record -> description -> plan -> digests -> moved payload -> verified bag -> published
bag. Nothing is moved before everything has been read; a run that fails puts everything back, and
one that is interrupted can be resumed, or undone.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from muniment.bags.baginfo import Oxum
from muniment.bags.in_place import InPlace, in_place
from muniment.bags.in_place_journal import Made, Moves, Phase
from muniment.bags.plan import Plan
from muniment.bags.reading_log import LoggedExecutor
from muniment.bags.source_links import LinkPolicy
from muniment.bags.writing import SourceChangedError, write_bag
from muniment.configuration import house_configuration
from muniment.model.errors import EnvironmentFault, UsageError
from muniment.model.findings import (
    Finding,
    Location,
    Report,
    SubjectReport,
    Verdict,
)
from muniment.model.rules import source as rules
from muniment.storage.executors import Executor, ProcessPool
from muniment.storage.progress import Progress, Silent
from muniment.storage.space import check_room
from muniment.workflow.made import bag_made
from muniment.workflow.packaging import (
    ask_for_opinion,
    not_read,
    read_back,
    with_opinion,
)
from muniment.workflow.planning import (
    PackageRequest,
    Planned,
    check_options,
    plan_packaging,
    refused,
)
from muniment.workflow.preflight import octets_of
from muniment.workflow.profiling import prescribe


def package_in_place(
    request: PackageRequest,
    *,
    now: Callable[[], datetime],
    resume: bool = False,
    workers: int = 1,
    progress: Progress | None = None,
) -> Report:
    """Turn the folder that is the request's one source into a bag, or finish doing so.

    Faults of the record or the folder are findings, and nothing is then moved. Raises UsageError,
    where an earlier run is unfinished too, and EnvironmentFault: everything is then put back.
    """
    watch = progress or Silent()
    folder = _the_folder(request)
    with in_place(folder) as place, ProcessPool(workers) as executor:
        _refuse_other_state(place, folder, resume=resume)
        request = dataclasses.replace(request, in_place=True)
        run = _Run(request=request, folder=folder, place=place, executor=executor, progress=watch)
        return run.finished() if place.was_finished and resume else run.whole(now)


def undo_in_place(folder: Path) -> Report:
    """Put back what an interrupted run has moved. Raises UsageError, EnvironmentFault."""
    with in_place(folder) as place:
        if not place.was_interrupted:
            left = "has not begun, or was finished"
            if place.was_finished:
                left = "was finished; --resume removes what is left of its working folder"
            raise UsageError(f"there is nothing to undo: packaging {folder} in place {left}")
        moved = place.undo()
    finding = Finding(
        rule=rules.UNDONE,
        message=f"{folder} is as it was: {moved} of what lies in it moved back",
        location=Location(path=str(folder)),
    )
    subject = SubjectReport(
        subject=str(folder), kind="source", findings=(finding,), checks_run=("source",)
    )
    return Report(command="package", subjects=(subject,))


def _the_folder(request: PackageRequest) -> Path:
    """The one source. Raises UsageError for what cannot be done in place."""
    wrong = {
        "--split": request.split,
        "--serialize": request.serialize,
        "--name": request.name,
        "--files-from": request.lists,
        "--include": request.include,
        "--exclude": request.exclude,
        "--exclude-system-files": request.exclude_system_files,
        "--symlinks": request.symlinks is not LinkPolicy.REFUSE,
    }
    given = [option for option, value in wrong.items() if value]
    if given:
        raise UsageError(
            f"--in-place takes a folder whole, as it lies and under its name: {', '.join(given)}"
            " cannot be given with it"
        )
    if len(request.sources) != 1:
        raise UsageError("--in-place takes one folder")
    folder = request.sources[0]
    record = request.record.resolve()
    if record.is_relative_to(folder.resolve()) and record.parent != folder.resolve():
        raise UsageError(
            f"{request.record} lies deep in {folder}: with --in-place the record lies at its top,"
            " or elsewhere"
        )
    return folder


def _refuse_other_state(place: InPlace, folder: Path, *, resume: bool) -> None:
    if place.was_interrupted and not resume:
        raise UsageError(
            f"packaging {folder} in place was interrupted; finish it with --resume, or take it back"
            " with --undo"
        )
    if resume and not place.was_interrupted and not place.was_finished:
        raise UsageError(f"there is nothing to resume: packaging {folder} in place has not begun")


@contextmanager
def _put_back_on_failure(place: InPlace, folder: Path) -> Iterator[None]:
    """What fails leaves nothing moved; only what is interrupted does."""
    try:
        yield
    except (OSError, EnvironmentFault) as fault:
        try:
            place.undo()
        except (OSError, EnvironmentFault) as other:
            raise EnvironmentFault(
                f"{fault}; it could not be put back either ({other}):"
                f" muniment package {folder} --in-place --undo does, once that is mended"
            ) from fault
        raise EnvironmentFault(f"{fault}; everything in {folder} lies where it lay") from fault


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """One run over a folder; `folder` is how it was named."""

    request: PackageRequest
    folder: Path
    place: InPlace
    executor: Executor
    progress: Progress

    def whole(self, now: Callable[[], datetime]) -> Report:
        """From wherever the folder stands to a bag."""
        self.place.clear()
        planned: Planned | Report | None = None
        if self.place.journal.phase is Phase.READING:
            planned = plan_packaging(
                self.request, now=now, progress=self.progress, working=self.place.working.name
            )
        if isinstance(planned, Report):
            return planned
        with _put_back_on_failure(self.place, self.folder):
            report = None if planned is None else self._prepare(planned)
            if report is None:
                report = self._put_together()
            if report.result is None:
                self.place.undo()
            return report

    def finished(self) -> Report:
        """All was done but the last sweep: tell of the bag."""
        made = self.place.finished_journal().made
        self.place.clear()
        judged = self._read_back(self.place.folder)
        return Report(command="package", subjects=(judged,), result=made.result or None)

    def _prepare(self, planned: Planned) -> Report | None:
        """Read everything, write the tag files aside, and note what will be moved."""
        plan = planned.plans[0]
        if planned.request.serialize is not None:
            raise UsageError("the profile asks for an archive: leave --in-place out")
        check_room(self.place.folder, octets_of(plan, payload=False))
        _check_movable(self.place)
        self.place.begin()
        logged = LoggedExecutor(self.executor, self.place.log, base=str(self.folder))
        try:
            written = write_bag(
                plan, self.place.bag, executor=logged, progress=self.progress, copy=False
            )
        except SourceChangedError as change:
            findings = (*planned.findings, *change.findings)
            return refused(self.request, findings, not_read(change.findings))
        moves = self._moves(plan, planned.record_path)
        result = bag_made(self.folder, plan.name, plan.oxum, written.tag_manifests)
        self.place.begin_moving(moves, Made(findings=planned.findings, result=result))
        return None

    def _moves(self, plan: Plan, record_path: str) -> Moves:
        """The record itself goes where its copy was written."""
        record = self.request.record.resolve()
        names = self.place.top()
        inside = record.parent == self.place.folder and record.name in names
        if inside:
            names.remove(record.name)
            (self.place.bag / record_path).unlink()
        return Moves(
            entries=tuple(names),
            record=(record.name, record_path) if inside else None,
            keepers=tuple(
                (file.path.rpartition("/")[0], file.modified)
                for file in plan.payload
                if file.is_keeper
            ),
        )

    def _put_together(self) -> Report:
        """Move, check the bag as any receiver would, and let it appear where it passes."""
        self.progress.phase("moving", None)
        self.place.take_back()
        self.place.move_in()
        made = self.place.journal.made
        judged = self._read_back(self.place.bag)
        opinion = ask_for_opinion(self.request, self.folder.name, _oxum(made), self.place.bag)
        strangers = tuple(self._stranger(name) for name in self.place.top())
        subject = with_opinion(judged, (*made.findings, *strangers), opinion)
        if strangers:
            open_checks = (*subject.checks_skipped, *not_read(strangers))
            subject = dataclasses.replace(subject, checks_skipped=open_checks)
        if subject.verdict() is not Verdict.PASS:
            return Report(command="package", subjects=(subject,))
        self.progress.phase("publishing", None)
        self.place.publish()
        return Report(command="package", subjects=(subject,), result=made.result)

    def _read_back(self, bag: Path) -> SubjectReport:
        request = self.request
        prescribed = prescribe(
            request.profiles,
            house_configuration(request.config),
            algorithms=request.algorithms,
            form=None,
        )
        return read_back(
            bag,
            str(self.folder),
            check_options(prescribed),
            executor=self.executor,
            progress=self.progress,
        )

    def _stranger(self, name: str) -> Finding:
        path = str(self.folder / name)
        message = f"{path} came while the folder was packaged; everything was put back"
        return Finding(rule=rules.CHANGED_WHILE_READ, message=message, location=Location(path=path))


def _check_movable(place: InPlace) -> None:
    """Raise EnvironmentFault where something at the top of the folder could not be renamed."""
    if not os.access(place.folder, os.W_OK | os.X_OK):
        raise EnvironmentFault(f"{place.folder} may not be written to")
    device = place.folder.stat().st_dev
    for name in place.top():
        path = place.folder / name
        if path.lstat().st_dev != device:
            raise EnvironmentFault(f"{path} is another file system, and cannot be moved")
        if path.is_dir() and not os.access(path, os.W_OK):
            raise EnvironmentFault(f"{path} may not be written to, and so not be moved")


def _oxum(made: Made) -> Oxum:
    payload = cast("Mapping[str, int]", made.result["payload"])
    return Oxum(octets=payload["octets"], files=payload["files"])
