"""What fires each SRC rule, and what nearly does."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fixture_forms import Fixture, Pair
from privileges import without_privileges

from muniment.bags.in_place import in_place
from muniment.bags.payload import PayloadFile
from muniment.bags.plan import Plan
from muniment.bags.source_links import LinkPolicy
from muniment.bags.source_lists import SourceList
from muniment.bags.sources import EmptyFolderPolicy, Sources, survey_sources
from muniment.bags.splitting import larger_than
from muniment.bags.writing import SourceChangedError, write_bag
from muniment.model.digests import Algorithm
from muniment.model.findings import Finding, Report
from muniment.storage.executors import InProcess
from muniment.storage.progress import Silent
from muniment.workflow.packaging import PackageRequest, package
from muniment.workflow.packaging_in_place import package_in_place, undo_in_place
from muniment.workflow.preflight import paths_too_long

Fill = Callable[[Path], object]


def source(fill: Fill, **options: Any) -> Fixture:  # noqa: ANN401 - the options of Sources
    """What is found in a folder with one file, when it has been filled further."""

    def findings(home: Path) -> Iterable[Finding]:
        folder = home / "source"
        folder.mkdir()
        (folder / "letter.txt").write_bytes(b"x")
        fill(folder)
        return survey_sources(Sources(paths=(folder,), **options)).findings

    return findings


def nothing(_: Path) -> None:
    """Add nothing."""


def file(name: str) -> Fill:
    """Add a file."""

    def fill(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")

    return fill


def raw_file(name: bytes) -> Fill:
    """Add a file whose name is these bytes."""
    return lambda folder: Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).touch()


def folder_named(name: str) -> Fill:
    """Add an empty folder."""
    return lambda folder: (folder / name).mkdir(parents=True)


def link(target: str, name: str = "link") -> Fill:
    """Add a link."""
    return lambda folder: (folder / name).symlink_to(target)


def both(*fills: Fill) -> Fill:
    """Do one after the other."""
    return lambda folder: [fill(folder) for fill in fills]


def pipe(folder: Path) -> None:
    """Add a pipe."""
    os.mkfifo(folder / "pipe")


def empty(*, allow: bool) -> Fixture:
    """What is found in an empty folder."""

    def findings(home: Path) -> Iterable[Finding]:
        (home / "source").mkdir()
        return survey_sources(Sources(paths=(home / "source",), allow_empty=allow)).findings

    return findings


def two_sources(first: str, second: str) -> Fixture:
    """What is found in two sources of these names."""

    def findings(home: Path) -> Iterable[Finding]:
        paths = (home / "a" / first, home / "b" / second)
        for path in paths:
            path.parent.mkdir()
            path.write_bytes(b"x")
        return survey_sources(Sources(paths=paths)).findings

    return findings


def locked(mode: int) -> Fixture:
    """What somebody finds who may not read everything."""

    def findings(home: Path) -> Iterable[Finding]:
        path = home / "letter.txt"
        path.write_bytes(b"x")
        path.chmod(mode)
        with without_privileges(home):
            return survey_sources(Sources(paths=(path,))).findings

    return findings


def written(change: Callable[[Path], object]) -> Fixture:
    """What is found while a bag is written of a file that changes after it was planned."""

    def findings(home: Path) -> Iterable[Finding]:
        path = home / "letter.txt"
        path.write_bytes(b"x")
        status = path.stat()
        plan = Plan(
            name="bag",
            payload=(
                PayloadFile(
                    source=str(path),
                    path="data/letter.txt",
                    size=status.st_size,
                    modified=status.st_mtime_ns,
                ),
            ),
            tag_files=(),
            bag_info=(),
            algorithms=(Algorithm.SHA256,),
            seal=lambda _: (),
        )
        change(path)
        (home / "bag").mkdir()
        try:
            write_bag(plan, home / "bag", executor=InProcess(), progress=Silent())
        except SourceChangedError as changed:
            return changed.findings
        return ()

    return findings


def listing(text: str) -> Fixture:
    """What is found in a list of what to package."""

    def findings(home: Path) -> Iterable[Finding]:
        (home / "letter.txt").write_bytes(b"x")
        given = SourceList(base=home, data=text.encode())
        return survey_sources(Sources(lists=(given,))).findings

    return findings


def bag_in(folder: str) -> Fill:
    """Add what makes a folder a bag."""
    return both(file(f"{folder}/bagit.txt"), folder_named(f"{folder}/data"))


def sized(*sizes: int) -> list[PayloadFile]:
    """Files of so many bytes."""
    return [
        PayloadFile(source=f"{n}.txt", path=f"data/{n}.txt", size=size, modified=0)
        for n, size in enumerate(sizes)
    ]


def named(name: str) -> Fixture:
    """What is found of a file whose name is to be written here."""
    one = PayloadFile(source="x", path=f"data/{name}", size=0, modified=0)
    return lambda home: paths_too_long([one], home / "bag")


def request(home: Path, **options: Any) -> PackageRequest:  # noqa: ANN401 - those of the request
    """A packaging of a folder with two files."""
    folder = home / "source"
    if not folder.exists():
        folder.mkdir()
        (folder / "a.txt").write_bytes(b"x")
        (folder / "b.txt").write_bytes(b"y")
        (home / "record.yaml").write_text("title: Letters\nidentifier: letters-1\n", "utf-8")
    return PackageRequest(
        sources=(folder,), record=home / "record.yaml", output=home / "out", **options
    )


def found(report: Report) -> Iterable[Finding]:
    """All that a report has."""
    return [finding for subject in report.subjects for finding in subject.findings]


def in_bags_of(size: int, *, times: int) -> Fixture:
    """What is found when the same is packaged several times."""

    def findings(home: Path) -> Iterable[Finding]:
        reports = [package(request(home, split=size), now=_now) for _ in range(times)]
        return found(reports[-1])

    return findings


def where_it_lies(fill: Fill) -> Fixture:
    """What is found when a folder, filled further, is packaged in place."""

    def findings(home: Path) -> Iterable[Finding]:
        wanted = request(home)
        fill(wanted.sources[0])
        return found(package_in_place(wanted, now=_now))

    return findings


def interrupted(*, undone: bool) -> Fixture:
    """What is found when an in-place packaging that had begun is undone, or resumed."""

    def findings(home: Path) -> Iterable[Finding]:
        wanted = request(home)
        with in_place(wanted.sources[0]) as place:
            place.begin()
        if undone:
            return found(undo_in_place(wanted.sources[0]))
        return found(package_in_place(wanted, now=_now, resume=True))

    return findings


def _now() -> datetime:
    return datetime.now(UTC)


FOLLOW = {"symlinks": LinkPolicy.FOLLOW}

FIXTURES: dict[str, Pair] = {
    "SRC-101": Pair(source(raw_file(b"f\xfcr.txt")), source(raw_file("f\xfcr.txt".encode()))),
    "SRC-102": Pair(source(link("letter.txt")), source(file("link"))),
    "SRC-103": Pair(source(pipe), source(file("pipe"))),
    "SRC-104": Pair(empty(allow=False), empty(allow=True)),
    "SRC-105": Pair(source(bag_in("inner")), source(file("inner/bagit.txt"))),
    "SRC-106": Pair(two_sources("x.txt", "x.txt"), two_sources("x.txt", "y.txt")),
    "SRC-107": Pair(locked(0o000), locked(0o444)),
    "SRC-108": Pair(
        written(lambda path: path.write_bytes(b"other")), written(lambda path: path.read_bytes())
    ),
    "SRC-109": Pair(source(folder_named("empty")), source(file("empty/.keep"))),
    "SRC-110": Pair(source(file("Thumbs.db")), source(file("Thumbs.dbx"))),
    "SRC-111": Pair(source(file("LETTER.txt")), source(file("sub/LETTER.txt"))),
    "SRC-112": Pair(source(file("aux.c")), source(file("auxiliary.c"))),
    "SRC-113": Pair(
        source(file("a.tmp"), exclude=("*.tmp",)), source(file("a.txt"), exclude=("*.tmp",))
    ),
    "SRC-114": Pair(source(nothing, exclude=("*.tmp",)), source(file("a.tmp"), exclude=("*.tmp",))),
    "SRC-115": Pair(listing("../letter.txt\n"), listing("./letter.txt\n")),
    "SRC-116": Pair(listing("letter.txt\nletter.txt\n"), listing("letter.txt\n\n")),
    "SRC-117": Pair(source(link("letter.txt"), **FOLLOW), source(file("link"), **FOLLOW)),
    "SRC-118": Pair(
        source(link("letter.txt"), symlinks=LinkPolicy.SKIP),
        source(link("letter.txt"), **FOLLOW),
    ),
    "SRC-119": Pair(source(link("/etc"), **FOLLOW), source(link("../source/letter.txt"), **FOLLOW)),
    "SRC-120": Pair(source(link("gone"), **FOLLOW), source(link("letter.txt"), **FOLLOW)),
    "SRC-121": Pair(
        source(link("."), **FOLLOW),
        source(both(file("sub/x"), link("sub")), **FOLLOW),
    ),
    "SRC-122": Pair(
        source(folder_named("empty"), empty_folders=EmptyFolderPolicy.KEEP),
        source(file("full/x"), empty_folders=EmptyFolderPolicy.KEEP),
    ),
    "SRC-123": Pair(
        source(bag_in("inner"), allow_nested_bags=True),
        source(folder_named("inner/data"), allow_nested_bags=True),
    ),
    "SRC-124": Pair(named("x" * 256), named("x" * 255)),
    "SRC-125": Pair(
        lambda _: larger_than(sized(1, 11), 10), lambda _: larger_than(sized(10, 10), 10)
    ),
    "SRC-126": Pair(in_bags_of(1, times=2), in_bags_of(1, times=1)),
    "SRC-127": Pair(
        source(folder_named("sub/.muniment-in-place-1")),
        source(folder_named("sub/muniment-in-place-1")),
    ),
    "SRC-128": Pair(where_it_lies(folder_named("data")), where_it_lies(folder_named("sub/data"))),
    "SRC-129": Pair(interrupted(undone=True), interrupted(undone=False)),
}
