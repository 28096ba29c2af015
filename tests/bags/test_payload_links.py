"""Symbolic links: refused, left out, or followed to what lies in the sources, and always told."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from muniment.bags.payload import Payload
from muniment.bags.source_links import LinkPolicy
from muniment.bags.source_lists import SourceList
from muniment.bags.sources import Sources, survey_sources
from muniment.model.findings import Finding


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One file twice removed, and one beside the source."""
    (tmp_path / "f" / "a" / "b").mkdir(parents=True)
    (tmp_path / "f" / "a" / "b" / "deep.txt").write_bytes(b"deep")
    (tmp_path / "outside.txt").write_bytes(b"outside")
    return tmp_path / "f"


def survey(*paths: Path, symlinks: LinkPolicy, **options: object) -> Payload:
    return survey_sources(Sources(paths=paths, symlinks=symlinks, **options))  # type: ignore[arg-type]


def follow(*paths: Path) -> Payload:
    return survey(*paths, symlinks=LinkPolicy.FOLLOW)


def found(findings: Iterable[Finding]) -> list[tuple[str, str | None]]:
    return sorted((finding.rule.id, finding.location.path) for finding in findings)


def contents(payload: Payload) -> dict[str, bytes]:
    return {file.path: Path(file.source).read_bytes() for file in payload.files}


@pytest.mark.parametrize("target", ["a/b/deep.txt", "a", "../outside.txt", "gone", "."])
@pytest.mark.parametrize(
    ("policy", "rule"), [(LinkPolicy.REFUSE, "SRC-102"), (LinkPolicy.SKIP, "SRC-118")]
)
def test_links_are_refused_or_left_out_wherever_they_lead(
    folder: Path, policy: LinkPolicy, rule: str, target: str
) -> None:
    (folder / "link").symlink_to(target)
    payload = survey(folder, symlinks=policy)
    assert found(payload.findings) == [(rule, str(folder / "link"))]
    assert payload.findings[0].evidence["target"] == target
    assert list(contents(payload)) == ["data/a/b/deep.txt"]
    assert payload.can_be_packaged is (policy is LinkPolicy.SKIP)


def test_a_followed_link_gives_the_file_it_leads_to_under_its_own_name(folder: Path) -> None:
    (folder / "link.txt").symlink_to("a/b/deep.txt")
    (folder / "again.txt").symlink_to("link.txt")
    payload = follow(folder)
    assert found(payload.findings) == [
        ("SRC-117", str(folder / "again.txt")),
        ("SRC-117", str(folder / "link.txt")),
    ]
    assert contents(payload) == dict.fromkeys(
        ("data/a/b/deep.txt", "data/again.txt", "data/link.txt"), b"deep"
    )
    assert {file.source for file in payload.files} == {str(folder / "a" / "b" / "deep.txt")}


def test_a_followed_link_gives_all_that_lies_in_a_folder(folder: Path) -> None:
    (folder / "link").symlink_to("a")
    (folder / "a" / "inner").symlink_to("b")
    assert list(contents(follow(folder))) == [
        "data/a/b/deep.txt",
        "data/a/inner/deep.txt",
        "data/link/b/deep.txt",
        "data/link/inner/deep.txt",
    ]


@pytest.mark.parametrize("target", ["../outside.txt", "/etc", "a/../../outside.txt"])
def test_a_link_out_of_the_source_is_never_followed(folder: Path, target: str) -> None:
    (folder / "link").symlink_to(target)
    payload = follow(folder)
    assert found(payload.findings) == [("SRC-119", str(folder / "link"))]
    assert list(contents(payload)) == ["data/a/b/deep.txt"]


def test_a_folder_that_is_only_named_alike_is_not_the_source(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "x").write_bytes(b"x")
    (folder / "link").symlink_to("../folder/x")
    assert found(follow(folder).findings) == [("SRC-119", str(folder / "link"))]


def test_a_link_from_one_source_into_another_stays_inside(folder: Path, tmp_path: Path) -> None:
    (folder / "link").symlink_to("../outside.txt")
    payload = follow(folder, tmp_path / "outside.txt")
    assert contents(payload)["data/f/link"] == b"outside"


@pytest.mark.parametrize("target", ["gone", "link", "a/b/deep.txt/x"])
def test_a_link_to_nothing_is_refused(folder: Path, target: str) -> None:
    (folder / "link").symlink_to(target)
    assert found(follow(folder).findings) == [("SRC-120", str(folder / "link"))]


