"""One form for every value: JSON of which there is only one way to write it down.

Keys in code-point order, no blanks, UTF-8, whole numbers only (RFC 8785 without its floats). What
is hashed or signed is these bytes, so that a value has one hash and a proof one spelling.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn, TypeAlias

from muniment.model.errors import MunimentError

JsonObject: TypeAlias = Mapping[str, Any]

_TO_CODE = re.compile("[%\x00-\x1f\x7f\ud800-\udfff]")
_PLAIN = frozenset({str, int, bool, type(None)})
_CODED = re.compile("((?:%[0-9A-F]{2})+)")


def _no_fraction(text: str) -> NoReturn:
    raise ValueError(f"{text} is no whole number")


# Made once: `check-ledger` reads and writes ten million objects.
_ENCODER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)
_DECODER = json.JSONDecoder(parse_float=_no_fraction, parse_constant=_no_fraction)


class NotCanonicalError(MunimentError):
    """Bytes that are not the one canonical form of a JSON object."""


def encode(value: JsonObject) -> bytes:
    """The canonical bytes of a JSON object. Raises ValueError for what has none."""
    _refuse_floats(value)
    return _ENCODER.encode(value).encode()


def text_of(decoded: object) -> str:
    """The canonical text of a value that `decode` gave, or a part of one: nothing is refused."""
    return _ENCODER.encode(decoded)


def decode(data: bytes) -> dict[str, Any]:
    """The object that canonical bytes stand for. Raises NotCanonicalError for any other bytes."""
    try:
        text = data.decode()
        value = _DECODER.decode(text)
        same = isinstance(value, dict) and _ENCODER.encode(value) == text
    except (ValueError, RecursionError) as fault:
        raise NotCanonicalError(f"it is not canonical JSON: {fault}") from fault
    if not same:
        raise NotCanonicalError("it is not canonical JSON: another spelling of the same")
    return dict(value)


def coded_name(name: str) -> str:
    """A file's name as text that every database keeps: what none can is percent-coded.

    Coded are `%`, control characters with NUL, and the stand-ins of undecodable bytes.
    """
    return _TO_CODE.sub(_coded, name)


def decoded_name(coded: str) -> str:
    """Undo `coded_name`."""
    return _CODED.sub(_decoded, coded)


def _coded(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogateescape"))


def _decoded(match: re.Match[str]) -> str:
    return bytes.fromhex(match[1].replace("%", "")).decode("utf-8", "surrogateescape")


def _refuse_floats(value: object) -> None:
    if type(value) in _PLAIN:
        return
    if isinstance(value, float):
        raise ValueError("a number with a fraction has no canonical form here")  # noqa: TRY004
    if isinstance(value, Mapping):
        for key, member in value.items():
            if not isinstance(key, str):
                raise ValueError("a name that is no text")  # noqa: TRY004
            _refuse_floats(member)
    elif isinstance(value, list | tuple):
        for member in value:
            _refuse_floats(member)
