"""A requirements file (YAML, TOML or JSON) -> Requirements, or all that is wrong with the file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

from muniment.metadata.json_source import parse_json
from muniment.metadata.nodes import ListNode, Node, ObjectNode, Parsed, ScalarNode, at, plain
from muniment.metadata.requirements import (
    PROPERTIES,
    Collection,
    Condition,
    Level,
    Requirement,
    Requirements,
)
from muniment.metadata.schema_messages import schema_findings
from muniment.metadata.texts import LARGEST_RECORD, decode
from muniment.metadata.yaml_source import parse_yaml
from muniment.model.errors import EnvironmentFault, UsageError
from muniment.model.findings import Finding, Severity
from muniment.model.rules import RULES

SCHEMA_FILE = "requirements.schema.json"
_FILE_NAME = "requirements-{}.yaml"
SHIPPED = ("deposit", "aggregator", "strict")
"""The examples that come with the program, by the names they are asked for."""

_SUFFIXES = frozenset({".json", ".toml", ".yaml", ".yml"})
_SEVERITIES = {severity.label: severity for severity in Severity}
_WEIGHABLE = ("MET-", "REQ-")
_Path = tuple[str | int, ...]


def requirements_from(given: str) -> Requirements:
    """The requirements of a file, or of one that is shipped, by its name.

    Raises UsageError, which names every fault of the file with its line, or says that there is no
    such file; EnvironmentFault where it cannot be read.
    """
    path = Path(given)
    if given in SHIPPED and not path.exists():
        resource = files("muniment.schemas") / _FILE_NAME.format(given)
        return read_requirements(resource.read_bytes(), resource.name)
    if path.suffix.lower() not in _SUFFIXES or not path.exists():
        near = get_close_matches(given, SHIPPED, n=1)
        hint = f'; did you mean "{near[0]}"?' if near else f"; shipped are {', '.join(SHIPPED)}"
        kinds = ", ".join(sorted(_SUFFIXES))
        what = (
            f"no requirements file {given}" if not path.exists() else f"{given} is none of {kinds}"
        )
        raise UsageError(f"there is {what}{hint}" if not path.exists() else what)
    try:
        with path.open("rb") as stream:
            return read_requirements(stream.read(LARGEST_RECORD + 1), given)
    except OSError as fault:
        raise EnvironmentFault(f"{given} cannot be read: {fault.strerror}") from fault


def read_requirements(data: bytes, name: str) -> Requirements:
    """The requirements that the bytes of a file hold. Raises UsageError with every fault."""
    text, unreadable = decode(data, name)
    parsed = Parsed(root=None, findings=unreadable) if text is None else _parsed(text, name)
    if parsed.root is None:
        raise UsageError(_told(parsed.findings, name) or f"{name} holds no requirements")
    faults = _told((*parsed.findings, *schema_findings(parsed.root, name, SCHEMA_FILE)), name)
    if faults:
        raise UsageError(faults)
    reader = _Reader(name, parsed.root)
    requirements = reader.requirements()
    if reader.faults:
        raise UsageError("\n".join(reader.faults))
    return requirements


def _told(findings: Sequence[Finding], name: str) -> str:
    lines = (
        f"{each.location.describe() if each.location.line else name}: {each.message}"
        for each in findings
    )
    return "\n".join(lines)


def _parsed(text: str, name: str) -> Parsed:
    if name.lower().endswith(".toml"):
        return _parsed_toml(text, name)
    return parse_json(text, name) if name.lower().endswith(".json") else parse_yaml(text, name)


def _parsed_toml(text: str, name: str) -> Parsed:
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as fault:
        raise UsageError(f"{name} is not TOML: {fault}") from fault
    return Parsed(root=_without_places(values))


def _without_places(value: Any) -> Node:  # noqa: ANN401 - as TOML gives it
    """TOML's values as nodes; its reader keeps no lines."""
    if isinstance(value, Mapping):
        entries = tuple((_scalar(key), _without_places(each)) for key, each in value.items())
        return ObjectNode(entries=entries, line=0, column=0)
    if isinstance(value, list):
        return ListNode(items=tuple(map(_without_places, value)), line=0, column=0)
    return _scalar(value)


