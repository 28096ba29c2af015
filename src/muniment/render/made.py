"""What a command made, as lines for a person: names and values as they stand in the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from muniment.model.findings import JsonValue
from muniment.render.escaping import visible


def made_lines(made: Mapping[str, JsonValue], indent: str = "  ") -> list[str]:
    """One line a member; members that hold more stand indented below their name."""
    lines: list[str] = []
    for name, member in made.items():
        label = f"{indent}{_label(name)}:"
        inline = _inline(member)
        lines += [f"{label} {inline}"] if inline is not None else [label, *_below(member, indent)]
    return lines


def _label(name: str) -> str:
    return visible(name).replace("_", " ")


def _inline(value: JsonValue) -> str | None:
    """The value on one line, or None where it needs several."""
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return f"{value:,}"
        case str():
            return visible(value)
        case Mapping() if value and all(type(member) is int for member in value.values()):
            return ", ".join(_count(name, member) for name, member in value.items())
        case Sequence() if all(isinstance(member, (str, int)) for member in value):
            return ", ".join(visible(str(member)) for member in value) or "-"
    return None


def _count(name: str, number: JsonValue) -> str:
    """`1 file`, `2 files`."""
    label = _label(name)
    return f"{number:,} {label.removesuffix('s') if number == 1 else label}"


def _below(value: JsonValue, indent: str) -> list[str]:
    deeper = f"{indent}  "
    if isinstance(value, Mapping):
        return made_lines(value, deeper)
    lines: list[str] = []
    for member in value if isinstance(value, Sequence) else ():
        lines += _row(member, deeper)
    return lines


def _row(member: JsonValue, indent: str) -> list[str]:
    """A member of a list: its values beside each other where they are plain, else below."""
    if not isinstance(member, Mapping):
        return [f"{indent}{_inline(member) or '...'}"]
    cells = [_inline(value) for value in member.values()]
    plain = [cell for cell in cells if cell is not None]
    return [indent + "  ".join(plain)] if len(plain) == len(cells) else made_lines(member, indent)
