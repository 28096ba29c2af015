"""fetch: what is brought in, from where, and what is never put into the bag (RFC 8493 2.2.3, 5)."""

from __future__ import annotations

import hashlib
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NoReturn

import pytest
from bagbuilder import PAYLOAD, Bag, digest
from bagcheck import Found, assert_found, check, rule_ids
from holey import HASTE, aside, fetched, holey, reach
from web import Served, Web, serving, wait_until

from muniment.bags.fetching_addresses import private_reason
from muniment.bags.fetching_crew import FetchSettings
from muniment.bags.fetching_http import Reach
from muniment.bags.fetching_one import Patience
from muniment.model.errors import EnvironmentFault
from muniment.model.findings import BagState, Finding, Report, Verdict
from muniment.storage.journal import sole_writer
from muniment.workflow import FetchRequest, fetch

HELLO, NORTH = "data/hello.txt", "data/maps/north.txt"
BIG = bytes(range(256)) * 4096  # 1 MiB


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as server:
        yield server


def one(content: bytes, path: str = "data/big.bin") -> Bag:
    """A bag of one file."""
    return Bag(algorithms=("md5", "sha256"), payload={path: content})


def findings(report: Report) -> Sequence[Finding]:
    return report.subjects[0].findings


def of_fetching(report: Report) -> list[Finding]:
    """What fetching itself met with."""
    return [finding for finding in findings(report) if finding.rule.id.startswith("FET-3")]


def result(report: Report) -> tuple[object, object]:
    assert report.result is not None
    return report.result["fetched"], report.result["to_be_fetched"]


def test_a_holey_bag_becomes_whole(tmp_path: Path, web: Web) -> None:
    bag = holey(tmp_path / "bag", web, PAYLOAD)
    assert check(bag).state is BagState.INCOMPLETE
    report = fetched(bag)
    assert (report.verdict(), report.subjects[0].state) == (Verdict.PASS, BagState.COMPLETE)
    assert result(report) == ({"files": 2, "octets": 12}, {"files": 0, "octets": 0})
    assert {path: (bag / path).read_bytes() for path in PAYLOAD} == PAYLOAD
    assert check(bag).state is BagState.VALID
    assert [path.name for path in tmp_path.iterdir()] == ["bag"]


def test_fetch_txt_stays_and_the_bag_is_valid_with_it(tmp_path: Path, web: Web) -> None:
    bag = holey(tmp_path / "bag", web, PAYLOAD)
    before = (bag / "fetch.txt").read_bytes()
    fetched(bag)
    assert (bag / "fetch.txt").read_bytes() == before
    assert check(bag).state is BagState.VALID


def test_what_is_there_already_is_not_fetched_and_not_touched(tmp_path: Path, web: Web) -> None:
    bag = holey(tmp_path / "bag", web, PAYLOAD)
    (bag / HELLO).write_bytes(b"other\n")
    report = fetched(bag)
    assert web.paths() == ["/north.txt"]
    assert (bag / HELLO).read_bytes() == b"other\n"
    assert result(report)[0] == {"files": 1, "octets": 6}


def test_a_whole_bag_needs_no_server(tmp_path: Path, web: Web) -> None:
    report = fetched(Bag().seal().write(tmp_path / "bag"))
    assert report.verdict() is Verdict.PASS
    assert result(report)[0] == {"files": 0, "octets": 0}
    assert web.requests == []


def test_other_bytes_are_never_put_in_place(tmp_path: Path, web: Web) -> None:
    other = PAYLOAD[HELLO][:-1] + b"\r"
    bag = holey(tmp_path / "bag", web, {**PAYLOAD, HELLO: other})
    report = fetched(bag)
    [finding] = of_fetching(report)
    assert (finding.rule.id, finding.location.path) == ("FET-301", HELLO)
    assert finding.evidence["algorithm"] == "sha256"
    assert finding.evidence["expected"] == hashlib.sha256(PAYLOAD[HELLO]).hexdigest()
    assert finding.evidence["actual"] == hashlib.sha256(other).hexdigest()
    assert report.verdict() is Verdict.FAIL
    assert not (bag / HELLO).exists()
    assert (bag / NORTH).read_bytes() == PAYLOAD[NORTH]
    assert [path.name for path in tmp_path.iterdir()] == ["bag"]