def _scalar(value: Any) -> ScalarNode:  # noqa: ANN401 - as TOML gives it
    known = value if isinstance(value, str | int | float | bool) else str(value)
    return ScalarNode(value=known, raw=str(value), line=0, column=0)


class _Reader:
    """Makes the values of a file that its schema has accepted, and notes what it could not see."""

    def __init__(self, name: str, root: Node) -> None:
        self._name = name
        self._root = root
        self.faults: list[str] = []

    def requirements(self) -> Requirements:
        values: Any = plain(self._root)
        collections = values.get("collections", [])
        return Requirements(
            title=values["title"].strip(),
            requirements=self._requirements(values, ()),
            collections=tuple(
                self._collection(each, ("collections", number))
                for number, each in enumerate(collections)
            ),
            severities=self._severities(values.get("severities", {})),
        )

    def _collection(self, values: Any, path: _Path) -> Collection:  # noqa: ANN401 - JSON data
        when, place = values["when"], (*path, "when")
        self._check_property(when["property"], (*place, "property"))
        return Collection(
            title=values["title"].strip(),
            when=Condition(
                property=when["property"],
                type=when.get("type"),
                values=_words(when.get("values")),
                pattern=self._pattern(when, place),
            ),
            requirements=self._requirements(values, path),
        )

    def _requirements(self, values: Any, path: _Path) -> tuple[Requirement, ...]:  # noqa: ANN401 - JSON data
        return tuple(
            self._requirement(each, (*path, "requirements", number))
            for number, each in enumerate(values.get("requirements", []))
        )

    def _requirement(self, values: Any, path: _Path) -> Requirement:  # noqa: ANN401 - JSON data
        self._check_property(values["property"], (*path, "property"))
        least, most = values.get("at-least", 1), values.get("at-most")
        if most is not None and most < least:
            self._fault((*path, "at-most"), f"at-most {most} is less than at-least {least}")
        pattern = self._pattern(values, path)
        if pattern and "example" in values and not pattern.fullmatch(values["example"]):
            self._fault((*path, "example"), f"the example does not match {pattern.pattern}")
        return Requirement(
            property=values["property"],
            level=Level(values.get("level", "optional")),
            type=values.get("type"),
            at_least=least,
            at_most=most,
            values=_words(values.get("values")),
            pattern=pattern,
            example=values.get("example"),
            authority=_words(values.get("authority")),
            encoding=_words(values.get("encoding")),
            uri=values.get("uri", False),
            because=values.get("because"),
            severity=_SEVERITIES.get(values.get("severity", "")),
        )

    def _pattern(self, values: Any, path: _Path) -> re.Pattern[str] | None:  # noqa: ANN401 - JSON data
        if "pattern" not in values:
            return None
        try:
            return re.compile(values["pattern"])
        except re.error as fault:
            self._fault((*path, "pattern"), f"the pattern is no regular expression: {fault}")
            return None

    def _severities(self, values: Mapping[str, str]) -> dict[str, Severity]:
        for rule_id in values:
            if rule_id not in RULES or not rule_id.startswith(_WEIGHABLE):
                near = get_close_matches(rule_id, [i for i in RULES if i.startswith(_WEIGHABLE)], 1)
                hint = f"; did you mean {near[0]}?" if near else ""
                message = f"{rule_id} is no rule of meaning (MET) or requirement (REQ){hint}"
                self._fault(("severities", rule_id), message)
        return {rule_id: _SEVERITIES[label] for rule_id, label in values.items()}

    def _check_property(self, name: str, path: _Path) -> None:
        if name not in PROPERTIES:
            by_lower = {known.lower(): known for known in PROPERTIES}
            near = get_close_matches(name.lower(), by_lower, n=1)
            hint = f"; did you mean {by_lower[near[0]]}?" if near else ""
            self._fault(path, f"{name} is no property{hint}")

    def _fault(self, path: _Path, message: str) -> None:
        line = at(self._root, path).line
        place = f"{self._name}:{line}" if line else self._name
        self.faults.append(f"{place}: {message}")


def _words(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - JSON data
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list) else (value,)
