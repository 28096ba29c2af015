"""Judging a bag as a whole: states, what was checked, all faults at once, the same on any day."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from bagbuilder import Bag
from bagcheck import check, rule_ids
from privileges import without_privileges

from muniment.bags.checking import CheckOptions, check_bag
from muniment.model.findings import BagState, Verdict
from muniment.storage.executors import InProcess, ProcessPool
from muniment.storage.folder import Folder

URL = "https://example.org/hello.txt"


def holey() -> Bag:
    bag = Bag().add("fetch.txt", f"{URL} 6 data/hello.txt")
    return bag.add("bag-info.txt", f"Payload-Oxum: {bag.oxum}").seal().drop("data/hello.txt")


def with_oxum() -> Bag:
    bag = Bag()
    return bag.add("bag-info.txt", f"Payload-Oxum: {bag.oxum}").seal()


STATES: list[tuple[str, Callable[[], Bag], BagState, Verdict]] = [
    ("right", with_oxum, BagState.VALID, Verdict.PASS),
    ("holey", holey, BagState.INCOMPLETE, Verdict.UNVERIFIED),
    (
        "missing",
        lambda: with_oxum().drop("data/hello.txt"),
        BagState.INCOMPLETE,
        Verdict.FAIL,
    ),
    (
        "missing tag file",
        lambda: with_oxum().drop("bag-info.txt"),
        BagState.INCOMPLETE,
        Verdict.FAIL,
    ),
    ("changed", lambda: with_oxum().flip("data/hello.txt"), BagState.INVALID, Verdict.FAIL),
    (
        "changed and missing",
        lambda: with_oxum().flip("data/hello.txt").drop("data/maps/north.txt"),
        BagState.INVALID,
        Verdict.FAIL,
    ),
    (
        "a wrong oxum only",
        lambda: Bag().add("bag-info.txt", "Payload-Oxum: 12.3").seal(),
        BagState.INVALID,
        Verdict.FAIL,
    ),
    (
        "an unknown algorithm",
        lambda: Bag(algorithms=("madeup", "sha256")).seal(),
        BagState.COMPLETE,
        Verdict.UNVERIFIED,
    ),
]


@pytest.mark.parametrize(("name", "build", "state", "verdict"), STATES, ids=[s[0] for s in STATES])
def test_the_standards_own_word(
    name: str, build: Callable[[], Bag], state: BagState, verdict: Verdict, tmp_path: Path
) -> None:
    report = check(build().write(tmp_path / name))
    assert (report.state, report.verdict()) == (state, verdict)


def test_what_was_checked_and_what_was_not(tmp_path: Path) -> None:
    report = check(with_oxum().write(tmp_path / "bag"))
    assert report.checks_run == ("structure", "completeness", "fixity")
    assert [(s.check, s.asked) for s in report.checks_skipped] == [("profile", False)]
    assert (report.subject, report.kind) == ("bag", "bag")


def test_a_quick_look_reads_no_payload_and_calls_nothing_valid(tmp_path: Path) -> None:
    folder = with_oxum().flip("data/hello.txt").write(tmp_path / "bag")
    report = check(folder, quick=True)
    assert (report.state, report.verdict()) == (BagState.COMPLETE, Verdict.PASS)
    assert report.checks_run == ("structure", "completeness")
    assert [s.check for s in report.checks_skipped] == ["fixity", "profile"]


@pytest.mark.parametrize(
    ("damage", "rules"),
    [
        (lambda bag: bag.drop("data/hello.txt"), ["BAG-201", "BAG-206"]),
        (lambda bag: bag.put("data/new", b""), ["BAG-202", "BAG-206"]),
        (lambda bag: bag.put("data/hello.txt", b"longer than before"), ["BAG-206"]),
        (lambda bag: bag.drop("bagit.txt"), ["BAG-101", "BAG-205"]),
        (lambda bag: bag.add("manifest-sha256.txt", "x"), ["BAG-120"]),
    ],
)
def test_what_a_quick_look_sees(
    damage: Callable[[Bag], Bag], rules: list[str], tmp_path: Path
) -> None:
    report = check(damage(with_oxum()).write(tmp_path / "bag"), quick=True)
    assert rule_ids(report.findings) == rules


def test_links_count_in_payload_oxum_in_both_looks(tmp_path: Path) -> None:
    bag = Bag().put("kept.txt", b"Hello\n")
    bag.add("bag-info.txt", f"Payload-Oxum: {bag.oxum}").seal()
    folder = bag.link("data/hello.txt", "../kept.txt").write(tmp_path / "bag")
    for quick in (True, False):
        assert rule_ids(check(folder, quick=quick).findings) == ["BAG-401"]


def damaged() -> Bag:
    """Five faults: a flipped bit in payload and tag file, a missing, an extra, a renamed file."""
    payload = {f"data/{name}.txt": name.encode() for name in ("a", "b", "c", "d")}
    bag = Bag(payload=payload).seal().flip("data/a.txt").flip("bag-info.txt", 3)
    bag.drop("data/b.txt").put("data/new.txt", b"new").rename("data/c.txt", "data/see.txt")
    return bag


def test_one_run_names_every_fault(tmp_path: Path) -> None:
    report = check(damaged().write(tmp_path / "bag"))
    found = {(finding.rule.id, finding.location.path) for finding in report.findings}
    assert found >= {
        ("BAG-301", "data/a.txt"),
        ("BAG-302", "bag-info.txt"),
        ("BAG-201", "data/b.txt"),
        ("BAG-202", "data/new.txt"),
        ("BAG-201", "data/c.txt"),
        ("BAG-202", "data/see.txt"),
    }
    renamed = next(f for f in report.findings if f.location.path == "data/see.txt")
    assert renamed.evidence["same_as"] == "data/c.txt"
    assert report.verdict() is Verdict.FAIL


def test_the_evidence_of_a_changed_file(tmp_path: Path) -> None:
    bag = Bag(algorithms=("md5", "sha512")).seal().put("data/hello.txt", b"Hallo\n")
    [finding] = check(bag.write(tmp_path / "bag")).findings
    expected = Bag().line("data/hello.txt", "sha512").split()[0]
    actual = bag.line("data/hello.txt", "sha512").split()[0]
    assert finding.evidence["algorithm"] == "sha512"
    assert (finding.evidence["expected"], finding.evidence["actual"]) == (expected, actual)
    assert finding.evidence["differs_from"] == ["manifest-md5.txt", "manifest-sha512.txt"]


def test_findings_stand_in_the_order_of_their_places_whoever_reads(tmp_path: Path) -> None:
    chance = random.Random(7)
    names = [f"data/{chance.randrange(10**6)}/{number}.txt" for number in range(1200)]
    bag = Bag(payload={name: name.encode() for name in names}).seal()
    for name in names[::3]:
        bag.flip(name)
    folder = bag.write(tmp_path / "bag")
    alone = check(folder)
    with ProcessPool(2) as pool:
        together = check(folder, executor=pool)
    assert alone == together
    places = [finding.location.path for finding in alone.findings]
    assert places == sorted(names[::3])


def test_an_unreadable_file_is_never_a_pass(tmp_path: Path) -> None:
    folder = with_oxum().write(tmp_path / "bag")
    (folder / "data/hello.txt").chmod(0o000)
    with without_privileges(tmp_path):
        report = check(folder)
    assert report.verdict() is Verdict.UNVERIFIED
    assert rule_ids(report.findings) == ["BAG-303"]
    [left] = [skipped for skipped in report.checks_skipped if skipped.asked]
    assert left.check == "fixity"
    assert "data/hello.txt" in left.reason


@pytest.mark.parametrize("path", ["bagit.txt", "manifest-sha256.txt", "bag-info.txt"])
def test_an_unreadable_tag_file_is_told_of_and_hides_nothing_else(
    path: str, tmp_path: Path
) -> None:
    folder = with_oxum().drop("data/hello.txt").write(tmp_path / "bag")
    (folder / path).chmod(0o000)
    with without_privileges(tmp_path):
        report = check(folder)
    assert rule_ids(report.findings).count("BAG-303") == 1
    assert report.verdict() is not Verdict.PASS
    if path != "manifest-sha256.txt":
        assert "BAG-201" in rule_ids(report.findings)
    else:
        assert rule_ids(report.findings).count("BAG-202") == 0


def test_a_folder_that_cannot_be_read_hides_its_files_and_they_are_not_called_missing(
    tmp_path: Path,
) -> None:
    folder = with_oxum().write(tmp_path / "bag")
    (folder / "data/maps").chmod(0o000)
    try:
        with without_privileges(tmp_path):
            report = check(folder)
    finally:
        (folder / "data/maps").chmod(0o755)
    assert report.verdict() is Verdict.UNVERIFIED
    assert rule_ids(report.findings) == ["BAG-303"]


class Watching:
    """Notes what progress was told."""

    def __init__(self) -> None:
        self.phases: list[tuple[str, int | None]] = []
        self.done = 0

    def phase(self, name: str, total_bytes: int | None) -> None:
        self.phases.append((name, total_bytes))

    def advance(self, done_bytes: int) -> None:
        self.done += done_bytes


def test_progress_counts_the_payloads_bytes(tmp_path: Path) -> None:
    watching = Watching()
    check_bag(
        Folder(with_oxum().write(tmp_path / "bag")),
        subject="bag",
        options=CheckOptions(),
        executor=InProcess(),
        progress=watching,
    )
    assert watching.phases == [("verifying", 12)]
    assert watching.done == 12


def test_a_bag_is_never_written_to(tmp_path: Path) -> None:
    folder = damaged().write(tmp_path / "bag")
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    check(folder)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_nothing_outside_the_bag_is_ever_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_bytes(b"secret")
    line = f"{'d' * 64}  ../outside.txt"
    bag = Bag().seal().add("manifest-sha256.txt", line).add("tagmanifest-sha256.txt", line)
    bag.add("fetch.txt", f"{URL} 6 ../outside.txt").link("data/link", "../../outside.txt")
    bag.add("manifest-sha256.txt", f"{'d' * 64}  data/link").link("notes", "../outside.txt")
    folder = bag.write(tmp_path / "bag")
    opened: list[str] = []
    real = os.open

    def opening(path: object, *rest: object, **options: object) -> int:
        opened.append(os.path.realpath(str(path)))
        return real(path, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", opening)
    report = check(folder)
    assert report.verdict() is Verdict.FAIL
    assert opened
    assert str(outside) not in opened
