"""What accept, move and repair refuse, and what they record, in both databases."""

from __future__ import annotations

import random
import shutil
import tarfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from cared_for import HURT, Copies, rules_of, taken_in, two_copies
from ledgers import NOON, added, check, observation
from planted_holdings import sound, write

from muniment.audit.bodies import Moved
from muniment.audit.entries import Entry, EntryKind, instant
from muniment.audit.ledger import Ledger
from muniment.audit.outcomes import HoldingOutcome
from muniment.audit.places import place_of
from muniment.model.errors import UsageError
from muniment.model.findings import Verdict


@pytest.fixture
def copies(ledger: Ledger, tmp_path: Path) -> Copies:
    return two_copies(ledger, tmp_path)


def kinds(copies: Copies, path: Path) -> list[tuple[EntryKind, str]]:
    """What the history tells of a holding: kind and outcome of each event."""
    told = copies.ledger.events(holding=copies.state(path).id)
    return [
        (event.entry.kind, str(event.entry.body.get("check", event.entry.body).get("outcome")))
        for event in told
    ]


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def unmounted(copies: Copies, path: Path) -> None:
    """Let a holding's place be one where a share was mounted and is not any more."""
    place = replace(place_of(path), location=str(path.parent), mounted=True)
    entry = Entry(
        kind=EntryKind.HOLDING_MOVED,
        at=instant(NOON),
        by="archive",
        holding=copies.state(path).id,
        body=Moved(place=place, check=check()).to_json(),
    )
    copies.ledger.record([entry])
    shutil.rmtree(path)


class TestRepair:
    def test_what_was_found_stands_before_the_repair(self, copies: Copies) -> None:
        (copies.one / HURT).write_bytes(b"hurt")
        assert copies.repair().verdict() is Verdict.PASS
        assert kinds(copies, copies.one)[1:] == [
            (EntryKind.FIXITY_CHECKED, "corrupt"),
            (EntryKind.HOLDING_REPAIRED, "intact"),
        ]
        assert kinds(copies, copies.two)[1:] == [(EntryKind.FIXITY_CHECKED, "intact")]

    def test_a_harmed_copy_mends_nothing_and_is_recorded(self, copies: Copies) -> None:
        (copies.one / HURT).write_bytes(b"hurt")
        (copies.two / HURT).write_bytes(b"hurt too")
        report = copies.repair()
        assert (report.verdict(), rules_of(report)) == (Verdict.FAIL, ["AUD-101", "AUD-206"])
        assert (copies.one / HURT).read_bytes() == b"hurt"
        assert copies.state(copies.two).outcome is HoldingOutcome.CORRUPT

    def test_nothing_is_written_where_nothing_is_mounted(self, copies: Copies) -> None:
        unmounted(copies, copies.one)
        report = copies.repair()
        assert (report.verdict(), rules_of(report)) == (Verdict.UNVERIFIED, ["AUD-106"])
        assert list(copies.one.parent.iterdir()) == []

    def test_nothing_is_mended_from_what_is_not_mounted(self, copies: Copies) -> None:
        (copies.one / HURT).write_bytes(b"hurt")
        unmounted(copies, copies.two)
        report = copies.repair()
        assert (report.verdict(), rules_of(report)) == (Verdict.UNVERIFIED, ["AUD-106"])
        assert (copies.one / HURT).read_bytes() == b"hurt"

    def test_another_object_mends_nothing(self, copies: Copies) -> None:
        shutil.rmtree(copies.two)
        write(copies.two, "folder", sound(random.Random(2)))
        copies.accept(copies.two)
        (copies.one / HURT).write_bytes(b"hurt")
        with pytest.raises(UsageError, match="holds something else than bag"):
            copies.repair()
        assert (copies.one / HURT).read_bytes() == b"hurt"

    def test_what_is_whole_is_left_alone(self, copies: Copies) -> None:
        before = {path: path.stat().st_ino for path in copies.one.rglob("*")}
        report = copies.repair()
        assert report.result is not None
        assert (report.verdict(), report.result["written"]) == (Verdict.PASS, [])
        assert {path: path.stat().st_ino for path in copies.one.rglob("*")} == before

    def test_a_swapped_package_is_made_the_recorded_one(self, copies: Copies) -> None:
        write(copies.one, "folder", sound(random.Random(3)))
        report = copies.repair()
        assert report.verdict() is Verdict.PASS
        assert files(copies.one) == files(copies.two)

    @pytest.mark.parametrize("form", ["tar", "zip"])
    def test_an_archive_is_mended_from_one(self, ledger: Ledger, tmp_path: Path, form: str) -> None:
        copies = two_copies(ledger, tmp_path, form)
        copies.one.write_bytes(copies.one.read_bytes()[:700])
        report = copies.repair()
        assert report.result is not None
        assert (report.verdict(), report.result["written"]) == (Verdict.PASS, [copies.one.name])
        assert copies.one.read_bytes() == copies.two.read_bytes()

    def test_plain_files_are_mended(self, ledger: Ledger, tmp_path: Path) -> None:
        one, two = tmp_path / "one", tmp_path / "two"
        for folder in (one, two):
            folder.mkdir()
            (folder / "a.txt").write_bytes(b"letter")
            (folder / "b.txt").write_bytes(b"answer")
        taken_in(ledger, one)
        taken_in(ledger, two, copy_of=str(one))
        copies = Copies(ledger=ledger, one=one, two=two)
        (one / "a.txt").write_bytes(b"litter")
        assert copies.repair().verdict() is Verdict.PASS
        assert (one / "a.txt").read_bytes() == b"letter"


