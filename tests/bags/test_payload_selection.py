"""What is left out by patterns: only that, counted, and told with the pattern that did it."""

from __future__ import annotations

import fnmatch
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.bags.payload import Payload
from muniment.bags.selection import Selection
from muniment.bags.sources import Sources, survey_sources
from muniment.model.errors import UsageError

FILES = ("a.tmp", "a.txt", "drafts/b.tmp", "drafts/b.txt", "sub/drafts/c.txt", "sub/cache/d.bin")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number, path in enumerate(FILES, 1):
        (tmp_path / "f" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "f" / path).write_bytes(b"x" * number)
    return tmp_path / "f"


def survey(*paths: Path, **options: object) -> Payload:
    return survey_sources(Sources(paths=paths, **options))  # type: ignore[arg-type]


def left_out(payload: Payload) -> set[str]:
    return set(FILES) - {file.path.removeprefix("data/") for file in payload.files}


@pytest.mark.parametrize(
    ("pattern", "gone"),
    [
        ("*.tmp", {"a.tmp", "drafts/b.tmp"}),
        ("/*.tmp", {"a.tmp"}),
        ("drafts", {"drafts/b.tmp", "drafts/b.txt", "sub/drafts/c.txt"}),
        ("drafts/", {"drafts/b.tmp", "drafts/b.txt", "sub/drafts/c.txt"}),
        ("/drafts/", {"drafts/b.tmp", "drafts/b.txt"}),
        ("drafts/*.txt", {"drafts/b.txt"}),
        ("**/drafts/*.txt", {"drafts/b.txt", "sub/drafts/c.txt"}),
        ("sub/**", {"sub/drafts/c.txt", "sub/cache/d.bin"}),
        ("[ab].t?t", {"a.txt", "drafts/b.txt"}),
    ],
)
def test_exclude_takes_out_what_matches(folder: Path, pattern: str, gone: set[str]) -> None:
    payload = survey(folder, exclude=(pattern,))
    assert left_out(payload) == gone
    [finding] = payload.findings
    assert finding.rule.id == "SRC-113"
    assert finding.location.path == str(folder)
    assert finding.evidence == {
        "option": "--exclude",
        "pattern": pattern,
        "files": len(gone),
        "folders": 0,
        "octets": sum(FILES.index(path) + 1 for path in gone),
    }


def test_of_several_patterns_the_last_that_matches_decides(folder: Path) -> None:
    payload = survey(folder, exclude=("*.txt", "!b.txt"))
    assert left_out(payload) == {"a.txt", "sub/drafts/c.txt"}


def test_include_takes_only_what_matches_and_exclude_then_takes_out(folder: Path) -> None:
    payload = survey(folder, include=("*.txt", "cache/"), exclude=("/drafts/",))
    assert left_out(payload) == {"a.tmp", "drafts/b.tmp", "drafts/b.txt"}
    counts = {
        (each.evidence["option"], each.evidence["pattern"]): each.evidence["files"]
        for each in payload.findings
    }
    assert counts == {("--include", None): 2, ("--exclude", "/drafts/"): 1}


def test_patterns_speak_of_the_paths_in_the_bag(folder: Path, tmp_path: Path) -> None:
    """With several sources a path begins with the source's name."""
    (tmp_path / "g").mkdir()
    (tmp_path / "g" / "a.txt").write_bytes(b"x")
    payload = survey(folder, tmp_path / "g", exclude=("/f/a.txt",))
    paths = {file.path for file in payload.files}
    assert "data/g/a.txt" in paths
    assert "data/f/a.txt" not in paths


def test_a_pattern_that_matches_nothing_is_a_warning(folder: Path) -> None:
    """Also where another pattern has taken out already what it matches: then it is no mistake."""
    payload = survey(folder, exclude=("*.tpm", "*.tmp", "a.tmp", "*.TXT"), include=("*", "*.tif"))
    warned = [each for each in payload.findings if each.rule.id == "SRC-114"]
    assert {(each.evidence["option"], each.evidence["pattern"]) for each in warned} == {
        ("--exclude", "*.tpm"),
        ("--exclude", "*.TXT"),
        ("--include", "*.tif"),
    }


