"""Checkpoints on their way out: signed once, kept, copied, never over another state."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from histories import KEY, ORIGIN, STRANGER, checked, short_history

from muniment.audit.bodies import CheckpointExported
from muniment.audit.checkpoints import Checkpoint, read_checkpoint
from muniment.audit.entries import EntryKind
from muniment.audit.exporting import Shelf, checkpoint_shelf, export_checkpoint, sign_and_keep
from muniment.audit.notes import Signing
from muniment.model.errors import EnvironmentFault


def now() -> datetime:
    return datetime(2026, 11, 28, 7, 30, tzinfo=UTC)


def test_a_run_ends_with_a_signed_copy_that_is_kept_too(tmp_path: Path) -> None:
    memory = short_history()
    memory.record([checked()])
    exported = export_checkpoint(memory, KEY, Shelf(folder=tmp_path / "c", outside=False), now)
    assert exported.path == tmp_path / "c" / "muniment-0123456789abcdef-8.checkpoint"
    assert exported.path.read_bytes() == exported.note
    note, checkpoint = read_checkpoint(exported.note)
    assert checkpoint == Checkpoint(origin=ORIGIN, size=8, root=memory.root())
    assert note.signing(KEY.public) is Signing.VERIFIED
    assert memory.kept[-1] == (8, exported.note)
    assert memory.size() == 8


def test_exporting_the_same_state_twice_changes_nothing(tmp_path: Path) -> None:
    memory, shelf = short_history(), Shelf(folder=tmp_path, outside=True)
    first = export_checkpoint(memory, KEY, shelf, now)
    assert len(memory.kept) == 2
    assert memory.size() == 8
    memory.log.pop()
    assert export_checkpoint(memory, KEY, shelf, now) == first
    assert (len(memory.kept), memory.size()) == (2, 7)


def test_a_copy_that_left_the_house_is_said_after_the_checkpoint(tmp_path: Path) -> None:
    memory = short_history()
    root = memory.root()
    export_checkpoint(memory, KEY, Shelf(folder=tmp_path, outside=True), now)
    (event,) = memory.log[7:]
    assert event.entry.kind is EntryKind.CHECKPOINT_EXPORTED
    assert event.entry.at == "2026-11-28T07:30:00Z"
    assert CheckpointExported.from_json(event.entry.body) == CheckpointExported(
        size=7, root=root.hex()
    )


def test_another_state_of_the_same_size_is_never_written_over(tmp_path: Path) -> None:
    shelf = Shelf(folder=tmp_path, outside=False)
    held = export_checkpoint(short_history(), KEY, shelf, now)
    rolled_back = short_history()
    rolled_back.kept.clear()
    rolled_back.log.pop()
    rolled_back.record([checked()])
    with pytest.raises(EnvironmentFault, match="did not only grow") as told:
        export_checkpoint(rolled_back, KEY, shelf, now)
    assert f'--checkpoint "{held.path}"' in str(told.value)
    assert held.path.read_bytes() == held.note


def test_a_copy_that_was_damaged_is_told_of_and_left(tmp_path: Path) -> None:
    shelf = Shelf(folder=tmp_path, outside=False)
    held = export_checkpoint(short_history(), KEY, shelf, now)
    held.path.write_bytes(b"rubbish")
    with pytest.raises(EnvironmentFault, match="no checkpoint any more"):
        export_checkpoint(short_history(), KEY, shelf, now)
    assert held.path.read_bytes() == b"rubbish"


def test_a_copy_by_a_former_key_stands_for_the_same_state(tmp_path: Path) -> None:
    shelf = Shelf(folder=tmp_path, outside=False)
    held = export_checkpoint(short_history(), KEY, shelf, now)
    again = export_checkpoint(short_history(), STRANGER, shelf, now)
    assert again.note != held.note == held.path.read_bytes()


def test_nothing_is_signed_that_does_not_go_on_from_what_was_signed() -> None:
    memory = short_history()
    memory.log.pop()
    memory.record([checked(), checked()])
    kept = list(memory.kept)
    with pytest.raises(EnvironmentFault, match="not what was signed at 7 events"):
        sign_and_keep(memory, KEY)
    memory.log = memory.log[:5]
    with pytest.raises(EnvironmentFault, match="not what was signed at 7 events"):
        sign_and_keep(memory, KEY)
    assert memory.kept == kept


def test_copies_go_beside_the_ledger_unless_the_house_says_where(tmp_path: Path) -> None:
    environment = {"XDG_DATA_HOME": str(tmp_path), "HOME": str(tmp_path), "LOCALAPPDATA": "x"}
    beside = Shelf(folder=Path("/archive/checkpoints"), outside=False)
    assert checkpoint_shelf("/archive/ledger.sqlite", None, environment) == beside
    assert checkpoint_shelf("sqlite:////archive/ledger.sqlite", None, environment) == beside
    elsewhere = checkpoint_shelf("postgresql://u:p@db/ledger", None, environment)
    assert (elsewhere.folder.name, elsewhere.outside) == ("checkpoints", False)
    assert elsewhere.folder.parent.name == "muniment"
    named = checkpoint_shelf("/archive/ledger.sqlite", Path("/mnt/notary"), environment)
    assert named == Shelf(folder=Path("/mnt/notary"), outside=True)
