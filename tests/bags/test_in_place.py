"""A folder becomes a bag where it lies, or stays what it was, however the run ends."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from disturbed import Disturber, disturber, in_memory
from privileges import without_privileges

from muniment.bags.in_place import InPlace
from muniment.bags.sources import EmptyFolderPolicy
from muniment.model.errors import EnvironmentFault, UsageError
from muniment.model.findings import BagState, Report, Verdict
from muniment.storage.copying import copy_batch
from muniment.storage.durable import rename_without_replacing as rename
from muniment.storage.staging import lock_folder
from muniment.workflow import (
    PackageRequest,
    SecondOpinion,
    package,
    package_in_place,
    undo_in_place,
    verify,
)

State = dict[bytes, tuple[int, int, int, bytes]]

# Renames go through the C library, which Python tells of when a function of it is looked up.
RENAMES = ("ctypes.dlsym",)
AS_ASKED = ("--date", "2024-05-17", "--second-opinion", "never", "--empty-folders", "keep")


def state_of(root: Path) -> State:
    """All that can be seen of a tree: names, kinds and rights, inodes, times, bytes."""
    state: State = {}
    for path in [root, *root.rglob("*")]:
        status = path.lstat()
        content = path.read_bytes() if stat.S_ISREG(status.st_mode) else b""
        name = os.fsencode(path.relative_to(root))
        state[name] = (status.st_mode, status.st_ino, status.st_mtime_ns, content)
    return state


@pytest.fixture
def home() -> Iterator[Path]:
    with in_memory() as folder:
        yield folder


def make_folder(folder: Path) -> Path:
    """Files at the top and deep, an empty folder, hidden and odd names, and the record."""
    files = {
        "record.yaml": b"title: Letters\nidentifier: letters-1\n",
        "a.txt": b"a",
        ".hidden": b"hidden",
        "bagit.txt": b"not what it seems\n",
        "metadata/notes.txt": b"the user's own\n",
        "100%/x\ny.txt": b"odd",
        "deep/er/est/z.bin": bytes(3000),
        "deep/data/inner.txt": b"a folder of that name, further down\n",
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / "deep" / "empty").mkdir()
    (folder / "nothing").mkdir()
    for number, path in enumerate(sorted([folder, *folder.rglob("*")], reverse=True)):
        time = 1_000_000_000_123_456_789 + number * 1_000_000_001
        os.utime(path, ns=(time, time))
    return folder


@pytest.fixture
def folder(home: Path) -> Path:
    return make_folder(home / "letters")


def now() -> datetime:
    return datetime(2024, 5, 17, tzinfo=UTC)


def run(folder: Path, record: Path | None = None, **options: Any) -> Report:  # noqa: ANN401
    going_on = options.pop("resume", False)
    options = {"second_opinion": SecondOpinion.NEVER, **options}
    request = PackageRequest(
        sources=(folder,),
        record=record or folder / "record.yaml",
        output=folder.parent,
        date="2024-05-17",
        **options,
    )
    return package_in_place(request, now=now, resume=going_on)


def resume(folder: Path) -> Report:
    return run(folder, resume=True)


def rules(report: Report) -> list[tuple[str, str | None]]:
    return [(each.rule.id, each.location.path) for one in report.subjects for each in one.findings]


def assert_is_the_bag(folder: Path, before: State) -> None:
    """Valid, with every file that was there, the same file with its time, and the record."""
    [subject] = verify([folder]).subjects
    assert (subject.verdict(), subject.state) == (Verdict.PASS, BagState.VALID)
    after = state_of(folder)
    for name, entry in before.items():
        if name == b"record.yaml":
            assert after[b"metadata/record.yaml"] == entry
        elif name != b".":
            assert after[b"data/" + name] == entry
    assert after[b"data"][2] == before[b"."][2]
    assert {name for name in after if name.startswith(b".muniment")} == set()


class KilledError(Exception):
    """Stands for the end of the process, where that is near enough."""


def test_a_folder_becomes_the_bag_that_a_copy_of_it_would(folder: Path) -> None:
    """The same bytes, but for the bag's name and the sentence that tells how it was made."""
    copied = package(
        PackageRequest(
            sources=(folder,),
            record=folder / "record.yaml",
            output=folder.parent,
            name="copy",
            date="2024-05-17",
        ),
        now=now,
    )
    assert copied.verdict() is Verdict.PASS
    before = state_of(folder)
    report = run(folder)
    assert report.verdict() is Verdict.PASS
    assert_is_the_bag(folder, before)
    changes = ("metadata/premis.xml", "tagmanifest-sha256.txt", "tagmanifest-sha512.txt")
    for path in (each for each in folder.rglob("*") if each.is_file()):
        name = path.relative_to(folder)
        same = path.read_bytes() == (folder.parent / "copy" / name).read_bytes()
        assert same is (str(name) not in changes), name


