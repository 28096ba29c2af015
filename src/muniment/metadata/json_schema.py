"""What in a record departs from its JSON Schema (draft 2020-12). Alone imports jsonschema."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from muniment.metadata.addresses import is_uri
from muniment.metadata.dates import edtf_fault
from muniment.metadata.languages import is_language_code, is_language_tag
from muniment.model.findings import JsonValue

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

SCHEMA_FILE = "record.schema.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """One keyword of the schema that a value does not fulfil.

    `wanted` is what the schema says under the keyword, `known` the properties that an object may
    have at this place, `said` the validator's own message.
    """

    keyword: str
    path: tuple[str | int, ...]
    value: Any
    wanted: Any
    known: tuple[str, ...]
    said: str


def departures(values: JsonValue, schema_file: str = SCHEMA_FILE) -> Iterator[Departure]:
    """Everything in which a record, or another file, departs from its schema."""
    for error in _validator(schema_file).iter_errors(values):
        schema = error.schema if isinstance(error.schema, Mapping) else {}
        yield Departure(
            keyword=str(error.validator),
            path=tuple(error.absolute_path),
            value=error.instance,
            wanted=error.validator_value,
            known=tuple(schema.get("properties", ())),
            said=error.message,
        )


@cache
def _validator(schema_file: str) -> Draft202012Validator:
    from jsonschema import Draft202012Validator, FormatChecker

    formats = FormatChecker(formats=())
    for name, holds in FORMATS.items():
        formats.checks(name)(_of_text(holds))
    text = (files("muniment.schemas") / schema_file).read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text), format_checker=formats)


FORMATS: Mapping[str, Callable[[str], bool]] = {
    "edtf": lambda text: edtf_fault(text) is None,
    "uri": is_uri,
    "language-code": is_language_code,
    "language-tag": is_language_tag,
}


def _of_text(holds: Callable[[str], bool]) -> Callable[[object], bool]:
    """A blank text is a fault of its own: no format complains of it a second time."""

    def judge(value: object) -> bool:
        return not isinstance(value, str) or not value.strip() or holds(value.strip())

    return judge