def test_every_manifest_must_agree(tmp_path: Path, web: Web) -> None:
    bag = Bag(algorithms=("md5", "sha256")).edit(
        "manifest-md5.txt", digest(PAYLOAD[HELLO], "md5"), "0" * 32
    )
    folder = holey(tmp_path / "bag", web, {HELLO: PAYLOAD[HELLO]}, bag=bag)
    [finding] = of_fetching(fetched(folder))
    assert (finding.rule.id, finding.evidence["algorithm"]) == ("FET-301", "md5")
    assert not (folder / HELLO).exists()


def test_more_bytes_than_stated_stop_the_transfer(tmp_path: Path, web: Web) -> None:
    served = {HELLO: Served(content=PAYLOAD[HELLO] + BIG, chunked=True)}
    bag = holey(tmp_path / "bag", web, served)
    [finding] = of_fetching(fetched(bag))
    assert (finding.rule.id, finding.location.path) == ("FET-302", HELLO)
    assert finding.evidence["expected"] == 6
    assert not (bag / HELLO).exists()
    assert aside(bag) == []


def test_a_stated_length_that_is_too_long_is_refused_before_the_bytes(
    tmp_path: Path, web: Web
) -> None:
    bag = holey(tmp_path / "bag", web, {HELLO: Served(content=b"x" * 7)})
    [finding] = of_fetching(fetched(bag))
    assert (finding.rule.id, finding.evidence["actual"]) == ("FET-302", 7)


def test_a_stream_without_end_is_stopped_by_payload_oxum(tmp_path: Path, web: Web) -> None:
    bag = Bag(algorithms=("md5", "sha256")).add("bag-info.txt", "Payload-Oxum: 12.2")
    served = {HELLO: Served(content=b"x" * 100_000, endless=True)}
    folder = holey(tmp_path / "bag", web, served, lengths={HELLO: "-"}, bag=bag)
    [finding] = of_fetching(fetched(folder))
    assert (finding.rule.id, finding.evidence["expected"]) == ("FET-302", 6)


def test_a_length_that_was_stated_too_large_is_told_and_the_file_kept(
    tmp_path: Path, web: Web
) -> None:
    bag = holey(tmp_path / "bag", web, {HELLO: PAYLOAD[HELLO]}, lengths={HELLO: "4000000000000"})
    report = fetched(bag, most_bytes=100)
    assert (bag / HELLO).read_bytes() == PAYLOAD[HELLO]
    assert_found(findings(report), [Found("FET-202", "fetch.txt", 1, "4000000000000")])


def test_no_room_is_taken_by_a_stated_length(tmp_path: Path, web: Web) -> None:
    part = {HELLO: Served(content=b"Hel", stall=30)}
    bag = holey(tmp_path / "bag", web, part, lengths={HELLO: "1000000000000"})
    report = fetched(bag, where=reach(timeout=0.3), patience=Patience(tries=1), most_bytes=10)
    assert [finding.rule.id for finding in of_fetching(report)] == ["FET-303"]
    assert aside(bag) == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 501])
def test_a_file_that_is_not_there_is_unverified_and_asked_for_once(
    tmp_path: Path, web: Web, status: int
) -> None:
    bag = holey(tmp_path / "bag", web, {HELLO: Served(status=status, content=b"no")})
    report = fetched(bag)
    [finding] = of_fetching(report)
    assert (finding.rule.id, finding.location.path) == ("FET-303", HELLO)
    assert str(status) in finding.message
    assert report.verdict() is Verdict.UNVERIFIED
    assert len(web.requests) == 1


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_server_that_is_busy_is_asked_again(tmp_path: Path, web: Web, status: int) -> None:
    busy = Served(content=PAYLOAD[HELLO], failures=[(status, {}), (status, {"Retry-After": "0"})])
    bag = holey(tmp_path / "bag", web, {HELLO: busy})
    assert fetched(bag).verdict() is Verdict.PASS
    assert len(web.requests) == 3


def test_a_server_that_stays_busy_is_given_up(tmp_path: Path, web: Web) -> None:
    bag = holey(tmp_path / "bag", web, {HELLO: Served(failures=[(503, {})] * 9)})
    report = fetched(bag)
    assert [finding.rule.id for finding in of_fetching(report)] == ["FET-303"]
    assert len(web.requests) == HASTE.tries


def test_a_server_that_says_wait_is_waited_for(tmp_path: Path, web: Web) -> None:
    busy = Served(content=PAYLOAD[HELLO], failures=[(503, {"Retry-After": "1"})])
    bag = holey(tmp_path / "bag", web, {HELLO: busy})
    ended = threading.Event()
    threading.Timer(0.6, ended.set).start()
    assert fetched(bag).verdict() is Verdict.PASS
    assert ended.is_set(), "it was asked again before its time"


