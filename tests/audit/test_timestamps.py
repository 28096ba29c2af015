"""Time stamps (RFC 3161), by an authority of our own."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NoReturn

import pytest
from authority import Authority, make_authority
from histories import KEY, short_proof

from muniment.audit.canonical import decode
from muniment.audit.proof_checking import Trust, check_proof
from muniment.audit.timestamps import StampError, is_for, stamped_by
from muniment.model.errors import MissingExtraError, UsageError
from muniment.model.findings import Verdict

MESSAGE = decode(short_proof())["last_checkpoint"].encode()


@pytest.fixture(scope="module")
def authority(
    tmp_path_factory: pytest.TempPathFactory, missing: Callable[[str], NoReturn]
) -> Authority:
    try:
        import rfc3161_client  # noqa: F401
    except ImportError:
        missing("rfc3161-client is not installed")
    return make_authority(tmp_path_factory.mktemp("authority"), missing)


@pytest.fixture(scope="module")
def stranger(
    tmp_path_factory: pytest.TempPathFactory, missing: Callable[[str], NoReturn]
) -> Authority:
    return make_authority(tmp_path_factory.mktemp("stranger"), missing)


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_a_stamp_says_no_later_than_when(authority: Authority, algorithm: str) -> None:
    before = datetime.now(UTC)
    stamp = authority.stamp(MESSAGE, algorithm=algorithm)
    moment = stamped_by(stamp, MESSAGE, authority.root)
    accuracy = timedelta(seconds=2)
    assert before - timedelta(seconds=1) <= moment - accuracy <= datetime.now(UTC)
    assert is_for(stamp, MESSAGE)
    assert not is_for(stamp, MESSAGE + b"\n")


def test_a_stamp_without_its_certificate_needs_it_given(authority: Authority) -> None:
    stamp = authority.stamp(MESSAGE, embed=False)
    assert stamped_by(stamp, MESSAGE, authority.root + authority.own)
    with pytest.raises(StampError, match="does not verify"):
        stamped_by(stamp, MESSAGE, authority.root)


def test_a_stamp_for_other_bytes_or_by_another_authority_is_refused(
    authority: Authority, stranger: Authority
) -> None:
    stamp = authority.stamp(MESSAGE)
    with pytest.raises(StampError, match="does not verify"):
        stamped_by(stamp, MESSAGE + b"\n", authority.root)
    for other in (b"", stranger.own, authority.own):
        with pytest.raises(StampError, match="does not verify"):
            stamped_by(stamp, MESSAGE, stranger.root + other)


def test_a_changed_byte_of_a_stamp_never_gives_another_moment(authority: Authority) -> None:
    stamp = authority.stamp(MESSAGE)
    moment = stamped_by(stamp, MESSAGE, authority.root)
    told: set[datetime | None] = set()
    for place in range(len(stamp)):
        changed = stamp[:place] + bytes([stamp[place] ^ 0x01]) + stamp[place + 1 :]
        try:
            is_for(changed, MESSAGE)
            told.add(stamped_by(changed, MESSAGE, authority.root))
        except StampError:
            told.add(None)
    assert told <= {moment, None}
    assert None in told


@pytest.mark.parametrize("stamp", [b"", b"\x30", b"text", b"\x30\x03\x02\x01\x00"])
def test_what_is_no_stamp_is_refused(authority: Authority, stamp: bytes) -> None:
    for ask in (lambda: stamped_by(stamp, MESSAGE, authority.root), lambda: is_for(stamp, MESSAGE)):
        with pytest.raises(StampError, match="no response"):
            ask()


@pytest.mark.parametrize(
    ("certificates", "why"),
    [
        (b"", "holds none"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "cannot be read"),
    ],
)
def test_what_is_no_certificate_is_wrong_usage(
    authority: Authority, certificates: bytes, why: str
) -> None:
    with pytest.raises(UsageError, match=why):
        stamped_by(authority.stamp(MESSAGE), MESSAGE, certificates)


def test_an_authority_without_its_root_is_wrong_usage(authority: Authority) -> None:
    with pytest.raises(UsageError, match="root certificate is missing"):
        stamped_by(authority.stamp(MESSAGE), MESSAGE, authority.own)


def test_without_the_extra_it_is_named(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp = authority.stamp(MESSAGE)
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    for ask in (lambda: stamped_by(stamp, MESSAGE, authority.root), lambda: is_for(stamp, MESSAGE)):
        with pytest.raises(MissingExtraError, match=r"muniment\[timestamp\]"):
            ask()


def test_a_proof_says_no_later_than_where_its_stamp_was_verified(authority: Authority) -> None:
    stamp = authority.stamp(MESSAGE)
    trust = Trust(key=KEY.public, stamp=stamp, certificates=authority.root)
    checked = check_proof(short_proof(), "proof", trust)
    assert checked.subject.verdict() is Verdict.PASS
    assert "time stamp" in checked.subject.checks_run
    assert checked.shown is not None
    assert checked.shown.no_later_than == stamped_by(stamp, MESSAGE, authority.root)


def test_a_stamp_by_a_strange_authority_is_a_fail(
    authority: Authority, stranger: Authority
) -> None:
    trust = Trust(key=KEY.public, stamp=stranger.stamp(MESSAGE), certificates=authority.root)
    checked = check_proof(short_proof(), "proof", trust)
    assert [each.rule.id for each in checked.subject.findings] == ["LED-209"]
    assert checked.shown is None