def test_the_result_tells_of_the_bag(folder: Path) -> None:
    report = run(folder)
    assert report.result is not None
    assert report.result["bag"] == str(folder)
    assert report.result["name"] == "letters"
    assert report.result["payload"] == {"files": 7, "octets": 3079}
    assert [path for rule, path in rules(report) if rule == "SRC-109"] == [
        str(folder / "nothing"),
        str(folder / "deep" / "empty"),
    ]


def test_empty_folders_are_kept_where_that_is_asked_and_keep_their_times(folder: Path) -> None:
    before = state_of(folder)
    assert run(folder, empty_folders=EmptyFolderPolicy.KEEP).verdict() is Verdict.PASS
    assert_is_the_bag(folder, before)
    for name in (b"nothing", b"deep/empty"):
        keeper = state_of(folder)[b"data/" + name + b"/.keep"]
        assert (keeper[2], keeper[3]) == (before[name][2], b"")


def test_the_record_may_lie_elsewhere(folder: Path, home: Path) -> None:
    record = home / "elsewhere.yaml"
    (folder / "record.yaml").rename(record)
    before = state_of(folder)
    assert run(folder, record).verdict() is Verdict.PASS
    assert_is_the_bag(folder, before)
    assert record.read_bytes() == (folder / "metadata" / "record.yaml").read_bytes()


def test_a_folder_named_with_blanks_or_through_a_link_is_packaged_as_itself(
    folder: Path, home: Path
) -> None:
    other = folder.rename(home / "two words")
    (home / "link").symlink_to(other)
    report = run(home / "link")
    assert report.verdict() is Verdict.PASS
    assert report.result is not None
    assert report.result["name"] == "two words"
    assert verify([other]).verdict() is Verdict.PASS


@pytest.mark.parametrize("found", ["link", "data"])
def test_where_a_finding_is_an_error_nothing_is_touched(folder: Path, found: str) -> None:
    if found == "link":
        (folder / "deep" / "link").symlink_to("nowhere")
    else:
        (folder / "data").mkdir()
    before = state_of(folder)
    report = run(folder)
    wanted = {"link": ("SRC-102", "deep/link"), "data": ("SRC-128", "data")}[found]
    assert (wanted[0], str(folder / wanted[1])) in rules(report)
    assert (report.verdict(), report.result) == (Verdict.FAIL, None)
    assert state_of(folder) == before


def test_a_second_packaging_is_refused_and_never_nests(folder: Path) -> None:
    record = shutil.copy(folder / "record.yaml", folder.parent)
    assert run(folder).verdict() is Verdict.PASS
    before = state_of(folder)
    report = run(folder, Path(record), allow_nested_bags=True)
    assert ("SRC-128", str(folder / "data")) in rules(report)
    assert report.verdict() is Verdict.FAIL
    assert state_of(folder) == before
    assert not (folder / "data" / "data").exists()