def test_an_unreachable_server_is_unverified(tmp_path: Path, web: Web) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    bag = Bag().write_lines("fetch.txt", [f"http://127.0.0.1:{port}/x 6 {HELLO}"]).seal()
    report = fetched(bag.drop(HELLO).write(tmp_path / "bag"))
    assert report.verdict() is Verdict.UNVERIFIED
    assert report.subjects[0].state is BagState.INCOMPLETE
    [finding] = of_fetching(report)
    assert (finding.rule.id, "refused" in finding.message) == ("FET-303", True)
    assert web.requests == []


def test_a_server_that_fails_for_file_after_file_is_left_alone(tmp_path: Path, web: Web) -> None:
    payload = {f"data/{number:02}": b"%d" % number for number in range(20)}
    whole = Bag(algorithms=("md5",), payload=payload)
    served = {path: Served(failures=[(503, {})] * 99) for path in payload}
    bag = holey(tmp_path / "bag", web, served, bag=whole)
    report = fetched(bag, connections=1)
    assert rule_ids(of_fetching(report)) == ["FET-303"] * 20
    assert sorted(set(web.paths())) == ["/00", "/01", "/02"]
    assert "was left alone" in of_fetching(report)[-1].message


def test_a_file_that_is_missing_says_nothing_of_its_server(tmp_path: Path, web: Web) -> None:
    payload = {f"data/{number:02}": b"%d" % number for number in range(9)}
    whole = Bag(algorithms=("md5",), payload=payload)
    bag = holey(tmp_path / "bag", web, {p: Served(status=404) for p in payload}, bag=whole)
    fetched(bag, connections=1)
    assert len(web.requests) == 9


def test_a_cut_transfer_goes_on_from_where_it_broke(tmp_path: Path, web: Web) -> None:
    headers = {"ETag": '"one"'}
    cut = Served(content=BIG, cuts=[300_000, 400_000], headers=headers)
    bag = holey(tmp_path / "bag", web, {"data/big.bin": cut}, bag=one(BIG))
    assert fetched(bag).verdict() is Verdict.PASS
    asked = [(h.get("Range"), h.get("If-Range")) for _, h in web.requests]
    assert asked[0] == (None, None)
    assert asked[1][0] is not None
    assert asked[1][0] > "bytes=0-"
    assert asked[1][1] == '"one"'
    assert check(bag).state is BagState.VALID


def test_the_next_run_goes_on_from_what_has_arrived(tmp_path: Path, web: Web) -> None:
    cut = Served(content=BIG, cuts=[300_000], headers={"ETag": '"one"'})
    bag = holey(tmp_path / "bag", web, {"data/big.bin": cut}, bag=one(BIG))
    report = fetched(bag, patience=Patience(tries=1))
    assert report.verdict() is Verdict.UNVERIFIED
    [part] = aside(bag)
    arrived = part.stat().st_size
    assert 0 < arrived <= 300_000
    assert not (bag / "data" / "big.bin").exists()
    assert report.result is not None
    assert report.result["kept_aside"] == str(part.parent)

    assert fetched(bag).verdict() is Verdict.PASS
    assert web.requests[-1][1]["Range"] == f"bytes={arrived}-"
    assert check(bag).state is BagState.VALID
    assert aside(bag) == []


def test_a_server_without_ranges_begins_again(tmp_path: Path, web: Web) -> None:
    cut = Served(content=BIG, cuts=[300_000], ranges=False)
    bag = holey(tmp_path / "bag", web, {"data/big.bin": cut}, bag=one(BIG))
    assert fetched(bag).verdict() is Verdict.PASS
    assert (bag / "data" / "big.bin").read_bytes() == BIG


def test_a_file_that_changed_meanwhile_begins_again_by_its_tag(tmp_path: Path, web: Web) -> None:
    old = bytes(len(BIG))
    cut = Served(content=old, later=BIG, cuts=[300_000], headers={"ETag": '"old"'})
    bag = holey(tmp_path / "bag", web, {"data/big.bin": cut}, bag=one(BIG))
    fetched(bag, patience=Patience(tries=1))
    cut.headers["ETag"] = '"new"'
    assert fetched(bag).verdict() is Verdict.PASS
    assert (bag / "data" / "big.bin").read_bytes() == BIG


