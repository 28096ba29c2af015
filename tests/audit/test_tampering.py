"""Nobody lays hands on a ledger without being noticed.

Exhaustively in process: each stored byte is changed to one other value, drawn by a seed, and the
checks that `check-ledger` is made of are asked about the changed row, with what stands around it
as it was. Some hundreds go through the whole command over both databases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cli_helpers import assert_conforms, document_of, muniment
from histories import KEY, STRANGER
from ledgers import added, opened
from tampering import (
    UNJUDGED,
    Row,
    altered,
    changes,
    gentle_change,
    replace,
    stored,
    thousand_events,
)

from muniment.audit import tables
from muniment.audit.canonical import decode, encode
from muniment.audit.checking_checkpoints import CheckpointsCheck, Held, Kept, compare_roots
from muniment.audit.checking_events import EventsCheck
from muniment.audit.checking_ledger import LedgerChecked, check_ledger
from muniment.audit.checking_observations import ObservationsCheck
from muniment.audit.checking_share import check_documents, check_holdings
from muniment.audit.checking_tree import Leaves, Tree, leaves_of
from muniment.audit.checkpoints import read_checkpoint
from muniment.audit.exporting import sign_and_keep
from muniment.audit.ledger import Ledger
from muniment.audit.ledger_findings import LedgerFindings
from muniment.audit.merkle import leaf_hash
from muniment.audit.notes import NoteSignature
from muniment.audit.projection import after
from muniment.storage.executors import InProcess, ProcessPool

Tables = dict[str, list[Row]]
DRAWN = 250  # for each database


@pytest.fixture(scope="module")
def thousand(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    url = str(tmp_path_factory.mktemp("thousand") / "ledger.sqlite")
    with opened(url) as ledger:
        thousand_events(ledger)
    rows = stored(url)
    assert len(rows["events"]) == 1000
    return rows


def missed(
    rows: Iterable[Row], found: Callable[[Row, Row], LedgerFindings], table: str
) -> tuple[int, list[str]]:
    """How many changes were tried, and those that were not found."""
    chance, count, escaped = Random(7), 0, []
    for row in rows:
        for column, value in row.items():
            if (table, column) in UNJUDGED:
                continue
            for other in changes(value, chance):
                count += 1
                if not found(row, {**row, column: other}).findings():
                    escaped.append(f"{column}: {value!r} -> {other!r}")
    return count, escaped


def test_every_changed_byte_of_an_event_is_found(thousand: Tables) -> None:
    before: dict[int, Any] = {}
    standing: dict[str, Any] = {}
    for row in thousand["events"]:
        before[row["number"]] = standing.get(row["holding"])
        if row["holding"]:
            leaf = decode(row["leaf"])
            standing[row["holding"]] = after(standing.get(row["holding"]), leaf, row["leaf_hash"])

    def found(row: Row, changed: Row) -> LedgerFindings:
        check = EventsCheck(LedgerFindings())
        if before[row["number"]] is not None:
            check.rows[row["holding"]] = before[row["number"]]
        check.take([(*changed.values(),)])
        return check._findings

    unchanged = thousand["events"][500]
    assert found(unchanged, unchanged).findings() == ()
    count, escaped = missed(thousand["events"], found, "events")
    assert count > 400_000
    assert escaped == []


def test_every_changed_byte_of_an_observation_is_found(thousand: Tables) -> None:
    events = {row["number"]: row for row in thousand["events"]}

    def found(_: Row, changed: Row) -> LedgerFindings:
        findings = LedgerFindings()
        event = events.get(changed["event"], {"leaf": None, "run": None})
        line = (*changed.values(), event["leaf"], event["run"])
        ObservationsCheck(findings).take([line])
        return findings

    sample = thousand["observations"][5]
    assert found(sample, sample).findings() == ()
    count, escaped = missed(thousand["observations"], found, "observations")
    assert count > 200_000
    assert escaped == []


def test_every_changed_byte_of_a_holding_is_found(thousand: Tables) -> None:
    def found(row: Row, changed: Row) -> LedgerFindings:
        findings = LedgerFindings()
        check_holdings(findings, {row["id"]: row}, [tuple(changed.values())])
        return findings

    sample = thousand["holdings"][5]
    assert found(sample, sample).findings() == ()
    count, escaped = missed(thousand["holdings"], found, "holdings")
    assert count > 10_000
    assert escaped == []


def test_every_changed_byte_of_a_document_is_found(thousand: Tables) -> None:
    def found(_: Row, changed: Row) -> LedgerFindings:
        findings = LedgerFindings()
        check_documents(findings, [tuple(changed.values())])
        return findings

    sample = thousand["documents"][5]
    assert found(sample, sample).findings() == ()
    count, escaped = missed(thousand["documents"], found, "documents")
    assert count > 1000
    assert escaped == []


def test_every_changed_byte_of_the_tree_is_found(thousand: Tables) -> None:
    tree = tree_of(thousand["events"])
    right = {(row["level"], row["place"]): row for row in thousand["nodes"]}
    assert len(right) == 4

    def found(row: Row, changed: Row) -> LedgerFindings:
        findings = LedgerFindings()
        others = {key: each["hash"] for key, each in right.items() if each is not row}
        tree.compare(others | {(changed["level"], changed["place"]): changed["hash"]}, findings)
        return findings

    sample = thousand["nodes"][1]
    assert found(sample, sample).findings() == ()
    assert missed(thousand["nodes"], found, "nodes")[1] == []


def test_every_changed_byte_of_a_kept_checkpoint_is_found(thousand: Tables) -> None:
    origin = decode(thousand["events"][0]["leaf"])["body"]["origin"]
    tree, leaves = tree_of(thousand["events"]), stored_leaves(thousand["events"])

    def found(_: Row, changed: Row) -> LedgerFindings:
        findings = LedgerFindings()
        notes = CheckpointsCheck(findings, origin, KEY.public)
        kept = Kept(size=changed["size"], sha256=changed["sha256"], note=changed["note"])
        notes.take_kept([kept])
        sizes = [each.checkpoint.size for each in notes.named]
        roots = [tree.root(size, leaves) if size <= tree.whole else None for size in sizes]
        compare_roots(findings, notes.named, roots, tree.whole)
        return findings

    sample = thousand["checkpoints"][1]
    assert found(sample, sample).findings() == ()
    count, escaped = missed(thousand["checkpoints"], found, "checkpoints")
    assert count > 800
    assert escaped == []


def tree_of(events: list[Row]) -> Tree:
    rows = [(row["number"], row["leaf_hash"]) for row in events]
    return Tree([leaves_of(rows, 0, len(rows))])


def stored_leaves(events: list[Row]) -> Callable[[int, int], list[bytes]]:
    return lambda first, count: [row["leaf_hash"] for row in events[first : first + count]]


def test_every_deletion_is_found(thousand: Tables) -> None:
    """The first missing number is named; the last event is missed by the head."""
    events = thousand["events"]
    for place in range(len(events) - 1):
        rest = [*events[:place], *events[place + 1 :]]
        parts: Leaves = leaves_of([(row["number"], row["leaf_hash"]) for row in rest], 0, 999)
        assert parts.missing == place
    assert tree_of(events[:-1]).whole == 999 != thousand["head"][0]["size"]


def test_every_swap_of_two_neighbours_is_found_at_the_checkpoint(thousand: Tables) -> None:
    """Even where numbers, chains and hashes are made to fit."""
    events = thousand["events"]
    signed = read_checkpoint(thousand["checkpoints"][-1]["note"])[1]
    assert (signed.size, signed.root) == (1000, tree_of(events).root(1000, stored_leaves(events)))
    for place in range(len(events) - 1):
        if decode(events[place]["leaf"])["body"] == decode(events[place + 1]["leaf"])["body"]:
            continue  # the last ones are alike but for their numbers
        swapped = [*events]
        for target, source in ((place, place + 1), (place + 1, place)):
            leaf = encode({**decode(events[source]["leaf"]), "number": target})
            swapped[target] = {**events[target], "leaf": leaf, "leaf_hash": leaf_hash(leaf)}
        assert tree_of(swapped).root(1000, stored_leaves(swapped)) != signed.root


def test_every_truncation_is_found_against_the_checkpoint(thousand: Tables) -> None:
    origin = decode(thousand["events"][0]["leaf"])["body"]["origin"]
    note = thousand["checkpoints"][-1]["note"]
    for size in range(1000):
        findings = LedgerFindings()
        notes = CheckpointsCheck(findings, origin, KEY.public)
        notes.take_held([Held(place="outside", note=note)])
        compare_roots(findings, notes.named, [None], size)
        assert [each.rule.id for each in findings.findings()] == ["LED-108"]


def checked(ledger: Ledger, *held: bytes) -> LedgerChecked:
    notes = [Held(place=f"held {place}", note=note) for place, note in enumerate(held)]
    return check_ledger(ledger, InProcess(), held=notes, key=KEY.public)


def rules_of(result: LedgerChecked) -> set[str]:
    return {each.rule.id for each in result.findings}


def test_a_ledger_that_nobody_touched_holds(ledger: Ledger) -> None:
    note = thousand_events(ledger)
    alone = checked(ledger, note)
    assert alone.findings == ()
    assert (alone.counts.events, alone.counts.holdings) == (1000, 40)
    assert (alone.counts.observations, alone.counts.documents) == (920, 40)
    assert alone.good == read_checkpoint(note)[1]
    assert alone.root == ledger.root()
    ledger.close()
    with ProcessPool(2) as pool:
        assert check_ledger(ledger, pool, key=KEY.public).findings == ()


def test_drawn_changes_are_found_by_the_command(
    ledger_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    with opened(ledger_url) as ledger:
        (tmp_path / "held").write_bytes(thousand_events(ledger))
    command = ("audit", "check-ledger", "--ledger", ledger_url, "--key", KEY.public.text)
    command = (*command, "--checkpoint", str(tmp_path / "held"), "--format", "json")
    sound = muniment(*command)
    assert (sound.exit_code, document_of(sound)["summary"]["pass"]) == (0, 1)
    rows, chance = stored(ledger_url), Random(11)
    for _ in range(DRAWN):
        table, row, values = drawn(rows, chance)
        with altered(ledger_url, table, row, values):
            found = muniment(*command)
        assert found.exit_code == 1, (table, values)
        assert_conforms(document_of(found))
    assert muniment(*command).exit_code == 0


def drawn(rows: Tables, chance: Random) -> tuple[str, Row, Row | None]:
    """A row of a table, and what it becomes: a column changed, or nothing at all."""
    weights = {"events": 6, "observations": 3, "holdings": 3, "documents": 1, "nodes": 1}
    table = chance.choices([*weights, "checkpoints"], [*weights.values(), 1])[0]
    row = chance.choice(rows[table])
    if chance.random() < 0.2 and (table != "checkpoints" or row["size"] != 1000):
        return table, row, None
    columns = [name for name in row if row[name] is not None and (table, name) not in UNJUDGED]
    column = chance.choice(columns)
    changed = {column: gentle_change(row[column], chance)}
    key = [each.name for each in tables.metadata.tables[table].primary_key]
    if column in key and any(_same({**row, **changed}, each, key) for each in rows[table]):
        return drawn(rows, chance)  # the database itself refuses a key twice
    return table, row, changed


def _same(row: Row, other: Row, key: Iterable[str]) -> bool:
    return all(row[name] == other[name] for name in key)


def test_the_first_altered_event_is_named(ledger: Ledger, ledger_url: str) -> None:
    thousand_events(ledger)
    for row in (stored(ledger_url)["events"][700], stored(ledger_url)["events"][300]):
        leaf = row["leaf"].replace(b"all-bytes", b"no-bytes!")
        replace(ledger_url, tables.events, row, {**row, "leaf": leaf})
    first = next(each for each in checked(ledger).findings if each.rule.id == "LED-101")
    assert first.location.path == "event 300"


def test_a_change_with_its_hash_is_told_by_the_first_checkpoint_after_it(
    ledger: Ledger, ledger_url: str
) -> None:
    thousand_events(ledger)
    sizes = [size for size, _ in ledger.checkpoints()]
    row = stored(ledger_url)["events"][sizes[0] + 3]
    leaf = row["leaf"].replace(b"all-bytes", b"no-bytes!")
    new = {**row, "leaf": leaf, "leaf_hash": leaf_hash(leaf)}
    replace(ledger_url, tables.events, row, new)
    result = checked(ledger)
    assert "LED-101" not in rules_of(result)
    failing = next(each for each in result.findings if each.rule.id == "LED-107")
    assert failing.evidence["first"] == sizes[0]
    assert failing.evidence["last"] == sizes[1] - 1
    assert result.good is not None
    assert result.good.size == sizes[0]


def test_an_inserted_event_is_found(ledger: Ledger, ledger_url: str) -> None:
    thousand_events(ledger)
    row = stored(ledger_url)["events"][-1]
    for number in (1000, 5000, -1):
        with altered(ledger_url, "events", {**row, "number": number}, {}):
            assert {"LED-102", "LED-104"} <= rules_of(checked(ledger))


def test_a_forged_head_is_found(ledger: Ledger, ledger_url: str) -> None:
    thousand_events(ledger)
    row = stored(ledger_url)["head"][0]
    for values in ({"size": 999}, {"frontier": row["frontier"][:-1] + b"?"}, {"id": 2}):
        with altered(ledger_url, "head", row, values):
            assert rules_of(checked(ledger)) & {"LED-102", "LED-106"}


def test_another_name_is_found(ledger: Ledger, ledger_url: str) -> None:
    thousand_events(ledger)
    row = {"key": "origin", "value": ledger.origin}
    with altered(ledger_url, "meta", row, {"value": "muniment/0000000000000000"}):
        assert "LED-109" in rules_of(checked(ledger))


def test_a_rolled_back_ledger_is_found_against_a_checkpoint_outside(
    ledger: Ledger, tmp_path: Path
) -> None:
    ledger.record([added("a")])
    sign_and_keep(ledger, KEY)
    ledger.record([added("b")])
    held = sign_and_keep(ledger, KEY)[1]
    with opened(str(tmp_path / "older.sqlite")) as older:
        older.record([added("a")])
        sign_and_keep(older, KEY)
        assert checked(older).counts.events == 2
        assert rules_of(checked(older, held)) & {"LED-108"}


def test_a_ledger_made_anew_is_found_against_a_checkpoint_outside(
    ledger_url: str, tmp_path: Path
) -> None:
    with opened(str(tmp_path / "true.sqlite")) as true:
        true.record([added("a"), added("b")])
        held = sign_and_keep(true, KEY)[1]
    with opened(ledger_url) as forged:  # of the same name: its chance is the same
        forged.record([added("a", every=5), added("b")])
        sign_and_keep(forged, KEY)
        assert "LED-107" not in rules_of(checked(forged))
        assert "LED-107" in rules_of(checked(forged, held))
    with opened(str(tmp_path / "other.sqlite"), seed=2) as other:
        other.record([added("a"), added("b")])
        assert "LED-109" in rules_of(checked(other, held))


def test_a_strangers_checkpoint_is_no_fault_and_a_forged_signature_is(ledger: Ledger) -> None:
    ledger.record([added("a")])
    note = sign_and_keep(ledger, STRANGER)[1]
    result = checked(ledger, note)
    assert "LED-206" in rules_of(result)
    assert rules_of(result).isdisjoint({"LED-107", "LED-205"})
    (line,) = read_checkpoint(note)[0].signatures
    ours = NoteSignature(name=KEY.public.name, key_id=KEY.public.id, signature=line.signature)
    forged = note.decode().replace(line.line(), ours.line()).encode()
    assert "LED-205" in rules_of(checked(ledger, forged))