@pytest.mark.parametrize(
    "options",
    [
        {"split": 1},
        {"name": "other"},
        {"exclude": ("*.tmp",)},
        {"include": ("*",)},
        {"exclude_system_files": True},
    ],
)
def test_what_cannot_be_done_in_place_is_refused(folder: Path, options: dict[str, Any]) -> None:
    before = state_of(folder)
    with pytest.raises(UsageError, match="--in-place takes a folder whole"):
        run(folder, **options)
    assert state_of(folder) == before


def test_a_record_deep_in_the_folder_is_refused(folder: Path) -> None:
    record = (folder / "record.yaml").rename(folder / "deep" / "record.yaml")
    before = state_of(folder)
    with pytest.raises(UsageError, match="the record lies at its top, or elsewhere"):
        run(folder, record)
    assert state_of(folder) == before


def test_a_file_is_no_folder(folder: Path) -> None:
    with pytest.raises(UsageError, match="is not a folder"):
        run(folder / "a.txt", folder / "record.yaml")


def test_who_may_not_write_to_the_folder_or_into_one_of_it_is_told_before(
    folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    for locked in (folder, folder / "deep"):
        locked.chmod(0o555)
        for other in (folder, *folder.rglob("*")):
            if other != locked and other.is_dir():
                other.chmod(0o777)
        before = state_of(folder)
        with (
            without_privileges(home),
            pytest.raises(EnvironmentFault, match=f"{locked} may not be written to"),
        ):
            run(folder)
        assert state_of(folder) == before


def test_another_run_at_work_is_not_disturbed(folder: Path) -> None:
    lock = lock_folder(folder)
    assert lock is not None
    try:
        for act in (resume, undo_in_place):
            with pytest.raises(UsageError, match="another run is at work"):
                act(folder)
    finally:
        os.close(lock)


def change_at(monkeypatch: pytest.MonkeyPatch, method: str, change: Callable[[], object]) -> None:
    """Do something when the packaging gets to a step of it, before it takes the step."""
    step = getattr(InPlace, method)

    def changed(self: InPlace, *arguments: object) -> object:
        change()
        return step(self, *arguments)

    monkeypatch.setattr(InPlace, method, changed)


def test_a_file_that_changes_after_it_was_read_brings_everything_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = folder / "deep" / "er" / "est" / "z.bin"
    before = state_of(folder)

    def change() -> None:
        with file.open("r+b") as stream:
            stream.write(b"other")

    change_at(monkeypatch, "move_in", change)
    report = run(folder)
    assert ("BAG-301", "data/deep/er/est/z.bin") in rules(report)
    assert (report.verdict(), report.result) == (Verdict.FAIL, None)
    after = state_of(folder)
    assert after.pop(b"deep/er/est/z.bin")[3][:5] == b"other"
    del before[b"deep/er/est/z.bin"]
    assert after == before


@pytest.mark.parametrize(
    ("where", "found", "verdict"),
    [
        ("late.txt", ("SRC-108", "late.txt"), Verdict.UNVERIFIED),
        ("deep/late.txt", ("BAG-202", "data/deep/late.txt"), Verdict.FAIL),
    ],
)
def test_a_file_that_comes_meanwhile_is_not_packaged_unseen(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    found: tuple[str, str],
    verdict: Verdict,
) -> None:
    before = state_of(folder)
    late = folder / where
    change_at(monkeypatch, "move_in", late.touch)
    report = run(folder)
    assert found in rules(report) or found == ("SRC-108", "late.txt")
    assert [rule for rule, _ in rules(report) if rule in {"SRC-108", "BAG-202"}] == [found[0]]
    assert report.verdict() is verdict
    after = state_of(folder)
    del after[where.encode()]
    around = os.fsencode(Path(where).parent)
    assert after == before | {around: after[around], b".": after[b"."]}


def test_a_disk_that_fails_brings_everything_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state_of(folder)
    seen = []

    def failing(source: Path, target: Path) -> None:
        seen.append(source)
        if len(seen) == 4:
            raise OSError(5, "Input/output error", str(source))
        rename(source, target)

    monkeypatch.setattr("muniment.bags.in_place.rename_without_replacing", failing)
    with pytest.raises(EnvironmentFault, match=r"everything in .* lies where it lay"):
        run(folder)
    assert len(seen) == 7
    assert state_of(folder) == before


def test_what_cannot_be_put_back_is_told_with_what_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state_of(folder)

    def failing(source: Path, target: Path) -> None:
        if source.name == "deep":
            raise OSError(5, "Input/output error", str(source))
        if source.parent != folder:
            raise OSError(5, "Input/output error", str(source))
        rename(source, target)

    with monkeypatch.context() as patch:
        patch.setattr("muniment.bags.in_place.rename_without_replacing", failing)
        with pytest.raises(EnvironmentFault, match="--in-place --undo does, once that is mended"):
            run(folder)
    assert undo_in_place(folder).verdict() is Verdict.PASS
    assert state_of(folder) == before


def interrupt(folder: Path, monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    """Have a run end before a step, as if it had been killed."""

    def end() -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        change_at(patch, method, end)
        with pytest.raises(KilledError):
            run(folder)


def test_a_run_that_was_interrupted_is_not_begun_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt(folder, monkeypatch, "publish")
    before = state_of(folder)
    with pytest.raises(UsageError, match="finish it with --resume, or take it back with --undo"):
        run(folder)
    request = PackageRequest(
        sources=(folder,), record=folder.parent / "r.yaml", output=folder.parent / "out"
    )
    request.record.write_text("title: Letters\nidentifier: letters-1\n", "utf-8")
    assert ("SRC-127", str(folder)) in rules(package(request, now=now))
    assert state_of(folder) == before


def test_there_is_nothing_to_resume_or_undo_where_nothing_was_interrupted(folder: Path) -> None:
    before = state_of(folder)
    with pytest.raises(UsageError, match="there is nothing to resume"):
        resume(folder)
    with pytest.raises(UsageError, match="there is nothing to undo"):
        undo_in_place(folder)
    assert state_of(folder) == before
    assert run(folder).verdict() is Verdict.PASS
    with pytest.raises(UsageError, match="there is nothing to undo"):
        undo_in_place(folder)


def test_a_resumed_run_tells_what_the_first_one_had_found(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run(make_folder(folder.parent / "other" / "letters"))
    interrupt(folder, monkeypatch, "publish")
    resumed = resume(folder)
    told = [(rule, str(path).replace("/other", "")) for rule, path in rules(whole)]
    assert rules(resumed) == told
    assert resumed.result is not None
    assert whole.result is not None
    assert dict(resumed.result) == {**whole.result, "bag": str(folder)}


def test_what_was_read_is_not_read_again_by_a_resumed_run(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt(folder, monkeypatch, "begin_moving")
    (folder / "deep" / "er" / "est" / "z.bin").write_bytes(bytes(3001))
    read: list[str] = []

    def noted(batch: Any) -> Any:  # noqa: ANN401
        read.extend(job.source for job in batch.jobs)
        return copy_batch(batch)

    with monkeypatch.context() as patch:
        patch.setattr("muniment.bags.writing.copy_batch", noted)
        change_at(patch, "begin_moving", _kill)
        with pytest.raises(KilledError):
            resume(folder)
        assert len(read) == 7
        with pytest.raises(KilledError):
            resume(folder)
        assert len(read) == 7
    assert resume(folder).verdict() is Verdict.PASS


def _kill() -> None:
    raise KilledError


def test_a_log_that_lies_does_not_make_a_wrong_bag(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt(folder, monkeypatch, "begin_moving")
    before = state_of(folder)
    [log] = folder.glob(".muniment-in-place-*/read")
    key, rows = json.loads(log.read_bytes())
    rows[0] = [digest[::-1] for digest in rows[0]]
    log.write_text(json.dumps([key, rows]) + "\n")
    report = resume(folder)
    assert {rule for rule, _ in rules(report)} >= {"BAG-301"}
    assert report.verdict() is Verdict.FAIL
    kept = {name: entry for name, entry in before.items() if b".muniment" not in name}
    assert state_of(folder) == kept | {b".": state_of(folder)[b"."]}


REST = '"findings":[],"result":{}}'


@pytest.mark.parametrize(
    "line",
    [
        f'{{"phase":"moving","entries":["../../outside"],"record":null,"keepers":[],{REST}',
        f'{{"phase":"moving","entries":["a"],"record":["a","../../../b"],"keepers":[],{REST}',
        f'{{"phase":"moving","entries":[],"record":null,"keepers":[["/etc",1]],{REST}',
        '{"phase":"publishing","published":[".."]}',
        '{"phase":"dancing"}',
        "[1]",
        "no JSON",
    ],
)
def test_a_journal_by_another_hand_moves_nothing(folder: Path, line: str) -> None:
    """What lies in a folder may come from anywhere."""
    (folder.parent / "outside").write_bytes(b"x")
    working = folder / ".muniment-in-place-1"
    (working / "bag" / "data").mkdir(parents=True)
    (working / "journal").write_text(line + "\n")
    before = state_of(folder.parent)
    for act in (resume, undo_in_place):
        with pytest.raises(EnvironmentFault, match="journal is not as it was written"):
            act(folder)
        assert state_of(folder.parent) == before


def test_a_working_folder_that_is_a_link_is_not_followed(folder: Path, home: Path) -> None:
    (home / "elsewhere" / "bag").mkdir(parents=True)
    (home / "elsewhere" / "bag" / "precious").write_bytes(b"x")
    (folder / ".muniment-in-place-1").symlink_to(home / "elsewhere")
    for act in (resume, undo_in_place):
        with pytest.raises(EnvironmentFault, match="muniment did not make it"):
            act(folder)
    assert (home / "elsewhere" / "bag" / "precious").exists()


def test_payload_without_its_journal_is_never_removed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt(folder, monkeypatch, "publish")
    [journal] = folder.glob(".muniment-in-place-*/journal")
    journal.unlink()
    for act in (undo_in_place, resume):
        with pytest.raises((EnvironmentFault, OSError, UsageError)):
            act(folder)
    [data] = folder.glob(".muniment-in-place-*/bag/data")
    assert (data / "a.txt").read_bytes() == b"a"


def test_what_comes_into_the_folder_after_an_interruption_is_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state_of(folder)
    interrupt(folder, monkeypatch, "publish")
    (folder / "new.txt").write_bytes(b"new")
    (folder / "a.txt").write_bytes(b"newer")
    with pytest.raises(EnvironmentFault, match=r"a\.txt has come there meanwhile"):
        undo_in_place(folder)
    (folder / "a.txt").unlink()
    assert undo_in_place(folder).verdict() is Verdict.PASS
    after = state_of(folder)
    assert after.pop(b"new.txt")[3] == b"new"
    assert after == before | {b".": after[b"."]}


@pytest.fixture(scope="module")
def process() -> Iterator[Disturber]:
    with disturber() as running:
        yield running


def command(folder: Path, *more: str) -> list[str]:
    record = str(folder / "record.yaml")
    return ["package", str(folder), "--in-place", "--record", record, *AS_ASKED, *more]


def undo(folder: Path) -> list[str]:
    return ["package", str(folder), "--in-place", "--undo"]


class Ground:
    """The same folder again and again, and how many moments a whole packaging has."""

    def __init__(self, home: Path, process: Disturber) -> None:
        self.folder = home / "letters"
        self._process = process
        self.fresh()
        done = self.run(*command(self.folder))
        assert done["code"] == 0
        self.events: int = done["events"]
        self.fresh()

    def fresh(self) -> State:
        shutil.rmtree(self.folder, ignore_errors=True)
        return state_of(make_folder(self.folder))

    def run(self, *arguments: str, kill: int | None = None) -> dict[str, Any]:
        return self._process.run(*arguments, kill=kill, also=RENAMES)

    def settled(self, before: State) -> str:
        """Whether it is untouched, or a bag; anything else is unfinished."""
        if state_of(self.folder) == before:
            return "untouched"
        if (self.folder / ".muniment-in-place-done").exists():
            return "to be swept"
        return "unfinished" if list(self.folder.glob(".muniment-in-place-*")) else "bag"


@pytest.fixture
def ground(home: Path, process: Disturber) -> Ground:
    return Ground(home, process)


MOMENTS = 40
SHARES = 2


def moments(events: int, share: int) -> range:
    """Some of a run's moments, spread evenly; before the first third it only looks and loads."""
    first = events // 3
    step = (events - first) // MOMENTS
    return range(first + share * step, events, SHARES * step)


@pytest.mark.parametrize("share", range(SHARES))
def test_killed_at_any_moment_it_can_be_undone_to_what_it_was(ground: Ground, share: int) -> None:
    undone = 0
    for moment in moments(ground.events, share):
        before = ground.fresh()
        assert ground.run(*command(ground.folder), kill=moment)["signal"] == 9
        settled = ground.settled(before)
        if settled == "unfinished":
            assert ground.run(*undo(ground.folder))["code"] == 0, moment
            assert state_of(ground.folder) == before, moment
            undone += 1
        elif settled != "untouched":  # too late to undo: it is finished, and says so
            assert ground.run(*undo(ground.folder))["code"] == 2, moment
            if settled == "to be swept":
                assert ground.run(*command(ground.folder, "--resume"))["code"] == 0
            assert_is_the_bag(ground.folder, before)
    assert undone > 5


@pytest.mark.parametrize("share", range(SHARES))
def test_killed_at_any_moment_it_can_be_resumed_to_a_valid_bag(ground: Ground, share: int) -> None:
    resumed = 0
    for moment in moments(ground.events, share):
        before = ground.fresh()
        assert ground.run(*command(ground.folder), kill=moment)["signal"] == 9
        settled = ground.settled(before)
        if settled in {"unfinished", "to be swept"}:
            done = ground.run(*command(ground.folder, "--resume"))
            assert done["code"] == 0, moment
            resumed += 1
        elif settled == "untouched":
            assert ground.run(*command(ground.folder))["code"] == 0
        assert_is_the_bag(ground.folder, before)
    assert resumed > 5


@pytest.mark.parametrize("second", ["--resume", "--undo"])
def test_killed_while_it_is_resumed_or_undone_it_can_be_undone_all_the_same(
    ground: Ground, second: str
) -> None:
    last = [command(ground.folder, "--resume"), undo(ground.folder)][second == "--undo"]
    for moment in range(ground.events // 3, ground.events, ground.events // 9):
        before = ground.fresh()
        assert ground.run(*command(ground.folder), kill=moment)["signal"] == 9
        if ground.settled(before) != "unfinished":
            continue
        for again in range(5, 120, 9):
            if ground.run(*last, kill=again).get("code") is not None:
                break
            if ground.settled(before) != "unfinished":
                break
        settled = ground.settled(before)
        if settled == "unfinished":
            assert ground.run(*undo(ground.folder))["code"] == 0
        elif settled == "to be swept":
            assert ground.run(*command(ground.folder, "--resume"))["code"] == 0
        after = state_of(ground.folder)
        if (ground.folder / "bagit.txt").read_bytes() != b"not what it seems\n":
            assert_is_the_bag(ground.folder, before)
        else:
            # The one thing that a kill in the undoing itself can take: the folder's own time.
            assert after | {b".": before[b"."]} == before
