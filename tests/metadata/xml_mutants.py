"""Mutants of XML records: every element and attribute put everywhere, and random changes.

They are made from the content models of two schemas, ours and another, so that what only one of
them knows is tried as well.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import product
from typing import Any

from lxml import etree

from muniment.metadata.xml_formats import PREFIXES, XLINK, XML, XSI, split_name
from muniment.metadata.xml_models import SchemaModel, Step
from muniment.metadata.xml_schemas import XS

TYPE, NIL = f"{{{XSI}}}type", f"{{{XSI}}}nil"
STRANGE_ATTRIBUTES = [
    "bogus",
    f"{{{XLINK}}}label",
    f"{{{XML}}}id",
    f"{{{XML}}}base",
    f"{{{XML}}}space",
    f"{{{XSI}}}bogus",
]
VALUES = [
    "",
    "x",
    "yes",
    "no",
    "Yes",
    " yes",
    "yes\n",
    "1",
    "0",
    "-1",
    "12.5",
    "a b",
    "a:b",
    "é",
    "en",
    "en_GB",
    "3.9",
    "1952-12-27",
    "2004-05-06T10:20Z",
    "http://example.org/",
    "http://[",
    "%zz",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A document made wrong or right, and what in it is on trial, for counting and for reports."""

    root: etree._Element
    trial: tuple[str, ...]


def type_names(model: SchemaModel) -> set[str]:
    """Every type of a schema that has a name, for elements and for values."""
    return {
        f"{{{document.get('targetNamespace')}}}{node.get('name')}"
        for document in model.documents
        for node in document.iterchildren(f"{XS}complexType", f"{XS}simpleType")
    }


def listed_values(model: SchemaModel) -> set[str]:
    """Every value that any list of a schema holds."""
    return {
        value.get("value", "")
        for document in model.documents
        for value in document.iter(f"{XS}enumeration")
    }


def global_names(model: SchemaModel) -> set[str]:
    """The elements that are declared for themselves, so that they may be roots."""
    return {
        f"{{{namespace}}}{node.get('name')}" if namespace else node.get("name", "")
        for document in model.documents
        for namespace in [document.get("targetNamespace")]
        for node in document.iterchildren(f"{XS}element")
        if node.get("abstract") != "true"
    }


