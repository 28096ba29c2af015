"""One bucket of an object store, reached by obstore: list, read whole or in ranges, write, remove.

Credentials come from the environment, profiles and instance roles, as the store's own tools take
them. Requests are tried again with growing pauses, within bounds.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from muniment.model.errors import MissingExtraError
from muniment.storage.addresses import Address
from muniment.storage.containers import Stated
from muniment.storage.depots import AlreadyThereError
from muniment.storage.object_faults import no_credentials, told_of
from muniment.storage.patience import Patience

if TYPE_CHECKING:
    from obstore.store import ClientConfig, ObjectStore, RetryConfig

_LIST_PAGE = 1000
_PARTS_AT_A_TIME = 4
# A request that goes on slowly may take so many times as long as one may be silent.
_SLOWLY = 20


class Stored(NamedTuple):
    """An object as the store lists it: its key in the bucket, and its size in bytes."""

    key: str
    size: int
    stated: Stated


class Bucket:
    """A bucket that is reached. Its keys are whole, from the bucket's top."""

    def __init__(self, address: Address, store: ObjectStore) -> None:
        """Made by `open_bucket`; `address` is that of the bucket's top."""
        import obstore
        import obstore.exceptions

        self.address = address
        self.store = store
        self._obstore = obstore

    def list(self, prefix: str) -> Iterator[Stored]:
        """All objects below a prefix, which ends at a `/` of theirs. Raises UnreachableError."""
        with told_of(self.address.below(prefix)):
            for page in self._obstore.list(self.store, prefix or None, chunk_size=_LIST_PAGE):
                for meta in page:
                    yield _stored(meta)

    def look(self, key: str) -> Stored:
        """One object, its bytes left unread. Raises UnreachableError."""
        with told_of(self.address.below(key)):
            # Not HEAD: its refusal has no body that would say why.
            return _stored(self._obstore.get(self.store, key).meta)

    def read(self, key: str) -> memoryview:
        """One small object, whole. Raises UnreachableError."""
        try:
            return memoryview(self._obstore.get(self.store, key).bytes())
        except Exception:  # the address is of no use to the many reads that go well
            with told_of(self.address.below(key)):
                raise

    def stream(self, key: str, piece: int) -> Iterator[bytes]:
        """One object in pieces of so many bytes, from one request. Raises UnreachableError."""
        with told_of(self.address.below(key)):
            yield from self._obstore.get(self.store, key).stream(piece)

    def read_range(self, key: str, start: int, end: int, e_tag: str | None) -> memoryview:
        """Bytes of an object that is still the one of the `e_tag`. Raises UnreachableError."""
        with told_of(self.address.below(key)):
            options: Any = {"range": (start, end)}
            if e_tag is not None:
                options["if_match"] = e_tag if e_tag.endswith('"') else f'"{e_tag}"'
            return memoryview(self._obstore.get(self.store, key, options=options).bytes())

    def create(self, key: str, data: bytes) -> Stated:
        """Write one object whole, never over another. Raises UnreachableError, AlreadyThereError.

        S3 is sent the SHA-256 as well, to check what it takes in.
        """
        with told_of(self.address.below(key)):
            try:
                made = self._obstore.put(self.store, key, data, mode="create")
            except self._obstore.exceptions.AlreadyExistsError:
                raise AlreadyThereError(key) from None
        return Stated(made["e_tag"], made["version"])

    def create_in_parts(self, key: str, pieces: Iterator[bytes], part: int) -> Stated:
        """Write one object in parts of so many bytes, each with its checksum.

        What the pieces raise ends it, and nothing is left. Raises UnreachableError.
        """
        with told_of(self.address.below(key)):
            made = self._obstore.put(
                self.store,
                key,
                pieces,
                use_multipart=True,
                chunk_size=part,
                max_concurrency=_PARTS_AT_A_TIME,
            )
        return Stated(made["e_tag"], made["version"])

    def remove(self, key: str) -> None:
        """Remove one object. Raises UnreachableError."""
        with told_of(self.address.below(key)):
            self._obstore.delete(self.store, key)


def _stored(meta: Any) -> Stored:  # noqa: ANN401 - a dictionary of obstore's
    return Stored(meta["path"], meta["size"], Stated(meta["e_tag"], meta["version"]))


def open_bucket(address: Address, patience: Patience) -> Bucket:
    """Reach the bucket that an address names; nothing is asked of it yet.

    Raises MissingExtraError, DeniedError where there are no credentials.
    """
    try:
        import obstore.store as _  # noqa: F401 - to know whether it is there
    except ImportError as error:
        raise MissingExtraError(f"{address.scheme}://", "s3") from error
    top = Address(scheme=address.scheme, place=address.place, key="")
    with told_of(top):
        return Bucket(top, _STORES[address.scheme](top, patience))


def _s3(top: Address, patience: Patience) -> ObjectStore:
    from obstore.store import S3Store

    # The operator who names an endpoint without TLS means it: a server of the house.
    endpoint = s3_endpoint()
    more: Any = {} if endpoint is None else {"endpoint": endpoint}
    if profile_is_asked():
        more["credential_provider"] = _profile(top)
    return S3Store(
        top.place,
        config={"checksum_algorithm": "SHA256"},
        client_options={
            **_client(patience),
            "allow_http": (endpoint or "").startswith("http://"),
        },
        retry_config=_retries(patience),
        **more,
    )


def _client(patience: Patience) -> ClientConfig:
    wait = timedelta(seconds=patience.seconds)
    return {"connect_timeout": wait, "read_timeout": wait, "timeout": wait * _SLOWLY}


def _retries(patience: Patience) -> RetryConfig:
    return {"retry_timeout": timedelta(seconds=patience.in_all)}


def s3_endpoint() -> str | None:
    """Where S3 is spoken, if the environment names another place than Amazon's."""
    names = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")
    return next((os.environ[name] for name in names if os.environ.get(name)), None)


def profile_is_asked() -> bool:
    """Whether the credentials are to be looked for where Amazon's own tools look."""
    if os.environ.get("AWS_SKIP_SIGNATURE", "").lower() in {"1", "true", "yes"}:
        return False
    return bool(os.environ.get("AWS_PROFILE")) or not os.environ.get("AWS_ACCESS_KEY_ID")


def _profile(top: Address) -> Any:  # noqa: ANN401 - obstore's protocol is not there at run time
    try:
        import boto3
        from obstore.auth.boto3 import Boto3CredentialProvider
    except ImportError as error:
        raise MissingExtraError("a profile or role of AWS", "s3") from error
    session = boto3.Session()
    if session.get_credentials() is None:
        raise no_credentials(top)
    return Boto3CredentialProvider(session)


def _gcs(top: Address, patience: Patience) -> ObjectStore:
    from obstore.store import GCSStore

    return GCSStore(top.place, client_options=_client(patience), retry_config=_retries(patience))


def _azure(top: Address, patience: Patience) -> ObjectStore:
    from obstore.store import AzureStore

    return AzureStore(top.place, client_options=_client(patience), retry_config=_retries(patience))


def _https(top: Address, patience: Patience) -> ObjectStore:
    from obstore.store import HTTPStore

    return HTTPStore.from_url(
        str(top), client_options=_client(patience), retry_config=_retries(patience)
    )


_STORES: dict[str, Callable[[Address, Patience], ObjectStore]] = {
    "s3": _s3,
    "gs": _gcs,
    "az": _azure,
    "https": _https,
}