def test_a_joint_that_does_not_fit_is_fetched_again_from_the_first_byte(
    tmp_path: Path, web: Web
) -> None:
    """A server without tags, whose file changed between two answers."""
    cut = Served(content=bytes(len(BIG)), later=BIG, cuts=[300_000])
    bag = holey(tmp_path / "bag", web, {"data/big.bin": cut}, bag=one(BIG))
    assert fetched(bag).verdict() is Verdict.PASS
    assert [h.get("Range") for _, h in web.requests][-1] is None
    assert (bag / "data" / "big.bin").read_bytes() == BIG


def test_a_part_that_was_spoilt_is_not_trusted(tmp_path: Path, web: Web) -> None:
    cut = Served(content=BIG, cuts=[300_000])
    bag = holey(tmp_path / "bag", web, {"data/big.bin": cut}, bag=one(BIG))
    fetched(bag, patience=Patience(tries=1))
    [part] = aside(bag)
    part.write_bytes(bytes(part.stat().st_size))
    assert fetched(bag).verdict() is Verdict.PASS
    assert check(bag).state is BagState.VALID


def test_a_part_that_is_whole_needs_no_server(tmp_path: Path, web: Web) -> None:
    bag = holey(
        tmp_path / "bag", web, {"data/big.bin": Served(content=BIG, cuts=[9])}, bag=one(BIG)
    )
    fetched(bag, patience=Patience(tries=1))
    [part] = aside(bag)
    part.write_bytes(BIG)
    web.requests.clear()
    assert fetched(bag).verdict() is Verdict.PASS
    assert web.requests == []


def test_a_part_that_is_too_long_is_begun_again(tmp_path: Path, web: Web) -> None:
    cut = Served(content=BIG, cuts=[9])
    bag = holey(tmp_path / "bag", web, {"data/big.bin": cut}, bag=one(BIG))
    fetched(bag, patience=Patience(tries=1))
    [part] = aside(bag)
    part.write_bytes(BIG + b"more")
    assert fetched(bag).verdict() is Verdict.PASS


def test_parts_of_what_is_no_longer_wanted_are_removed(tmp_path: Path, web: Web) -> None:
    bag = holey(tmp_path / "bag", web, PAYLOAD)
    side = tmp_path / ".muniment-fetch-bag"
    side.mkdir()
    (side / "0123").write_bytes(b"old")
    fetched(bag)
    assert not side.exists()


def test_a_server_that_stalls_is_given_up_in_time(tmp_path: Path, web: Web) -> None:
    bag = holey(tmp_path / "bag", web, {HELLO: Served(content=PAYLOAD[HELLO], stall=60)})
    report = fetched(bag, where=reach(timeout=0.3), patience=Patience(tries=2, first_pause=0.01))
    [finding] = of_fetching(report)
    assert (finding.rule.id, "0.3 s" in finding.message) == ("FET-303", True)
    assert len(web.requests) == 2


def test_a_server_that_drips_is_taken_for_stalled(tmp_path: Path, web: Web) -> None:
    slow = Served(content=BIG[:4000], drip=0.02)
    bag = holey(tmp_path / "bag", web, {"data/big.bin": slow}, bag=one(BIG[:4000]))
    report = fetched(bag, where=reach(timeout=0.4), patience=Patience(tries=1))
    [finding] = of_fetching(report)
    assert "fewer than 1,024 bytes in 0.4 s" in finding.message
    assert report.verdict() is Verdict.UNVERIFIED


def test_a_server_that_drips_its_headers_is_given_up(tmp_path: Path, web: Web) -> None:
    bag = holey(tmp_path / "bag", web, {HELLO: Served(content=PAYLOAD[HELLO], header_drip=0.05)})
    report = fetched(bag, where=reach(timeout=0.5), patience=Patience(tries=1))
    [finding] = of_fetching(report)
    assert "no answer within 0.5 s" in finding.message


def test_the_limit_on_bytes_holds_for_all_files_together(tmp_path: Path, web: Web) -> None:
    bag = holey(tmp_path / "bag", web, PAYLOAD)
    report = fetched(bag, most_bytes=6, connections=1)
    [finding] = of_fetching(report)
    assert (finding.rule.id, finding.location.path) == ("FET-305", NORTH)
    assert report.verdict() is Verdict.UNVERIFIED
    assert result(report) == ({"files": 1, "octets": 6}, {"files": 1, "octets": 6})


