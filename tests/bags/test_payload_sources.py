"""What lies in the sources becomes payload, or is told of: files, folders, and odd things."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from privileges import without_privileges

from muniment.bags.payload import Payload
from muniment.bags.sources import EmptyFolderPolicy, Sources, survey_sources
from muniment.model.findings import Finding


def fill(folder: Path, files: Mapping[str, bytes]) -> Path:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def found(findings: Iterable[Finding]) -> list[tuple[str, str | None]]:
    return sorted((finding.rule.id, finding.location.path) for finding in findings)


def survey(*paths: Path, **options: object) -> Payload:
    return survey_sources(Sources(paths=paths, **options))  # type: ignore[arg-type]


def placed(payload: Payload) -> dict[str, str]:
    """Where each file goes, and where it lies."""
    return {file.path: file.source for file in payload.files}


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    return fill(
        tmp_path / "scans", {"b.txt": b"bb", "a/1.txt": b"1", ".hidden": b"", "A.txt": b"A"}
    )


def test_one_folders_contents_go_to_data_as_they_lie_in_code_point_order(scans: Path) -> None:
    payload = survey(scans)
    assert list(placed(payload)) == ["data/.hidden", "data/A.txt", "data/a/1.txt", "data/b.txt"]
    assert [file.size for file in payload.files] == [0, 1, 1, 2]
    assert payload.octets == 4
    assert payload.findings == []


def test_times_are_those_of_the_files_to_the_nanosecond(scans: Path) -> None:
    os.utime(scans / "b.txt", ns=(1, 1_234_567_891))
    assert survey(scans).files[-1].modified == 1_234_567_891


def test_several_sources_keep_their_names(scans: Path, tmp_path: Path) -> None:
    letter = fill(tmp_path, {"letter.txt": b"x"}) / "letter.txt"
    assert placed(survey(scans, letter)) == {
        "data/letter.txt": str(letter),
        "data/scans/.hidden": f"{scans}/.hidden",
        "data/scans/A.txt": f"{scans}/A.txt",
        "data/scans/a/1.txt": f"{scans}/a/1.txt",
        "data/scans/b.txt": f"{scans}/b.txt",
    }


@pytest.mark.parametrize("spelling", [".", "a/..", ""])
def test_a_folder_without_a_name_of_its_own_has_that_of_where_it_is(
    scans: Path, spelling: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    letter = fill(tmp_path, {"letter.txt": b"x"}) / "letter.txt"
    monkeypatch.chdir(scans)
    assert "data/scans/a/1.txt" in placed(survey(Path(spelling), letter))


def test_a_file_named_twice_is_packaged_once_and_that_is_told(
    scans: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(scans)
    payload = survey(Path("b.txt"), Path("a/../b.txt"), scans / "b.txt")
    assert list(placed(payload)) == ["data/b.txt"]
    [finding] = payload.findings
    assert (finding.rule.id, finding.evidence["files"]) == ("SRC-116", 2)


def test_two_files_of_one_name_are_refused_each_pair_told(tmp_path: Path) -> None:
    for folder in "abc":
        fill(tmp_path / folder, {"x.txt": folder.encode()})
    payload = survey(*(tmp_path / folder / "x.txt" for folder in "abc"))
    assert found(payload.findings) == [
        ("SRC-106", str(tmp_path / "b" / "x.txt")),
        ("SRC-106", str(tmp_path / "c" / "x.txt")),
    ]
    assert {finding.evidence["twin"] for finding in payload.findings} == {
        str(tmp_path / "a" / "x.txt")
    }


def test_the_record_in_the_folder_is_not_payload_by_whatever_name_it_is_given(
    scans: Path, tmp_path: Path
) -> None:
    fill(scans, {"a/record.yaml": b"title: x\n", "record.yaml": b"another"})
    (tmp_path / "other.yaml").symlink_to(scans / "a" / "record.yaml")
    paths = placed(survey(scans, record=tmp_path / "other.yaml"))
    assert "data/a/record.yaml" not in paths
    assert "data/record.yaml" in paths


def test_a_record_that_is_named_as_a_source_is_payload(scans: Path) -> None:
    fill(scans, {"record.yaml": b"title: x\n"})
    record = scans / "record.yaml"
    assert placed(survey(record, record=record)) == {"data/record.yaml": str(record)}


def test_an_empty_folder_is_told_of_where_it_lies(scans: Path) -> None:
    (scans / "empty" / "within").mkdir(parents=True)
    payload = survey(scans)
    assert found(payload.findings) == [("SRC-109", str(scans / "empty" / "within"))]
    assert len(payload.files) == 4


def test_a_source_that_is_an_empty_folder_among_others_is_told_of(
    scans: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    assert found(survey(scans, tmp_path / "empty").findings) == [
        ("SRC-109", str(tmp_path / "empty"))
    ]


def test_an_empty_folder_can_be_kept_by_a_file_of_its_own_time(scans: Path) -> None:
    empty = scans / "empty" / "within"
    empty.mkdir(parents=True)
    os.utime(empty, ns=(5, 5_000_000_007))
    payload = survey(scans, empty_folders=EmptyFolderPolicy.KEEP)
    assert found(payload.findings) == [("SRC-122", str(empty))]
    [keeper] = [file for file in payload.files if file.is_keeper]
    assert (keeper.path, keeper.size, keeper.modified) == (
        "data/empty/within/.keep",
        0,
        5_000_000_007,
    )
    assert list(empty.iterdir()) == []


def test_only_an_empty_folder_is_not_a_payload_even_where_folders_are_kept(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    payload = survey(tmp_path / "empty", empty_folders=EmptyFolderPolicy.KEEP)
    assert found(payload.findings) == [("SRC-104", str(tmp_path / "empty"))]
    assert payload.files == []


@pytest.mark.parametrize("allowed", [False, True])
def test_a_bag_among_the_sources_is_refused_unless_it_is_asked_for(
    scans: Path, *, allowed: bool
) -> None:
    fill(scans, {"a/bagit.txt": b"", "a/data/x": b"x"})
    payload = survey(scans, allow_nested_bags=allowed)
    assert found(payload.findings) == [("SRC-123" if allowed else "SRC-105", str(scans / "a"))]
    assert payload.can_be_packaged is allowed
    assert "data/a/data/x" in placed(payload)


def test_an_unfinished_in_place_packaging_is_never_taken_for_payload(scans: Path) -> None:
    fill(scans, {"a/.muniment-in-place-1700000000000000000/bag/data/x": b"x"})
    payload = survey(scans, allow_nested_bags=True)
    assert found(payload.findings) == [("SRC-127", str(scans / "a"))]
    assert not payload.can_be_packaged


def test_a_special_file_is_refused_whatever_is_asked(scans: Path) -> None:
    os.mkfifo(scans / "pipe")
    for source in (scans, scans / "pipe"):
        assert found(survey(source, allow_empty=True, allow_nested_bags=True).findings) == [
            ("SRC-103", str(scans / "pipe"))
        ]


def test_every_file_that_may_not_be_read_is_named_before_anything_is_packaged(
    scans: Path, tmp_path: Path
) -> None:
    (scans / "b.txt").chmod(0)
    (scans / "A.txt").chmod(0)
    (scans / "a").chmod(0)
    with without_privileges(tmp_path):
        payload = survey(scans)
    (scans / "a").chmod(0o755)
    wanted = [("SRC-107", str(scans / name)) for name in ("A.txt", "a", "b.txt")]
    assert found(payload.findings) == wanted
    assert not payload.can_be_packaged
    [skipped] = payload.skipped()
    assert skipped.asked
    assert "and 2 more" in skipped.reason


def test_names_that_only_case_or_form_tells_apart_are_told_of(tmp_path: Path) -> None:
    folder = fill(tmp_path / "f", {"Café": b"1", "cafe\u0301": b"2", "sub/x": b"", "SUB/y": b""})
    twins = [finding for finding in survey(folder).findings if finding.rule.id == "SRC-111"]
    assert {each.location.path: each.evidence["twin"] for each in twins} == {
        str(folder / "cafe\u0301"): "data/Café",
        "data/sub": "data/SUB",
    }
