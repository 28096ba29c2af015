"""A parsed YAML or JSON file as a tree of values, each with its line and column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from muniment.model.findings import Finding, JsonValue, Location, Rule

# Our deepest record has eight levels; what goes beyond this is refused before it is read.
DEEPEST = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalarNode:
    """A text, number, boolean or null. `raw` is its spelling in the file, without quotes."""

    value: str | int | float | bool | None
    raw: str
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListNode:
    """A list of values."""

    items: tuple[Node, ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectNode:
    """Properties in the order of the file; each name is a node, for it has a place too."""

    entries: tuple[tuple[ScalarNode, Node], ...]
    line: int
    column: int

    def entry(self, name: str | int) -> tuple[ScalarNode, Node] | None:
        """The property of this name, or None."""
        return next((entry for entry in self.entries if entry[0].value == name), None)


Node = ScalarNode | ListNode | ObjectNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What came of a file. `root` is None where nothing could be made of it."""

    root: Node | None
    findings: tuple[Finding, ...] = ()


def plain(node: Node) -> JsonValue:
    """The value without its places, as a JSON Schema validator takes it."""
    if isinstance(node, ScalarNode):
        return node.value
    if isinstance(node, ListNode):
        return [plain(item) for item in node.items]
    return {str(key.value): plain(value) for key, value in node.entries}


def at(root: Node, path: Sequence[str | int]) -> Node:
    """The value at a path of property names and list positions."""
    node = root
    for step in path:
        if isinstance(node, ListNode):
            node = node.items[int(step)]
        elif isinstance(node, ObjectNode) and (entry := node.entry(step)) is not None:
            node = entry[1]
    return node


def pointer(path: Sequence[str | int]) -> str:
    """A JSON Pointer (RFC 6901); the empty one is the whole record."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def finding_at(
    rule: Rule,
    message: str,
    *,
    name: str,
    node: Node,
    path: Sequence[str | int] | None = None,
    **evidence: JsonValue,
) -> Finding:
    """A finding at a node of the file `name`."""
    location = Location(
        path=name,
        line=node.line,
        column=node.column,
        pointer=None if path is None else pointer(path),
    )
    return Finding(rule=rule, message=message, location=location, evidence=evidence)
