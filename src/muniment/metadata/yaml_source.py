"""YAML 1.2 -> a tree of values with their lines and columns.

Scalars are resolved by the core schema of YAML 1.2 (section 10.3): `1952-12-27`, `yes` and `no`
are text. Anchors, aliases, tags and further documents are findings: a record is plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from muniment.metadata.node_building import NodeBuilder, TooDeepError
from muniment.metadata.nodes import Parsed, ScalarNode
from muniment.model.rules import record as rules

if TYPE_CHECKING:
    from ruamel.yaml.error import MarkedYAMLError

_NULL = re.compile(r"(?:~|null|Null|NULL)?")
_TRUE = re.compile(r"true|True|TRUE")
_FALSE = re.compile(r"false|False|FALSE")
_NUMBER = re.compile(
    r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
    r"|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_LONGEST_INTEGER = 18

# What the parser says, in words of ours: (a part of its text, what a person should read).
_PROBLEMS = (
    (
        "mapping values are not allowed",
        "a second `: ` stands in this line; put the value in quotes",
    ),
    ("could not find expected ':'", "no colon follows the name of the property before this place"),
    (
        "found unexpected end of stream",
        "a quotation mark that opens a value is never closed",
    ),
    (
        "expected <block end>",
        "this line is not indented like those it belongs to, or text follows a closing quote",
    ),
    (
        "expected the node content",
        "a value should stand here, and there is none",
    ),
    ("while parsing a flow", "a bracket is not closed, or a comma is missing between two values"),
    ("cannot start any token", "a value cannot begin with this mark; put the value in quotes"),
    ("unknown escape character", "a backslash in double quotes begins a code; use single quotes"),
    ("sequence entries are not allowed", "a list cannot begin in the line of its property"),
)


def parse_yaml(text: str, name: str) -> Parsed:
    """Read a record written in YAML. `name` is the file's name in the findings."""
    builder = NodeBuilder(name)
    try:
        _build(_events(text), builder)
    except TooDeepError:
        return Parsed(root=None, findings=tuple(builder.findings))
    except _SyntaxError as fault:
        builder.note(fault.rule, str(fault), fault.line, fault.column, original=fault.original)
        return Parsed(root=None, findings=tuple(builder.findings))
    return builder.result()


class _SyntaxError(Exception):
    def __init__(self, message: str, line: int, column: int, original: str) -> None:
        super().__init__(message)
        self.rule = rules.TAB if "'\\t'" in original else rules.YAML_SYNTAX
        self.line, self.column, self.original = line, column, original


def _events(text: str) -> Iterator[Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    line, column = 1, 1
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            line, column = event.start_mark.line + 1, event.start_mark.column + 1
            yield event
    except MarkedYAMLError as fault:
        raise _translated(fault) from fault
    except (YAMLError, AssertionError, ValueError, OverflowError) as fault:
        # The parser lets some faults of directives and escapes through unmarked.
        message = f"the text from here on cannot be read ({fault})"
        raise _SyntaxError(message, line, column, str(fault)) from fault


def _translated(fault: MarkedYAMLError) -> _SyntaxError:
    original = " ".join(part for part in (fault.context, fault.problem) if part)
    mark = fault.problem_mark or fault.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    if "'\\t'" in original:
        return _SyntaxError("a tab stands here; write blanks", line, column, original)
    known = next((ours for theirs, ours in _PROBLEMS if theirs in original), None)
    if "unexpected end of stream" in original and fault.context_mark:
        line, column = fault.context_mark.line + 1, fault.context_mark.column + 1
    return _SyntaxError(known or f"not YAML: {original}", line, column, original)


def _build(events: Iterator[Any], builder: NodeBuilder) -> None:
    documents = 0
    for event in events:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        kind = type(event).__name__
        if kind == "DocumentStartEvent":
            documents += 1
            if documents > 1:
                message = "a second document begins here; a record is one document"
                builder.note(rules.SEVERAL_DOCUMENTS, message, line, column)
                return
        elif kind in {"MappingEndEvent", "SequenceEndEvent"}:
            builder.close()
        elif kind in {"MappingStartEvent", "SequenceStartEvent", "ScalarEvent", "AliasEvent"}:
            _note_indirection(event, builder, line, column)
            _build_node(event, kind, builder, line, column)


def _build_node(event: Any, kind: str, builder: NodeBuilder, line: int, column: int) -> None:  # noqa: ANN401
    if kind == "ScalarEvent":
        value = _resolved(event.value) if event.style is None else event.value
        builder.scalar(ScalarNode(value=value, raw=event.value, line=line, column=column))
    elif kind == "AliasEvent":
        # Taken as text, so that the rest of the record can be judged.
        text = f"*{event.anchor}"
        builder.scalar(ScalarNode(value=text, raw=text, line=line, column=column))
    else:
        builder.open(line, column, is_object=kind == "MappingStartEvent")


def _note_indirection(event: Any, builder: NodeBuilder, line: int, column: int) -> None:  # noqa: ANN401
    if event.anchor is not None:
        message = f"the anchor or alias {event.anchor} stands here; write the value out"
        builder.note(rules.ALIAS, message, line, column, actual=event.anchor)
    tag = getattr(event, "tag", None)
    if tag is not None:
        tag = str(tag).replace("tag:yaml.org,2002:", "!!")
        message = f"the tag {tag} stands here; a record is text only"
        builder.note(rules.TAG, message, line, column, actual=tag)


def _resolved(raw: str) -> str | float | bool | None:
    if _NULL.fullmatch(raw):
        return None
    if _TRUE.fullmatch(raw):
        return True
    if _FALSE.fullmatch(raw):
        return False
    return number(raw) if _NUMBER.fullmatch(raw) else raw


def number(raw: str) -> float:
    """A number for the validator, which only refuses it; its spelling is kept beside it."""
    if raw.lstrip("+-").isdigit() and len(raw) <= _LONGEST_INTEGER:
        return int(raw)
    try:
        return float(raw)
    except ValueError:
        return 0.0
