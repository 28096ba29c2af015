"""What explanations of schema faults look things up in: content models, versions, plain names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache
from typing import TYPE_CHECKING

from muniment.metadata.xml_findings import plain_name, quoted
from muniment.metadata.xml_formats import QUALIFIED_DC, XSI, XmlKind, split_name
from muniment.metadata.xml_models import SchemaModel, Step

if TYPE_CHECKING:
    from lxml import etree

    from muniment.metadata.xml_schemas import JudgingSchema, SchemaSource
    from muniment.model.findings import JsonValue, Rule

NEAR = 0.6
"""How alike two names must be (0 to 1) for one to be offered in place of the other."""
_LISTED_AT_MOST = 15
_STAND_IN_ROOT = f"{{{QUALIFIED_DC}}}record"
_STAND_IN_CHILD = f"{{{QUALIFIED_DC}}}foreign"


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
    return SchemaModel(list(schema.documents.values()))


class Context:
    """One record's schema, seen from the places that faults are found at.

    `root` is the name of the record's root as it stands in the file.
    """

    def __init__(self, schema: JudgingSchema, schemas: SchemaSource, root: str) -> None:
        self._root = root
        self.kind = schema.kind
        self.home = schema.kind.format.namespace
        self.model = model_of(schema)
        self._schemas = schemas

    def name(self, name: str) -> str:
        """A name as the format's users write it."""
        return self._root if name == _STAND_IN_ROOT else plain_name(name, self.home)

    def listed(self, names: Iterable[str]) -> str:
        """Names for a sentence, not more than a reader takes in."""
        names = [name for name in names if name != _STAND_IN_CHILD]
        if len(names) > _LISTED_AT_MOST:
            return f"{quoted(names[:_LISTED_AT_MOST], self.home, last='and')} and others"
        return quoted(names, self.home)

    def plain(self, names: Iterable[str]) -> list[str]:
        """Names for evidence."""
        return [self.name(name) for name in names]

    def type_of(self, element: etree._Element) -> etree._Element | None:
        """The schema's type for an element, by the names that lead to it."""
        return self.model.type_at(path_to(element))

    def versions_with_child(self, parent: etree._Element, child: str) -> list[str]:
        """The versions of the format in which `child` may stand in such a parent."""
        path = path_to(parent)
        return [
            version
            for version, model in self._history()
            if child in model.children(model.type_at(path))
        ]

    def versions_with_attribute(self, element: etree._Element, attribute: str) -> list[str]:
        """The versions of the format in which such an element may carry `attribute`."""
        path = path_to(element)
        return [
            version
            for version, model in self._history()
            if attribute in model.attributes(model.type_at(path))
        ]

    def _history(self) -> Iterable[tuple[str, SchemaModel]]:
        for version in self.kind.format.versions:
            schema = self._schemas.schema(XmlKind(format=self.kind.format, version=version))
            if schema is not None:
                yield version, model_of(schema)


def path_to(element: etree._Element) -> tuple[Step, ...]:
    """The steps from the record's root down to an element."""
    ancestors = [element, *element.iterancestors()]
    return tuple(Step(name=e.tag, kind=named_kind(e)) for e in reversed(ancestors))


def named_kind(element: etree._Element, attribute: str = f"{{{XSI}}}type") -> str | None:
    """The type that an attribute, xsi:type, names, its prefix resolved where it stands."""
    value = element.get(attribute)
    if value is None:
        return None
    prefix, colon, local = value.strip().rpartition(":")
    namespace = element.nsmap.get(prefix if colon else None)
    return f"{{{namespace}}}{local}" if namespace else local


def nearest(name: str, candidates: Iterable[str], cutoff: float = NEAR) -> str | None:
    """The candidate whose local name is most like that of `name`; None if none is near enough.

    Upper and lower case count little: `sublocation` is as good as `subLocation`. Of two alike, one
    in the same namespace is nearer.
    """
    home = split_name(name)[0]
    best, threshold = None, cutoff
    for candidate in candidates:
        ratio = likeness(name, candidate, threshold)
        is_as_near = best is None or split_name(candidate)[0] == home != split_name(best)[0]
        if ratio > threshold or (ratio == threshold and is_as_near):
            best, threshold = candidate, ratio
    return best


def likeness(name: str, other: str, least: float = 0.0) -> float:
    """How alike two local names are, from 0 to 1, upper and lower case taken as one.

    0 stands for all that is below `least`, which is cheaper to find out.
    """
    wanted, offered = split_name(name)[1].casefold(), split_name(other)[1].casefold()
    matcher = SequenceMatcher(None, wanted, offered, autojunk=False)
    if matcher.real_quick_ratio() < least or matcher.quick_ratio() < least:
        return 0.0
    return matcher.ratio()


def span(versions: Sequence[str], known: Sequence[str]) -> str:
    """Versions for a sentence: `3.6 and later`, `3.5 and earlier`, `3.5 only`."""
    if len(versions) == 1:
        return f"{versions[0]} only"
    if versions[-1] == known[-1]:
        return f"{versions[0]} and later"
    if versions[0] == known[0]:
        return f"{versions[-1]} and earlier"
    return f"{versions[0]} to {versions[-1]}"


def excerpt(text: str, length: int = 60) -> str:
    """A text for a message: one line, not too long."""
    joined = re.sub(r"\s+", " ", text).strip()
    return joined if len(joined) <= length else f"{joined[: length - 1]}…"
