"""JSON (RFC 8259) -> a tree of values with their lines and columns; depth is bounded."""

from __future__ import annotations

import re
from bisect import bisect_right
from json import JSONDecodeError, JSONDecoder

from muniment.metadata.node_building import NodeBuilder, TooDeepError
from muniment.metadata.nodes import Parsed, ScalarNode
from muniment.metadata.yaml_source import number
from muniment.model.rules import record as rules

_BLANK = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|.", re.DOTALL)
_STRINGS = JSONDecoder(strict=True)
_CONSTANTS: dict[str, str | float | bool | None] = {"true": True, "false": False, "null": None}


def parse_json(text: str, name: str) -> Parsed:
    """Read a record written in JSON. `name` is the file's name in the findings."""
    scanner = _Scanner(text, name)
    try:
        scanner.run()
    except TooDeepError:
        return Parsed(root=None, findings=tuple(scanner.builder.findings))
    except _JsonError as fault:
        line, column = scanner.place(fault.offset)
        original = {} if fault.original is None else {"original": fault.original}
        scanner.builder.note(rules.JSON_SYNTAX, str(fault), line, column, **original)
        return Parsed(root=None, findings=tuple(scanner.builder.findings))
    return scanner.builder.result()


class _JsonError(Exception):
    def __init__(self, message: str, offset: int, original: str | None = None) -> None:
        super().__init__(message)
        self.offset, self.original = offset, original


class _Scanner:
    """Walks the text once; `_closers` holds the bracket that each open list or object awaits."""

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.builder = NodeBuilder(name)
        self._lines = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]
        self._closers: list[str] = []
        self._offset = 0

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, counted from 1."""
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def run(self) -> None:
        """Read the whole text."""
        self._value()
        while self._closers:
            self._member()
        self._skip()
        if self._offset < len(self.text):
            raise _JsonError("something follows the end of the record", self._offset)

    def _skip(self) -> str:
        match = _BLANK.match(self.text, self._offset)
        self._offset = match.end() if match else self._offset
        return self.text[self._offset : self._offset + 1]

    def _member(self) -> None:
        """What follows an opening bracket or a value: a comma and the next, or the end."""
        closer = self._closers[-1]
        mark = self._skip()
        if mark == closer:
            self._offset += 1
            self._closers.pop()
            self.builder.close()
        elif mark == ",":
            comma = self._offset
            self._offset += 1
            if self._skip() == closer:
                raise _JsonError("no value follows this comma; take the comma out", comma)
            self._item(closer)
        elif mark == "":
            raise _JsonError(f"the file ends before its `{closer}`", self._offset)
        else:
            raise _JsonError(f"a comma or `{closer}` is missing before this place", self._offset)

    def _item(self, closer: str) -> None:
        if closer == "}":
            self._name()
        self._value()

    def _name(self) -> None:
        if self._skip() != '"':
            message = "the name of a property in double quotes should stand here"
            raise _JsonError(message, self._offset)
        self._string()
        if self._skip() != ":":
            raise _JsonError("a colon is missing after the name of the property", self._offset)
        self._offset += 1

    def _value(self) -> None:
        mark = self._skip()
        if mark in {"{", "["}:
            self._open("}" if mark == "{" else "]")
        elif mark == '"':
            self._string()
        else:
            self._literal()

    def _open(self, closer: str) -> None:
        line, column = self.place(self._offset)
        self.builder.open(line, column, is_object=closer == "}")
        self._closers.append(closer)
        self._offset += 1
        if self._skip() not in {closer, ""}:
            self._item(closer)

    def _string(self) -> None:
        line, column = self.place(self._offset)
        start = self._offset
        try:
            # Strict: a line end or another control character in a string is refused.
            value, self._offset = _STRINGS.raw_decode(self.text, start)
        except JSONDecodeError as fault:
            message = "this text is not closed, or holds a line end or a wrong `\\` code"
            raise _JsonError(message, fault.pos, fault.msg) from fault
        self.builder.scalar(ScalarNode(value=value, raw=value, line=line, column=column))

    def _literal(self) -> None:
        line, column = self.place(self._offset)
        match = _NUMBER.match(self.text, self._offset) or _WORD.match(self.text, self._offset)
        raw = match[0] if match else ""
        value = _CONSTANTS.get(raw, raw)
        if raw[:1].isdigit() or (raw[:1] == "-" and len(raw) > 1):
            value = number(raw)
        elif raw not in _CONSTANTS:
            message = f"`{raw}` is no JSON value" if raw else "a value is missing at the file's end"
            raise _JsonError(message, self._offset)
        self._offset += len(raw)
        self.builder.scalar(ScalarNode(value=value, raw=raw, line=line, column=column))