def test_a_connection_serves_many_files(tmp_path: Path, web: Web) -> None:
    payload = {f"data/{number:02}.txt": b"%d" % number for number in range(40)}
    bag = holey(tmp_path / "bag", web, payload, bag=Bag(algorithms=("md5",), payload=payload))
    assert fetched(bag, connections=2).verdict() is Verdict.PASS
    assert len(web.requests) == 40
    assert len(web.connections) <= 2


def test_files_come_in_parallel(tmp_path: Path, web: Web) -> None:
    """Four files whose server gives none before all four are asked for."""
    payload = {f"data/{number}.txt": b"%d" % number for number in range(4)}
    together = threading.Barrier(4, timeout=10)

    class Waiting(Served):
        def __getattribute__(self, name: str) -> object:
            if name == "stall":
                together.wait()
            return super().__getattribute__(name)

    served = {path: Waiting(content=content) for path, content in payload.items()}
    bag = holey(tmp_path / "bag", web, served, bag=Bag(algorithms=("md5",), payload=payload))
    assert fetched(bag, connections=4).verdict() is Verdict.PASS


def test_a_server_that_closes_after_each_file(tmp_path: Path, web: Web) -> None:
    served = {path: Served(content=content, close=True) for path, content in PAYLOAD.items()}
    bag = holey(tmp_path / "bag", web, served)
    assert fetched(bag, connections=1).verdict() is Verdict.PASS
    assert len(web.connections) == 2


def test_a_redirect_is_followed(tmp_path: Path, web: Web) -> None:
    web.put("/there", PAYLOAD[HELLO])
    moved = Served(status=302, headers={"Location": "/there"})
    bag = holey(tmp_path / "bag", web, {HELLO: moved})
    assert fetched(bag).verdict() is Verdict.PASS
    assert web.paths() == ["/hello.txt", "/there"]


def test_redirects_in_a_circle_end(tmp_path: Path, web: Web) -> None:
    moved = Served(status=301, headers={"Location": "/hello.txt"})
    bag = holey(tmp_path / "bag", web, {HELLO: moved})
    [finding] = of_fetching(fetched(bag))
    assert (finding.rule.id, "redirects" in finding.message) == ("FET-303", True)
    assert len(web.requests) <= 20


def loopback_but(private: str) -> Reach:
    """A world in which 127.0.0.1 is public and another loopback address is not."""
    return reach(refused=lambda address: "it is private" if address == private else None)


def test_a_redirect_to_a_private_address_is_not_followed(tmp_path: Path, web: Web) -> None:
    with serving("127.0.0.2") as private:
        secret = private.put("/secret", PAYLOAD[HELLO])
        moved = Served(status=307, headers={"Location": secret})
        bag = holey(tmp_path / "bag", web, {HELLO: moved})
        report = fetched(bag, where=loopback_but("127.0.0.2"))
        assert private.connections == []
    [finding] = of_fetching(report)
    assert (finding.rule.id, finding.location.path) == ("FET-304", HELLO)
    assert "127.0.0.2: it is private" in finding.message
    assert (report.verdict(), (bag / HELLO).exists()) == (Verdict.UNVERIFIED, False)


@pytest.mark.parametrize("location", ["file:///etc/hostname", "ftp://127.0.0.1/x", "gopher://x/"])
def test_a_redirect_to_another_scheme_is_not_followed(
    tmp_path: Path, web: Web, location: str
) -> None:
    moved = Served(status=302, headers={"Location": location})
    bag = holey(tmp_path / "bag", web, {HELLO: moved})
    report = fetched(bag, where=reach(schemes=frozenset({"http", "file"})))
    assert rule_ids(of_fetching(report)) == ["FET-304"]


