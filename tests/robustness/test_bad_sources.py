"""Sources and destinations as they come: refused by rule and place, nothing half-made."""

from __future__ import annotations

import json
import os
import shutil
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner
from packaging_process import DATE, Packager, State, rules_of

from muniment.cli.root import root
from muniment.model.findings import Verdict
from muniment.workflow import verify


class Case(NamedTuple):
    """How to spoil a source, and what must be said of it: exit code, rules and where."""

    spoil: Callable[[Path], None]
    code: int
    rules: Sequence[tuple[str, str]]
    sources: Sequence[str] = ("source",)


def _bag(folder: Path) -> None:
    (folder / "data").mkdir(parents=True)
    (folder / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")


def _link(target: str) -> Callable[[Path], None]:
    return lambda source: (source / "link").symlink_to(target)


def _pipe(source: Path) -> None:
    os.mkfifo(source / "pipe")


def _socket(source: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.path.relpath(source / "socket"))


def _named(name: bytes) -> Callable[[Path], None]:
    def spoil(source: Path) -> None:
        file = source / os.fsdecode(name)
        file.parent.mkdir(exist_ok=True)
        file.touch()

    return spoil


def _nothing(source: Path) -> None:
    (source / "text.txt").unlink()


def _twice(source: Path) -> None:
    for name in ("one", "two"):
        (source / name).mkdir()
        (source / name / "same.txt").write_text(name)


def _everything(source: Path) -> None:
    _pipe(source)
    _link("nowhere")(source)
    _bag(source / "deep")


def _as_it_is(_: Path) -> None:
    """Leave the source alone."""


LINK = [("SRC-102", "source/link")]
PIPE = [("SRC-103", "source/pipe")]
DEEP = [("SRC-105", "source/deep"), ("SRC-109", "source/deep/data")]
CASES = {
    "a link to a file": Case(_link("text.txt"), 1, LINK),
    "a link to a folder": Case(_link("/etc"), 1, LINK),
    "a link to nothing": Case(_link("nowhere"), 1, LINK),
    "the source itself is a link": Case(_link("text.txt"), 1, LINK, ["source/link"]),
    "a pipe": Case(_pipe, 1, PIPE),
    "the source itself is a pipe": Case(_pipe, 1, PIPE, ["source/pipe"]),
    "a socket": Case(_socket, 1, [("SRC-103", "source/socket")]),
    "a name that is not UTF-8": Case(
        _named(b"caf\xe9.txt"), 1, [("SRC-101", "source/caf\\xe9.txt")]
    ),
    "a folder's name that is not UTF-8": Case(
        _named(b"\xff/x"), 1, [("SRC-101", "source/\\xff/x")]
    ),
    "no file": Case(_nothing, 1, [("SRC-104", "source")]),
    "a bag": Case(_bag, 1, [("SRC-105", "source"), ("SRC-109", "source/data")]),
    "a bag further down": Case(lambda source: _bag(source / "deep"), 1, DEEP),
    "two of one name": Case(
        _twice,
        1,
        [("SRC-106", "source/two/same.txt")],
        ["source/one/same.txt", "source/two/same.txt"],
    ),
    "a source that is not there": Case(
        _as_it_is, 3, [("SRC-107", "source/gone")], ["source/gone", "source/text.txt"]
    ),
    "several at once": Case(_everything, 1, [*LINK, *PIPE, *DEEP]),
}


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record: Path) -> Path:
    """A folder to work in, with one good source and its record."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "text.txt").write_text("a text\n")
    shutil.copy(record, tmp_path / "record.yaml")
    return tmp_path


def package(*sources: str, record: str = "record.yaml") -> tuple[int, str, str]:
    """Run the command; its exit code, standard output and standard error."""
    options = ["--record", record, "--output", "output", "--name", "bag", "--date", DATE]
    done = CliRunner().invoke(root, ["package", *sources, *options, "--format", "json"])
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.parametrize("name", CASES)
def test_what_cannot_be_packaged_is_named_and_nothing_is_written(
    workplace: Path, state_of: Callable[[Path], State], name: str
) -> None:
    case = CASES[name]
    case.spoil(workplace / "source")
    before = state_of(workplace)
    code, report, _ = package(*case.sources)
    assert (code, sorted(rules_of(report))) == (case.code, sorted(case.rules))
    assert json.loads(report)["result"] is None
    assert state_of(workplace) == before


@pytest.mark.parametrize("make", ["file", "folder", "link"])
def test_what_lies_at_the_destination_stays(
    workplace: Path, state_of: Callable[[Path], State], make: str
) -> None:
    output = workplace / "output"
    output.mkdir()
    if make == "file":
        (output / "bag").write_text("not a bag\n")
    elif make == "folder":
        (output / "bag").mkdir()
    else:
        (output / "bag").symlink_to("nowhere")
    before = state_of(workplace)
    code, _, said = package("source")
    assert (code, "bag exists already and is left as it is" in said) == (2, True)
    assert state_of(workplace) == before


def _gone(record: Path) -> None:
    record.unlink()


def _folder(record: Path) -> None:
    record.unlink()
    record.mkdir()


def _not_yaml(record: Path) -> None:
    record.write_text("title: [\n")


def _misspelt(record: Path) -> None:
    record.write_text("titel: A text\n")


@pytest.mark.parametrize("spoil", [_gone, _folder])
def test_a_record_that_cannot_be_read_is_told_and_nothing_is_written(
    workplace: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(workplace / "record.yaml")
    code, _, said = package("source")
    assert (code, "record.yaml" in said) == (3, True)
    assert not (workplace / "output").exists()


@pytest.mark.parametrize(("spoil", "rule"), [(_not_yaml, "REC-103"), (_misspelt, "REC-202")])
def test_faults_of_the_record_and_of_the_source_are_told_in_one_run(
    workplace: Path, spoil: Callable[[Path], None], rule: str
) -> None:
    spoil(workplace / "record.yaml")
    _everything(workplace / "source")
    code, report, _ = package("source")
    assert code == 1
    assert {rule, "SRC-102", "SRC-103", "SRC-105"} <= {found for found, _ in rules_of(report)}
    assert not (workplace / "output").exists()


NAMES = (
    "100%.txt", "%0A", "%25", "line\nend", "return\rhere", " leading", "trailing ", "*star",
    "back\\slash", "-dash", "~home", "..almost", "quo\"te'", "tab\there", "A.txt", "a.txt",
    "Zoe\u0308", "Zo\u00eb", "\u2028separator", "\U0001f4dc", "n" * 255, "CON", ".hidden",
)  # fmt: skip


def test_names_are_kept_byte_for_byte_however_odd(workplace: Path) -> None:
    source = workplace / "source"
    for name in NAMES:
        (source / name).write_text(name)
    (source / "~folder" / "%41").mkdir(parents=True)
    (source / "~folder" / "%41" / "file").write_text("deep")
    code, report, said = package("source")
    assert code == 0, (report, said)
    kept = workplace / "output" / "bag" / "data"
    assert _texts(kept) == _texts(source)
    assert verify([workplace / "output" / "bag"]).verdict() is Verdict.PASS


def _texts(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_text() for path in files}


CHANGES = {
    "grown before it is read": ("/big.bin", "open('{file}', 'ab').write(b'x')", "SRC-108"),
    "grown while it is read": ("/data/big.bin", "open('{file}', 'ab').write(b'x')", "SRC-108"),
    "cut while it is read": ("/data/big.bin", "os.truncate('{file}', 99)", "SRC-108"),
    "rewritten while it is read": ("/data/big.bin", "os.utime('{file}', (1, 1))", "SRC-108"),
    "a small file, grown": ("/data/small.txt", "open('{small}', 'ab').write(b'x')", "SRC-108"),
    "gone before it is read": ("/manifest-sha256.txt", "os.unlink('{file}')", "SRC-107"),
    "a pipe in its place": (
        "/manifest-sha256.txt",
        "os.unlink('{file}'); os.mkfifo('{file}')",
        "SRC-108",
    ),
    "a link in its place": (
        "/manifest-sha256.txt",
        "os.rename('{file}', '{file}.old'); os.symlink('{file}.old', '{file}')",
        "SRC-107",
    ),
}


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("name", CHANGES)
def test_a_file_that_changes_while_it_is_packaged_is_told_and_nothing_appears(
    tmp_path: Path, packager: Packager, name: str
) -> None:
    opening, act, rule = CHANGES[name]
    source = tmp_path / "source"
    source.mkdir()
    file, small = source / "big.bin", source / "small.txt"
    file.write_bytes(bytes(3_000_000))
    small.write_text("a text\n")
    answer = packager.ask(
        source, tmp_path / "output", opening=opening, act=act.format(file=file, small=small)
    )
    spoilt = small if "small" in opening else file
    assert (answer["code"], answer["rules"]) == (3, [[rule, str(spoilt)]]), answer["said"]
    assert list((tmp_path / "output").iterdir()) == []
