"""Addresses: what is a URI (RFC 3986), an IRI (RFC 3987) taken for one."""

from __future__ import annotations

import re

_CODED = "%[0-9A-Fa-f]{2}"
# RFC 3987 section 2.2, ucschar, without what is private or no character.
_BEYOND_ASCII = "\\u00a0-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\uffef\\U00010000-\\U000efffd"
_CHARACTER = rf"(?:[A-Za-z0-9._~!$&'()*+,;=:@{_BEYOND_ASCII}-]|{_CODED})"
_HOST = rf"(?:[A-Za-z0-9._~!$&'()*+,;={_BEYOND_ASCII}-]|{_CODED})+"
_AUTHORITY = rf"(?:[A-Za-z0-9._~:-]+@)?{_HOST}(?::[0-9]{{0,5}})?"
_PATH = rf"(?:{_CHARACTER}|/)"
_QUERY = rf"(?:{_CHARACTER}|[/?])*"
_URI = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:"
    rf"(?://{_AUTHORITY}(?:/{_PATH}*)?|///{_CHARACTER}{_PATH}*|(?!//){_PATH}+)"
    rf"(?:\?{_QUERY})?(?:#{_QUERY})?"
)


def is_uri(text: str) -> bool:
    """Whether the text is an absolute URI or IRI with its scheme: `http://...`, `urn:isbn:...`."""
    return _URI.fullmatch(text) is not None


def is_web_address(text: str) -> bool:
    """Whether the text is an address that a browser opens."""
    return text.lower().startswith(("http://", "https://")) and is_uri(text)
