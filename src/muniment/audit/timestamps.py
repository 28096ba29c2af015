"""Time stamps (RFC 3161): an authority says that bytes were there no later than a moment.

Asked for and delivered by others, for instance with `openssl ts`; verified here offline, against
the certificates that the checker gives. The only importer of rfc3161_client.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from muniment.model.errors import MissingExtraError, MunimentError, UsageError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampResponse, Verifier

_HASHES = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
LARGEST_STAMP = 1 << 20
LARGEST_CERTIFICATES = 1 << 20
_PEM = re.compile(b"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


class StampError(MunimentError):
    """A time stamp that does not hold; the message says why."""


def stamped_by(stamp: bytes, message: bytes, certificates: bytes) -> datetime:
    """The moment, in UTC, no later than which the message was there.

    `stamp` is a response in DER, `certificates` are PEM: the authority's root, and where the stamp
    does not carry it, its own. Raises StampError, UsageError, MissingExtraError.
    """
    response = _response(stamp)
    roots, others = _sorted(_certificates(certificates))
    try:
        _verifier(roots, others, response).verify_message(response, message)
        return response.tst_info.gen_time + _accuracy(response)
    except Exception as fault:  # what it meets in a malformed response it raises as it comes
        raise StampError(f"it does not verify: {fault}") from fault


def is_for(stamp: bytes, message: bytes) -> bool:
    """Whether a response speaks of this message; its signature is not looked at.

    Raises StampError, MissingExtraError.
    """
    try:
        imprint = _response(stamp).tst_info.message_imprint
    except ValueError as fault:
        raise StampError(f"it speaks of no message: {fault}") from fault
    name = _HASHES.get(imprint.hash_algorithm.dotted_string)
    return name is not None and hashlib.new(name, message).digest() == imprint.message


def _response(stamp: bytes) -> TimeStampResponse:
    try:
        from rfc3161_client import decode_timestamp_response
    except ImportError as error:
        raise MissingExtraError("reading a time stamp", "timestamp") from error
    try:
        return decode_timestamp_response(stamp)
    except ValueError as fault:
        raise StampError(f"it is no response of a time-stamping authority: {fault}") from fault


def _certificates(pem: bytes) -> list[Certificate]:
    from cryptography.x509 import load_pem_x509_certificate

    try:
        found = [load_pem_x509_certificate(each) for each in _PEM.findall(pem)]
    except ValueError as fault:
        raise UsageError(f"a certificate of the authority cannot be read: {fault}") from fault
    if not found:
        raise UsageError("the file of the authority's certificates holds none in PEM")
    return found


def _sorted(given: list[Certificate]) -> tuple[list[Certificate], list[Certificate]]:
    """Roots, which are their own issuers, and the rest."""
    roots = [each for each in given if each.issuer == each.subject]
    if not roots:
        raise UsageError("the authority's root certificate is missing: give it too, as PEM")
    return roots, [each for each in given if each.issuer != each.subject]


def _verifier(
    roots: list[Certificate], others: list[Certificate], response: TimeStampResponse
) -> Verifier:
    from rfc3161_client import VerifierBuilder

    builder = VerifierBuilder()
    for root in roots:
        builder = builder.add_root_certificate(root)
    for other in others:
        builder = builder.add_intermediate_certificate(other)
    own = _own(response, others)
    return builder.build() if own is None else builder.tsa_certificate(own).build()


def _own(response: TimeStampResponse, given: list[Certificate]) -> Certificate | None:
    """The certificate that the stamp is signed with, where the checker gave it."""
    signers = {(each.issuer, each.serial_number) for each in response.signed_data.signer_infos}
    return next((each for each in given if (each.issuer, each.serial_number) in signers), None)


def _accuracy(response: TimeStampResponse) -> timedelta:
    """By how much the authority's clock may be off, as it says itself."""
    accuracy = response.tst_info.accuracy
    if accuracy is None:
        return timedelta()
    return timedelta(
        seconds=accuracy.seconds or 0,
        milliseconds=accuracy.millis or 0,
        microseconds=accuracy.micros or 0,
    )