class TestMove:
    def test_a_copy_is_not_counted_twice(self, copies: Copies) -> None:
        with pytest.raises(UsageError, match=f"is the holding {copies.state(copies.two).id} alr"):
            copies.move(copies.one, copies.two)

    def test_not_by_another_path_either(self, copies: Copies, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to(copies.two.parent)
        with pytest.raises(UsageError, match="copy bag to a place of its own"):
            copies.move(copies.one, tmp_path / "link" / "bag")

    def test_where_a_retired_one_lies_it_may_go(self, copies: Copies) -> None:
        copies.retire(copies.two)
        assert copies.move(copies.one, copies.two).verdict() is Verdict.PASS

    def test_what_is_moved_already_may_be_gone(self, copies: Copies, tmp_path: Path) -> None:
        shutil.move(copies.one, tmp_path / "three")
        report = copies.move(copies.one, tmp_path / "three")
        assert report.result is not None
        assert (report.verdict(), report.result["found"]) == (
            Verdict.PASS,
            {"old": "missing", "new": "intact"},
        )
        assert copies.state(tmp_path / "three").outcome is HoldingOutcome.INTACT

    def test_a_place_with_nothing_takes_nothing(self, copies: Copies, tmp_path: Path) -> None:
        report = copies.move(copies.one, tmp_path / "nowhere")
        assert report.verdict() is Verdict.FAIL
        assert rules_of(report) == ["AUD-102", "AUD-205"]
        assert copies.state(copies.one).outcome is HoldingOutcome.INTACT

    def test_from_what_cannot_be_reached_nothing_goes(self, copies: Copies, tmp_path: Path) -> None:
        shutil.copytree(copies.one, tmp_path / "three")
        unmounted(copies, copies.one)
        report = copies.move(copies.one, tmp_path / "three")
        assert (report.verdict(), rules_of(report)) == (Verdict.UNVERIFIED, ["AUD-106"])
        assert copies.state(copies.one).place.address == str(copies.one)

    def test_into_an_archive_of_the_same(self, copies: Copies, tmp_path: Path) -> None:
        packed = tmp_path / "bag.tar"
        with tarfile.open(packed, "w") as archive:
            archive.add(copies.one, "bag")
        assert copies.move(copies.one, packed).verdict() is Verdict.PASS
        assert copies.state(packed).place.form == "tar"


class TestAccept:
    def test_what_is_as_it_was_is_noted_as_checked(self, copies: Copies) -> None:
        content = (copies.one / HURT).read_bytes()
        (copies.one / HURT).write_bytes(b"hurt")
        copies.move(copies.one, copies.one.parent / "nowhere")
        assert copies.state(copies.one).outcome is HoldingOutcome.CORRUPT
        (copies.one / HURT).write_bytes(content)
        assert copies.accept(copies.one).verdict() is Verdict.PASS
        assert copies.state(copies.one).outcome is HoldingOutcome.INTACT
        assert kinds(copies, copies.one)[-1] == (EntryKind.FIXITY_CHECKED, "intact")

    def test_what_cannot_be_reached_is_neither_sound_nor_not(self, copies: Copies) -> None:
        unmounted(copies, copies.one)
        report = copies.accept(copies.one)
        assert (report.verdict(), rules_of(report)) == (Verdict.UNVERIFIED, ["AUD-106"])

    def test_the_reason_and_both_baselines_stand_in_the_history(self, copies: Copies) -> None:
        before = copies.state(copies.one).baseline
        write(copies.one, "folder", sound(random.Random(2)))
        report = copies.accept(copies.one)
        after = copies.state(copies.one).baseline
        assert before is not None
        assert after is not None
        assert report.result is not None
        event = copies.ledger.event(int(str(report.result["event"])))
        assert (event.entry.by, event.entry.body["reason"]) == ("archive", "so decided")
        assert event.entry.body["before"] == before.document != after.document

    def test_what_is_retired_takes_no_change(self, copies: Copies) -> None:
        copies.retire(copies.one)
        with pytest.raises(UsageError, match="is retired"):
            copies.accept(copies.one)


class TestStatus:
    def test_copies_of_which_nothing_is_known_leave_it_open(self, copies: Copies) -> None:
        unmounted(copies, copies.two)
        copies.accept(copies.two)
        copies.repair()
        assert copies.state(copies.two).outcome is HoldingOutcome.UNREACHABLE
        for report in (copies.status(), copies.status(copies.one)):
            assert report.verdict() is Verdict.UNVERIFIED
            assert "AUD-203" not in rules_of(report)
            assert "copies" in {
                each.check for subject in report.subjects for each in subject.checks_skipped
            }

    def test_the_worst_is_shown_where_not_all_can_be(self, ledger: Ledger) -> None:
        ids = [f"{number:016x}" for number in range(150)]
        ledger.record([added(each) for each in ids])
        found = Counter({HoldingOutcome.UNREACHABLE: 149, HoldingOutcome.CORRUPT: 1})
        outcomes = list(found.elements())
        ledger.observe(
            [
                observation(each, outcome=outcome)
                for each, outcome in zip(ids, outcomes, strict=True)
            ]
        )
        ledger.sequence()
        copies = Copies(ledger=ledger, one=Path(), two=Path())
        report = copies.status()
        assert report.verdict() is Verdict.FAIL
        assert report.result is not None
        assert report.result["outcomes"] == {"corrupt": 1, "unreachable": 149}
        assert report.subjects[1].findings[0].rule.id == "AUD-101"
        assert len(report.subjects) == 1 + 100