def test_a_link_to_a_pipe_is_a_special_file(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    (folder / "link").symlink_to("pipe")
    assert found(follow(folder).findings) == [
        ("SRC-103", str(folder / "link")),
        ("SRC-103", str(folder / "pipe")),
    ]


@pytest.mark.parametrize("target", [".", "..", "../..", "../../../f/a"])
def test_a_link_to_a_folder_around_it_is_a_circle(folder: Path, target: str) -> None:
    (folder / "a" / "b" / "link").symlink_to(target)
    payload = follow(folder)
    assert found(payload.findings) == [("SRC-121", str(folder / "a" / "b" / "link"))]
    assert list(contents(payload)) == ["data/a/b/deep.txt"]


def test_two_links_that_lead_to_each_other_are_a_circle(folder: Path) -> None:
    (folder / "c").mkdir()
    (folder / "c" / "to-a").symlink_to("../a")
    (folder / "a" / "to-c").symlink_to("../c")
    payload = follow(folder)
    assert [rule for rule, _ in found(payload.findings) if rule != "SRC-117"] == [
        "SRC-121",
        "SRC-121",
    ]
    assert list(contents(payload)) == [
        "data/a/b/deep.txt",
        "data/c/to-a/b/deep.txt",
    ]


def test_links_that_double_the_payload_again_and_again_come_to_an_end(tmp_path: Path) -> None:
    """Forty folders of two links each, each to the next folder: a million million files."""
    for number in range(40):
        inner = tmp_path / "f" / f"{number:02}"
        inner.mkdir(parents=True)
        for name in ("x", "y"):
            (inner / name).symlink_to(f"../{number + 1:02}")
    (tmp_path / "f" / "40").mkdir()
    (tmp_path / "f" / "40" / "file").write_bytes(b"x")
    payload = follow(tmp_path / "f")
    assert not payload.can_be_packaged
    assert {rule for rule, _ in found(payload.findings)} == {"SRC-117", "SRC-121"}
    assert len(payload.files) < 100
    assert len(payload.findings) < 41 * 64 * 3


@pytest.mark.parametrize("policy", LinkPolicy)
def test_a_folder_that_is_named_itself_may_be_behind_a_link(
    folder: Path, policy: LinkPolicy
) -> None:
    behind = folder.with_name("behind")
    behind.symlink_to("f")
    payload = survey(behind, symlinks=policy)
    assert (payload.findings, list(contents(payload))) == ([], ["data/a/b/deep.txt"])


def test_a_file_that_is_named_itself_is_followed_where_links_are(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "link.txt").symlink_to(folder / "a" / "b" / "deep.txt")
    assert found(survey(tmp_path / "link.txt", symlinks=LinkPolicy.REFUSE).findings) == [
        ("SRC-102", str(tmp_path / "link.txt"))
    ]
    assert contents(follow(tmp_path / "link.txt")) == {"data/link.txt": b"deep"}


@pytest.mark.parametrize(
    ("policy", "rule"),
    [
        (LinkPolicy.REFUSE, "SRC-102"),
        (LinkPolicy.SKIP, "SRC-118"),
        (LinkPolicy.FOLLOW, "SRC-119"),
    ],
)
def test_a_listed_path_does_not_slip_through_a_link_on_its_way(
    folder: Path, policy: LinkPolicy, rule: str
) -> None:
    (folder / "way").symlink_to("..")
    for listed in (b"way/outside.txt", b"way/f/way/outside.txt"):
        given = SourceList(base=folder, data=listed)
        payload = survey_sources(Sources(lists=(given,), symlinks=policy))
        assert rule in {each for each, _ in found(payload.findings)}
        assert payload.files == []


def test_a_listed_path_through_a_link_that_stays_inside_can_be_followed(folder: Path) -> None:
    (folder / "way").symlink_to("a")
    given = SourceList(base=folder, data=b"way/b/deep.txt\nway/b\n")
    payload = survey_sources(Sources(lists=(given,), symlinks=LinkPolicy.FOLLOW))
    assert contents(payload) == {"data/way/b/deep.txt": b"deep"}
    assert [rule for rule, _ in found(payload.findings)] == ["SRC-116", "SRC-117", "SRC-117"]
