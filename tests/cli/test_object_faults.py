"""A store that cannot be read: its faults told apart, exit 3, and nothing called corrupt."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bagbuilder import Bag
from buckets import TestBucket
from cli_helpers import document_of, muniment
from click.testing import Result
from faulty_store import SKEWED, STORM, Asked, FaultyStore, faulty_store
from object_servers import ObjectServer

# Where nothing answers, waiting longer shows nothing more.
QUICKLY = ("--timeout", "0.3")
FORMS = ("text", "json", "jsonl", "sarif")


@pytest.fixture
def bucket(swift: ObjectServer, monkeypatch: pytest.MonkeyPatch) -> TestBucket:
    return TestBucket(swift, monkeypatch)


@pytest.fixture
def store(swift: ObjectServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyStore]:
    """What stands between muniment and the server."""
    with faulty_store(swift.endpoint) as store:
        monkeypatch.setenv("AWS_ENDPOINT_URL", store.endpoint)
        yield store


@pytest.fixture
def bag(bucket: TestBucket) -> str:
    return bucket.put("letter", Bag().seal().files)


def reason_of(result: Result) -> str:
    """Why the one subject is unverified; nothing was found about its bytes."""
    document = document_of(result)
    (subject,) = document["subjects"]
    assert (result.exit_code, subject["verdict"], subject["findings"]) == (3, "unverified", [])
    reasons = [each["reason"] for each in subject["checks"]["skipped"]]
    return str(reasons[0])


def verified(address: str, *options: str) -> str:
    return reason_of(muniment("verify", address, *options, "--format", "json"))


def from_request(number: int, harm: Callable[[Asked], None]) -> Callable[[Asked], None]:
    """All goes well before a request."""

    def harmed(asked: Asked) -> None:
        if asked.number < number:
            asked.pass_on()
        else:
            harm(asked)

    return harmed


def test_a_right_bag_passes_through_the_proxy(bag: str, store: FaultyStore) -> None:
    assert muniment("verify", bag).exit_code == 0
    assert len(store.asked) == 1 + len(Bag().seal().files), "a listing, and each object once"


def test_a_wrong_secret(bag: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    assert "access is refused (403 SignatureDoesNotMatch); check the credentials" in verified(bag)


def test_no_credentials(bag: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "none")
    monkeypatch.setenv("AWS_CONFIG_FILE", "none")
    assert "no credentials were found; set them in the environment" in verified(bag)


def test_no_account_for_azure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AZURE_STORAGE_ACCOUNT_NAME", raising=False)
    reason = verified("az://container/bag", *QUICKLY)
    assert "az://container: no credentials were found" in reason
    assert "(AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY)" in reason


def test_a_vanished_bucket(bag: str, bucket: TestBucket) -> None:
    for path in bucket.files():
        bucket.client.delete_object(Bucket=bucket.name, Key=path)
    bucket.client.delete_bucket(Bucket=bucket.name)
    assert "there is no such bucket (404 NoSuchBucket)" in verified(bag)


@pytest.mark.parametrize("number", [0, 5])
def test_a_storm_of_503(bag: str, store: FaultyStore, number: int) -> None:
    store.harm = from_request(number, lambda asked: asked.answer(*STORM))
    assert "the store cannot serve now (503 SlowDown), also when asked again" in verified(
        bag, *QUICKLY
    )
    assert len(store.asked) > number + 1, "it was not asked again"


@pytest.mark.parametrize("number", [0, 5])
def test_a_connection_that_stalls(bag: str, store: FaultyStore, number: int) -> None:
    store.harm = from_request(number, Asked.stall)
    assert "no answer, or one that does not go on" in verified(bag, *QUICKLY)


def test_an_answer_that_stalls_midway(bag: str, store: FaultyStore) -> None:
    store.harm = from_request(5, lambda asked: asked.pass_on(cut=1))
    assert "no answer, or one that does not go on" in verified(bag, *QUICKLY)


def test_nobody_listens(bag: str, store: FaultyStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    assert "no answer, or one that does not go on" in verified(bag, *QUICKLY)
    assert store.asked == []


@pytest.mark.parametrize("number", [0, 5])
def test_a_clock_that_is_off(bag: str, store: FaultyStore, number: int) -> None:
    store.harm = from_request(number, lambda asked: asked.answer(*SKEWED))
    assert "the clock here and the store's differ too much (403 RequestTimeTooSkewed)" in (
        verified(bag)
    )


def test_what_was_seen_before_the_store_failed_is_kept(
    bucket: TestBucket, store: FaultyStore
) -> None:
    """A store may never show a broken object again: the first look is told, come what may."""
    payload = {f"data/{number:02}": f"{number}\n".encode() * 9 for number in range(40)}
    bag = Bag(payload=payload).seal()
    harmed = dict(bag.files) | {"data/00": b"harmed", "data/39": b"harmed too"}
    address = bucket.put("letter", harmed)

    def harm(asked: Asked) -> None:
        if asked.handler.path.endswith("data/02"):
            asked.answer(*STORM)
        else:
            asked.pass_on()

    store.harm = harm
    result = muniment("verify", address, *QUICKLY, "--format", "json")
    (subject,) = document_of(result)["subjects"]
    assert (result.exit_code, subject["state"]) == (1, "invalid")
    assert [(each["rule"], each["location"]["path"]) for each in subject["findings"]] == [
        ("BAG-301", "data/00"),
        ("BAG-301", "data/39"),
    ]
    skipped = {each["check"]: each["reason"] for each in subject["checks"]["skipped"]}
    assert skipped.keys() == {"completeness", "fixity", "profile"}
    assert "503 SlowDown" in skipped["fixity"]


def test_a_short_storm_is_waited_out(bag: str, store: FaultyStore) -> None:
    def harm(asked: Asked) -> None:
        if asked.number % 3 == 0:
            asked.answer(*STORM)
        else:
            asked.pass_on()

    store.harm = harm
    assert muniment("verify", bag).exit_code == 0


def test_one_object_that_is_refused_leaves_the_bag_unverified(bag: str, store: FaultyStore) -> None:
    def harm(asked: Asked) -> None:
        if "hello" in asked.handler.path:
            asked.answer(403, b"<Error><Code>AccessDenied</Code></Error>")
        else:
            asked.pass_on()

    store.harm = harm
    result = muniment("verify", bag, *QUICKLY, "--format", "json")
    (subject,) = document_of(result)["subjects"]
    assert (result.exit_code, subject["verdict"]) == (3, "unverified")
    assert [
        (each["rule"], each["location"]["path"], each["evidence"]["reason"])
        for each in subject["findings"]
    ] == [("BAG-303", "data/hello.txt", "the store refuses to give it")]


def secrets_of(server: ObjectServer) -> tuple[str, ...]:
    """What must stand nowhere: the key's parts, and whatever a request was signed with."""
    return (server.secret, server.key, "Signature=", "SignatureProvided", "AWS4-HMAC", "Credential")


