"""audit key, prove, check-proof, checkpoint; the stories over a history in memory too."""

from __future__ import annotations

import hashlib
import json
import shlex
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import histories
import pytest
from authority import make_authority
from cli_helpers import assert_conforms, document_of, muniment, write_bag
from histories import KEY, LETTER, STRANGER, TAG_MANIFEST, Memory, short_history, short_proof
from ledgers import history, opened

from muniment import workflow
from muniment.audit.exporting import Shelf
from muniment.audit.keys import PublicKey
from muniment.audit.outcomes import HoldingOutcome
from muniment.audit.proof import make_proof
from muniment.model.errors import UsageError
from muniment.model.findings import Report, Severity
from muniment.render import json as as_json

OURS = KEY.public.text


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("MUNIMENT_KEY", raising=False)
    monkeypatch.chdir(tmp_path)
    Path("letter.proof").write_bytes(short_proof())
    Path("archive.pub").write_text(f"{OURS}\n", "utf-8")
    return tmp_path / "data" / "muniment"


def test_the_public_key_is_shown_and_the_private_one_made_once(own_folder: Path) -> None:
    first, again = muniment("audit", "key"), muniment("audit", "key")
    assert first.exit_code == 0
    assert first.stdout == again.stdout
    assert PublicKey.of(first.stdout).name == "muniment"
    assert stat.S_IMODE((own_folder / "signing-key").stat().st_mode) == 0o600


def test_the_public_key_is_written_and_never_over_another_file() -> None:
    assert muniment("audit", "key", "--output", "own.pub").exit_code == 0
    assert Path("own.pub").read_text("utf-8") == muniment("audit", "key").stdout
    refused = muniment("audit", "key", "--output", "archive.pub")
    assert refused.exit_code == 2
    assert Path("archive.pub").read_text("utf-8") == f"{OURS}\n"


def test_muniment_key_names_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "elsewhere" / "key"
    monkeypatch.setenv("MUNIMENT_KEY", str(path))
    path.parent.mkdir()
    path.write_bytes(KEY.to_pem())
    path.chmod(0o600)
    assert muniment("audit", "key").stdout == f"{OURS}\n"
    assert muniment("audit", "check-proof", "letter.proof").exit_code == 0
    path.chmod(0o644)
    refused = muniment("audit", "key")
    assert refused.exit_code == 2
    assert f'chmod 600 "{path}"' in refused.stderr


@pytest.mark.parametrize("key", ["archive.pub", OURS])
def test_a_proof_that_holds_says_what_it_shows_and_what_not(key: str) -> None:
    result = muniment("audit", "check-proof", "letter.proof", "--key", key, "--format", "json")
    assert result.exit_code == 0
    shown = document_of(result)["result"]
    assert shown["shows"] == (
        f"The holder of the key {KEY.public.label} recorded these events for this holding with"
        " these digests, at times by its own clock, in a log that only grew from its 3 to its 7"
        " events; none was left out of them up to event 5."
    )
    assert shown["does_not_show"] == [
        "that nothing was recorded after event 5",
        "that everything that happened was recorded or that what was recorded is true",
        "that the log holds no second history of the same holding",
        "when it was recorded other than by its holder's clock",
    ]
    assert shown["digests"] == [
        {"path": TAG_MANIFEST.path, "algorithm": "sha256", "digest": TAG_MANIFEST.digest}
    ]
    assert [(each["number"], each["outcome"]) for each in shown["events"]] == [
        (1, "intact"),
        (3, "intact"),
        (5, "intact"),
    ]
    assert shown["no_later_than"] is None


def test_the_text_says_it_too() -> None:
    told = muniment("audit", "check-proof", "letter.proof", "--key", OURS).stdout
    assert told.startswith("PASS  letter.proof (proof)\n")
    assert "does not show: that nothing was recorded after event 5" in told


def test_with_one_checkpoint_growth_is_not_claimed() -> None:
    memory = short_history()
    del memory.kept[0]
    Path("one.proof").write_bytes(make_proof(memory, LETTER, KEY.public).to_bytes())
    result = muniment("audit", "check-proof", "one.proof", "--key", OURS, "--format", "json")
    shown = document_of(result)["result"]
    assert "only grew" not in shown["shows"]
    assert shown["does_not_show"][-1].startswith("that the log only grew")


