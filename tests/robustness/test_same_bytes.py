"""The same input and date give the same bytes, wherever and whenever it runs."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from packaging_process import DATE, package_command, run, start_packager

FILES = 1_100  # more than two batches, so that a pool of workers is at work
PAYLOAD_SHA256 = "01b70b0da8f32982596dd813901d801878945e942e523762ef1927a621b438c9"


def tree(folder: Path) -> dict[str, bytes]:
    """Every file by its name."""
    files = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert files
    return files


def source_at(folder: Path, *, backwards: bool, time: int) -> Path:
    """The same files, laid down in one order or the other, at one time or another."""
    names = [f"{number % 7}/{'café' * (number % 3)}{number}.txt" for number in range(FILES)]
    for name in reversed(names) if backwards else names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
        os.utime(folder / name, (time, time))
    return folder


CIRCUMSTANCES: Mapping[str, tuple[dict[str, str], int, int]] = {
    "one way": (
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1",
         "SOURCE_DATE_EPOCH": "1000000000"},
        0o022,
        1,
    ),
    "the other way": (
        {"TZ": "Pacific/Niue", "LC_ALL": "C", "PYTHONHASHSEED": "4242",
         "SOURCE_DATE_EPOCH": "1700000000"},
        0o077,
        2,
    ),
}  # fmt: skip


def test_two_packages_on_two_days_are_one(tmp_path: Path, record: Path) -> None:
    """Time zones, locales, hash seeds, umasks, workers, days, order on disk: no difference."""
    trees = []
    for number, (environment, umask, workers) in enumerate(CIRCUMSTANCES.values()):
        home = tmp_path / str(number)
        source = source_at(home / "source", backwards=number == 1, time=10**9 + number * 86_400)
        packager = start_packager(record, home / "warm", environment, umask)
        answer = packager.ask(source, home / "output", workers=workers)
        packager.stop()
        assert answer["code"] == 0, answer["said"]
        trees.append(tree(home / "output" / "bag"))
    assert trees[0] == trees[1]
    assert f"Bagging-Date: {DATE}".encode() in trees[0]["bag-info.txt"]


def test_a_second_command_on_another_day_makes_no_difference(tmp_path: Path, letter: Path) -> None:
    """The command line itself, as `diff -r` sees it."""
    for day in ("1", "2000000000"):
        line = package_command(letter, letter / "record.yaml", tmp_path / day)
        done = run(line, SOURCE_DATE_EPOCH=day, TZ=f"X{day[0]}")
        assert done.returncode == 0, done.stderr
    different = run(["diff", "-r", str(tmp_path / "1"), str(tmp_path / "2000000000")])
    assert (different.returncode, different.stdout) == (0, "")


def test_names_are_utf_8_whatever_the_locale_says(tmp_path: Path, record: Path) -> None:
    """Python takes names for ASCII in this locale; a manifest is UTF-8 all the same."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "caf\u00e9.txt").write_text("a text\n")
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = run(package_command(source, record, tmp_path / "output"), **ascii_only)
    assert done.returncode == 0, done.stdout
    manifest = tmp_path / "output" / "bag" / "manifest-sha256.txt"
    assert manifest.read_bytes().endswith(b"  data/caf\xc3\xa9.txt\n")


@pytest.fixture(scope="module")
def deposit(repository: Path) -> Path:
    """The bag that the project itself keeps."""
    return repository / "bags" / "deposits" / "1952-12-27-stalin-to-mao"


def bag_info(bag: Path) -> dict[str, str]:
    """The fields of a bag's bag-info.txt, its continued lines joined."""
    text = (bag / "bag-info.txt").read_text("utf-8").replace("\n ", " ")
    return dict(line.split(": ", 1) for line in text.splitlines())


def test_the_committed_deposit_is_what_the_command_builds(
    tmp_path: Path, letter: Path, deposit: Path
) -> None:
    """But for the version of muniment that it names: that one is told to the command first."""
    info = bag_info(deposit)
    version = info["Bag-Software-Agent"].removeprefix("muniment ").split()[0]
    program = (
        f"import muniment; muniment.__version__ = {version!r}; import muniment.cli as c; c.main()"
    )
    text, record = letter / f"{letter.name}.txt", letter / "record.yaml"
    line = [sys.executable, "-c", program, "package", str(text), "--record", str(record)]
    line += ["--output", str(tmp_path), "--date", info["Bagging-Date"], "--name", letter.name]
    done = run(line)
    assert done.returncode == 0, done.stderr
    built = tree(tmp_path / letter.name)
    kept = tree(deposit)
    assert [name for name in built | kept if built.get(name) != kept.get(name)] == []
    payload = built[f"data/{letter.name}.txt"]
    assert hashlib.sha256(payload).hexdigest() == PAYLOAD_SHA256
    assert payload == text.read_bytes()


def test_the_committed_deposit_verifies_by_us_and_by_the_library_of_congress(deposit: Path) -> None:
    ours = run([sys.executable, "-m", "muniment", "verify", str(deposit), "--fail-on", "warning"])
    assert ours.returncode == 0, ours.stdout
    theirs = run([sys.executable, "-m", "bagit", "--validate", str(deposit)])
    assert (theirs.returncode, f"{deposit} is valid" in theirs.stderr) == (0, True), theirs.stderr


def test_no_platform_changes_a_byte_of_a_bag(repository: Path, deposit: Path) -> None:
    """What Git is told of every file that lies in bags/ (where the checkout is one of Git's)."""
    if shutil.which("git") is None or not (repository / ".git").exists():
        assert "bags/** -text" in (repository / ".gitattributes").read_text().splitlines()
        return
    files = [str(path) for path in deposit.rglob("*") if path.is_file()]
    line = ["git", "-C", str(repository), "-c", "safe.directory=*", "check-attr", "-a", *files]
    told = run(line).stdout.splitlines()
    for name in ("text", "eol", "ident", "filter", "working-tree-encoding"):
        assert sum(f": {name}: unset" in each for each in told) == len(files), name
