"""Departures from the schema of the record -> findings in plain words, at their lines.

What the validator said is kept as evidence under `original`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches

from muniment.metadata.dates import edtf_fault, nearest_edtf
from muniment.metadata.json_schema import SCHEMA_FILE, Departure, departures
from muniment.metadata.languages import is_language_code
from muniment.metadata.nodes import ListNode, Node, ObjectNode, ScalarNode, at, finding_at, plain
from muniment.metadata.relators import RELATORS, relator_for
from muniment.model.findings import Finding, JsonValue, Rule
from muniment.model.rules import record as rules

_KINDS = {
    "string": "text",
    "object": "an object (`name: value`)",
    "array": "a list",
    "boolean": "true or false",
}
_LONGEST_QUOTE = 60
_LONGEST_ORIGINAL = 300
_FEW = 20

# A rule, the message, the place, and the evidence.
_Path = tuple[str | int, ...]
_Fault = tuple[Rule, str, Node, _Path, dict[str, JsonValue]]


def schema_findings(root: Node, name: str, schema_file: str = SCHEMA_FILE) -> tuple[Finding, ...]:
    """Everything in which a record departs from the schema, in the order of the file."""
    findings = [
        finding
        for departure in departures(plain(root), schema_file)
        for finding in _translated(departure, root, name)
    ]
    return tuple(sorted(findings, key=_order))


def _order(finding: Finding) -> tuple[int, int, str]:
    place = finding.location
    return place.line or 0, place.column or 0, finding.rule.id


def _translated(departure: Departure, root: Node, name: str) -> Iterator[Finding]:
    original = _cut(departure.said, _LONGEST_ORIGINAL)
    node = at(root, departure.path)
    for rule, message, where, path, evidence in _faults(departure, node):
        yield finding_at(
            rule, message, name=name, node=where, path=path, original=original, **evidence
        )


def _faults(departure: Departure, node: Node) -> Iterable[_Fault]:
    keyword, value = departure.keyword, departure.value
    if keyword == "additionalProperties":
        return _unknown(departure, node)
    if keyword in {"required", "anyOf", "dependentRequired"}:
        return [_missing(departure, node)]
    if _is_empty(value):
        message = f"{_subject(departure.path)} has no value"
        return [(rules.EMPTY_VALUE, message, node, departure.path, {})]
    if keyword == "enum" and isinstance(value, str):
        return [_outside_vocabulary(departure, node)]
    if keyword in {"type", "enum"}:
        return [_wrong_type(departure, node)]
    if keyword == "format":
        return [_wrong_format(departure, node)]
    return [_wrong_pattern(departure, node)]


def _subject(path: _Path) -> str:
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


def _unknown(departure: Departure, node: Node) -> Iterator[_Fault]:
    known, path = departure.known, departure.path
    owner = f" of {_subject(path)}" if path else ""
    for key, _ in node.entries if isinstance(node, ObjectNode) else ():
        word = str(key.value)
        if word in known:
            continue
        nearest = _nearest(word, known)
        message = f"{word} is no property{owner}"
        message += f"; did you mean {nearest}?" if nearest else _choices(known)
        expected = nearest or (known if len(known) <= _FEW else None)
        evidence: dict[str, JsonValue] = {"actual": word, "expected": expected}
        yield rules.UNKNOWN_PROPERTY, message, key, (*path, word), evidence


def _choices(known: Sequence[str]) -> str:
    if len(known) > _FEW:
        return "; the schema of the record names all that there are"
    return "; there are " + ", ".join(known)


def _nearest(word: str, known: Iterable[str]) -> str | None:
    by_lower = {candidate.lower(): candidate for candidate in known}
    plain_word = word.strip().lower().replace("_", "").replace("-", "").replace(" ", "")
    if plain_word in by_lower:
        return by_lower[plain_word]
    close = get_close_matches(plain_word, by_lower, n=1, cutoff=0.7)
    return by_lower[close[0]] if close else None


def _missing(departure: Departure, node: Node) -> _Fault:
    subject = _subject(departure.path)
    expected: JsonValue
    if departure.keyword == "anyOf":
        choices = [str(choice["required"][0]) for choice in departure.wanted]
        expected = choices
        message = f"{subject} says none of {', '.join(choices)}; it needs one of them"
    elif departure.keyword == "dependentRequired":
        # The validator names what is missing first, and last what depends on it.
        dependent = next(key for key in departure.wanted if departure.said.endswith(repr(key)))
        expected = departure.wanted[dependent][0]
        message = f"{subject} has no {expected}, of which its {dependent} would speak"
    else:
        expected = next(name for name in departure.wanted if departure.said.startswith(repr(name)))
        message = f"{subject} has no {expected}"
    evidence: dict[str, JsonValue] = {"expected": expected, "actual": None}
    return rules.MISSING_PROPERTY, message, node, departure.path, evidence


def _wrong_type(departure: Departure, node: Node) -> _Fault:
    types = departure.wanted if departure.keyword == "type" else "string"
    expected = [str(kind) for kind in (types if isinstance(types, list) else [types])]
    actual, advice = _description(node), ""
    if isinstance(node, ScalarNode) and not isinstance(node.value, str) and "string" in expected:
        advice = f'; write it in quotes: "{_short(node.raw)}"'
    elif expected == ["boolean"]:
        advice = ", without quotes"
    words = " or ".join(_KINDS.get(kind, kind) for kind in expected)
    message = f"{_subject(departure.path)} is {actual}, and should be {words}{advice}"
    evidence: dict[str, JsonValue] = {"expected": expected, "actual": actual}
    return rules.WRONG_TYPE, message, node, departure.path, evidence


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


def _says(departure: Departure) -> str:
    return f'{_subject(departure.path)} is "{_short(str(departure.value))}"'


def _outside_vocabulary(departure: Departure, node: Node) -> _Fault:
    terms = [str(term) for term in departure.wanted]
    nearest = _nearest(departure.value, terms)
    if set(terms) == set(RELATORS):
        # The codes of roles are near to each other by chance; their names are not.
        nearest, terms = relator_for(departure.value) or nearest, []
    message = f"{_says(departure)}, which is not in its vocabulary"
    if nearest:
        message += f"; did you mean {nearest}?"
    elif terms:
        message += "; it takes " + ", ".join(terms)
    evidence: dict[str, JsonValue] = {"actual": departure.value, "expected": nearest or terms}
    return rules.NOT_IN_VOCABULARY, message, node, departure.path, evidence


def _wrong_format(departure: Departure, node: Node) -> _Fault:
    word = str(departure.value).strip()
    evidence: dict[str, JsonValue] = {"actual": word}
    meant = None
    if departure.wanted == "edtf":
        rule, meant = rules.NOT_EDTF, nearest_edtf(word)
        message = f"{_says(departure)}, which is no EDTF date: {edtf_fault(word)}"
    elif departure.wanted == "uri":
        rule = rules.NOT_URI
        message = f"{_says(departure)}, which is no URI with its scheme"
    else:
        rule = rules.NOT_LANGUAGE
        meant = word.lower() if is_language_code(word.lower()) else None
        message = f"{_says(departure)}, which is no language code"
    if meant is not None:
        message += f"; write {meant}"
        evidence["expected"] = meant
    return rule, message, node, departure.path, evidence


def _wrong_pattern(departure: Departure, node: Node) -> _Fault:
    wanted = "four letters as Latn or Cyrl" if "A-Z" in departure.wanted else "no blanks"
    message = f"{_says(departure)}; it should have {wanted}"
    evidence: dict[str, JsonValue] = {"expected": departure.wanted, "actual": departure.value}
    return rules.WRONG_PATTERN, message, node, departure.path, evidence