def test_the_address_that_was_judged_is_the_one_connected_to(tmp_path: Path, web: Web) -> None:
    """A name that resolves to another machine the second time changes nothing."""
    port = int(web.url.rpartition(":")[2])
    asked: list[str] = []

    def resolve(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    web.put("/hello.txt", PAYLOAD[HELLO])
    bag = Bag().write_lines("fetch.txt", [f"http://turning.test:{port}/hello.txt 6 {HELLO}"])
    folder = bag.seal().drop(HELLO).write(tmp_path / "bag")
    where = Reach(refused=loopback_but("127.0.0.2").refused, resolve=resolve, timeout=5)
    assert fetched(folder, where=where).verdict() is Verdict.PASS
    assert asked == ["turning.test"]
    assert web.requests[0][1]["Host"] == f"turning.test:{port}"


def test_a_name_that_turns_private_later_is_refused_when_it_is_connected_to_again(
    tmp_path: Path, web: Web
) -> None:
    """The server closes after each file, so that the second one needs a new connection."""
    port = int(web.url.rpartition(":")[2])
    asked: list[str] = []

    def resolve(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    lines = []
    for path, content in PAYLOAD.items():
        name = "/" + path.rpartition("/")[2]
        web.put(name, Served(content=content, close=True))
        lines.append(f"http://turning.test:{port}{name} - {path}")
    bag = Bag().write_lines("fetch.txt", lines).seal().drop(*PAYLOAD).write(tmp_path / "bag")
    where = Reach(refused=loopback_but("127.0.0.2").refused, resolve=resolve, timeout=5)
    report = fetched(bag, where=where, connections=1)
    assert [(f.rule.id, f.location.path) for f in of_fetching(report)] == [("FET-304", NORTH)]
    assert asked == ["turning.test", "turning.test"]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/x",
        "file:///etc/hostname",
        "FILE:/etc/hostname",
        "data:text/plain,Hello",
        "http://user:secret@127.0.0.1/x",
        "gopher://127.0.0.1/x",
    ],
)
def test_addresses_that_are_not_followed(tmp_path: Path, url: str) -> None:
    bag = Bag().write_lines("fetch.txt", [f"{url} 6 {HELLO}"]).seal().drop(HELLO)
    report = fetched(bag.write(tmp_path / "bag"))
    [finding] = of_fetching(report)
    assert (finding.rule.id, finding.location.path) == ("FET-304", HELLO)
    assert "secret" not in finding.message
    assert report.verdict() is Verdict.UNVERIFIED


@pytest.mark.parametrize(
    "url",
    [
        "http://",
        "http:///x",
        "http://[::1/x",
        "http://127.0.0.1:99999/x",
        "http://127.0.0.1:x/",
        "http://a..b/x",
        "http://127.0.0.1\x01/x",
        f"http://{'a' * 64}.test/x",
    ],
)
def test_addresses_that_are_none_are_told_and_not_tried(tmp_path: Path, url: str) -> None:
    bag = Bag().write_lines("fetch.txt", [f"{url} 6 {HELLO}"]).seal().drop(HELLO)
    report = fetched(bag.write(tmp_path / "bag"), patience=Patience(tries=1))
    assert set(rule_ids(of_fetching(report))) <= {"FET-303", "FET-304"}
    assert report.verdict() in {Verdict.UNVERIFIED, Verdict.FAIL}
    assert not (tmp_path / "bag" / HELLO).exists()


def test_what_needs_coding_in_an_address_is_coded(tmp_path: Path, web: Web) -> None:
    web.put("/caf%C3%A9%20x?q=%C3%A9", PAYLOAD[HELLO])
    line = f"{web.url}/caf\xe9%20x?q=\xe9#part 6 {HELLO}"
    bag = Bag().write_lines("fetch.txt", [line]).seal().drop(HELLO).write(tmp_path / "bag")
    assert fetched(bag).verdict() is Verdict.PASS


def test_local_files_are_read_where_that_is_allowed(tmp_path: Path) -> None:
    source = tmp_path / "a b.txt"
    source.write_bytes(PAYLOAD[HELLO])
    line = f"file://{str(source).replace(' ', '%20')} 6 {HELLO}"
    bag = Bag().write_lines("fetch.txt", [line]).seal().drop(HELLO).write(tmp_path / "bag")
    where = reach(schemes=frozenset({"file"}))
    assert fetched(bag, where=where).verdict() is Verdict.PASS
    assert (bag / HELLO).read_bytes() == PAYLOAD[HELLO]


@pytest.mark.parametrize("place", ["/dev/zero", "/", "/nowhere", "//elsewhere.test/x"])
def test_local_places_that_are_no_files_are_told(tmp_path: Path, place: str) -> None:
    line = f"file:{'' if place.startswith('//') else '//'}{place} - {HELLO}"
    bag = Bag().write_lines("fetch.txt", [line]).seal().drop(HELLO).write(tmp_path / "bag")
    report = fetched(bag, where=reach(schemes=frozenset({"file"})))
    assert rule_ids(of_fetching(report)) == ["FET-303"]


