"""An authored record against its JSON Schema (draft 2020-12). The only importer of jsonschema.

Every fault becomes a finding in plain words at its line; what the validator said is kept as
evidence under `original`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from muniment.metadata.addresses import is_uri
from muniment.metadata.dates import edtf_fault, nearest_edtf
from muniment.metadata.languages import is_language_code, is_language_tag
from muniment.metadata.nodes import ListNode, Node, ObjectNode, ScalarNode, at, finding_at, plain
from muniment.metadata.relators import RELATORS, relator_for
from muniment.model.findings import Finding, JsonValue, Rule
from muniment.model.rules import record as rules

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, ValidationError

SCHEMA_FILE = "record.schema.json"
_KINDS = {
    "string": "text",
    "object": "an object (`name: value`)",
    "array": "a list",
    "boolean": "true or false",
}
_LONGEST_QUOTE = 60
_LONGEST_ORIGINAL = 300
_FEW = 20


def schema_findings(root: Node, name: str) -> tuple[Finding, ...]:
    """Everything in which a record departs from the schema, in the order of the file."""
    errors = _validator().iter_errors(plain(root))
    findings = [finding for error in errors for finding in _translated(error, root, name)]
    return tuple(sorted(findings, key=_order))


def _order(finding: Finding) -> tuple[int, int, str]:
    place = finding.location
    return place.line or 0, place.column or 0, finding.rule.id


@cache
def _validator() -> Draft202012Validator:
    from jsonschema import Draft202012Validator, FormatChecker

    formats = FormatChecker(formats=())
    for name, holds in _FORMATS.items():
        formats.checks(name)(_of_text(holds))
    text = (files("muniment.schemas") / SCHEMA_FILE).read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text), format_checker=formats)


# A blank text is a fault of its own (REC-204): no format complains of it a second time.
_FORMATS: Mapping[str, Callable[[str], bool]] = {
    "edtf": lambda text: edtf_fault(text) is None,
    "uri": is_uri,
    "language-code": is_language_code,
    "language-tag": is_language_tag,
}


def _of_text(holds: Callable[[str], bool]) -> Callable[[object], bool]:
    def judge(value: object) -> bool:
        return not isinstance(value, str) or not value.strip() or holds(value.strip())

    return judge


def _translated(error: ValidationError, root: Node, name: str) -> Iterator[Finding]:
    path = list(error.absolute_path)
    node = at(root, path)
    for rule, message, where, at_path, evidence in _faults(error, node, path):
        yield finding_at(
            rule,
            message,
            name=name,
            node=where,
            path=at_path,
            original=_cut(error.message, _LONGEST_ORIGINAL),
            **evidence,
        )


_Fault = tuple[Rule, str, Node, Sequence[str | int], dict[str, JsonValue]]


def _faults(error: ValidationError, node: Node, path: list[str | int]) -> Iterable[_Fault]:
    keyword = str(error.validator)
    subject = _subject(path)
    if keyword == "additionalProperties":
        return _unknown(error, node, path)
    if keyword in {"required", "anyOf"}:
        return _missing(error, node, path, subject)
    if _is_empty(error.instance):
        return [(rules.EMPTY_VALUE, f"{subject} has no value", node, path, {})]
    if keyword == "enum" and isinstance(error.instance, str):
        return [_outside_vocabulary(error, node, path, subject)]
    if keyword in {"type", "enum"}:
        return [_wrong_type(error, node, path, subject)]
    if keyword == "format":
        return [_wrong_format(error, node, path, subject)]
    return [_wrong_pattern(error, node, path, subject)]


def _subject(path: Sequence[str | int]) -> str:
    """How a person calls a place: `subject 2: authority`, or `the record`."""
    words = ""
    for step in path:
        if isinstance(step, int):
            words += f" {step + 1}"
        else:
            words += f": {step}" if words else step
    return words or "the record"


def _is_empty(value: object) -> bool:
    return value is None or value in ([], {}) or (isinstance(value, str) and not value.strip())


def _unknown(error: ValidationError, node: Node, path: list[str | int]) -> Iterable[_Fault]:
    known = list(_keyword(error, "properties"))
    for key, _ in node.entries if isinstance(node, ObjectNode) else ():
        word = str(key.value)
        if word in known:
            continue
        nearest = _nearest(word, known)
        owner = f" of {_subject(path)}" if path else ""
        message = f"{word} is no property{owner}"
        message += f"; did you mean {nearest}?" if nearest else _choices(known)
        expected = nearest or (known if len(known) <= _FEW else None)
        evidence: dict[str, JsonValue] = {"actual": word, "expected": expected}
        yield rules.UNKNOWN_PROPERTY, message, key, [*path, word], evidence


def _choices(known: Sequence[str]) -> str:
    if len(known) > _FEW:
        return "; the schema of the record names all that there are"
    return "; there are " + ", ".join(known)


def _keyword(error: ValidationError, keyword: str) -> Mapping[str, Any]:
    schema = error.schema
    found = schema.get(keyword, {}) if isinstance(schema, Mapping) else {}
    return found if isinstance(found, Mapping) else {}


def _nearest(word: str, known: Iterable[str]) -> str | None:
    by_lower = {candidate.lower(): candidate for candidate in known}
    plain_word = word.strip().lower().replace("_", "").replace("-", "").replace(" ", "")
    if plain_word in by_lower:
        return by_lower[plain_word]
    close = get_close_matches(plain_word, by_lower, n=1, cutoff=0.7)
    return by_lower[close[0]] if close else None


def _missing(
    error: ValidationError, node: Node, path: list[str | int], subject: str
) -> Iterable[_Fault]:
    if error.validator == "anyOf":
        wanted = [str(choice["required"][0]) for choice in _alternatives(error)]
        message = f"{subject} says none of {', '.join(wanted)}; it needs one of them"
        return [(rules.MISSING_PROPERTY, message, node, path, {"expected": wanted})]
    present = error.instance if isinstance(error.instance, Mapping) else {}
    required = error.validator_value if isinstance(error.validator_value, list) else []
    # The validator names one missing property in each error: the one its message begins with.
    name = next(
        (word for word in required if word not in present and repr(word) in error.message), "value"
    )
    message = f"{subject} has no {name}"
    return [(rules.MISSING_PROPERTY, message, node, path, {"expected": name, "actual": None})]


def _alternatives(error: ValidationError) -> list[dict[str, list[str]]]:
    return error.validator_value if isinstance(error.validator_value, list) else []


def _wrong_type(error: ValidationError, node: Node, path: list[str | int], subject: str) -> _Fault:
    types = error.validator_value if error.validator == "type" else "string"
    expected = [str(kind) for kind in (types if isinstance(types, list) else [types])]
    actual, advice = _description(node), ""
    if isinstance(node, ScalarNode) and not isinstance(node.value, str) and "string" in expected:
        advice = f'; write it in quotes: "{_short(node.raw)}"'
    elif expected == ["boolean"]:
        advice = ", without quotes"
    words = " or ".join(_KINDS.get(kind, kind) for kind in expected)
    message = f"{subject} is {actual}, and should be {words}{advice}"
    return rules.WRONG_TYPE, message, node, path, {"expected": expected, "actual": actual}


def _description(node: Node) -> str:
    if isinstance(node, ListNode):
        return "a list"
    if isinstance(node, ObjectNode):
        return "an object"
    if isinstance(node.value, bool):
        return f"the bare word {node.raw}"
    if isinstance(node.value, str):
        return f'the text "{_short(node.raw)}"'
    return f"the number {_short(node.raw)}"


def _short(text: str) -> str:
    return _cut(" ".join(text.split()), _LONGEST_QUOTE)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "\u2026"


def _outside_vocabulary(
    error: ValidationError, node: Node, path: list[str | int], subject: str
) -> _Fault:
    word = str(error.instance)
    enumerated = error.validator_value
    terms = [str(term) for term in enumerated] if isinstance(enumerated, list) else []
    nearest = _nearest(word, terms)
    if "aut" in terms:
        nearest = relator_for(word) or nearest
        terms = [f"{nearest} ({RELATORS[nearest]})"] if nearest else []
    message = f'{subject} is "{_short(word)}", which is not in its vocabulary'
    if nearest:
        message += f"; did you mean {nearest}?"
    elif terms:
        message += "; it takes " + ", ".join(terms)
    evidence: dict[str, JsonValue] = {"actual": word, "expected": nearest or terms}
    return rules.NOT_IN_VOCABULARY, message, node, path, evidence


def _wrong_format(
    error: ValidationError, node: Node, path: list[str | int], subject: str
) -> _Fault:
    word = str(error.instance).strip()
    evidence: dict[str, JsonValue] = {"actual": word}
    if error.validator_value == "edtf":
        nearest = nearest_edtf(word)
        reason = edtf_fault(word)
        message = f'{subject} is "{_short(word)}", which is no EDTF date: {reason}'
        if nearest:
            message += f"; write {nearest}"
            evidence["expected"] = nearest
        return rules.NOT_EDTF, message, node, path, evidence
    if error.validator_value == "uri":
        message = f'{subject} is "{_short(word)}", which is no URI with its scheme'
        return rules.NOT_URI, message, node, path, evidence
    message = f'{subject} is "{_short(word)}", which is no language code'
    if word.lower() != word and is_language_code(word.lower()):
        message += f"; write {word.lower()}"
        evidence["expected"] = word.lower()
    return rules.NOT_LANGUAGE, message, node, path, evidence


def _wrong_pattern(
    error: ValidationError, node: Node, path: list[str | int], subject: str
) -> _Fault:
    wanted = "four letters as Latn or Cyrl" if "A-Z" in str(error.validator_value) else "no blanks"
    message = f'{subject} is "{_short(str(error.instance))}"; it should have {wanted}'
    evidence: dict[str, JsonValue] = {
        "expected": str(error.validator_value),
        "actual": str(error.instance),
    }
    return rules.WRONG_PATTERN, message, node, path, evidence