@pytest.mark.parametrize("form", FORMS)
def test_no_secret_is_shown_whatever_goes_wrong(
    bag: str,
    store: FaultyStore,
    swift: ObjectServer,
    form: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The server's own refusals carry the key and the string that was signed."""
    monkeypatch.setenv("MUNIMENT_DEBUG", "1")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another-secret")
    secrets = ("another-secret", *secrets_of(swift))
    said = ""
    for harm in (
        None,
        Asked.stall,
        lambda asked: asked.answer(*STORM),
        lambda asked: asked.answer(*SKEWED),
        lambda asked: asked.answer(400, b"<Error><Code>Signature=abc</Code>" + leak(asked)),
    ):
        store.harm = harm
        result = muniment("verify", bag, *QUICKLY, "--format", form)
        assert result.exit_code == 3
        said += result.stdout + result.stderr
    assert [secret for secret in secrets if secret in said] == []


def leak(asked: Asked) -> bytes:
    """All that a request carries, sent back in the refusal."""
    return json.dumps(dict(asked.handler.headers.items())).encode()


def test_a_deposit_shows_no_secret_either(
    bucket: TestBucket, store: FaultyStore, swift: ObjectServer, tmp_path: Path
) -> None:
    folder = Bag().seal().write(tmp_path / "bag")
    said = ""
    for harm, code in (
        (None, 0),
        (lambda asked: asked.answer(*STORM), 3),
        (lambda asked: asked.answer(*SKEWED), 3),
        (lambda asked: asked.answer(403, leak(asked)), 3),
        (lambda asked: asked.answer(400, leak(asked)), 3),
        (Asked.stall, 3),
    ):
        store.harm = harm
        result = muniment("deposit", folder, bucket.address, *QUICKLY, "--format", "json")
        assert result.exit_code == code, result.output
        said += result.stdout + result.stderr
    assert [secret for secret in secrets_of(swift) if secret in said] == []


def test_a_wrong_secret_of_a_deposit(
    bucket: TestBucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    folder = Bag().seal().write(tmp_path / "bag")
    result = muniment("deposit", folder, bucket.address, "--format", "json")
    (subject,) = document_of(result)["subjects"]
    (reason,) = [s["reason"] for s in subject["checks"]["skipped"] if s["check"] == "deposit"]
    assert (result.exit_code, subject["verdict"]) == (3, "unverified")
    assert "access is refused (403 SignatureDoesNotMatch)" in reason


def test_a_profile_gives_the_credentials(
    bag: str, swift: ObjectServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    credentials = tmp_path / "credentials"
    credentials.write_text(
        f"[house]\naws_access_key_id = {swift.key}\naws_secret_access_key = {swift.secret}\n"
    )
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(credentials))
    monkeypatch.setenv("AWS_PROFILE", "house")
    assert muniment("verify", bag).exit_code == 0
    monkeypatch.setenv("AWS_PROFILE", "none")
    result = muniment("verify", bag)
    assert result.exit_code == 3
    assert "no credentials were found; set them in the environment" in result.stdout
