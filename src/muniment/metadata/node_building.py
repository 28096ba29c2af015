"""Builds the tree of a file from its parts as they come, without recursion."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from muniment.metadata.nodes import (
    DEEPEST,
    ListNode,
    Node,
    ObjectNode,
    Parsed,
    ScalarNode,
    finding_at,
    pointer,
)
from muniment.metadata.texts import impossible_codes, without_impossible
from muniment.model.findings import Finding, JsonValue, Location, Rule
from muniment.model.rules import record as rules


class TooDeepError(Exception):
    """Raised by `NodeBuilder` to end the reading; the finding has been noted."""


@dataclass(slots=True)
class _Frame:
    """An open list or object."""

    line: int
    column: int
    is_object: bool
    key: ScalarNode | None = None
    key_seen: bool = False
    items: list[Node] = field(default_factory=list)
    entries: dict[str, tuple[ScalarNode, Node]] = field(default_factory=dict)


class NodeBuilder:
    """Takes the parts of a file in order; collects what is wrong with them as findings."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.findings: list[Finding] = []
        self._open: list[_Frame] = []
        self._root: Node | None = None

    def note(self, rule: Rule, message: str, line: int, column: int, **evidence: JsonValue) -> None:
        """Note a finding at a place of the file."""
        place = Location(
            path=self.name, line=line, column=column, pointer=pointer(self._path()) or None
        )
        self.findings.append(Finding(rule=rule, message=message, location=place, evidence=evidence))

    def open(self, line: int, column: int, *, is_object: bool) -> None:
        """A list or an object begins. Raises TooDeepError beyond `DEEPEST` levels."""
        if len(self._open) == DEEPEST:
            message = (
                f"more than {DEEPEST} levels are nested here; the rest of the file was not read"
            )
            self.note(rules.TOO_DEEP, message, line, column, expected=DEEPEST)
            raise TooDeepError
        self._open.append(_Frame(line=line, column=column, is_object=is_object))

    def close(self) -> None:
        """The innermost list or object ends."""
        frame = self._open.pop()
        if frame.is_object:
            self._place(
                ObjectNode(
                    entries=tuple(frame.entries.values()), line=frame.line, column=frame.column
                )
            )
        else:
            self._place(ListNode(items=tuple(frame.items), line=frame.line, column=frame.column))

    def scalar(self, node: ScalarNode) -> None:
        """A text, number, boolean or null: the name of a property, or a value."""
        if isinstance(node.value, str) and (codes := impossible_codes(node.value)):
            for code in codes:
                message = f"the character {code} stands in this text; XML cannot hold it"
                self.note(rules.IMPOSSIBLE_CHARACTER, message, node.line, node.column, actual=code)
            # Neither a message nor a report could be written with it.
            text = without_impossible(node.value)
            node = ScalarNode(value=text, raw=text, line=node.line, column=node.column)
        self._place(node)

    def result(self) -> Parsed:
        """The tree and what was found on the way."""
        return Parsed(root=self._root, findings=tuple(self.findings))

    def _path(self) -> list[str | int]:
        steps: list[str | int] = []
        for frame in self._open:
            if not frame.is_object:
                steps.append(len(frame.items))
            elif frame.key is not None:
                steps.append(str(frame.key.value))
        return steps

    def _place(self, node: Node) -> None:
        if not self._open:
            self._root = node
            return
        frame = self._open[-1]
        if frame.key is not None and isinstance(node, ScalarNode) and not node.raw:
            # What is not there has no place of its own: its name has.
            node = replace(node, line=frame.key.line, column=frame.key.column)
        if not frame.is_object:
            frame.items.append(node)
        elif not frame.key_seen:
            frame.key_seen = True
            frame.key = self._key(frame, node)
        else:
            if frame.key is not None:
                frame.entries[str(frame.key.value)] = (frame.key, node)
            frame.key, frame.key_seen = None, False

    def _key(self, frame: _Frame, node: Node) -> ScalarNode | None:
        if not isinstance(node, ScalarNode) or not isinstance(node.value, str) or not node.value:
            raw = node.raw if isinstance(node, ScalarNode) else "a list or an object"
            message = f"{raw or 'nothing'} stands where the name of a property should stand"
            self.findings.append(
                finding_at(rules.KEY_NOT_TEXT, message, name=self.name, node=node, actual=raw)
            )
            return None
        if node.value in frame.entries:
            first = frame.entries[node.value][0]
            message = (
                f"{node.value} is given again; it stands in line {first.line} already. "
                "Several values of one property are a list"
            )
            self.findings.append(
                finding_at(
                    rules.DUPLICATE_KEY,
                    message,
                    name=self.name,
                    node=node,
                    path=[*self._path(), node.value],
                    first_line=first.line,
                    actual=node.value,
                )
            )
            return None
        return node