def test_a_folder_that_is_a_link_out_of_the_bag_is_not_written_through(
    tmp_path: Path, web: Web
) -> None:
    bag = holey(tmp_path / "bag", web, PAYLOAD)
    (bag / "data" / "maps").rmdir() if (bag / "data" / "maps").exists() else None
    outside = tmp_path / "outside"
    outside.mkdir()
    (bag / "data" / "maps").symlink_to(outside)
    report = fetched(bag)
    assert ("FET-303", NORTH) in [(f.rule.id, f.location.path) for f in of_fetching(report)]
    assert list(outside.iterdir()) == []


def test_a_file_in_the_way_of_a_folder_is_told(tmp_path: Path, web: Web) -> None:
    bag = holey(tmp_path / "bag", web, PAYLOAD)
    (bag / "data" / "maps").write_bytes(b"")
    report = fetched(bag)
    assert ("FET-303", NORTH) in [(f.rule.id, f.location.path) for f in of_fetching(report)]
    assert (bag / HELLO).exists()


def test_a_bag_whose_manifest_was_changed_fetches_nothing(tmp_path: Path, web: Web) -> None:
    bag = holey(tmp_path / "bag", web, PAYLOAD)
    manifest = bag / "manifest-md5.txt"
    manifest.write_bytes(manifest.read_bytes().replace(b"  ", b" \t"))
    report = fetched(bag)
    assert ("BAG-302", "manifest-md5.txt") in [
        (f.rule.id, f.location.path) for f in findings(report)
    ]
    assert (report.verdict(), report.result, web.requests) == (Verdict.FAIL, None, [])
    assert "fetch" in [skipped.check for skipped in report.subjects[0].checks_skipped]


def test_a_path_out_of_the_bag_fetches_nothing(tmp_path: Path, web: Web) -> None:
    bag = Bag().write_lines(
        "fetch.txt", [f"{web.url}/x 6 data/../../evil", f"{web.url}/y - {HELLO}"]
    )
    report = fetched(bag.seal().drop(HELLO).write(tmp_path / "bag"))
    assert ("BAG-122", "fetch.txt") in [(f.rule.id, f.location.path) for f in findings(report)]
    assert (report.verdict(), web.requests) == (Verdict.FAIL, [])


def test_a_manifest_of_an_unknown_algorithm_alone_verifies_nothing(
    tmp_path: Path, web: Web
) -> None:
    bag = Bag(algorithms=("madeup",))
    folder = holey(tmp_path / "bag", web, {HELLO: PAYLOAD[HELLO]}, bag=bag)
    report = fetched(folder)
    assert rule_ids(of_fetching(report)) == ["FET-303"]
    assert (report.verdict(), web.requests) == (Verdict.UNVERIFIED, [])


def test_an_empty_file_is_fetched_too(tmp_path: Path, web: Web) -> None:
    bag = holey(tmp_path / "bag", web, {"data/empty": b""}, bag=one(b"", "data/empty"))
    assert fetched(bag).verdict() is Verdict.PASS
    assert (bag / "data" / "empty").read_bytes() == b""
    assert [path.name for path in tmp_path.iterdir()] == ["bag"]


def test_names_on_disk_are_those_of_the_manifest(tmp_path: Path, web: Web) -> None:
    path = "data/100%\ncaf\xe9.txt"
    bag = Bag(algorithms=("sha256",), payload={path: b"x"})
    line = f"{web.put('/x', b'x')} 1 data/100%25%0Acaf\xe9.txt"
    folder = bag.write_lines("fetch.txt", [line]).seal().drop(path).write(tmp_path / "bag")
    assert fetched(folder).verdict() is Verdict.PASS
    assert (folder / path).read_bytes() == b"x"


def test_two_runs_at_once_are_refused(tmp_path: Path, web: Web) -> None:
    bag = holey(tmp_path / "bag", web, PAYLOAD)
    with sole_writer(bag), pytest.raises(EnvironmentFault, match="another run"):
        fetched(bag)


def test_an_interruption_ends_the_transfers_at_once(tmp_path: Path, web: Web) -> None:
    bag = holey(tmp_path / "bag", web, {HELLO: Served(content=PAYLOAD[HELLO], stall=60)})
    threads = threading.active_count()

    class Impatient:
        def phase(self, name: str, total_bytes: int | None) -> None:
            """Say nothing."""

        def advance(self, done_bytes: int) -> None:
            assert done_bytes == 0
            if web.requests:
                raise KeyboardInterrupt

    settings = FetchSettings(reach=reach(timeout=30), connections=1)
    with pytest.raises(KeyboardInterrupt):
        fetch(FetchRequest(bag=bag), settings=settings, progress=Impatient())
    wait_until(lambda: threading.active_count() <= threads + 1, seconds=5)


