"""A plan becomes a bag that any reader accepts, the same on any day and any number of cores."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from bagcheck import check, shelf
from hypothesis import given
from hypothesis import strategies as st

from muniment.bags.plan import Plan, SealedManifest, TagFile
from muniment.bags.second_opinion import second_opinion
from muniment.bags.sources import Sources, survey_sources
from muniment.bags.writing import SourceChangedError, write_bag
from muniment.model.digests import Algorithm
from muniment.model.findings import Severity, Verdict
from muniment.model.paths import LONGEST_NAME
from muniment.model.rules import source as rules
from muniment.storage.executors import Executor, InProcess, ProcessPool
from muniment.storage.hashing import digest_of
from muniment.storage.progress import Silent

LETTERS = {"letter.txt": b"To Comrade MAO\n", "maps/a b.txt": b"north", "maps/100%.txt": b""}
BOTH = (Algorithm.SHA256, Algorithm.SHA512)


def fill(folder: Path, files: Mapping[str, bytes]) -> Path:
    folder.mkdir()
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def plan_of(
    source: Path, *, algorithms: tuple[Algorithm, ...] = BOTH, tag_files: tuple[TagFile, ...] = ()
) -> Plan:
    payload = survey_sources(Sources(paths=(source,), allow_empty=True))
    return Plan(
        name="bag",
        payload=tuple(payload.files),
        tag_files=tag_files,
        bag_info=(("Source-Organization", "City Archive"), ("Note", "w " * 90)),
        algorithms=algorithms,
        seal=lambda _: (),
    )


def write(plan: Plan, folder: Path, executor: Executor | None = None) -> Path:
    folder.mkdir()
    write_bag(plan, folder, executor=executor or InProcess(), progress=Silent())
    return folder


def content(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.mark.parametrize("algorithms", [BOTH, (Algorithm.MD5,), tuple(Algorithm)])
def test_what_is_written_is_right_in_every_reader(
    algorithms: tuple[Algorithm, ...], tmp_path: Path
) -> None:
    source = fill(tmp_path / "source", {"letter.txt": b"x", "maps/a b.txt": b"north"})
    bag = write(plan_of(source, algorithms=algorithms), tmp_path / "bag")
    report = check(bag)
    assert (report.verdict(), report.findings) == (Verdict.PASS, ())
    assert second_opinion(bag) is None
    names = {f"{kind}-{name}.txt" for kind in ("manifest", "tagmanifest") for name in algorithms}
    tag_files = {path.name for path in bag.iterdir() if path.is_file()}
    assert tag_files == names | {"bagit.txt", "bag-info.txt"}


def test_payload_is_kept_byte_for_byte_with_its_times(tmp_path: Path) -> None:
    source = fill(tmp_path / "source", LETTERS)
    os.utime(source / "letter.txt", ns=(0, 1_234_567_890_123_456_789))
    before = content(source)
    bag = write(plan_of(source), tmp_path / "bag")
    assert {path: (bag / "data" / path).read_bytes() for path in LETTERS} == LETTERS
    assert (bag / "data/letter.txt").stat().st_mtime_ns == 1_234_567_890_123_456_789
    assert content(source) == before


def test_manifests_list_paths_in_code_point_order_and_coded(tmp_path: Path) -> None:
    source = fill(tmp_path / "source", LETTERS | {"Z": b"", "\xe9": b"", "a\nb": b""})
    bag = write(plan_of(source), tmp_path / "bag")
    lines = (bag / "manifest-sha256.txt").read_text("utf-8").splitlines()
    assert [line.split("  ", 1)[1] for line in lines] == [
        "data/Z",
        "data/a%0Ab",
        "data/letter.txt",
        "data/maps/100%25.txt",
        "data/maps/a b.txt",
        "data/\xe9",
    ]
    assert lines[2].split()[0] == digest_of(LETTERS["letter.txt"], "sha256").hex()


def test_tag_manifests_list_every_tag_file_and_no_tag_manifest(tmp_path: Path) -> None:
    source = fill(tmp_path / "source", LETTERS)
    more = (TagFile(path="metadata/mods.xml", content=b"<mods/>"),)
    bag = write(plan_of(source, tag_files=more), tmp_path / "bag")
    for name in BOTH:
        lines = (bag / f"tagmanifest-{name}.txt").read_text("utf-8").splitlines()
        assert [line.split("  ")[1] for line in lines] == [
            "bag-info.txt",
            "bagit.txt",
            "manifest-sha256.txt",
            "manifest-sha512.txt",
            "metadata/mods.xml",
        ]


def test_what_speaks_of_the_manifests_is_sealed_with_them(tmp_path: Path) -> None:
    seen: list[SealedManifest] = []
    plan = plan_of(fill(tmp_path / "source", LETTERS))

    def seal(manifests: object) -> tuple[TagFile, ...]:
        assert isinstance(manifests, list)
        seen.extend(manifests)
        return (TagFile(path="metadata/premis.xml", content=b"<premis/>"),)

    plan = Plan(**{name: getattr(plan, name) for name in plan.__slots__} | {"seal": seal})
    bag = write(plan, tmp_path / "bag")
    assert [each.path for each in seen] == ["manifest-sha256.txt", "manifest-sha512.txt"]
    for each in seen:
        data = (bag / each.path).read_bytes()
        assert digest_of(data, each.digest.algorithm) == each.digest.value
    assert "metadata/premis.xml" in (bag / "tagmanifest-sha256.txt").read_text("utf-8")


def test_the_same_bytes_on_any_number_of_cores(tmp_path: Path) -> None:
    files = {f"{number % 7}/{number}.txt": str(number).encode() for number in range(1300)}
    source = fill(tmp_path / "source", files)
    alone = content(write(plan_of(source), tmp_path / "alone"))
    with ProcessPool(2) as pool:
        together = content(write(plan_of(source), tmp_path / "together", pool))
    assert alone == together


def test_an_empty_payload_is_a_bag(tmp_path: Path) -> None:
    bag = write(plan_of(fill(tmp_path / "source", {})), tmp_path / "bag")
    assert (bag / "data").is_dir()
    assert (bag / "manifest-sha256.txt").read_bytes() == b""
    assert check(bag).findings == ()


def test_every_file_that_changed_is_named(tmp_path: Path) -> None:
    source = fill(tmp_path / "source", LETTERS)
    plan = plan_of(source)
    (source / "letter.txt").write_bytes(b"something else")
    (source / "maps/a b.txt").unlink()
    with pytest.raises(SourceChangedError) as raised:
        write(plan, tmp_path / "bag")
    found = {(each.rule, each.location.path) for each in raised.value.findings}
    assert found == {
        (rules.CHANGED_WHILE_READ, str(source / "letter.txt")),
        (rules.UNREADABLE, str(source / "maps/a b.txt")),
    }


NAMES = (
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\x00"), min_size=1)
    | st.sampled_from(["%", "%25", "%0A", "a\r\nb", " ", " a ", "*x", "~", "\\n", "-", "#", "...."])
).filter(lambda name: name not in {".", ".."} and len(name.encode()) <= LONGEST_NAME)


@given(st.dictionaries(NAMES, st.binary(max_size=4), max_size=6))
def test_files_of_any_name_make_a_bag_that_we_accept(files: dict[str, bytes]) -> None:
    with shelf() as home:
        source = fill(home / "source", files)
        report = check(write(plan_of(source), home / "bag"))
        kept = {path.name: path.read_bytes() for path in (home / "bag/data").iterdir()}
    assert kept == files
    assert not [each for each in report.findings if each.severity is Severity.ERROR]
    told = {each.rule.id for each in report.findings}
    assert told <= {"BAG-405", "BAG-406", "BAG-407"}, "only names that will not travel"
