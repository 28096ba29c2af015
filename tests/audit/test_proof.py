"""What a proof shows, and that nothing in it can be changed."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from importlib import resources
from typing import Any

import pytest
from histories import (
    KEY,
    LETTER,
    ORIGIN,
    OTHER,
    STRANGER,
    TAG_MANIFEST,
    Memory,
    added,
    check,
    checked,
    entry,
    opened,
    short_history,
    short_proof,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from proof_mutations import changed_bytes, cut_and_longer, structural

from muniment.audit.bodies import Accepted, Retired
from muniment.audit.canonical import decode, encode
from muniment.audit.checkpoints import Checkpoint, sign_checkpoint
from muniment.audit.entries import EntryKind, Event
from muniment.audit.holdings import Baseline, TagManifest
from muniment.audit.keys import PublicKey
from muniment.audit.merkle import node_hash
from muniment.audit.outcomes import HoldingOutcome
from muniment.audit.proof import NotCoveredError, make_proof, signed_checkpoints
from muniment.audit.proof_checking import Checked, Trust, check_proof, digests_shown
from muniment.audit.proof_findings import CHECKS
from muniment.model.findings import Verdict


def judged(data: bytes, key: PublicKey | None = KEY.public) -> Checked:
    return check_proof(data, "letter.proof", Trust(key=key))


def rules_of(checked: Checked) -> list[str]:
    return [finding.rule.id for finding in checked.subject.findings]


def pointers_of(checked: Checked) -> list[str | None]:
    return [finding.location.pointer for finding in checked.subject.findings]


def test_a_proof_shows_the_whole_history_of_its_holding() -> None:
    checked = judged(short_proof())
    assert checked.subject.verdict() is Verdict.PASS
    assert checked.subject.checks_run == CHECKS
    shown = checked.shown
    assert shown is not None
    assert (shown.holding, shown.signer) == (LETTER, KEY.public)
    assert [each.event.number for each in shown.history] == [1, 3, 5]
    assert [each.check.outcome for each in shown.history if each.check] == ["intact"] * 3
    assert digests_shown(shown.history) == (TAG_MANIFEST,)
    assert (shown.first.size, shown.last.size) == (3, 7)
    assert shown.last.origin == ORIGIN
    assert shown.no_later_than is None


def test_every_changed_byte_is_refused() -> None:
    data = short_proof()
    passed = [place for place, bad in changed_bytes(data) if not is_refused(bad)]
    assert passed == []


def test_every_byte_left_out_doubled_or_cut_off_is_refused() -> None:
    data = short_proof()
    passed = [place for place, bad in cut_and_longer(data) if not is_refused(bad)]
    assert passed == []


def test_every_change_of_structure_is_refused() -> None:
    altered = list(structural(short_proof()))
    assert len(altered) > 800
    assert [what for what, bad in altered if not is_refused(bad)] == []


def is_refused(data: bytes) -> bool:
    checked = judged(data)
    return checked.subject.verdict() is not Verdict.PASS and checked.shown is None


def test_a_strangers_proof_is_unverified_and_shows_nothing() -> None:
    for key in (STRANGER.public, None):
        checked = judged(short_proof(), key)
        assert checked.subject.verdict() is Verdict.UNVERIFIED
        assert rules_of(checked) == ["LED-206", "LED-206"]
        assert pointers_of(checked) == ["/first_checkpoint", "/last_checkpoint"]
        assert [each.check for each in checked.subject.checks_skipped if each.asked] == [
            "signatures"
        ]
        assert checked.shown is None


def test_a_stranger_who_uses_our_name_is_still_a_stranger() -> None:
    memory = short_history()
    memory.kept.clear()
    memory.sign(STRANGER)
    data = make_proof(memory, LETTER, STRANGER.public).to_bytes()
    assert STRANGER.name == KEY.name
    assert judged(data, STRANGER.public).subject.verdict() is Verdict.PASS
    assert judged(data, KEY.public).subject.verdict() is Verdict.UNVERIFIED


def with_member(data: bytes, **members: object) -> bytes:
    return encode(decode(data) | members)


def test_a_signature_that_claims_our_key_and_is_not_by_it_is_a_fail() -> None:
    proof = json.loads(short_proof())
    text = proof["last_checkpoint"].partition("\n\n")[0] + "\n"
    by_stranger = STRANGER.sign(text.encode())
    line = f"— {KEY.public.name} {base64.b64encode(KEY.public.id + by_stranger).decode()}\n"
    checked = judged(with_member(short_proof(), last_checkpoint=f"{text}\n{line}"))
    assert rules_of(checked) == ["LED-205"]
    assert pointers_of(checked) == ["/last_checkpoint"]
    assert checked.subject.verdict() is Verdict.FAIL


def test_one_checkpoint_by_a_stranger_is_enough_to_be_unverified() -> None:
    memory = short_history()
    memory.kept[0] = (
        3,
        sign_checkpoint(
            Checkpoint(origin=ORIGIN, size=3, root=memory.root(3)), STRANGER
        ).to_bytes(),
    )
    proof = decode(short_proof())
    checked = judged(encode(proof | {"first_checkpoint": memory.kept[0][1].decode()}))
    assert rules_of(checked) == ["LED-206"]
    assert checked.subject.verdict() is Verdict.UNVERIFIED


def test_a_proof_that_is_altered_and_by_a_stranger_is_a_fail() -> None:
    proof = decode(short_proof())
    altered = encode(proof | {"consistency": proof["consistency"][::-1]})
    checked = judged(altered, STRANGER.public)
    assert checked.subject.verdict() is Verdict.FAIL
    assert set(rules_of(checked)) == {"LED-206", "LED-208"}


def left_out(place: int) -> bytes:
    """The proof without one of its events."""
    proof = decode(short_proof())
    del proof["events"][place]
    return encode(proof)


@pytest.mark.parametrize(
    ("place", "rules"),
    [(0, {"LED-203"}), (1, {"LED-203"}), (2, {"LED-207"})],
)
def test_no_outcome_can_be_left_out(place: int, rules: set[str]) -> None:
    assert set(rules_of(judged(left_out(place)))) == rules


def test_an_outcome_that_was_made_better_is_found_even_with_the_chain_made_anew() -> None:
    memory = short_history(HoldingOutcome.CORRUPT)
    data = make_proof(memory, LETTER, KEY.public).to_bytes()
    better = data.replace(b'"outcome":"corrupt"', b'"outcome":"intact"')
    assert better != data
    assert rules_of(judged(data)) == ["LED-211"]
    assert rules_of(judged(better)) == ["LED-207"]


def test_a_history_of_another_holding_is_refused() -> None:
    memory = short_history()
    proof = make_proof(memory, OTHER, KEY.public)
    data = with_member(proof.to_bytes(), holding=LETTER)
    assert rules_of(judged(data)) == ["LED-203"] * 3


def test_two_ledgers_do_not_make_one_proof() -> None:
    other = short_history()
    other.origin = "muniment/fedcba9876543210"
    other.kept.clear()
    other.sign()
    checked = judged(with_member(short_proof(), last_checkpoint=other.kept[0][1].decode()))
    assert rules_of(checked) == ["LED-208"]
    assert checked.subject.findings[0].message.count("muniment/") == 2


def test_a_rebuilt_history_does_not_go_on_from_the_checkpoint_that_was_held() -> None:
    memory, rebuilt = short_history(), Memory()
    rebuilt.record([opened(), added()])
    rebuilt.record([checked() for _ in range(6)])
    rebuilt.kept.append(memory.kept[0])
    rebuilt.sign()
    data = make_proof(rebuilt, LETTER, KEY.public).to_bytes()
    assert set(rules_of(judged(data))) == {"LED-208"}


def test_a_checkpoint_with_two_signatures_is_refused_in_a_proof() -> None:
    memory = short_history()
    line = sign_checkpoint(Checkpoint(origin=ORIGIN, size=7, root=memory.root()), STRANGER)
    text = memory.kept[1][1].decode() + f"{line.signatures[0].line()}\n"
    assert rules_of(judged(with_member(short_proof(), last_checkpoint=text))) == ["LED-204"]


def test_witnesses_signatures_are_kept_and_left_out_of_proofs() -> None:
    memory = short_history()
    line = sign_checkpoint(Checkpoint(origin=ORIGIN, size=7, root=memory.root()), STRANGER)
    cosigned = memory.kept[1][1] + f"{line.signatures[0].line()}\n".encode()
    memory.kept[1] = (7, cosigned)
    assert make_proof(memory, LETTER, KEY.public).to_bytes() == short_proof()
    assert memory.kept[1][1] == cosigned


def test_all_faults_of_form_are_told_at_once() -> None:
    proof = decode(short_proof())
    del proof["inclusion"]
    data = encode(proof | {"version": 2, "holding": "A" * 16, "more": 1, "events": []})
    checked = judged(data)
    assert rules_of(checked) == ["LED-201"] * 5
    assert pointers_of(checked) == ["", "/more", "/holding", "/events", "/version"]
    assert [each.check for each in checked.subject.checks_skipped if each.asked] == list(CHECKS[1:])


@pytest.mark.parametrize("data", [b"", b"\xff", b"{}", b"[1]", b'{"version":1}', b"\x00" * 9])
def test_what_is_no_proof_at_all_is_a_fail(data: bytes) -> None:
    checked = judged(data)
    assert checked.subject.verdict() is Verdict.FAIL
    assert set(rules_of(checked)) == {"LED-201"}


def test_a_proof_of_a_history_with_one_checkpoint_holds() -> None:
    memory = short_history()
    del memory.kept[0]
    proof = make_proof(memory, LETTER, KEY.public)
    assert proof.consistency == ()
    assert judged(proof.to_bytes()).subject.verdict() is Verdict.PASS


def test_every_kind_of_event_of_a_holding_is_shown() -> None:
    memory = short_history()
    baseline = Baseline(
        document="ee" * 32,
        algorithms=("sha256",),
        files=4,
        octets=60,
        tag_manifests=(TagManifest(path="t", algorithm="sha256", digest="11" * 32),),
    )
    accepted = Accepted(baseline=baseline, before=None, reason="new description", check=check())
    memory.record(
        [
            entry(EntryKind.CHANGE_ACCEPTED, accepted.to_json()),
            entry(EntryKind.PROMISE_SET, {"every": 86400}),
            entry(EntryKind.HOLDING_MOVED, MOVED),
            entry(EntryKind.HOLDING_REPAIRED, REPAIRED),
            entry(EntryKind.HOLDING_RETIRED, Retired(reason="r", authority="a").to_json()),
        ]
    )
    memory.sign()
    shown = judged(make_proof(memory, LETTER, KEY.public).to_bytes()).shown
    assert shown is not None
    assert [str(each.event.entry.kind) for each in shown.history[3:]] == [
        "change-accepted",
        "promise-set",
        "holding-moved",
        "holding-repaired",
        "holding-retired",
    ]
    assert digests_shown(shown.history) == baseline.tag_manifests


CHECK = {
    "evidence": {"compared_with": [], "extent": "all-bytes", "read_by": "auditor"},
    "files": 3,
    "octets": 52,
    "outcome": "intact",
}
PLACE = {"address": "/b", "form": "folder", "location": "/", "mounted": False}
MOVED = {"check": CHECK, "place": PLACE}
REPAIRED = {"check": CHECK, "paths": 1, "source": OTHER}


def test_no_checkpoint_that_covers_the_newest_event_is_said() -> None:
    memory = short_history()
    memory.record([checked()])
    with pytest.raises(NotCoveredError):
        make_proof(memory, LETTER, KEY.public)
    with pytest.raises(NotCoveredError):
        make_proof(short_history(), LETTER, STRANGER.public)


def test_a_stamped_checkpoint_goes_before_a_newer_one() -> None:
    memory = short_history()
    memory.stamps[7] = b"stamp"
    memory.record([opened()])
    memory.sign()
    assert "\n7\n" in make_proof(memory, LETTER, KEY.public).last_checkpoint
    memory.stamps.clear()
    assert "\n8\n" in make_proof(memory, LETTER, KEY.public).last_checkpoint


def test_notes_that_are_none_and_notes_by_others_are_passed_over() -> None:
    memory = short_history()
    kept = [(1, b"rubbish"), *memory.kept]
    assert [each.checkpoint.size for each in signed_checkpoints(kept, KEY.public)] == [3, 7]
    assert list(signed_checkpoints(kept, STRANGER.public)) == []


@given(st.integers(1, 40), st.data())
@settings(max_examples=60, deadline=None)
def test_every_history_can_be_proven(checks: int, data: st.DataObject) -> None:
    memory = Memory()
    memory.record([opened(), added(), added(OTHER)])
    for _ in range(checks):
        memory.record([checked(holding=data.draw(st.sampled_from([LETTER, OTHER])))])
        if data.draw(st.booleans()):
            memory.sign()
    memory.sign()
    proof = make_proof(memory, LETTER, KEY.public)
    assert judged(proof.to_bytes()).subject.verdict() is Verdict.PASS


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)


@given(st.sampled_from(sorted(EntryKind)), VALUES, st.data())
@settings(max_examples=200, deadline=None)
def test_a_holder_of_the_key_who_signs_nonsense_is_told_so(
    kind: EntryKind, body: object, data: st.DataObject
) -> None:
    """What is signed rightly may still be no event: that is a finding, never a crash."""
    memory = Memory()
    good = dict(checked().body)
    if isinstance(body, dict) and data.draw(st.booleans()):
        body = good | body | {data.draw(st.sampled_from(sorted(good))): data.draw(VALUES)}
    memory.record([opened(), added(), entry(kind, body)])  # type: ignore[arg-type]
    memory.sign()
    judgement = judged(make_proof(memory, LETTER, KEY.public).to_bytes())
    assert set(rules_of(judgement)) <= {"LED-202", "LED-203", "LED-211"}


def proof_schema() -> dict[str, Any]:
    path = resources.files("muniment.schemas").joinpath("proof.schema.json")
    schema: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return schema


def test_the_schema_states_the_form() -> None:
    schema = proof_schema()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    assert list(validator.iter_errors(json.loads(short_proof()))) == []


def test_the_schema_and_the_reader_agree_on_members() -> None:
    validator = Draft202012Validator(proof_schema())
    proof = json.loads(short_proof())
    for name in proof:
        assert not validator.is_valid({k: v for k, v in proof.items() if k != name})
        assert rules_of(judged(encode({k: v for k, v in proof.items() if k != name})))
    assert not validator.is_valid(proof | {"more": None})
    for event in proof["events"]:
        del event["run"]
    assert not validator.is_valid(proof)


@dataclass
class Vast(Memory):
    """A ledger too large to be made: whatever holds no event of ours is one made-up hash."""

    length: int = 10_000_000
    first_signed: int = 1_234_567

    def size(self) -> int:
        return self.length

    def subtree_root(self, first: int, count: int) -> bytes:
        end, whole = first + count, count & (count - 1) == 0
        ours = [each for each in self.log if first <= each.number < end]
        if count == 1 and ours:
            return ours[0].leaf_hash()
        if whole and not ours and not first < self.first_signed < end:
            return hashlib.sha256(f"{first}, {count}".encode()).digest()
        left = 1 << ((count - 1).bit_length() - 1)
        return node_hash(
            self.subtree_root(first, left), self.subtree_root(first + left, count - left)
        )


def vast_proof() -> bytes:
    """Twenty events among ten million, 500,000 apart, signed twice."""
    vast = Vast()
    previous = None
    for place, what in enumerate([added(), *[checked() for _ in range(19)]]):
        event = Event(number=place * 500_000 + 3, entry=what, previous=previous)
        previous = event.leaf_hash()
        vast.log.append(event)
    for size in (vast.first_signed, vast.length):
        checkpoint = Checkpoint(origin=ORIGIN, size=size, root=vast.root(size))
        vast.keep_checkpoint(size, sign_checkpoint(checkpoint, KEY).to_bytes())
    return make_proof(vast, LETTER, KEY.public).to_bytes()


def test_a_proof_of_twenty_events_in_ten_million_is_small() -> None:
    data = vast_proof()
    assert len(data) < 20_000
    shown = judged(data).shown
    assert shown is not None
    assert (len(shown.history), shown.last.size) == (20, 10_000_000)
