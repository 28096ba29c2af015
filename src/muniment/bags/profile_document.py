"""A profile's JSON document as Python values, taken key by key; what cannot stand is noted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from muniment.model.errors import UsageError

LARGEST = 1 << 20
_SHOWN = 60


class _TwiceError(ValueError):
    """A key stands twice in one object."""


def parsed(data: bytes, name: str) -> Mapping[str, object]:
    """The document as Python values; numbers are kept as they are written (`0.97`).

    Raises UsageError where it is larger than `LARGEST` bytes, or no JSON object.
    """
    if len(data) > LARGEST:
        raise UsageError(f"profile {name}: it is larger than {LARGEST:,} bytes; no profile is")
    try:
        document = json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=_once,
            parse_float=str,
            parse_int=str,
            parse_constant=_no_constant,
        )
        # Half a surrogate pair, as an escape can write it, is no text.
        json.dumps(document, ensure_ascii=False).encode()
    except (UnicodeDecodeError, UnicodeEncodeError) as fault:
        raise UsageError(f"profile {name}: it is not UTF-8 text: {fault.reason}") from fault
    except _TwiceError as fault:
        raise UsageError(f"profile {name}: {fault}") from fault
    except RecursionError as fault:
        raise UsageError(f"profile {name}: its objects and lists lie too deep") from fault
    except ValueError as fault:
        raise UsageError(f"profile {name}: it is not JSON: {fault}") from fault
    if not isinstance(document, dict):
        raise UsageError(f"profile {name}: a profile is one JSON object, {{...}}")
    return document


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _TwiceError(f"the key {shown(twice)} stands twice in one object")
    return values


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON value")


def shown(value: object) -> str:
    """A value as it stands in the document, cut short."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


@dataclass(slots=True, kw_only=True)
class Part:
    """An object of the document: values are taken key by key, and what cannot stand is noted.

    `faults` has each once, however often its key is asked for.
    """

    values: Mapping[str, object]
    place: str = ""
    faults: dict[str, None] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)

    def text(self, key: str) -> str | None:
        """A text; None where there is none."""
        value = self._take(key)
        if value is None or isinstance(value, str):
            return value
        self._wrong(key, "a text in quotes", value)
        return None

    def truth(self, key: str, *, default: bool) -> bool:
        """`true` or `false`; the specification's grammar has them in quotes too."""
        value = self._take(key)
        if value is None:
            return default
        if isinstance(value, str):
            value = {"true": True, "false": False}.get(value.lower(), value)
        if isinstance(value, bool):
            return value
        self._wrong(key, "true or false", value)
        return default

    def texts(self, key: str) -> tuple[str, ...] | None:
        """A list of texts; None where there is none."""
        value = self._take(key)
        if value is None:
            return None
        if isinstance(value, list) and all(isinstance(member, str) for member in value):
            return tuple(dict.fromkeys(value))
        self._wrong(key, "a list of texts", value)
        return None

    def algorithms(self, key: str) -> tuple[str, ...] | None:
        """A list of algorithms, named as manifests name them: `SHA-256` is `sha256`."""
        names = self.texts(key)
        if names is None:
            return None
        plain = ("".join(filter(str.isalnum, name.lower())) for name in names)
        return tuple(dict.fromkeys(plain))

    def part(self, key: str) -> Part:
        """An object within; its faults are noted here. Empty where there is none."""
        value = self._take(key)
        if value is not None and not isinstance(value, dict):
            self._wrong(key, "an object, {...}", value)
            value = None
        return Part(values=value or {}, place=f"{self.place}{key}/", faults=self.faults)

    def _take(self, key: str) -> object:
        self.known.add(key)
        if key in self.values and self.values[key] is None:
            self.faults[f"{self.place}{key}: null says nothing; leave the key out"] = None
        return self.values.get(key)

    def _wrong(self, key: str, wanted: str, value: object) -> None:
        self.faults[f"{self.place}{key}: it must be {wanted}, not {shown(value)}"] = None
