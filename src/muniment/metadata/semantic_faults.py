"""What a semantic rule says of a value, before it is known where the value stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from muniment.metadata.statements import Field
from muniment.model.findings import JsonValue, Rule

_LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A broken rule: its message for a person, and the same as data."""

    rule: Rule
    message: str
    evidence: Mapping[str, JsonValue] = field(default_factory=dict)


def fault(
    rule: Rule,
    of: Field,
    value: str,
    reason: str,
    expected: str | None = None,
    *,
    nearest: str | None = None,
    **evidence: JsonValue,
) -> Fault:
    """A fault of a value: `url is "www.x.example": it has no scheme; write https://www.x.example`.

    `expected` is what would be right; `nearest` what may have been meant, where that is a guess.
    """
    message = f"{of.name} is {quoted(value)}: {reason}"
    if expected is not None:
        message += f"; write {expected}"
        evidence = {"expected": expected, **evidence}
    elif nearest is not None:
        message += f"; did you mean {nearest}?"
        evidence = {"expected": nearest, **evidence}
    return Fault(rule=rule, message=message, evidence={"actual": value, **evidence})


def quoted(value: str) -> str:
    """A value for a sentence: in one line, cut where it is long."""
    text = " ".join(value.split())
    short = text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "\u2026"
    return f'"{short}"'
