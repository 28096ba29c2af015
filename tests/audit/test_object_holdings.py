"""Holdings in object stores: what is wrong with them, and what is wrong with the store, told apart.

Through all of it no secret goes anywhere: not into the ledger, a report, an error, a checkpoint.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from bagbuilder import Bag
from buckets import TestBucket
from cli_helpers import document_of, muniment
from faulty_store import SKEWED, STORM, Asked, FaultyStore, faulty_store
from ledgers import opened
from object_servers import ObjectServer
from planted_holdings import write

from muniment.audit.entries import EntryKind
from muniment.audit.states import HoldingState

SERVERS = ("swift", "rclone")


@pytest.fixture(params=SERVERS)
def bucket(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> TestBucket:
    return TestBucket(request.getfixturevalue(request.param), monkeypatch)


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key of the test's own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data-home"))


def audit(folder: Path, *line: str | Path) -> tuple[int, dict[str, Any]]:
    here = ("--ledger", folder / "ledger.sqlite", "--workers", "1", "--format", "json")
    result = muniment("audit", *line, *here)
    return result.exit_code, document_of(result)


def states(folder: Path) -> dict[str, HoldingState]:
    with opened(str(folder / "ledger.sqlite"), create=False) as ledger:
        return {state.place.address: state for state in ledger.holdings()}


def first_check(folder: Path, address: str) -> dict[str, Any]:
    """The first check of a holding after it was taken in, as its event carries it."""
    with opened(str(folder / "ledger.sqlite"), create=False) as ledger:
        holding = ledger.find(address).id
        events = ledger.events(holding=holding, kinds=[EntryKind.FIXITY_CHECKED])
        return dict(next(events).entry.body)


def own_bag(number: int) -> dict[str, bytes]:
    """A bag of which no file has the bytes of another one's, in this bag or in others."""
    names = ("a.txt", "b.txt", "inner/c.txt", "inner/d.txt")
    payload = {f"data/{name}": f"{name} of holding {number}\n".encode() for name in names}
    info = (("External-Identifier", f"holding {number}"),)
    return dict(Bag(payload=payload, info=info).seal().files)


def in_three_forms(bucket: TestBucket, folder: Path) -> list[str]:
    """A bag as a prefix, as a tar and as a zip of one object each; their addresses."""
    addresses = [bucket.put("letter", own_bag(1))]
    for seed, form in ((2, "tar"), (3, "zip")):
        path = folder / f"letter.{form}"
        write(path, form, own_bag(seed))
        addresses.append(bucket.put_file(path.name, path))
    return addresses


def test_sound_holdings_are_intact(bucket: TestBucket, tmp_path: Path) -> None:
    addresses = in_three_forms(bucket, tmp_path)
    code, report = audit(tmp_path, "add", *addresses)
    assert (code, len(report["result"]["added"])) == (0, 3)
    code, report = audit(tmp_path, "run", "--all")
    assert (code, report["result"]["outcomes"]) == (0, {"intact": 3})
    for state in states(tmp_path).values():
        assert state.place.location == bucket.address
        assert state.evidence.to_json() == {
            "compared_with": ["bag-manifests", "baseline"],
            "extent": "all-bytes",
            "read_by": "auditor",
        }


@pytest.mark.parametrize(
    ("number", "path"),
    [(10, "data/a.txt"), (11, "bag-info.txt"), (12, "tagmanifest-sha256.txt")],
)
def test_a_flipped_byte_is_found_and_stays_found_though_the_store_hides_it(
    bucket: TestBucket, tmp_path: Path, number: int, path: str
) -> None:
    files = own_bag(number)
    address = bucket.put("letter", files)
    audit(tmp_path, "add", address)
    bucket.flip(files[path])
    code, report = audit(tmp_path, "run", "--all")
    assert (code, report["result"]["outcomes"]) == (1, {"corrupt": 1})
    assert ("AUD-101", path) in {
        (each["rule"], each["location"]["path"]) for each in report["subjects"][0]["findings"]
    }
    code, report = audit(tmp_path, "run", "--all")
    assert code != 0, "what was corrupt once never passes"
    assert first_check(tmp_path, address)["outcome"] == "corrupt"


def test_each_of_several_flipped_bytes_is_found(bucket: TestBucket, tmp_path: Path) -> None:
    files = own_bag(50)
    audit(tmp_path, "add", bucket.put("letter", files))
    harmed = ("data/a.txt", "data/inner/d.txt", "bag-info.txt")
    for path in harmed:
        bucket.flip(files[path])
    code, report = audit(tmp_path, "run", "--all")
    assert code == 1
    found = {each["location"]["path"]: each["rule"] for each in report["subjects"][0]["findings"]}
    assert found == dict.fromkeys(harmed, "AUD-101")


