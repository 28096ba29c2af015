"""audit history: every event in plain words, as JSON, as PREMIS; and put into a bag."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from cli_helpers import assert_conforms, document_of, muniment, write_bag
from ledgers import added, check, opened
from lxml import etree
from reported import NOW, fill

from muniment.audit.bodies import Check, RunBegun
from muniment.audit.entries import Entry, EntryKind, instant
from muniment.audit.holdings import Baseline, Fault, TagManifest
from muniment.audit.observations import Observation
from muniment.audit.outcomes import Evidence, Extent, HoldingOutcome, Nonce, Reader, Reference
from muniment.metadata.xml_validation import judge_xml

P = "{http://www.loc.gov/premis/v3}"
VOCABULARY = "http://id.loc.gov/vocabulary/preservation/"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> str:
    place = tmp_path_factory.mktemp("filled") / "ledger.sqlite"
    with opened(str(place)) as ledger:
        fill(ledger)
    return str(place)


def history(ledger: str, *more: str | Path) -> str:
    result = muniment("audit", "history", "--ledger", ledger, *more)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def premis(text: str) -> etree._Element:
    """A document that is valid by the schema of PREMIS 3.0."""
    assert judge_xml(text.encode()).findings == ()
    return etree.fromstring(text.encode())


def types_of(root: etree._Element) -> Counter[tuple[str, str | None]]:
    """The types of all events, with their addresses in the vocabulary."""
    found = root.iter(f"{P}eventType")
    return Counter((each.text or "", each.get("valueURI")) for each in found)


def test_each_event_is_told_in_plain_words(filled: str) -> None:
    lines = history(filled, "letters-0003").splitlines()
    assert lines[-2].startswith("2026-10-25T21:00:03Z  #")
    assert lines[-2].endswith("  fixity-checked  0000000000000003  by muniment")
    assert lines[-1] == (
        "    found corrupt (data/letters/1952-12-27.tif: its SHA-256 is not the recorded one;"
        " data/letters/1953-01-04.tif: it is not there); all bytes, read by the audit, compared"
        " with the bag's own manifests and what the ledger keeps of it (40 files, 3,000,000,000"
        " bytes)"
    )


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("ledger-opened", "was opened"),
        ("run-begun", "a run of muniment 0.1.0 began, time-limit 5h; its self-test found 15 of 15"),
        ("run-ended", "the run ended: 1 corrupt, 1 extra, 113 intact, 1 missing, 1 swapped, 3 unr"),
        ("holding-added", "taken in, a bag at /mnt/archive/letters-0000, to be checked every 90 d"),
        ("change-accepted", 'a change was accepted, "a new description"; found intact; all bytes'),
        ("promise-set", "to be checked every 30 days from now on; 1 copy required"),
        ("holding-moved", "moved to /mnt/tape/moved; found intact; all bytes"),
        ("holding-repaired", "2 files written anew from the copy 0000000000000006; found intact"),
        ("holding-retired", 'kept no longer, "a duplicate", on the authority of "Order 7"'),
        ("checkpoint-exported", "a checkpoint over the first 836 events left the house"),
    ],
)
def test_every_kind_of_event_has_its_words(filled: str, kind: str, words: str) -> None:
    events = [json.loads(line) for line in history(filled, "--format", "jsonl").splitlines()]
    told = [each["told"] for each in events if each.get("kind") == kind]
    assert any(words in each for each in told), told[-1]


def test_lines_of_json_are_the_whole_history(filled: str) -> None:
    *events, summary = map(json.loads, history(filled, "--format", "jsonl").splitlines())
    assert [each["number"] for each in events] == list(range(837))
    for line in (events[0], events[1], events[500], events[-1], summary):
        assert_conforms(line, "line")
    last = [each for each in events if each["holding"] == "0000000000000003"][-2:]
    assert last[1]["previous"] == last[0]["leaf_hash"]


def test_a_document_holds_the_history_of_one_holding(filled: str) -> None:
    result = muniment("audit", "history", "letters-0003", "--ledger", filled, "--format", "json")
    document = document_of(result)
    assert document["result"]["holding"] == "0000000000000003"
    assert {each["holding"] for each in document["result"]["events"]} == {"0000000000000003"}
    assert document["result"]["events"][-1]["body"]["outcome"] == "corrupt"


def test_premis_of_everything_is_valid_and_uses_the_vocabulary(filled: str) -> None:
    root = premis(history(filled, "--format", "premis"))
    assert len(root.findall(f"{P}object")) == 120
    assert len(root.findall(f"{P}event")) == 837
    types = types_of(root)
    assert types["message digest calculation", f"{VOCABULARY}eventType/mes"] == 15
    assert types["recovery", f"{VOCABULARY}eventType/rec"] == 1
    assert types["deaccession", f"{VOCABULARY}eventType/dea"] == 1
    assert types["transfer", f"{VOCABULARY}eventType/tra"] == 1
    # What could not be reached was not checked, so that there is no `fix` event of it.
    assert types["attempt at a fixity check", None] == 3
    assert types["export of a checkpoint", None] == 1
    agents = {each.findtext(f"{P}agentName") for each in root.findall(f"{P}agent")}
    assert agents == {"muniment", "archive", "archivist"}


def test_premis_links_holding_and_program(filled: str) -> None:
    root = premis(history(filled, "letters-0003", "--format", "premis"))
    (held,) = root.findall(f"{P}object")
    assert held.findtext(f".//{P}contentLocationValue") == "/mnt/archive/letters-0003"
    last = root.findall(f"{P}event")[-1]
    assert last.findtext(f".//{P}linkingObjectIdentifierValue") == "0000000000000003"
    outcome = last.find(f".//{P}eventOutcome")
    assert outcome is not None
    assert outcome.get("valueURI") == f"{VOCABULARY}eventOutcome/fai"
    assert last.findtext(f".//{P}eventOutcomeDetailNote") == "corrupt"
    roles = [each.get("valueURI") for each in last.iter(f"{P}linkingAgentRole")]
    assert roles == [f"{VOCABULARY}eventRelatedAgentRole/exe"]


def odd_ledger(place: Path) -> str:
    """Holdings whose names XML cannot hold, with evidence of other grades, and a void run."""
    quick = Evidence(read_by=Reader.AUDITOR, extent=Extent.SIZE)
    nonced = Evidence(
        read_by=Reader.AUDITOR,
        extent=Extent.ALL_BYTES,
        compared_with=(Reference.BASELINE,),
        nonce=Nonce(checkpoint_size=7, digest="ab" * 32),
    )
    fault = Fault(kind="extra", path="data/a%00b", message="nobody recorded \x01 it")
    tag_manifest = TagManifest(path="tagmanifest-md5.txt", algorithm="md5", digest="ab" * 16)
    known = Baseline(
        document="d" * 64,
        algorithms=("md5",),
        files=1,
        octets=1,
        tag_manifests=(tag_manifest,),
    )
    run = RunBegun(software="muniment 0.1.0", self_test={"tar": {"planted": 5, "found": 4}})
    with opened(str(place)) as ledger:
        ledger.record(
            [
                added("a" * 16, name="caf%C3%A9%00%FF", baseline=known),
                added(
                    "b" * 16,
                    object="a" * 16,
                    check=Check(outcome=HoldingOutcome.INTACT, evidence=quick),
                ),
                Entry(
                    kind=EntryKind.RUN_BEGUN, at=instant(NOW), by="x", run="r", body=run.to_json()
                ),
            ]
        )
        checks = {
            "a": Check(outcome=HoldingOutcome.INTACT, evidence=nonced, files=1, octets=1),
            "b": Check(
                outcome=HoldingOutcome.EXTRA,
                evidence=nonced,
                faults=(fault,),
                fault_count=9,
                first="missing",
            ),
        }
        ledger.observe(
            [
                Observation(
                    run="r", holding=name * 16, attempt=1, at=instant(NOW), by="Ada", check=each
                )
                for name, each in checks.items()
            ]
        )
        ledger.sequence()
    return str(place)


def test_what_xml_cannot_hold_is_coded(tmp_path: Path) -> None:
    root = premis(history(odd_ledger(tmp_path / "ledger.sqlite"), "--format", "premis"))
    names = [each.findtext(f"{P}originalName") for each in root.findall(f"{P}object")]
    assert names[0] == "caf\xe9%00%FF"
    details = [each.text or "" for each in root.iter(f"{P}eventDetail")]
    assert any("data/a%00b: nobody recorded %01 it; and 8 more" in each for each in details)
    assert any("at first missing" in each for each in details)
    assert any("with the checkpoint of 7 events before every byte" in each for each in details)


def test_no_fix_event_where_no_bytes_were_compared(tmp_path: Path) -> None:
    types = types_of(premis(history(odd_ledger(tmp_path / "ledger.sqlite"), "--format", "premis")))
    assert types["taking under audit", None] == 1
    assert types["fixity check", f"{VOCABULARY}eventType/fix"] == 3


def test_a_void_run_failed(tmp_path: Path) -> None:
    root = premis(history(odd_ledger(tmp_path / "ledger.sqlite"), "--format", "premis"))
    (begun,) = [
        each
        for each in root.findall(f"{P}event")
        if each.findtext(f"{P}eventType") == "beginning of an audit run"
    ]
    assert begun.findtext(f".//{P}eventOutcome") == "fail"
    assert begun.findtext(f".//{P}eventOutcomeDetailNote") == "void"


def test_a_terminal_obeys_nothing(tmp_path: Path) -> None:
    text = history(odd_ledger(tmp_path / "ledger.sqlite"))
    assert "\x00" not in text
    assert "data/a\\x00b: nobody recorded \\x01 it" in text


def test_an_empty_ledger_has_no_premis(tmp_path: Path) -> None:
    with opened(str(tmp_path / "ledger.sqlite")):
        pass
    place = str(tmp_path / "ledger.sqlite")
    result = muniment("audit", "history", "--ledger", place, "--format", "premis")
    assert result.exit_code == 2
    assert "has no holding yet" in result.stderr
    assert "was opened" in history(place)


def test_a_history_goes_into_a_bag(tmp_path: Path) -> None:
    bag = write_bag(tmp_path / "letters")
    place = str(tmp_path / "ledger.sqlite")
    with opened(place) as ledger:
        ledger.record([added("a" * 16, address=str(bag), check=check())])
    result = muniment(
        "audit", "history", str(bag), "--ledger", place, "--into", bag, "--by", "City Archive"
    )
    assert result.exit_code == 0, result.stderr
    assert "metadata/premis-audit.xml" in result.stdout
    root = premis((bag / "metadata" / "premis-audit.xml").read_text("utf-8"))
    assert len(root.findall(f"{P}event")) == 1
    assert muniment("verify", bag).exit_code == 0
    told = (bag / "metadata" / "premis.xml").read_text("utf-8")
    assert "The history of its audit was put into the bag" in told


def test_into_needs_a_holding_and_a_name(filled: str, tmp_path: Path) -> None:
    bag = write_bag(tmp_path / "letters")
    for more in (("letters-0003",), ("--by", "City Archive")):
        result = muniment("audit", "history", *more, "--ledger", filled, "--into", bag)
        assert result.exit_code == 2
        assert "--into needs a HOLDING, and --by" in result.stderr
    assert not (bag / "metadata").exists()


def test_a_folder_s_first_digests_are_calculated(filled: str) -> None:
    root = premis(history(filled, "letters-0005", "--format", "premis"))
    assert types_of(root)["message digest calculation", f"{VOCABULARY}eventType/mes"] == 1
