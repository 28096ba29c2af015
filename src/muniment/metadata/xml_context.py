"""What explanations of schema faults look things up in: content models, versions, plain names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache
from typing import TYPE_CHECKING

from muniment.metadata.xml_findings import plain_name, quoted
from muniment.metadata.xml_formats import XmlKind, split_name
from muniment.metadata.xml_models import SchemaModel

if TYPE_CHECKING:
    from lxml import etree

    from muniment.metadata.xml_schemas import JudgingSchema, SchemaSource
    from muniment.model.findings import JsonValue, Rule

NEAR = 0.6
"""How alike two names must be (0 to 1) for one to be offered in place of the other."""
_LISTED_AT_MOST = 15


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fault:
    """What is wrong with an element, or with its attribute `attribute`; not yet with a place."""

    element: etree._Element
    rule: Rule
    message: str
    attribute: str | None = None
    evidence: Mapping[str, JsonValue] = field(default_factory=dict)


@cache
def model_of(schema: JudgingSchema) -> SchemaModel:
    """The content models of a schema, read once in a process."""
    return SchemaModel(schema.documents)


class Context:
    """One record's schema, seen from the places that faults are found at."""

    def __init__(self, schema: JudgingSchema, schemas: SchemaSource) -> None:
        self.kind = schema.kind
        self.home = schema.kind.format.namespace
        self.model = model_of(schema)
        self._schemas = schemas

    def name(self, name: str) -> str:
        """A name as the format's users write it."""
        return plain_name(name, self.home)

    def listed(self, names: Iterable[str]) -> str:
        """Names for a sentence, not more than a reader takes in."""
        names = list(names)
        if len(names) > _LISTED_AT_MOST:
            return f"{quoted(names[:_LISTED_AT_MOST], self.home, last='and')} and others"
        return quoted(names, self.home)

    def plain(self, names: Iterable[str]) -> list[str]:
        """Names for evidence."""
        return [self.name(name) for name in names]

    def type_of(self, element: etree._Element) -> etree._Element | None:
        """The schema's type for an element, by the names that lead to it."""
        return self.model.type_at(path_names(element))

    def versions_with_child(self, parent: etree._Element, child: str) -> list[str]:
        """The versions of the format in which `child` may stand in such a parent."""
        names = path_names(parent)
        return [
            version
            for version, model in self._history()
            if child in model.children(model.type_at(names))
        ]

    def versions_with_attribute(self, element: etree._Element, attribute: str) -> list[str]:
        """The versions of the format in which such an element may carry `attribute`."""
        names = path_names(element)
        return [
            version
            for version, model in self._history()
            if attribute in model.attributes(model.type_at(names))
        ]

    def _history(self) -> Iterable[tuple[str, SchemaModel]]:
        for version in self.kind.format.versions:
            schema = self._schemas.schema(XmlKind(format=self.kind.format, version=version))
            if schema is not None:
                yield version, model_of(schema)


def path_names(element: etree._Element) -> tuple[str, ...]:
    """The names from the record's root down to an element."""
    return (*reversed([ancestor.tag for ancestor in element.iterancestors()]), element.tag)


def nearest(name: str, candidates: Iterable[str], cutoff: float = NEAR) -> str | None:
    """The candidate whose local name is most like that of `name`; None if none is near enough.

    Upper and lower case count little: `sublocation` is as good as `subLocation`.
    """
    best = max(candidates, key=lambda candidate: likeness(name, candidate), default=None)
    return best if best is not None and likeness(name, best) >= cutoff else None


def likeness(name: str, other: str) -> float:
    """How alike two local names are, from 0 to 1, upper and lower case taken as one."""
    wanted, offered = split_name(name)[1].casefold(), split_name(other)[1].casefold()
    return SequenceMatcher(None, wanted, offered).ratio()


def span(versions: Sequence[str], known: Sequence[str]) -> str:
    """Versions for a sentence: `from 3.6 on`, `up to 3.5`, `in 3.5 only`."""
    if len(versions) == 1:
        return f"in {versions[0]} only"
    if versions[-1] == known[-1]:
        return f"from {versions[0]} on"
    if versions[0] == known[0]:
        return f"up to {versions[-1]}"
    return f"from {versions[0]} to {versions[-1]}"


def excerpt(text: str, length: int = 60) -> str:
    """A text for a message: one line, not too long."""
    joined = re.sub(r"\s+", " ", text).strip()
    return joined if len(joined) <= length else f"{joined[: length - 1]}…"
