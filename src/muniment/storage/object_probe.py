"""Does a service check what it is sent? An upload that is wrong on purpose shows it.

Only S3 is asked so: its interface sends a SHA-256 with the bytes.
"""

from __future__ import annotations

import base64
import hashlib
import os
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from muniment.model.errors import MissingExtraError
from muniment.model.receipts import ServiceChecks
from muniment.storage.addresses import Address
from muniment.storage.containers import UnreachableError
from muniment.storage.depots import AlreadyThereError
from muniment.storage.object_faults import told_of
from muniment.storage.object_store import Bucket, s3_endpoint
from muniment.storage.patience import Patience

_TRIES = 3
_SENT = b"muniment sends this with a wrong checksum, to see whether that is noticed.\n"
_MEANT = b"These bytes are not the ones that are sent.\n"


def try_service(bucket: Bucket, scratch: Address, patience: Patience) -> ServiceChecks:
    """Whether the service refuses wrong bytes, and a second object under one key.

    What is written lies at `scratch`, and is removed. Raises UnreachableError, MissingExtraError.
    """
    try:
        sha256 = _refuses_wrong_bytes(scratch, patience)
        with suppress(AlreadyThereError):
            bucket.create(scratch.key, _MEANT)
        try:
            bucket.create(scratch.key, _SENT)
        except AlreadyThereError:
            return ServiceChecks(sha256=sha256, create_only=True)
        return ServiceChecks(sha256=sha256, create_only=False)
    finally:
        with suppress(UnreachableError):
            bucket.remove(scratch.key)


def _refuses_wrong_bytes(scratch: Address, patience: Patience) -> bool:
    from botocore.exceptions import ClientError

    checksum = base64.b64encode(hashlib.sha256(_MEANT).digest()).decode()
    with told_of(scratch):
        try:
            _client(patience).put_object(
                Bucket=scratch.place, Key=scratch.key, Body=_SENT, ChecksumSHA256=checksum
            )
        except ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            if status == HTTPStatus.BAD_REQUEST:
                return True
            raise
    return False


def _client(patience: Patience) -> Any:  # noqa: ANN401 - boto3 has no types
    """Amazon's own client: obstore sends no checksum but the right one."""
    try:
        import boto3
        from botocore.config import Config
    except ImportError as error:
        raise MissingExtraError("a deposit to S3", "s3") from error
    endpoint = s3_endpoint()
    config = Config(
        connect_timeout=patience.seconds,
        read_timeout=patience.seconds,
        retries={"mode": "standard", "total_max_attempts": _TRIES},
        s3={"addressing_style": "path" if endpoint else "auto"},
    )
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    session = boto3.Session(region_name=region)
    return session.client("s3", endpoint_url=endpoint, config=config)
