"""What an object store's refusal means: who is at fault, and what to do.

What a client library says of a failed request may hold the request itself, with signatures and
names of keys. None of it is repeated: only the store's own code and the HTTP status are read out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from muniment.storage.addresses import Address
from muniment.storage.containers import (
    ClockError,
    DeniedError,
    GoneError,
    OverloadedError,
    SilentError,
    UnreachableError,
)

_CODE = re.compile(r"<Code>([A-Za-z0-9]{1,64})</Code>")
_STATUS = re.compile(r"(?:status code: |status: )(\d{3})")
_ON_THE_WAY = re.compile(r"HTTP error|reqwest|[Tt]ime(?:d ?)?[Oo]ut|ConnectionError|EndpointConn")
_WORD = re.compile(r"[A-Za-z0-9]{1,64}")
# Botocore's errors of profiles, roles and single sign-on.
_NO_CREDENTIALS = re.compile(r"Profile|Credential|SSO|Token(?!Refresh)")
_NO_ACCOUNT = "MissingAccount"
_INSTANCE_ROLES = "169.254.169.254"
_WHERE_CREDENTIALS = {
    "s3": "AWS_ACCESS_KEY_ID, AWS_PROFILE; AWS_SKIP_SIGNATURE=true for a public bucket",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS",
    "az": "AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY",
}
_CLOCK = frozenset({"RequestTimeTooSkewed", "RequestExpired"})
_GONE = frozenset({"NoSuchBucket", "ContainerNotFound"})
# Codes that speak of whoever asks, not of one object.
_WHO = frozenset(
    {
        "AuthenticationFailed",
        "ExpiredToken",
        "InvalidAccessKeyId",
        "InvalidToken",
        "SignatureDoesNotMatch",
        "TokenRefreshRequired",
    }
)
_DENIED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_TRY_LATER = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
_SERVERS_OWN = 500
_DENIED_KINDS = frozenset({"PermissionDeniedError", "UnauthenticatedError"})


class ObjectDeniedError(DeniedError):
    """One object may not be read; others may be."""


class ObjectGoneError(GoneError):
    """One object is not there; the bucket may be."""


class ObjectChangedError(UnreachableError):
    """One object is not the one that was listed any more."""


class NoRangesError(UnreachableError):
    """The store gives an object whole when it is asked for a part."""


@contextmanager
def told_of(where: Address) -> Iterator[None]:
    """Tell what the store or its client raises as our own error, without the request."""
    try:
        yield
    except UnreachableError:
        raise
    except Exception as error:
        if not _is_of_store(error):
            raise
        raise fault_of(error, where) from None


def _is_of_store(error: Exception) -> bool:
    """Whether an exception was raised by the client of the store."""
    module = type(error).__module__.partition(".")[0]
    return isinstance(error, FileNotFoundError) or module in {"obstore", "botocore", "boto3"}


def fault_of(error: Exception, where: Address) -> UnreachableError:
    """The kind of a failed request, with what to do about it."""
    text, kind = str(error), type(error).__name__
    status, code = _answer(error)
    said = " ".join(word for word in (str(status) if status else "", code) if word)
    if code in _CLOCK:
        return ClockError(
            f"{where}: the clock here and the store's differ too much ({said}); set the clock of"
            " this machine, then try again"
        )
    if code in _GONE:
        return GoneError(f"{where}: there is no such bucket ({said}); was it removed or renamed?")
    if _INSTANCE_ROLES in text or _NO_ACCOUNT in text or _NO_CREDENTIALS.search(kind):
        return no_credentials(where)
    if status in _DENIED or kind in _DENIED_KINDS:
        denied = DeniedError if code in _WHO else ObjectDeniedError
        return denied(
            f"{where}: access is refused ({said or kind}); check the credentials in the"
            " environment or the profile, and what they allow"
        )
    if isinstance(error, FileNotFoundError) or status == HTTPStatus.NOT_FOUND:
        return ObjectGoneError(
            f"{where}: it is not there ({said or 'the store knows no such key'})"
        )
    if kind == "PreconditionError":
        return ObjectChangedError(f"{where}: it was replaced while it was read; try again")
    if "non-partial response" in text:
        return NoRangesError(f"{where}: the store gives no parts of objects, only whole ones")
    return _fault_of_service(said, status, error, where)


def _answer(error: Exception) -> tuple[int, str]:
    """The HTTP status and the store's own code; 0 and nothing where there are none."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):  # botocore's
        status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        code = str(response.get("Error", {}).get("Code", ""))
        return int(status), code if _WORD.fullmatch(code) else ""
    text = str(error)
    status_said, code_said = _STATUS.search(text), _CODE.search(text)
    return int(status_said[1]) if status_said else 0, code_said[1] if code_said else ""


def _fault_of_service(said: str, status: int, error: Exception, where: Address) -> UnreachableError:
    text, kind = str(error), type(error).__name__
    if status in _TRY_LATER or status >= _SERVERS_OWN:
        return OverloadedError(
            f"{where}: the store cannot serve now ({said}), also when asked again; try later, or"
            " with fewer runs at a time"
        )
    if kind == "InvalidPathError":
        return UnreachableError(f"{where}: a key there has an empty part, `.` or `..` in it")
    if status:
        return UnreachableError(
            f"{where}: the store refuses ({said}); are the endpoint and the region right?"
        )
    if "InvalidCertificate" in text:
        return UnreachableError(f"{where}: its certificate is not one that is trusted here")
    if _ON_THE_WAY.search(text) is None:
        return UnreachableError(f"{where}: the store's client cannot go on ({kind})")
    return SilentError(
        f"{where}: no answer, or one that does not go on; look at the network and the endpoint,"
        " then try again"
    )


def no_credentials(where: Address) -> DeniedError:
    """Nobody to ask as was found."""
    return DeniedError(
        f"{where}: no credentials were found; set them in the environment, in a profile or as the"
        f" machine's role ({_WHERE_CREDENTIALS.get(where.scheme, 'none are known for it')})"
    )