def test_where_nothing_is_left_there_is_nothing_to_package(folder: Path) -> None:
    rules = {finding.rule.id for finding in survey(folder, include=("*.tif",)).findings}
    assert rules == {"SRC-104", "SRC-113", "SRC-114"}


@pytest.mark.parametrize("pattern", ["", " ", "#x", "!", "a\\", "a[b", "/"])
def test_what_is_no_pattern_is_refused_with_its_option(folder: Path, pattern: str) -> None:
    for option in ("include", "exclude"):
        with pytest.raises(UsageError, match=f"--{option} "):
            survey(folder, **{option: (pattern,)})


def test_what_is_excluded_cannot_stand_in_the_way(folder: Path) -> None:
    """Links, pipes, empty folders and bags among what is not wanted anyway."""
    (folder / "no" / "data").mkdir(parents=True)
    (folder / "no" / "bagit.txt").touch()
    (folder / "no" / "link").symlink_to("nowhere")
    os.mkfifo(folder / "no" / "pipe")
    payload = survey(folder, exclude=("no/",))
    [finding] = payload.findings
    assert (finding.rule.id, finding.evidence["files"], finding.evidence["folders"]) == (
        "SRC-113",
        3,
        1,
    )
    assert payload.can_be_packaged


@pytest.mark.parametrize(
    ("path", "gone"),
    [
        ("Thumbs.db", True),
        ("sub/.DS_Store", True),
        ("._letter.txt", True),
        ("desktop.ini", True),
        ("__MACOSX/sub/x.txt", True),
        ("Thumbs.dbx", False),
        (".hidden", False),
        ("x._y", False),
    ],
)
def test_system_files_are_left_out_where_that_is_asked(
    tmp_path: Path, path: str, *, gone: bool
) -> None:
    (tmp_path / "f" / path).parent.mkdir(parents=True)
    (tmp_path / "f" / path).write_bytes(b"x")
    (tmp_path / "f" / "kept").write_bytes(b"x")
    asked = survey(tmp_path / "f", exclude_system_files=True)
    assert len(asked.files) == (1 if gone else 2)
    assert [each.evidence["option"] for each in asked.findings if each.rule.id == "SRC-113"] == [
        "--exclude-system-files"
    ] * gone
    assert len(survey(tmp_path / "f").files) == 2


def test_the_patterns_are_those_of_git(tmp_path: Path, missing: Callable[[str], NoReturn]) -> None:
    """Git itself is asked, where it is: on every pattern the same files go."""
    if shutil.which("git") is None:
        missing("git is not installed")
    patterns = ["*.tmp", "/drafts", "drafts/", "**/c*", "sub/*", "!*.txt", "a.*", "sub/**/d.bin"]
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    for pattern in patterns:
        (tmp_path / ".gitignore").write_text(f"*.bin\n{pattern}\n", "utf-8")
        asked = subprocess.run(
            ["git", "-C", tmp_path, "check-ignore", "--no-index", *FILES],
            capture_output=True,
            text=True,
            check=False,
        )
        selection = Selection(include=(), exclude=("*.bin", pattern), system_files=False)
        ours = {path for path in FILES if selection.leaves_out(path, 0)}
        assert ours == set(asked.stdout.splitlines()), pattern


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=8)
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)


@given(st.lists(PATHS, max_size=8, unique=True), st.text(alphabet="ab*?.", min_size=1, max_size=4))
def test_a_pattern_without_a_slash_matches_any_part_of_a_path(
    paths: list[str], pattern: str
) -> None:
    """Each path is taken out or kept, and the count is of those that are taken out."""
    if not pattern.strip("."):
        return
    selection = Selection(include=(), exclude=(pattern,), system_files=False)
    for path in paths:
        parts = path.split("/")
        wanted = any(fnmatch.fnmatchcase(part, pattern) for part in parts)
        assert selection.leaves_out(path, 1) is wanted, (path, pattern)
