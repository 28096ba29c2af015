"""Lists of what to package: what they name, and nothing else, under the paths they name it by."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.bags.payload import Payload
from muniment.bags.source_lists import SourceList, listed, read_source_list
from muniment.bags.sources import Sources, survey_sources
from muniment.model.errors import EnvironmentFault

FILES = ("letters/1952/a.txt", "letters/1952/b c.txt", "letters/list.txt", "x.txt")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in FILES:
        (tmp_path / "f" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "f" / path).write_bytes(path.encode())
    return tmp_path / "f"


def survey(base: Path, data: bytes, **options: object) -> Payload:
    return survey_sources(Sources(lists=(SourceList(base=base, data=data),), **options))  # type: ignore[arg-type]


def placed(payload: Payload) -> list[str]:
    return [file.path for file in payload.files]


@pytest.mark.parametrize(
    "data",
    [
        b"x.txt\nletters/1952/b c.txt\n",
        b"letters/1952/b c.txt\nx.txt",
        b"x.txt\r\n\r\nletters/1952/b c.txt\r\n",
        b"\xef\xbb\xbfx.txt\nletters/1952/b c.txt\n",
        b"./x.txt\n./letters//1952/./b c.txt\n",
        b"x.txt\0letters/1952/b c.txt\0",
        b"x.txt\0letters/1952/b c.txt",
    ],
)
def test_what_a_list_names_keeps_its_path(folder: Path, data: bytes) -> None:
    payload = survey(folder, data)
    assert placed(payload) == ["data/letters/1952/b c.txt", "data/x.txt"]
    assert payload.findings == []


def test_a_name_with_a_line_end_needs_nuls(folder: Path) -> None:
    (folder / "line\nend\r").write_bytes(b"x")
    assert placed(survey(folder, b"line\nend\r\0")) == ["data/line\nend\r"]


def test_a_name_that_is_not_utf8_is_told_as_elsewhere(folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff")).touch()
    assert [each.rule.id for each in survey(folder, b"\xff\n").findings] == ["SRC-101"]


def test_a_listed_folder_is_taken_whole(folder: Path) -> None:
    assert placed(survey(folder, b"letters/1952/\n")) == [
        "data/letters/1952/a.txt",
        "data/letters/1952/b c.txt",
    ]
    assert placed(survey(folder, b".\n")) == [f"data/{path}" for path in sorted(FILES)]


def test_a_path_may_be_absolute_where_it_lies_in_the_lists_folder(folder: Path) -> None:
    assert placed(survey(folder, f"{folder}/letters/1952/a.txt\n".encode())) == [
        "data/letters/1952/a.txt"
    ]


@pytest.mark.parametrize("path", ["../outside.txt", "letters/../x.txt", "/etc/passwd", ".."])
def test_a_path_that_leads_out_is_told_with_its_line(folder: Path, path: str) -> None:
    (folder.parent / "outside.txt").touch()
    given = SourceList(base=folder, data=f"x.txt\n\n{path}\n".encode(), file=folder / "l.txt")
    payload = survey_sources(Sources(lists=(given,)))
    [finding] = payload.findings
    assert finding.rule.id == "SRC-115"
    assert (finding.location.path, finding.location.line) == (str(folder / "l.txt"), 3)
    assert finding.evidence == {"actual": path}
    assert placed(payload) == ["data/x.txt"]
    assert not payload.can_be_packaged


def test_every_path_that_is_not_there_is_named(folder: Path) -> None:
    payload = survey(folder, b"gone.txt\nx.txt\nletters/gone\n")
    assert [(each.rule.id, each.location.path) for each in payload.findings] == [
        ("SRC-107", str(folder / "gone.txt")),
        ("SRC-107", str(folder / "letters/gone")),
    ]
    assert payload.skipped()[0].asked


def test_a_file_named_twice_or_with_its_folder_is_packaged_once(folder: Path) -> None:
    payload = survey(folder, b"letters/1952/a.txt\nletters/1952\nletters/1952/a.txt\nx.txt\n")
    assert placed(payload) == [
        "data/letters/1952/a.txt",
        "data/letters/1952/b c.txt",
        "data/x.txt",
    ]
    [finding] = payload.findings
    assert (finding.rule.id, finding.evidence["files"]) == ("SRC-116", 2)


def test_the_list_and_the_record_are_not_payload(folder: Path) -> None:
    given = read_source_list(folder / "letters" / "list.txt")
    whole = SourceList(base=folder, data=b"letters\nx.txt\nletters/list.txt\n", file=given.file)
    payload = survey_sources(Sources(lists=(whole,), record=folder / "x.txt"))
    assert placed(payload) == ["data/letters/1952/a.txt", "data/letters/1952/b c.txt"]


def test_an_empty_list_names_nothing(folder: Path) -> None:
    [finding] = survey(folder, b"\n\r\n").findings
    assert (finding.rule.id, finding.location.path) == ("SRC-104", "standard input")


def test_beside_a_list_other_sources_keep_their_names(folder: Path) -> None:
    given = SourceList(base=folder, data=b"x.txt\n")
    payload = survey_sources(Sources(paths=(folder / "letters" / "1952",), lists=(given,)))
    assert placed(payload) == ["data/1952/a.txt", "data/1952/b c.txt", "data/x.txt"]


def test_patterns_hold_for_what_is_listed_too(folder: Path) -> None:
    payload = survey(folder, b"x.txt\nletters\n", exclude=("**/1952/a*", "x.txt"))
    assert placed(payload) == ["data/letters/1952/b c.txt", "data/letters/list.txt"]


def test_a_lists_paths_start_from_its_folder(folder: Path) -> None:
    (folder / "letters" / "list.txt").write_bytes(b"1952/a.txt\n")
    given = read_source_list(folder / "letters" / "list.txt")
    assert placed(survey_sources(Sources(lists=(given,)))) == ["data/1952/a.txt"]


def test_a_list_that_is_not_there_is_a_fault_of_the_surroundings(folder: Path) -> None:
    with pytest.raises(EnvironmentFault, match=r"gone\.txt"):
        read_source_list(folder / "gone.txt")


@given(st.lists(st.binary(min_size=1, max_size=12).filter(lambda name: b"\0" not in name)))
def test_no_list_leads_out_of_its_folder(entries: list[bytes]) -> None:
    base = Path("/some/where")
    for entry in listed(SourceList(base=base, data=b"\0".join(entries) + b"\0")):
        if entry.path is not None:
            full = os.path.normpath(base / entry.path)
            assert full == str(base) or full.startswith(f"{base}/")
            assert ".." not in entry.path.split("/")
