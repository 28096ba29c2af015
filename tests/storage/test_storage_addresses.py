"""Addresses: taken apart as they are meant, and never shown with a secret."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.model.errors import UsageError
from muniment.storage.addresses import Address, address_of, home_of

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/?#@", exclude_categories=["Cc"]))
PARTS = NAMES.filter(lambda part: part not in {"", ".", ".."})


@pytest.mark.parametrize(
    ("text", "scheme", "place", "key", "name"),
    [
        ("s3://bucket/some/letter", "s3", "bucket", "some/letter", "letter"),
        ("S3://bucket/some/letter/", "s3", "bucket", "some/letter", "letter"),
        ("gs://bucket", "gs", "bucket", "", "bucket"),
        ("az://container/a b%20c", "az", "container", "a b%20c", "a b%20c"),
        ("https://host:8443/a%20b.zip", "https", "host:8443", "a b.zip", "a b.zip"),
        ("sftp://me@host:2222//srv/bags", "sftp", "host:2222", "/srv/bags", "bags"),
    ],
)
def test_an_address_is_taken_apart(text: str, scheme: str, place: str, key: str, name: str) -> None:
    address = address_of(text)
    assert (address.scheme, address.place, address.key, address.name) == (scheme, place, key, name)


def test_who_logs_in_is_known_and_not_shown() -> None:
    address = address_of("sftp://me@host/bags")
    assert (address.user, str(address)) == ("me", "sftp://host/bags")


@given(st.sampled_from(["s3", "gs", "az"]), st.lists(PARTS, min_size=1, max_size=4))
def test_what_is_shown_leads_back_to_the_same_address(scheme: str, parts: list[str]) -> None:
    address = Address(scheme=scheme, place="bucket", key="/".join(parts))
    assert address_of(str(address)) == address
    assert address.below("data/x").key == f"{address.key}/data/x"


@given(PARTS)
def test_what_does_not_begin_as_an_address_is_a_path(text: str) -> None:
    if "://" not in text:
        assert home_of(text) == Path(text)


@given(st.sampled_from(["s3", "gs", "https", "sftp", "ftp"]), NAMES, NAMES)
def test_a_secret_is_refused_and_never_repeated(scheme: str, one: str, other: str) -> None:
    secret = "hunter-2-secret"  # noqa: S105 - it is here to be looked for
    for text in (
        f"{scheme}://{one.replace(':', '')}:{secret}@bucket/{other}",
        f"{scheme}://bucket/{other}?X-Amz-Signature={secret}",
        f"{scheme}://bucket/{other}#{secret}",
    ):
        with pytest.raises(UsageError) as refused:
            address_of(text)
        assert secret not in str(refused.value)
