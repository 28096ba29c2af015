"""Buckets for tests on real servers, filled and read by obstore itself."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from object_servers import ObjectServer

if TYPE_CHECKING:
    from obstore.store import S3Store

_NUMBERS = itertools.count(1)


class TestBucket:
    """A new bucket of a server; `address` is `s3://NAME`."""

    __test__ = False

    def __init__(self, server: ObjectServer, patch: pytest.MonkeyPatch) -> None:
        self.server = server
        self.name = f"bucket-{next(_NUMBERS)}"
        self.address = f"s3://{self.name}"
        for name, value in server.environment.items():
            patch.setenv(name, value)
        self.client.create_bucket(Bucket=self.name)

    @property
    def store(self) -> S3Store:
        """The bucket, as obstore has it."""
        from obstore.store import S3Store

        server = self.server
        return S3Store(
            self.name,
            endpoint=server.endpoint,
            access_key_id=server.key,
            secret_access_key=server.secret,
            region="us-east-1",
            client_options={"allow_http": True, "timeout": "30s"},
        )

    @property
    def client(self) -> Any:  # noqa: ANN401 - boto3 has no types
        """The same by Amazon's own client: buckets are made and removed with it."""
        import boto3

        return boto3.client(
            "s3",
            endpoint_url=self.server.endpoint,
            aws_access_key_id=self.server.key,
            aws_secret_access_key=self.server.secret,
            region_name="us-east-1",
        )

    def put(self, prefix: str, files: Mapping[str, bytes]) -> str:
        """Store files below a prefix; returns its address."""
        import obstore

        store = self.store
        for path, content in files.items():
            obstore.put(store, f"{prefix}/{path}", content)
        return f"{self.address}/{prefix}"

    def put_file(self, key: str, file: Path) -> str:
        """Store one file as an object; returns its address."""
        import obstore

        obstore.put(self.store, key, file.read_bytes())
        return f"{self.address}/{key}"

    def files(self, prefix: str = "") -> dict[str, bytes]:
        """All objects below a prefix, whole."""
        import obstore

        store = self.store
        start = f"{prefix}/" if prefix else ""
        return {
            meta["path"].removeprefix(start): bytes(obstore.get(store, meta["path"]).bytes())
            for page in obstore.list(store, prefix or None)
            for meta in page
        }

    def stored_files(self, content: bytes) -> Iterator[Path]:
        """The files of the server's disk that hold just this content."""
        for path in self.server.data.rglob("*"):
            is_as_long = path.is_file() and path.stat().st_size == len(content)
            if is_as_long and path.read_bytes() == content:
                yield path

    def flip(self, content: bytes) -> None:
        """Change the first byte of the one object that has this content, on the server's disk."""
        (path,) = self.stored_files(content)
        path.write_bytes(bytes([content[0] ^ 1]) + content[1:])