PRIVATE = {
    "127.0.0.1": "loopback",
    "127.255.255.254": "loopback",
    "0.0.0.0": "unspecified",  # noqa: S104 - nothing is bound to it
    "10.1.2.3": "private",
    "172.16.0.1": "private",
    "192.168.1.1": "private",
    "100.64.0.1": "private",
    "169.254.169.254": "link-local",
    "192.0.2.1": "private",
    "224.0.0.1": "multicast",
    "255.255.255.255": "private",
    "::1": "loopback",
    "::": "unspecified",
    "fe80::1%eth0": "link-local",
    "fc00::1": "private",
    "ff02::1": "multicast",
    "::ffff:127.0.0.1": "loopback",
    "::ffff:10.0.0.1": "private",
    "::ffff:a9fe:a9fe": "link-local",
    "64:ff9b::7f00:1": "loopback",
    "64:ff9b::a00:1": "private",
    "2002:7f00:1::": "loopback",
    "2002:c0a8:101::1": "private",
    "2001:0:4136:e378:8000:63bf:f5ff:fffe": "private",
    "not an address": "numeric",
}


@pytest.mark.parametrize(("address", "kind"), PRIVATE.items())
def test_private_addresses(address: str, kind: str) -> None:
    reason = private_reason(address)
    assert reason is not None
    assert kind in reason


@pytest.mark.parametrize(
    "address",
    ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "64:ff9b::808:808", "::ffff:8.8.8.8"],
)
def test_public_addresses(address: str) -> None:
    assert private_reason(address) is None


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "localhost"])
def test_loopback_in_disguise_is_refused(tmp_path: Path, web: Web, host: str) -> None:
    port = web.url.rpartition(":")[2]
    web.put("/hello.txt", PAYLOAD[HELLO])
    bag = Bag().write_lines("fetch.txt", [f"http://{host}:{port}/hello.txt 6 {HELLO}"])
    folder = bag.seal().drop(HELLO).write(tmp_path / "bag")
    report = fetched(folder, where=Reach())
    assert rule_ids(of_fetching(report)) == ["FET-304"]
    assert web.connections == []


@pytest.fixture(scope="session")
def certificate(
    tmp_path_factory: pytest.TempPathFactory, missing: Callable[[str], NoReturn]
) -> Path:
    """A certificate for `localhost` that nobody trusts, and its key, in one file."""
    openssl = shutil.which("openssl") or missing("openssl is not installed")
    folder = tmp_path_factory.mktemp("certificate")
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    command += ["-keyout", "key.pem", "-out", "certificate.pem"]
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    both = folder / "both.pem"
    both.write_bytes(
        b"".join((folder / name).read_bytes() for name in ("certificate.pem", "key.pem"))
    )
    return both


@pytest.fixture
def secure(certificate: Path) -> Iterator[Web]:
    with serving(certificate=certificate) as server:
        yield server


def secured(folder: Path, web: Web, host: str) -> Path:
    """A bag whose file lies at a host over TLS."""
    web.put("/hello.txt", PAYLOAD[HELLO])
    port = web.url.rpartition(":")[2]
    bag = Bag().write_lines("fetch.txt", [f"https://{host}:{port}/hello.txt 6 {HELLO}"])
    return bag.seal().drop(HELLO).write(folder)


def at_loopback(_host: str, _port: int) -> Sequence[str]:
    return ["127.0.0.1"]


def test_a_trusted_certificate_of_the_name_asked_for(
    tmp_path: Path, secure: Web, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is what the certificate is held against, though the address is connected to."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    bag = secured(tmp_path / "bag", secure, "localhost")
    where = Reach(refused=reach().refused, resolve=at_loopback, timeout=5)
    assert fetched(bag, where=where).verdict() is Verdict.PASS
    assert secure.requests[0][1]["Host"].startswith("localhost:")


@pytest.mark.parametrize(("host", "trusted"), [("localhost", False), ("other.test", True)])
def test_a_certificate_that_is_not_trusted_or_of_another_name(
    tmp_path: Path,
    secure: Web,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
    host: str,
    trusted: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    bag = secured(tmp_path / "bag", secure, host)
    where = Reach(refused=reach().refused, resolve=at_loopback, timeout=5)
    report = fetched(bag, where=where)
    [finding] = of_fetching(report)
    assert (finding.rule.id, "certificate" in finding.message) == ("FET-303", True)
    assert (report.verdict(), secure.requests) == (Verdict.UNVERIFIED, [])