class EveryDeclaration:
    """Small documents around each element of a schema: alone, with text, children, attributes.

    `takes` judges a document; by it elements get the least content that they need.
    """

    def __init__(
        self,
        namespaces: dict[str | None, str],
        models: Sequence[SchemaModel],
        takes: Callable[[etree._Element], bool],
    ) -> None:
        prefixes = {prefix: namespace for namespace, prefix in PREFIXES.items() if prefix != "xml"}
        self._nsmap: dict[str | None, str] = {"xs": XS[1:-1]}
        self._nsmap.update(prefixes)
        self._nsmap.update(namespaces)
        self._models = models
        self._takes = takes
        self._least: dict[tuple[str, ...], etree._Element] = {}
        self._listed = sorted({value for model in models for value in listed_values(model)})
        self._required = {
            node.get("name", "")
            for model in models
            for document in model.documents
            for node in document.iter(f"{XS}attribute")
            if node.get("use") == "required"
        }
        self._roots = {name for model in models for name in global_names(model)}
        self.names = sorted({name for model in models for name in model.names})
        self.paths = list(self._find_paths())

    def mutants(self) -> Iterator[Mutant]:
        """All but the pairs. A document is changed back and forth: judge it before the next."""
        for path in self.paths:
            for make in (self._texts, self._children, self._attributes, self._kinds):
                yield from make(path)

    def pairs(self) -> Iterator[Mutant]:
        """Every element with every pair of the children that it may have, in both orders."""
        for path in self.paths:
            yield from self._pairs(path)

    def _find_paths(self) -> Iterator[tuple[str, ...]]:
        """To every global element alone, and to every local one within what may hold it."""
        for model in self._models:
            waiting = [(name,) for name in sorted(global_names(model))]
            yield from waiting
            seen = set()
            while waiting:
                path: tuple[str, ...] = waiting.pop(0)
                kind = self._type(model, path)
                for child in model.children(kind).values():
                    is_local = child.declaration.getparent().tag != f"{XS}schema"  # type: ignore[union-attr]
                    if is_local and (kind, child.name) not in seen:
                        seen.add((kind, child.name))
                        waiting.append((*path, child.name))  # type: ignore[arg-type]
                        yield (*path, child.name)

    def _type(self, model: SchemaModel, path: Sequence[str]) -> etree._Element | None:
        return model.type_at([Step(name=name) for name in path])

    def _allowed(self, path: Sequence[str]) -> list[str]:
        found = {n: None for m in self._models for n in m.children(self._type(m, path))}
        return list(found)

    def _make(self, path: tuple[str, ...]) -> tuple[etree._Element, etree._Element]:
        """A document of the elements on a path alone, with the attributes that they must have."""
        make: Any = etree
        root = element = make.Element(path[0], nsmap=self._nsmap)
        self._require(element, path[:1])
        for depth, name in enumerate(path[1:], 2):
            element = etree.SubElement(element, name)
            self._require(element, path[:depth])
        return root, element

    def _require(self, element: etree._Element, path: tuple[str, ...]) -> None:
        for name, values in self._own_attributes(path).items():
            if name in self._required:
                element.set(name, values[-1])

    def _own_attributes(self, path: Sequence[str]) -> dict[str, list[str]]:
        """The attributes of an element, each with the values to try; the last is a good one."""
        own: dict[str, list[str]] = {}
        for model in self._models:
            for name, attribute in model.attributes(self._type(model, path)).items():
                own[name] = [*own.get(name, VALUES), *attribute.values]
        return own

    def _make_full(self, path: tuple[str, ...]) -> tuple[etree._Element, etree._Element]:
        """The same with the least content that makes the document right, if any does."""
        root, element = self._make(path)
        least = self._smallest(path)
        element.text, element[:] = least.text, list(least)
        element.attrib.update(least.attrib)
        return root, element

    def _smallest(self, path: tuple[str, ...]) -> etree._Element:
        """A copy of the smallest element that is right at the end of a path; else an empty one."""
        if path[-1] in self._roots:
            path = path[-1:]
        if path not in self._least:
            root, element = self._make(path)
            self._least[path] = element
            if path[-1] in self._roots or path[-1] in self._allowed(path[:-1]):
                self._fill(path, root, element)
        least = self._least[path]
        make: Any = etree
        copy: etree._Element = make.Element(path[-1], least.attrib, self._nsmap)
        copy.text, copy[:] = least.text, [deepcopy(e) for e in least]
        return copy

    def _fill(self, path: tuple[str, ...], root: etree._Element, element: etree._Element) -> None:
        """Give an element a text, a child, one child of each, or a kind, until it is taken."""
        for text in (None, *VALUES, *self._listed):
            element.text = text
            if self._takes(root):
                return
        element.text = None
        kinds = [k for m in self._models for k in m.kinds_of(self._type(m, path))]
        for kind in (None, *kinds):
            self._set_kind(element, kind)
            children = [self._smallest((*path, name)) for name in self._allowed_as(path, kind)]
            stranger = etree.Element("{urn:elsewhere}any")
            for chosen in ([], *([child] for child in children), children, [stranger]):
                element[:] = [deepcopy(child) for child in chosen]
                if self._takes(root):
                    return
        self._set_kind(element, None)
        element[:] = []

    def _allowed_as(self, path: Sequence[str], kind: str | None) -> list[str]:
        steps = [*(Step(name=name) for name in path[:-1]), Step(name=path[-1], kind=kind)]
        return list({n: None for m in self._models for n in m.children(m.type_at(steps))})

    def _set_kind(self, element: etree._Element, kind: str | None) -> None:
        if TYPE in element.attrib:
            del element.attrib[TYPE]
        if kind is not None:
            namespace, local = split_name(kind)
            prefix = "xs" if namespace == XS[1:-1] else PREFIXES.get(namespace or "")
            element.set(TYPE, f"{prefix}:{local}" if prefix else local)

    def _texts(self, path: tuple[str, ...]) -> Iterator[Mutant]:
        root, element = self._make(path)
        yield Mutant(root=root, trial=("element", *path))
        for value in [*VALUES, *self._listed]:
            element.text = value
            yield Mutant(root=root, trial=("text", *path, value))

    def _children(self, path: tuple[str, ...]) -> Iterator[Mutant]:
        root, element = self._make(path)
        for name in self.names:
            element.append(self._smallest((*path, name)))
            yield Mutant(root=root, trial=("child", *path, name))
            element[:] = []

    def _pairs(self, path: tuple[str, ...]) -> Iterator[Mutant]:
        root, element = self._make(path)
        for first, second in product(self._allowed(path), repeat=2):
            element[:] = [self._smallest((*path, name)) for name in (first, second)]
            yield Mutant(root=root, trial=("pair", *path, first, second))

    def _attributes(self, path: tuple[str, ...]) -> Iterator[Mutant]:
        root, element = self._make_full(path)
        own = self._own_attributes(path)
        carried = {name for model in self._models for name in model.carriers}
        for name in [*sorted(carried), *STRANGE_ATTRIBUTES]:
            for value in dict.fromkeys(own.get(name, ["x", "yes", "1"])):
                before = element.get(name)
                element.set(name, value)
                yield Mutant(root=root, trial=("attribute", *path, name, value))
                del element.attrib[name]
                if before is not None:
                    element.set(name, before)

    def _kinds(self, path: tuple[str, ...]) -> Iterator[Mutant]:
        root, element = self._make_full(path)
        names = {name for model in self._models for name in type_names(model)}
        for name in [*sorted(names), f"{XS}string", f"{XS}anyType", f"{XS}integer", "unknown"]:
            self._set_kind(element, name)
            for value in ("", "1", "code"):
                element.text = value
                yield Mutant(root=root, trial=("kind", *path, name, value))
        element.text = None
        del element.attrib[TYPE]
        for value in ("true", "false", "maybe"):
            element.set(NIL, value)
            yield Mutant(root=root, trial=("nil", *path, value))


