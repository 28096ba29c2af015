"""package in all its ways: lists, patterns, policies, several bags, in place."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest
from cli_helpers import document_of, muniment
from click.testing import CliRunner, Result
from disturbed import disturber

from muniment.bags.plan import Plan
from muniment.cli.root import root

AS_ASKED = ("--record", "record.yaml", "--date", "2024-05-17", "--second-opinion", "never")
TO_OUT = (*AS_ASKED, "--output", "out")
SIZES = {"a/1.bin": 400, "a/2.bin": 500, "b/3.bin": 300, "c.bin": 700, "d.bin": 1200, "e.bin": 1}


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("record.yaml").write_text("title: Letters\nidentifier: letters\n", "utf-8")
    for path, size in SIZES.items():
        (Path("scans") / path).parent.mkdir(parents=True, exist_ok=True)
        (Path("scans") / path).write_bytes(path[:1].encode() * size)
    return tmp_path


def ask(*arguments: str) -> tuple[int, dict[str, Any]]:
    result = muniment("package", *arguments, "--format", "json")
    assert result.stdout, result.stderr
    return result.exit_code, document_of(result)


def findings(document: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [
        (finding["rule"], finding["location"]["path"])
        for subject in document["subjects"]
        for finding in subject["findings"]
    ]


def payload(bag: str) -> list[str]:
    data = Path("out") / bag / "data"
    return sorted(path.relative_to(data).as_posix() for path in data.rglob("*") if path.is_file())


def bag_info(bag: str) -> list[str]:
    return (Path("out") / bag / "bag-info.txt").read_text("utf-8").splitlines()


def out() -> list[str]:
    return sorted(path.name for path in Path("out").iterdir()) if Path("out").exists() else []


def refused(*arguments: str) -> str:
    result = muniment("package", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert out() == []
    return result.stderr


# Lists, patterns and policies.


def test_a_list_names_what_is_packaged() -> None:
    Path("scans/list.txt").write_text("a\nc.bin\n", "utf-8")
    code, document = ask("--files-from", "scans/list.txt", *TO_OUT)
    assert (code, findings(document)) == (0, [])
    assert payload("letters") == ["a/1.bin", "a/2.bin", "c.bin"]


def from_standard_input(given: bytes, *arguments: str) -> Result:
    line = ["package", "--files-from", "-", *TO_OUT, "--format", "json", *arguments]
    return CliRunner().invoke(root, line, input=given)


def test_a_list_may_come_from_standard_input_parted_by_nuls() -> None:
    assert from_standard_input(b"scans/a/1.bin\0scans/e.bin\0").exit_code == 0
    assert payload("letters") == ["scans/a/1.bin", "scans/e.bin"]


def test_an_error_in_a_list_is_told_with_its_line_and_nothing_is_made() -> None:
    result = from_standard_input(b"scans/a/1.bin\n../x\n")
    assert result.exit_code == 1
    [finding] = document_of(result)["subjects"][0]["findings"]
    assert finding["rule"] == "SRC-115"
    assert (finding["location"]["path"], finding["location"]["line"]) == ("standard input", 2)
    assert out() == []


def test_a_list_that_is_not_there_could_not_be_read() -> None:
    result = muniment("package", "--files-from", "gone.txt", *TO_OUT)
    assert (result.exit_code, result.stdout) == (3, "")
    assert "gone.txt: No such file" in result.stderr


def test_what_is_left_out_is_told() -> None:
    Path("scans/Thumbs.db").write_bytes(b"x")
    code, document = ask(
        "scans", *TO_OUT, "--include", "*.bin", "--exclude", "/a/", "--exclude-system-files"
    )
    assert code == 0
    assert payload("letters") == ["b/3.bin", "c.bin", "d.bin", "e.bin"]
    told = [finding["evidence"] for finding in document["subjects"][0]["findings"]]
    assert [(each["option"], each["files"], each["octets"]) for each in told] == [
        ("--exclude", 2, 900),
        ("--include", 1, 1),
    ]


def test_a_pattern_that_matches_nothing_fails_where_warnings_do() -> None:
    options = ("scans", *TO_OUT, "--exclude", "*.tmp")
    assert muniment("package", *options, "--fail-on", "warning", "--name", "x").exit_code == 1
    assert muniment("package", *options).exit_code == 0


def test_links_follow_the_policy() -> None:
    Path("scans/link").symlink_to("a")
    assert ask("scans", *TO_OUT)[0] == 1
    assert out() == []
    assert ask("scans", *TO_OUT, "--symlinks", "skip", "--name", "skipped")[0] == 0
    assert ask("scans", *TO_OUT, "--symlinks", "follow", "--name", "followed")[0] == 0
    assert set(payload("followed")) - set(payload("skipped")) == {"link/1.bin", "link/2.bin"}
    assert not [path for path in Path("out").rglob("*") if path.is_symlink()]
    assert muniment("verify", "out/skipped", "out/followed").exit_code == 0


@pytest.mark.parametrize("serialize", [(), ("--serialize", "tar"), ("--serialize", "zip")])
def test_empty_folders_are_kept_where_that_is_asked(serialize: tuple[str, ...]) -> None:
    Path("scans/empty").mkdir()
    code, document = ask("scans", *TO_OUT, "--empty-folders", "keep", *serialize)
    assert (code, findings(document)) == (0, [("SRC-122", "scans/empty")])
    assert document["result"]["payload"] == {"files": len(SIZES) + 1, "octets": sum(SIZES.values())}
    bag = document["result"]["bag"]
    assert muniment("verify", bag).exit_code == 0
    if not serialize:
        keeper = Path(bag) / "data" / "empty" / ".keep"
        assert keeper.read_bytes() == b""
        assert keeper.stat().st_mtime_ns == Path("scans/empty").stat().st_mtime_ns


def test_a_bag_within_is_accepted_where_that_is_asked() -> None:
    assert ask("scans", *TO_OUT)[0] == 0
    assert ask("out", *AS_ASKED, "--output", "nested")[0] == 1
    code, document = ask("out", *AS_ASKED, "--output", "nested", "--allow-nested-bags")
    assert (code, findings(document)) == (0, [("SRC-123", "out/letters")])
    assert muniment("verify", "nested/letters", "nested/letters/data/letters").exit_code == 0


# Before the first byte.


@pytest.mark.parametrize("output", ["scans", "scans/a/deeper", "scans/new/../other"])
def test_a_bag_cannot_appear_in_its_own_source(output: str) -> None:
    before = sorted(Path("scans").rglob("*"))
    said = refused("scans", *AS_ASKED, "--output", output)
    assert "lies in the source scans; choose a folder outside of it" in said
    assert sorted(Path("scans").rglob("*")) == before


def test_a_path_too_long_for_its_place_is_told_of_before(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d" * 200] * ((4000 - len(str(tmp_path))) // 201))
    longest = 4095 - len(str(deep)) - len("/.muniment-staging-xxxxxxxxxxxxxxxxxxxx/bag/data/")
    name = "long/" * (longest // 5) + "x" * (longest % 5 + 1)
    (Path("scans") / name).parent.mkdir(parents=True)
    (Path("scans") / name).write_bytes(b"x")
    code, document = ask("scans", *AS_ASKED, "--output", str(deep), "--name", "other")
    assert code == 1
    assert findings(document) == [("SRC-124", f"scans/{name}")]
    assert not (deep / "other").exists()


@pytest.mark.parametrize("size", ["0", "-1", "5 parsecs", "1.5.2GB", "MB", "5G", "0.1", "1e3", ""])
def test_what_is_no_size_is_refused(size: str) -> None:
    assert f'"{size}" is no size; write 500MB, 4.7GB or 2GiB' in refused(
        "scans", *TO_OUT, "--split", size
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((*TO_OUT,), "Missing argument 'SOURCE...', or a list with --files-from"),
        (("scans", "--output", "out"), "Missing option '--record'"),
        (("scans", *AS_ASKED), "Missing option '--output'"),
        (("scans", *TO_OUT, "--resume"), "--resume and --undo belong to --in-place"),
        (("scans", *TO_OUT, "--in-place"), "no --output"),
        (("scans", "record.yaml", *AS_ASKED, "--in-place"), "--in-place takes one SOURCE"),
        (("scans", "--in-place", "--undo", "--resume"), "not both"),
        (("scans", *AS_ASKED, "--in-place", "--split", "1KB"), "--split cannot be given with it"),
        (("scans", *AS_ASKED, "--in-place", "--serialize", "tar"), "--serialize cannot be given"),
        (("scans", *TO_OUT, "--symlinks", "perhaps"), "'perhaps' is not one of 'refuse'"),
        (("scans", *TO_OUT, "--exclude", "#x"), "--exclude '#x' is no pattern"),
        (
            ("scans", *TO_OUT, "--split", "1KB", "--bag-info", "bag-count: 1 of 2"),
            "--split counts the bags",
        ),
    ],
)
def test_wrong_usage_touches_nothing(arguments: tuple[str, ...], said: str) -> None:
    before = sorted(Path("scans").rglob("*"))
    assert said in refused(*arguments)
    assert sorted(Path("scans").rglob("*")) == before


# Several bags of a group.

GROUP = ["letters-1of4", "letters-2of4", "letters-3of4", "letters-4of4"]
SPLIT = ("scans", *TO_OUT, "--split", "1KB")


def test_a_payload_is_split_into_the_bags_of_a_group() -> None:
    code, document = ask(*SPLIT)
    assert code == 0
    assert out() == GROUP
    assert [payload(bag) for bag in GROUP] == [
        ["a/1.bin", "a/2.bin"],
        ["b/3.bin", "c.bin"],
        ["d.bin"],
        ["e.bin"],
    ]
    for number, bag in enumerate(GROUP, 1):
        info = bag_info(bag)
        place = info.index("Bag-Group-Identifier: letters")
        assert info[place + 1] == f"Bag-Count: {number} of 4"
        assert "External-Identifier: letters" in info
    assert document["result"]["group"] == "letters"
    assert [bag["name"] for bag in document["result"]["bags"]] == GROUP
    assert sum(bag["payload"]["octets"] for bag in document["result"]["bags"]) == sum(
        SIZES.values()
    )
    assert findings(document) == [("SRC-125", "scans/d.bin")]
    assert [subject["kind"] for subject in document["subjects"]] == ["source", *["bag"] * 4]
    assert muniment("verify", *(f"out/{bag}" for bag in GROUP)).exit_code == 0


def test_the_same_source_and_date_give_the_same_bags() -> None:
    assert ask(*SPLIT)[0] == 0
    Path("out").rename("first")
    assert ask(*SPLIT)[0] == 0
    for path in (each for each in Path("first").rglob("*") if each.is_file()):
        assert (Path("out") / path.relative_to("first")).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("size", ["1GB", "0.1 MiB", "3101", "3.101kb"])
def test_what_fits_into_one_bag_is_no_group(size: str) -> None:
    code, document = ask("scans", *TO_OUT, "--split", size)
    assert (code, out()) == (0, ["letters"])
    assert document["result"]["group"] is None
    assert len(document["result"]["bags"]) == 1
    assert not [line for line in bag_info("letters") if line.startswith("Bag-")][:-2]


def test_the_group_may_be_named_otherwise_than_its_bags() -> None:
    code, document = ask(*SPLIT, "--bag-info", "Bag-Group-Identifier: Fonds 7", "--name", "part")
    assert (code, document["result"]["group"]) == (0, "Fonds 7")
    assert "Bag-Group-Identifier: Fonds 7" in bag_info("part-1of4")


@pytest.mark.parametrize("form", [None, "tar", "zip", "tar.gz"])
def test_a_rerun_keeps_what_is_there_and_makes_what_is_not(form: str | None) -> None:
    options = (*SPLIT, *(("--serialize", form) if form else ()))
    ending = f".{form}" if form else ""
    assert ask(*options)[0] == 0
    before = {path: path.stat().st_ino for path in Path("out").iterdir()}
    gone = Path("out") / f"letters-3of4{ending}"
    gone.rename("elsewhere")
    code, document = ask(*options, "--date", "2025-01-01")
    assert code == 0
    kept = [f"out/letters-{number}of4{ending}" for number in (1, 2, 4)]
    assert [path for rule, path in findings(document) if rule == "SRC-126"] == kept
    assert [bag["name"] for bag in document["result"]["bags"]] == GROUP
    after = {path: path.stat().st_ino for path in Path("out").iterdir()}
    assert after.keys() == before.keys()
    assert {path for path in after if after[path] != before[path]} == {gone}


def spoil_payload() -> None:
    Path("out/letters-2of4/data/c.bin").write_bytes(b"x" * 700)


def spoil_source() -> None:
    Path("scans/c.bin").write_bytes(b"x" * 700)


def spoil_record() -> None:
    Path("record.yaml").write_text("title: Other letters\nidentifier: letters\n", "utf-8")


def spoil_folder() -> None:
    Path("out/letters-2of4").rename("elsewhere")
    Path("out/letters-2of4").mkdir()


@pytest.mark.parametrize("spoil", [spoil_payload, spoil_source, spoil_record, spoil_folder])
def test_what_is_there_and_is_something_else_is_refused(spoil: Any) -> None:  # noqa: ANN401
    assert ask(*SPLIT)[0] == 0
    Path("out/letters-4of4").rename("gone")
    spoil()
    result = muniment("package", *SPLIT)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "it is not what would be written now" in result.stderr
    assert out() == GROUP[:3]


def test_bags_of_another_division_are_in_the_way() -> None:
    assert ask(*SPLIT)[0] == 0
    result = muniment("package", "scans", *TO_OUT, "--split", "2KB")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "out holds letters-1of4, which is of another group of the same name" in result.stderr
    assert out() == GROUP


def test_where_the_disk_fails_the_report_says_which_bags_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from muniment.bags.writing import write_bag as write

    def failing(plan: Plan, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        if plan.name == GROUP[2]:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(plan, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr("muniment.workflow.packaging.write_bag", failing)
        code, document = ask(*SPLIT)
    assert (code, out()) == (3, GROUP[:2])
    assert [bag["name"] for bag in document["result"]["bags"]] == GROUP[:2]
    verdicts = [subject["verdict"] for subject in document["subjects"]]
    assert verdicts == ["pass", "pass", "pass", "unverified", "unverified"]
    reasons = [each["checks"]["skipped"][0]["reason"] for each in document["subjects"][3:]]
    assert "no room to write" in reasons[0]
    assert reasons[1] == "not begun, because out/letters-3of4 could not be made"
    assert ask(*SPLIT)[0] == 0
    assert out() == GROUP


def test_a_killed_group_is_completed_by_a_rerun() -> None:
    with disturber() as process:
        events = process.run("package", *SPLIT)["events"]
        for moment in range(events // 5, events, events // 5):
            for path in Path("out").iterdir():
                path.rename(f"{path.name}-{moment}")
            assert process.run("package", *SPLIT, kill=moment)["signal"] == signal.SIGKILL
            there = [name for name in out() if not name.startswith(".")]
            assert there == GROUP[: len(there)]
            assert process.run("package", *SPLIT)["code"] == 0
            assert out() == GROUP
            assert process.run("verify", *(f"out/{bag}" for bag in GROUP))["code"] == 0


def test_a_rerun_removes_what_a_killed_run_left_though_every_bag_is_there() -> None:
    assert ask(*SPLIT)[0] == 0
    Path("out/.muniment-staging-left/bag").mkdir(parents=True)
    assert out() == [".muniment-staging-left", *GROUP]
    assert ask(*SPLIT)[0] == 0
    assert out() == GROUP


# In place.


def test_a_folder_becomes_a_bag_where_it_lies() -> None:
    code, document = ask("scans", "--in-place", *AS_ASKED)
    assert code == 0
    assert document["result"]["bag"] == "scans"
    assert document["result"]["name"] == "scans"
    assert document["subjects"][0]["state"] == "valid"
    assert sorted(path.name for path in Path().iterdir()) == ["record.yaml", "scans"]
    assert muniment("verify", "scans").exit_code == 0


def test_an_interrupted_one_is_told_of_and_undone() -> None:
    before = sorted(Path("scans").rglob("*"))
    shutil.copytree("scans", "other")
    with disturber() as process:
        events = process.run("package", "other", "--in-place", *AS_ASKED)["events"]
        killed = process.run("package", "scans", "--in-place", *AS_ASKED, kill=events * 2 // 3)
    assert killed["signal"] == signal.SIGKILL
    result = muniment("package", "scans", "--in-place", *AS_ASKED)
    assert result.exit_code == 2
    assert "finish it with --resume, or take it back with --undo" in result.stderr
    code, document = ask("scans", "--in-place", "--undo")
    assert (code, findings(document)) == (0, [("SRC-129", "scans")])
    assert sorted(Path("scans").rglob("*")) == before
    assert ask("scans", "--in-place", *AS_ASKED)[0] == 0


def test_the_text_report_of_a_group_lists_every_bag() -> None:
    result = muniment("package", *SPLIT)
    assert result.exit_code == 0
    assert "  group: letters" in result.stdout.splitlines()
    assert [line for line in result.stdout.splitlines() if line.startswith("    bag: ")] == [
        f"    bag: out/{bag}" for bag in GROUP
    ]


def test_the_last_json_line_lists_every_bag() -> None:
    result = muniment("package", *SPLIT, "--format", "jsonl")
    last = json.loads(result.stdout.splitlines()[-1])
    assert [bag["bag"] for bag in last["result"]["bags"]] == [f"out/{bag}" for bag in GROUP]