def test_what_is_gone_is_missing_where_its_bucket_stands(
    bucket: TestBucket, tmp_path: Path
) -> None:
    prefix, tar, _ = addresses = in_three_forms(bucket, tmp_path)
    lonely = bucket.put("lonely", own_bag(4))
    audit(tmp_path, "add", *addresses, lonely)
    for key in bucket.files("lonely"):
        bucket.client.delete_object(Bucket=bucket.name, Key=f"lonely/{key}")
    bucket.client.delete_object(Bucket=bucket.name, Key="letter.tar")
    bucket.client.delete_object(Bucket=bucket.name, Key="letter/data/a.txt")
    code, report = audit(tmp_path, "run", "--all")
    assert (code, report["result"]["outcomes"]) == (1, {"intact": 1, "missing": 3})
    gone = {
        each["subject"]: [(found["rule"], found["location"]["path"]) for found in each["findings"]]
        for each in report["subjects"]
        if each["findings"]
    }
    assert gone == {
        prefix: [("AUD-102", "data/a.txt")],
        tar: [("AUD-102", None)],
        lonely: [("AUD-102", None)],
    }


def test_in_a_bucket_that_has_vanished_nothing_is_missing(
    bucket: TestBucket, tmp_path: Path
) -> None:
    addresses = in_three_forms(bucket, tmp_path)
    audit(tmp_path, "add", *addresses)
    for key in bucket.files():
        bucket.client.delete_object(Bucket=bucket.name, Key=key)
    bucket.client.delete_bucket(Bucket=bucket.name)
    code, report = audit(tmp_path, "run", "--all")
    assert (code, report["result"]["outcomes"]) == (3, {"unreachable": 3})


def leak(asked: Asked) -> bytes:
    """All that a request carries, sent back in the refusal."""
    return json.dumps(dict(asked.handler.headers.items())).encode()


def midway(harm: Callable[[Asked], None]) -> Callable[[Asked], None]:
    """All goes well until the payload."""

    def harmed(asked: Asked) -> None:
        if "/data/" in asked.handler.path:
            harm(asked)
        else:
            asked.pass_on()

    return harmed


FAULTS: dict[str, tuple[Callable[[Asked], None], str]] = {
    "a storm of 503": (lambda asked: asked.answer(*STORM), "unreachable"),
    "a storm of 503 midway": (midway(lambda asked: asked.answer(*STORM)), "unreachable"),
    "a stall": (Asked.stall, "unreachable"),
    "a stall midway": (midway(Asked.stall), "unreachable"),
    "a clock that is off": (lambda asked: asked.answer(*SKEWED), "unreachable"),
    "a refusal that repeats the request": (
        lambda asked: asked.answer(403, b"<Error><Code>Signature=abc</Code>" + leak(asked)),
        "denied",
    ),
}


@pytest.fixture
def store(swift: ObjectServer) -> Iterator[FaultyStore]:
    """What stands between muniment and the server."""
    with faulty_store(swift.endpoint) as store:
        yield store


def everything_kept(folder: Path) -> bytes:
    """All that muniment has written: the ledger with its log, checkpoints, the key's folder."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_the_faults_of_a_store_are_told_apart_and_show_no_secret(
    swift: ObjectServer, store: FaultyStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is called corrupt, no deadline moves, and no secret stands anywhere afterwards."""
    monkeypatch.setenv("MUNIMENT_DEBUG", "1")
    bucket = TestBucket(swift, monkeypatch)
    address = bucket.put("letter", own_bag(20))
    monkeypatch.setenv("AWS_ENDPOINT_URL", store.endpoint)
    home = tmp_path / "home"
    home.mkdir()
    said = ""

    def run() -> tuple[int, dict[str, int]]:
        nonlocal said
        here = ("--ledger", home / "ledger.sqlite", "--workers", "1", "--timeout", "0.3")
        result = muniment("audit", "run", "--all", *here, "--format", "json")
        said += result.stdout + result.stderr
        return result.exit_code, document_of(result)["result"]["outcomes"]

    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    assert audit(home, "add", address)[0] == 0
    before = states(home)[address]
    for name, (harm, outcome) in FAULTS.items():
        store.harm = harm
        assert (name, *run()) == (name, 3, {outcome: 1})
    store.harm = None
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another-secret")
    assert run() == (3, {"denied": 1})
    after = states(home)[address]
    assert (after.since, after.due_at) == (before.since, before.due_at)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", swift.secret)
    assert run() == (0, {"intact": 1})
    written = everything_kept(home) + said.encode()
    secrets = ("another-secret", swift.secret, swift.key, "Signature=", "AWS4-HMAC", "Credential=")
    assert [secret for secret in secrets if secret.encode() in written] == []
