"""Proofs and checkpoints of real ledgers, in both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from histories import KEY, STRANGER
from ledgers import NOON, added, history, opened

from muniment import workflow
from muniment.audit.entries import EntryKind
from muniment.audit.exporting import Shelf, export_checkpoint
from muniment.audit.ledger import Ledger
from muniment.audit.merkle import root_of
from muniment.audit.notes import read_note
from muniment.audit.proof_checking import Trust, check_proof
from muniment.model.errors import UsageError
from muniment.model.findings import Verdict

HOLDING = f"{1:016x}"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(folder=tmp_path / "checkpoints", outside=False)


def export(ledger: Ledger, shelf: Shelf) -> int:
    return export_checkpoint(ledger, KEY, shelf, lambda: NOON).checkpoint.size


def proof_of(ledger: Ledger, asked: str, output: Path, shelf: Shelf) -> bytes:
    report = workflow.prove(ledger, asked, output, key=KEY, shelf=shelf, clock=lambda: NOON)
    assert report.verdict() is Verdict.PASS
    return output.read_bytes()


def test_every_holding_of_a_ledger_is_proven(ledger: Ledger, tmp_path: Path, shelf: Shelf) -> None:
    history(ledger, holdings=7, checks=2)
    first = export(ledger, shelf)
    history_goes_on(ledger)
    last = export(ledger, shelf)
    for number in range(7):
        data = proof_of(ledger, f"{number:016x}", tmp_path / f"{number}.proof", shelf)
        shown = check_proof(data, "proof", Trust(key=KEY.public)).shown
        assert shown is not None
        assert (shown.first.size, shown.last.size) == (first, last)
        assert len(shown.history) == 3
        assert check_proof(data, "", Trust(key=STRANGER.public)).shown is None


def history_goes_on(ledger: Ledger) -> None:
    """More events than the ledger keeps in one node of its tree."""
    ledger.record([added(f"{number:016x}") for number in range(1000, 1600)])


def test_the_root_is_that_of_the_leaves(ledger: Ledger, shelf: Shelf) -> None:
    history(ledger, holdings=3, checks=1)
    exported = export_checkpoint(ledger, KEY, shelf, lambda: NOON)
    leaves = [event.leaf_hash() for event in ledger.events()]
    assert exported.checkpoint.root == root_of(leaves)
    assert exported.checkpoint.origin == ledger.origin
    assert ledger.checkpoints() == [(7, exported.note)]


def test_a_holding_is_found_by_its_name_and_an_unknown_one_is_named(
    ledger: Ledger, tmp_path: Path, shelf: Shelf
) -> None:
    history(ledger, holdings=2, checks=1)
    by_id = proof_of(ledger, HOLDING, tmp_path / "a.proof", shelf)
    assert proof_of(ledger, f"bag-{HOLDING}", tmp_path / "b.proof", shelf) == by_id
    with pytest.raises(UsageError, match="nobody"):
        proof_of(ledger, "nobody", tmp_path / "c.proof", shelf)


def test_a_proof_goes_on_from_the_first_checkpoint_after_reopening(
    ledger_url: str, tmp_path: Path, shelf: Shelf
) -> None:
    with opened(ledger_url) as ledger:
        history(ledger, holdings=2, checks=1)
        export(ledger, shelf)
    with opened(ledger_url) as ledger:
        report = workflow.write_checkpoint(ledger, tmp_path / "now", key=KEY, clock=lambda: NOON)
        assert report.result is not None
        assert report.result["size"] == 5
        assert [event.entry.kind for event in ledger.events(first=5)] == [
            EntryKind.CHECKPOINT_EXPORTED
        ]
        assert len(read_note((tmp_path / "now").read_bytes()).signatures) == 1
        proof_of(ledger, HOLDING, tmp_path / "a.proof", shelf)


def test_a_time_stamp_is_kept_with_its_checkpoint(
    ledger: Ledger, tmp_path: Path, shelf: Shelf
) -> None:
    history(ledger, holdings=2, checks=1)
    size = export(ledger, shelf)
    ledger.keep_timestamp(size, b"stamp")
    proof_of(ledger, HOLDING, tmp_path / "a.proof", shelf)
    assert (tmp_path / "a.proof.tsr").read_bytes() == b"stamp"