class Mutator:
    """Changes a record at random: elements added, removed, moved, renamed; attributes, texts."""

    def __init__(self, seed: int, names: Sequence[str], attributes: Sequence[str]) -> None:
        self._random = random.Random(seed)
        self._names = names
        self._attributes = [*attributes, *STRANGE_ATTRIBUTES]
        self._changes: list[Callable[[etree._Element], None]] = [
            self._add,
            self._remove,
            self._double,
            self._move,
            self._swap,
            self._rename,
            self._misspell,
            self._leave_namespace,
            self._set_attribute,
            self._set_attribute,
            self._change_value,
            self._change_value,
            self._drop_attribute,
            self._set_text,
            self._set_kind,
        ]

    def mutant(self, record: etree._Element) -> Mutant:
        """A copy of a record with one to three changes."""
        root = deepcopy(record)
        changes = self._random.choices(self._changes, k=self._random.choice((1, 1, 1, 2, 3)))
        for change in changes:
            change(root)
        return Mutant(root=root, trial=tuple(change.__name__.strip("_") for change in changes))

    def _any(self, root: etree._Element) -> etree._Element:
        return self._random.choice(list(root.iter(etree.Element)))

    def _inner(self, root: etree._Element) -> etree._Element | None:
        elements = list(root.iterdescendants(etree.Element))
        return self._random.choice(elements) if elements else None

    def _add(self, root: etree._Element) -> None:
        parent = self._any(root)
        new = etree.Element(self._random.choice(self._names))
        new.text = self._random.choice([None, "x"])
        parent.insert(self._random.randint(0, len(parent)), new)

    def _remove(self, root: etree._Element) -> None:
        element = self._inner(root)
        if element is not None:
            element.getparent().remove(element)  # type: ignore[union-attr]

    def _double(self, root: etree._Element) -> None:
        element = self._inner(root)
        if element is not None:
            element.addnext(deepcopy(element))

    def _move(self, root: etree._Element) -> None:
        element = self._inner(root)
        if element is None:
            return
        targets = [e for e in root.iter(etree.Element) if e not in set(element.iter())]
        target = self._random.choice(targets)
        target.insert(self._random.randint(0, len(target)), element)

    def _swap(self, root: etree._Element) -> None:
        element = self._inner(root)
        following = None if element is None else element.getnext()
        if element is not None and following is not None:
            following.addnext(element)

    def _rename(self, root: etree._Element) -> None:
        element = self._inner(root)
        if element is not None:
            element.tag = self._random.choice(self._names)

    def _misspell(self, root: etree._Element) -> None:
        element = self._inner(root)
        if element is not None:
            namespace, local = split_name(element.tag)
            wrong = self._random.choice(
                [local.lower(), local.title(), local[:-1] or "x", f"{local}s"]
            )
            element.tag = f"{{{namespace}}}{wrong}" if namespace else wrong

    def _leave_namespace(self, root: etree._Element) -> None:
        element = self._inner(root)
        if element is not None:
            local = split_name(element.tag)[1]
            element.tag = self._random.choice([local, f"{{urn:elsewhere}}{local}"])

    def _set_attribute(self, root: etree._Element) -> None:
        name = self._random.choice(self._attributes)
        self._any(root).set(name, self._random.choice(VALUES))

    def _change_value(self, root: etree._Element) -> None:
        carriers = [element for element in root.iter(etree.Element) if element.attrib]
        if carriers:
            element = self._random.choice(carriers)
            name = self._random.choice(list(map(str, element.attrib)))
            element.set(name, self._random.choice(VALUES))

    def _drop_attribute(self, root: etree._Element) -> None:
        carriers = [element for element in root.iter(etree.Element) if element.attrib]
        if carriers:
            element = self._random.choice(carriers)
            del element.attrib[self._random.choice(list(map(str, element.attrib)))]

    def _set_text(self, root: etree._Element) -> None:
        self._any(root).text = self._random.choice([None, *VALUES])

    def _set_kind(self, root: etree._Element) -> None:
        element = self._any(root)
        kind = self._random.choice(["stringPlusLanguage", "dateOtherDefinition", "unknown", "a:b"])
        element.set(TYPE, kind)
