"""The bytes of a JSON document of another format -> its values, or findings that say why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from muniment.metadata.json_source import parse_json
from muniment.metadata.nodes import ListNode, Node, ScalarNode, finding_at, plain
from muniment.metadata.texts import decode, impossible_codes, impossible_in_source
from muniment.model.findings import Finding, Severity
from muniment.model.rules import record as rules

Values = Mapping[str, Any]


def read_object(data: bytes, name: str) -> tuple[Values | None, tuple[Finding, ...]]:
    """The object that a document holds; None where it is none, or where a fault is an error."""
    text, unreadable = decode(data, name)
    if text is None:
        return None, unreadable
    impossible = impossible_in_source(text, name)
    if impossible:
        return None, impossible
    parsed = parse_json(text, name)
    if parsed.root is None:
        return None, parsed.findings
    findings = (*parsed.findings, *_impossible(parsed.root, name))
    values = plain(parsed.root)
    if not isinstance(values, dict) or any(f.severity is Severity.ERROR for f in findings):
        return None, findings
    return values, findings


def _impossible(node: Node, name: str) -> Iterator[Finding]:
    """Characters that were written as codes, and that no XML can hold."""
    if isinstance(node, ScalarNode):
        if isinstance(node.value, str) and (codes := impossible_codes(node.value)):
            message = f"the value holds {', '.join(codes)}; XML cannot hold it"
            yield finding_at(
                rules.IMPOSSIBLE_CHARACTER, message, name=name, node=node, actual=codes[0]
            )
        return
    inner = node.items if isinstance(node, ListNode) else [each for _, each in node.entries]
    for each in inner:
        yield from _impossible(each, name)