@pytest.mark.parametrize("arguments", [[], ["--key", STRANGER.public.text]])
def test_an_unknown_signer_is_unverified_and_no_key_is_made(
    arguments: list[str], own_folder: Path
) -> None:
    result = muniment("audit", "check-proof", "letter.proof", *arguments, "--format", "json")
    assert result.exit_code == 3
    document = document_of(result)
    assert document["result"] is None
    assert [each["rule"] for each in document["subjects"][0]["findings"]] == ["LED-206"] * 2
    assert not own_folder.exists()


def test_an_altered_proof_is_refused() -> None:
    Path("letter.proof").write_bytes(short_proof().replace(b'"files":3', b'"files":4', 1))
    result = muniment("audit", "check-proof", "letter.proof", "--key", OURS, "--format", "json")
    assert result.exit_code == 1
    document = document_of(result)
    assert document["result"] is None
    assert [each["rule"] for each in document["subjects"][0]["findings"]] == ["LED-203"]


def test_a_bad_outcome_is_a_warning_for_those_who_want_it_to_fail() -> None:
    memory = short_history(HoldingOutcome.MISSING)
    Path("gone.proof").write_bytes(make_proof(memory, LETTER, KEY.public).to_bytes())
    line = ["audit", "check-proof", "gone.proof", "--key", OURS]
    assert muniment(*line).exit_code == 0
    assert muniment(*line, "--fail-on", "warning").exit_code == 1
    assert "LED-211" in muniment(*line).stdout


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (["nowhere.proof", "--key", OURS], 3, "nowhere.proof"),
        (["letter.proof", "--key", "nowhere.pub"], 2, "no public key"),
        (["letter.proof", "--key", OURS, "--timestamp", "letter.proof"], 2, "--tsa-certificate"),
        (["letter.proof", "--key", OURS, "--bag", "nowhere"], 3, "nowhere"),
        ([], 2, "FILE"),
    ],
)
def test_what_cannot_be_checked_is_said(arguments: list[str], code: int, why: str) -> None:
    result = muniment("audit", "check-proof", *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert why in result.stderr


def test_the_bag_in_hand_is_compared(tmp_path: Path) -> None:
    bag = write_bag(tmp_path / "letter")
    line = ["audit", "check-proof", "letter.proof", "--key", OURS, "--bag", str(bag)]
    result = muniment(*line, "--format", "json")
    assert result.exit_code == 1
    (finding,) = document_of(result)["subjects"][0]["findings"]
    assert finding["rule"] == "LED-210"
    assert finding["evidence"]["expected"] == TAG_MANIFEST.digest
    (bag / "tagmanifest-sha256.txt").unlink()
    (finding,) = document_of(muniment(*line, "--format", "json"))["subjects"][0]["findings"]
    assert finding["evidence"]["actual"] is None


@pytest.mark.parametrize("form", ["folder", "zip", "tar"])
def test_the_bag_that_was_recorded_is_known_again(
    tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bag = write_bag(tmp_path / "bags" / "letter")
    digest = hashlib.sha256((bag / "tagmanifest-sha256.txt").read_bytes()).hexdigest()
    recorded = TAG_MANIFEST.__class__(path=TAG_MANIFEST.path, algorithm="sha256", digest=digest)
    monkeypatch.setattr(histories, "TAG_MANIFEST", recorded)
    Path("letter.proof").write_bytes(short_proof())
    if form != "folder":
        bag = Path(shutil.make_archive(str(tmp_path / "letter"), form, bag.parent, bag.name))
    line = ["audit", "check-proof", "letter.proof", "--key", OURS, "--bag", str(bag)]
    document = document_of(muniment(*line, "--format", "json"))
    assert document["verdict"] == "pass"
    assert "bag" in document["subjects"][0]["checks"]["run"]


def test_check_proof_loads_no_ledger_and_nothing_heavy() -> None:
    program = (
        "import sys, atexit; atexit.register(lambda: print(*sorted(sys.modules)));"
        f"sys.argv = ['muniment', 'audit', 'check-proof', 'letter.proof', '--key', '{OURS}'];"
        "from muniment.cli import main; main()"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = {name.split(".")[0] for name in told.stdout.splitlines()[-1].split()}
    assert (
        loaded & {"sqlalchemy", "lxml", "jsonschema", "ruamel", "rfc3161_client", "rich"} == set()
    )
    assert "cryptography" in loaded


@dataclass
class Provable(Memory):
    """A history with what the stories ask of a ledger besides."""

    def find(self, asked: str) -> Any:  # noqa: ANN401 - only the id is looked at
        if asked not in {LETTER, "letter"}:
            raise UsageError(f"there is no holding {asked}")
        return SimpleNamespace(id=LETTER)

    def keep_timestamp(self, size: int, token: bytes) -> None:
        self.stamps[size] = token


@pytest.fixture
def ledger() -> Provable:
    memory = short_history()
    return Provable(log=memory.log, kept=memory.kept)


def now() -> datetime:
    return datetime(2026, 11, 28, 7, 30, tzinfo=UTC)


def proven(ledger: Provable, output: str) -> Report:
    shelf = Shelf(folder=Path("checkpoints"), outside=False)
    return workflow.prove(ledger, "letter", Path(output), key=KEY, shelf=shelf, clock=now)


def conforming(report: Report) -> None:
    assert_conforms(json.loads("".join(as_json.render(report, fail_on=Severity.ERROR))))


def test_a_proof_is_made_that_the_command_accepts(ledger: Provable) -> None:
    report = proven(ledger, "new.proof")
    conforming(report)
    assert Path("new.proof").read_bytes() == short_proof()
    assert report.result is not None
    assert report.result["events"] == 3
    assert report.result["time_stamp"] is None
    assert muniment("audit", "check-proof", "new.proof", "--key", OURS).exit_code == 0


def test_a_checkpoint_is_signed_where_none_covers_the_newest_event(ledger: Provable) -> None:
    ledger.kept.clear()
    proven(ledger, "new.proof")
    assert [size for size, _ in ledger.kept] == [7]
    assert len(list(Path("checkpoints").iterdir())) == 1
    assert muniment("audit", "check-proof", "new.proof", "--key", OURS).exit_code == 0


@pytest.mark.parametrize("there", ["new.proof", "new.proof.tsr"])
def test_a_proof_is_never_written_over_something(ledger: Provable, there: str) -> None:
    Path(there).write_bytes(b"mine")
    with pytest.raises(UsageError, match="exists already"):
        proven(ledger, "new.proof")
    assert Path(there).read_bytes() == b"mine"


def test_a_ledger_that_was_altered_gives_no_proof(ledger: Provable) -> None:
    event = ledger.log[3]
    better = event.entry.__class__(
        kind=event.entry.kind,
        at="2026-01-01T00:00:00Z",
        by="x",
        holding=LETTER,
        body=event.entry.body,
    )
    ledger.log[3] = event.__class__(number=3, entry=better, previous=event.previous)
    report = proven(ledger, "new.proof")
    conforming(report)
    rules = {finding.rule.id for finding in report.subjects[0].findings}
    assert rules == {"LED-203", "LED-207", "LED-208"}
    assert report.result is None
    assert not Path("new.proof").exists()


def test_a_checkpoint_is_written_out_and_said(ledger: Provable) -> None:
    report = workflow.write_checkpoint(ledger, Path("now.checkpoint"), key=KEY, clock=now)
    conforming(report)
    assert Path("now.checkpoint").read_bytes() == ledger.kept[-1][1]
    assert report.result is not None
    assert (report.result["size"], ledger.size()) == (7, 8)
    assert ledger.log[-1].entry.kind == "checkpoint-exported"
    with pytest.raises(UsageError, match="exists already"):
        workflow.write_checkpoint(ledger, Path("now.checkpoint"), key=KEY, clock=now)
    assert ledger.size() == 8


def test_a_time_stamp_goes_from_the_checkpoint_to_the_checker(
    ledger: Provable, tmp_path: Path, missing: Callable[[str], NoReturn]
) -> None:
    folder = tmp_path / "authority"
    folder.mkdir()
    authority = make_authority(folder, missing)
    workflow.write_checkpoint(ledger, Path("now.checkpoint"), key=KEY, clock=now)
    Path("reply").write_bytes(authority.stamp(Path("now.checkpoint").read_bytes()))
    Path("root.pem").write_bytes(authority.root)
    report = workflow.attach_time_stamp(ledger, Path("reply"), key=KEY.public)
    conforming(report)
    assert report.result is not None
    assert report.result["size"] == 7
    made = proven(ledger, "new.proof").result
    assert made is not None
    assert made["time_stamp"] == "new.proof.tsr"
    line = ["audit", "check-proof", "new.proof", "--key", OURS, "--timestamp", "new.proof.tsr"]
    result = muniment(*line, "--tsa-certificate", "root.pem", "--format", "json")
    assert result.exit_code == 0
    shown = document_of(result)["result"]
    assert f"no later than {shown['no_later_than']}" in shown["shows"]
    assert not any("clock" in each for each in shown["does_not_show"])


def test_a_time_stamp_for_something_else_is_refused(
    ledger: Provable, tmp_path: Path, missing: Callable[[str], NoReturn]
) -> None:
    folder = tmp_path / "authority"
    folder.mkdir()
    Path("reply").write_bytes(make_authority(folder, missing).stamp(b"something else"))
    Path("rubbish").write_bytes(b"rubbish")
    for name, why in (("reply", "none of the checkpoints"), ("rubbish", "no response")):
        report = workflow.attach_time_stamp(ledger, Path(name), key=KEY.public)
        conforming(report)
        (finding,) = report.subjects[0].findings
        assert finding.rule.id == "LED-209"
        assert why in finding.message
    assert ledger.stamps == {}


@pytest.mark.parametrize("name", ["prove", "check-proof", "key", "checkpoint"])
def test_the_examples_of_the_help_parse(name: str) -> None:
    page = muniment("audit", name, "--help").stdout
    assert f"\n    muniment audit {name}" in page
    examples = page.partition("Examples:\n")[2].replace("\\\n", " ").splitlines()
    for example in examples:
        words = shlex.split(example)
        assert words[:2] == ["muniment", "audit"]
        command = import_module(f"muniment.cli.audit_{words[2].replace('-', '_')}").command
        command.make_context(words[2], words[3:]).close()


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ledger of this house, named in its settings, with its checkpoints held elsewhere."""
    monkeypatch.delenv("MUNIMENT_LEDGER", raising=False)
    settings = 'ledger = "audit/ledger.sqlite"\ncheckpoints = "notary"\n'
    Path("muniment.toml").write_text(settings, "utf-8")
    with opened("audit/ledger.sqlite") as ledger:
        history(ledger, holdings=2, checks=1)
    return Path("audit/ledger.sqlite")


def test_a_history_goes_from_the_ledger_to_the_outsider(house: Path) -> None:
    line = ["audit", "prove", "bag-0000000000000001", "--output", "bag.proof"]
    document = document_of(muniment(*line, "--format", "json"))
    assert document["result"]["events"] == 2
    assert [each.name.endswith("-5.checkpoint") for each in Path("notary").iterdir()] == [True]
    assert muniment("audit", "key", "--output", "own.pub").exit_code == 0
    assert muniment("audit", "check-proof", "bag.proof", "--key", "own.pub").exit_code == 0
    assert muniment("audit", "check-proof", "bag.proof", "--key", OURS).exit_code == 3
    again = muniment(*line)
    assert (again.exit_code, again.stdout) == (2, "")
    assert house.exists()


def test_a_checkpoint_is_exported_by_the_command(house: Path) -> None:
    line = ["audit", "checkpoint", "--output", "now.checkpoint", "--ledger", str(house)]
    result = document_of(muniment(*line, "--format", "json"))["result"]
    assert (result["size"], result["output"]) == (5, "now.checkpoint")
    assert Path("now.checkpoint").read_text("utf-8").startswith(result["ledger"])
    assert muniment(*line).exit_code == 2


@pytest.mark.parametrize("arguments", [[], ["--output", "a", "--attach", "b"]])
def test_a_checkpoint_is_either_exported_or_stamped(house: Path, arguments: list[str]) -> None:
    result = muniment("audit", "checkpoint", "--ledger", str(house), *arguments)
    assert result.exit_code == 2
    assert "--output FILE or --attach STAMP" in result.stderr


def test_a_stamp_is_attached_by_the_command(house: Path) -> None:
    Path("reply").write_bytes(b"rubbish")
    result = muniment("audit", "checkpoint", "--attach", "reply", "--format", "json")
    assert result.exit_code == 1
    assert document_of(result)["subjects"][0]["findings"][0]["rule"] == "LED-209"
    assert house.exists()


@pytest.mark.parametrize(
    "command", [["prove", "x", "--output", "a"], ["checkpoint", "--output", "a"]]
)
def test_without_a_ledger_nothing_is_begun(command: list[str], own_folder: Path) -> None:
    result = muniment("audit", *command, "--output", "a")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "there is no ledger" in result.stderr
    assert not own_folder.exists()
