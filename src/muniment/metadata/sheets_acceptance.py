"""The schema of the record as plain functions: the obviously right is accepted without jsonschema.

Accepting is exact for the keywords that are known here; what is not accepted goes to jsonschema,
whose verdict alone counts. A keyword that is not known here accepts nothing, so the verdicts are
the same whatever the schema becomes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from muniment.metadata.json_schema import FORMATS
from muniment.metadata.sheets_columns import record_schema

Accepts = Callable[[Any], bool]
_Schema = Mapping[str, Any]

_ASIDE = {"description", "title", "$schema"}
_SILENT = frozenset({"if", "then", "else", "items", "additionalProperties"})


def accepts(name: str, value: Any) -> bool:  # noqa: ANN401 - JSON data
    """Whether a property's value is certainly right; False decides nothing."""
    return _property(name)(value)


@cache
def _property(name: str) -> Accepts:
    schema = record_schema()
    rule = schema["properties"].get(name)
    return _nothing if rule is None else _compiled(rule, schema["$defs"])


def _nothing(_: Any) -> bool:  # noqa: ANN401 - JSON data
    return False


def _compiled(rule: _Schema, shared: _Schema) -> Accepts:
    """The function of a schema; all its keywords must accept a value."""
    if set(rule) - _ASIDE == {"$ref"}:
        return _compiled(shared[rule["$ref"].rpartition("/")[2]], shared)
    if set(rule) - _ASIDE == {"if", "then", "else"} and rule["if"] == {"type": "array"}:
        return _one_or_several(rule, shared)
    judges = [_keyword(keyword, rule, shared) for keyword in rule.keys() - _ASIDE - _SILENT]
    if rule.keys() & (_SILENT - {"items", "additionalProperties"}):
        return _nothing
    if "additionalProperties" in rule and rule["additionalProperties"] is not False:
        return _nothing
    if "items" in rule:
        judges.append(_items(_compiled(rule["items"], shared)))
    return _all(judges)


def _all(judges: list[Accepts]) -> Accepts:
    def judge_all(value: Any) -> bool:  # noqa: ANN401 - JSON data
        for judge in judges:  # noqa: SIM110 - runs on every cell, and all() takes twice as long
            if not judge(value):
                return False
        return True

    return judge_all


def _one_or_several(rule: _Schema, shared: _Schema) -> Accepts:
    several, one = _compiled(rule["then"], shared), _compiled(rule["else"], shared)
    return lambda value: several(value) if isinstance(value, list) else one(value)


def _items(judge: Accepts) -> Accepts:
    return lambda value: not isinstance(value, list) or all(map(judge, value))


def _keyword(keyword: str, rule: _Schema, shared: _Schema) -> Accepts:
    if keyword == "properties":
        if rule.get("additionalProperties") is not False:
            return _nothing
        return _properties({n: _compiled(each, shared) for n, each in rule[keyword].items()})
    maker = _MAKERS.get(keyword)
    return _nothing if maker is None else maker(rule[keyword])


def _pattern(wanted: str) -> Accepts:
    search = re.compile(wanted).search
    return lambda value: not isinstance(value, str) or search(value) is not None


def _format(wanted: str) -> Accepts:
    holds = FORMATS.get(wanted)
    if holds is None:
        return _nothing
    return lambda value: not isinstance(value, str) or holds(value.strip())


def _enum(wanted: list[Any]) -> Accepts:
    allowed = {each for each in wanted if isinstance(each, str)}
    return lambda value: isinstance(value, str) and value in allowed


def _required(wanted: list[str]) -> Accepts:
    return lambda value: not isinstance(value, dict) or all(name in value for name in wanted)


def _least(kind: type[Any]) -> Callable[[int], Accepts]:
    return lambda wanted: lambda value: not isinstance(value, kind) or len(value) >= wanted


_TYPES = {"string": str, "object": dict, "array": list, "boolean": bool}


def _type(wanted: str | list[str]) -> Accepts:
    names = [wanted] if isinstance(wanted, str) else wanted
    kinds = tuple(_TYPES[name] for name in names if name in _TYPES)
    return lambda value: isinstance(value, kinds)


def _properties(known: Mapping[str, Accepts]) -> Accepts:
    def judge(value: Any) -> bool:  # noqa: ANN401 - JSON data
        return not isinstance(value, dict) or all(
            name in known and known[name](member) for name, member in value.items()
        )

    return judge


def _any_of(choices: list[_Schema]) -> Accepts:
    if any(set(choice) != {"required"} for choice in choices):
        return _nothing
    return lambda value: (
        not isinstance(value, dict)
        or any(all(name in value for name in choice["required"]) for choice in choices)
    )


def _dependent(wanted: Mapping[str, list[str]]) -> Accepts:
    return lambda value: (
        not isinstance(value, dict)
        or all(
            name not in value or all(other in value for other in others)
            for name, others in wanted.items()
        )
    )


_MAKERS: Mapping[str, Callable[[Any], Accepts]] = {
    "type": _type,
    "pattern": _pattern,
    "format": _format,
    "enum": _enum,
    "required": _required,
    "anyOf": _any_of,
    "dependentRequired": _dependent,
    "minItems": _least(list),
    "minProperties": _least(dict),
}
