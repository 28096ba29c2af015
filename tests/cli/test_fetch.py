"""`muniment fetch`: what it says, how it exits, and what a kill leaves behind."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from bagbuilder import PAYLOAD, Bag
from bagcheck import check
from cli_helpers import assert_conforms, document_of, muniment
from disturbed import Disturber, disturber, in_memory
from holey import holey
from web import Served, Web, serving

from muniment.model.findings import BagState

HELLO, NORTH = "data/hello.txt", "data/maps/north.txt"


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as server:
        yield server


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_bag_is_completed(work: Path, web: Web) -> None:
    holey(work / "bag", web, PAYLOAD)
    result = muniment("fetch", "bag", "--allow-private")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "PASS  bag (bag, complete, not verified)\n"
        "      checked: structure, completeness; not checked: fixity (of the payload only what was"
        " fetched\n"
        "      was verified; muniment verify checks all of it), profile (none was asked for)\n"
        "\n"
        "  bag: bag\n"
        "  name: bag\n"
        "  fetched: 2 files, 12 octets\n"
        "  to be fetched: 0 files, 0 octets\n"
        "  kept aside: -\n"
    )
    assert muniment("verify", "bag").exit_code == 0


def test_nothing_private_is_reached_unless_allowed(work: Path, web: Web) -> None:
    holey(work / "bag", web, PAYLOAD)
    result = muniment("fetch", "bag", "--format", "json")
    document = document_of(result)
    assert (result.exit_code, document["verdict"], web.connections) == (3, "unverified", [])
    found = [(f["rule"], f["location"]["path"]) for f in document["subjects"][0]["findings"]]
    assert sorted(found) == [
        ("FET-201", HELLO),
        ("FET-201", NORTH),
        ("FET-304", HELLO),
        ("FET-304", NORTH),
    ]
    assert document["result"]["to_be_fetched"] == {"files": 2, "octets": 12}


def test_a_file_that_is_not_the_right_one_fails(work: Path, web: Web) -> None:
    holey(work / "bag", web, {**PAYLOAD, HELLO: b"HELLO\n"})
    result = muniment("fetch", "bag", "--allow-private", "--format", "json")
    document = document_of(result)
    assert (result.exit_code, document["verdict"]) == (1, "fail")
    assert document["result"]["fetched"] == {"files": 1, "octets": 6}
    for line in muniment(
        "fetch", "bag", "--allow-private", "--format", "jsonl"
    ).stdout.splitlines():
        assert_conforms(json.loads(line), "line")


def test_a_file_that_is_not_there_is_unverified(work: Path, web: Web) -> None:
    holey(work / "bag", web, {HELLO: Served(status=404)})
    result = muniment("fetch", "bag", "--allow-private")
    assert result.exit_code == 3
    assert "data/hello.txt was not fetched: 127.0.0.1 answers 404" in result.stdout


def test_an_unknown_length_left_is_null(work: Path, web: Web) -> None:
    holey(work / "bag", web, {HELLO: Served(status=404)}, lengths={HELLO: "-"})
    document = document_of(muniment("fetch", "bag", "--allow-private", "--format", "json"))
    assert document["result"]["to_be_fetched"] == {"files": 1, "octets": None}


def test_what_arrived_is_kept_and_named(work: Path, web: Web) -> None:
    content = bytes(100_000)
    bag = Bag(algorithms=("sha256",), payload={"data/big": content})
    cut = Served(content=content, cuts=[50_000], failures=[])
    holey(work / "bag", web, {"data/big": cut}, bag=bag)
    cut.failures = [(404, {})]
    muniment("fetch", "bag", "--allow-private")
    side = work / ".muniment-fetch-bag"
    assert not side.exists()
    cut.stated, cut.content = 100_000, content[:50_000]
    cut.ranges = False
    result = muniment("fetch", "bag", "--allow-private", "--format", "json")
    assert document_of(result)["result"]["kept_aside"] == str(side)
    assert result.exit_code == 3
    cut.stated, cut.content = None, content
    assert muniment("fetch", "bag", "--allow-private").exit_code == 0
    assert not side.exists()


def test_local_files_only_where_allowed(work: Path) -> None:
    (work / "hello").write_bytes(PAYLOAD[HELLO])
    bag = Bag().write_lines("fetch.txt", [f"file://{work}/hello 6 {HELLO}"]).seal().drop(HELLO)
    bag.write(work / "bag")
    assert muniment("fetch", "bag").exit_code == 3
    assert muniment("fetch", "bag", "--allow-scheme", "file").exit_code == 0


def test_a_limit_on_bytes(work: Path, web: Web) -> None:
    holey(work / "bag", web, PAYLOAD)
    result = muniment("fetch", "bag", "--allow-private", "--max-bytes", "6", "--connections", "1")
    assert (result.exit_code, "FET-305" in result.stdout) == (3, True)


@pytest.mark.parametrize(
    "wrong",
    [
        ("--connections", "0"),
        ("--connections", "1000"),
        ("--max-bytes", "-1"),
        ("--timeout", "0"),
        ("--allow-scheme", "ftp"),
    ],
)
def test_wrong_usage(work: Path, wrong: tuple[str, str]) -> None:
    Bag().seal().write(work / "bag")
    assert muniment("fetch", "bag", *wrong).exit_code == 2


def test_a_bag_that_is_not_there(work: Path) -> None:
    assert muniment("fetch", work / "nowhere").exit_code == 3


def test_an_archive_is_refused(work: Path) -> None:
    Bag().seal().write_tar(work / "bag.tar", "bag")
    result = muniment("fetch", "bag.tar")
    assert (result.exit_code, "unpack" in result.stderr) == (2, True)


@pytest.fixture(scope="module")
def process() -> Iterator[Disturber]:
    with disturber() as running:
        yield running


def test_killed_at_any_moment_nothing_unverified_is_in_the_bag_and_a_rerun_completes_it(
    web: Web, process: Disturber
) -> None:
    payload = {f"data/{number}/{number}.bin": bytes([number]) * 300_000 for number in range(4)}
    whole = Bag(algorithms=("md5", "sha256"), payload=payload)
    served = {path: Served(content=content) for path, content in payload.items()}
    killed = 0
    with in_memory() as ground:
        bag = ground / "bag"
        origin = holey(ground / "origin", web, served, bag=whole)
        arguments = ("fetch", bag, "--allow-private", "--connections", "2")
        shutil.copytree(origin, bag)
        events = process.run(*arguments)["events"]
        for moment in range(0, events, max(1, events // 40)):
            shutil.rmtree(bag)
            shutil.copytree(origin, bag)
            killed += process.run(*arguments, kill=moment)["signal"] == 9
            for path in (bag / "data").rglob("*.bin"):
                name = path.relative_to(bag).as_posix()
                assert path.read_bytes() == payload[name], (moment, name)
            assert process.run(*arguments)["code"] == 0, moment
            assert check(bag).state is BagState.VALID, moment
            assert sorted(path.name for path in ground.iterdir()) == ["bag", "origin"], moment
    assert killed > 30
