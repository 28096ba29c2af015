"""Authored records made from the schema itself: whatever it allows, sooner or later comes up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from itertools import count
from typing import Any

from hypothesis import strategies as st

from muniment.metadata.language_codes import code_fault

_LANGUAGE_LISTS = {"iso639-2b", "iso639-3", "rfc3066", "rfc4646", "rfc5646"}
SCHEMA: dict[str, Any] = json.loads(
    (files("muniment.schemas") / "record.schema.json").read_text(encoding="utf-8")
)
_LETTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
# The marks keep a text from being blank, or an address, by accident.
TEXTS = st.text(_LETTERS, max_size=12).map(lambda text: f"«{text}»")
_FORMATS = {
    "edtf": st.sampled_from(
        [
            "1952",
            "1952-12",
            "1952-12-27",
            "1952~",
            "195X",
            "1952/1953",
            "1952-12/..",
            "-0044",
            "[1952,1953]",
            "{1952..1954}",
            "Y-17E7",
            "2001-21",
            "2004-06~-11",
            "1952-12-27T10:00:00Z",
        ]
    ),
    "uri": st.sampled_from(
        [
            "http://example.org/",
            "https://example.org/a?b=c&d=%20#e",
            "urn:isbn:0451450523",
            "info:lccn/n78890351",
            "http://example.org/ü/日本",
            "mailto:archive@example.org",
        ]
    ),
    "language-code": st.sampled_from(["eng", "deu", "cmn", "en", "qaa", "zh-Hant", "sr-Latn-RS"]),
    "language-tag": st.sampled_from(["en", "de", "zh-Hant", "sr-Latn-RS", "de-1996", "x-parish"]),
}


def values(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Whatever a part of the record's schema allows."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        return st.deferred(lambda: values(SCHEMA["$defs"][name]))
    if "if" in schema:
        one = values(schema["else"])
        return st.one_of(one, st.lists(one, min_size=1, max_size=3))
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return st.one_of(*(_of_kind(kind, schema) for kind in kinds))


def _of_kind(kind: str, schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    if kind == "boolean":
        return st.booleans()
    if kind == "array":
        return st.lists(values(schema["items"]), min_size=1, max_size=3)
    if kind == "object":
        return _objects(schema)
    if "format" in schema:
        return _FORMATS[schema["format"]]
    if schema["pattern"] == "\\S":
        return TEXTS
    examples = ["Latn", "Cyrl"] if "A-Z" in schema["pattern"] else ["lcsh", "local", "fast/x"]
    return st.sampled_from(examples)


def _objects(schema: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    parts = {name: values(part) for name, part in schema["properties"].items()}
    choices = [choice["required"] for choice in schema.get("anyOf", [])] or [[]]

    def with_required(more: list[str]) -> st.SearchStrategy[dict[str, Any]]:
        needed = {*schema.get("required", []), *more}
        if schema.get("minProperties") and not needed:
            needed = {"language"}
        return st.fixed_dictionaries(
            {name: parts[name] for name in parts if name in needed},
            optional={name: parts[name] for name in parts if name not in needed},
        )

    whole = st.one_of(*(with_required(choice) for choice in choices))
    needs = schema.get("dependentRequired", {})
    return whole.map(lambda value: _of_its_list(_without_orphans(value, needs)))


def _of_its_list(value: dict[str, Any]) -> dict[str, Any]:
    """The same without the list that a language's code would be said to be from, and is not."""
    code, named = value.get("value"), value.get("authority")
    is_wrong = named in _LANGUAGE_LISTS and code_fault(str(code), named) is not None
    return {name: part for name, part in value.items() if not (is_wrong and name == "authority")}


def _without_orphans(value: dict[str, Any], needs: dict[str, list[str]]) -> dict[str, Any]:
    return {
        name: part
        for name, part in value.items()
        if all(need in value for need in needs.get(name, []))
    }


PROPERTIES = {name: values(part) for name, part in SCHEMA["properties"].items()}


def records(*names: str) -> st.SearchStrategy[dict[str, Any]]:
    """Records of a title and the named properties; without names, of up to six by chance."""
    if names:
        return _record_of(["title", *names])
    some = st.lists(st.sampled_from(sorted(PROPERTIES)), max_size=6, unique=True)
    return some.flatmap(lambda chosen: _record_of(["title", *chosen]))


def _record_of(names: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    record = st.fixed_dictionaries({name: PROPERTIES[name] for name in dict.fromkeys(names)})
    return record.map(lambda values: _numbered(values, count(1)))


def _numbered(value: Any, numbers: Iterator[int]) -> Any:  # noqa: ANN401 - JSON data
    """The same record with every free text made unique, so that a lost one is missed."""
    if isinstance(value, dict):
        return {name: _numbered(part, numbers) for name, part in value.items()}
    if isinstance(value, list):
        return [_numbered(part, numbers) for part in value]
    if isinstance(value, str) and value.startswith("«"):
        return f"«{next(numbers)} {value[1:]}"
    return value
